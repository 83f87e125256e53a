package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// OpenCodeScanningAlerts is how many weaknesses that code scanning found are in the code.
var OpenCodeScanningAlerts = register(Definition{
	ID: "open-code-scanning-alerts", Title: "Open code scanning alerts", Family: Alerts, Rank: 4,
	Unit: Items, Better: Lower, Needs: []model.Feed{model.CodeScanningAlerts},
	Doc: `code scanning alerts open at the end of the window

Population: code scanning's alerts on the default branch, of every tool and severity, neither fixed nor dismissed. A
filter on the severity leaves out what is harmless.
Bias: an alert that was dismissed and reopened later counts as if it had been open all the time.`,
	Plain:      "How many weaknesses in the code are known and not mended.",
	Moves:      "New findings faster than fixes, and false alarms that nobody dismisses.",
	BalancedBy: []string{"change-failure-rate"},
	Items:      []model.RefKind{model.RefAlert},
	Repair:     "Fix open findings, and dismiss false alarms with a reason.",
	Shape: Level(func(p *Pass, there func(model.Ref, time.Time)) {
		p.eachOpenAlert(p.snapshot.CodeScanning, there)
	}),
})
