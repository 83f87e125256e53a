package stats_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"kpi-gate/internal/stats"
)

func TestWilson(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		k, n      int
		low, high float64
	}{
		{"no trials", 0, 0, 0, 1},
		// z² = 3.841459; 0 of 1: high z²/(1 + z²) = 3.841459 / 4.841459.
		{"one miss", 0, 1, 0, 0.7934507},
		{"one hit", 1, 1, 0.2065493, 1},
		// Newcombe 1998, table I, method 3
		// (https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E).
		{"81 of 263", 81, 263, 0.2553, 0.3662},
		{"15 of 148", 15, 148, 0.0624, 0.1605},
		{"0 of 20", 0, 20, 0, 0.1611},
		{"1 of 29", 1, 29, 0.0061, 0.1718},
	} {
		got := stats.Wilson(test.k, test.n)
		if math.Abs(got.Low-test.low) > 5e-5 || math.Abs(got.High-test.high) > 5e-5 {
			t.Errorf("%s: got %v, want {%v %v}", test.name, got, test.low, test.high)
		}
	}
}

func TestWilsonProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 100_000).Draw(t, "n")
		k := rapid.IntRange(0, n).Draw(t, "k")
		got, mirror := stats.Wilson(k, n), stats.Wilson(n-k, n)
		share := float64(k) / float64(n)
		if got.Low < 0 || got.Low > share || got.High < share || got.High > 1 {
			t.Errorf("%v does not hold %v within 0 to 1", got, share)
		}
		if math.Abs(got.Low+mirror.High-1) > 1e-12 {
			t.Errorf("%v is not the mirror of %v", got, mirror)
		}
	})
}
