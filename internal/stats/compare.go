package stats

import (
	"math"
	"sort"
)

// exactLimit is the size of the larger sample up to which MannWhitney counts every arrangement. Beyond it the normal
// approximation is close enough, and counting grows with the fourth power of the size.
const exactLimit = 25

// MannWhitney is the two-sided Mann–Whitney U test of whether values of one sample tend to be larger than those of
// the other: p is how often chance alone would put samples from one population at least as far apart
// (https://doi.org/10.1214/aoms/1177730491). Up to 25 values in each sample p is exact, ties included: twice the
// smaller tail over all ways to deal the pooled values, cut to 1. Beyond, it is the normal approximation with the
// corrections for ties and for continuity. It is not known where a sample is empty or where all values are equal.
//
// Note: MannWhitneyUTest of github.com/aclements/go-moremath doubles the lower tail of the smaller U, which with ties
// is right only for samples of one size: {5, 6} against {1, 1, 1, 1, 1, 2} gets p = 0 there, and 2/28 here.
func MannWhitney(a, b []float64) (p float64, known bool) {
	if len(a) == 0 || len(b) == 0 {
		return 0, false
	}
	ranks, rankSum := doubledRanks(a, b)
	if ranks[0] == ranks[len(ranks)-1] {
		return 0, false
	}
	if max(len(a), len(b)) <= exactLimit {
		return exactRankSum(ranks, len(a), rankSum), true
	}
	return normalRankSum(ranks, len(a), rankSum), true
}

// doubledRanks gives twice the rank of each pooled value, in ascending order, and their sum over a. Tied values share
// the mean of their ranks; doubling keeps that whole.
func doubledRanks(a, b []float64) (ranks []int, sumA int) {
	type value struct {
		x   float64
		ofA bool
	}
	pooled := make([]value, 0, len(a)+len(b))
	for _, x := range a {
		pooled = append(pooled, value{x, true})
	}
	for _, x := range b {
		pooled = append(pooled, value{x, false})
	}
	sort.Slice(pooled, func(i, j int) bool { return pooled[i].x < pooled[j].x })
	ranks = make([]int, len(pooled))
	for from := 0; from < len(pooled); {
		to := from
		for to < len(pooled) && pooled[to].x == pooled[from].x {
			to++
		}
		// The ranks from+1 … to have the mean (from + 1 + to) / 2.
		for i := from; i < to; i++ {
			ranks[i] = from + 1 + to
			if pooled[i].ofA {
				sumA += ranks[i]
			}
		}
		from = to
	}
	return ranks, sumA
}

// exactRankSum is twice the smaller tail of the rank sum of n values, over all ways to choose n of the ranks, cut to 1.
func exactRankSum(ranks []int, n, rankSum int) float64 {
	most := 0
	for _, rank := range ranks[len(ranks)-n:] {
		most += rank
	}
	// ways[k][s] counts the choices of k ranks with sum s. 50 choose 25 is below 2^53, so every count is exact.
	ways := make([][]float64, n+1)
	for k := range ways {
		ways[k] = make([]float64, most+1)
	}
	ways[0][0] = 1
	for _, rank := range ranks {
		for k := n; k >= 1; k-- {
			for s := most; s >= rank; s-- {
				ways[k][s] += ways[k-1][s-rank]
			}
		}
	}
	var atMost, atLeast, all float64
	for s, count := range ways[n] {
		all += count
		if s <= rankSum {
			atMost += count
		}
		if s >= rankSum {
			atLeast += count
		}
	}
	return min(1, 2*min(atMost, atLeast)/all)
}

// normalRankSum approximates the same probability, with the corrections for ties and for continuity.
func normalRankSum(ranks []int, n, rankSum int) float64 {
	count := float64(len(ranks))
	na, nb := float64(n), count-float64(n)
	ties := 0.0
	for from := 0; from < len(ranks); {
		to := from
		for to < len(ranks) && ranks[to] == ranks[from] {
			to++
		}
		tied := float64(to - from)
		ties += tied*tied*tied - tied
		from = to
	}
	mean := na * (count + 1) / 2
	deviation := math.Sqrt(na * nb / 12 * (count + 1 - ties/(count*(count-1))))
	distance := max(0, math.Abs(float64(rankSum)/2-mean)-0.5)
	return twoSided(distance / deviation)
}

// TwoProportions is the two-sided z test, with the pooled share, of whether k1 of n1 and k2 of n2 differ by more than
// chance. It is not known without trials on both sides, or where nothing or everything was a hit.
func TwoProportions(k1, n1, k2, n2 int) (p float64, known bool) {
	if n1 <= 0 || n2 <= 0 || k1+k2 == 0 || k1+k2 == n1+n2 {
		return 0, false
	}
	a, b := float64(n1), float64(n2)
	pooled := float64(k1+k2) / (a + b)
	deviation := math.Sqrt(pooled * (1 - pooled) * (1/a + 1/b))
	return twoSided(math.Abs(float64(k1)/a-float64(k2)/b) / deviation), true
}

// PoissonRates is the exact two-sided test of whether e1 events in exposure t1 and e2 in t2 came at different rates:
// given e1 + e2, e1 is binomial with the share t1 / (t1 + t2), and p is twice its smaller tail, cut to 1
// (https://doi.org/10.1093/biomet/31.3-4.313). It is not known without events, or without exposure on both sides.
func PoissonRates(e1 int, t1 float64, e2 int, t2 float64) (p float64, known bool) {
	n := e1 + e2
	if n == 0 || t1 <= 0 || t2 <= 0 {
		return 0, false
	}
	share := t1 / (t1 + t2)
	return min(1, 2*min(binomialAtMost(e1, n, share), binomialAtLeast(e1, n, share))), true
}

// twoSided is the probability that a standard normal variable lies at least so far from 0.
func twoSided(distance float64) float64 { return math.Erfc(distance / math.Sqrt2) }
