package gate_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"kpi-gate/internal/gate"
	"kpi-gate/internal/kpi"
)

func TestFormatLimit(t *testing.T) {
	t.Parallel()
	within := kpi.Statistic{Name: "within"}
	for _, test := range []struct {
		kpi   *kpi.Definition
		of    kpi.Statistic
		limit float64
		want  string
	}{
		{kpi.LeadTimeForChanges, kpi.Statistic{Name: "p50"}, 0, "0s"},
		{kpi.LeadTimeForChanges, kpi.Statistic{Name: "p50"}, 1_209_600, "14d"},
		{kpi.LeadTimeForChanges, kpi.Statistic{Name: "p50"}, 90_061, "1d1h1m1s"},
		{kpi.LeadTimeForChanges, kpi.Statistic{Name: "p50"}, 1.25, "1.25s"},
		{kpi.LeadTimeForChanges, within, 0.85, "85%"},
		{kpi.CISuccessRate, kpi.Statistic{Name: "value"}, 1, "100%"},
		{kpi.CISuccessRate, kpi.Statistic{Name: "value"}, 0, "0%"},
		{kpi.CISuccessRate, kpi.Statistic{Name: "value"}, 0.005, "0.5%"},
		{kpi.DeploymentFrequency, kpi.Statistic{Name: "value"}, 0, "0/day"},
		{kpi.DeploymentFrequency, kpi.Statistic{Name: "value"}, 0.5, "0.5/day"},
		{kpi.DeploymentFrequency, kpi.Statistic{Name: "value"}, 2.5 / 7, "2.5/week"},
		{kpi.DeploymentFrequency, kpi.Statistic{Name: "value"}, 1. / 30, "1/month"},
		{kpi.DeploymentFrequency, kpi.Statistic{Name: "value"}, 1. / 365, "0.0027397260273972603/day"},
		{kpi.PullRequestSize, kpi.Statistic{Name: "p75"}, 400, "400"},
	} {
		if got := gate.FormatLimit(test.kpi, test.of, test.limit); got != test.want {
			t.Errorf("%s %s %v: got %q, want %q", test.kpi.ID, test.of, test.limit, got, test.want)
		}
	}
}

func TestFormatLimitLosesNothing(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"lead-time-for-changes.p50 <= 2d", "bug-time-to-resolve.within(7d) >= 85%", "ci-success-rate >= 0.9",
		"deployment-frequency >= 1/day", "pull-request-size.p75 <= 400",
	} {
		b, err := gate.Language{}.Parse(line)
		if err != nil {
			t.Fatal(err)
		}
		most := math.MaxFloat64
		if b.Limit < 1 {
			most = 1 // a share
		}
		rapid.Check(t, func(t *rapid.T) {
			b.Limit = rapid.OneOf(
				rapid.Float64Range(0, most),
				rapid.Map(rapid.Uint16(), func(i uint16) float64 { return min(most, float64(i)/1000) }),
			).Draw(t, "limit")
			again, err := gate.Language{}.Parse(b.String())
			if err != nil || again.Limit != b.Limit {
				t.Errorf("%q: got %v, %v, want %v", b.String(), again.Limit, err, b.Limit)
			}
		})
	}
}
