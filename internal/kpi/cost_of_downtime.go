package kpi

import (
	"strconv"
	"time"

	"kpi-gate/internal/model"
)

// CostOfDowntime is what the time with an open incident costs.
var CostOfDowntime = register(Definition{
	ID: "cost-of-downtime", Title: "Cost of downtime", Family: Family(Incident), Rank: 26,
	Unit: Money, Better: Lower,
	Needs: []model.Feed{model.Issues, model.PastIncidents},
	Doc: `downtime × the configured cost of an hour of it

Downtime is that of the KPI downtime. Without a configured cost the figure is not measured.`,
	Plain:      "What it costs that something was broken.",
	Moves:      "How many incidents there are, and how long each lasts.",
	BalancedBy: []string{"deployment-frequency", Incident + "-reopen-rate"},
	Items:      []model.RefKind{model.RefIssue},
	Repair:     "End the open incidents, and close those that are over.",
	Applies: func(p *Pass) string {
		if p.policy.DowntimeCost == nil {
			return noDowntimeCost
		}
		return noIncidentEver(p)
	},
	Notes: func(p *Pass, _ func(model.Ref) bool) []string {
		cost := p.policy.DowntimeCost
		if cost == nil {
			return nil
		}
		return []string{
			"An hour of downtime is taken to cost " + strconv.FormatFloat(cost.PerHour, 'f', -1, 64) + " " + cost.Currency + ".",
		}
	},
	Shape: Computed(func(
		p *Pass, keep func(model.Ref) bool, item func(model.Ref, time.Time),
	) (value float64, reason string, ok bool) {
		if p.policy.DowntimeCost == nil {
			return 0, noDowntimeCost, false
		}
		return p.downtime(keep, item).Hours() * p.policy.DowntimeCost.PerHour, "", true
	}),
})

const noDowntimeCost = "no cost of an hour is configured: set cost: { downtime-per-hour: …, currency: … }"
