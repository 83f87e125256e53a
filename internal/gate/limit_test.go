package gate_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kpi-gate/internal/gate"
	"kpi-gate/internal/kpi"
)

func TestParseRelative(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		line      string
		more      float64
		canonical string
	}{
		{"ci-duration.p95 <= previous + 10%", 0.1, "ci-duration.p95 <= previous + 10%"},
		{"ci-duration.p95<=previous+12.5 %# slower", 0.125, "ci-duration.p95 <= previous + 12.5%"},
		{"deployment-frequency >= previous - 5%", -0.05, "deployment-frequency >= previous - 5%"},
		{"ci-success-rate >= previous -99.9%", -0.999, "ci-success-rate >= previous - 99.9%"},
		{"bug-backlog <= previous", 0, "bug-backlog <= previous"},
		{"bug-backlog < previous - 0%", 0, "bug-backlog < previous"},
		{"bug-backlog <= previous + 250%", 2.5, "bug-backlog <= previous + 250%"},
		{"bug-time-to-resolve.within(7d) >= previous", 0, "bug-time-to-resolve.within(7d) >= previous"},
	} {
		b, err := gate.Language{}.Parse(test.line)
		if err != nil {
			t.Errorf("%q: %v", test.line, err)
			continue
		}
		if b.Relative == nil || *b.Relative != test.more || b.Limit != 0 || b.String() != test.canonical {
			t.Errorf("%q: got %+v, %q; want %v more, %q", test.line, b, b, test.more, test.canonical)
		}
	}
}

func TestRelativeLimitAt(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		line     string
		previous float64
		want     float64
	}{
		{"ci-duration <= previous + 10%", 600, 660},           // 600 · 1.1
		{"deployment-frequency >= previous - 5%", 2, 1.9},     // 2 · 0.95
		{"bug-backlog <= previous", 7, 7},                     //
		{"bug-backlog <= previous + 10%", 0, 0},               // a tenth of nothing is nothing
		{"ci-success-rate >= previous - 5%", 0.8, 0.76},       // 0.8 · 0.95, and not 0.8 − 0.05
		{"ci-success-rate >= previous + 10%", 0.95, 1},        // 0.95 · 1.1 = 1.045, but no share is above 1
		{"bug-age.max <= previous + 100%", 86_400, 2 * 86400}, //
	} {
		got := benchmark(t, test.line).LimitAt(on(3, 1), &test.previous)
		if got == nil || math.Abs(*got-test.want) > 1e-12*test.want {
			t.Errorf("%q after %v: got %v, want %v", test.line, test.previous, got, test.want)
		}
	}
	if got := benchmark(t, "bug-backlog <= previous").LimitAt(on(3, 1), nil); got != nil {
		t.Errorf("without a figure of the window before: %v", *got)
	}
}

// From 5 d on 1 January to 2 d on 11 January: 3 d in 10 days are 0.3 d a day, which are 25,920 s.
func TestRampLimitAt(t *testing.T) {
	t.Parallel()
	b := benchmark(t, "bug-age <= 5d (2026-01-01) to 2d (2026-01-11)")
	berlin := time.FixedZone("", 3600)
	for _, test := range []struct {
		at   time.Time
		want float64
	}{
		{time.Time{}, 432_000},
		{on(1, 1), 432_000},
		{on(1, 2).Add(-time.Second), 432_000},                         // the whole first day
		{on(1, 2), 406_080},                                           // 432,000 − 25,920
		{on(1, 3).Add(-time.Second), 406_080},                         // a step a day
		{time.Date(2026, 1, 3, 0, 30, 0, 0, berlin), 406_080},         // 23:30 of the 2nd in UTC
		{on(1, 6), 302_400},                                           // 432,000 − 5 · 25,920: half way
		{on(1, 10), 198_720},                                          // 432,000 − 9 · 25,920
		{on(1, 11), 172_800},                                          // 2 d
		{time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC), 172_800},        // and from then on
		{time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), 172_800},   //
		{time.Date(-100, 12, 31, 23, 59, 59, 0, time.UTC), 5 * 86400}, //
	} {
		if got := b.LimitAt(test.at, nil); got == nil || math.Abs(*got-test.want) > 1e-6 {
			t.Errorf("%v: got %v, want %v", test.at, got, test.want)
		}
	}
	// 20 % to 80 % in a year that is a leap year: 60 % in 366 days; on 1 July 182 of these are over.
	share := benchmark(t, "ci-success-rate >= 20% (2028-01-01) to 80% (2029-01-01)")
	want := 0.2 + 0.6*182/366
	if got := share.LimitAt(time.Date(2028, 7, 1, 12, 0, 0, 0, time.UTC), nil); math.Abs(*got-want) > 1e-12 {
		t.Errorf("got %v, want %v", *got, want)
	}
}

