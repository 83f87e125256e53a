package report_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kpi-gate/internal/gate"
	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
	"kpi-gate/internal/report"
	"kpi-gate/internal/stats"
)

// reported is how a report has one verdict at the end of a window.
func reported(until time.Time, v gate.Verdict) report.Benchmark {
	return report.Build(report.Input{
		Snapshot: &model.Snapshot{}, Window: model.Window{Since: until.AddDate(0, 0, -30), Until: until},
		Verdicts: []gate.Verdict{v},
	}).Benchmarks[0]
}

func TestLimitFrom(t *testing.T) {
	t.Parallel()
	day := func(month time.Month, d int) time.Time { return time.Date(2026, month, d, 0, 0, 0, 0, time.UTC) }
	duration := gate.Benchmark{
		KPI: kpi.BuiltIn().Find("ci-duration"), Statistic: kpi.Statistic{Name: "p95"}, Operator: gate.AtMost, Limit: 2 * 86_400,
	}
	relative := func(x float64) gate.Benchmark { b := duration; b.Relative = &x; return b }
	moving, named := duration, duration
	moving.Ramp = &gate.Ramp{From: day(1, 1), Until: day(6, 30), Start: 5 * 86_400}
	named.Band = &kpi.Band{Edition: 2024, Name: "high"}
	ramp := &report.Ramp{From: "2026-01-01", Until: "2026-06-30", End: 2 * 86_400}
	begun := *ramp
	begun.Begun = true
	const ramps = "5d (2026-01-01) to 2d (2026-06-30)"
	for _, test := range []struct {
		b    gate.Benchmark
		at   time.Time
		want string
		ramp *report.Ramp
	}{
		{duration, day(3, 1), "", nil},
		{relative(0), day(3, 1), "previous", nil},
		{relative(0.07), day(3, 1), "previous + 7%", nil},
		{relative(-0.055), day(3, 1), "previous - 5.5%", nil},
		{relative(1.5), day(3, 1), "previous + 150%", nil},
		{named, day(3, 1), "high (dora-2024)", nil},
		// On its first day the limit is where it starts; it moves with the next midnight, and has arrived with the last one.
		{moving, day(1, 1).Add(23 * time.Hour), ramps, ramp},
		{moving, day(1, 2), ramps, &begun},
		{moving, day(6, 29), ramps, &begun},
		{moving, day(6, 30), ramps, nil},
	} {
		b := reported(test.at, gate.Verdict{Benchmark: test.b, Outcome: gate.Held})
		got := ""
		if b.LimitFrom != nil {
			got = *b.LimitFrom
		}
		if got != test.want {
			t.Errorf("the limit is from %q, want %q", got, test.want)
		}
		if diff := cmp.Diff(test.ramp, b.Ramp); diff != "" {
			t.Errorf("%s: the ramp differs (-want +got):\n%s", test.at, diff)
		}
	}
}

// TestVerdictInWords: what a verdict knows beside its outcome comes along, and what it does not know is null.
func TestVerdictInWords(t *testing.T) {
	t.Parallel()
	until := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	b := gate.Benchmark{KPI: kpi.BuiltIn().Find("ci-duration"), Statistic: kpi.Statistic{Name: "p50"}}
	bare := reported(until, gate.Verdict{Benchmark: b, Outcome: gate.NotMeasured})
	if bare.Limit != nil || bare.Interval != nil || bare.Would != nil || bare.Because != nil || bare.Owner != nil {
		t.Errorf("nothing is known, and yet: %+v", bare)
	}
	if bare.Then != "fail" {
		t.Errorf("a breach does %q, and fails unless told otherwise", bare.Then)
	}
	b.Then, b.Because, b.Owner = gate.ThenWarn, "error budget", "@org/platform"
	limit := 60.0
	full := reported(until, gate.Verdict{
		Benchmark: b, Outcome: gate.Exempt, Would: gate.Breached, Limit: &limit,
		Estimate: kpi.Estimate{Known: true, Value: 90, Interval: &stats.Interval{Low: 70, High: 100}},
	})
	if full.Then != "warn" || *full.Because != "error budget" || *full.Owner != "@org/platform" ||
		*full.Would != "breached" || *full.Limit != 60 || *full.Interval.Low != 70 || *full.Interval.High != 100 {
		t.Errorf("the verdict came as %+v", full)
	}
}

func TestExemptionsAreReported(t *testing.T) {
	t.Parallel()
	r := report.Build(report.Input{
		Snapshot: &model.Snapshot{}, PullRequest: 12,
		Exemptions: gate.Exemptions{Labels: kpi.Globs{"hotfix"}, FixingBreachedClass: true},
	})
	want := report.Exemptions{
		Labels: []string{"hotfix"}, Branches: []string{}, Authors: []string{}, Paths: []string{}, FixingBreachedClass: true,
	}
	if diff := cmp.Diff(want, r.Exemptions); diff != "" {
		t.Errorf("the exemptions differ (-want +got):\n%s", diff)
	}
	if r.PullRequest == nil || *r.PullRequest != 12 {
		t.Errorf("the pull request is %v", r.PullRequest)
	}
}
