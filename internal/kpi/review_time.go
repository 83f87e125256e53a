package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// ReviewTime is the third stage of the cycle time.
var ReviewTime = register(Definition{
	ID: "review-time", Title: "Review time", Family: PullRequests, Rank: 4,
	Unit: Seconds, Better: Lower, Needs: []model.Feed{model.PullRequests, model.Reviews},
	Doc: `per pull request merged in the window that had contact: first contact → merged

Pull requests merged without any contact have no review time. Running: open with contact.`,
	Empty:      "no pull request with a first contact was merged in the window",
	Plain:      "How long it takes from the first look to acceptance.",
	Moves:      "The size of pull requests, and how many rounds of review they take.",
	BalancedBy: []string{"review-coverage", "change-failure-rate"},
	Items:      []model.RefKind{model.RefPullRequest},
	Repair:     "Finish the reviews that are under way, oldest first; keep pull requests small.",
	Shape: Durations(func(p *Pass, span func(model.Ref, time.Time, time.Time)) {
		p.eachPullRequest(func(pr *pullRequest) {
			if !pr.contact.IsZero() && (!pr.merged.IsZero() || pr.open()) {
				span(pr.ref(), pr.contact, pr.merged)
			}
		})
	}),
})
