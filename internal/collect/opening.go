package collect

import (
	"context"
	"errors"

	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/github"
	"kpi-gate/internal/model"
)

// openingQuery asks what every other reading rests on and, in the same request, for the first pages of short lists that
// several readings begin with. With sixty milestones, and how much is in each, it costs one point.
type openingQuery struct {
	Repository struct {
		DatabaseID int64
		Name       githubv4.String
		Owner      struct{ Login githubv4.String }
		URL        githubv4.String
		// DefaultBranchRef is null in a repository without commits.
		DefaultBranchRef *headNode
		Environments     *connection[environmentNode]  `graphql:"environments(first: 100) @include(if: $environments)"`
		Labels           *connection[labelNode]        `graphql:"labels(first: 100) @include(if: $labels)"`
		Milestones       *connection[dueMilestoneNode] `graphql:"milestones(first: 60, orderBy: {field: DUE_DATE, direction: DESC}) @include(if: $milestones)"` //nolint:lll // One tag.
	} `graphql:"repository(owner: $owner, name: $name)"`
	RateLimit github.RateLimit
}

// opening is what came of the openingQuery besides the repository. A list is nil where it was not asked for, or the token
// may not see it; head is nil where there is no commit, or the branch was read by REST.
type opening struct {
	head         *headNode
	environments *connection[environmentNode]
	labels       *connection[labelNode]
	milestones   *connection[dueMilestoneNode]
}

// preflight reads the repository itself: whoever cannot see it can read nothing of it.
func (r *reading) preflight(ctx context.Context) error {
	// What an earlier reading knows can only be trusted while the repository has the labels that it wears.
	labels := r.request.Issues && r.request.Incident != nil ||
		r.extends() && (r.request.Issues || r.request.PullRequests || r.request.Milestones)
	err := r.open(ctx, r.tries(model.SourceDeployments), labels, r.request.Milestones)
	var (
		forbidden *github.PermissionError
		refused   *github.QueryError
		tooMuch   *github.TimeoutError
	)
	if errors.As(err, &forbidden) || errors.As(err, &refused) || errors.As(err, &tooMuch) {
		// One of the lists, or the default branch. The readings that need the lists ask again, and say what is missing.
		err = r.open(ctx, false, false, false)
	}
	if errors.As(err, &forbidden) {
		return r.preflightByREST(ctx)
	}
	return err
}

// extends reports whether an earlier reading was given, which this one extends if it can.
func (r *reading) extends() bool {
	return r.request.Archive != nil && r.request.Archive.Snapshot != nil
}

// open asks the openingQuery.
func (r *reading) open(ctx context.Context, environments, labels, milestones bool) error {
	var q openingQuery
	err := r.client.Query(ctx, &q, map[string]any{
		"owner":        githubv4.String(r.request.Owner),
		"name":         githubv4.String(r.request.Name),
		"environments": githubv4.Boolean(environments),
		"labels":       githubv4.Boolean(labels),
		"milestones":   githubv4.Boolean(milestones),
		"counts":       r.asksMilestones(),
	})
	if err != nil {
		return err
	}
	of := &q.Repository
	r.repository = model.Repository{
		ID: of.DatabaseID, Owner: string(of.Owner.Login), Name: string(of.Name), URL: string(of.URL),
	}
	if of.DefaultBranchRef != nil {
		r.repository.DefaultBranch = string(of.DefaultBranchRef.Name)
	}
	r.opening = opening{of.DefaultBranchRef, of.Environments, of.Labels, of.Milestones}
	return nil
}

// preflightByREST reads the repository where GraphQL may not show its default branch to a token without contents: read.
// By REST the branch's name is part of what every token sees
// (https://docs.github.com/en/rest/repos/repos#get-a-repository).
func (r *reading) preflightByREST(ctx context.Context) error {
	repository, _, err := r.client.REST.Repositories.Get(ctx, r.request.Owner, r.request.Name)
	if err != nil {
		return told(err)
	}
	r.repository = model.Repository{
		ID: repository.GetID(), Owner: repository.GetOwner().GetLogin(), Name: repository.GetName(),
		URL: repository.GetHTMLURL(), DefaultBranch: repository.GetDefaultBranch(),
	}
	return nil
}

// variables are those of a query about the repository, with a place for the cursor of a page.
func (r *reading) variables() map[string]any {
	return map[string]any{
		"owner": githubv4.String(r.repository.Owner),
		"name":  githubv4.String(r.repository.Name),
		"after": (*githubv4.String)(nil),
	}
}
