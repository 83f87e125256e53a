package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// TimeToShip is how long it takes until a fix is in production.
var TimeToShip = registerClass(func(class string) Definition {
	return Definition{
		ID: "time-to-ship", Title: "Time to ship", Rank: 4, Unit: Seconds, Better: Lower,
		NeedsSource: true, Needs: []model.Feed{model.Commits, model.Links},
		// Pull requests tell which issues of long ago they resolve.
		Uses: []model.Feed{model.PullRequests},
		Doc: `per issue closed as completed whose closing pull request shipped in the window: opened → shipped

Closing pull request: the one that made its last close, else its last merged linked one, into any branch, if a
production deployment reaches its merge commit. Running: open, or resolved by a merged pull request that has not
shipped.
Excluded: issues resolved without a pull request of this repository.`,
		Empty:      "no fix was shipped in the window",
		Plain:      "How long a reported problem stays unsolved for the people who use the product.",
		Moves:      "How long issues stay open, and how often there are deployments.",
		BalancedBy: []string{class + "-reopen-rate", "change-failure-rate"},
		Items:      []model.RefKind{model.RefIssue},
		Repair:     "Resolve the oldest open issues and deploy the fixes that are merged.",
		Shape: Durations(func(p *Pass, span func(model.Ref, time.Time, time.Time)) {
			for _, i := range p.class(class) {
				switch at, shipped := p.fixShipped(i); {
				case i.open():
					span(i.ref(), i.Created, time.Time{})
				case shipped:
					span(i.ref(), i.Created, at)
				}
			}
		}),
	}
})

// fixShipped is when the fix of a resolved issue shipped, zero while it has not. ok is false where the issue has no
// place in the figure: not resolved, not by a pull request of this repository, or shipped before the reach.
func (p *Pass) fixShipped(i *issue) (at time.Time, ok bool) {
	if i.resolved().IsZero() {
		return time.Time{}, false
	}
	fix := p.closing(i)
	if fix == nil || fix.Repository != "" || p.shippedLongAgo(fix.MergeCommit, fix.Merged) {
		return time.Time{}, false
	}
	by := p.shippedBy(fix.MergeCommit)
	if by == nil {
		return time.Time{}, true
	}
	return by.finished, !by.shipsNothing
}
