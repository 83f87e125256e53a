package githubsim

import (
	"fmt"
	"strings"
)

// restPull is a pull request as lists give it (schema pull-request-simple).
type restPull struct {
	ID                 int64               `json:"id"`
	NodeID             string              `json:"node_id"`
	URL                string              `json:"url"`
	HTMLURL            string              `json:"html_url"`
	DiffURL            string              `json:"diff_url"`
	PatchURL           string              `json:"patch_url"`
	IssueURL           string              `json:"issue_url"`
	CommitsURL         string              `json:"commits_url"`
	ReviewCommentsURL  string              `json:"review_comments_url"`
	ReviewCommentURL   string              `json:"review_comment_url"`
	CommentsURL        string              `json:"comments_url"`
	StatusesURL        string              `json:"statuses_url"`
	Number             int                 `json:"number"`
	State              string              `json:"state"`
	Locked             bool                `json:"locked"`
	ActiveLockReason   *string             `json:"active_lock_reason"`
	Title              string              `json:"title"`
	User               *restUser           `json:"user"`
	Body               *string             `json:"body"`
	Labels             []restLabel         `json:"labels"`
	Milestone          *restMilestone      `json:"milestone"`
	CreatedAt          string              `json:"created_at"`
	UpdatedAt          string              `json:"updated_at"`
	ClosedAt           *string             `json:"closed_at"`
	MergedAt           *string             `json:"merged_at"`
	MergeCommitSHA     *string             `json:"merge_commit_sha"`
	Assignee           *restUser           `json:"assignee"`
	Assignees          []*restUser         `json:"assignees"`
	RequestedReviewers []*restUser         `json:"requested_reviewers"`
	RequestedTeams     []string            `json:"requested_teams"`
	Head               restBranchEnd       `json:"head"`
	Base               restBranchEnd       `json:"base"`
	Links              map[string]restLink `json:"_links"`
	AuthorAssociation  string              `json:"author_association"`
	AutoMerge          *string             `json:"auto_merge"`
	Draft              bool                `json:"draft"`
}

// restPullWhole is a pull request as GET /pulls/{number} gives it (schema pull-request).
type restPullWhole struct {
	restPull
	Merged              bool      `json:"merged"`
	Mergeable           *bool     `json:"mergeable"`
	Rebaseable          *bool     `json:"rebaseable"`
	MergeableState      string    `json:"mergeable_state"`
	MergedBy            *restUser `json:"merged_by"`
	Comments            int       `json:"comments"`
	ReviewComments      int       `json:"review_comments"`
	MaintainerCanModify bool      `json:"maintainer_can_modify"`
	Commits             int       `json:"commits"`
	Additions           int       `json:"additions"`
	Deletions           int       `json:"deletions"`
	ChangedFiles        int       `json:"changed_files"`
}

// restBranchEnd is the head or the base of a pull request.
type restBranchEnd struct {
	Label string         `json:"label"`
	Ref   string         `json:"ref"`
	SHA   string         `json:"sha"`
	User  *restUser      `json:"user"`
	Repo  map[string]any `json:"repo"`
}

// restLink is an address (schema link).
type restLink struct {
	Href string `json:"href"`
}

// listPulls answers GET /pulls. There is no parameter since; the direction is descending by default only when sorted by
// creation. https://docs.github.com/en/rest/pulls/pulls#list-pull-requests
func (c *restCall) listPulls() (any, error) {
	state, err := c.oneOf("PullRequest", "state", "open", "closed", "all")
	if err != nil {
		return nil, err
	}
	sorting, err := c.oneOf("PullRequest", "sort", "created", "updated", "popularity", "long-running")
	if err != nil {
		return nil, err
	}
	directions := []string{"desc", "asc"}
	if c.query.Get("sort") != "" && sorting != "created" {
		directions = []string{"asc", "desc"}
	}
	direction, err := c.oneOf("PullRequest", "direction", directions...)
	if err != nil {
		return nil, err
	}
	base, head := c.query.Get("base"), c.query.Get("head")
	var found []*restItem
	for _, item := range c.api.items() {
		p := item.pull
		if p == nil || state != "all" && item.state != state || base != "" && p.BaseRefName != base ||
			head != "" && !strings.EqualFold(c.headLabel(p), head) {
			continue
		}
		found = append(found, item)
	}
	sortItems(found, sorting, direction)
	repository := c.repository()
	return pageOfList(c, found, func(item *restItem) restPull { return c.showPull(item, repository) })
}

