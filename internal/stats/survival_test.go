package stats_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"kpi-gate/internal/stats"
)

func TestKaplanMeier(t *testing.T) {
	t.Parallel()
	// Finished at 1, 3 (twice) and 6; two still run, at 2 and 5.
	mixed, left := []float64{1, 3, 3, 6}, []float64{2, 5}
	for _, test := range []struct {
		name              string
		finished, running []float64
		q, want           float64
		reached           bool
	}{
		{"one finished item is every quantile", []float64{7}, nil, 0.5, 7, true},
		{"one finished item, the nine tenths", []float64{7}, nil, 0.9, 7, true},
		{"one running item: no event, only its age", nil, []float64{7}, 0.5, 7, false},
		{"nothing but running items: the largest age", nil, []float64{2, 9, 4}, 0.9, 9, false},

		// Without running items S is 3/4, 2/4, 1/4, 0 after 1, 2, 3, 4.
		{"1 2 3 4: S(2) = 1/2 ≤ 1/2", []float64{1, 2, 3, 4}, nil, 0.5, 2, true},
		{"1 2 3 4: S(3) = 1/4 > 0.1, S(4) = 0", []float64{1, 2, 3, 4}, nil, 0.9, 4, true},
		{"1 2 3: S(1) = 2/3, S(2) = 1/3", []float64{1, 2, 3}, nil, 0.5, 2, true},
		// After the ninth of ten S = 1/10, the product of nine fractions; 1 − 0.9 is a little less than that in floats.
		{"1 … 10: S(9) = 1/10 ≤ 1 − 0.9", upTo(10), nil, 0.9, 9, true},
		{"unsorted", []float64{3, 1, 4, 2}, nil, 0.5, 2, true},
		{"ties: S(5) = 1 − 3/4 = 1/4 in one step", []float64{5, 5, 5, 9}, nil, 0.5, 5, true},
		{"ties: 1/4 > 0.1, so on to 9", []float64{5, 5, 5, 9}, nil, 0.9, 9, true},

		// S(1) = 1 − 1/6 = 5/6. At 3 the one of age 2 is gone: r = 4, S = 5/6·2/4 = 5/12. At 6 r = 1: 0.
		{"mixed: S(1) = 5/6 ≤ 0.9", mixed, left, 0.1, 1, true},
		{"mixed: S(3) = 5/12 ≤ 1/2", mixed, left, 0.5, 3, true},
		{"mixed: 5/12 > 0.1, S(6) = 0", mixed, left, 0.9, 6, true},
		{"mixed: 5/12 ≤ 1 − 7/12, but for the last bit", mixed, left, 7. / 12, 3, true},
		{"mixed: 5/12 > 1 − 0.584 = 0.416", mixed, left, 0.584, 6, true},

		// The item of age 2 is still at risk at 2: r = 2, S = 1/2. Were it gone, S(2) would be 0.
		{"running at the age of an event", []float64{2}, []float64{2}, 0.5, 2, true},
		{"running at the age of an event, S stays 1/2", []float64{2}, []float64{2}, 0.9, 2, false},
		// At 2: r = 3, S = 2/3. At 4 the one of age 2 is gone: r = 1, S = 0.
		{"gone after it", []float64{2, 4}, []float64{2}, 0.5, 4, true},

		// S(1) = 2/3, S(2) = 2/3·1/2 = 1/3; then only 12 runs.
		{"the largest age is a running one", []float64{1, 2}, []float64{12}, 0.5, 2, true},
		{"the largest age is a running one, not reached", []float64{1, 2}, []float64{12}, 0.9, 12, false},
		// Both are gone by 10: r = 1, S = 0.
		{"young running items tell nothing about later", []float64{10}, []float64{3, 4}, 0.5, 10, true},
		// At 10 r = 3: S = 2/3.
		{"old running items do", []float64{10}, []float64{30, 40}, 0.5, 40, false},
		{"length 0: S(0) = 1/2", []float64{0, 5}, nil, 0.5, 0, true},
	} {
		value, reached := stats.KaplanMeier(test.finished, test.running).Quantile(test.q)
		if value != test.want || reached != test.reached {
			t.Errorf("%s: got %v %v, want %v %v", test.name, value, reached, test.want, test.reached)
		}
	}
	if value, reached := stats.KaplanMeier(nil, nil).Quantile(0.5); !math.IsNaN(value) || reached {
		t.Errorf("of nothing: got %v %v, want NaN false", value, reached)
	}
}

