package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// ResolutionRate is the share of open issues that are solved.
var ResolutionRate = registerClass(func(class string) Definition {
	return Definition{
		ID: "resolution-rate", Title: "Resolution rate", Rank: 11, Unit: Ratio, Better: Higher,
		Doc: `of the issues open at some moment of the window, those closed as completed in it

Population: open when the window began, or opened or reopened in it. What counts is how things stood at the end of the
window: an issue reopened before then, or closed last as not planned or duplicate, is not resolved. Incidents closed as
not planned or duplicate are left out.
Bias: the longer the window, the higher the share, so compare windows of one length.`,
		Empty:      "no issue was open in the window",
		Plain:      "How much of what is reported gets solved.",
		Moves:      "How much time is left for it beside planned work, and old issues that nobody decides about.",
		BalancedBy: []string{class + "-reopen-rate"},
		Items:      []model.RefKind{model.RefIssue},
		Repair:     "Resolve open issues, oldest first.",
		Shape: Share(func(p *Pass, trial func(model.Ref, time.Time, bool)) {
			for _, i := range p.genuine(class) {
				switch at := i.resolved(); {
				case !i.openDuring(p.Window):
				case p.Window.Contains(at):
					trial(i.ref(), at, true)
				default:
					trial(i.ref(), i.Created, false)
				}
			}
		}),
	}
})
