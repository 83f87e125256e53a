package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// Backlog is how many issues are open.
var Backlog = registerClass(func(class string) Definition {
	return Definition{
		ID: "backlog", Title: "Backlog", Rank: 7, Unit: Items, Better: Lower,
		Doc: `issues open at the end of the window

Every open issue of the class counts, however old.`,
		Plain:      "How many reported problems are unsolved.",
		Moves:      "More being reported than resolved.",
		BalancedBy: []string{class + "-reopen-rate"},
		Items:      []model.RefKind{model.RefIssue},
		Repair:     "Resolve open issues, or close as not planned what will not be done.",
		Shape: Level(func(p *Pass, there func(model.Ref, time.Time)) {
			for _, i := range p.class(class) {
				if i.open() {
					there(i.ref(), i.Created)
				}
			}
		}),
	}
})
