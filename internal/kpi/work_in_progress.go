package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// WorkInProgress is how many pull requests are under way at once.
var WorkInProgress = register(Definition{
	ID: "work-in-progress", Title: "Work in progress", Family: PullRequests, Rank: 9,
	Unit: Items, Better: Lower, Needs: []model.Feed{model.PullRequests},
	Doc: `pull requests open and not draft at the end of the window

Population: pull requests by people, into any branch, however old. A draft becomes work in progress when it is marked
ready for review.`,
	Plain:      "How many pieces of work are waiting to be reviewed or finished.",
	Moves:      "Starting new work before the old is reviewed, and pull requests that nobody closes.",
	BalancedBy: []string{"pull-request-throughput"},
	Items:      []model.RefKind{model.RefPullRequest},
	Repair:     "Review, merge or close open pull requests before opening another.",
	Shape: Level(func(p *Pass, there func(model.Ref, time.Time)) {
		p.eachPullRequest(func(pr *pullRequest) {
			if pr.open() && !pr.draft {
				there(pr.ref(), pr.Created)
			}
		})
	}),
})
