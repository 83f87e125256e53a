package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// DeploymentSuccessRate is the share of deployment attempts that worked.
var DeploymentSuccessRate = register(Definition{
	ID: "deployment-success-rate", Title: "Deployment success rate", Family: Delivery, Rank: 6,
	Unit: Ratio, Better: Higher, NeedsSource: true, CountsAttempts: true,
	Doc: `of the production deployment attempts that ended in the window, the successes

An attempt succeeds with its first SUCCESS status; it fails, if it never had one, with its first FAILURE or ERROR. For
the source workflow a run fails by failure, timed_out or startup_failure. Cancelled, skipped and unfinished attempts
have not ended. Releases, tags and merges have no attempts.`,
	Empty:      "no production deployment attempt ended in the window",
	Plain:      "How often pressing the deploy button works.",
	Moves:      "Deployment scripts, credentials and environments that differ from one another.",
	BalancedBy: []string{"deployment-frequency"},
	Items:      deploymentItems,
	Repair:     "Mend the deployment itself: look at the failed attempts' logs.",
	Applies: func(p *Pass) string {
		if p.source == model.SourceDeployments || p.source == model.SourceWorkflow {
			return ""
		}
		return "the source " + string(p.source) + " knows no failed attempts"
	},
	Shape: Share(func(p *Pass, trial func(model.Ref, time.Time, bool)) {
		for _, a := range p.deployed().attempts {
			if p.Window.Contains(a.ended) {
				trial(a.ref, a.ended, a.success)
			}
		}
	}),
})
