package gate_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kpi-gate/internal/gate"
	"kpi-gate/internal/kpi"
)

// working is Monday to Thursday, for so long a day, for KPIs of bugs.
func working(day time.Duration) gate.Language {
	b := &kpi.BusinessTime{Zone: time.UTC, From: 0, To: day, KPIs: kpi.Globs{"bug-*"}}
	for d := time.Monday; d <= time.Thursday; d++ {
		b.Days[d] = true
	}
	return gate.Language{BusinessTime: b}
}

func TestParseInWorkingTime(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		line, canonical string
		limit           float64
		within          time.Duration
	}{
		// A day of 8 hours: 2·8·3,600 s.
		{"bug-time-to-resolve <= 2d", "bug-time-to-resolve.p50 <= 2d", 57_600, 0},
		// A week of 4 days of 8 hours is 32 hours; 1w 1d 1.5h are 41 h 30 min, which is 5 days and 90 minutes.
		{"bug-age.max <= 1w 1d 1.5h", "bug-age.max <= 5d1h30m", 149_400, 0},
		// 24 hours of work are three days of it.
		{"bug-age <= 24h", "bug-age.p50 <= 3d", 86_400, 0},
		{"bug-time-to-resolve.within(2d) >= 85%", "bug-time-to-resolve.within(2d) >= 85%", 0.85, 16 * time.Hour},
		{"bug-time-to-resolve.within(1.25d) >= 85%", "bug-time-to-resolve.within(10h) >= 85%", 0.85, 10 * time.Hour},
		{"bug-time-to-resolve{label=sev1}.km_p50 < 1d", "bug-time-to-resolve{label=sev1}.km_p50 < 1d", 28_800, 0},
		// A KPI that counts all time, and KPIs without a length to count.
		{"lead-time-for-changes <= 2d", "lead-time-for-changes.p50 <= 2d", 172_800, 0},
		{"bug-reported <= 2/week", "bug-reported <= 2/week", 2. / 7, 0},
		{"bug-backlog <= 2", "bug-backlog <= 2", 2, 0},
	} {
		language := working(8 * time.Hour)
		b, err := language.Parse(test.line)
		if err != nil {
			t.Errorf("%q: %v", test.line, err)
			continue
		}
		if b.Limit != test.limit || b.Statistic.Within != test.within || b.String() != test.canonical {
			t.Errorf("%q: got %v within %v, %q; want %v within %v, %q",
				test.line, b.Limit, b.Statistic.Within, b, test.limit, test.within, test.canonical)
		}
		if again, err := language.Parse(b.String()); err != nil || again.Limit != b.Limit || again.Statistic != b.Statistic {
			t.Errorf("%q: its canonical form gives %v, %v", test.line, again, err)
		}
	}
}

// One length, written in two ways, is one limit.
func TestParseAllKnowsTheSameLimitInWorkingTime(t *testing.T) {
	t.Parallel()
	_, err := working(8 * time.Hour).ParseAll("bug-age.p50 <= 1d\nbug-age.p50 <= 8h")
	if err == nil || !strings.Contains(err.Error(),
		"line 1 already sets an upper limit for bug-age.p50: bug-age.p50 <= 1d") {
		t.Errorf("got %v", err)
	}
}

func TestFormatLimitInWorkingTimeLosesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		language := working(time.Duration(rapid.IntRange(1, 24*60).Draw(t, "minutes of a day")) * time.Minute)
		seconds := rapid.IntRange(0, 10_000_000).Draw(t, "limit")
		within := rapid.IntRange(0, 10_000_000).Draw(t, "within")
		for _, line := range []string{
			fmt.Sprintf("bug-age <= %ds", seconds), fmt.Sprintf("bug-time-to-resolve.within(%ds) >= 50%%", within),
		} {
			b, err := language.Parse(line)
			if err != nil {
				t.Fatalf("%q: %v", line, err)
			}
			again, err := language.Parse(b.String())
			if err != nil || again.Limit != b.Limit || again.Statistic != b.Statistic || again.String() != b.String() {
				t.Fatalf("%q: %q gives %v, %v", line, b, again, err)
			}
		}
	})
}
