package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// CIDuration is how long a run takes.
var CIDuration = register(Definition{
	ID: "ci-duration", Title: "CI duration", Family: CI, Rank: 3,
	Unit: Seconds, Better: Lower, Needs: []model.Feed{model.Runs},
	Doc: `per run on a production branch that was not re-run: started → ended

Population: runs created in the window and ended by its end, on a production branch (a merge queue's runs belong to the
branch they merge into), by push, merge_group, schedule or workflow_dispatch, that ended in success, failure, timed_out
or startup_failure. Cancelled, skipped and neutral runs do not count. Only a run's latest attempt is known, with its
own start: runs that were tried again are left out.`,
	Empty:      "no run on a production branch ended on its first attempt in the window",
	Plain:      "How long people wait for the automatic checks.",
	Moves:      "The number of tests, what is built anew every time, and how much runs side by side.",
	BalancedBy: []string{"ci-success-rate"},
	Items:      []model.RefKind{model.RefRun},
	Repair:     "Cache dependencies, split the slowest jobs, and drop checks that never find anything.",
	Shape: Durations(func(p *Pass, span func(model.Ref, time.Time, time.Time)) {
		p.eachCIRun(func(run *model.Run) {
			if run.Attempt == 1 {
				span(runRef(run), run.Started, run.Updated)
			}
		})
	}),
})
