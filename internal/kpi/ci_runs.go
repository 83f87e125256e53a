package kpi

import (
	"slices"

	"kpi-gate/internal/model"
)

// The events and conclusions that CI figures count: what runs on a production branch itself, and ended with a verdict.
var (
	ciEvents      = []string{"push", "merge_group", "schedule", "workflow_dispatch"}
	ciConclusions = []string{"success", "failure", "timed_out", "startup_failure"}
)

// eachCIRun yields the runs created in the window on a production branch that have ended with a verdict by now.
func (p *Pass) eachCIRun(yield func(*model.Run)) {
	for i := range p.snapshot.Runs {
		run := &p.snapshot.Runs[i]
		if p.Window.Contains(run.Created) && run.Status == "completed" && p.known(run.Updated) &&
			slices.Contains(ciEvents, run.Event) && slices.Contains(ciConclusions, run.Conclusion) &&
			p.isProduction(run.TargetBranch()) {
			yield(run)
		}
	}
}
