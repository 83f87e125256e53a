package kpi

import "kpi-gate/internal/model"

// BacklogGrowth is how much the number of open issues changes.
var BacklogGrowth = registerClass(func(class string) Definition {
	return Definition{
		ID: "backlog-growth", Title: "Backlog growth", Rank: 9, Unit: Change, Better: Lower,
		Doc: `(issues open at the end of the window − issues open at its start) ÷ issues open at its start

0.25 means a quarter more, −0.25 a quarter fewer. Which issues are of the class is as known at the end of the window, for
both counts. From an empty backlog there is no growth to tell, however many issues came. Incidents closed as not planned
or duplicate are left out of both counts.`,
		Plain:      "Whether unsolved problems pile up.",
		Moves:      "More being reported than resolved.",
		BalancedBy: []string{class + "-reopen-rate"},
		Items:      []model.RefKind{model.RefIssue},
		Repair:     "Resolve open issues, or close as not planned what will not be done.",
		Shape:      growth(func(p *Pass) []*issue { return p.genuine(class) }),
	}
})
