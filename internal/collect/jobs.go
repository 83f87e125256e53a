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
	if !concernsAll(unread) {
		s.Jobs, err = r.jobs(ctx, runs)
	}
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

// jobs reads the jobs of those runs that are asked for: one request for each run that has no more than a page of
// them. The newest run comes first, so that where the token's budget does not last for all, the latest are there. A run
// whose jobs cannot be read does not keep the others from being read, unless the reason would be the same for them.
func (r *reading) jobs(ctx context.Context, runs []model.Run) ([]model.Job, error) {
	runs = slices.DeleteFunc(slices.Clone(runs), func(run model.Run) bool { return !r.request.Jobs(run) })
	slices.SortStableFunc(runs, func(a, b model.Run) int { return b.Created.Compare(a.Created) })
	var (
		asked    atomic.Int64
		found    = make([][]model.Job, len(runs))
		failures = make([]error, len(runs))
	)
	group, running := errgroup.WithContext(ctx)
	group.SetLimit(maxReadings)
	for i, run := range runs {
		group.Go(func() error {
			if running.Err() != nil {
				return running.Err()
			}
			var err error
			if found[i], err = r.jobsOf(running, run.ID); err != nil {
				err = fmt.Errorf("reading the jobs of run %d of %s: %w", run.ID, r.repository.FullName(), err)
			}
			r.tell(model.Jobs, int(asked.Add(1)), len(runs), false)
			if running.Err() != nil || concernsAll(err) {
				return err
			}
			failures[i] = err
			return nil
		})
	}
	stopped := group.Wait()
	return slices.Concat(found...), errors.Join(stopped, single(failures))
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
func (r *reading) jobsOf(ctx context.Context, run int64) ([]model.Job, error) {
	var jobs []model.Job
	query := url.Values{"filter": {"latest"}, "per_page": {strconv.Itoa(largestPage)}}
	for {
		address := fmt.Sprintf("repos/%s/%s/actions/runs/%d/jobs?%s",
			r.repository.Owner, r.repository.Name, run, query.Encode())
		request, err := r.client.REST.NewRequest("GET", address, nil)
		if err != nil {
			return jobs, err
		}
		var page struct {
			Jobs []workflowJob `json:"jobs"`
		}
		response, err := r.client.REST.Do(ctx, request, &page)
		if err != nil {
			return jobs, told(err)
		}
		for i := range page.Jobs {
			jobs = append(jobs, page.Jobs[i].model(run))
		}
		if response.NextPage == 0 {
			return jobs, nil
		}
		query.Set("page", strconv.Itoa(response.NextPage))
	}
}
