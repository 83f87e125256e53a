package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// MilestonesOnTime is the share of milestones that were closed when they were due.
var MilestonesOnTime = register(Definition{
	ID: "milestones-on-time", Title: "Milestones on time", Family: Planning, Rank: 3,
	Unit: Ratio, Better: Higher, Needs: []model.Feed{model.Milestones},
	Doc: `of the milestones due in the window, those closed by the end of the due day (UTC)

Milestones without a due date do not count. A milestone that is due on the very day on which the window ends, and is
still open then, counts as late.
Bias: GitHub tells a milestone's last close and today's due date only: one that was closed in time, reopened and closed
again later is late, and one whose date was put off is on time.`,
	Empty:      "no milestone was due in the window",
	Plain:      "How often a promised date was kept.",
	Moves:      "How much is planned for one date, and how soon it shows that it will not fit.",
	BalancedBy: []string{"milestone-completion-rate"},
	Items:      []model.RefKind{model.RefMilestone},
	Repair:     "Close what is done, and cut the scope of the next milestone to what fits before its date.",
	Shape: Share(func(p *Pass, trial func(model.Ref, time.Time, bool)) {
		p.eachDueMilestone(func(m *model.Milestone) {
			trial(milestoneRef(m), m.Due, p.known(m.Closed) && m.Closed.Before(endOfDay(m.Due)))
		})
	}),
})
