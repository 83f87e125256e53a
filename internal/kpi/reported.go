package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// Reported is how many issues are opened.
var Reported = registerClass(func(class string) Definition {
	return Definition{
		ID: "reported", Title: "Reported", Rank: 5, Unit: PerDay, Better: Lower,
		Doc: `issues opened in the window ÷ days in the window

Every issue of the class counts, however it was closed.`,
		Plain:      "How many problems are reported in a day.",
		Moves:      "What was shipped lately, and how many people use it.",
		BalancedBy: []string{class + "-time-to-acknowledge"},
		Items:      []model.RefKind{model.RefIssue},
		Repair:     "Find what the reports have in common.",
		Shape: Rate(func(p *Pass, event func(model.Ref, time.Time)) {
			for _, i := range p.class(class) {
				event(i.ref(), i.Created)
			}
		}),
	}
})
