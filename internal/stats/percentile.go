package stats

import (
	"math"
	"sort"

	"gonum.org/v1/gonum/floats"
)

// Percentile is the percentile at q (0 to 1) of values in ascending order, by linear interpolation at h = (n − 1)·q:
// type 7 of Hyndman and Fan (https://doi.org/10.2307/2684934), which numpy, PostgreSQL's percentile_cont and a
// spreadsheet's PERCENTILE.INC give too. The percentile of nothing is NaN.
func Percentile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	h := float64(len(sorted)-1) * q
	below := int(h)
	if below+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	low, high := sorted[below], sorted[below+1]
	// Where both are equal, interpolating would leave rounding noise on a value that is in the data.
	if low == high {
		return low
	}
	return low + (h-float64(below))*(high-low)
}

// PercentileInterval is the distribution-free 95 % interval of the percentile at q of the population that the
// values, in ascending order, were drawn from: [x_l, x_u], with l the largest rank for which P(B ≤ l − 1) ≤ 2.5 %
// and u the smallest for which P(B ≥ u) ≤ 2.5 %, B ~ Binomial(n, q). A side that no rank satisfies is open.
func PercentileInterval(sorted []float64, q float64) Interval {
	n := len(sorted)
	interval := Interval{Low: math.Inf(-1), High: math.Inf(1)}
	// Both probabilities are monotonic in the rank, so each bound is found by bisection. Ranks count from 1.
	if l := sort.Search(n, func(k int) bool { return binomialAtMost(k, n, q) > tail }); l > 0 {
		interval.Low = sorted[l-1]
	}
	if u := 1 + sort.Search(n, func(i int) bool { return binomialAtLeast(i+1, n, q) <= tail }); u <= n {
		interval.High = sorted[u-1]
	}
	return interval
}

// Mean is the arithmetic mean; that of nothing is NaN.
func Mean(values []float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	return floats.SumCompensated(values) / float64(len(values))
}
