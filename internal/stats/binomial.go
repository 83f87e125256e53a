package stats

import "gonum.org/v1/gonum/mathext"

// tail is the probability that a 95 % interval leaves on each of its sides.
const tail = 0.025

// binomialAtMost is P(B ≤ k) for B ~ Binomial(n, q).
//
// Note: the regularised incomplete beta function answers in the same time for any n; summing the terms does not
// (https://dlmf.nist.gov/8.17#E5).
func binomialAtMost(k, n int, q float64) float64 {
	switch {
	case k < 0:
		return 0
	case k >= n:
		return 1
	default:
		return mathext.RegIncBeta(float64(n-k), float64(k+1), 1-q)
	}
}

// binomialAtLeast is P(B ≥ k) for B ~ Binomial(n, q). It is not 1 − P(B ≤ k − 1), which loses the digits of a small
// tail.
func binomialAtLeast(k, n int, q float64) float64 {
	switch {
	case k <= 0:
		return 1
	case k > n:
		return 0
	default:
		return mathext.RegIncBeta(float64(k), float64(n-k+1), q)
	}
}
