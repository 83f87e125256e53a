package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// PullRequestSize is how large merged pull requests are.
var PullRequestSize = register(Definition{
	ID: "pull-request-size", Title: "Pull request size", Family: PullRequests, Rank: 6,
	Unit: Lines, Better: Lower, Needs: []model.Feed{model.PullRequests},
	Doc: `additions + deletions per pull request merged in the window

Population: pull requests by people, into any branch. Generated files count as GitHub counts them.`,
	Empty:      "no pull request was merged in the window",
	Plain:      "How much has to be read to review one piece of work.",
	Moves:      "How work is cut into tasks, and generated files that are checked in.",
	BalancedBy: []string{"pull-request-throughput"},
	Items:      []model.RefKind{model.RefPullRequest},
	Repair:     "Split large changes into steps that can be merged one after another.",
	Shape: Amounts(func(p *Pass, amount func(model.Ref, time.Time, float64)) {
		p.eachPullRequest(func(pr *pullRequest) {
			if p.Window.Contains(pr.merged) {
				amount(pr.ref(), pr.merged, float64(pr.Additions+pr.Deletions))
			}
		})
	}),
})
