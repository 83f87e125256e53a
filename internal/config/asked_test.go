package config_test

import (
	"slices"
	"strings"
	"testing"

	"kpi-gate/internal/config"
	"kpi-gate/internal/kpi"
)

// TestAskedKPIs: IDs, families and globs, in the order of the catalogue, and always those with a benchmark.
func TestAskedKPIs(t *testing.T) {
	t.Parallel()
	const ci = "ci-success-rate ci-flake-rate ci-duration ci-recovery-time ci-queue-time"
	for _, test := range []struct {
		kpis, benchmark string
		want            string
		jobs            bool
	}{
		{"ci-duration, work-in-progress", "", "work-in-progress ci-duration", false},
		{"ci", "", ci, false},
		{"ci-[sf]*\nreview-coverage", "", "review-coverage ci-success-rate ci-flake-rate", false},
		{"CI-Duration", "", "ci-duration", false},
		{"ci-duration", "review-coverage >= 90%", "review-coverage ci-duration", false},
		{"ci-duration", "ci-duration{workflow=ci.yml} <= 5m", "ci-duration", false},
		// What takes a request for each run is read for whoever names it, and not because a family has it.
		{"ci-queue-time", "", "ci-queue-time", true},
		{"ci-duration", "ci-queue-time <= 5m", "ci-duration ci-queue-time", true},
		// A family is not the classes whose names begin as it does.
		{"incident", "", "", false},
	} {
		s := config.Settings{KPIs: test.kpis}
		if test.benchmark != "" {
			s.Benchmarks = []string{test.benchmark}
		}
		c := resolve(t, s)
		var got []string
		for _, d := range c.Asked {
			got = append(got, d.ID)
			if test.want == "" && d.Family != kpi.Family(test.kpis) {
				t.Errorf("%s: %s is of the family %s", test.kpis, d.ID, d.Family)
			}
		}
		if test.want == "" && len(got) < 12 || test.want != "" && strings.Join(got, " ") != test.want || c.Jobs != test.jobs {
			t.Errorf("%s and %q: %v, jobs %t; want %s, %t", test.kpis, test.benchmark, got, c.Jobs, test.want, test.jobs)
		}
	}
	if c := resolve(t, config.Settings{Benchmarks: []string{"ci-duration <= 5m"}}); !slices.Equal(c.Asked, c.KPIs.All()) {
		t.Errorf("%d KPIs are reported where none is named", len(c.Asked))
	}
	c := resolve(t, config.Settings{Classes: "escalation: {labels: [e]}", KPIs: "escalation"})
	if len(c.Asked) == 0 || c.Asked[0].Family != "escalation" {
		t.Errorf("a family of one's own has %d KPIs", len(c.Asked))
	}
}
