package stats

import (
	"math"
	"slices"
	"sort"
)

// reachedWithin is how far above its goal a survival curve may lie and still count as having reached it: 1 − 0.9 and a
// product of fractions seldom end in the same bits.
const reachedWithin = 1e-12

// Survival is an estimate of which share of items is still unfinished at each age.
type Survival struct {
	// steps are the ages at which the share falls, ascending.
	steps []survivalStep
	// largest is the largest age seen, finished or running; NaN where there was none.
	largest float64
}

// survivalStep is an age and the share of items that is still unfinished after it.
type survivalStep struct{ age, unfinished float64 }

// KaplanMeier estimates the survival curve of items of which some are still running: S(t) = Π (1 − d/r) over the
// lengths of finished items up to t, d being how many finished at that length and r how many, finished or running, were
// at least so old (Kaplan and Meier 1958, https://doi.org/10.1080/01621459.1958.10501452). An item that is running at
// the age at which another finished was still at risk then. The order of the values does not matter; they are not
// changed.
//
// Note: gonum's stat.Quantile and stat.CDF know finished items only, and the survival functions of its distuv belong to
// distributions with parameters.
func KaplanMeier(finished, running []float64) Survival {
	finished, running = slices.Clone(finished), slices.Clone(running)
	slices.Sort(finished)
	slices.Sort(running)
	curve := Survival{largest: math.NaN()}
	for _, ages := range [][]float64{finished, running} {
		if n := len(ages); n > 0 && !(curve.largest >= ages[n-1]) {
			curve.largest = ages[n-1]
		}
	}
	unfinished, younger := 1.0, 0
	for from := 0; from < len(finished); {
		age := finished[from]
		to := from
		for to < len(finished) && finished[to] == age {
			to++
		}
		for younger < len(running) && running[younger] < age {
			younger++
		}
		atRisk := float64(len(finished) - from + len(running) - younger)
		unfinished *= (atRisk - float64(to-from)) / atRisk
		curve.steps = append(curve.steps, survivalStep{age, unfinished})
		from = to
	}
	return curve
}

// Quantile is the smallest age by which at least a share q (above 0, below 1) of all items is finished: the smallest t
// with S(t) ≤ 1 − q, within 1e-12. Where the curve never falls that far it is not reached, and the value is the largest
// age seen: the quantile is larger than that. Of nothing at all it is NaN, and not reached.
func (s Survival) Quantile(q float64) (value float64, reached bool) {
	goal := 1 - q + reachedWithin
	at := sort.Search(len(s.steps), func(i int) bool { return s.steps[i].unfinished <= goal })
	if at == len(s.steps) {
		return s.largest, false
	}
	return s.steps[at].age, true
}
