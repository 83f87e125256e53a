package collect

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"
	"time"

	gogithub "github.com/google/go-github/v60/github"

	"kpi-gate/internal/github"
	"kpi-gate/internal/model"
)

// rerun is how long after its creation a run may still end in success: it can be re-run for 30 days
// (https://docs.github.com/en/actions/how-tos/manage-workflow-runs/re-run-workflows-and-jobs), and then has to run.
const rerun = 31 * 24 * time.Hour

// deployRuns reads the runs of the deploy workflows on production branches, newest first, until each workflow's last
// success before Reach is known. Runs for pull requests deploy nothing to production and are left out. A workflow that
// cannot be read does not keep the others from being read; the error joins all that went wrong.
func (r *reading) deployRuns(ctx context.Context) ([]model.Run, error) {
	l := &deployRunList{reading: r, seen: map[int64]bool{}}
	var failures []error
	if len(r.request.Workflows) == 0 {
		failures = append(failures, errors.New("no deploy workflow is configured: name its file"))
	}
	for _, workflow := range r.request.Workflows {
		if err := l.workflow(ctx, path.Base(workflow)); err != nil {
			failures = append(failures, l.explain(ctx, workflow, err))
		}
	}
	r.tell(model.DeployRuns, len(l.seen), 0, true)
	return l.kept, errors.Join(failures...)
}

// deployRunList is the reading of the deploy workflows' runs.
type deployRunList struct {
	*reading
	seen map[int64]bool
	kept []model.Run
}

// workflow reads the runs of one workflow file.
//
// Note: no filter is set, although GitHub offers one by branch, because a filtered list ends after 1,000 runs.
func (l *deployRunList) workflow(ctx context.Context, file string) error {
	var baseline time.Time
	for number := 1; number != 0; {
		page, next, err := l.runPage(ctx, "workflows/"+url.PathEscape(file)+"/runs", url.Values{}, number)
		if err != nil {
			return err
		}
		var oldest time.Time
		for _, w := range page.Runs {
			run := w.model()
			oldest = run.Created
			if l.seen[run.ID] {
				continue
			}
			l.seen[run.ID] = true
			if run.Event == "pull_request" || run.Event == "pull_request_target" || !l.productionBranch(run.TargetBranch()) {
				continue
			}
			l.kept = append(l.kept, run)
			if w.HeadCommit != nil {
				l.commitDate(run.SHA, stamp(w.HeadCommit.Timestamp))
			}
			if run.Conclusion == "success" && run.Updated.Before(l.request.Reach) && run.Updated.After(baseline) {
				baseline = run.Updated
			}
		}
		l.tell(model.DeployRuns, len(l.seen), 0, false)
		// A run that was created longer than the limit of re-runs before the baseline cannot have ended after it.
		if !baseline.IsZero() && oldest.Before(baseline.Add(-rerun)) {
			return nil
		}
		number = next
	}
	return nil
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
