package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// DeploymentFrequency is DORA's deployment frequency (https://dora.dev/guides/dora-metrics/).
var DeploymentFrequency = register(Definition{
	ID: "deployment-frequency", Title: "Deployment frequency", Family: Delivery, Rank: 1,
	Unit: PerDay, Better: Higher, NeedsSource: true,
	Doc: `successful production deployments finished in the window ÷ days in the window

Population: deployments of the report's source that reached production. A deployment finishes with its first SUCCESS
status; later statuses such as INACTIVE (superseded) are ignored. Failed and unfinished attempts are left out.
It is 0 when the source has production deployments but none in the window, and not measured when it never had any.`,
	Plain:      "How often a new version reaches the people who use it.",
	Moves:      "Small changes, and a deployment that needs nobody's hand.",
	BalancedBy: []string{"change-failure-rate"},
	Items:      deploymentItems,
	Repair:     "Ship what is merged, and split large changes so that each can be deployed on its own.",
	Shape: Rate(func(p *Pass, event func(model.Ref, time.Time)) {
		for _, d := range p.deployed().successful {
			event(d.ref, d.finished)
		}
	}),
})