func TestParseRamp(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"bug-age <= 5d (2026-01-01) to 2d (2026-06-30)":          "bug-age.p50 <= 5d (2026-01-01) to 2d (2026-06-30)",
		"bug-age.max<=1w( 2026-01-01 )to 1.5d(2026-06-30)# soon": "bug-age.max <= 7d (2026-01-01) to 1d12h (2026-06-30)",
		"bug-backlog <= 20 (2026-01-01) to 10 (2027-01-01)":      "bug-backlog <= 20 (2026-01-01) to 10 (2027-01-01)",
		"deployment-frequency >= 1/week (2026-01-01) to 1/day (2026-03-01)": "deployment-frequency >= 1/week (2026-01-01)" +
			" to 1/day (2026-03-01)",
		"ci-success-rate >= .8 (2026-01-01) to 95 % (2026-03-01)": "ci-success-rate >= 80% (2026-01-01) to 95% (2026-03-01)",
		"bug-backlog-growth <= 10% (2026-01-01) to -5% (2026-02-01)": "bug-backlog-growth <= 10% (2026-01-01)" +
			" to -5% (2026-02-01)",
		"bug-age{label=to} <= 5d (2026-01-01) to 2d (2026-06-30)": "bug-age{label=to}.p50 <= 5d (2026-01-01)" +
			" to 2d (2026-06-30)",
	} {
		b, err := gate.Language{}.Parse(line)
		if err != nil {
			t.Errorf("%q: %v", line, err)
			continue
		}
		if b.Ramp == nil || b.String() != want {
			t.Errorf("%q: got %q, want %q", line, b, want)
		}
	}
	b := benchmark(t, "bug-age <= 5d (2026-01-01) to 2d (2026-06-30)")
	if b.Ramp.Start != 432_000 || b.Limit != 172_800 || !b.Ramp.From.Equal(on(1, 1)) || !b.Ramp.Until.Equal(on(6, 30)) {
		t.Errorf("got %+v to %v", b.Ramp, b.Limit)
	}
}

func TestParseBand(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		// From the reports: less than a week; a month being 30 days.
		"lead-time-for-changes at least high (dora-2024)":            "lead-time-for-changes.p50 < 7d",
		"lead-time-for-changes.p50 at  least low( dora-2024 )#":      "lead-time-for-changes.p50 < 182d",
		"failed-deployment-recovery-time at least elite (dora-2024)": "failed-deployment-recovery-time.p50 < 1h",
		// High and medium are the same there.
		"failed-deployment-recovery-time at least medium (dora-2024)": "failed-deployment-recovery-time.p50 < 1d",
		// Several a day; between once a day and once a week.
		"deployment-frequency at least elite (dora-2024)": "deployment-frequency > 1/day",
		"deployment-frequency at least high (dora-2024)":  "deployment-frequency >= 1/week",
		// The report of 2024 has 20 % for high and 10 % for medium: those of 2023 stand in for them.
		"change-failure-rate at least high (dora-2024)":   "change-failure-rate <= 10%",
		"change-failure-rate at least medium (dora-2023)": "change-failure-rate <= 15%",
	} {
		b, err := gate.Language{}.Parse(line)
		if err != nil {
			t.Errorf("%q: %v", line, err)
			continue
		}
		written := benchmark(t, want)
		if b.Band == nil || b.Operator != written.Operator || b.Limit != written.Limit {
			t.Errorf("%q: got %+v, want %q", line, b, want)
		}
	}
	for line, want := range map[string]string{
		"lead-time-for-changes at least high (dora-2024)": "lead-time-for-changes.p50 at least high (dora-2024)",
		"change-failure-rate at least high (dora-2024)":   "change-failure-rate at least high (dora-2023)",
	} {
		if got := benchmark(t, line).String(); got != want {
			t.Errorf("%q: got %q, want %q", line, got, want)
		}
	}
}

