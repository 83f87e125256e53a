package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// FirstContactResolutionRate is the share of issues that one answer solved.
var FirstContactResolutionRate = registerClass(func(class string) Definition {
	return Definition{
		ID: "first-contact-resolution-rate", Title: "First contact resolution rate", Rank: 12, Unit: Ratio, Better: Higher,
		// Who is of the team shows on pull requests too.
		Needs: []model.Feed{model.Comments, model.PullRequests},
		Uses:  []model.Feed{model.Reviews},
		Doc: `of the issues closed as completed in the window, those that one answer resolved

One answer: exactly one comment by the team (not the author) at or before the close, and none by the author after that
comment, not even after the close. Issues closed without a comment by the team are misses.
Bias: thanks count as a comment by the author.`,
		Empty:      "no issue was closed as completed in the window",
		Plain:      "How often the first answer is the one that helps.",
		Moves:      "How well the form for new issues asks for what is needed, and how good the answers are.",
		BalancedBy: []string{class + "-reopen-rate", class + "-time-to-acknowledge"},
		Items:      []model.RefKind{model.RefIssue},
		Repair:     "See what had to be asked back, and ask for it in the form for new issues.",
		Shape: Share(func(p *Pass, trial func(model.Ref, time.Time, bool)) {
			for _, i := range p.class(class) {
				if at := i.resolved(); p.Window.Contains(at) {
					trial(i.ref(), at, p.firstContactResolved(i))
				}
			}
		}),
	}
})

// firstContactResolved reports whether one comment by the team came before the close of a resolved issue, and the
// author had nothing to say to it.
func (p *Pass) firstContactResolved(i *issue) bool {
	answers := 0
	var answered, replied time.Time
	for _, c := range i.Comments {
		switch {
		case !p.known(c.Created):
		case same(c.Author, i.Author):
			replied = later(replied, c.Created)
		case p.isMember(c.Author) && !c.Created.After(i.closed):
			answers++
			answered = c.Created
		}
	}
	return answers == 1 && !replied.After(answered)
}
