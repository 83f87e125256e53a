package kpi

import "kpi-gate/internal/stats"

// Signal says what is unusual about the last point of a trend, by the rules of an XmR chart.
type Signal string

// The signals.
const (
	// SignalHigh and SignalLow: the last point lies outside the limits that the points before it set.
	SignalHigh Signal = "high"
	SignalLow  Signal = "low"
	// SignalRunHigh and SignalRunLow: the last eight points all lie on one side of the centre.
	SignalRunHigh Signal = "run-high"
	SignalRunLow  Signal = "run-low"
)

// The least number of points before the last that set limits, and how many in a row make a run
// (https://doi.org/10.1002/9781119994008, D. J. Wheeler, Understanding Variation).
const (
	leastPoints = 6
	runLength   = 8
)

// signalOf looks at the last point of a trend; points without a figure are passed over.
func signalOf(trend []Point) Signal {
	if len(trend) == 0 || !trend[len(trend)-1].Known {
		return ""
	}
	var values []float64
	for _, p := range trend {
		if p.Known {
			values = append(values, p.Value)
		}
	}
	last := len(values) - 1
	if last < leastPoints {
		return ""
	}
	limits := stats.XmR(values[:last])
	switch {
	case values[last] > limits.High:
		return SignalHigh
	case values[last] < limits.Low:
		return SignalLow
	case len(values) < runLength:
		return ""
	}
	above, below := true, true
	for _, v := range values[len(values)-runLength:] {
		above, below = above && v > limits.Center, below && v < limits.Center
	}
	switch {
	case above:
		return SignalRunHigh
	case below:
		return SignalRunLow
	}
	return ""
}
