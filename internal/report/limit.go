package report

import (
	"time"

	"kpi-gate/internal/gate"
)

// ramp is where a limit is going at the end of a window; nil for one that stands still, or has arrived.
func ramp(b gate.Benchmark, until time.Time) *Ramp {
	if b.Ramp == nil || !until.Before(b.Ramp.Until) {
		return nil
	}
	return &Ramp{
		From: b.Ramp.From.Format(time.DateOnly), Until: b.Ramp.Until.Format(time.DateOnly), End: b.Limit,
		Begun: !until.Before(b.Ramp.From.AddDate(0, 0, 1)),
	}
}
