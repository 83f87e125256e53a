package cli

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"kpi-gate/internal/collect"
	"kpi-gate/internal/config"
)

var now = time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)

// resolved is the configuration of some settings, by their names.
func resolved(t *testing.T, settings map[string]string) config.Config {
	t.Helper()
	s := config.FromInputs(func(name string) string {
		return settings[strings.ToLower(strings.TrimPrefix(name, "INPUT_"))]
	})
	if s.Repository == "" {
		s.Repository = "o/r"
	}
	c, err := config.Resolve(s, nil, now)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestScope: every setting that decides what is read is part of the scope, by its own name; none of the others is, so
// that a reading can be extended for other figures, windows and limits.
func TestScope(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		value string
		scope []string
	}{
		"token":           {"ghs_x", nil},
		"repository":      {"p/q", nil},
		"benchmarks":      {"ci-duration <= 5m", nil},
		"config":          {"kpi.yml", nil},
		"config-from":     {"workspace", nil},
		"on-no-data":      {"fail", nil},
		"min-samples":     {"9", nil},
		"evidence":        {"interval", nil},
		"exempt":          {"{labels: [hotfix]}", nil},
		"enforce":         {"false", nil},
		"enforce-on":      {"merge_group", nil},
		"comment":         {"true", nil},
		"check-run":       {"KPIs", nil},
		"status":          {"kpis", nil},
		"issue":           {"KPIs", nil},
		"kpis":            {"ci", nil},
		"window":          {"90d", nil},
		"until":           {"2026-06-01", nil},
		"deployments":     {"tags", []string{"deployments"}},
		"environments":    {"live", []string{"environments"}},
		"branches":        {"release/*", []string{"branches"}},
		"deploy-workflow": {"deploy.yml", []string{"deploy-workflow"}},
		"tags":            {"r*", []string{"tags"}},
		"bug-labels":      {"defect", nil},
		"incident-labels": {"fire", []string{"incident-labels"}},
		"classes":         {"{incident: {labels: [fire]}, bug: {labels: [bug]}}", []string{"classes", "incident-labels"}},
		"business-time":   {"{zone: UTC, kpis: [pickup-time]}", nil},
		"cost":            {"{downtime-per-hour: 1, currency: EUR}", nil},
		"ci":              {"{exclude-workflows: [nightly.yml]}", []string{"ci"}},
		"timeout":         {"1m", nil},
		"budget":          {"1", nil},
		"cache":           {"x.snapshot", nil},
		"report-dir":      {"x", nil},
	}
	plain := scope(resolved(t, nil))
	for _, setting := range config.All() {
		test, ok := tests[setting.Name]
		if !ok {
			t.Errorf("whether the setting %s decides what is read is not said here", setting.Name)
			continue
		}
		changed := collect.Differences(plain, scope(resolved(t, map[string]string{setting.Name: test.value})))
		if !slices.Equal(changed, test.scope) {
			t.Errorf("%s changes %v of the scope, want %v", setting.Name, changed, test.scope)
		}
	}
	a, b := map[string]string{"environments": "a, b,a"}, map[string]string{"environments": "b\na"}
	if changed := collect.Differences(scope(resolved(t, a)), scope(resolved(t, b))); len(changed) > 0 {
		t.Errorf("another order of a list changes %v", changed)
	}
}

// wanted are the names of what a request asks for besides the repository.
func wanted(r collect.Request) []string {
	var names []string
	v := reflect.ValueOf(r)
	for i := range v.NumField() {
		switch name := v.Type().Field(i).Name; name {
		case "CI", "PullRequests", "Issues", "Milestones", "Reviews", "Comments", "Links", "Paths", "Commits", "IssueTypes",
			"Vulnerabilities", "CodeScanning", "Sources", "Incident", "Jobs":
			if !v.Field(i).IsZero() {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// TestRequestIsFrugal: nothing is read that no figure needs.
func TestRequestIsFrugal(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		settings map[string]string
		want     string
	}{
		{map[string]string{"kpis": "ci"}, "CI"},
		{map[string]string{"kpis": "ci", "ci": "{jobs: true}"}, "CI Jobs"},
		{map[string]string{"kpis": "ci-duration", "ci": "{jobs: true}"}, "CI"},
		{map[string]string{"kpis": "ci-queue-time"}, "CI Jobs"},
		{map[string]string{"kpis": "ci-duration", "benchmarks": "ci-queue-time <= 5m"}, "CI Jobs"},
		{map[string]string{"kpis": "alerts"}, "CodeScanning Vulnerabilities"},
		{map[string]string{"kpis": "ci", "benchmarks": "open-vulnerabilities <= 5"}, "CI Vulnerabilities"},
		{map[string]string{"kpis": "milestones-on-time"}, "Milestones"},
	} {
		r := request(resolved(t, test.settings), now)
		if got := strings.Join(wanted(r), " "); got != test.want {
			t.Errorf("%v asks for %s, want %s", test.settings, got, test.want)
		}
		if want := now.Add(10 * time.Minute); !r.Deadline.Equal(want) {
			t.Errorf("the deadline is %s, want %s", r.Deadline, want)
		}
	}
	all := wanted(request(resolved(t, map[string]string{"benchmarks": "pull-request-size{path=api/*} <= 400"}), now))
	if !slices.Contains(all, "Paths") || !slices.Contains(all, "Sources") || slices.Contains(all, "Jobs") {
		t.Errorf("everything is %v", all)
	}
}
