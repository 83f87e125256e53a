package render

import (
	"bytes"
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
		// What a pull request is exempt from is told; what is not in force is only counted.
		{"breached", "breached exempt held", "❌ Gate red: 1 of 3 benchmarks is breached, 1 is exempt", ""},
		{"warned", "exempt exempt held", "⚠️ Gate yellow: 2 of 3 benchmarks are breached; the pull request is exempt", ""},
		{"warned", "exempt", "⚠️ Gate yellow: the benchmark is breached; the pull request is exempt", ""},
		{
			"warned", "exempt warned too-few too-few",
			"⚠️ Gate yellow: 1 of 4 benchmarks is breached; the pull request is exempt; 1 warns, 2 could not be judged", "",
		},
		{"held", "dormant", "✅ Gate green: the benchmark is not in force", ""},
		{"not-measured", "exempt too-few held", "❌ Gate red: 1 of 3 benchmarks could not be judged, 1 is exempt", "fail"},
		{"held", "held dormant", "✅ Gate green: 1 of 2 benchmarks is held, 1 is not in force", ""},
	}
	for _, test := range tests {
		r := &report.Report{Verdict: test.verdict, OnNoData: test.onNoData, Enforced: true}
		for _, outcome := range strings.Fields(test.outcomes) {
			r.Benchmarks = append(r.Benchmarks, report.Benchmark{Outcome: outcome})
		}
		for i := range r.Benchmarks {
			if b := &r.Benchmarks[i]; b.Outcome == "dormant" {
				b.Outcome, b.ExemptBy = "exempt", ptr("date")
			}
		}
		if h := headlineOf(r); h.symbol+" "+h.verdict != test.want {
			t.Errorf("%s of %q: %s %s, want %s", test.verdict, test.outcomes, h.symbol, h.verdict, test.want)
		}
	}
}

// TestNotEnforced: what would be red says that nothing fails and why; what is not red is as ever.
func TestNotEnforced(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ verdict, onNoData, why, outcome, want, meaning string }{
		{
			"breached", "warn", "enforce is false", "breached", "⚠️ Gate red, but not enforced: the benchmark is breached",
			"Nothing fails for it: enforce is false.",
		},
		{
			"not-measured", "fail", "the event is push, and enforce-on names merge_group", "not-measured",
			"⚠️ Gate red, but not enforced: the benchmark could not be judged",
			"Nothing fails for it: the event is push, and enforce-on names merge_group.",
		},
		{
			"breached", "warn", "", "breached", "⚠️ Gate red, but not enforced: the benchmark is breached",
			"Nothing fails for it: the gate is not enforced here.",
		},
		{
			"held", "warn", "enforce is false", "held", "✅ Gate green: the benchmark is held",
			"The figures are within the limits",
		},
		{
			"not-measured", "pass", "enforce is false", "not-measured", "⚪ Gate undecided: the benchmark could not be judged",
			"Nothing could be checked",
		},
	} {
		r := &report.Report{
			Verdict: test.verdict, OnNoData: test.onNoData, NotEnforced: &test.why,
			Benchmarks: []report.Benchmark{{Outcome: test.outcome}},
		}
		h := headlineOf(r)
		if got := h.symbol + " " + h.verdict; got != test.want || !strings.HasPrefix(h.meaning, test.meaning) {
			t.Errorf("%s: %q, which means %q; want %q and %q", test.verdict, got, h.meaning, test.want, test.meaning)
		}
		if r.Fails() {
			t.Errorf("%s fails, and is not enforced", test.verdict)
		}
	}
}

// TestOpening: an author sees in the first lines of a summary, and of a comment, why the check is red, where to begin
// and how the pull request may merge all the same.
func TestOpening(t *testing.T) {
	t.Parallel()
	r := policyReport()
	for name, page := range map[string]string{"summary": string(markdownOf(t, r)), "comment": string(commentOf(t, r))} {
		lines := strings.SplitN(page, "\n", 11)
		first := strings.Join(lines[:10], "\n")
		for _, want := range []string{
			"Gate red: 2 of 7 benchmarks are breached", "need not be the fault of pull request", "took 12 d 4 h",
			"the limit is at most 6 d 14 h (previous + 10 %)", "/issues/120", "cannot help it", "“hotfix” or “revert/",
		} {
			if !strings.Contains(first, want) {
				t.Errorf("the first lines of the %s do not say %q:\n%s", name, want, first)
			}
		}
	}
	// 5 breaches: 3 are named, and 2 more are below.
	r.Benchmarks = append(r.Benchmarks, r.Benchmarks[1], r.Benchmarks[1], r.Benchmarks[1])
	if page := string(markdownOf(t, r)); !strings.Contains(page, "- … and 2 more below\n") {
		t.Errorf("of 5 breaches not 3 are named: %s", page[:3000])
	}
}

func commentOf(t *testing.T, r *report.Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Comment(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
