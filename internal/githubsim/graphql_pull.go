package githubsim

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// pullRequest is a pull request.
type pullRequest struct{ *Pull }

func (pullRequest) kind() string { return "PullRequest" }

func (o pullRequest) field(x *execution, name string, a arguments) (any, error) {
	switch name {
	case "id":
		return o.node(), nil
	case "databaseId":
		return derivedNumber(o.Number), nil
	case "number":
		return o.Number, nil
	case "title":
		return o.Title, nil
	case "body", "bodyText":
		return o.Body, nil
	case "url":
		return o.page(x), nil
	case "repository":
		return repository{}, nil
	case "state":
		return o.State, nil
	case "isDraft":
		return o.IsDraft, nil
	case "isCrossRepository":
		return o.Fork, nil
	case "closed":
		return o.State != "OPEN", nil
	case "closedAt":
		// A merged pull request is closed by its merge.
		if o.ClosedAt == nil {
			return instantOrNull(o.MergedAt), nil
		}
		return *o.ClosedAt, nil
	case "merged":
		return o.MergedAt != nil, nil
	case "mergedAt":
		return instantOrNull(o.MergedAt), nil
	case "mergedBy":
		if o.MergedAt == nil {
			return nil, nil
		}
		return x.account(o.MergedBy, ""), nil
	case "mergeCommit":
		if o.MergedAt == nil || o.MergeCommit == "" {
			return nil, nil
		}
		return x.commitOrBare(o.MergeCommit, *o.MergedAt), nil
	case "potentialMergeCommit", "reviewDecision":
		return nil, nil
	case "createdAt":
		return o.CreatedAt, nil
	case "updatedAt":
		return updatedPull(o.Pull), nil
	case "author":
		return x.account(o.Author, o.AuthorType), nil
	case "authorAssociation":
		return cmp.Or(o.AuthorAssociation, "NONE"), nil
	case "baseRefName":
		return cmp.Or(o.BaseRefName, x.index.world.Repo.DefaultBranch), nil
	case "headRefName":
		return cmp.Or(o.HeadRefName, "patch-"+strconv.Itoa(o.Number)), nil
	case "headRefOid":
		return o.headOID(), nil
	case "additions":
		return o.Additions, nil
	case "deletions":
		return o.Deletions, nil
	case "changedFiles":
		return o.changedFiles(), nil
	case "files":
		return o.files(), nil
	case "assignees":
		return x.accounts("UserConnection", o.Assignees), nil
	case "labels":
		return x.labels(o.Labels, a), nil
	case "milestone":
		return x.milestoneOf(o.Milestone), nil
	case "comments":
		return commentConnection(o.page(x), o.Comments, a), nil
	case "commits":
		return &connection{
			name:     "PullRequestCommitConnection",
			sequence: items(x.commitsOf(o.Pull), func(c *Commit) object { return pullRequestCommit{c, o} }),
		}, nil
	case "reviews":
		return o.reviews(a), nil
	case "latestReviews":
		return reviewConnection(latestReviews(o.reviewsOf(), func(Review) bool { return true })), nil
	case "latestOpinionatedReviews":
		return reviewConnection(latestReviews(o.reviewsOf(), isOpinion)), nil
	case "closingIssuesReferences":
		return o.closes(x, a), nil
	case "timelineItems":
		return x.timeline("PullRequestTimelineItemsConnection", x.pullEvents(o), updatedPull(o.Pull), a)
	}
	return nil, errUnserved
}

func (o pullRequest) page(x *execution) string {
	return x.index.webURL() + "/pull/" + strconv.Itoa(o.Number)
}

// files lists the files that the pull request touches, null where the world does not name them.
func (o pullRequest) files() any {
	if len(o.Paths) == 0 && o.ChangedFiles > 0 {
		return nil
	}
	return &connection{
		name:     "PullRequestChangedFileConnection",
		sequence: items(o.Paths, func(path string) object { return changedFile(path) }),
	}
}

// changedFile is a file that a pull request touches; the world knows only its path.
type changedFile string

func (changedFile) kind() string { return "PullRequestChangedFile" }

func (o changedFile) field(_ *execution, name string, _ arguments) (any, error) {
	switch name {
	case "path":
		return string(o), nil
	case "additions", "deletions":
		return 0, nil
	}
	return nil, errUnserved
}

// closes lists the issues that the pull request closes or is connected to.
func (o pullRequest) closes(x *execution, a arguments) *connection {
	var list []*Issue
	for _, n := range x.index.closing[o.Number] {
		i := x.index.issues[n]
		if !a.boolean("userLinkedOnly") || slices.Contains(i.ConnectedPulls, o.Number) {
			list = append(list, i)
		}
	}
	if _, descending := a.order("orderBy"); descending {
		slices.Reverse(list)
	}
	return issueConnection(list)
}

