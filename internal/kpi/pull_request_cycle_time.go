package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// PullRequestCycleTime is the time from first commit to merge.
var PullRequestCycleTime = register(Definition{
	ID: "pull-request-cycle-time", Title: "Pull request cycle time", Family: PullRequests, Rank: 1,
	Unit: Seconds, Better: Lower, Needs: []model.Feed{model.PullRequests},
	Doc: `per pull request merged in the window: its start → merged

Start: its first commit, or its opening if that is earlier. Population: pull requests by people, into any branch.
Running: open pull requests. Closed without merging: left out.
coding-time + pickup-time + review-time = cycle time, for each pull request that has all three.`,
	Empty:      "no pull request was merged in the window",
	Plain:      "How long a piece of work takes from the first line written to being accepted.",
	Moves:      "The size of pull requests and how long they wait for somebody.",
	BalancedBy: []string{"review-coverage", "change-failure-rate"},
	Items:      []model.RefKind{model.RefPullRequest},
	Repair:     "Finish what is open before starting more: review, merge or close the oldest open pull requests.",
	Shape: Durations(func(p *Pass, span func(model.Ref, time.Time, time.Time)) {
		p.eachPullRequest(func(pr *pullRequest) {
			if !pr.merged.IsZero() || pr.open() {
				span(pr.ref(), pr.start, pr.merged)
			}
		})
	}),
})
