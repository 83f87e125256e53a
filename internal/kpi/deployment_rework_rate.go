package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// DeploymentReworkRate is DORA's deployment rework rate (https://dora.dev/guides/dora-metrics/).
var DeploymentReworkRate = register(Definition{
	ID: "deployment-rework-rate", Title: "Deployment rework rate", Family: Delivery, Rank: 5,
	Unit: Ratio, Better: Lower, NeedsSource: true, Needs: []model.Feed{model.Commits, model.PullRequests},
	Doc: `of the successful production deployments finished in the window, those that are a rollback or ship a revert or hotfix

A revert is a change that names the change it takes back; a hotfix is a change with a hotfix label or branch.
Changes by bots count.`,
	Empty:      "no production deployment succeeded in the window",
	Plain:      "How much of the shipping is repair of what was shipped before.",
	Moves:      "Failures that tests and reviews let through.",
	BalancedBy: []string{"deployment-frequency"},
	Items:      deploymentItems,
	Repair:     "Find what the repairs had in common and catch it before the merge.",
	Shape: Share(func(p *Pass, trial func(model.Ref, time.Time, bool)) {
		rework := map[*deployment]bool{}
		p.eachChange(func(c *change) {
			if c.shipped == nil || c.shipped.shipsNothing {
				return
			}
			if _, reverts := p.revertedBy(c); reverts || c.hotfix {
				rework[c.shipped] = true
			}
		})
		for _, d := range p.deployed().successful {
			if p.Window.Contains(d.finished) {
				trial(d.ref, d.finished, d.rollback || rework[d])
			}
		}
	}),
})