// pullRequests lists the repository's pull requests, or those of the milestone with a title.
func (x *execution) pullRequests(a arguments, title *string) *connection {
	field, descending := a.order("orderBy")
	list := remember(x.index, listKey("pulls", a, title), func() []*Pull {
		var list []*Pull
		for i := range x.index.world.Pulls {
			p := &x.index.world.Pulls[i]
			if ofMilestone(p.Milestone, title) && oneOf(a.list("states"), p.State) && anyLabel(a.list("labels"), p.Labels) &&
				oneOf(a.list("baseRefName"), p.BaseRefName) && oneOf(a.list("headRefName"), p.HeadRefName) {
				list = append(list, p)
			}
		}
		slices.SortFunc(list, func(p, q *Pull) int {
			order := p.CreatedAt.Compare(q.CreatedAt)
			switch field {
			case "UPDATED_AT":
				order = updatedPull(p).Compare(updatedPull(q))
			case "COMMENTS":
				order = cmp.Compare(len(p.Comments), len(q.Comments))
			}
			return cmp.Or(order, cmp.Compare(p.Number, q.Number))
		})
		if descending {
			slices.Reverse(list)
		}
		return list
	})
	return pullConnection(list)
}

func pullConnection(list []*Pull) *connection {
	return &connection{
		name:     "PullRequestConnection",
		sequence: items(list, func(p *Pull) object { return pullRequest{p} }),
	}
}

// pullRequestCommit is a commit in a pull request.
type pullRequestCommit struct {
	*Commit
	of pullRequest
}

func (pullRequestCommit) kind() string { return "PullRequestCommit" }

func (o pullRequestCommit) field(x *execution, name string, _ arguments) (any, error) {
	switch name {
	case "id":
		return nodeID("PRC", derivedID("pull request commit", strconv.Itoa(o.of.Number)+" "+o.OID)), nil
	case "commit":
		return commit{o.Commit}, nil
	case "url":
		return o.of.page(x) + "/commits/" + o.OID, nil
	}
	return nil, errUnserved
}

// review is the i-th review of a pull request.
type review struct {
	Review
	of pullRequest
	i  int
}

func (review) kind() string { return "PullRequestReview" }

// reviewsOf is the reviews in order of submission, pending ones last.
func (o pullRequest) reviewsOf() []review {
	sorted := slices.Clone(o.Reviews)
	slices.SortStableFunc(sorted, func(a, b Review) int {
		switch {
		case a.SubmittedAt == nil && b.SubmittedAt == nil:
			return 0
		case a.SubmittedAt == nil:
			return 1
		case b.SubmittedAt == nil:
			return -1
		}
		return a.SubmittedAt.Compare(*b.SubmittedAt)
	})
	list := make([]review, len(sorted))
	for i, r := range sorted {
		list[i] = review{r, o, i}
	}
	return list
}

// reviews lists reviews by state and author.
func (o pullRequest) reviews(a arguments) *connection {
	states, author := a.list("states"), a.text("author")
	return reviewConnection(slices.DeleteFunc(o.reviewsOf(), func(r review) bool {
		byOther := author != "" && (r.Author == nil || !strings.EqualFold(*r.Author, author))
		return byOther || !oneOf(states, strings.ToUpper(r.State))
	}))
}

func reviewConnection(list []review) *connection {
	return &connection{name: "PullRequestReviewConnection", sequence: items(list, func(r review) object { return r })}
}

// isOpinion reports whether a review says yes or no, or did until it was dismissed.
func isOpinion(r Review) bool {
	return slices.Contains([]string{"APPROVED", "CHANGES_REQUESTED", "DISMISSED"}, strings.ToUpper(r.State))
}

// latestReviews keeps the last review of each author that counts.
func latestReviews(reviews []review, counts func(Review) bool) []review {
	last := map[string]int{}
	for i, r := range reviews {
		if counts(r.Review) && r.SubmittedAt != nil {
			last[loginOf(r.Author)] = i
		}
	}
	var kept []review
	for i, r := range reviews {
		if at, ok := last[loginOf(r.Author)]; ok && at == i {
			kept = append(kept, r)
		}
	}
	return kept
}

func loginOf(login *string) string {
	if login == nil {
		return ""
	}
	return *login
}

func (o review) field(x *execution, name string, _ arguments) (any, error) {
	id := derivedID("review", strconv.Itoa(o.of.Number)+" "+strconv.Itoa(o.i))
	switch name {
	case "id":
		return nodeID("PRR", id), nil
	case "databaseId":
		return id, nil
	case "author":
		return x.account(o.Author, o.AuthorType), nil
	case "authorAssociation":
		return cmp.Or(o.AuthorAssociation, "NONE"), nil
	case "body":
		return "", nil
	case "state":
		return strings.ToUpper(o.State), nil
	case "submittedAt":
		return instantOrNull(o.SubmittedAt), nil
	case "createdAt", "updatedAt":
		return o.at(), nil
	case "url":
		return o.of.page(x) + "#pullrequestreview-" + strconv.FormatInt(id, 10), nil
	}
	return nil, errUnserved
}

// at is when the review was submitted; one that is pending began with the pull request, as far as the world knows.
func (o review) at() time.Time {
	if o.SubmittedAt != nil {
		return *o.SubmittedAt
	}
	return o.of.CreatedAt
}
