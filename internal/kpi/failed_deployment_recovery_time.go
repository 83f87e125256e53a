package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// FailedDeploymentRecoveryTime is DORA's failed deployment recovery time (https://dora.dev/guides/dora-metrics/).
var FailedDeploymentRecoveryTime = register(Definition{
	ID: "failed-deployment-recovery-time", Title: "Failed deployment recovery time", Family: Delivery, Rank: 4,
	Unit: Seconds, Better: Lower, NeedsSource: true, FollowsFailures: true,
	Needs:    []model.Feed{model.Commits, model.PullRequests, model.Issues},
	Mentions: []model.Feed{model.PastIncidents},
	Doc: `per failed deployment recovered in the window: its finish → its recovery

A deployment failed if change-failure-rate has a signal for it. A rollback is answered when the rollback finishes, a
revert or hotfix when the deployment that ships it finishes, an incident when it is closed. A deployment is recovered
at the latest answer, and not while one is missing. Running: not recovered.`,
	Empty:      "no failed deployment was recovered in the window",
	Plain:      "How long the people who use the product live with a bad version.",
	Moves:      "How soon a failure is noticed, and how quickly the last good version can be put back.",
	BalancedBy: []string{"deployment-rework-rate"},
	Items:      deploymentItems,
	Repair:     "Roll back or ship the fix for what is still broken; close the incidents that are over.",
	Notes:      noIncidentsNote,
	Shape: Durations(func(p *Pass, span func(model.Ref, time.Time, time.Time)) {
		p.eachFailure(func(f *failure) {
			if f.failed {
				span(f.ref, f.finished, f.recovered)
			}
		})
	}),
})
