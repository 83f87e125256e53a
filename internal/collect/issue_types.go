package collect

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"
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

// issueTypes are the types, by number, of the issues that are open or were updated since an instant and have one.
func (r *reading) issueTypes(ctx context.Context, since time.Time) (map[int]string, error) {
	types := map[int]string{}
	// What is closed while the first list is read has been updated, and is in the second.
	if err := r.listTypes(ctx, url.Values{"state": {"open"}}, types); err != nil {
		return types, err
	}
	return types, r.listTypes(ctx, url.Values{"state": {"all"}, "since": {second(since).Format(time.RFC3339)}}, types)
}

// listTypes adds the types of a list of issues. A host that does not know the parameter type lists all of them, those
// without a type too.
func (r *reading) listTypes(ctx context.Context, values url.Values, types map[int]string) error {
	values.Set("type", "*")
	values.Set("per_page", "100")
	// The list moves while it is read: oldest first, what is new comes after what was read.
	values.Set("direction", "asc")
	for {
		path := fmt.Sprintf("repos/%s/%s/issues?%s", r.repository.Owner, r.repository.Name, values.Encode())
		request, err := r.client.REST.NewRequest(http.MethodGet, path, nil)
		if err != nil {
			return fmt.Errorf("listing issue types: %w", err)
		}
		var page []typedIssue
		response, err := r.client.REST.Do(ctx, request, &page)
		if err != nil {
			return fmt.Errorf("listing issue types: %w", told(err))
		}
		for _, issue := range page {
			if issue.PullRequest == nil && issue.Type != nil {
				types[issue.Number] = issue.Type.Name
			}
		}
		switch {
		case response.After != "":
			values.Set("after", response.After)
		case response.NextPage == 0:
			return nil
		}
		if response.NextPage != 0 {
			values.Set("page", strconv.Itoa(response.NextPage))
		}
	}
}
