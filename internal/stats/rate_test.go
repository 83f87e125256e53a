package stats_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"kpi-gate/internal/stats"
)

func TestPoisson(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		events    int
		exposure  float64
		low, high float64
	}{
		// With no events the upper limit solves e^-λ = 0.025: λ = ln 40 = 3.6888795.
		{"no events in 1", 0, 1, 0, 3.6888795},
		{"no events in 30 days: ln 40 / 30", 0, 30, 0, 0.1229626},
		// One event: 1 − e^-λ = 0.025, λ = −ln 0.975 = 0.0253178.
		{"one event", 1, 1, 0.0253178, 5.5716434},
		// Garwood 1936, table I.
		{"5 events", 5, 1, 1.6234864, 11.6683321},
		{"10 events", 10, 1, 4.7953887, 18.3903560},
		{"10 events in 5 days", 10, 5, 0.9590777, 3.6780712},
		{"100 events", 100, 1, 81.3639913, 121.6267938},
		// The cube root of a chi-square variable is nearly normal (Wilson and Hilferty): k·(1 − 1/9k − z/(3·√k))³ and
		// (k + 1)·(1 − 1/9(k + 1) + z/(3·√(k + 1)))³.
		{"50,000 events", 50_000, 1, 49_562.68658, 50_440.21210},
	} {
		got := stats.Poisson(test.events, test.exposure)
		if !(math.Abs(got.Low-test.low) <= 1e-6*max(1, test.low)) || !(math.Abs(got.High-test.high) <= 1e-6*test.high) {
			t.Errorf("%s: got %v, want {%v %v}", test.name, got, test.low, test.high)
		}
	}
	if got := stats.Poisson(0, 0); got.Low != 0 || !math.IsInf(got.High, 1) {
		t.Errorf("without exposure: got %v, want {0 +Inf}", got)
	}
}

// At the lower limit so many events or more, at the upper limit so many or fewer, come in 2.5 % of cases.
func TestPoissonIsItsDefinition(t *testing.T) {
	t.Parallel()
	// atMost is P(X ≤ k) for X ~ Poisson(rate), term by term.
	atMost := func(k int, rate float64) float64 {
		sum, term := 0.0, math.Exp(-rate)
		for i := 0; i <= k; i++ {
			sum += term
			term *= rate / float64(i+1)
		}
		return sum
	}
	rapid.Check(t, func(t *rapid.T) {
		events := rapid.IntRange(1, 300).Draw(t, "events")
		got := stats.Poisson(events, 1)
		if p := 1 - atMost(events-1, got.Low); math.Abs(p-0.025) > 1e-9 {
			t.Errorf("P(X ≥ %d) at %v is %v", events, got.Low, p)
		}
		if p := atMost(events, got.High); math.Abs(p-0.025) > 1e-9 {
			t.Errorf("P(X ≤ %d) at %v is %v", events, got.High, p)
		}
	})
}
