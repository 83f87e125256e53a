package stats_test

import (
	"math"
	"math/bits"
	"testing"

	"pgregory.net/rapid"

	"kpi-gate/internal/stats"
)

func TestMannWhitney(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		a, b  []float64
		p     float64
		known bool
	}{
		{"nothing on one side", nil, []float64{1}, 0, false},
		{"nothing on the other", []float64{1}, nil, 0, false},
		{"all equal", []float64{4, 4}, []float64{4, 4, 4}, 0, false},
		{"one and one: either order is as likely", []float64{1}, []float64{2}, 1, true},
		// All of a below all of b: 1 of C(10,5) = 252 deals, twice.
		{"five below five", []float64{1, 2, 3, 4, 5}, []float64{6, 7, 8, 9, 10}, 2. / 252, true},
		// Ranks of the ties are 1.5 each: b's sum 3 is the lowest of the sums 3, 4.5, 4.5; one of 3 deals, twice.
		{"ties in the larger sample", []float64{2}, []float64{1, 1}, 2. / 3, true},
		// a holds the two highest of 8 values: 1 of C(8,2) = 28 deals, twice.
		{"ties far from the difference", []float64{5, 6}, []float64{1, 1, 1, 1, 1, 2}, 2. / 28, true},
		// Hollander and Wolfe 1973, p. 69: U = 35, one-sided p = 0.1272 (382 of C(15,5) = 3,003 deals).
		{
			"permeability of placental tissue",
			[]float64{0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46},
			[]float64{1.15, 0.88, 0.90, 0.74, 1.21},
			2 * 382. / 3003, true,
		},
		// 26 values each are beyond counting: U = 0, mean 26·26/2 = 338, σ = √(676·53/12) = 54.6412;
		// (338 − 0.5) / 54.6412 = 6.17666 standard deviations.
		{"26 below 26", upTo(26), upTo(52)[26:], math.Erfc(337.5 / math.Sqrt(676*53./12) / math.Sqrt2), true},
	} {
		p, known := stats.MannWhitney(test.a, test.b)
		if known != test.known || !near(p, test.p) {
			t.Errorf("%s: got %v %v, want %v %v", test.name, p, known, test.p, test.known)
		}
	}
}

// With 30 zeros against 15 zeros and 15 ones, ties carry nearly all ranks. N = 60: 45 values share rank 23, 15 share
// rank 53. The rank sum 30·23 = 690 is 225 below its mean 30·61/2 = 915. Ties: 45³ − 45 + 15³ − 15 = 94,440;
// variance 900/12·(61 − 94,440/(60·59)) = 75·34.32203 = 2,574.153; (225 − 0.5)/50.7361 = 4.42486.
func TestMannWhitneyCorrectsForTies(t *testing.T) {
	t.Parallel()
	a, b := make([]float64, 30), make([]float64, 30)
	for i := range 15 {
		b[i] = 1
	}
	p, known := stats.MannWhitney(a, b)
	if want := math.Erfc(4.42486 / math.Sqrt2); !known || math.Abs(p-want) > 1e-4*want {
		t.Errorf("got %v %v, want %v", p, known, want)
	}
}

func TestMannWhitneyProperties(t *testing.T) {
	t.Parallel()
	// Whole numbers of a small range make many ties.
	values := rapid.SliceOfN(rapid.Map(rapid.IntRange(0, 5), func(i int) float64 { return float64(i) }), 1, 6)
	rapid.Check(t, func(t *rapid.T) {
		a, b := values.Draw(t, "a"), values.Draw(t, "b")
		p, known := stats.MannWhitney(a, b)
		want, different := dealt(a, b)
		if known != different || known && !near(p, want) {
			t.Errorf("got %v %v, counting every deal gives %v %v", p, known, want, different)
		}
		if mirror, _ := stats.MannWhitney(b, a); !near(p, mirror) {
			t.Errorf("p is %v one way and %v the other", p, mirror)
		}
	})
}