// The bands come best first: a limit that is as good as a band's is better than those of the bands after it.
func TestParseBandIsHarderTheBetterTheBand(t *testing.T) {
	t.Parallel()
	for _, table := range kpi.BandTables() {
		lower := kpi.BuiltIn().Find(table.KPI).Better == kpi.Lower
		worse := math.Inf(1)
		for i := len(kpi.BandNames) - 1; i >= 0; i-- {
			b := benchmark(t, fmt.Sprintf("%s at least %s (dora-%d)", table.KPI, kpi.BandNames[i], table.Edition))
			limit := b.Limit
			if !lower {
				limit = 1 / limit
			}
			if limit > worse || lower == (b.Operator == gate.AtLeast || b.Operator == gate.Above) {
				t.Errorf("%s: %s %v", b, b.Operator, b.Limit)
			}
			worse = limit
		}
	}
}

func TestParseLimitErrors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ line, caret, message, nearest string }{
		// Relative limits.
		{
			"bug-backlog <= previos",
			"               ^^^^^^^", `"previos" is not a limit`, "previous",
		},
		{
			"bug-backlog <= last + 10%",
			"               ^^^^", `"last" is not a limit`, "previous",
		},
		{
			"bug-backlog <= Previous",
			"               ^^^^^^^^", `"Previous" is not a limit`, "previous",
		},
		{
			"bug-backlog <= previous + 10",
			"                          ^^", "how much more or less than in the window before is a percentage", "10%",
		},
		{
			"bug-backlog <= previous + 10 percent # more",
			"                          ^^^^^^^^^^", "how much more or less than in the window before is a percentage", "10%",
		},
		{
			"ci-duration <= previous + 2m",
			"                          ^^", "how much more or less than in the window before is a percentage", "",
		},
		{
			"bug-backlog <= previous 10%",
			"                        ^^^", "a sign must come between previous and the percentage", "",
		},
		{
			"bug-backlog <= previous +",
			"                         ^", `"" is not a number`, "",
		},
		{
			"bug-backlog <= previous + -10%",
			"                          ^^^^", "a negative number has no meaning here", "",
		},
		{
			"bug-backlog <= previous − 10%",
			"                        ^", "a minus is written as a hyphen", "-",
		},
		{
			"bug-backlog <= previous - 100%",
			"                        ^^^^^^", "previous - 100% is nothing", "",
		},
		{
			"bug-backlog <= previous * 2",
			"                        ^^^", "nothing but a comment may follow the limit", "",
		},
		{
			"bug-backlog-growth <= previous + 10%",
			"                      ^^^^^^^^", "bug-backlog-growth is a relative change already", "",
		},

		// Bands.
		{
			"lead-time-for-changes at least hihg (dora-2024)",
			"                               ^^^^", `there is no band "hihg": elite, high, medium, low`, "high",
		},
		{
			"lead-time-for-changes at least",
			"                              ^", "a band must follow: elite, high, medium, low", "",
		},
		{
			"lead-time-for-changes at most low (dora-2024)",
			"                      ^^", "a DORA band follows the words at least", "at least",
		},
		{
			"lead-time-for-changes atleast low (dora-2024)",
			"                      ^^^^^^^", "a DORA band follows the words at least", "at least",
		},
		{
			"lead-time-for-changes <= high (dora-2024)",
			"                         ^^^^", "a DORA band follows the words at least, not an operator", "",
		},
		{
			"lead-time-for-changes at least high",
			"                                   ^", "the edition of the report must follow, as in high (dora-2024)", "",
		},
		{
			"lead-time-for-changes at least high (dora-2042)",
			"                                     ^^^^^^^^^",
			`there is no edition "dora-2042" for lead-time-for-changes: dora-2024`, "dora-2024",
		},
		{
			"change-failure-rate at least high (2023)",
			"                                   ^^^^",
			`there is no edition "2023" for change-failure-rate: dora-2023, dora-2024`, "dora-2023",
		},
		{
			"lead-time-for-changes at least high ()",
			"                                     ^", "the edition of the report must come here: dora-2024", "dora-2024",
		},
		{
			"lead-time-for-changes at least high (dora-2024",
			"                                              ^", "a closing parenthesis must follow the edition", "",
		},
		{
			"bug-age at least high (dora-2024)",
			"        ^^^^^^^^^^^^^", "DORA's bands do not say this: there are none of bug-age, only of deployment-frequency,", "",
		},
		{
			"lead-time-for-changes.p90 at least high (dora-2024)",
			"                          ^^^^^^^^^^^^^",
			"DORA's bands do not say this: they are of lead-time-for-changes.p50, not of lead-time-for-changes.p90", "",
		},
		{
			"lead-time-for-changes{path=api/*} at least high (dora-2024)",
			"                                  ^^^^^^^^^^^^^", "DORA's bands do not say this: they are of all items", "",
		},
		{
			"lead-time-for-changes at least high (dora-2024) to low (dora-2024)",
			"                                                ^^^^^^^^^^^^^^^^^^", "nothing but a comment may follow the limit", "",
		},

		// Ramps.
		{
			"bug-backlog <= 20 to 10 (2026-01-01)",
			"                  ^^", "the day of the limit must follow, as in 5d (2026-01-01) to 2d (2026-06-30)", "",
		},
		{
			"bug-age <= 5d (2026-01-01)",
			"                          ^", "a ramp goes from one limit to another", "",
		},
		{
			"bug-age <= 5d (2026-01-01) until 2d (2026-06-30)",
			"                           ^^^^^", "a ramp goes from one limit to another", "",
		},
		{
			"bug-age <= 5d (2026-01-01) to",
			"                             ^", "the limit that the ramp goes to must follow", "",
		},
		{
			"bug-age <= 5d (2026-01-01) to 2d",
			"                                ^", "the day of the limit must follow", "",
		},
		{
			"bug-age <= 5d (2026-1-1) to 2d (2026-06-30)",
			"               ^^^^^^^^", `"2026-1-1" is not a day such as 2026-06-30`, "2026-01-01",
		},
		{
			"bug-age <= 5d (2026-02-30) to 2d (2026-06-30)",
			"               ^^^^^^^^^^", `"2026-02-30" is not a day`, "",
		},
		{
			"bug-age <= 5d () to 2d (2026-06-30)",
			"               ^", `"" is not a day`, "",
		},
		{
			"bug-age <= 5d (2026-01-01 to 2d (2026-06-30)",
			"                          ^^", "a closing parenthesis must follow the day", "",
		},
		{
			"bug-age <= 5d (2026-01-01",
			"                         ^", "a closing parenthesis must follow the day", "",
		},
		{
			"bug-age <= 5d (2026-06-30) to 2d (2026-06-30)",
			"                                 ^^^^^^^^^^^^", "the day on which a ramp ends must be later than 2026-06-30", "",
		},
		{
			"bug-age <= 48h (2026-01-01) to 2d (2026-06-30)",
			"                               ^^", "a ramp moves the limit, and this one stays at 2d", "",
		},
		{
			"bug-age <= 5d (2026-01-01) to previous (2026-06-30)",
			"                              ^^^^^^^^", "a ramp goes to a limit that is written out", "",
		},
		{
			"bug-age <= previous + 10% (2026-01-01) to 2d (2026-06-30)",
			"                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
			"a ramp goes from one limit that is written out to another", "",
		},
		{
			"ci-success-rate >= 80 (2026-01-01) to 90% (2026-06-30)",
			"                   ^^", "ci-success-rate is a share", "80%",
		},
		{
			"bug-backlog <= 20 (2026-01-01) to 1,000 (2026-06-30)",
			"                                   ^^^^", "bug-backlog counts items", "1000",
		},
	} {
		_, err := gate.Language{}.Parse(test.line)
		checkSyntaxError(t, err, test.line, test.caret, test.message, test.nearest)
	}
}

