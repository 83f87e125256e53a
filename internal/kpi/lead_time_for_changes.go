package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// LeadTimeForChanges is DORA's change lead time (https://dora.dev/guides/dora-metrics/).
var LeadTimeForChanges = register(Definition{
	ID: "lead-time-for-changes", Title: "Lead time for changes", Family: Delivery, Rank: 2,
	Unit: Seconds, Better: Lower, NeedsSource: true, Needs: []model.Feed{model.Commits, model.PullRequests},
	Doc: `per change shipped in the window: from its start to the finish of the deployment that shipped it

A change is a pull request merged into a production branch, or a direct push to one. It starts with its first commit
(or its opening, if that is earlier), a direct push with its own commit. It ships with the first successful production
deployment whose commit reaches the commit that landed it. Running: merged, not shipped.
Excluded: changes by bots; what the first deployment of the history contained.
Bias: dates of commits are set by whoever makes them; a rebase before merging may lose the first one.`,
	Empty:      "no change was shipped in the window",
	Plain:      "How long a change takes from the first line written to the people who use it.",
	Moves:      "The size of changes, waiting for review, and how seldom there are deployments.",
	BalancedBy: []string{"change-failure-rate"},
	Items:      []model.RefKind{model.RefPullRequest, model.RefCommit},
	Repair:     "Review and deploy what is waiting, oldest first.",
	Shape: Durations(func(p *Pass, span func(model.Ref, time.Time, time.Time)) {
		p.eachShippable(func(c *change, shipped time.Time) {
			span(c.ref(p), c.start(p), shipped)
		})
	}),
})
