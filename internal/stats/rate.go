package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Poisson is the exact (Garwood) 95 % interval of a rate, in events per unit of exposure, of which so many events
// were seen: half the chi-square quantiles at 2.5 % with 2·events degrees of freedom and at 97.5 % with 2·events +
// 2, divided by the exposure (https://doi.org/10.1093/biomet/28.3-4.437). Without exposure nothing is known: it is 0
// to +Inf.
func Poisson(events int, exposure float64) Interval {
	if exposure <= 0 {
		return Interval{Low: 0, High: math.Inf(1)}
	}
	half := func(degrees int, probability float64) float64 {
		return distuv.ChiSquared{K: float64(degrees)}.Quantile(probability) / 2
	}
	interval := Interval{High: half(2*events+2, 1-tail) / exposure}
	if events > 0 {
		interval.Low = half(2*events, tail) / exposure
	}
	return interval
}
