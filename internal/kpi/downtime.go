package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// Downtime is for how long an incident was open.
var Downtime = register(Definition{
	ID: "downtime", Title: "Downtime", Family: Family(Incident), Rank: 25,
	Unit: Seconds, Better: Lower,
	Needs: []model.Feed{model.Issues, model.PastIncidents},
	Doc: `time within the window in which at least one incident was open, in seconds

An incident is open from its opening to its close, and again from each reopening; one still open lasts until the end of
the window. Time in which several are open counts once. Incidents closed as not planned or duplicate are left out.
Bias: an incident need not take everything down, and is opened after it began and closed after it ended.`,
	Plain:      "For how long something was broken.",
	Moves:      "How many incidents there are, and how long each lasts.",
	BalancedBy: []string{"deployment-frequency", Incident + "-reopen-rate"},
	Items:      []model.RefKind{model.RefIssue},
	Repair:     "End the open incidents, and close those that are over.",
	Applies:    noIncidentEver,
	Shape: Computed(func(
		p *Pass, keep func(model.Ref) bool, item func(model.Ref, time.Time),
	) (value float64, reason string, ok bool) {
		return p.downtime(keep, item).Seconds(), "", true
	}),
})
