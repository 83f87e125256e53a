package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// DeployTime is the last stage of the lead time: from merge to production.
var DeployTime = register(Definition{
	ID: "deploy-time", Title: "Deploy time", Family: PullRequests, Rank: 5,
	Unit: Seconds, Better: Lower, NeedsSource: true, Needs: []model.Feed{model.Commits, model.PullRequests},
	Doc: `per pull request shipped in the window: merged → shipped

Population: pull requests by people into a production branch, shipped as for lead-time-for-changes. Running: merged,
not shipped. Cycle time plus deploy time is lead time, for each pull request that has both.`,
	Empty:      "no pull request was shipped in the window",
	Plain:      "How long finished work waits before the people who use the product get it.",
	Moves:      "How often there are deployments, and approvals between merge and production.",
	BalancedBy: []string{"change-failure-rate"},
	Items:      []model.RefKind{model.RefPullRequest},
	Repair:     "Deploy what is merged, oldest first; deploy on every merge where that is safe.",
	Shape: Durations(func(p *Pass, span func(model.Ref, time.Time, time.Time)) {
		p.eachShippable(func(c *change, shipped time.Time) {
			if c.pr != nil {
				span(c.ref(p), c.merged, shipped)
			}
		})
	}),
})
