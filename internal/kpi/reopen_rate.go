package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// ReopenRate is the share of closed issues that come back.
var ReopenRate = registerClass(func(class string) Definition {
	return Definition{
		ID: "reopen-rate", Title: "Reopen rate", Rank: 10, Unit: Ratio, Better: Lower,
		Doc: `of the issues closed in the window, those reopened before its end

A close for any reason counts, and an issue counts once however often it was closed: it is a hit if it was reopened
after the first of these closes, whether or not it was closed again.
Bias: what was closed shortly before the end of the window may still be reopened.`,
		Empty:      "no issue was closed in the window",
		Plain:      "How often a problem that was called solved is not.",
		Moves:      "Fixes without a test, and closing before whoever reported it has looked.",
		BalancedBy: []string{class + "-time-to-resolve"},
		Items:      []model.RefKind{model.RefIssue},
		Repair:     "Look at why the reopened issues came back, and add the test that was missing.",
		Shape: Share(func(p *Pass, trial func(model.Ref, time.Time, bool)) {
			for _, i := range p.class(class) {
				if last, reopened := i.closes(p.Window); !last.IsZero() {
					trial(i.ref(), last, reopened)
				}
			}
		}),
	}
})

// closes is the last close in a window that ends at the instant of the pass, zero without any, and whether the issue
// was reopened after the first one.
func (i *issue) closes(w model.Window) (last time.Time, reopened bool) {
	for _, e := range i.Events {
		switch {
		case !w.Contains(e.At):
		case e.Kind == model.Closed:
			last = e.At
		case e.Kind == model.Reopened && !last.IsZero():
			reopened = true
		}
	}
	// The timeline may lack the last close: the issue itself always tells it.
	if w.Contains(i.closed) {
		last = later(last, i.closed)
	}
	return last, reopened
}
