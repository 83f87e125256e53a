package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// TaskCompletionRate is the share of issues that were worked off.
var TaskCompletionRate = register(Definition{
	ID: "task-completion-rate", Title: "Task completion rate", Family: Planning, Rank: 1,
	Unit: Ratio, Better: Higher, Needs: []model.Feed{model.Issues},
	Doc: `of the issues open at some moment of the window, those closed as completed in it

Population: issues of every class and of none that were open when the window began, or were opened or reopened in it;
those closed as not planned or as a duplicate in the window are left out. What counts is how things stood at the end of
the window: an issue closed as completed and reopened before then is not done.
Bias: the longer the window, the higher the share, so compare windows of one length.`,
	Empty:      "no issue was open in the window",
	Plain:      "How much of what is on the list gets done.",
	Moves:      "More being asked for than can be done, and old issues that nobody means to do.",
	BalancedBy: []string{Bug + "-reopen-rate"},
	Items:      []model.RefKind{model.RefIssue},
	Repair:     "Finish what is open before taking on more, and close as not planned what will not be done.",
	Shape: Share(func(p *Pass, trial func(model.Ref, time.Time, bool)) {
		for _, i := range p.everyIssue() {
			switch {
			case !i.openDuring(p.Window) || i.dropped():
			case p.Window.Contains(i.closed):
				trial(i.ref(), i.closed, true)
			default:
				trial(i.ref(), i.Created, false)
			}
		}
	}),
})
