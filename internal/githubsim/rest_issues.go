package githubsim

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// restIssue is an issue, or a pull request in its quality as an issue (schema issue).
type restIssue struct {
	ID                int64          `json:"id"`
	NodeID            string         `json:"node_id"`
	URL               string         `json:"url"`
	RepositoryURL     string         `json:"repository_url"`
	LabelsURL         string         `json:"labels_url"`
	CommentsURL       string         `json:"comments_url"`
	EventsURL         string         `json:"events_url"`
	HTMLURL           string         `json:"html_url"`
	TimelineURL       string         `json:"timeline_url"`
	Number            int            `json:"number"`
	State             string         `json:"state"`
	StateReason       *string        `json:"state_reason"`
	Title             string         `json:"title"`
	Body              *string        `json:"body"`
	User              *restUser      `json:"user"`
	Labels            []restLabel    `json:"labels"`
	Assignee          *restUser      `json:"assignee"`
	Assignees         []*restUser    `json:"assignees"`
	Milestone         *restMilestone `json:"milestone"`
	Locked            bool           `json:"locked"`
	ActiveLockReason  *string        `json:"active_lock_reason"`
	Comments          int            `json:"comments"`
	PullRequest       *restPullLinks `json:"pull_request,omitempty"`
	Draft             *bool          `json:"draft,omitempty"`
	CreatedAt         string         `json:"created_at"`
	UpdatedAt         string         `json:"updated_at"`
	ClosedAt          *string        `json:"closed_at"`
	ClosedBy          *restUser      `json:"closed_by"`
	AuthorAssociation string         `json:"author_association"`
	Type              *restIssueType `json:"type"`
}

// restPullLinks tell that an issue is a pull request.
type restPullLinks struct {
	URL      string  `json:"url"`
	HTMLURL  string  `json:"html_url"`
	DiffURL  string  `json:"diff_url"`
	PatchURL string  `json:"patch_url"`
	MergedAt *string `json:"merged_at"`
}

// restIssueType is an issue type (schema issue-type).
type restIssueType struct {
	ID          int64   `json:"id"`
	NodeID      string  `json:"node_id"`
	Name        string  `json:"name"`
	Description *string `json:"description"`
	IsEnabled   bool    `json:"is_enabled"`
}

// listIssues answers GET /issues. It gives pull requests too, except to a caller that asks for an issue type: a pull
// request has none. https://docs.github.com/en/rest/issues/issues#list-repository-issues
func (c *restCall) listIssues() (any, error) {
	keep, err := c.issueFilter()
	if err != nil {
		return nil, err
	}
	sorting, err := c.oneOf("Issue", "sort", "created", "updated", "comments")
	if err != nil {
		return nil, err
	}
	direction, err := c.oneOf("Issue", "direction", "desc", "asc")
	if err != nil {
		return nil, err
	}
	var found []*restItem
	for _, item := range c.api.items() {
		if keep(item) {
			found = append(found, item)
		}
	}
	sortItems(found, sorting, direction)
	return pageOfList(c, found, c.showIssue)
}

// sortItems orders items; those that tie go by number.
func sortItems(items []*restItem, by, direction string) {
	slices.SortFunc(items, func(x, y *restItem) int {
		var order int
		switch by {
		case "updated":
			order = x.updated.Compare(y.updated)
		case "comments", "popularity":
			order = cmp.Compare(x.comments, y.comments)
		case "long-running":
			order = cmp.Compare(x.updated.Sub(x.created), y.updated.Sub(y.created))
		default:
			order = x.created.Compare(y.created)
		}
		order = cmp.Or(order, cmp.Compare(x.number, y.number))
		if direction == "desc" {
			return -order
		}
		return order
	})
}

// issueFilter is what the parameters of the list of issues ask for.
func (c *restCall) issueFilter() (func(*restItem) bool, error) {
	state, err := c.oneOf("Issue", "state", "open", "closed", "all")
	if err != nil {
		return nil, err
	}
	since, err := c.instant("Issue", "since")
	if err != nil {
		return nil, err
	}
	milestone, err := c.milestoneFilter()
	if err != nil {
		return nil, err
	}
	var labels []string
	if given := c.query.Get("labels"); given != "" {
		labels = strings.Split(given, ",")
	}
	issueType, assignee, creator := c.query.Get("type"), c.query.Get("assignee"), c.query.Get("creator")
	return func(item *restItem) bool {
		return (state == "all" || item.state == state) &&
			!item.updated.Before(since) &&
			hasAllLabels(item.labels, labels) &&
			matchesType(item, issueType) &&
			milestone(item) &&
			matchesAssignee(item.assignees, assignee) &&
			(creator == "" || item.author != nil && sameLogin(*item.author, creator))
	}, nil
}

