package render

import (
	"strings"
	"testing"

	"kpi-gate/internal/report"
)

func TestHeadline(t *testing.T) {
	t.Parallel()
	tests := []struct {
		verdict, outcomes string
		want              string
		// onNoData is the policy where it is not warn.
		onNoData string
	}{
		{"held", "", "ℹ️ No benchmark is set", ""},
		{"held", "held", "✅ Gate green: the benchmark is held", ""},
		{"held", "held held", "✅ Gate green: both benchmarks are held", ""},
		{"held", "held held held exempt", "✅ Gate green: 3 of 4 benchmarks are held, 1 is exempt", ""},
		{"held", "exempt", "✅ Gate green: the benchmark is exempt", ""},
		{"held", "held too-few not-measured", "✅ Gate green: 1 of 3 benchmarks is held, 2 could not be judged", ""},
		{"breached", "breached", "❌ Gate red: the benchmark is breached", ""},
		{"breached", "breached held breached held warned", "❌ Gate red: 2 of 5 benchmarks are breached", ""},
		{"breached", "breached breached breached", "❌ Gate red: all 3 benchmarks are breached", ""},
		{"warned", "warned held", "⚠️ Gate yellow: 1 of 2 benchmarks warns", ""},
		{"warned", "warned too-few held", "⚠️ Gate yellow: 1 of 3 benchmarks warns, 1 could not be judged", ""},
		{"not-measured", "not-measured", "⚠️ Gate undecided: the benchmark could not be judged", ""},
		{"not-measured", "not-measured too-few", "⚠️ Gate undecided: none of 2 benchmarks could be judged", ""},
		{"not-measured", "not-measured held", "⚠️ Gate undecided: 1 of 2 benchmarks could not be judged", ""},
		// A policy can make missing data pass, or fail.
		{"held", "held not-measured", "✅ Gate green: 1 of 2 benchmarks is held, 1 could not be judged", "pass"},
		{"not-measured", "not-measured too-few", "⚪ Gate undecided: none of 2 benchmarks could be judged", "pass"},
		{"not-measured", "held not-measured held", "❌ Gate red: 1 of 3 benchmarks could not be judged", "fail"},
		{"breached", "breached not-measured", "❌ Gate red: 1 of 2 benchmarks is breached", "fail"},
	}
	for _, test := range tests {
		r := &report.Report{Verdict: test.verdict, OnNoData: test.onNoData}
		for _, outcome := range strings.Fields(test.outcomes) {
			r.Benchmarks = append(r.Benchmarks, report.Benchmark{Outcome: outcome})
		}
		if h := headlineOf(r); h.symbol+" "+h.verdict != test.want {
			t.Errorf("%s of %q: %s %s, want %s", test.verdict, test.outcomes, h.symbol, h.verdict, test.want)
		}
	}
}
