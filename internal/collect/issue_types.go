package collect

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"time"

	gogithub "github.com/google/go-github/v60/github"

	"kpi-gate/internal/model"
)

// typedIssue is what REST tells of an issue's type. The published GraphQL schema has no such field, and go-github v60
// knows neither the field nor the parameter
// (https://docs.github.com/en/rest/issues/issues#list-repository-issues).
type typedIssue struct {
	Number int `json:"number"`
	// PullRequest is set for what is none of the issues.
	PullRequest *struct{} `json:"pull_request"`
	Type        *struct {
		Name string `json:"name"`
	} `json:"type"`
}

// untypedError is what kept the types of issues from being read.
type untypedError struct{ cause error }

func (e *untypedError) Error() string { return e.cause.Error() }

func (e *untypedError) Unwrap() error { return e.cause }

// typeIssues sets the types of issues that are open or were updated since the reach: where an earlier reading was
// extended, of those that were touched since.
func (r *reading) typeIssues(ctx context.Context, issues []model.Issue) error {
	var (
		types map[int]string
		err   error
	)
	switch {
	case r.items.since.IsZero():
		types, err = r.issueTypes(ctx, issues, r.request.Reach)
	case len(r.items.milestones) > 0:
		types = map[int]string{}
		err = r.listTypes(ctx, typesSince(r.items.since), types)
	}
	for i := range issues {
		if _, read := r.items.milestones[issues[i].Number]; read {
			issues[i].Type = types[issues[i].Number]
		}
	}
	r.ledger.Issues.Typed = true
	return err
}

// issueTypes are the types, by number, of the given issues that have one, and of others. They are open or were updated
// since an instant. All that are open are listed only where one of them was not updated since.
func (r *reading) issueTypes(ctx context.Context, issues []model.Issue, since time.Time) (map[int]string, error) {
	types := map[int]string{}
	if len(issues) == 0 {
		return types, nil
	}
	// What is closed while the first list is read has been updated, and is in the second.
	if slices.ContainsFunc(issues, func(i model.Issue) bool { return i.Updated.Before(since) }) {
		if err := r.listTypes(ctx, url.Values{"state": {"open"}}, types); err != nil {
			return types, err
		}
	}
	return types, r.listTypes(ctx, typesSince(since), types)
}

// typesSince are the parameters of a list of the issues that were updated since an instant.
func typesSince(since time.Time) url.Values {
	return url.Values{"state": {"all"}, "since": {second(since).Format(time.RFC3339)}}
}

// listTypes adds the types of a list of issues. A host that does not know the parameter type lists all of them, those
// without a type too.
func (r *reading) listTypes(ctx context.Context, values url.Values, types map[int]string) error {
	values.Set("type", "*")
	// The list moves while it is read: oldest first, what is new comes after what was read.
	values.Set("direction", "asc")
	for size := largestPage; ; {
		var page []typedIssue
		response, err := restPage(values, &size, func() (*gogithub.Response, error) {
			page = nil
			path := fmt.Sprintf("repos/%s/%s/issues?%s", r.repository.Owner, r.repository.Name, values.Encode())
			return get(ctx, r.client, path, &page)
		})
		if err != nil {
			return fmt.Errorf("listing issue types: %w", err)
		}
		for _, issue := range page {
			if issue.PullRequest == nil && issue.Type != nil {
				types[issue.Number] = issue.Type.Name
			}
		}
		if !nextPage(values, response) {
			return nil
		}
	}
}
