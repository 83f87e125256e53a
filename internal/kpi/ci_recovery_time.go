package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// CIRecoveryTime is how long a production branch stays red.
var CIRecoveryTime = register(Definition{
	ID: "ci-recovery-time", Title: "CI recovery time", Family: CI, Rank: 4,
	Unit: Seconds, Better: Lower, Needs: []model.Feed{model.Runs},
	Doc: `per workflow and branch that turned red: the first failed run's end → the next success's end

Population: runs on a production branch (a merge queue's runs belong to the branch they merge into), by push,
merge_group, schedule or workflow_dispatch, that ended in success, failure, timed_out or startup_failure, in the order
in which they ended. A workflow is red on a branch from the end of the first failed run after a success to the end of
the next success; lengths that end in the window count, and what is still red at its end is running. A workflow that
has never been seen to succeed cannot turn red.
Bias: only a run's latest attempt is known, so what was red until the same run was tried again is not seen.`,
	Empty:      "no workflow went from red to green on a production branch in the window",
	Plain:      "How long everybody has to work with checks that fail for all.",
	Moves:      "Whether somebody looks at once, how long checks take, and whether a bad change is taken back first.",
	BalancedBy: []string{"change-failure-rate"},
	Items:      []model.RefKind{model.RefRun},
	Repair:     "Revert the change that turned the branch red; mend it afterwards, off the branch.",
	Shape: Durations(func(p *Pass, span func(model.Ref, time.Time, time.Time)) {
		p.eachRedStreak(func(first *model.Run, green time.Time) { span(runRef(first), first.Updated, green) })
	}),
})
