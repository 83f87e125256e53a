package githubsim

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// The workflow files of a generated repository.
const (
	ciPath      = ".github/workflows/ci.yml"
	deployPath  = ".github/workflows/deploy.yml"
	nightlyPath = ".github/workflows/nightly.yml"
)

// The workflows by their ids.
var workflows = []Workflow{
	{ID: 71_000_001, Name: "CI", Path: ciPath, State: "active"},
	{ID: 71_000_002, Name: "Deploy", Path: deployPath, State: "active"},
	{ID: 71_000_003, Name: "Nightly", Path: nightlyPath, State: "active"},
}

// outcomes are how often runs end how, in percent; what is left succeeds.
type outcomes struct{ failure, cancelled, skipped, timedOut int }

var (
	onMain        = outcomes{failure: 6, cancelled: 2, timedOut: 1}
	onPullRequest = outcomes{failure: 16, cancelled: 7, skipped: 2, timedOut: 1}
)

// writeRuns puts exactly as many runs into the world as the plan says, newest first: those of main, of the merge
// queue, of deployments and of the schedule first, and the rest on the branches of pull requests.
func (g *generator) writeRuns() {
	g.world.Workflows = slices.Clone(workflows)
	runs := g.runsOfMain()
	if len(runs) > g.Runs {
		g.rng.Shuffle(len(runs), func(i, j int) { runs[i], runs[j] = runs[j], runs[i] })
		runs = runs[:g.Runs]
	}
	for len(runs) < g.Runs {
		runs = append(runs, g.runOfPull())
	}
	slices.SortStableFunc(runs, func(a, b WorkflowRun) int { return a.CreatedAt.Compare(b.CreatedAt) })
	const firstRunID, firstJobID = 9_000_000_001, 30_000_000_001
	numbers := map[int64]int{}
	job := int64(firstJobID)
	for i := range runs {
		run := &runs[i]
		run.ID = firstRunID + 3*int64(i)
		numbers[run.WorkflowID]++
		run.RunNumber = numbers[run.WorkflowID]
		if g.Jobs {
			run.Jobs = g.jobs(run, &job)
		}
	}
	slices.Reverse(runs)
	g.world.WorkflowRuns = runs
}

// runsOfMain are the runs that the history of main asks for.
func (g *generator) runsOfMain() []WorkflowRun {
	var runs []WorkflowRun
	for _, c := range g.main {
		if c.at.After(g.began) {
			at := c.at.Add(g.uniform(2*time.Second, 20*time.Second))
			runs = append(runs, g.run(workflows[0], "push", mainBranch, c.oid, at, onMain))
		}
	}
	for _, d := range g.pulls {
		if d.lands() && d.method == mergeCommit && d.CreatedAt.Before(d.MergedAt.Add(-12*time.Minute)) {
			onto := g.head(d.MergedAt.Add(-time.Second))
			queue := fmt.Sprintf("gh-readonly-queue/%s/pr-%d-%s", mainBranch, d.Number, onto)
			queued := d.MergedAt.Add(-11 * time.Minute)
			runs = append(runs, g.run(workflows[0], "merge_group", queue, d.MergeCommit, queued, onMain))
		}
	}
	for _, d := range g.world.Deployments {
		if d.IsTransient {
			continue
		}
		event := "push"
		// What a person deployed, that person started.
		if d.AuthorType == "" {
			event = "workflow_dispatch"
		}
		runs = append(runs, g.deployRun(d, event))
	}
	for night := g.began.Truncate(24 * time.Hour); night.Before(g.Until); night = night.AddDate(0, 0, 1) {
		at := night.Add(2*time.Hour + 17*time.Minute + g.uniform(0, 25*time.Minute)) // schedules start late under load
		if at.After(g.began) && g.past(at) {
			runs = append(runs, g.run(workflows[2], "schedule", mainBranch, g.head(at), at, onMain))
		}
	}
	return runs
}

