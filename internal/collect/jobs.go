package collect

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"sync/atomic"

	gogithub "github.com/google/go-github/v60/github"
	"golang.org/x/sync/errgroup"

	"kpi-gate/internal/github"
	"kpi-gate/internal/model"
)

// waiting are the states of jobs that have not started
// (https://docs.github.com/en/rest/actions/workflow-jobs#list-jobs-for-a-workflow-run).
var waiting = []string{"queued", "waiting", "requested", "pending"}

// workflowJob is what is kept of a job as REST gives it. go-github's own type would decode every step of it.
type workflowJob struct {
	ID         int64               `json:"id"`
	Name       string              `json:"name"`
	HTMLURL    string              `json:"html_url"`
	Status     string              `json:"status"`
	Conclusion string              `json:"conclusion"`
	CreatedAt  *gogithub.Timestamp `json:"created_at"`
	StartedAt  *gogithub.Timestamp `json:"started_at"`
}

// model is the job as a Snapshot holds it.
func (w *workflowJob) model(run int64) model.Job {
	job := model.Job{
		ID: w.ID, Run: run, Name: w.Name, URL: w.HTMLURL, Conclusion: w.Conclusion, Created: stamp(w.CreatedAt),
	}
	// What has not started is given a start all the same: its creation (https://github.com/actions/runner/issues/1881).
	if !slices.Contains(waiting, w.Status) {
		job.Started = stamp(w.StartedAt)
	}
	return job
}

// runJobs reads the jobs of the CI runs into s, and notes how that ended. Where not all runs are known, neither are all
// jobs.
func (r *reading) runJobs(ctx context.Context, s *model.Snapshot, runs []model.Run) error {
	unread := r.failure(model.Runs)
	var err error
	s.Jobs, err = r.jobs(ctx, runs, !concernsAll(unread))
	if unread != nil {
		err = errors.Join(err, fmt.Errorf("looking for the runs whose jobs to read: %w", unread))
	}
	r.tell(model.Jobs, 0, 0, true)
	r.end(model.Jobs, len(s.Jobs), err)
	return r.interrupted()
}

// concernsAll reports whether what kept one thing from being read would keep others of its kind from it as well.
func concernsAll(err error) bool {
	var forbidden *github.PermissionError
	return fatal(err) != "" || errors.As(err, &forbidden)
}

// jobs gives the jobs of those runs that are asked for: those that an earlier reading read of a run that has not run again
// since; of the others, if ask is true, by one request for each run that has no more than a page of them. The newest run
// comes first, so that where the token's budget does not last for all, the latest are there. A run whose jobs cannot be
// read does not keep the others from being read, unless the reason would be the same for them.
func (r *reading) jobs(ctx context.Context, runs []model.Run, ask bool) ([]model.Job, error) {
	runs = slices.DeleteFunc(slices.Clone(runs), func(run model.Run) bool { return !r.request.Jobs(run) })
	slices.SortStableFunc(runs, func(a, b model.Run) int { return b.Created.Compare(a.Created) })
	var (
		asked    atomic.Int64
		known    = r.knownJobs()
		found    = make([][]model.Job, len(runs))
		whole    = make([]bool, len(runs))
		failures = make([]error, len(runs))
		sizes    restPages
	)
	group, running := errgroup.WithContext(ctx)
	group.SetLimit(maxReadings)
	for i, run := range runs {
		if had, ok := known[run.ID]; ok && run.Status == "completed" && had.state == (JobbedRun{run.Attempt, run.Updated}) {
			found[i], whole[i] = had.jobs, true
			r.reuse(len(had.jobs))
			asked.Add(1)
			continue
		}
		if !ask {
			continue
		}
		group.Go(func() error {
			if running.Err() != nil {
				return running.Err()
			}
			var err error
			if found[i], err = r.jobsOf(running, &sizes, run.ID); err != nil {
				err = fmt.Errorf("reading the jobs of run %d of %s: %w", run.ID, r.repository.FullName(), err)
			}
			r.tell(model.Jobs, int(asked.Add(1)), len(runs), false)
			if running.Err() != nil || concernsAll(err) {
				return err
			}
			failures[i], whole[i] = err, err == nil
			return nil
		})
	}
	stopped := group.Wait()
	r.ledger.Jobs.Runs = map[int64]JobbedRun{}
	for i, run := range runs {
		if whole[i] {
			r.ledger.Jobs.Runs[run.ID] = JobbedRun{run.Attempt, run.Updated}
		}
	}
	return slices.Concat(found...), errors.Join(stopped, single(failures))
}

// knownRun is a run whose jobs an earlier reading read, as it was then.
type knownRun struct {
	state JobbedRun
	jobs  []model.Job
}

// knownJobs are the jobs that an earlier reading read, by run. Those of a run are whole or not there, so that they are of
// use also where the token's budget did not last for the jobs of all runs.
func (r *reading) knownJobs() map[int64]knownRun {
	known := map[int64]knownRun{}
	if r.earlier == nil {
		return known
	}
	for id, state := range r.before().Jobs.Runs {
		known[id] = knownRun{state: state}
	}
	for _, job := range r.earlier.Snapshot.Jobs {
		if had, ok := known[job.Run]; ok {
			had.jobs = append(had.jobs, job)
			known[job.Run] = had
		}
	}
	return known
}

// single is one error for all runs whose jobs could not be read: the first one's, with how many more there are.
func single(failures []error) error {
	failures = slices.DeleteFunc(failures, func(err error) bool { return err == nil })
	switch len(failures) {
	case 0:
		return nil
	case 1:
		return failures[0]
	}
	return fmt.Errorf("%w (and %d more such runs)", failures[0], len(failures)-1)
}

// jobsOf reads the jobs of a run's latest attempt.
func (r *reading) jobsOf(ctx context.Context, sizes *restPages, run int64) ([]model.Job, error) {
	var jobs []model.Job
	for number := 1; ; number++ {
		more, err := sizes.hundred(number, func(number, size int) (bool, error) {
			query := url.Values{"filter": {"latest"}, "per_page": {strconv.Itoa(size)}}
			if number > 1 {
				query.Set("page", strconv.Itoa(number))
			}
			var page struct {
				Jobs []workflowJob `json:"jobs"`
			}
			path := fmt.Sprintf("runs/%d/jobs", run)
			next, err := r.actions(ctx, path, query, &page)
			if err == nil && page.Jobs == nil {
				err = noList(path, "jobs")
			}
			for i := range page.Jobs {
				jobs = append(jobs, page.Jobs[i].model(run))
			}
			return next != 0, err
		})
		if err != nil || !more {
			return jobs, err
		}
	}
}
