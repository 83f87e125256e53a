package collect

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/model"
)

// updatedList is a list of issues or pull requests that can be read in the order of their last update.
type updatedList[N, F any] struct {
	feed model.Feed
	// size is how many to ask for at a time.
	size int
	// open asks for a page of what is open, the longest untouched first; updated for a page of all that was updated
	// since an instant, the latest first. Both set *size as query does.
	open    func(ctx context.Context, after *githubv4.String, size *int) (connection[N], error)
	updated func(ctx context.Context, since time.Time, after *githubv4.String, size *int) (connection[N], error)
	// key is a node's number, 0 for a node that GitHub does not show, and when it was last updated.
	key func(*N) (number int, updated time.Time)
	// fact completes a node.
	fact func(context.Context, *N) (F, error)
}

// readUpdated reads what is open, and what was updated since the reach, in the order of numbers. What it read before
// an error is returned with it.
//
// The list moves while it is read: what is touched goes to its end that was read first. That end is therefore read
// again until nothing was touched meanwhile that did not fit on one page; what is read twice is as it was read last.
func readUpdated[N, F any](ctx context.Context, r *reading, list updatedList[N, F]) ([]F, error) {
	defer r.tell(list.feed, 0, 0, true)
	facts := map[int]F{}
	err := list.read(ctx, r, facts)
	numbers := slices.Sorted(maps.Keys(facts))
	read := make([]F, len(numbers))
	for i, number := range numbers {
		read[i] = facts[number]
	}
	return read, err
}

func (list *updatedList[N, F]) read(ctx context.Context, r *reading, facts map[int]F) error {
	reach, size := second(r.request.Reach), list.size
	var after *githubv4.String
	for more := true; more; {
		page, err := list.open(ctx, after, &size)
		if err != nil {
			return err
		}
		_, last, err := list.take(ctx, page.Nodes, time.Time{}, facts)
		if err != nil {
			return err
		}
		r.tell(list.feed, len(facts), 0, false)
		// What is open and was updated since the reach comes with everything else that was.
		more = bool(page.PageInfo.HasNextPage) && last.Before(reach)
		after = &page.PageInfo.EndCursor
	}
	for since := reach; ; {
		latest, pages, err := list.pass(ctx, r, since, &size, facts)
		if err != nil || pages == 1 || !latest.After(since) {
			return err
		}
		since = latest
	}
}

// pass reads what was updated since an instant, once. It returns the latest update at its beginning and how many pages
// it read.
func (list *updatedList[N, F]) pass(
	ctx context.Context, r *reading, since time.Time, size *int, facts map[int]F,
) (latest time.Time, pages int, err error) {
	var after *githubv4.String
	for more := true; more; {
		page, err := list.updated(ctx, since, after, size)
		if err != nil {
			return latest, pages, err
		}
		first, last, err := list.take(ctx, page.Nodes, since, facts)
		if err != nil {
			return latest, pages, err
		}
		r.tell(list.feed, len(facts), 0, false)
		if pages++; pages == 1 {
			latest = first
		}
		// A page that shows nothing says nothing of how far back it went.
		more = bool(page.PageInfo.HasNextPage) && (last.IsZero() || !last.Before(since))
		after = &page.PageInfo.EndCursor
	}
	return latest, pages, nil
}

// take completes the nodes of a page that were updated since an instant. It returns the update of the first and of the
// last node.
func (list *updatedList[N, F]) take(
	ctx context.Context, nodes []N, since time.Time, facts map[int]F,
) (first, last time.Time, err error) {
	for i := range nodes {
		number, updated := list.key(&nodes[i])
		if number == 0 {
			continue
		}
		if last = updated; first.IsZero() {
			first = updated
		}
		if updated.Before(since) {
			continue
		}
		fact, err := list.fact(ctx, &nodes[i])
		if err != nil {
			return first, last, err
		}
		facts[number] = fact
	}
	return first, last, nil
}
