package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// OpenVulnerabilities is how many known vulnerabilities are in the dependencies.
var OpenVulnerabilities = register(Definition{
	ID: "open-vulnerabilities", Title: "Open vulnerabilities", Family: Alerts, Rank: 2,
	Unit: Items, Better: Lower, Needs: []model.Feed{model.VulnerabilityAlerts},
	Doc: `Dependabot alerts open at the end of the window

Population: Dependabot's alerts on the default branch, of every severity, neither fixed nor dismissed. A filter on the
severity leaves out what is harmless.
Bias: an alert that was dismissed and reopened later counts as if it had been open all the time.`,
	Plain:      "How many publicly known weaknesses are in what is shipped.",
	Moves:      "New weaknesses becoming known faster than dependencies are updated.",
	BalancedBy: []string{"change-failure-rate"},
	Items:      []model.RefKind{model.RefAlert},
	Repair:     "Merge the updates that mend open alerts, and dismiss with a reason what does not concern the project.",
	Shape: Level(func(p *Pass, there func(model.Ref, time.Time)) {
		p.eachOpenAlert(p.snapshot.Vulnerabilities, there)
	}),
})