// milestoneFilter reads the parameter milestone: a number, "*" for any, or "none".
func (c *restCall) milestoneFilter() (func(*restItem) bool, error) {
	switch given := c.query.Get("milestone"); given {
	case "":
		return func(*restItem) bool { return true }, nil
	case "*":
		return func(item *restItem) bool { return item.milestone != nil }, nil
	case "none":
		return func(item *restItem) bool { return item.milestone == nil }, nil
	default:
		number, err := strconv.Atoi(given)
		if err != nil {
			return nil, invalid("Issue", "milestone", given)
		}
		return func(item *restItem) bool {
			m := c.api.index.milestone(item.milestone)
			return m != nil && m.Number == number
		}, nil
	}
}

// hasAllLabels reports whether every wanted label is there. GitHub compares labels without regard to case.
func hasAllLabels(labels, wanted []string) bool {
	for _, name := range wanted {
		if !slices.ContainsFunc(labels, func(l string) bool { return strings.EqualFold(l, strings.TrimSpace(name)) }) {
			return false
		}
	}
	return true
}

// matchesType applies the parameter type: "*" for any type, "none", or a type's name.
func matchesType(item *restItem, wanted string) bool {
	switch wanted {
	case "":
		return true
	case "*":
		return item.issueType != ""
	case "none":
		return item.issueType == ""
	}
	return strings.EqualFold(item.issueType, wanted)
}

// matchesAssignee applies the parameter assignee: "*" for any, "none", or a login.
func matchesAssignee(assignees []string, wanted string) bool {
	switch wanted {
	case "":
		return true
	case "*":
		return len(assignees) > 0
	case "none":
		return len(assignees) == 0
	}
	return slices.ContainsFunc(assignees, func(a string) bool { return sameLogin(a, wanted) })
}

// sameLogin compares logins without regard to case and to a bot's suffix.
func sameLogin(a, b string) bool {
	return strings.EqualFold(strings.TrimSuffix(a, "[bot]"), strings.TrimSuffix(b, "[bot]"))
}

// getIssue answers GET /issues/{number}, for a pull request too.
func (c *restCall) getIssue() (any, error) {
	item, err := c.item()
	if err != nil {
		return nil, err
	}
	return c.showIssue(item), nil
}

// item is the issue or pull request in the path.
func (c *restCall) item() (*restItem, error) {
	number, err := c.id("number")
	if err != nil {
		return nil, err
	}
	for _, item := range c.api.items() {
		if int64(item.number) == number {
			return item, nil
		}
	}
	return nil, notFound()
}

func (c *restCall) showIssue(item *restItem) restIssue {
	self := fmt.Sprintf("%s/issues/%d", c.root, item.number)
	id := derivedNumber(item.number)
	shown := restIssue{
		ID: id, NodeID: item.node(), URL: self, RepositoryURL: c.root, LabelsURL: self + "/labels{/name}",
		CommentsURL: self + "/comments", EventsURL: self + "/events", TimelineURL: self + "/timeline",
		HTMLURL: fmt.Sprintf("%s/issues/%d", c.api.index.webURL(), item.number), Number: item.number, State: item.state,
		Title: item.title, User: c.user(item.author, item.authorType), Labels: c.labels(item.labels),
		Assignees: c.users(item.assignees), Milestone: c.milestone(item.milestone), Comments: item.comments,
		CreatedAt: at(item.created), UpdatedAt: at(item.updated), ClosedAt: atOrNull(item.closed),
		AuthorAssociation: authorAssociation(item.association), Locked: item.isLocked(),
	}
	if item.body != "" {
		shown.Body = &item.body
	}
	if item.stateReason != "" {
		shown.StateReason = &item.stateReason
	}
	if len(shown.Assignees) > 0 {
		shown.Assignee = shown.Assignees[0]
	}
	if n := len(item.closes); n > 0 && item.closed != nil {
		last := item.closes[n-1]
		shown.ClosedBy = c.userOrNull(last.Actor, last.AuthorType)
	}
	if item.issueType != "" {
		id := derivedID("issue type", item.issueType)
		shown.Type = &restIssueType{ID: id, NodeID: nodeID("IT", id), Name: item.issueType, IsEnabled: true}
	}
	if p := item.pull; p != nil {
		page := fmt.Sprintf("%s/pull/%d", c.api.index.webURL(), p.Number)
		shown.HTMLURL, shown.Draft = page, &p.IsDraft
		shown.PullRequest = &restPullLinks{
			URL: fmt.Sprintf("%s/pulls/%d", c.root, p.Number), HTMLURL: page, DiffURL: page + ".diff",
			PatchURL: page + ".patch", MergedAt: atOrNull(p.MergedAt),
		}
	}
	return shown
}