// getPull answers GET /pulls/{number}.
func (c *restCall) getPull() (any, error) {
	item, err := c.item()
	if err != nil {
		return nil, err
	}
	p := item.pull
	if p == nil {
		return nil, notFound()
	}
	return restPullWhole{
		restPull: c.showPull(item, c.repository()), Merged: p.MergedAt != nil, MergeableState: "unknown",
		MergedBy: c.userOrNull(p.MergedBy, ""), Comments: len(p.Comments), ReviewComments: len(p.ReviewComments),
		Commits: max(p.Commits.Count, len(p.CommitOIDs)), Additions: p.Additions, Deletions: p.Deletions,
		ChangedFiles: p.changedFiles(),
	}, nil
}

// headLabel is how a pull request's head is written.
func (c *restCall) headLabel(p *Pull) string { return c.headOwner(p) + ":" + p.HeadRefName }

// headOwner owns the repository that a pull request comes from.
func (c *restCall) headOwner(p *Pull) string {
	if p.Fork && p.Author != nil {
		return *p.Author
	}
	return c.api.world.Repo.Owner
}

func (c *restCall) showPull(item *restItem, repository map[string]any) restPull {
	p := item.pull
	self := fmt.Sprintf("%s/pulls/%d", c.root, p.Number)
	page := fmt.Sprintf("%s/pull/%d", c.api.index.webURL(), p.Number)
	issue, statuses := fmt.Sprintf("%s/issues/%d", c.root, p.Number), c.root+"/statuses/"+p.HeadRefOID
	id := derivedNumber(p.Number)
	owner := c.account(c.api.world.Repo.Owner, "Organization")
	shown := restPull{
		ID: id, NodeID: item.pull.node(), URL: self, HTMLURL: page, DiffURL: page + ".diff", PatchURL: page + ".patch",
		IssueURL: issue, CommitsURL: self + "/commits", ReviewCommentsURL: self + "/comments",
		ReviewCommentURL: c.root + "/pulls/comments{/number}", CommentsURL: issue + "/comments", StatusesURL: statuses,
		Number: p.Number, State: item.state, Title: p.Title, User: c.user(p.Author, p.AuthorType),
		Labels: c.labels(p.Labels), Milestone: c.milestone(p.Milestone), CreatedAt: at(p.CreatedAt),
		UpdatedAt: at(item.updated), ClosedAt: atOrNull(item.closed), MergedAt: atOrNull(p.MergedAt),
		Assignees: c.users(p.Assignees), RequestedReviewers: []*restUser{}, RequestedTeams: []string{},
		Head: restBranchEnd{
			Label: c.headLabel(p), Ref: p.HeadRefName, SHA: p.HeadRefOID, User: owner, Repo: repository,
		},
		Base: restBranchEnd{
			Label: c.api.world.Repo.Owner + ":" + p.BaseRefName, Ref: p.BaseRefName, SHA: c.baseOf(p), User: owner,
			Repo: repository,
		},
		Links: map[string]restLink{
			"self": {self}, "html": {page}, "issue": {issue}, "comments": {issue + "/comments"},
			"review_comments": {self + "/comments"}, "review_comment": {c.root + "/pulls/comments{/number}"},
			"commits": {self + "/commits"}, "statuses": {statuses},
		},
		AuthorAssociation: authorAssociation(p.AuthorAssociation), Draft: p.IsDraft,
	}
	if p.Fork {
		shown.Head.User, shown.Head.Repo = c.user(p.Author, p.AuthorType), c.fork(p)
	}
	if p.Body != "" {
		shown.Body = &p.Body
	}
	if p.MergeCommit != "" {
		shown.MergeCommitSHA = &p.MergeCommit
	}
	if len(shown.Assignees) > 0 {
		shown.Assignee = shown.Assignees[0]
	}
	return shown
}

// baseOf is the commit that a pull request was merged onto, where the world knows it: the first parent of what landed.
func (c *restCall) baseOf(p *Pull) string {
	landed := p.MergeCommit
	if len(p.MergedCommits) > 0 {
		landed = p.MergedCommits[0]
	}
	if commit := c.api.index.commits[landed]; commit != nil && len(commit.Parents) > 0 {
		return commit.Parents[0]
	}
	return ""
}
