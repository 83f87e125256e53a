package collect

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	gogithub "github.com/google/go-github/v60/github"

	"kpi-gate/internal/github"
	"kpi-gate/internal/model"
)

// deployRuns reads the runs of the deploy workflows on production branches, newest first, until each workflow's last
// success before Reach is known. Runs for pull requests deploy nothing to production and are left out. A workflow that
// cannot be read does not keep the others from being read; the error joins all that went wrong.
func (r *reading) deployRuns(ctx context.Context) ([]model.Run, error) {
	l := &deployRunList{reading: r, seen: map[int64]bool{}}
	var failures []error
	if len(r.request.Workflows) == 0 {
		failures = append(failures, errors.New("no deploy workflow is configured: name its file"))
	}
	if known, err := l.recall(ctx); err != nil {
		// As they were is better than not at all: the reading is not whole, and says so.
		return known, err
	}
	var kept []model.Run
	r.ledger.DeployRuns.Runs = map[string][]int64{}
	for _, workflow := range r.request.Workflows {
		file := path.Base(workflow)
		runs, err := l.workflow(ctx, file)
		if err != nil {
			failures = append(failures, l.explain(ctx, workflow, err))
		}
		ids := make([]int64, len(runs))
		for i, run := range runs {
			ids[i] = run.ID
		}
		r.ledger.DeployRuns.Runs[file] = ids
		kept = append(kept, runs...)
	}
	r.tell(model.DeployRuns, len(l.seen), 0, true)
	return kept, errors.Join(failures...)
}

// deployRunList is the reading of the deploy workflows' runs.
type deployRunList struct {
	*reading
	sizes restPages
	seen  map[int64]bool
	// earlier holds, by workflow, what an earlier reading knew at through; nil where that is of no use. known is what has
	// become of all these runs.
	earlier map[string][]model.Run
	through time.Time
	known   map[int64]runFate
}

// runFate is what became of a known run.
type runFate int

const (
	goneRun runFate = iota
	sameRun
	changedRun
	// newRun is on the list that is read anyway.
	newRun
)

// since is when what is not known begins.
func (l *deployRunList) since() time.Time { return l.through.Add(-overlap) }

// recall looks up what has become of what an earlier reading knew. Where that fails it returns this as it was.
func (l *deployRunList) recall(ctx context.Context) ([]model.Run, error) {
	facts, through := l.reading.known(model.DeployRuns)
	if facts == nil {
		return nil, nil
	}
	l.through = through
	runs := make(map[int64]model.Run, len(facts.Runs))
	for _, run := range facts.Runs {
		runs[run.ID] = run
	}
	earlier, fates := map[string][]model.Run{}, map[int64]runFate{}
	var all, old []model.Run
	for file, ids := range l.before().DeployRuns.Runs {
		earlier[file] = nil
		for _, id := range ids {
			run, ok := runs[id]
			if !ok {
				return nil, nil // The ledger is not of these facts.
			}
			earlier[file] = append(earlier[file], run)
			if _, listed := fates[id]; listed {
				continue
			}
			all = append(all, run)
			if run.Created.Before(l.since()) {
				old, fates[id] = append(old, run), goneRun
			} else {
				fates[id] = newRun
			}
		}
	}
	known, err := l.recheckRuns(ctx, old, through)
	if errors.Is(err, errUnconfirmed) {
		return nil, nil
	}
	if err != nil {
		return all, err
	}
	for _, run := range known.same {
		fates[run.ID] = sameRun
	}
	for _, run := range known.changed {
		fates[run.ID] = changedRun
	}
	l.earlier, l.known = earlier, fates
	return nil, nil
}

// workflow reads the runs of one workflow file, as far back as they matter.
func (l *deployRunList) workflow(ctx context.Context, file string) ([]model.Run, error) {
	earlier, known := l.earlier[file]
	if !known {
		return l.list(ctx, file, time.Time{})
	}
	runs, err := l.update(ctx, file, earlier)
	if err == nil && l.baseline(runs).Before(l.baseline(earlier)) {
		// The last success before Reach is none any more, and those before it were not kept.
		return l.list(ctx, file, time.Time{})
	}
	return l.relevant(runs), err
}

