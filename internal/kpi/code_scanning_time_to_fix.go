package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// CodeScanningTimeToFix is how long a weakness that code scanning found stays in the code.
var CodeScanningTimeToFix = register(Definition{
	ID: "code-scanning-time-to-fix", Title: "Code scanning time to fix", Family: Alerts, Rank: 3,
	Unit: Seconds, Better: Lower, Needs: []model.Feed{model.CodeScanningAlerts},
	Doc: `per code scanning alert fixed in the window: raised → fixed

Population: code scanning's alerts on the default branch, of every tool and severity. Open ones are running. Dismissed
alerts are left out.
Bias: the clock starts with the first scan that found it. An alert that comes back after its fix counts as never
fixed.`,
	Empty:      "no code scanning alert was fixed in the window",
	Plain:      "How long a weakness stays in the code after a machine has pointed at it.",
	Moves:      "Whether findings are shown on pull requests, and how many of them are false alarms.",
	BalancedBy: []string{"change-failure-rate"},
	Items:      []model.RefKind{model.RefAlert},
	Repair:     "Fix the oldest and most severe findings, and dismiss false alarms with a reason.",
	Shape: Durations(func(p *Pass, span func(model.Ref, time.Time, time.Time)) {
		p.eachAlert(p.snapshot.CodeScanning, span)
	}),
})
