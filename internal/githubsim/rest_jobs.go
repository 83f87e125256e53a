package githubsim

import "fmt"

// restJob is a job (schema job).
type restJob struct {
	ID              int64    `json:"id"`
	RunID           int64    `json:"run_id"`
	RunURL          string   `json:"run_url"`
	RunAttempt      int      `json:"run_attempt"`
	NodeID          string   `json:"node_id"`
	HeadSHA         string   `json:"head_sha"`
	HeadBranch      *string  `json:"head_branch"`
	WorkflowName    string   `json:"workflow_name"`
	URL             string   `json:"url"`
	HTMLURL         string   `json:"html_url"`
	Status          string   `json:"status"`
	Conclusion      *string  `json:"conclusion"`
	CreatedAt       string   `json:"created_at"`
	StartedAt       string   `json:"started_at"`
	CompletedAt     *string  `json:"completed_at"`
	Name            string   `json:"name"`
	CheckRunURL     string   `json:"check_run_url"`
	Labels          []string `json:"labels"`
	RunnerID        *int64   `json:"runner_id"`
	RunnerName      *string  `json:"runner_name"`
	RunnerGroupID   *int64   `json:"runner_group_id"`
	RunnerGroupName *string  `json:"runner_group_name"`
}

// listJobs answers GET /actions/runs/{run}/jobs. Only the latest attempt is known, whatever filter asks for.
func (c *restCall) listJobs() (any, error) {
	run, err := c.run()
	if err != nil {
		return nil, err
	}
	if _, err := c.oneOf("Job", "filter", "latest", "all"); err != nil {
		return nil, err
	}
	shown, err := pageOfList(c, run.Jobs, func(j Job) restJob { return c.showJob(run, j) })
	return map[string]any{"total_count": len(run.Jobs), "jobs": shown}, err
}

// showJob describes a job. GitHub gives a job that has not started the time of its creation as its start.
func (c *restCall) showJob(run *WorkflowRun, j Job) restJob {
	started := j.CreatedAt
	if j.StartedAt != nil {
		started = *j.StartedAt
	}
	shown := restJob{
		ID: j.ID, RunID: run.ID, RunURL: fmt.Sprintf("%s/actions/runs/%d", c.root, run.ID),
		RunAttempt: max(run.RunAttempt, 1), NodeID: nodeID("CR", j.ID), HeadSHA: run.HeadSHA, WorkflowName: run.Name,
		URL:     fmt.Sprintf("%s/actions/jobs/%d", c.root, j.ID),
		HTMLURL: fmt.Sprintf("%s/actions/runs/%d/job/%d", c.api.index.webURL(), run.ID, j.ID),
		Status:  j.Status, CreatedAt: at(j.CreatedAt), StartedAt: at(started), CompletedAt: atOrNull(j.CompletedAt),
		Name: j.Name, CheckRunURL: fmt.Sprintf("%s/check-runs/%d", c.root, j.ID), Labels: []string{},
	}
	if run.HeadBranch != "" {
		shown.HeadBranch = &run.HeadBranch
	}
	if j.Conclusion != "" {
		shown.Conclusion = &j.Conclusion
	}
	return shown
}
