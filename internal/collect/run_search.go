package collect

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	// searchLimit is how many runs GitHub serves of one search, however many match
	// (https://docs.github.com/en/rest/actions/workflow-runs#list-workflow-runs-for-a-repository).
	searchLimit = 1000
	// maxMoves is how often the runs may change while they are being read before that is given up.
	maxMoves = 30
)

// created is GitHub's syntax for a range of time, of whole seconds, both included.
func created(from, to time.Time) string {
	return from.Format(time.RFC3339) + ".." + to.Format(time.RFC3339)
}

// slice reads the runs of a search that were created from one second to another, both included; first is the first page
// of it, if that was read already. GitHub lists the newest first and ends at the limit: what is older is another search,
// from the second at which the first one ended, because more of that second may follow. What is read twice counts once.
func (l *ciRunList) slice(ctx context.Context, q url.Values, from, to time.Time, first *runPage) error {
	for !to.Before(from) {
		found, err := l.search(ctx, q, from, to, first)
		first = nil
		switch {
		case err != nil:
			return err
		case found.moved:
			if l.moved() {
				return fmt.Errorf("the runs changed %d times while they were read: try again later", maxMoves)
			}
			if from.Before(to) {
				return l.halves(ctx, q, from, to)
			}
		case found.total < searchLimit: // A count of exactly the limit is not trusted: it may be the limit itself.
			return nil
		case from.Equal(to):
			if found.total > searchLimit {
				return fmt.Errorf("%d runs were created at %s, of which GitHub lists %d",
					found.total, from.Format(time.RFC3339), searchLimit)
			}
			return nil
		case !found.ordered:
			return l.halves(ctx, q, from, to)
		case found.oldest.Equal(to):
			// All that was listed is of one second.
			crowded := l.slice(ctx, q, to, to, nil)
			return errors.Join(crowded, l.slice(ctx, q, from, to.Add(-time.Second), nil))
		case found.total >= 3*searchLimit:
			// Searches in turn would take long.
			return l.halves(ctx, q, from, found.oldest)
		default:
			to = found.oldest
		}
	}
	return nil
}

// halves reads the two halves of a slice at the same time.
func (l *ciRunList) halves(ctx context.Context, q url.Values, from, to time.Time) error {
	middle := second(from.Add(to.Sub(from) / 2))
	return together(ctx, 2, func(ctx context.Context, i int) error {
		if i == 0 {
			return l.slice(ctx, q, middle.Add(time.Second), to, nil)
		}
		return l.slice(ctx, q, from, middle, nil)
	})
}

// moved counts that runs changed while they were read, and reports whether that has happened too often.
func (l *ciRunList) moved() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.moves++
	return l.moves > maxMoves
}

// runSearch is what came of one search.
type runSearch struct {
	// total is how many runs match.
	total int
	// ordered is true where the newest came first; oldest is then the creation of the last one that was listed.
	ordered bool
	oldest  time.Time
	// moved is true where pages are not of one list: something was deleted, or came, while they were read.
	moved bool
}

// search reads the pages of one search, all after the first at the same time.
func (l *ciRunList) search(
	ctx context.Context, q url.Values, from, to time.Time, first *runPage,
) (found runSearch, err error) {
	q = maps.Clone(q)
	q.Set("created", created(from, to))
	if first == nil {
		page, err := l.runPage(ctx, &l.sizes, "runs", q, 1)
		if err != nil {
			return found, err
		}
		l.keep(page)
		first = &page
	}
	pages := make([]runPage, max(1, (min(first.total, searchLimit)+largestPage-1)/largestPage))
	pages[0] = *first
	group, running := errgroup.WithContext(ctx)
	for i := 1; i < len(pages); i++ {
		group.Go(func() (err error) {
			if pages[i], err = l.runPage(running, &l.sizes, "runs", q, 1+i); err == nil {
				l.keep(pages[i])
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return found, err
	}
	found = runSearch{total: first.total, ordered: true}
	distinct := map[int64]bool{}
	for i, page := range pages {
		found.moved = found.moved || page.moved || page.total != found.total
		for _, w := range page.runs {
			at := stamp(w.CreatedAt)
			found.ordered = found.ordered && (len(distinct) == 0 || !at.After(found.oldest))
			found.oldest, distinct[w.ID] = at, true
		}
		// What goes on after the count says it has ended is not what was counted.
		found.moved = found.moved || i == len(pages)-1 && page.more && found.total < searchLimit
	}
	// In another order pages may overlap, and then something is missing.
	found.moved = found.moved || !found.ordered && found.total < searchLimit && len(distinct) != found.total
	return found, nil
}
