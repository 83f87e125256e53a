package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// TimeToAcknowledge is how long an issue waits for a first reaction.
var TimeToAcknowledge = registerClass(func(class string) Definition {
	return Definition{
		ID: "time-to-acknowledge", Title: "Time to acknowledge", Rank: 1, Unit: Seconds, Better: Lower,
		// Who is of the team shows on pull requests too.
		Needs: []model.Feed{model.Comments, model.PullRequests, model.Links},
		Uses:  []model.Feed{model.Reviews},
		Doc: `per issue acknowledged in the window: opened → the first sign that somebody took notice

Signs: a comment by the team (not the author); a label, assignment or milestone by a person other than the author; a
linked pull request opened by the team; closing by a person other than the author. Running: open, not acknowledged.
Closed as not planned or duplicate: left out.`,
		Empty:      "no issue was acknowledged in the window",
		Plain:      "How long somebody who reports something waits for a sign that it was seen.",
		Moves:      "Whether somebody looks at new issues every day.",
		BalancedBy: []string{class + "-first-contact-resolution-rate"},
		Items:      []model.RefKind{model.RefIssue},
		Repair:     "Answer, label or assign the issues that nobody has reacted to, oldest first.",
		Shape: Durations(func(p *Pass, span func(model.Ref, time.Time, time.Time)) {
			for _, i := range p.class(class) {
				if at := p.acknowledged(i); !i.dropped() && (!at.IsZero() || i.open()) {
					span(i.ref(), i.Created, at)
				}
			}
		}),
	}
})
