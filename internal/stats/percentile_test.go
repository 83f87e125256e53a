package stats_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"kpi-gate/internal/stats"
)

// near tolerates rounding, and nothing that a reader could see.
func near(got, want float64) bool {
	return got == want || math.Abs(got-want) <= 1e-9*math.Max(1, math.Abs(want))
}

// upTo is 1, 2 … n, so that the value at a rank is the rank.
func upTo(n int) []float64 {
	values := make([]float64, n)
	for i := range values {
		values[i] = float64(i + 1)
	}
	return values
}

func TestPercentile(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		sorted []float64
		q      float64
		want   float64
	}{
		{"one value is every percentile", []float64{7}, 0.95, 7},
		{"two values, median: h = 1·0.5, halfway", []float64{10, 20}, 0.5, 15},
		{"two values, p90: h = 1·0.9, 10 + 0.9·10", []float64{10, 20}, 0.9, 19},
		{"odd n: the middle one", []float64{1, 2, 100}, 0.5, 2},
		{"p75 of 1 … 4: h = 3·0.75 = 2.25, 3 + 0.25·1", []float64{1, 2, 3, 4}, 0.75, 3.25},
		{"p95 of 1 … 11: h = 10·0.95 = 9.5, 10 + 0.5·1", upTo(11), 0.95, 10.5},
		{"ties", []float64{3, 3, 3, 9}, 0.5, 3},
		{"0 is the smallest", []float64{1, 2, 3}, 0, 1},
		{"1 is the largest", []float64{1, 2, 3}, 1, 3},
	} {
		if got := stats.Percentile(test.sorted, test.q); !near(got, test.want) {
			t.Errorf("%s: got %v, want %v", test.name, got, test.want)
		}
	}
	if got := stats.Percentile(nil, 0.5); !math.IsNaN(got) {
		t.Errorf("the median of nothing: got %v, want NaN", got)
	}
}

func TestMean(t *testing.T) {
	t.Parallel()
	if got := stats.Mean([]float64{1, 2, 6}); got != 3 {
		t.Errorf("(1 + 2 + 6) / 3: got %v, want 3", got)
	}
	if got := stats.Mean(nil); !math.IsNaN(got) {
		t.Errorf("the mean of nothing: got %v, want NaN", got)
	}
}

func TestPercentileInterval(t *testing.T) {
	t.Parallel()
	open := math.Inf(1)
	for _, test := range []struct {
		name      string
		n         int
		q         float64
		low, high float64 // ranks, since the values are 1 … n
	}{
		{"nothing", 0, 0.5, -open, open},
		{"median of 5: 2^-5 = 3.1 % on either side", 5, 0.5, -open, open},
		{"median of 6: 2^-6 = 1.6 %, and 7/64 = 10.9 % one rank in", 6, 0.5, 1, 6},
		{"median of 10: 11/1024 = 1.1 %, and 56/1024 = 5.5 % one rank in", 10, 0.5, 2, 9},
		{"median of 20: 2.07 % below rank 6, 5.77 % below rank 7", 20, 0.5, 6, 15},

		// The lower side closes at (1 − q)^n ≤ 2.5 %, the upper at q^n ≤ 2.5 %.
		{"p75 of 2: 0.25² = 6.3 %", 2, 0.75, -open, open},
		{"p75 of 3: 0.25³ = 1.6 %", 3, 0.75, 1, open},
		{"p75 of 12: 0.75^12 = 3.2 %; below rank 6 1.4 %, below rank 7 5.4 %", 12, 0.75, 6, open},
		{"p75 of 13: 0.75^13 = 2.4 %; below rank 7 2.4 %, below rank 8 8.0 %", 13, 0.75, 7, 13},
		{"p90 of 35: 0.9^35 = 2.503 %; below rank 28 2.0 %, below rank 29 5.5 %", 35, 0.9, 28, open},
		{"p90 of 36: 0.9^36 = 2.25 %; below rank 29 2.4 %, below rank 30 6.3 %", 36, 0.9, 29, 36},
		{"p95 of 71: 0.95^71 = 2.62 %; below rank 63 0.9 %, below rank 64 2.52 %", 71, 0.95, 63, open},
		{"p95 of 72: 0.95^72 = 2.49 %; below rank 64 1.0 %, below rank 65 2.7 %", 72, 0.95, 64, 72},
	} {
		want := stats.Interval{Low: test.low, High: test.high}
		if got := stats.PercentileInterval(upTo(test.n), test.q); got != want {
			t.Errorf("%s: got %v, want %v", test.name, got, want)
		}
	}
}

// The ranks of a large sample are those of the normal approximation, give or take one: n/2 ∓ z·√n/2 for the median.
func TestPercentileIntervalOfManyValues(t *testing.T) {
	t.Parallel()
	const n = 50_000
	// 25,000 − 1.96·111.80 = 24,780.9 and 25,000 + 219.1 = 25,219.1.
	got := stats.PercentileInterval(upTo(n), 0.5)
	if math.Abs(got.Low-24_781) > 1 || math.Abs(got.High-25_220) > 1 {
		t.Errorf("got %v, want about {24781 25220}", got)
	}
}

func TestPercentileProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(0, 1e9), 1, 200).Draw(t, "values")
		slices.Sort(values)
		n := len(values)
		q := rapid.Float64Range(0, 1).Draw(t, "q")
		higher := rapid.Float64Range(q, 1).Draw(t, "higher")
		if low, high := stats.Percentile(values, q), stats.Percentile(values, higher); low > high*(1+1e-12) {
			t.Errorf("the percentile falls from %v to %v between %v and %v", low, high, q, higher)
		}
		if got := stats.Percentile(values, q); got < values[0] || got > values[n-1] {
			t.Errorf("percentile %v lies outside the data", got)
		}
	})
}

// binomialSum is P(from ≤ B ≤ to) for B ~ Binomial(n, q), term by term.
func binomialSum(from, to, n int, q float64) float64 {
	sum := 0.0
	for k := from; k <= to; k++ {
		term := 1.0
		for i := 1; i <= k; i++ {
			term *= float64(n-k+i) / float64(i) * q
		}
		sum += term * math.Pow(1-q, float64(n-k))
	}
	return sum
}

func TestPercentileIntervalIsItsDefinition(t *testing.T) {
	t.Parallel()
	for _, q := range []float64{0.5, 0.75, 0.9, 0.95} {
		for n := range 121 {
			want := stats.Interval{Low: math.Inf(-1), High: math.Inf(1)}
			for l := 1; l <= n && binomialSum(0, l-1, n, q) <= 0.025; l++ {
				want.Low = float64(l)
			}
			for u := n; u >= 1 && binomialSum(u, n, n, q) <= 0.025; u-- {
				want.High = float64(u)
			}
			if got := stats.PercentileInterval(upTo(n), q); got != want {
				t.Errorf("n = %d, q = %v: got %v, want %v", n, q, got, want)
			}
		}
	}
}
