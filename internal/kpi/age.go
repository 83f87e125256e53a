package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// Age is how old open issues are.
var Age = registerClass(func(class string) Definition {
	return Definition{
		ID: "age", Title: "Age", Rank: 8, Unit: Seconds, Better: Lower,
		Doc: `per issue open at the end of the window: how long it has been open

Seconds since it was opened.`,
		Empty:      "no issue is open",
		Plain:      "How old the unsolved problems are.",
		Moves:      "Issues that nobody decides about.",
		BalancedBy: []string{class + "-reopen-rate"},
		Items:      []model.RefKind{model.RefIssue},
		Repair:     "Resolve the oldest issues, or close as not planned what will not be done.",
		Shape: Ages(func(p *Pass, there func(model.Ref, time.Time)) {
			for _, i := range p.class(class) {
				if i.open() {
					there(i.ref(), i.Created)
				}
			}
		}),
	}
})
