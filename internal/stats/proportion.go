package stats

import "math"

// z is the quantile of the standard normal distribution at 97.5 %.
const z = 1.959963984540054

// Wilson is the 95 % Wilson score interval of a share of k in n, cut to 0 to 1
// (https://doi.org/10.1080/01621459.1927.10502953). With n = 0 nothing is known: it is 0 to 1.
func Wilson(k, n int) Interval {
	if n <= 0 {
		return Interval{Low: 0, High: 1}
	}
	trials := float64(n)
	share := float64(k) / trials
	scale := 1 + z*z/trials
	centre := (share + z*z/(2*trials)) / scale
	half := z / scale * math.Sqrt(share*(1-share)/trials+z*z/(4*trials*trials))
	interval := Interval{Low: max(0, centre-half), High: min(1, centre+half)}
	// With no hit, or no miss, that bound is exact in algebra; rounding must not leave a sliver.
	if k <= 0 {
		interval.Low = 0
	}
	if k >= n {
		interval.High = 1
	}
	return interval
}
