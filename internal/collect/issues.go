package collect

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/github"
	"kpi-gate/internal/model"
)

// issueSize is how many issues are asked for at a time.
const issueSize = 25

// issues reads the issues that are open or were updated since the reach, and a past incident, whole, by number. A token
// that may read issues but not what is linked to them leaves the links out. The type of a past incident is not read: of
// that one it only matters that it was there.
func (r *reading) issues(ctx context.Context) ([]model.Issue, error) {
	read, err := r.readIssues(ctx)
	var forbidden *github.PermissionError
	if len(read) == 0 && errors.As(err, &forbidden) && forbidden.Permission != "issues: read" {
		r.linkless = true
		r.end(model.Links, 0, err)
		read, err = r.readIssues(ctx)
	} else if err == nil {
		r.end(model.Links, len(read), nil)
	}
	if err == nil && r.request.Incident != nil {
		past, unknown := r.pastIncident(ctx, read)
		r.end(model.PastIncidents, len(past), unknown)
		read = sorted(append(read, past...), func(i model.Issue) int { return i.Number })
	}
	if !r.request.IssueTypes || r.interrupted() != nil {
		return read, err
	}
	types, typesErr := r.issueTypes(ctx, r.request.Reach)
	for i := range read {
		read[i].Type = types[read[i].Number]
	}
	return read, errors.Join(err, typesErr)
}

// links says in a query whether pull requests that are linked to issues are asked for.
func (r *reading) links(variables map[string]any) { variables["links"] = githubv4.Boolean(!r.linkless) }

func (r *reading) readIssues(ctx context.Context) ([]model.Issue, error) {
	return readUpdated(ctx, r, updatedList[issueNode, model.Issue]{
		feed: model.Issues,
		size: issueSize,
		open: func(ctx context.Context, after *githubv4.String, size *int) (connection[issueNode], error) {
			var q openIssuesQuery
			variables := r.variables()
			r.links(variables)
			variables["after"] = after
			err := r.query(ctx, &q, variables, size)
			return q.Repository.Issues, during("listing open issues", err)
		},
		updated: func(
			ctx context.Context, since time.Time, after *githubv4.String, size *int,
		) (connection[issueNode], error) {
			var q updatedIssuesQuery
			variables := r.variables()
			r.links(variables)
			variables["after"] = after
			variables["since"] = githubv4.DateTime{Time: since}
			err := r.query(ctx, &q, variables, size)
			return q.Repository.Issues, during("listing issues", err)
		},
		key:  func(n *issueNode) (int, time.Time) { return int(n.Number), second(n.UpdatedAt.Time) },
		fact: r.issue,
	})
}

// issuesByNumber reads the issues of the given numbers, in that order. One that GitHub does not show is an error beside
// the others.
func (r *reading) issuesByNumber(ctx context.Context, numbers []int) ([]model.Issue, error) {
	return byNumber(ctx, r, numbers, numbered[issueNode, model.Issue]{
		feed: model.Issues,
		ask: func(ctx context.Context, variables map[string]any) ([maxNumbers]*issueNode, error) {
			var q issuesByNumberQuery
			r.links(variables)
			err := r.client.Query(ctx, &q, variables)
			return q.nodes(), err
		},
		fact: r.issue,
	})
}

// issue is the issue of a node, with what did not fit beside it.
func (r *reading) issue(ctx context.Context, n *issueNode) (model.Issue, error) {
	number := int(n.Number)
	labels, err := n.Labels.all(restOfIssue(ctx, r, number,
		func(l *moreLabels) connection[labelNode] { return l.Labels }))
	if err != nil {
		return model.Issue{}, err
	}
	comments, err := n.Comments.all(restOfIssue(ctx, r, number,
		func(l *moreComments) connection[commentNode] { return l.Comments }))
	if err != nil {
		return model.Issue{}, err
	}
	events, err := n.TimelineItems.all(restOfIssue(ctx, r, number,
		func(l *moreIssueEvents) connection[issueEventNode] { return l.TimelineItems }))
	if err != nil {
		return model.Issue{}, err
	}
	closedBy, err := n.ClosedByPullRequestsReferences.all(restOfIssue(ctx, r, number,
		func(l *moreClosedBy) connection[linkedPullRequest] { return l.ClosedByPullRequestsReferences }))
	if err != nil {
		return model.Issue{}, err
	}
	issue := model.Issue{
		Number: number, Title: string(n.Title), Body: string(n.Body), URL: string(n.URL),
		Author: n.Author.actor(), Association: model.Association(n.AuthorAssociation),
		Created: second(n.CreatedAt.Time), Updated: second(n.UpdatedAt.Time), Closed: moment(n.ClosedAt),
		Labels: names(labels), Comments: facts(comments, (*commentNode).comment),
		Events: timeline(facts(events, r.issueEvent)), Links: r.linksOf(number, closedBy, events),
	}
	// An open issue that was reopened has the reason REOPENED.
	if n.ClosedAt != nil {
		issue.Reason = string(n.StateReason)
	}
	return issue, nil
}

// restOfIssue reads further pages of the list that pick finds.
func restOfIssue[List, N any](
	ctx context.Context, r *reading, number int, pick func(*List) connection[N],
) func(githubv4.String) (connection[N], error) {
	size := nested
	return func(after githubv4.String) (connection[N], error) {
		var q issueRestQuery[List]
		variables := r.variables()
		variables["number"] = githubv4.Int(number) //nolint:gosec // GitHub's own number.
		variables["after"] = &after
		if _, shows := any(&q.Repository.Issue).(*moreIssueEvents); shows {
			r.links(variables)
		}
		err := r.query(ctx, &q, variables, &size)
		return pick(&q.Repository.Issue), during(fmt.Sprintf("reading issue %d", number), err)
	}
}

// issueEvent is an entry of an issue's timeline; what only links a pull request is none.
func (r *reading) issueEvent(n *issueEventNode) (model.Event, bool) {
	switch n.Typename {
	case "LabeledEvent":
		return n.Labeled.event(model.Labeled), true
	case "UnlabeledEvent":
		return n.Unlabeled.event(model.Unlabeled), true
	case "AssignedEvent":
		return n.Assigned.event(model.Assigned), true
	case "MilestonedEvent":
		return n.Milestoned.event(model.Milestoned), true
	case "ReopenedEvent":
		return n.Reopened.event(model.Reopened), true
	case "ClosedEvent":
		e := &n.Closed
		event := model.Event{
			Kind: model.Closed, At: second(e.CreatedAt.Time), Actor: e.Actor.actor(), Reason: string(e.StateReason),
		}
		if r.isOwn(e.Closer.PullRequest.Repository) {
			event.Closer = int(e.Closer.PullRequest.Number)
		}
		return event, true
	}
	return model.Event{}, false
}
