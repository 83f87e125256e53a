package gate

import (
	"math"
	"testing"

	"kpi-gate/internal/stats"
)

func TestWords(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		line          string
		figure, limit float64
		want, beside  string
	}{
		{"bug-age <= 2d12s", 100_000.4, 172_812, "1d3h47m", "2d12s"}, // 100,000 s are 1 d 3 h 46 min 40 s
		{"bug-age <= 1h", 3_599.6, 3_600, "1h", "1h"},
		{"bug-age <= 1h", 59.4, 3_600, "59s", "1h"},
		{"bug-age <= 1h", 0.123456, 3_600, "0.123s", "1h"},
		{"bug-age <= 4d (2026-01-01) to 1d (2026-03-01)", 86_400, 191_234.5, "1d", "2d5h7m"}, // 2 d 5 h 7 min 14.5 s
		{"ci-success-rate >= 90.05%", 0.89349, 0.9005, "89.3%", "90.05%"},
		{"ci-success-rate >= previous", 0.99996, 2. / 3, "99.996%", "66.7%"}, // not 100 %, which it is not
		{"ci-success-rate >= 90%", 0.00001, 0.9, "0.001%", "90%"},
		{"ci-success-rate >= 90%", 1, 0.9, "100%", "90%"},
		// A rate has the period of its limit: 3/30 a day is 0.7 a week; 0.5/day is written so.
		{"deployment-frequency >= 5/week", 3. / 30, 5. / 7, "0.7/week", "5/week"},
		{"deployment-frequency >= 0.5/day", 1. / 3, 0.5, "0.333/day", "0.5/day"},
		// Of one that was worked out it is the first period with at least one: 10/30 a day, less 5 %, is 2.217 a week.
		{"deployment-frequency >= previous - 5%", 7. / 30, 0.95 / 3, "1.63/week", "2.22/week"},
		{"deployment-frequency >= previous", 2. / 30, 1. / 30, "2/month", "1/month"},
		{"deployment-frequency >= previous", 2, 1. / 300, "60/month", "0.1/month"},
		{"deployment-frequency >= previous", 2, 1, "2/day", "1/day"},
		{"pull-request-size <= 400", 1234.5, 400, "1235", "400"}, // never rounded before the point; half goes up
		{"pull-request-size <= 400", 12.345, 400, "12.3", "400"},
	} {
		b, err := Language{}.Parse(test.line)
		if err != nil {
			t.Fatal(err)
		}
		if got, beside := b.words(test.figure, test.limit), b.LimitWords(test.limit); got != test.want || beside != test.beside {
			t.Errorf("%q: %v beside %v: got %q and %q, want %q and %q",
				test.line, test.figure, test.limit, got, beside, test.want, test.beside)
		}
	}
}

func TestIntervalWords(t *testing.T) {
	t.Parallel()
	b, err := Language{}.Parse("bug-age <= 1h")
	if err != nil {
		t.Fatal(err)
	}
	for want, i := range map[string]stats.Interval{
		"1m to 2m":           {Low: 60, High: 120},
		"1m or more":         {Low: 60, High: math.Inf(1)},
		"2m or less":         {Low: math.Inf(-1), High: 120},
		"open on both sides": {Low: math.Inf(-1), High: math.Inf(1)},
	} {
		if got := b.intervalWords(i, 3_600); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
