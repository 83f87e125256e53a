package render

import (
	"slices"
	"strings"
	"testing"

	"kpi-gate/internal/report"
)

func TestExemptionAdvice(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		with func(*report.Report)
		want string
	}{
		{"no pull request", func(r *report.Report) { r.PullRequest = nil }, ""},
		{"nothing fails", func(r *report.Report) { r.Enforced = false }, ""},
		{"nothing is breached", func(r *report.Report) { r.Benchmarks = r.Benchmarks[:1] }, ""},
		{
			"no exemption", func(*report.Report) {},
			"no pull request is exempt here. Whoever keeps .github/kpi-gate.yml can allow some under “exempt”, for example those" +
				" with a label; that counts once it is merged.",
		},
		{
			"no file", func(r *report.Report) { r.Config.Path = nil },
			"no pull request is exempt here. Whoever keeps the configuration can allow some under “exempt”, for example those" +
				" with a label; that counts once it is merged.",
		},
		{
			"a label", func(r *report.Report) { r.Exemptions.Labels = []string{"hotfix"} },
			"it may merge all the same if it has the label “hotfix”. Labels are read when the check runs, so run it again after" +
				" setting one.",
		},
		{
			// 5 globs: 3 are named, and another 2 count too.
			"many branches", func(r *report.Report) { r.Exemptions.Branches = []string{"a", "b", "c", "d", "e"} },
			"it may merge all the same if it comes from a branch of this repository named “a”, “b”, “c” or another of 2." +
				" Run the check again once that is so.",
		},
		{
			"all rules", func(r *report.Report) {
				r.Exemptions = report.Exemptions{
					Authors: []string{"octocat"}, Paths: []string{"docs/*", "*.md"}, FixingBreachedClass: true,
				}
			},
			"it may merge all the same if it is by “octocat”, changes nothing but “docs/*” or “*.md”, closes an open issue of" +
				" the kind that is breached or reverts a change that failed. Run the check again once that is so.",
		},
	} {
		r := redReport()
		r.PullRequest = ptr(12)
		test.with(r)
		if got := exemptionAdvice(r); got != test.want {
			t.Errorf("%s:\n%q, want\n%q", test.name, got, test.want)
		}
	}
}

// TestExcuses: reasons are told each once, and no more than three.
func TestExcuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		reasons []string
		want    string
	}{
		{nil, "an exemption of the configuration says so."},
		{[]string{"it has a label", "it has a label"}, "it has a label."},
		{[]string{"a", "b", "c", "d"}, "a; b; c; the other reasons are in the table."},
	} {
		var benchmarks []report.Benchmark
		for _, reason := range test.reasons {
			benchmarks = append(benchmarks, report.Benchmark{Outcome: "exempt", ExemptBy: ptr("pull-request"), Reason: &reason})
		}
		benchmarks = append(benchmarks, report.Benchmark{Outcome: "exempt", ExemptBy: ptr("date"), Reason: ptr("it ended")})
		if got := excuses(benchmarks); got != test.want {
			t.Errorf("%q: %q, want %q", test.reasons, got, test.want)
		}
	}
}

// TestKeeperNotes: what failed is told with what to change, each once; what is as it should be is not.
func TestKeeperNotes(t *testing.T) {
	t.Parallel()
	r := policyReport()
	r.Warnings = append(r.Warnings, r.Warnings[0])
	r.Published = append(r.Published, report.Published{To: "status", State: "failed"})
	want := []string{
		"The benchmark bug-backlog <= 900 is not in force after 2026-03-31: take it out, or move its end.",
		"The comment could not be written: the token may not write: grant the job the permission pull-requests: write.",
		"The commit status could not be written.",
	}
	if got := keeperNotes(r); !slices.Equal(got, want) {
		t.Errorf("the notes are %q, want %q", got, want)
	}
	page := string(markdownOf(t, r))
	if !strings.Contains(page, "\nAlso told here: [check run](https://github.com/acme/shop/runs/77).\n") {
		t.Error("what was told elsewhere is not linked")
	}
	if !strings.Contains(page, "at <code>main</code> (commit <code>0123456</code>).") {
		t.Error("the commit of the configuration is not told")
	}
}

// TestConcerns: what the pull request is exempt from comes before what warns, and what fails before both. Of 14, ten have
// a section of their own.
func TestConcerns(t *testing.T) {
	t.Parallel()
	r := exemptReport()
	red := redReport().Benchmarks[1]
	for range 10 {
		r.Benchmarks = append(r.Benchmarks, red)
	}
	r.Verdict = "breached"
	page := string(markdownOf(t, r))
	if strings.Contains(page, concernTitle) || !strings.Contains(page, "#### 4 more benchmarks to look at\n") {
		t.Error("ten breaches leave no room for others")
	}
	// 8 breaches, then 2 that the pull request is exempt from; the 2 that warn are listed.
	r.Benchmarks = r.Benchmarks[:len(r.Benchmarks)-2]
	page = string(markdownOf(t, r))
	if n := strings.Count(page, "\n#### ❌"); n != 8 {
		t.Errorf("%d breaches have a section", n)
	}
	if n := strings.Count(page, "\n#### ➖"); n != 2 || strings.Contains(page, "\n#### ⚠️") {
		t.Errorf("%d exempt ones have a section", n)
	}
	if got := othersText(3, make([]report.Benchmark, 4)); got != "3 more breaches, and 1 more benchmark to look at" {
		t.Errorf("what is left is %q", got)
	}
}
