package kpi

import (
	"math"
	"slices"

	"kpi-gate/internal/stats"
)

// Signal says what is unusual about the last point of a trend, by the rules of an XmR chart.
type Signal string

// The signals.
const (
	// SignalHigh and SignalLow: the last point lies outside the limits that the points before it set.
	SignalHigh Signal = "high"
	SignalLow  Signal = "low"
	// SignalRunHigh and SignalRunLow: the last eight points all lie on one side of the centre of the points before the
	// last.
	SignalRunHigh Signal = "run-high"
	SignalRunLow  Signal = "run-low"
)

const (
	// leastPoints is how many points before the last set limits. Useful limits may be had from as few as five or six
	// values (D. J. Wheeler, Understanding Variation, ISBN 978-0-945320-53-1, appendix on XmR charts).
	leastPoints = 6
	// runLength is how many points in a row on one side of the centre are more than chance: a rule of Western Electric
	// (https://www.itl.nist.gov/div898/handbook/pmc/section3/pmc32.htm).
	runLength = 8
	// signalNoise is how far beyond a limit a point must lie to be outside, as a share of the largest figure. The same
	// number worked out in two ways may differ in its last bits.
	signalNoise = 1e-9
)

// signalOf looks at the last point of a trend; points without a figure are passed over. A point that lies on a limit is
// inside, and one that lies on the centre ends a run.
//
// Where most points before the last are as the one before them, as counts of rare events are, the limits are too tight
// to mean anything, and none is drawn: a first failure in months is no sign of a change.
func signalOf(trend []Point) Signal {
	if len(trend) == 0 || !trend[len(trend)-1].Known {
		return ""
	}
	var values []float64
	largest := 0.0
	for _, p := range trend {
		if p.Known {
			values = append(values, p.Value)
			largest = max(largest, math.Abs(p.Value))
		}
	}
	before, last := values[:len(values)-1], values[len(values)-1]
	if len(before) < leastPoints {
		return ""
	}
	limits, noise := stats.XmR(before), signalNoise*largest
	limited := moves(before, noise)
	switch {
	case limited && last > limits.High+noise:
		return SignalHigh
	case limited && last < limits.Low-noise:
		return SignalLow
	case len(values) < runLength:
		return ""
	}
	switch run := values[len(values)-runLength:]; {
	case slices.Min(run) > limits.Center+noise:
		return SignalRunHigh
	case slices.Max(run) < limits.Center-noise:
		return SignalRunLow
	}
	return ""
}

// moves reports whether at least half of the values differ from the one before them by more than noise.
func moves(values []float64, noise float64) bool {
	moved := 0
	for i := 1; i < len(values); i++ {
		if math.Abs(values[i]-values[i-1]) > noise {
			moved++
		}
	}
	return 2*moved >= len(values)-1
}
