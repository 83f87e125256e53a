package render

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"kpi-gate/internal/report"
)

func TestBadge(t *testing.T) {
	t.Parallel()
	outcomes := func(verdict string, list ...string) *report.Report {
		r := &report.Report{Verdict: verdict, OnNoData: "warn", Enforced: true}
		for _, o := range list {
			r.Benchmarks = append(r.Benchmarks, report.Benchmark{Outcome: o})
		}
		return r
	}
	with := func(r *report.Report, enforced bool, onNoData string) *report.Report {
		r.Enforced, r.OnNoData = enforced, onNoData
		return r
	}
	many := make([]string, 123_456)
	for i := range many {
		many[i] = "breached"
	}
	for _, tt := range []struct {
		name           string
		report         *report.Report
		message, color string
		isError        bool
	}{
		{"no benchmark", outcomes("held"), "no benchmark", "lightgrey", false},
		{"all held", outcomes("held", "held", "held"), "2 of 2 held", "brightgreen", false},
		{"one exempt", outcomes("held", "held", "exempt"), "1 of 2 held", "brightgreen", false},
		{"warned", outcomes("warned", "held", "warned", "too-few"), "1 of 3 held", "yellow", false},
		{"breached", outcomes("breached", "held", "breached"), "1 breached", "red", true},
		{
			"not enforced", with(outcomes("breached", "breached", "breached"), false, "warn"), "2 breached, not enforced",
			"orange", false,
		},
		{"nothing judged", outcomes("not-measured", "not-measured"), "1 not judged", "lightgrey", false},
		{
			"nothing judged, which fails", with(outcomes("not-measured", "too-few", "held"), true, "fail"), "1 not judged",
			"red", true,
		},
		{
			"nothing judged, not enforced", with(outcomes("not-measured", "too-few"), false, "fail"), "1 not judged",
			"lightgrey", false,
		},
		{"very many", with(outcomes("breached", many...), false, "warn"), "123,456 breached, not enforced", "orange", false},
		{"unknown", outcomes("::error::", "held"), "unknown", "lightgrey", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var b strings.Builder
			if err := Badge(&b, tt.report); err != nil {
				t.Fatal(err)
			}
			var got map[string]any
			if err := json.Unmarshal([]byte(b.String()), &got); err != nil {
				t.Fatal(err)
			}
			isError, _ := got["isError"].(bool)
			if got["schemaVersion"] != 1.0 || got["label"] != "kpi-gate" || got["message"] != tt.message ||
				got["color"] != tt.color || isError != tt.isError {
				t.Errorf("%s, want %q in %s, error %v", b.String(), tt.message, tt.color, tt.isError)
			}
			if utf8.RuneCountInString(tt.message) > 60 {
				t.Errorf("%q is longer than 60 characters", tt.message)
			}
		})
	}
}
