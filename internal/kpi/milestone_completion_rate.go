package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// MilestoneCompletionRate is the share of planned work that was done.
var MilestoneCompletionRate = register(Definition{
	ID: "milestone-completion-rate", Title: "Milestone completion rate", Family: Planning, Rank: 2,
	Unit: Ratio, Better: Higher, Needs: []model.Feed{model.Milestones},
	Doc: `of the issues and pull requests in milestones due in the window, those closed at its end

Population: every issue and pull request in such a milestone, by bots too, opened before the end of the window. Closed
for whatever reason is closed: merged or not, completed or not planned. Milestones without a due date do not count.
Bias: GitHub tells what is in a milestone today, so what was moved out of it is gone, and what was added since counts.`,
	Empty:      "no issue or pull request is in a milestone due in the window",
	Plain:      "How much of what was promised for a date was done by now.",
	Moves:      "Milestones with more in them than fits, and work that is added on the way.",
	BalancedBy: []string{"change-failure-rate"},
	// Pull requests too, of which a milestone tells no more than of issues.
	Items:  []model.RefKind{model.RefIssue},
	Repair: "Finish what is open in the milestone, or move it to a later one while there is time.",
	Shape: Share(func(p *Pass, trial func(model.Ref, time.Time, bool)) {
		// An item has one milestone; one that was moved while it was read may stand in two.
		seen := map[int]bool{}
		p.eachDueMilestone(func(m *model.Milestone) {
			for i := range m.Items {
				item := &m.Items[i]
				if !p.known(item.Created) || seen[item.Number] {
					continue
				}
				seen[item.Number] = true
				closed, _ := closedAt(item.Closed, "", item.Events, p.at())
				trial(milestoneItemRef(item), m.Due, !closed.IsZero())
			}
		})
	}),
})
