package collect

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"sync"
	"time"

	"kpi-gate/internal/model"
)

// runs reads the CI runs on production branches that were created from Reach to Until.
func (r *reading) runs(ctx context.Context) ([]model.Run, error) {
	l := &ciRunList{reading: r, seen: map[int64]bool{}}
	err := l.read(ctx)
	r.tell(model.Runs, len(l.seen), 0, true)
	return l.kept, err
}

// ciRunList is the reading of the CI runs.
type ciRunList struct {
	*reading
	sizes restPages
	// moves is how often the list changed while it was read.
	moves int

	mu   sync.Mutex
	seen map[int64]bool
	kept []model.Run
}

func (l *ciRunList) read(ctx context.Context) error {
	if l.request.Branch == nil && l.repository.DefaultBranch == "" {
		return nil // Nothing was ever committed, so nothing has run.
	}
	// GitHub's bounds are inclusive and whole seconds; Until itself is outside the window.
	from, to := second(l.request.Reach), second(l.request.Until.Add(-time.Nanosecond))
	if l.request.Until.IsZero() {
		to = l.asOf
	}
	l.ledger.Runs.Until = to.Add(time.Second)
	if l.asOf.Before(l.ledger.Runs.Until) {
		l.ledger.Runs.Until = l.asOf
	}
	facts, through := l.known(model.Runs)
	if until := l.before().Runs.Until; facts != nil && !until.IsZero() {
		err := l.update(ctx, facts.Runs, through, until, from, to)
		if !errors.Is(err, errUnconfirmed) {
			return err
		}
	}
	return l.list(ctx, from, to)
}

// update reads what is new or has changed since an earlier reading, which knew at through the runs that were created
// before until.
func (l *ciRunList) update(ctx context.Context, facts []model.Run, through, until, from, to time.Time) error {
	since := until.Add(-overlap)
	var old []model.Run
	for _, run := range facts {
		if !run.Created.Before(from) && !run.Created.After(to) && run.Created.Before(since) && l.wanted(run) {
			old = append(old, run)
		}
	}
	known, err := l.recheckRuns(ctx, old, through)
	if errors.Is(err, errUnconfirmed) {
		return err
	}
	if err != nil {
		// As it was is better than not at all: the reading is not whole, and says so.
		l.take(old)
		return err
	}
	since, single := known.relist(since)
	if since.Before(from) {
		since = from
	}
	err = l.listSince(ctx, since, to)
	again, rereadErr := l.reread(ctx, single)
	for _, w := range again {
		l.take([]model.Run{w.model()})
	}
	err = errors.Join(err, rereadErr)
	for _, run := range known.same {
		if run.Created.Before(since) {
			l.take([]model.Run{run})
			l.reuse(1)
		}
	}
	if err != nil {
		l.take(known.same)
		l.take(known.changed)
	}
	return err
}

// listSince reads the runs created since an instant that is not long ago: where all runs of the repository since then are
// on one page, that one is enough.
func (l *ciRunList) listSince(ctx context.Context, since, to time.Time) error {
	if to.Before(since) {
		return nil
	}
	page, err := l.runPage(ctx, &l.sizes, "runs", url.Values{"created": {created(since, to)}}, 1)
	if err != nil {
		return fmt.Errorf("reading the workflow runs of %s since %s: %w",
			l.repository.FullName(), since.Format(time.RFC3339), err)
	}
	l.keep(page)
	if !page.more {
		return nil
	}
	return l.list(ctx, since, to)
}

// list reads the runs created from one second to another.
//
// The runs of all events are not asked for: those of pull requests outnumber the others, and a search meets its limit on
// them. A search for each event, though, takes a request at least, for most repositories to learn that there are none.
// So the first page of what ran on the default branch decides: where that is mostly what is wanted, reading on costs at
// most a quarter more than is needed. Runs of a merge queue are on branches of its own, and other branches than the
// default one are told by no filter that GitHub has; both are searched for by event.
func (l *ciRunList) list(ctx context.Context, from, to time.Time) error {
	var onBranch, others []string
	for _, event := range l.request.Events {
		if l.request.Branch == nil && event != model.MergeGroup {
			onBranch = append(onBranch, event)
		} else {
			others = append(others, event)
		}
	}
	if len(onBranch) > 1 {
		q := url.Values{"branch": {l.repository.DefaultBranch}}
		read, err := l.branch(ctx, q, from, to)
		if err != nil {
			err = fmt.Errorf("reading the workflow runs of %s on %s: %w",
				l.repository.FullName(), l.repository.DefaultBranch, err)
			if concernsAll(err) {
				return err
			}
			return errors.Join(err, l.events(ctx, others, from, to))
		}
		if read {
			onBranch = nil
		}
	}
	return l.events(ctx, append(onBranch, others...), from, to)
}

// branch reads the runs of all events on a branch, unless too many of them are of events that are not wanted.
func (l *ciRunList) branch(ctx context.Context, q url.Values, from, to time.Time) (read bool, err error) {
	q.Set("created", created(from, to))
	first, err := l.runPage(ctx, &l.sizes, "runs", q, 1)
	if err != nil {
		return false, err
	}
	wanted := l.keep(first)
	const most, of = 4, 5
	if first.more && wanted*of < len(first.runs)*most {
		return false, nil
	}
	return true, l.slice(ctx, q, from, to, &first)
}

// events reads the runs of each event by a search of its own.
func (l *ciRunList) events(ctx context.Context, events []string, from, to time.Time) error {
	return together(ctx, len(events), func(ctx context.Context, i int) error {
		q := url.Values{"event": {events[i]}}
		if l.request.Branch == nil && events[i] != model.MergeGroup {
			q.Set("branch", l.repository.DefaultBranch)
		}
		if err := l.slice(ctx, q, from, to, nil); err != nil {
			return fmt.Errorf("reading the workflow runs of %s for event %s: %w", l.repository.FullName(), events[i], err)
		}
		return nil
	})
}

// wanted reports whether a run is one that the request asks for.
func (l *ciRunList) wanted(run model.Run) bool {
	return slices.Contains(l.request.Events, run.Event) && l.productionBranch(run.TargetBranch())
}

// keep takes the runs of a page that are wanted, and says how many these are.
func (l *ciRunList) keep(page runPage) (wanted int) {
	runs := make([]model.Run, 0, len(page.runs))
	for _, w := range page.runs {
		if run := w.model(); l.wanted(run) {
			runs = append(runs, run)
		}
	}
	l.mu.Lock()
	for _, w := range page.runs {
		if !l.seen[w.ID] {
			l.seen[w.ID] = false
		}
	}
	l.mu.Unlock()
	l.take(runs)
	return len(runs)
}

// take takes runs that were not taken before.
func (l *ciRunList) take(runs []model.Run) {
	l.mu.Lock()
	for _, run := range runs {
		if !l.seen[run.ID] {
			l.seen[run.ID] = true
			l.kept = append(l.kept, run)
		}
	}
	read := len(l.seen)
	l.mu.Unlock()
	l.tell(model.Runs, read, 0, false)
}
