package collect

import (
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
	labels, err := r.incidentLabels(ctx)
	if err != nil || len(labels) == 0 {
		return nil, err
	}
	var q pastIssueQuery
	variables := r.variables()
	delete(variables, "after")
	variables["labels"] = labels
	r.links(variables)
	if err := r.client.Query(ctx, &q, variables); err != nil {
		return nil, during("looking for past incidents", err)
	}
	for i := range q.Repository.Issues.Nodes {
		// GitHub answers null for what it does not show.
		if n := &q.Repository.Issues.Nodes[i]; n.Number != 0 {
			issue, err := r.issue(ctx, n)
			return []model.Issue{issue}, err
		}
	}
	return nil, nil
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
	var (
		q      labelsQuery
		labels []githubv4.String
	)
	size := largestPage
	err := r.pages(ctx, &q, r.variables(), &size, func() (pageInfo, error) {
		for _, name := range names(q.Repository.Labels.Nodes) {
			if r.request.Incident(name) {
				labels = append(labels, githubv4.String(name))
			}
		}
		return q.Repository.Labels.PageInfo, nil
	})
	return labels, during("listing labels", err)
}
