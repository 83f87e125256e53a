package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// ReviewCoverage is the share of merged pull requests that somebody approved.
var ReviewCoverage = register(Definition{
	ID: "review-coverage", Title: "Review coverage", Family: PullRequests, Rank: 8,
	Unit: Ratio, Better: Higher, Needs: []model.Feed{model.PullRequests, model.Reviews},
	Doc: `of the pull requests merged in the window, those approved at or before the merge by a person other than the author

Bias: GitHub turns an approval that was dismissed later into a dismissed review, so it no longer counts.`,
	Empty:      "no pull request was merged in the window",
	Plain:      "How much of the work a second pair of eyes has accepted.",
	Moves:      "Branch protection, and whether there is anybody to ask.",
	BalancedBy: []string{"pickup-time"},
	Items:      []model.RefKind{model.RefPullRequest},
	Repair:     "Ask for a review before merging; a branch rule can require one.",
	Shape: Share(func(p *Pass, trial func(model.Ref, time.Time, bool)) {
		p.eachPullRequest(func(pr *pullRequest) {
			if p.Window.Contains(pr.merged) {
				trial(pr.ref(), pr.merged, p.approved(pr))
			}
		})
	}),
})
