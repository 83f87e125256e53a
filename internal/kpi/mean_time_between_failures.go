package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// MeanTimeBetweenFailures is how long nothing is broken between incidents.
var MeanTimeBetweenFailures = register(Definition{
	ID: "mean-time-between-failures", Title: "Mean time between failures", Family: Family(Incident), Rank: 23,
	Unit: Seconds, Better: Higher,
	Needs: []model.Feed{model.Issues, model.PastIncidents},
	Doc: `(length of the window − downtime) ÷ incidents opened in the window

Downtime is that of the KPI downtime. Incidents closed as not planned or duplicate are left out. Without an incident in
the window the figure is not measured: it is longer than the window, nobody knows by how much.`,
	Plain:      "How long things run well until the next incident.",
	Moves:      "How often there are deployments, how large the changes are, and what was learnt from the last incidents.",
	BalancedBy: []string{"deployment-frequency", "lead-time-for-changes"},
	Items:      []model.RefKind{model.RefIssue},
	Repair:     "Find what the incidents have in common, and remove that cause first.",
	Applies:    noIncidentEver,
	Shape: Computed(func(
		p *Pass, keep func(model.Ref) bool, item func(model.Ref, time.Time),
	) (value float64, reason string, ok bool) {
		down := p.downtime(keep, item)
		opened := 0
		for _, i := range p.genuine(Incident) {
			if !p.Window.Contains(i.Created) || !keep(i.ref()) {
				continue
			}
			opened++
			if len(i.outages(p.Window)) == 0 {
				item(i.ref(), i.Created)
			}
		}
		if opened == 0 {
			return 0, "no incident was opened in the window", false
		}
		return (p.Window.Length() - down).Seconds() / float64(opened), "", true
	}),
})
