package render

import (
	"strings"

	"kpi-gate/internal/report"
)

// limit says a benchmark's limit in words: "at most 7 d". One that follows from a window without a figure is said by
// where it comes from.
func limit(b report.Benchmark) string {
	value := figures(b).optional(b.Limit)
	if from := limitFrom(b); b.Limit == nil && from != "" {
		value = from
	}
	return strings.TrimSpace(boundText(b) + " " + value)
}

// boundText is what a benchmark's operator says before its limit.
func boundText(b report.Benchmark) string {
	switch b.Operator {
	case "<=":
		return "at most"
	case "<":
		return "less than"
	case ">=":
		return "at least"
	case ">":
		return "more than"
	default:
		return ""
	}
}

// limitFrom says where a limit comes from, or is going; empty for one that was written out and stands still.
func limitFrom(b report.Benchmark) string {
	switch {
	case b.Relative != nil:
		return previousAnd(*b.Relative)
	case b.Ramp != nil && b.Ramp.Begun:
		return "today; on its way to " + figures(b).text(b.Ramp.End) + " by " + clean(b.Ramp.Until)
	case b.Ramp != nil:
		return "up to " + clean(b.Ramp.From) + "; then on its way to " + figures(b).text(b.Ramp.End) + " by " +
			clean(b.Ramp.Until)
	case b.Band != nil:
		return bandName(*b.Band)
	default:
		return ""
	}
}

// previousAnd is a limit that follows from the window before: "previous + 10 %".
func previousAnd(more float64) string {
	switch size := decimal(100*max(more, -more), 2) + " %"; {
	case more > 0:
		return "previous + " + size
	case more < 0:
		return "previous − " + size
	default:
		return "previous"
	}
}

// bandName names a band as a limit: "DORA high, 2024".
func bandName(band report.Band) string {
	name := "low"
	if band.Name != nil {
		name = plain(*band.Name, titleLength)
	}
	return "DORA " + name + ", " + yearText(band.Edition)
}
