package stats

import "math"

// movingRangeScale times the mean moving range is three standard deviations: 3/1.128, where 1.128 is how far apart two
// values of a normal distribution are on average, in standard deviations.
const movingRangeScale = 2.66

// Limits are the natural process limits of an XmR chart, and their centre.
type Limits struct{ Center, Low, High float64 }

// XmR gives the limits between which the values of a process, in the order of time, vary as long as nothing about it
// changes: their mean ± 2.66 times the mean moving range, which is how far apart neighbours are
// (https://www.itl.nist.gov/div898/handbook/pmc/section3/pmc322.htm). The limits are not cut to what is possible: those
// of a share may lie below 0 or above 1. A single value has no moving range: both its limits are the value itself.
// Those of nothing are NaN.
func XmR(values []float64) Limits {
	center := Mean(values)
	if len(values) < 2 {
		return Limits{Center: center, Low: center, High: center}
	}
	ranges := make([]float64, len(values)-1)
	for i := range ranges {
		ranges[i] = math.Abs(values[i+1] - values[i])
	}
	reach := movingRangeScale * Mean(ranges)
	return Limits{Center: center, Low: center - reach, High: center + reach}
}
