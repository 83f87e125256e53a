package collect

import (
	"context"
	"errors"

	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/model"
)

// countedList is a list that GitHub counts and that has to be read whole, because its order does not tell what is new: the
// releases, the tags.
type countedList[N any] struct {
	feed model.Feed
	// page asks for a page of it.
	page func(ctx context.Context, after *githubv4.String, size *int) (nodes connection[N], total int, err error)
	// lookUp asks for nodes by their global IDs, in their order; nil is what is gone. id is a node's.
	lookUp func(ctx context.Context, ids []string) ([]*N, error)
	id     func(*N) string
}

// readCounted reads a list. known are the global IDs of all that an earlier reading found in it, of which GitHub had
// counted hidden more; nil where there was none. If these, looked up by ID, and what the first page has are as many as
// GitHub counts now, nothing else has come, and no other page is read. What was read before an error is returned with it,
// and with how many GitHub counted.
func readCounted[N any](
	ctx context.Context, r *reading, list countedList[N], known []string, hidden int,
) (nodes []*N, total int, err error) {
	defer func() { r.tell(list.feed, len(nodes), len(nodes), true) }()
	var after *githubv4.String
	size, seen := largestPage, map[string]bool{}
	for number := 1; ; number++ {
		page, counted, err := list.page(ctx, after, &size)
		if err != nil {
			return nodes, total, err
		}
		total = counted
		for i := range page.Nodes {
			// What was there before the page changed place is on the next one again.
			if node := &page.Nodes[i]; !seen[list.id(node)] {
				seen[list.id(node)] = true
				nodes = append(nodes, node)
			}
		}
		r.tell(list.feed, len(nodes), total, false)
		if !page.PageInfo.HasNextPage {
			return nodes, total, nil
		}
		if number == 1 && len(known) > 0 {
			others, err := listed(ctx, list, known, seen)
			if err != nil {
				return nodes, total, err
			}
			if others != nil && len(nodes)+len(others)+hidden == total {
				return append(nodes, others...), total, nil
			}
		}
		if err := page.PageInfo.moves(after); err != nil {
			return nodes, total, err
		}
		after = &page.PageInfo.EndCursor
	}
}

// listed are the known nodes that were not seen and still are there; nil where they cannot be looked up.
func listed[N any](
	ctx context.Context, list countedList[N], known []string, seen map[string]bool,
) (others []*N, err error) {
	var ids []string
	for _, id := range known {
		if id == "" {
			return nil, nil
		}
		if !seen[id] {
			ids = append(ids, id)
		}
	}
	found, err := list.lookUp(ctx, ids)
	if errors.Is(err, errUnconfirmed) {
		return nil, nil
	}
	for _, node := range found {
		if node != nil {
			others = append(others, node)
		}
	}
	return others, err
}
