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

// firstIssueQuery asks for the issue that was opened first of those that have any of some labels
// (https://github.com/cli/cli/issues/419).
type firstIssueQuery struct {
	Repository struct {
		Issues connection[issueNode] `graphql:"issues(first: 1, labels: $labels, orderBy: {field: CREATED_AT, direction: ASC})"` //nolint:lll // One tag.
	} `graphql:"repository(owner: $owner, name: $name)"`
	RateLimit github.RateLimit
}

// firstIncident is the issue that was opened first of those that have an incident's label today: it tells since when
// there are incidents, however long ago it was closed. There is none where an issue that was read and opened before the
// reach tells as much, or the repository has no such label.
//
// Note: an issue that is an incident by its type alone, or by a label that was taken off, is not looked for: that would
// take reading every issue.
func (r *reading) firstIncident(ctx context.Context, read []model.Issue) ([]model.Issue, error) {
	if r.request.Incident == nil || slices.ContainsFunc(read, func(i model.Issue) bool {
		return i.Created.Before(r.request.Reach) && slices.ContainsFunc(i.Labels, r.request.Incident)
	}) {
		return nil, nil
	}
	labels, err := r.incidentLabels(ctx)
	if err != nil || len(labels) == 0 {
		return nil, err
	}
	var q firstIssueQuery
	variables := r.variables()
	delete(variables, "after")
	variables["labels"] = labels
	r.links(variables)
	if err := r.client.Query(ctx, &q, variables); err != nil {
		return nil, during("looking for the first incident", err)
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
