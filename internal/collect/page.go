package collect

import (
	"context"
	"errors"

	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/github"
)

// largestPage is the most nodes, or REST items, that GitHub gives in one answer
// (https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api#node-limit).
const largestPage = 100

// pageInfo says whether a connection goes on after a page.
type pageInfo struct {
	HasNextPage githubv4.Boolean
	EndCursor   githubv4.String
}

// query sends a query with a variable $first, which it sets to *size. While GitHub finds the page too much for one
// answer, *size is halved and the query sent again; the size that worked stays for the next page.
func (r *reading) query(ctx context.Context, q any, variables map[string]any, size *int) error {
	for {
		variables["first"] = githubv4.Int(*size)
		err := r.client.Query(ctx, q, variables)
		var tooMuch *github.TimeoutError
		if !errors.As(err, &tooMuch) || *size <= 1 {
			return err
		}
		*size /= 2
	}
}
