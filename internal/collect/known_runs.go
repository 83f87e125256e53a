package collect

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/shurcooL/githubv4"
	"golang.org/x/sync/errgroup"

	"kpi-gate/internal/github"
	"kpi-gate/internal/model"
)

// rerun is how long after its creation a run may still change: it can be re-run for 30 days
// (https://docs.github.com/en/actions/how-tos/manage-workflow-runs/re-run-workflows-and-jobs), and then has to run.
const rerun = 31 * 24 * time.Hour

// runUpdate asks when a run last changed.
type runUpdate struct {
	Run struct{ UpdatedAt *githubv4.DateTime } `graphql:"... on WorkflowRun"`
}

// knownRuns are runs that an earlier reading found, sorted by what became of them.
type knownRuns struct {
	// same are as they were; changed are to be read again. What is gone is in neither.
	same, changed []model.Run
}

// recheckRuns asks which runs changed since an earlier reading found them, at through. Those that can no longer be re-run
// are not asked about.
func (r *reading) recheckRuns(ctx context.Context, runs []model.Run, through time.Time) (known knownRuns, err error) {
	var (
		asked []model.Run
		ids   []string
	)
	for _, run := range runs {
		switch {
		case run.Status == "completed" && run.Created.Before(through.Add(-rerun)):
			known.same = append(known.same, run)
		case run.NodeID == "" || !settledBy(run.Updated, through):
			known.changed = append(known.changed, run)
		default:
			asked, ids = append(asked, run), append(ids, run.NodeID)
		}
	}
	found, err := lookUp[runUpdate](ctx, r, ids, recheckedAtOnce)
	if err != nil {
		return known, fmt.Errorf("asking which workflow runs of %s have changed since %s: %w",
			r.repository.FullName(), through.Format(time.RFC3339), err)
	}
	for i, now := range found {
		switch {
		case now == nil:
		case moment(now.Run.UpdatedAt).Equal(asked[i].Updated):
			known.same = append(known.same, asked[i])
		default:
			known.changed = append(known.changed, asked[i])
		}
	}
	return known, nil
}

// relist says how to read the changed runs again with the fewest requests: from since on they are on the list that is read
// anyway; the list can be read from an earlier run on, at a request for every page of it, and what is older still costs a
// request for each run.
func (k *knownRuns) relist(since time.Time) (from time.Time, single []model.Run) {
	byCreation := func(a, b model.Run) int { return a.Created.Compare(b.Created) }
	all := slices.Concat(k.same, k.changed)
	slices.SortFunc(all, byCreation)
	changed := slices.Clone(k.changed)
	slices.SortFunc(changed, byCreation)
	// listed is how many known runs a list has that begins at a time.
	listed := func(from time.Time) int {
		i, _ := slices.BinarySearchFunc(all, from, func(run model.Run, at time.Time) int { return run.Created.Compare(at) })
		return len(all) - i
	}
	from, fewest, split := since, len(changed), len(changed)
	for i, run := range changed {
		// A longer list may have to be searched for event by event.
		const searches = 3
		if cost := i + searches + listed(run.Created)/largestPage; run.Created.Before(since) && cost < fewest {
			from, fewest, split = run.Created, cost, i
		}
	}
	return from, changed[:split]
}

// reread reads runs one by one. A run that is gone by now is left out; what was read before an error is returned with it.
func (r *reading) reread(ctx context.Context, runs []model.Run) (read []*workflowRun, err error) {
	var mu sync.Mutex
	group, running := errgroup.WithContext(ctx)
	group.SetLimit(maxReadings)
	for _, run := range runs {
		group.Go(func() error {
			if running.Err() != nil {
				return running.Err()
			}
			w := &workflowRun{}
			_, err := r.actions(running, fmt.Sprintf("runs/%d", run.ID), url.Values{"exclude_pull_requests": {"true"}}, w)
			var gone *github.NotFoundError
			if errors.As(err, &gone) {
				return nil
			}
			if err != nil {
				return fmt.Errorf("reading workflow run %d of %s again: %w", run.ID, r.repository.FullName(), err)
			}
			mu.Lock()
			defer mu.Unlock()
			read = append(read, w)
			return nil
		})
	}
	err = group.Wait()
	return read, err
}
