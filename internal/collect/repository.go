package collect

import (
	"context"
	"errors"

	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/github"
	"kpi-gate/internal/model"
)

// repositoryQuery asks what every other reading rests on.
type repositoryQuery struct {
	Repository struct {
		Name  githubv4.String
		Owner struct{ Login githubv4.String }
		URL   githubv4.String
		// DefaultBranchRef is null in a repository without commits.
		DefaultBranchRef *struct{ Name githubv4.String }
	} `graphql:"repository(owner: $owner, name: $name)"`
	RateLimit github.RateLimit
}

// preflight reads the repository itself: whoever cannot see it can read nothing of it.
func (r *reading) preflight(ctx context.Context) error {
	var q repositoryQuery
	variables := map[string]any{
		"owner": githubv4.String(r.request.Owner),
		"name":  githubv4.String(r.request.Name),
	}
	err := r.client.Query(ctx, &q, variables)
	var forbidden *github.PermissionError
	if errors.As(err, &forbidden) {
		return r.preflightByREST(ctx)
	}
	if err != nil {
		return err
	}
	r.repository = model.Repository{
		Owner: string(q.Repository.Owner.Login),
		Name:  string(q.Repository.Name),
		URL:   string(q.Repository.URL),
	}
	if ref := q.Repository.DefaultBranchRef; ref != nil {
		r.repository.DefaultBranch = string(ref.Name)
	}
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
		Owner: repository.GetOwner().GetLogin(), Name: repository.GetName(), URL: repository.GetHTMLURL(),
		DefaultBranch: repository.GetDefaultBranch(),
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