func TestParseBandRefusesWorkingTimeAndWhatBreaches(t *testing.T) {
	t.Parallel()
	language := working(8 * time.Hour)
	language.BusinessTime.KPIs = kpi.Globs{"lead-time-*"}
	const line = "lead-time-for-changes at least high (dora-2024)"
	_, err := language.Parse(line)
	checkSyntaxError(t, err, line, "                      ^^^^^^^^^^^^^",
		"DORA's bands do not say this: lead-time-for-changes counts in working time here", "")
	_, err = gate.Language{}.ParseBreach(line)
	checkSyntaxError(t, err, line, "                      ^^^^^^^^", "at least says what must hold: write hold:", "")
}

// A ramp never leaves its two ends, and never goes back.
func TestRampIsMonotonic(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		start := rapid.IntRange(0, 1000).Draw(t, "start")
		end := rapid.IntRange(0, 1000).Filter(func(n int) bool { return n != start }).Draw(t, "end")
		days := rapid.IntRange(1, 1000).Draw(t, "days")
		line := fmt.Sprintf("bug-backlog <= %d (2026-01-01) to %d (%s)", start, end,
			on(1, 1).AddDate(0, 0, days).Format(time.DateOnly))
		b, err := gate.Language{}.Parse(line)
		if err != nil {
			t.Fatal(err)
		}
		last := float64(start)
		for day := -2; day <= days+2; day++ {
			limit := *b.LimitAt(on(1, 1).AddDate(0, 0, day), nil)
			if (limit-last)*float64(end-start) < 0 || (limit == last) == (day > 0 && day <= days) {
				t.Fatalf("%s: %v after %v on day %d", line, limit, last, day)
			}
			last = limit
		}
		if last != float64(end) {
			t.Fatalf("%s ends at %v", line, last)
		}
	})
}

