package kpi

import (
	"fmt"
	"time"

	"kpi-gate/internal/model"
)

// TimeToResolve is how long an issue stays open.
var TimeToResolve = registerClass(func(class string) Definition {
	return Definition{
		ID: "time-to-resolve", Title: "Time to resolve", Rank: 3, Unit: Seconds, Better: Lower,
		Notes: droppedNote(class),
		Doc: `per issue closed as completed in the window: opened → closed (its last close)

Running: open. Closed as not planned or duplicate: left out, and counted in a note.`,
		Empty:      "no issue was closed as completed in the window",
		Plain:      "How long a reported problem stays unsolved.",
		Moves:      "How many issues are open at once, and how hard they are to reproduce.",
		BalancedBy: []string{class + "-reopen-rate"},
		Items:      []model.RefKind{model.RefIssue},
		Repair:     "Resolve the oldest open issues, or close as not planned what will not be done.",
		Shape: Durations(func(p *Pass, span func(model.Ref, time.Time, time.Time)) {
			for _, i := range p.class(class) {
				if !i.dropped() {
					span(i.ref(), i.Created, i.closed)
				}
			}
		}),
	}
})

// droppedNote counts the issues that were closed in the window without being resolved.
func droppedNote(class string) func(*Pass, func(model.Ref) bool) []string {
	return func(p *Pass, keep func(model.Ref) bool) []string {
		dropped := 0
		for _, i := range p.class(class) {
			if i.dropped() && p.Window.Contains(i.closed) && keep(i.ref()) {
				dropped++
			}
		}
		switch dropped {
		case 0:
			return nil
		case 1:
			return []string{"1 issue was closed as not planned or duplicate and is left out."}
		default:
			return []string{fmt.Sprintf("%d issues were closed as not planned or duplicate and are left out.", dropped)}
		}
	}
}
