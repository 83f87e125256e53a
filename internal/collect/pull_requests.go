package collect

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/model"
)

// pullRequests reads the pull requests that are open or were updated since the reach, whole, by number.
func (r *reading) pullRequests(ctx context.Context) ([]model.PullRequest, error) {
	err := r.orWithoutPaths(func() (err error) {
		r.pulls, err = r.readPullRequests(ctx)
		return err
	})
	r.ledger.PullRequests.Total = r.pulls.all
	return r.pulls.facts, err
}

// pullRequestVariables sets the variables of a pullRequestNode.
func (r *reading) pullRequestVariables(variables map[string]any) {
	variables["reviews"] = githubv4.Boolean(r.request.Reviews)
	variables["paths"] = githubv4.Boolean(r.asksPaths())
	variables["milestones"] = r.asksMilestones()
	variables["closing"] = githubv4.Boolean(false)
}

// asksClosing reports whether pull requests that are looked up are asked which issues they close. Where issues or links
// could not be read, the token may not see these.
func (r *reading) asksClosing() bool {
	return r.request.Issues && r.asksLinks() && r.failure(model.Issues) == nil && r.failure(model.Links) == nil
}

// knownPullRequests are those that an earlier reading left, with all that is asked for now and nothing else.
func (r *reading) knownPullRequests() knownList[model.PullRequest] {
	facts, through := r.known(model.PullRequests)
	ledger := r.before()
	if facts == nil || r.asksPaths() && !ledger.Paths.Asked {
		return knownList[model.PullRequest]{}
	}
	pulls := slices.Clone(facts.PullRequests)
	for i := range pulls {
		if !r.request.Reviews {
			pulls[i].Reviews, pulls[i].Comments = nil, nil
		}
		if !r.asksPaths() {
			pulls[i].Paths = nil
		}
	}
	return knownList[model.PullRequest]{facts: pulls, through: through, all: ledger.PullRequests.Total}
}

func (r *reading) readPullRequests(ctx context.Context) (listing[model.PullRequest], error) {
	return readUpdated(ctx, r, updatedList[pullRequestNode, model.PullRequest]{
		feed: model.PullRequests,
		open: func(ctx context.Context, after *githubv4.String, size *int) (updatedPage[pullRequestNode], error) {
			var q openPullRequestsQuery
			variables := r.variables()
			r.pullRequestVariables(variables)
			variables["after"] = after
			err := r.query(ctx, &q, variables, size)
			of := &q.Repository
			return newPage(of.PullRequests, of.Newest, of.Open, of.All), during("listing open pull requests", err)
		},
		updated: func(
			ctx context.Context, _ time.Time, after *githubv4.String, size *int,
		) (updatedPage[pullRequestNode], error) {
			var q updatedPullRequestsQuery
			variables := r.variables()
			r.pullRequestVariables(variables)
			variables["after"] = after
			err := r.query(ctx, &q, variables, size)
			of := &q.Repository
			return newPage(of.PullRequests, of.Newest, of.Open, of.All), during("listing pull requests", err)
		},
		key:       func(n *pullRequestNode) listedKey { return listedKey{int(n.Number), second(n.UpdatedAt.Time)} },
		milestone: func(n *pullRequestNode) int { return n.Milestone.number() },
		fact:      r.pullRequest,
		of:        pullRequestItem,
	}, r.knownPullRequests())
}

// pullRequestsByNumber reads the pull requests of the given numbers, but for those that an earlier reading knew and
// that were not touched since. One that GitHub does not show is an error beside the others.
func (r *reading) pullRequestsByNumber(ctx context.Context, numbers []int) ([]model.PullRequest, error) {
	had, numbers := takeKnown(r, numbers, r.pulls.rest)
	var read []model.PullRequest
	err := r.orWithoutPaths(func() (err error) {
		read, err = byNumber(ctx, r, numbers, numbered[pullRequestNode, model.PullRequest]{
			feed: model.PullRequests, field: "pullRequest", most: maxNumbers,
			variables: func(variables map[string]any) {
				r.pullRequestVariables(variables)
				variables["closing"] = githubv4.Boolean(r.asksClosing())
			},
			fact: r.pullRequest,
		})
		return err
	})
	return append(had, read...), err
}

