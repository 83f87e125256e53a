package render

import (
	"strings"

	"kpi-gate/internal/report"
)

// bars are the heights of a sparkline, lowest first.
var bars = []rune("▁▂▃▄▅▆▇█")

// sparkline draws a trend with one character per point: bars from zero (or from the lowest value, where that is below
// zero) to the highest value, and a dot for a point that was not measured. A trend that never changes stays in the
// middle, or at the bottom when it is zero throughout.
func sparkline(trend []report.Point) string {
	var low, high float64
	same, first := true, true
	var value float64
	for _, p := range trend {
		if p.Value == nil {
			continue
		}
		if first {
			first, value = false, *p.Value
		}
		same = same && *p.Value == value
		low, high = min(low, *p.Value), max(high, *p.Value)
	}
	var b strings.Builder
	for _, p := range trend {
		switch {
		case p.Value == nil:
			b.WriteRune('·')
		case low == high:
			b.WriteRune(bars[0])
		case same:
			b.WriteRune(bars[3])
		default:
			b.WriteRune(bars[min(int((*p.Value-low)/(high-low)*float64(len(bars))), len(bars)-1)])
		}
	}
	return b.String()
}
