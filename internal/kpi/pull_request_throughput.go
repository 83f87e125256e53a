package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// PullRequestThroughput is how many pull requests are merged.
var PullRequestThroughput = register(Definition{
	ID: "pull-request-throughput", Title: "Pull request throughput", Family: PullRequests, Rank: 7,
	Unit: PerDay, Better: Higher, Needs: []model.Feed{model.PullRequests},
	Doc: `pull requests merged in the window ÷ days in the window

Population: pull requests by people, into any branch.`,
	Plain:      "How much finished work the team accepts in a day.",
	Moves:      "How many people work, the size of pull requests, and how soon they are reviewed.",
	BalancedBy: []string{"review-coverage", "change-failure-rate"},
	Items:      []model.RefKind{model.RefPullRequest},
	Repair:     "Review and merge what is waiting; split large changes.",
	Shape: Rate(func(p *Pass, event func(model.Ref, time.Time)) {
		p.eachPullRequest(func(pr *pullRequest) { event(pr.ref(), pr.merged) })
	}),
})
