package stats_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"kpi-gate/internal/stats"
)

func TestXmR(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name              string
		values            []float64
		center, low, high float64
	}{
		{"one value has no moving range", []float64{7}, 7, 7, 7},
		{"equal values do not move", []float64{3, 3, 3}, 3, 3, 3},
		{"two values: 15 ± 2.66·10", []float64{10, 20}, 15, -11.6, 41.6},
		{"ranges 2 1 3, mean 2: 10.25 ± 5.32", []float64{10, 12, 11, 8}, 10.25, 4.93, 15.57},
		{"ranges 2 4 1, mean 7/3: 10.25 ± 18.62/3", []float64{10, 8, 12, 11}, 10.25, 12.13 / 3, 49.37 / 3},
		{"a share that the limits leave: 0.5 ± 2.66·1", []float64{0, 1, 0, 1}, 0.5, -2.16, 3.16},
	} {
		got := stats.XmR(test.values)
		if !near(got.Center, test.center) || !near(got.Low, test.low) || !near(got.High, test.high) {
			t.Errorf("%s: got %v, want {%v %v %v}", test.name, got, test.center, test.low, test.high)
		}
	}
	if got := stats.XmR(nil); !math.IsNaN(got.Center) || !math.IsNaN(got.Low) || !math.IsNaN(got.High) {
		t.Errorf("of nothing: got %v, want NaN", got)
	}
}

// The flow rates of ten batches, from https://www.itl.nist.gov/div898/handbook/pmc/section3/pmc322.htm:
// mean 508.1 / 10, ranges 2.0 2.3 1.4 3.5 3.4 1.4 0.2 1.2 1.5, mean 16.9 / 9 = 1.8778; the handbook's limits are 45.82
// and 55.80.
func TestXmROfFlowRates(t *testing.T) {
	t.Parallel()
	got := stats.XmR([]float64{49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1})
	for _, test := range []struct {
		name      string
		got, want float64
	}{{"centre", got.Center, 50.81}, {"low", got.Low, 45.82}, {"high", got.High, 55.80}} {
		if math.Abs(test.got-test.want) > 0.006 {
			t.Errorf("%s: got %v, want %v", test.name, test.got, test.want)
		}
	}
}

func TestXmRProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(-1e6, 1e6), 1, 30).Draw(t, "values")
		shift, scale := rapid.Float64Range(-1e3, 1e3).Draw(t, "shift"), rapid.Float64Range(0.1, 10).Draw(t, "scale")
		got := stats.XmR(values)
		about := func(a, b float64) bool { return math.Abs(a-b) <= 1e-6 }
		if !(got.Low <= got.Center && got.Center <= got.High) || !about(got.High-got.Center, got.Center-got.Low) {
			t.Errorf("%v is not centred", got)
		}
		backwards := slices.Clone(values)
		slices.Reverse(backwards)
		if mirror := stats.XmR(backwards); !about(mirror.Low, got.Low) || !about(mirror.High, got.High) {
			t.Errorf("backwards: got %v, want %v", mirror, got)
		}
		moved := slices.Clone(values)
		for i := range moved {
			moved[i] = moved[i]*scale + shift
		}
		if m := stats.XmR(moved); !about(m.Low, got.Low*scale+shift) || !about(m.High, got.High*scale+shift) {
			t.Errorf("in another unit: got %v, want %v · %v + %v", m, got, scale, shift)
		}
	})
}