// pullRequest is the pull request of a node, with what did not fit beside it.
func (r *reading) pullRequest(ctx context.Context, n *pullRequestNode) (model.PullRequest, error) {
	number := int(n.Number)
	labels, err := n.Labels.all(restOfPullRequest(ctx, r, number,
		func(l *moreLabels) connection[labelNode] { return l.Labels }))
	if err != nil {
		return model.PullRequest{}, err
	}
	commits, err := n.Commits.all(restOfPullRequest(ctx, r, number,
		func(l *moreCommits) connection[pullRequestCommitNode] { return l.Commits }))
	if err != nil {
		return model.PullRequest{}, err
	}
	reviews, err := n.Reviews.all(restOfPullRequest(ctx, r, number,
		func(l *moreReviews) connection[reviewNode] { return l.Reviews }))
	if err != nil {
		return model.PullRequest{}, err
	}
	comments, err := n.Comments.all(restOfPullRequest(ctx, r, number,
		func(l *moreComments) connection[commentNode] { return l.Comments }))
	if err != nil {
		return model.PullRequest{}, err
	}
	events, err := n.TimelineItems.all(restOfPullRequest(ctx, r, number,
		func(l *morePullRequestEvents) connection[pullRequestEventNode] { return l.TimelineItems }))
	if err != nil {
		return model.PullRequest{}, err
	}
	paths, err := r.pathsOf(ctx, n)
	if err != nil {
		return model.PullRequest{}, err
	}
	if n.ClosingIssuesReferences != nil {
		if _, err := r.closing(ctx, number, *n.ClosingIssuesReferences); err != nil {
			return model.PullRequest{}, err
		}
	}
	pull := model.PullRequest{
		Number: number, Title: string(n.Title), Body: string(n.Body), URL: string(n.URL),
		Author: n.Author.actor(), Association: model.Association(n.AuthorAssociation),
		Created: second(n.CreatedAt.Time), Updated: second(n.UpdatedAt.Time),
		Closed: moment(n.ClosedAt), Merged: moment(n.MergedAt),
		Base: string(n.BaseRefName), Head: string(n.HeadRefName), Draft: bool(n.IsDraft),
		Additions: int(n.Additions), Deletions: int(n.Deletions),
		Labels: names(labels), Paths: paths, Comments: facts(comments, (*commentNode).comment),
		Commits: facts(commits, (*pullRequestCommitNode).commit), Reviews: facts(reviews, (*reviewNode).review),
		Events: timeline(facts(events, (*pullRequestEventNode).event)),
	}
	if n.MergedAt != nil {
		pull.MergedBy = n.MergedBy.actor()
		if n.MergeCommit != nil {
			pull.MergeCommit = string(n.MergeCommit.OID)
		}
	}
	return pull, nil
}

// restOfPullRequest reads further pages of the list that pick finds.
func restOfPullRequest[List, N any](
	ctx context.Context, r *reading, number int, pick func(*List) connection[N],
) func(githubv4.String) (connection[N], error) {
	size := nested
	return func(after githubv4.String) (connection[N], error) {
		var q pullRequestRestQuery[List]
		variables := r.variables()
		variables["number"] = githubv4.Int(number) //nolint:gosec // GitHub's own number.
		variables["after"] = &after
		err := r.query(ctx, &q, variables, &size)
		return pick(&q.Repository.PullRequest), during(fmt.Sprintf("reading pull request %d", number), err)
	}
}

// facts turns nodes into facts; a node that is none, because GitHub answered null or because it does not count, is left
// out.
func facts[N, F any](nodes []N, fact func(*N) (F, bool)) []F {
	var kept []F
	for i := range nodes {
		if f, ok := fact(&nodes[i]); ok {
			kept = append(kept, f)
		}
	}
	return kept
}

// names are the names of labels.
func names(labels []labelNode) []string {
	return facts(labels, func(n *labelNode) (string, bool) { return string(n.Name), n.Name != "" })
}

// timeline is events, oldest first; events of the same second stay in GitHub's order.
func timeline(events []model.Event) []model.Event {
	slices.SortStableFunc(events, func(a, b model.Event) int { return a.At.Compare(b.At) })
	return events
}

func (n *pullRequestCommitNode) commit() (model.PullRequestCommit, bool) {
	c := &n.Commit
	return model.PullRequestCommit{
		SHA: string(c.OID), Message: string(c.Message),
		Authored: second(c.AuthoredDate.Time), Committed: second(c.CommittedDate.Time),
	}, c.OID != ""
}

// review is the review, unless it is pending: that is a draft, and no contact yet.
func (n *reviewNode) review() (model.Review, bool) {
	return model.Review{
		Author: n.Author.actor(), Association: model.Association(n.AuthorAssociation),
		State: string(n.State), Submitted: moment(n.SubmittedAt),
	}, n.SubmittedAt != nil && n.State != "PENDING"
}

func (n *commentNode) comment() (model.Comment, bool) {
	return model.Comment{
		Author: n.Author.actor(), Association: model.Association(n.AuthorAssociation), Created: second(n.CreatedAt.Time),
	}, !n.CreatedAt.IsZero()
}

func (n *pullRequestEventNode) event() (model.Event, bool) {
	switch n.Typename {
	case "ReadyForReviewEvent":
		return n.ReadyForReview.event(model.ReadyForReview), true
	case "ConvertToDraftEvent":
		return n.ConvertToDraft.event(model.ConvertToDraft), true
	case "LabeledEvent":
		return n.Labeled.event(model.Labeled), true
	case "UnlabeledEvent":
		return n.Unlabeled.event(model.Unlabeled), true
	case "AssignedEvent":
		return n.Assigned.event(model.Assigned), true
	case "MilestonedEvent":
		return n.Milestoned.event(model.Milestoned), true
	case "ClosedEvent":
		return n.Closed.event(model.Closed), true
	case "ReopenedEvent":
		return n.Reopened.event(model.Reopened), true
	}
	return model.Event{}, false
}

func (h *happening) event(kind model.EventKind) model.Event {
	return model.Event{Kind: kind, At: second(h.CreatedAt.Time), Actor: h.Actor.actor()}
}

func (l *labeling) event(kind model.EventKind) model.Event {
	return model.Event{Kind: kind, At: second(l.CreatedAt.Time), Actor: l.Actor.actor(), Label: string(l.Label.Name)}
}
