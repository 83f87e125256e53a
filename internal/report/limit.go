package report

import (
	"cmp"
	"math"
	"strconv"
	"time"

	"kpi-gate/internal/gate"
)

// limitFrom says where a limit comes from, as a benchmark line writes it; empty for one that is written out.
func limitFrom(b gate.Benchmark) string {
	limit := func(x float64) string { return gate.FormatLimit(b.KPI, b.Statistic, x) }
	switch {
	case b.Relative != nil:
		return relativeTo(*b.Relative)
	case b.Ramp != nil:
		return limit(b.Ramp.Start) + " (" + b.Ramp.From.Format(time.DateOnly) + ") to " +
			limit(b.Limit) + " (" + b.Ramp.Until.Format(time.DateOnly) + ")"
	case b.Band != nil:
		return b.Band.Name + " (dora-" + strconv.Itoa(b.Band.Edition) + ")"
	default:
		return ""
	}
}

// relativeTo is a limit that follows from the figure of the window before: "previous + 10%".
func relativeTo(more float64) string {
	// What was written in percent comes as a fraction, and 0.07 times 100 is not quite 7.
	percent := math.Round(math.Abs(more)*1e8) / 1e6
	switch cmp.Compare(more, 0) {
	case 1:
		return "previous + " + strconv.FormatFloat(percent, 'f', -1, 64) + "%"
	case -1:
		return "previous - " + strconv.FormatFloat(percent, 'f', -1, 64) + "%"
	default:
		return "previous"
	}
}

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
