package render

import (
	"fmt"
	"strings"
	"testing"

	"kpi-gate/internal/report"
)

func TestAnnotations(t *testing.T) {
	t.Parallel()
	want := []Annotation{
		{
			"error", "bug-time-to-resolve.p50 <= 7d breached",
			"Bugs: time to resolve: The median of 41 issues took 12 d 4 h; the limit is at most 7 d. Resolve the oldest open " +
				"issues, or close as not planned what will not be done. Begin with #120 Checkout fails when the cart holds more " +
				"than 100 positions (40 d, still open) https://github.com/acme/shop/issues/120",
		},
		{
			"error", "deployment-frequency >= 1/day breached",
			"Deployment frequency is 1.4 / week (6 deployments in the window); the limit is at least " +
				"7 / week. Ship what is merged, and split large changes so that each can be deployed on its own. Begin with " +
				"deployment 9000000000 production https://github.com/acme/shop/deployments/production",
		},
		{
			"warning", "ci-duration.p95 <= 20m not judged",
			"Runs could not be read: the token lacks actions: read.",
		},
		{
			"warning", "bug-time-to-resolve.within(14d) >= 50% not judged",
			"3 items are fewer than the 5 that min-samples asks for.",
		},
	}
	got := Annotations(redReport())
	if len(got) != len(want) {
		t.Fatalf("%d annotations: %q", len(got), got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("annotation %d is\n%q, want\n%q", i, got[i], want[i])
		}
	}
	unreached := Annotation{
		"error", "vulnerability-time-to-patch.km_p50 <= 30d breached",
		"Vulnerability time to patch: Counting what is not finished, half of the alerts take more than 40 d; the limit is " +
			"at most 30 d. Do something about Vulnerability time to patch. Begin with alert 7 lodash (2 d, still open) " +
			"https://github.com/acme/shop/alert/7",
	}
	if got := Annotations(catalogueReport())[0]; got != unreached {
		t.Errorf("a quantile that was not reached: %q", got)
	}
	unenforced := Annotations(unenforcedReport())
	if n := len(unenforced); n != 5 || unenforced[n-1].Level != "notice" ||
		unenforced[n-1].Title != "Gate red, but not enforced: 2 of 5 benchmarks are breached" {
		t.Errorf("not enforced: %q", unenforced)
	}
	for _, a := range unenforced {
		if a.Level == "error" {
			t.Errorf("nothing fails, and yet: %q", a)
		}
	}
	held := Annotations(policyReport())
	if last := held[len(held)-1]; last.Level != "notice" || last.Title != "If this pull request cannot help it" ||
		!strings.HasPrefix(last.Message, "It may merge all the same if it has the label “hotfix” or “revert/*”, comes") {
		t.Errorf("a pull request that is held up: %q", last)
	}
	if said := held[0].Message; !strings.Contains(said, "Why this limit: Customers wait for these. Owner: @acme/platform.") {
		t.Errorf("the reason and the owner are not told: %q", said)
	}
	for _, a := range held {
		if strings.Contains(a.Message, ". a breach") {
			t.Errorf("a sentence begins with a small letter: %q", a)
		}
	}
	exempt := Annotations(exemptReport())
	if n := len(exempt); n != 5 || exempt[n-1].Level != "notice" || exempt[0].Level != "warning" ||
		!strings.Contains(exempt[n-1].Message, `has the label "hotfix"`) {
		t.Errorf("an exempt pull request: %q", exempt)
	}
	notice := Annotations(greenReport())
	if len(notice) != 1 || notice[0].Level != "notice" || notice[0].Title != "Gate green: both benchmarks are held" {
		t.Errorf("all held: %q", notice)
	}
	if none := Annotations(base("held")); len(none) != 0 {
		t.Errorf("without benchmarks: %q", none)
	}
}

// TestAnnotationsWithoutData: what could not be judged is an error or nothing, as the policy has it, and a breach stays
// one under each.
func TestAnnotationsWithoutData(t *testing.T) {
	t.Parallel()
	for policy, want := range map[string]int{"pass": 2, "warn": 2, "fail": 4} {
		r := redReport()
		r.OnNoData = policy
		errors, warnings := 0, 0
		for _, a := range Annotations(r) {
			switch a.Level {
			case "error":
				errors++
			case "warning":
				warnings++
			}
		}
		if errors != want || (warnings > 0) != (policy == "warn") {
			t.Errorf("%s: %d errors, %d warnings; want %d errors", policy, errors, warnings, want)
		}
	}
	r := unmeasuredReport()
	r.OnNoData = "pass"
	if got := Annotations(r); len(got) != 1 || got[0].Level != "notice" {
		t.Errorf("nothing judged, and nothing to fail: %q", got)
	}
}

// GitHub keeps 10 annotations of a level, so the last one stands for those that are left.
func TestAnnotationLimit(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		count int
		last  string
	}{
		{10, "b9 breached"},
		{11, "And 2 more benchmarks are breached"},
		{30, "And 21 more benchmarks are breached"},
	} {
		r := base("breached")
		for i := range test.count {
			r.Benchmarks = append(r.Benchmarks,
				benchmarkOf(leadTime(), fmt.Sprintf("b%d", i), "<=", 1, "breached", nil),
				report.Benchmark{Text: "w", Outcome: "not-measured"})
		}
		got := Annotations(r)
		if len(got) != 20 || got[9].Title != test.last || got[9].Level != "error" || got[19].Level != "warning" {
			t.Errorf("%d of each: %d annotations, the tenth %q", test.count, len(got), got[min(9, len(got)-1)])
		}
	}
}
