package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// growth is by how much the number of open issues changes over the window, as a part of what it was. The items are the
// issues that are open at its end.
func growth(issues func(*Pass) []*issue) Computed {
	return func(
		p *Pass, keep func(model.Ref) bool, item func(model.Ref, time.Time),
	) (value float64, reason string, ok bool) {
		before, now := 0, 0
		for _, i := range issues(p) {
			if !keep(i.ref()) {
				continue
			}
			if i.openAt(p.Window.Since) {
				before++
			}
			if i.open() {
				now++
				item(i.ref(), i.Created)
			}
		}
		if before == 0 {
			return 0, "no issue was open when the window began", false
		}
		return float64(now-before) / float64(before), "", true
	}
}
