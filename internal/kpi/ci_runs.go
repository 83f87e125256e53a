package kpi

import (
	"cmp"
	"path"
	"slices"
	"time"

	"kpi-gate/internal/model"
)

// manual is the event of a run that somebody started by hand or over the API.
const manual = "workflow_dispatch"

// The events and conclusions that CI figures count: what runs on a production branch itself, and ended with a verdict.
var (
	ciEvents      = []string{"push", model.MergeGroup, "schedule", manual}
	ciConclusions = []string{succeeded, "failure", "timed_out", "startup_failure"}
)

// succeeded is the conclusion of a run that passed.
const succeeded = "success"

// CIEvents are the events whose runs can speak for CI.
func CIEvents() []string { return slices.Clone(ciEvents) }

// speaksForCI reports whether a run counts in CI figures: it was on a production branch, and ended with a verdict by
// now.
func (p *Pass) speaksForCI(run *model.Run) bool {
	return p.policy.SpeaksForCI(*run) && p.known(run.Updated) && p.isProduction(run.TargetBranch())
}

// SpeaksForCI reports whether a run counts in CI figures, if it was on a production branch: it ended with a verdict,
// and is of no excluded workflow.
func (p *Policy) SpeaksForCI(run model.Run) bool {
	return run.Status == "completed" && slices.Contains(ciEvents, run.Event) &&
		slices.Contains(ciConclusions, run.Conclusion) &&
		!p.ExcludedWorkflows.matchAny([]string{run.Workflow, path.Base(run.Workflow)})
}

// eachCIRun yields the runs created in the window on a production branch that have ended with a verdict by now.
func (p *Pass) eachCIRun(yield func(*model.Run)) {
	for i := range p.snapshot.Runs {
		if run := &p.snapshot.Runs[i]; p.Window.Contains(run.Created) && p.speaksForCI(run) {
			yield(run)
		}
	}
}

// eachCIJob yields the jobs of these runs.
func (p *Pass) eachCIJob(yield func(*model.Job)) {
	runs := map[int64]bool{}
	p.eachCIRun(func(run *model.Run) { runs[run.ID] = true })
	for i := range p.snapshot.Jobs {
		if job := &p.snapshot.Jobs[i]; runs[job.Run] {
			yield(job)
		}
	}
}

func jobRef(job *model.Job) model.Ref {
	return model.Ref{Kind: model.RefJob, ID: job.ID, URL: job.URL, Title: job.Name}
}

// eachRedStreak yields, for each workflow on each production branch, the first failed run after a success and the end
// of the next success, zero while there is none. Runs created before the reach need not be there, so none of them is
// used.
func (p *Pass) eachRedStreak(yield func(first *model.Run, green time.Time)) {
	type line struct{ workflow, branch string }
	lines := map[line][]*model.Run{}
	for i := range p.snapshot.Runs {
		if run := &p.snapshot.Runs[i]; !run.Created.Before(p.reach) && p.speaksForCI(run) {
			of := line{run.Workflow, run.TargetBranch()}
			lines[of] = append(lines[of], run)
		}
	}
	for _, runs := range lines {
		slices.SortFunc(runs, func(a, b *model.Run) int {
			return cmp.Or(a.Updated.Compare(b.Updated), cmp.Compare(a.ID, b.ID))
		})
		green := false
		var red *model.Run
		for _, run := range runs {
			switch {
			case run.Conclusion != succeeded && green:
				green, red = false, run
			case run.Conclusion == succeeded && red != nil:
				yield(red, run.Updated)
				green, red = true, nil
			case run.Conclusion == succeeded:
				green = true
			}
		}
		if red != nil {
			yield(red, time.Time{})
		}
	}
}