// dealt is the test by its definition: U counts the pairs that a wins, ties half; each way to deal the pooled values
// into samples of these sizes is as likely as any other.
func dealt(a, b []float64) (p float64, different bool) {
	pooled := append(append([]float64(nil), a...), b...)
	wins := func(ofA uint) (u float64) {
		for i, x := range pooled {
			for j, y := range pooled {
				if ofA>>i&1 == 1 && ofA>>j&1 == 0 {
					switch {
					case x > y:
						u++
					case x == y:
						u += 0.5
					}
				}
			}
		}
		return u
	}
	observed := wins(1<<len(a) - 1)
	var atMost, atLeast, all float64
	for ofA := uint(0); ofA < 1<<len(pooled); ofA++ {
		if bits.OnesCount(ofA) != len(a) {
			continue
		}
		all++
		u := wins(ofA)
		if u <= observed {
			atMost++
		}
		if u >= observed {
			atLeast++
		}
	}
	for _, x := range pooled {
		different = different || x != pooled[0]
	}
	return min(1, 2*min(atMost, atLeast)/all), different
}

func TestTwoProportions(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name           string
		k1, n1, k2, n2 int
		p              float64
		known          bool
	}{
		{"no trials on one side", 0, 0, 3, 9, 0, false},
		{"no trials on the other", 3, 9, 0, 0, 0, false},
		{"no hit at all", 0, 5, 0, 9, 0, false},
		{"nothing but hits", 5, 5, 9, 9, 0, false},
		{"the same share", 1, 4, 5, 20, 1, true},
		// Pooled 45/200 = 0.225; √(0.225·0.775·(1/100 + 1/100)) = 0.0590551; 0.15/0.0590551 = 2.54000.
		{"15 % and 30 %", 15, 100, 30, 100, 0.0110852, true},
		// Pooled 1/2; √(0.25·(1/2 + 1/2)) = 0.5; 1/0.5 = 2: P(|Z| ≥ 2) = 0.0455003.
		{"two hits, two misses", 2, 2, 0, 2, 0.0455003, true},
	} {
		p, known := stats.TwoProportions(test.k1, test.n1, test.k2, test.n2)
		if known != test.known || math.Abs(p-test.p) > 1e-6 {
			t.Errorf("%s: got %v %v, want %v %v", test.name, p, known, test.p, test.known)
		}
	}
}

func TestPoissonRates(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		e1     int
		t1     float64
		e2     int
		t2     float64
		p      float64
		known  bool
		within float64
	}{
		{"no events", 0, 30, 0, 30, 0, false, 0},
		{"no exposure", 1, 0, 1, 30, 0, false, 0},
		{"no exposure on the other side", 1, 30, 1, 0, 0, false, 0},
		{"one event is on either side as likely", 1, 30, 0, 30, 1, true, 1e-9},
		{"0 and 5: 2·(1/2)^5", 0, 30, 5, 30, 0.0625, true, 1e-9},
		{"1 and 7: 2·(1 + 8)/2^8", 1, 30, 7, 30, 0.0703125, true, 1e-9},
		{"2 and 0, a quarter of the exposure: 2·(1/4)²", 2, 1, 0, 3, 0.125, true, 1e-9},
		{"even: both tails are above one half, cut to 1", 4, 30, 4, 30, 1, true, 1e-9},
		// Normal approximation: (50,000 − 49,000 − 1)/√99,000 = 3.17505, P(|Z| ≥ that) = 0.0014981.
		{"many events", 50_000, 30, 49_000, 30, 0.0014981, true, 1e-6},
	} {
		p, known := stats.PoissonRates(test.e1, test.t1, test.e2, test.t2)
		if known != test.known || math.Abs(p-test.p) > test.within {
			t.Errorf("%s: got %v %v, want %v %v", test.name, p, known, test.p, test.known)
		}
	}
}