// update reads what is new or has changed of a workflow's runs since an earlier reading.
func (l *deployRunList) update(ctx context.Context, file string, earlier []model.Run) ([]model.Run, error) {
	var known knownRuns
	for _, run := range earlier {
		switch l.known[run.ID] {
		case sameRun:
			known.same = append(known.same, run)
		case changedRun:
			known.changed = append(known.changed, run)
		}
	}
	since, single := known.relist(l.since())
	runs, err := l.list(ctx, file, since)
	again, rereadErr := l.reread(ctx, single)
	for _, w := range again {
		runs = l.take(runs, w)
	}
	err = errors.Join(err, rereadErr)
	for _, run := range known.same {
		if run.Created.Before(since) {
			runs = append(runs, run)
			l.reuse(1)
		}
	}
	if err != nil {
		for _, run := range earlier {
			if l.known[run.ID] != goneRun {
				runs = append(runs, run)
			}
		}
	}
	return sorted(runs, func(run model.Run) int64 { return run.ID }), err
}

// list reads the runs of one workflow file, newest first, as far back as they matter; with since, those that were created
// from then on.
//
// Note: no filter is set, although GitHub offers one by branch, because a filtered list ends after 1,000 runs.
func (l *deployRunList) list(ctx context.Context, file string, since time.Time) ([]model.Run, error) {
	var runs []model.Run
	for number := 1; ; number++ {
		page, err := l.runPage(ctx, &l.sizes, "workflows/"+url.PathEscape(file)+"/runs", url.Values{}, number)
		if err != nil {
			return runs, err
		}
		var oldest time.Time
		for _, w := range page.runs {
			oldest = stamp(w.CreatedAt)
			if !oldest.Before(since) {
				runs = l.take(runs, w)
			}
		}
		l.tell(model.DeployRuns, len(l.seen), 0, false)
		baseline := l.baseline(runs)
		switch {
		case !since.IsZero() && (!page.more || oldest.Before(since)):
			return runs, nil
		case since.IsZero() && (!page.more || !baseline.IsZero() && oldest.Before(baseline.Add(-rerun))):
			return l.relevant(runs), nil
		}
	}
}

// take adds a run to others, if it deploys to production.
func (l *deployRunList) take(runs []model.Run, w *workflowRun) []model.Run {
	l.seen[w.ID] = true
	run := w.model()
	if run.Event == "pull_request" || run.Event == "pull_request_target" || !l.productionBranch(run.TargetBranch()) {
		return runs
	}
	if w.HeadCommit != nil {
		l.commitDate(run.SHA, stamp(w.HeadCommit.Timestamp))
	}
	return append(runs, run)
}

// baseline is when the last success before Reach ended, the zero time where none is known. A run that ended longer after
// its creation than runs can is no measure of how far back others matter.
func (l *deployRunList) baseline(runs []model.Run) (last time.Time) {
	for _, run := range runs {
		if run.Conclusion == "success" && run.Updated.Before(l.request.Reach) && run.Updated.After(last) &&
			!run.Created.Before(run.Updated.Add(-rerun)) {
			last = run.Updated
		}
	}
	return last
}

// relevant are the runs that can matter: one that was created longer than the limit of re-runs before the baseline cannot
// have ended after it.
func (l *deployRunList) relevant(runs []model.Run) []model.Run {
	baseline := l.baseline(runs)
	return slices.DeleteFunc(runs, func(run model.Run) bool {
		return !baseline.IsZero() && run.Created.Before(baseline.Add(-rerun))
	})
}

// explain says what was being read, and for a workflow that does not exist which ones do.
func (l *deployRunList) explain(ctx context.Context, workflow string, err error) error {
	var missing *github.NotFoundError
	if !errors.As(err, &missing) {
		return fmt.Errorf("reading the runs of workflow %q of %s: %w", workflow, l.repository.FullName(), err)
	}
	files, listErr := l.workflowFiles(ctx)
	if listErr != nil {
		return fmt.Errorf("%s has no workflow %q; which ones it has could not be read: %w",
			l.repository.FullName(), workflow, listErr)
	}
	if len(files) == 0 {
		return fmt.Errorf("%s has no workflow %q, and no other", l.repository.FullName(), workflow)
	}
	return fmt.Errorf("%s has no workflow %q; it has %s", l.repository.FullName(), workflow, strings.Join(files, ", "))
}

// workflowFiles are the names of the repository's workflow files.
func (l *deployRunList) workflowFiles(ctx context.Context) ([]string, error) {
	var files []string
	options := &gogithub.ListOptions{PerPage: largestPage}
	for {
		page, response, err := l.client.REST.Actions.ListWorkflows(ctx, l.repository.Owner, l.repository.Name, options)
		if err != nil {
			return files, told(err)
		}
		for _, workflow := range page.Workflows {
			files = append(files, path.Base(workflow.GetPath()))
		}
		if response.NextPage == 0 {
			return files, nil
		}
		options.Page = response.NextPage
	}
}
