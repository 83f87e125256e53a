package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// TimeToAddress is how long an issue waits until work on it begins.
var TimeToAddress = registerClass(func(class string) Definition {
	return Definition{
		ID: "time-to-address", Title: "Time to address", Rank: 2, Unit: Seconds, Better: Lower,
		Needs: []model.Feed{model.Links},
		// Pull requests tell which issues of long ago they resolve.
		Uses: []model.Feed{model.PullRequests},
		Doc: `per issue first addressed in the window: opened → its first linked pull request is opened

Linked: the pull request closes the issue, is connected to it, or names it with a closing keyword. A pull request older
than the issue makes the length 0. Running: open without one. Closed as not planned or duplicate: left out.
Bias: work that no pull request links to is not seen.`,
		Empty:      "no issue was first addressed in the window",
		Plain:      "How long a reported problem waits until somebody starts to work on it.",
		Moves:      "How new issues are ranked against planned work.",
		BalancedBy: []string{class + "-reopen-rate"},
		Items:      []model.RefKind{model.RefIssue},
		Repair:     "Start on the oldest issues without a pull request, and link the pull request to its issue.",
		Shape: Durations(func(p *Pass, span func(model.Ref, time.Time, time.Time)) {
			for _, i := range p.class(class) {
				if at := p.addressed(i); !i.dropped() && (!at.IsZero() || i.open()) {
					span(i.ref(), i.Created, at)
				}
			}
		}),
	}
})
