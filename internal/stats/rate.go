package stats

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// Poisson is the exact (Garwood) 95 % interval of a rate, in events per unit of exposure, of which so many events
// were seen: half the chi-square quantiles at 2.5 % with 2·events degrees of freedom and at 97.5 % with 2·events +
// 2, divided by the exposure (https://doi.org/10.1093/biomet/28.3-4.437). Without exposure nothing is known: it is 0
// to +Inf.
//
// Note: half a chi-square quantile with 2·k degrees of freedom is the quantile of the regularised incomplete gamma
// function of k (https://dlmf.nist.gov/8.2). gonum's distuv says the same, and brings its linear algebra along: 1.5 MB.
func Poisson(events int, exposure float64) Interval {
	if exposure <= 0 {
		return Interval{Low: 0, High: math.Inf(1)}
	}
	interval := Interval{High: mathext.GammaIncRegInv(float64(events)+1, 1-tail) / exposure}
	if events > 0 {
		interval.Low = mathext.GammaIncRegInv(float64(events), tail) / exposure
	}
	return interval
}
