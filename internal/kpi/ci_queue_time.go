package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// CIQueueTime is how long jobs wait for a machine.
var CIQueueTime = register(Definition{
	ID: "ci-queue-time", Title: "CI queue time", Family: CI, Rank: 5,
	Unit: Seconds, Better: Lower, Needs: []model.Feed{model.Runs, model.Jobs},
	Doc: `per job of the runs on production branches: created → started

Population: jobs of the runs created in the window and ended by its end, on a production branch (a merge queue's runs
belong to the branch they merge into), by push, merge_group, schedule or workflow_dispatch, that ended in success,
failure, timed_out or startup_failure. Jobs that were skipped or never started waited for nothing and are left out. Only
the jobs of a run's latest attempt are known.
Bias: a job that waits for an approval or for a concurrency group waits too, and no machine would help it.`,
	Empty:      "no job of a run on a production branch started in the window",
	Plain:      "How long the automatic checks wait for a machine before they begin.",
	Moves:      "How many machines there are, and how many jobs ask for them at once.",
	BalancedBy: []string{"ci-duration"},
	Items:      []model.RefKind{model.RefJob},
	Repair:     "Add runners, cancel runs that a newer push has overtaken, and join jobs that are only seconds long.",
	Shape: Durations(func(p *Pass, span func(model.Ref, time.Time, time.Time)) {
		p.eachCIJob(func(job *model.Job) {
			if job.Conclusion != "skipped" && p.known(job.Started) {
				span(jobRef(job), job.Created, job.Started)
			}
		})
	}),
})