// Whatever a limit is, its canonical form reads back to it, in calendar time and in working time.
func TestLimitsLoseNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		language := rapid.SampledFrom([]gate.Language{{}, working(7 * time.Hour), working(90 * time.Minute)}).Draw(t, "language")
		start := rapid.IntRange(0, 1<<40).Draw(t, "start")
		end := rapid.IntRange(0, 1<<40).Filter(func(n int) bool { return n != start }).Draw(t, "end")
		day := func(name string, from, to int) string {
			return on(1, 1).AddDate(0, 0, rapid.IntRange(from, to).Draw(t, name)).Format(time.DateOnly)
		}
		line := rapid.SampledFrom([]string{
			fmt.Sprintf("bug-age.p90 <= previous %s %v%%", rapid.SampledFrom([]string{"+", "-"}).Draw(t, "sign"),
				float64(rapid.IntRange(0, 99_999).Draw(t, "more"))/1000),
			fmt.Sprintf("bug-age.p90 > %ds (%s) to %ds (%s)", start, day("from", -9999, 0), end, day("until", 1, 9999)),
		}).Draw(t, "line")
		b, err := language.Parse(line)
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		again, err := language.Parse(b.String())
		if err != nil || again.String() != b.String() || again.Limit != b.Limit ||
			(b.Relative != nil && *again.Relative != *b.Relative) || (b.Ramp != nil && *again.Ramp != *b.Ramp) {
			t.Fatalf("%q: %q gives %+v, %v", line, b, again, err)
		}
	})
}
