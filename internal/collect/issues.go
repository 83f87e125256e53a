package collect

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/github"
	"kpi-gate/internal/model"
)

// issues reads the issues that are open or were updated since the reach, and a past incident, whole, by number. A token
// that may read issues but not what is linked to them leaves the links out. The type of a past incident is not read: of
// that one it only matters that it was there.
func (r *reading) issues(ctx context.Context) ([]model.Issue, error) {
	var err error
	r.items, err = r.readIssues(ctx)
	var forbidden *github.PermissionError
	if r.asksLinks() && len(r.items.milestones) == 0 && errors.As(err, &forbidden) &&
		forbidden.Permission != "issues: read" {
		r.linkless = true
		r.end(model.Links, 0, err)
		r.items, err = r.readIssues(ctx)
	} else if r.asksLinks() {
		r.end(model.Links, len(r.items.facts), err)
	}
	r.ledger.Issues.Total = r.items.all
	read := r.items.facts
	var past []model.Issue
	if err == nil && r.request.Incident != nil {
		var unknown error
		past, unknown = r.pastIncident(ctx, read)
		r.end(model.PastIncidents, len(past), unknown)
	}
	if r.request.IssueTypes && r.interrupted() == nil {
		if unknown := r.typeIssues(ctx, read); unknown != nil {
			err = errors.Join(err, &untypedError{unknown})
		}
	}
	return sorted(append(read, past...), func(i model.Issue) int { return i.Number }), err
}

// asksLinks reports whether pull requests that are linked to issues are asked for.
func (r *reading) asksLinks() bool { return r.request.Links && !r.linkless }

// issueVariables sets the variables of an issueNode.
func (r *reading) issueVariables(variables map[string]any) {
	variables["comments"] = githubv4.Boolean(r.request.Comments)
	variables["links"] = githubv4.Boolean(r.asksLinks())
	variables["milestones"] = r.asksMilestones()
}

// asksMilestones reports whether issues and pull requests are asked which milestone they are in, and milestones how many
// are in them: where both lists are read, that tells most of what is in the milestones.
func (r *reading) asksMilestones() githubv4.Boolean {
	return githubv4.Boolean(r.request.Milestones && r.request.Issues && r.request.PullRequests)
}

// knownIssues are those that an earlier reading left, with all that is asked for now and nothing else.
func (r *reading) knownIssues() knownList[model.Issue] {
	facts, through := r.known(model.Issues)
	ledger := r.before()
	if facts == nil || r.request.IssueTypes && !ledger.Issues.Typed {
		return knownList[model.Issue]{}
	}
	issues := slices.Clone(facts.Issues)
	for i := range issues {
		if !r.request.Comments {
			issues[i].Comments = nil
		}
		if !r.asksLinks() {
			issues[i].Links = nil
			issues[i].Events = slices.Clone(issues[i].Events)
			for n := range issues[i].Events {
				issues[i].Events[n].Closer = 0
			}
		}
		if !r.request.IssueTypes {
			issues[i].Type = ""
		}
	}
	return knownList[model.Issue]{facts: issues, through: through, all: ledger.Issues.Total}
}

func (r *reading) readIssues(ctx context.Context) (listing[model.Issue], error) {
	return readUpdated(ctx, r, updatedList[issueNode, model.Issue]{
		feed: model.Issues,
		open: func(ctx context.Context, after *githubv4.String, size *int) (updatedPage[issueNode], error) {
			var q openIssuesQuery
			variables := r.variables()
			r.issueVariables(variables)
			variables["after"] = after
			err := r.query(ctx, &q, variables, size)
			of := &q.Repository
			return newPage(of.Issues, of.Newest, of.Open, of.All), during("listing open issues", err)
		},
		updated: func(
			ctx context.Context, since time.Time, after *githubv4.String, size *int,
		) (updatedPage[issueNode], error) {
			var q updatedIssuesQuery
			variables := r.variables()
			r.issueVariables(variables)
			variables["after"] = after
			variables["since"] = githubv4.DateTime{Time: since}
			err := r.query(ctx, &q, variables, size)
			of := &q.Repository
			return newPage(of.Issues, of.Newest, of.Open, of.All), during("listing issues", err)
		},
		key:       func(n *issueNode) listedKey { return listedKey{int(n.Number), second(n.UpdatedAt.Time)} },
		milestone: func(n *issueNode) int { return n.Milestone.number() },
		fact:      r.issue,
		of:        issueItem,
	}, r.knownIssues())
}

// issuesByNumber reads the issues of the given numbers. One that GitHub does not show is an error beside the others.
func (r *reading) issuesByNumber(ctx context.Context, numbers []int) ([]model.Issue, error) {
	return byNumber(ctx, r, numbers, numbered[issueNode, model.Issue]{
		feed: model.Issues, field: "issue", most: maxNumbers, variables: r.issueVariables, fact: r.issue,
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
			variables["links"] = githubv4.Boolean(r.asksLinks())
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
