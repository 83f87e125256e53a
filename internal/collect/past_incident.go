package collect

import (
	"cmp"
	"context"
	"slices"

	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/github"
	"kpi-gate/internal/model"
)

// labelsQuery asks for a page of the labels that the repository has, whether or not anything wears them.
type labelsQuery struct {
	Repository struct {
		Labels connection[labelNode] `graphql:"labels(first: $first, after: $after)"`
	} `graphql:"repository(owner: $owner, name: $name)"`
	RateLimit github.RateLimit
}

// pastIssueQuery asks for the issue that was left alone the longest of those that have any of some labels
// (https://github.com/cli/cli/issues/419).
type pastIssueQuery struct {
	Repository struct {
		Issues connection[issueNode] `graphql:"issues(first: 1, labels: $labels, orderBy: {field: UPDATED_AT, direction: ASC})"` //nolint:lll // One tag.
	} `graphql:"repository(owner: $owner, name: $name)"`
	RateLimit github.RateLimit
}

// pastIncident is an issue that was an incident before the reach, however long ago it was closed, for a repository where
// the issues that were read do not tell of any. There is none where the repository has no label of an incident, or every
// issue with one was touched since the reach and so was read.
//
// The issue that was left alone the longest is the one to look at: if it was not touched since the reach, it had its
// label by then, while one that was opened earlier may have been given it yesterday.
//
// Note: an issue that is an incident by its type alone, or by a label that was taken off, is not looked for: that would
// take reading every issue.
func (r *reading) pastIncident(ctx context.Context, read []model.Issue) ([]model.Issue, error) {
	if slices.ContainsFunc(read, r.wasIncident) {
		return nil, nil
	}
	if past, ok := r.knownPastIncident(); ok {
		r.ledger.PastIncident = PastIncidentLedger{Asked: true}
		if past == nil {
			return nil, nil
		}
		r.reuse(1)
		r.ledger.PastIncident.Number = past.Number
		return []model.Issue{*past}, nil
	}
	labels, err := r.incidentLabels(ctx)
	if err != nil {
		return nil, err
	}
	r.ledger.PastIncident.Asked = true
	if len(labels) == 0 {
		return nil, nil
	}
	var q pastIssueQuery
	variables := r.variables()
	delete(variables, "after")
	variables["labels"] = labels
	r.issueVariables(variables)
	if err := r.client.Query(ctx, &q, variables); err != nil {
		return nil, during("looking for past incidents", err)
	}
	for i := range q.Repository.Issues.Nodes {
		// GitHub answers null for what it does not show.
		n := &q.Repository.Issues.Nodes[i]
		if n.Number == 0 {
			continue
		}
		issue, err := r.issue(ctx, n)
		if !slices.ContainsFunc(read, func(i model.Issue) bool { return i.Number == issue.Number }) {
			r.ledger.PastIncident.Number = issue.Number
		}
		return []model.Issue{issue}, err
	}
	return nil, nil
}

// knownPastIncident is the past incident as far as an earlier reading tells of it, nil for none; false means that it
// does not tell.
//
// What the earlier reading found was left alone the longest, and still is if it was not touched since. Where it found
// none that it had not read anyway, every issue with the label of an incident was read then or has been touched since.
func (r *reading) knownPastIncident() (*model.Issue, bool) {
	issues, through := r.known(model.Issues)
	facts, asked := r.known(model.PastIncidents)
	before := r.before().PastIncident
	if facts == nil || facts != issues || !asked.Equal(through) || !before.Asked || r.items.since.IsZero() {
		return nil, false
	}
	if before.Number != 0 {
		past, untouched := r.items.rest[before.Number]
		past.Type = ""
		return &past, untouched
	}
	var past *model.Issue
	for _, issue := range r.items.rest {
		longer := past == nil || cmp.Or(issue.Updated.Compare(past.Updated), cmp.Compare(issue.Number, past.Number)) < 0
		if longer && slices.ContainsFunc(issue.Labels, r.request.Incident) {
			issue.Type = ""
			past = &issue
		}
	}
	return past, true
}

// wasIncident reports whether an issue has the label of an incident, and had it when the reach began.
func (r *reading) wasIncident(issue model.Issue) bool {
	return issue.Created.Before(r.request.Reach) && slices.ContainsFunc(issue.Labels, r.request.Incident) &&
		!slices.ContainsFunc(issue.Events, func(e model.Event) bool {
			return e.Kind == model.Labeled && r.request.Incident(e.Label) && !e.At.Before(r.request.Reach)
		})
}

// incidentLabels are the repository's labels that mark an incident.
func (r *reading) incidentLabels(ctx context.Context) ([]githubv4.String, error) {
	size := largestPage
	page := func(after *githubv4.String) (connection[labelNode], error) {
		var q labelsQuery
		variables := r.variables()
		variables["after"] = after
		err := r.query(ctx, &q, variables, &size)
		return q.Repository.Labels, err
	}
	all, err := begun(r.opening.labels, page)
	var labels []githubv4.String
	for _, name := range names(all) {
		if r.request.Incident(name) {
			labels = append(labels, githubv4.String(name))
		}
	}
	return labels, during("listing labels", err)
}
