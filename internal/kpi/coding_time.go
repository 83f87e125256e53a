package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// CodingTime is the first stage of the cycle time.
var CodingTime = register(Definition{
	ID: "coding-time", Title: "Coding time", Family: PullRequests, Rank: 2,
	Unit: Seconds, Better: Lower, Needs: []model.Feed{model.PullRequests, model.Reviews},
	Doc: `per pull request that became ready for review in the window: its start → ready

Ready: the last time it was marked ready for review before the first contact (before the merge, without one), else its
opening. A draft that is not merged has not become ready. Running: open drafts.`,
	Empty:      "no pull request became ready for review in the window",
	Plain:      "How long the work is in the making before others may look at it.",
	Moves:      "The size of tasks, and work that is put aside for other work.",
	BalancedBy: []string{"pull-request-size"},
	Items:      []model.RefKind{model.RefPullRequest},
	Repair:     "Open pull requests earlier and smaller; finish or close old drafts.",
	Shape: Durations(func(p *Pass, span func(model.Ref, time.Time, time.Time)) {
		p.eachPullRequest(func(pr *pullRequest) {
			if !pr.ready.IsZero() || pr.open() {
				span(pr.ref(), pr.start, pr.ready)
			}
		})
	}),
})
