package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// Resolved is how many issues are closed as completed.
var Resolved = registerClass(func(class string) Definition {
	return Definition{
		ID: "resolved", Title: "Resolved", Rank: 6, Unit: PerDay, Better: Higher,
		Doc: `issues closed as completed in the window ÷ days in the window

Closed as not planned or duplicate: left out. An issue counts with its last close.`,
		Plain:      "How many problems are solved in a day.",
		Moves:      "How much time is left for it beside planned work.",
		BalancedBy: []string{class + "-reopen-rate"},
		Items:      []model.RefKind{model.RefIssue},
		Repair:     "Resolve open issues, oldest first.",
		Shape: Rate(func(p *Pass, event func(model.Ref, time.Time)) {
			for _, i := range p.class(class) {
				event(i.ref(), i.resolved())
			}
		}),
	}
})
