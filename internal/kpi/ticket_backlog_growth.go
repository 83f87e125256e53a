package kpi

import "kpi-gate/internal/model"

// TicketBacklogGrowth is how much the number of open issues changes.
var TicketBacklogGrowth = register(Definition{
	ID: "ticket-backlog-growth", Title: "Ticket backlog growth", Family: Planning, Rank: 4,
	Unit: Change, Better: Lower, Needs: []model.Feed{model.Issues},
	Doc: `(issues open at the end of the window − issues open at its start) ÷ issues open at its start

Population: issues of every class and of none. 0.25 means a quarter more, −0.25 a quarter fewer. From an empty backlog
there is no growth to tell, however many issues came.`,
	Plain:      "Whether more work is asked for than gets done.",
	Moves:      "More issues being opened than closed.",
	BalancedBy: []string{Bug + "-reopen-rate"},
	Items:      []model.RefKind{model.RefIssue},
	Repair:     "Resolve open issues, or close as not planned what will not be done.",
	Shape:      growth((*Pass).everyIssue),
})