// deployRun is the run that made a deployment, and ended as it did.
func (g *generator) deployRun(d Deployment, event string) WorkflowRun {
	at := d.CreatedAt.Add(-g.uniform(5*time.Second, 40*time.Second))
	run := g.run(workflows[1], event, mainBranch, d.SHA, at, outcomes{})
	run.Actor, run.AuthorType = d.Creator, d.AuthorType
	if run.Status == "completed" {
		run.Conclusion = "cancelled" // unless the deployment tells of its end
	}
	for _, s := range d.Statuses {
		switch s.State {
		case "SUCCESS":
			run.Conclusion, run.UpdatedAt = "success", s.CreatedAt
		case "FAILURE":
			run.Conclusion, run.UpdatedAt = "failure", s.CreatedAt
		}
	}
	return run
}

// runOfPull is a run on a pull request's branch or, in a repository without any, one that somebody started.
func (g *generator) runOfPull() WorkflowRun {
	if len(g.pulls) == 0 {
		at := g.moment()
		return g.run(workflows[0], "workflow_dispatch", mainBranch, g.head(at), at, onMain)
	}
	d := g.pulls[g.rng.IntN(len(g.pulls))]
	c := d.commits[g.rng.IntN(len(d.commits))]
	at := later(d.CreatedAt, c.CommittedDate).Add(g.uniform(2*time.Second, 2*time.Minute))
	at = earlier(at, g.Until.Add(-time.Second))
	run := g.run(workflows[0], "pull_request", d.HeadRefName, c.OID, at, onPullRequest)
	run.Actor, run.AuthorType = d.Author, d.AuthorType
	return run
}

// run is a run that begins at an instant. Some that failed were run again, and most of these succeeded then: GitHub
// tells of the latest attempt only.
func (g *generator) run(w Workflow, event, branch, sha string, at time.Time, odds outcomes) WorkflowRun {
	actor := g.maintainerPointer()
	started := at
	run := WorkflowRun{
		Name: w.Name, WorkflowID: w.ID, Path: w.Path, HeadBranch: branch, HeadSHA: sha, Event: event,
		Status: "completed", Conclusion: g.conclusion(odds), RunAttempt: 1, CreatedAt: at, RunStartedAt: &started,
		Actor: &actor.login,
	}
	median, sigma := 7*time.Minute, 0.35
	if w.Path == nightlyPath {
		median = 38 * time.Minute
	}
	if run.Conclusion == "failure" && g.chance(0.3) {
		run.RunAttempt = 2
		started = earlier(at.Add(g.spread(45*time.Minute, 1)), g.Until.Add(-time.Second))
		if g.chance(0.75) {
			run.Conclusion = "success"
		}
	}
	run.UpdatedAt = started.Add(g.spread(median, sigma))
	switch run.Conclusion {
	case "skipped":
		run.UpdatedAt = started.Add(time.Second)
	case "timed_out":
		run.UpdatedAt = started.Add(6 * time.Hour)
	}
	if !g.past(run.UpdatedAt) {
		run.Status, run.Conclusion, run.UpdatedAt = "in_progress", "", g.Until.Add(-time.Second)
	}
	return run
}

// conclusion draws how a run ends.
func (g *generator) conclusion(o outcomes) string {
	x := g.rng.IntN(100)
	for _, c := range []struct {
		name  string
		share int
	}{{"failure", o.failure}, {"cancelled", o.cancelled}, {"skipped", o.skipped}, {"timed_out", o.timedOut}} {
		if x -= c.share; x < 0 {
			return c.name
		}
	}
	return "success"
}

// jobs are a run's two jobs. They wait for a machine, at times for long; a skipped run has none.
func (g *generator) jobs(run *WorkflowRun, id *int64) []Job {
	if run.Conclusion == "skipped" {
		return nil
	}
	jobs := make([]Job, 0, 2)
	for _, name := range []string{"build", "test"} {
		created := *run.RunStartedAt
		started := earlier(created.Add(g.spread(9*time.Second, 1.2)), run.UpdatedAt)
		job := Job{
			ID: *id, Name: name, Status: run.Status, Conclusion: run.Conclusion, CreatedAt: created,
			StartedAt: &started,
		}
		if run.Status == "completed" {
			completed := run.UpdatedAt
			job.CompletedAt = &completed
		}
		*id += cmp.Or(int64(g.rng.IntN(5)), 1)
		jobs = append(jobs, job)
	}
	return jobs
}
