package collect

import (
	"context"
	"errors"
	"fmt"

	"github.com/shurcooL/githubv4"
)

// connection is a page of one of GraphQL's lists.
type connection[N any] struct {
	Nodes    []N
	PageInfo pageInfo
}

// all is every node of a list: those of this page, and of the pages after it, which fetch asks for.
func (c connection[N]) all(fetch func(after githubv4.String) (connection[N], error)) ([]N, error) {
	nodes := c.Nodes
	for c.PageInfo.HasNextPage {
		next, err := fetch(c.PageInfo.EndCursor)
		if err != nil {
			return nodes, err
		}
		nodes = append(nodes, next.Nodes...)
		if err := next.PageInfo.moves(&c.PageInfo.EndCursor); err != nil {
			return nodes, err
		}
		c = next
	}
	return nodes, nil
}

// moves is an error where a page that is not the last ends where the one before it ended: reading on would never end.
func (p pageInfo) moves(before *githubv4.String) error {
	if bool(p.HasNextPage) && before != nil && p.EndCursor == *before {
		return errors.New("GitHub said that more follows, and gave the same place to go on from twice")
	}
	return nil
}

// next makes the variables of a query ask for the page after this one, by $after.
func (p pageInfo) next(variables map[string]any) error {
	after, _ := variables["after"].(*githubv4.String)
	variables["after"] = githubv4.NewString(p.EndCursor)
	return p.moves(after)
}

// begun is every node of a list whose first page was read already, unless that is nil.
func begun[N any](first *connection[N], fetch func(after *githubv4.String) (connection[N], error)) ([]N, error) {
	if first == nil {
		page, err := fetch(nil)
		if err != nil {
			return nil, err
		}
		first = &page
	}
	return first.all(func(after githubv4.String) (connection[N], error) { return fetch(&after) })
}

// nested is how many nodes of a list inside another are asked for at a time once the first page did not hold them all.
const nested = 100

// pages reads a list page by page with a query of the variables $first and $after; size is the page size to begin with.
// take looks at a page that came and returns its end, or the zero pageInfo to stop.
func (r *reading) pages(
	ctx context.Context, q any, variables map[string]any, size *int, take func() (pageInfo, error),
) error {
	for {
		if err := r.query(ctx, q, variables, size); err != nil {
			return err
		}
		page, err := take()
		if err != nil || !bool(page.HasNextPage) {
			return err
		}
		if err := page.next(variables); err != nil {
			return err
		}
	}
}

// during says what an error interrupted; nil stays nil.
func during(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}
