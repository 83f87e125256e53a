package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// PickupTime is the second stage of the cycle time.
var PickupTime = register(Definition{
	ID: "pickup-time", Title: "Pickup time", Family: PullRequests, Rank: 3,
	Unit: Seconds, Better: Lower, Needs: []model.Feed{model.PullRequests, model.Reviews},
	Doc: `per pull request whose first contact came in the window: ready → first contact

First contact: the first submitted review or comment by a person other than the author, not after it was merged or
closed. Running: open, not a draft, without contact.`,
	Empty:      "no pull request had its first contact in the window",
	Plain:      "How long finished work waits for a first look.",
	Moves:      "How many pull requests wait at once, and whether anybody is asked to review.",
	BalancedBy: []string{"review-time"},
	Items:      []model.RefKind{model.RefPullRequest},
	Repair:     "Answer the pull requests that nobody has looked at, oldest first.",
	Shape: Durations(func(p *Pass, span func(model.Ref, time.Time, time.Time)) {
		p.eachPullRequest(func(pr *pullRequest) {
			if pr.ready.IsZero() || pr.contact.IsZero() && !pr.open() {
				return
			}
			span(pr.ref(), pr.ready, pr.contact)
		})
	}),
})
