package collect

import (
	"context"
	"errors"
	"net/url"
	"strconv"

	gogithub "github.com/google/go-github/v60/github"
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

// restPage sends a REST request by ask, with per_page among its parameters set to *size. While GitHub finds the page
// too much for one answer, *size gets smaller and the request is sent again; the size that worked stays for the next
// page.
func restPage(parameters url.Values, size *int, ask func() (*gogithub.Response, error)) (*gogithub.Response, error) {
	for {
		parameters.Set("per_page", strconv.Itoa(*size))
		response, err := ask()
		var tooMuch *github.TimeoutError
		next := smaller(*size)
		if !errors.As(err, &tooMuch) || next == 0 {
			return response, err
		}
		if page, err := strconv.Atoi(parameters.Get("page")); err == nil {
			parameters.Set("page", strconv.Itoa((page-1)*(*size/next)+1))
		}
		*size = next
	}
}

// nextPage sets the parameters of a REST request to those of the page after an answer; false means that there is none.
// Some lists are paged by cursor, some by number, and the link to the next page says which
// (https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api).
func nextPage(parameters url.Values, response *gogithub.Response) bool {
	if response.After != "" {
		parameters.Set("after", response.After)
	}
	if response.NextPage != 0 {
		parameters.Set("page", strconv.Itoa(response.NextPage))
	}
	return response.After != "" || response.NextPage != 0
}
