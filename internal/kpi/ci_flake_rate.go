package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// CIFlakeRate is the share of runs that succeed only when tried again.
var CIFlakeRate = register(Definition{
	ID: "ci-flake-rate", Title: "CI flake rate", Family: CI, Rank: 2,
	Unit: Ratio, Better: Lower, Needs: []model.Feed{model.Runs},
	Doc: `of the runs on production branches, those that succeeded only on a later attempt

Population: runs created in the window and ended by its end, on a production branch (a merge queue's runs belong to the
branch they merge into), by push, merge_group, schedule or workflow_dispatch, that ended in success, failure, timed_out
or startup_failure. Cancelled, skipped and neutral runs do not count. Only a run's latest attempt is known.`,
	Empty:      "no run on a production branch ended with a verdict in the window",
	Plain:      "How often a check fails and then passes without a change: alarms that teach people to ignore alarms.",
	Moves:      "Tests that depend on time, order or the network.",
	BalancedBy: []string{"ci-success-rate"},
	Items:      []model.RefKind{model.RefRun},
	Repair:     "Find the tests that fail by chance in the re-run runs, and mend or remove them.",
	Shape: Share(func(p *Pass, trial func(model.Ref, time.Time, bool)) {
		p.eachCIRun(func(run *model.Run) {
			trial(runRef(run), run.Created, run.Conclusion == succeeded && run.Attempt > 1)
		})
	}),
})
