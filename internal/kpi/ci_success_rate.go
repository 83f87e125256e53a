package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// CISuccessRate is the share of runs that succeed at once.
var CISuccessRate = register(Definition{
	ID: "ci-success-rate", Title: "CI success rate", Family: CI, Rank: 1,
	Unit: Ratio, Better: Higher, Needs: []model.Feed{model.Runs},
	Doc: `of the runs on production branches, those that succeeded on the first attempt

Population: runs created in the window and ended by its end, on a production branch (a merge queue's runs belong to the
branch they merge into), by push, merge_group, schedule or workflow_dispatch, that ended in success, failure, timed_out
or startup_failure. Cancelled, skipped and neutral runs do not count. Only a run's latest attempt is known.`,
	Empty:      "no run on a production branch ended with a verdict in the window",
	Plain:      "How often the automatic checks pass at once on the main line of work.",
	Moves:      "Tests that fail by chance, and changes that were not tested before they were merged.",
	BalancedBy: []string{"ci-duration"},
	Items:      []model.RefKind{model.RefRun},
	Repair:     "Mend what fails most often on the default branch; keep it green before anything else.",
	Shape: Share(func(p *Pass, trial func(model.Ref, time.Time, bool)) {
		p.eachCIRun(func(run *model.Run) {
			trial(runRef(run), run.Created, run.Conclusion == succeeded && run.Attempt == 1)
		})
	}),
})
