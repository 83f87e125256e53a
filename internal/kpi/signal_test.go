package kpi

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// noFigure stands for a point without a figure.
var noFigure = math.NaN()

// points makes a trend of figures, oldest first.
func points(values ...float64) []Point {
	trend := make([]Point, len(values))
	for i, v := range values {
		if !math.IsNaN(v) {
			trend[i] = Point{Read: true, N: 1, Known: true, Value: v}
		}
	}
	return trend
}

// then is a trend that goes on.
func then(before []float64, more ...float64) []Point { return points(slices.Concat(before, more)...) }

func TestSignal(t *testing.T) {
	t.Parallel()
	// Mean 11; every moving range is 2: 11 ± 2.66·2 = 5.68 to 16.32.
	even := []float64{10, 12, 10, 12, 10, 12}
	// Weeks without a figure between them change nothing.
	gaps := []float64{10, noFigure, 12, 10, noFigure, noFigure, 12, 10, 12}
	// The same third, worked out in two ways.
	over, under := math.Nextafter(1./3, 1), math.Nextafter(1./3, 0)
	third := []float64{1. / 3, over, 1. / 3, 1. / 3, 1. / 3, 1. / 3, over, 1. / 3}
	// Four at 10, then 14 and 16 in turn: the mean of the first eleven is (40 + 104)/11 = 13.09, their moving ranges are
	// 4 and six times 2: 16/10 = 1.6, so the limits are 13.09 ± 4.256 = 8.83 to 17.35.
	risen := []float64{10, 10, 10, 10, 14, 16, 14, 16, 14, 16, 14}
	// The same upside down, 30 − x: centre 16.91, limits 12.65 to 21.17.
	fallen := []float64{20, 20, 20, 20, 16, 14, 16, 14, 16, 14, 16}
	for _, test := range []struct {
		name  string
		trend []Point
		want  Signal
	}{
		{"no trend", nil, ""},
		{"no figure in any week", points(noFigure, noFigure, noFigure), ""},
		{"the first figure", points(noFigure, 5), ""},
		{"five before are too few", then(even[:5], 1000), ""},
		{"no figure in the last week", then(even, 1000, noFigure), ""},

		{"six before: 16 is inside", then(even, 16), ""},
		{"17 is not", then(even, 17), SignalHigh},
		{"6 is inside", then(even, 6), ""},
		{"5 is not", then(even, 5), SignalLow},
		{"on the upper limit", then(even, 16.32), ""},
		{"a little over it", then(even, 16.3201), SignalHigh},
		{"on the lower limit", then(even, 5.68), ""},
		{"a little under it", then(even, 5.6799), SignalLow},
		{"weeks without a figure are passed over", then(gaps, 17), SignalHigh},
		{"weeks without a figure are passed over, inside", then(gaps, 16), ""},
		{"weeks without a figure do not count", points(10, noFigure, 12, 10, 12, 10, 1000), ""},
		// With 17 among those before, 83/7 = 11.86 ± 2.66·15/6 = 6.65: up to 18.51.
		{"what was unusual once widens the limits", then(even, 17, 17), ""},
		// Growth falls below 0: mean −0.1, every range 0.2: −0.632 to 0.432.
		{"below zero", points(0, -.2, 0, -.2, 0, -.2, -.7), SignalLow},
		{"below zero, inside", points(0, -.2, 0, -.2, 0, -.2, -.6), ""},

		{"all equal", points(3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3), ""},
		{"all zero", points(0, 0, 0, 0, 0, 0, 0), ""},
		{"a third each time", then(third, 1./3), ""},
		{"a third, the last one rounded up", points(1./3, 1./3, 1./3, 1./3, 1./3, 1./3, over), ""},
		{"a third, the last one rounded down", points(1./3, 1./3, 1./3, 1./3, 1./3, 1./3, under), ""},
		{"thirds rounded up after one that was not", points(under, over, over, over, over, over, over, over, over), ""},
		// Equal neighbours tell nothing about how much a figure moves.
		{"one that differs after equal ones", points(0, 0, 0, 0, 0, 0, 0.05), ""},
		{"one that differs after equal ones, lower", points(1, 1, 1, 1, 1, 1, 0.95), ""},
		// Two of six ranges are more than 0; then three, 3/6·2.66 above the mean 2/7.
		{"fewer than half move", points(0, 0, 0, 1, 0, 0, 0, 9), ""},
		{"half of them move", points(0, 0, 0, 1, 0, 0, 1, 9), SignalHigh},
		{"a run needs no limits", points(1, 1, 1, 5, 5, 5, 5, 5, 5, 5, 5), SignalRunHigh},

		{"eight in a row above the centre", then(risen, 16), SignalRunHigh},
		{"eight in a row below the centre", then(fallen, 14), SignalRunLow},
		{"eight in a row, and the last out of bounds", then(risen, 18), SignalHigh},
		{"the last back below the centre", then(risen, 13), ""},
		// Five at 10: centre (50 + 90)/11 = 12.73; the eighth from the end is 10.
		{"seven in a row", points(10, 10, 10, 10, 10, 14, 16, 14, 16, 14, 16, 14), ""},
		// (30 + 104)/10 = 13.4 ± 2.66·(4 + 6·2)/9 = 4.73.
		{"a week without one among the eight", points(10, 10, 10, 14, 16, 14, noFigure, 16, 14, 16, 14, 16), SignalRunHigh},
		// 4·8.25 + 12 + 87 = 132: the centre of eleven is 12, which the eighth from the end is too.
		{"one of the eight on the centre", points(8.25, 8.25, 8.25, 8.25, 12, 14, 15, 14, 15, 14, 15, 14), ""},
		// 132.01/11 = 12.0009.
		{"just above it", points(8.25, 8.25, 8.25, 8.25, 12.01, 14, 15, 14, 15, 14, 15, 14), SignalRunHigh},
	} {
		if got := signalOf(test.trend); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

// Turned upside down a trend has the opposite signal, and in another unit the same.
func TestSignalProperties(t *testing.T) {
	t.Parallel()
	opposite := map[Signal]Signal{
		"": "", SignalHigh: SignalLow, SignalLow: SignalHigh, SignalRunHigh: SignalRunLow, SignalRunLow: SignalRunHigh,
	}
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) float64 {
			if rapid.IntRange(0, 9).Draw(t, "gap") == 0 {
				return noFigure
			}
			return float64(rapid.IntRange(0, 12).Draw(t, "hits")) / float64(rapid.IntRange(1, 12).Draw(t, "of"))
		}), 0, 12).Draw(t, "values")
		scaled := func(by float64) []Point {
			other := slices.Clone(values)
			for i := range other {
				other[i] *= by
			}
			return points(other...)
		}
		got := signalOf(points(values...))
		if down := signalOf(scaled(-1)); down != opposite[got] {
			t.Errorf("upside down: got %q and %q", got, down)
		}
		if percent := signalOf(scaled(100)); percent != got {
			t.Errorf("in percent: got %q and %q", got, percent)
		}
	})
}
