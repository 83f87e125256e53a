package gate_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kpi-gate/internal/gate"
)

// benchmark is a parsed line.
func benchmark(t *testing.T, line string) gate.Benchmark {
	t.Helper()
	b, err := gate.Language{}.Parse(line)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestConflicts(t *testing.T) {
	t.Parallel()
	with := func(line string, change func(*gate.Benchmark)) gate.Benchmark {
		b := benchmark(t, line)
		change(&b)
		return b
	}
	warns := func(b *gate.Benchmark) { b.Then = gate.ThenWarn }
	fails := func(b *gate.Benchmark) { b.Then = gate.ThenFail }
	until := func(month time.Month, day int) func(*gate.Benchmark) {
		return func(b *gate.Benchmark) { b.Until = on(month, day) }
	}
	from := func(month time.Month, day int) func(*gate.Benchmark) {
		return func(b *gate.Benchmark) { b.From = on(month, day) }
	}
	const age = "bug-age.p50 <= 2d"
	const already = "already sets an upper limit for bug-age.p50: bug-age.p50 <= 2d"
	for name, test := range map[string]struct {
		benchmarks []gate.Benchmark
		want       []gate.Conflict
	}{
		"one side of one figure": {
			[]gate.Benchmark{benchmark(t, age), benchmark(t, "bug-age < 4d")}, []gate.Conflict{{0, 1, already}},
		},
		"the other side, another statistic, filter and KPI": {[]gate.Benchmark{
			benchmark(t, age), benchmark(t, "bug-age >= 1h"), benchmark(t, "bug-age.p90 <= 2d"),
			benchmark(t, "bug-age{label=x} <= 2d"), benchmark(t, "incident-age <= 2d"),
		}, nil},
		"filters in another order": {
			[]gate.Benchmark{
				benchmark(t, "bug-age{label=a,author=b} > 1h"), benchmark(t, "bug-age{author=b,label=a} > 2h"),
			},
			[]gate.Conflict{{
				0, 1, "already sets a lower limit for bug-age{author=b,label=a}.p50: bug-age{author=b,label=a}.p50 > 1h",
			}},
		},
		"one warns, one fails": {[]gate.Benchmark{with(age, warns), benchmark(t, "bug-age <= 4d")}, nil},
		"one is written out, one follows from the window before": {
			[]gate.Benchmark{benchmark(t, age), benchmark(t, "bug-age <= previous + 10%")}, nil,
		},
		"both follow from the window before": {
			[]gate.Benchmark{benchmark(t, "bug-age <= previous + 5%"), benchmark(t, "bug-age <= previous + 10%")},
			[]gate.Conflict{{0, 1, "already sets an upper limit for bug-age.p50: bug-age.p50 <= previous + 5%"}},
		},
		"a ramp and a band are written out": {
			[]gate.Benchmark{
				benchmark(t, "lead-time-for-changes at least high (dora-2024)"),
				benchmark(t, "lead-time-for-changes <= 5d (2026-01-01) to 2d (2026-06-30)"),
			},
			[]gate.Conflict{{
				0, 1, "already sets an upper limit for lead-time-for-changes.p50:" +
					" lead-time-for-changes.p50 at least high (dora-2024)",
			}},
		},
		"both warn": {
			[]gate.Benchmark{with(age, warns), with("bug-age <= 4d", warns)}, []gate.Conflict{{0, 1, already}},
		},
		"to fail is the rule": {
			[]gate.Benchmark{with(age, fails), benchmark(t, "bug-age <= 4d")}, []gate.Conflict{{0, 1, already}},
		},
		// 30 June is the last day of one and the first of the other.
		"a day in common": {
			[]gate.Benchmark{with(age, until(6, 30)), with(age, from(6, 30))}, []gate.Conflict{{0, 1, already}},
		},
		"one day after":     {[]gate.Benchmark{with(age, until(6, 30)), with(age, from(7, 1))}, nil},
		"one day before":    {[]gate.Benchmark{with(age, from(7, 1)), with(age, until(6, 30))}, nil},
		"for ever and once": {[]gate.Benchmark{benchmark(t, age), with(age, until(6, 30))}, []gate.Conflict{{0, 1, already}}},
		// The third meets the second only: the first has ended.
		"each with the first that it meets": {
			[]gate.Benchmark{with(age, until(6, 30)), with(age, from(6, 1)), with(age, from(8, 1)), benchmark(t, age)},
			[]gate.Conflict{{0, 1, already}, {1, 2, already}, {0, 3, already}},
		},
	} {
		if diff := cmp.Diff(test.want, gate.Conflicts(test.benchmarks)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
