package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// Availability is the share of the time in which no incident was open.
var Availability = register(Definition{
	ID: "availability", Title: "Availability", Family: Family(Incident), Rank: 24,
	Unit: Ratio, Better: Higher,
	Needs: []model.Feed{model.Issues, model.PastIncidents},
	Doc: `1 − downtime ÷ length of the window

Downtime is that of the KPI downtime: the time in which an incident was open.
Bias: an incident need not take everything down, and is opened after it began and closed after it ended. Monitoring
knows better.`,
	Plain:      "How much of the time nothing was broken.",
	Moves:      "How many incidents there are, and how long each lasts.",
	BalancedBy: []string{"deployment-frequency", "lead-time-for-changes"},
	Items:      []model.RefKind{model.RefIssue},
	Repair:     "End the open incidents, and close those that are over.",
	Applies:    noIncidentEver,
	Shape: Computed(func(
		p *Pass, keep func(model.Ref) bool, item func(model.Ref, time.Time),
	) (value float64, reason string, ok bool) {
		return 1 - p.downtime(keep, item).Seconds()/p.Window.Length().Seconds(), "", true
	}),
})