// Remission times in weeks of the 21 patients treated with 6-mercaptopurine (Freireich and others 1963,
// https://doi.org/10.1182/blood.V21.6.699.699), the example of most textbooks: S falls to 0.8571, 0.8067, 0.7529,
// 0.6902, 0.6275, 0.5378 and 0.4482 after 6, 7, 10, 13, 16, 22 and 23 weeks, so the median is 23, and nine tenths are
// not reached.
func TestKaplanMeierOfRemissionTimes(t *testing.T) {
	t.Parallel()
	relapsed := []float64{6, 6, 6, 7, 10, 13, 16, 22, 23}
	inRemission := []float64{6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35}
	curve := stats.KaplanMeier(relapsed, inRemission)
	for _, step := range []struct{ age, unfinished float64 }{
		{6, 0.8571}, {7, 0.8067}, {10, 0.7529}, {13, 0.6902}, {16, 0.6275}, {22, 0.5378}, {23, 0.4482},
	} {
		// A share just below what is finished by then is reached there.
		if got, reached := curve.Quantile(1 - step.unfinished - 1e-4); got != step.age || !reached {
			t.Errorf("S = %v: got %v %v, want %v", step.unfinished, got, reached, step.age)
		}
	}
	if got, reached := curve.Quantile(0.5); got != 23 || !reached {
		t.Errorf("median: got %v %v, want 23", got, reached)
	}
	if got, reached := curve.Quantile(0.9); got != 35 || reached {
		t.Errorf("nine tenths: got %v %v, want more than 35", got, reached)
	}
}

// A product of so many fractions gathers rounding errors, and still tells one item in 100,000 apart: S(k) = 1 − k/n.
func TestKaplanMeierOfManyItems(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		n       int
		q, want float64
	}{{100_000, 0.5, 50_000}, {100_000, 0.9, 90_000}, {99_999, 0.5, 50_000}, {99_991, 0.9, 89_992}} {
		if got, reached := stats.KaplanMeier(upTo(test.n), nil).Quantile(test.q); got != test.want || !reached {
			t.Errorf("%v of %d: got %v %v, want %v", test.q, test.n, got, reached, test.want)
		}
	}
}

func TestKaplanMeierLeavesItsInputAlone(t *testing.T) {
	t.Parallel()
	finished, running := []float64{3, 1, 2}, []float64{9, 8}
	stats.KaplanMeier(finished, running)
	if !slices.Equal(finished, []float64{3, 1, 2}) || !slices.Equal(running, []float64{9, 8}) {
		t.Errorf("got %v and %v", finished, running)
	}
}

// ages draws lengths with many ties.
func ages(least int) *rapid.Generator[[]float64] {
	return rapid.SliceOfN(rapid.Map(rapid.IntRange(0, 40), func(n int) float64 { return float64(n) }), least, 120)
}

// share draws a q, those of the reports among them.
func share() *rapid.Generator[float64] {
	return rapid.OneOf(rapid.SampledFrom([]float64{0.5, 0.9}), rapid.Float64Range(0.01, 0.99))
}

// quantile is a quantile as text, so that a failure shows both.
func quantile(s stats.Survival, q float64) string {
	value, reached := s.Quantile(q)
	return fmt.Sprint(value, reached)
}

// With nothing running the estimate is the smallest value x with at least a share q of the values ≤ x.
func TestKaplanMeierOfFinishedItemsIsTheirDistribution(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		finished, q := ages(1).Draw(t, "finished"), share().Draw(t, "q")
		sorted := slices.Sorted(slices.Values(finished))
		rank := int(math.Ceil(q*float64(len(sorted)) - 1e-9))
		if got, reached := stats.KaplanMeier(finished, nil).Quantile(q); got != sorted[max(rank, 1)-1] || !reached {
			t.Errorf("got %v %v, want rank %d of %v", got, reached, rank, sorted)
		}
	})
}

func TestKaplanMeierProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		finished, running := ages(0).Draw(t, "finished"), ages(0).Draw(t, "running")
		q := share().Draw(t, "q")
		curve := stats.KaplanMeier(finished, running)

		mixed, others := rapid.Permutation(finished).Draw(t, "mixed"), rapid.Permutation(running).Draw(t, "others")
		if got, want := quantile(stats.KaplanMeier(mixed, others), q), quantile(curve, q); got != want {
			t.Errorf("in another order: got %s, want %s", got, want)
		}

		value, reached := curve.Quantile(q)
		higher, higherReached := curve.Quantile(rapid.Float64Range(q, 0.99).Draw(t, "higher"))
		if higherReached && !reached || higher < value {
			t.Errorf("the quantile falls from %v %v to %v %v", value, reached, higher, higherReached)
		}

		more := append(slices.Clone(running), ages(1).Draw(t, "more")...)
		later, laterReached := stats.KaplanMeier(finished, more).Quantile(q)
		if laterReached && !reached || later < value {
			t.Errorf("with more running the quantile falls from %v %v to %v %v", value, reached, later, laterReached)
		}
	})
}
