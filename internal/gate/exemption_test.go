package gate_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"kpi-gate/internal/gate"
	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
)

// verdictsOn are verdicts of one outcome on benchmarks.
func verdictsOn(t *testing.T, outcome gate.Outcome, benchmarks ...string) []gate.Verdict {
	t.Helper()
	var all []gate.Verdict
	for _, text := range benchmarks {
		b, err := gate.Language{}.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, gate.Verdict{Benchmark: b, Outcome: outcome})
	}
	return all
}

// candidate is a pull request of the repository's own that no rule of the tests exempts.
func candidate() *model.Candidate {
	return &model.Candidate{
		Number: 12, Author: model.Actor{Login: "ann"}, Base: "main", Head: "topic", Labels: []string{"docs"},
		Paths: []string{"main.go", "docs/a.md"}, PathsKnown: true,
	}
}

// Rules that exempt a pull request from every benchmark.
func TestExemptFromAll(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		by   gate.Exemptions
		pull func(*model.Candidate)
		want string
	}{
		{"no rule", gate.Exemptions{}, nil, ""},
		{
			"a label",
			gate.Exemptions{Labels: kpi.Globs{"hotfix"}},
			func(c *model.Candidate) { c.Labels = append(c.Labels, "HotFix") },
			`pull request #12 has the label "HotFix" (exempt: labels)`,
		},
		{"another label", gate.Exemptions{Labels: kpi.Globs{"hotfix"}}, nil, ""},
		{"any label, and none", gate.Exemptions{Labels: kpi.Globs{"*"}}, func(c *model.Candidate) { c.Labels = nil }, ""},
		{
			"a branch",
			gate.Exemptions{Branches: kpi.Globs{"revert-*"}},
			func(c *model.Candidate) { c.Head = "revert-9-x/y" },
			`pull request #12 comes from the branch "revert-9-x/y" (exempt: branches)`,
		},
		{
			"a fork's branch",
			gate.Exemptions{Branches: kpi.Globs{"revert-*"}},
			func(c *model.Candidate) { c.Head, c.Fork = "revert-9", true }, "",
		},
		{"no branch", gate.Exemptions{Branches: kpi.Globs{"*"}}, func(c *model.Candidate) { c.Head = "" }, ""},
		{
			"an author",
			gate.Exemptions{Authors: kpi.Globs{"bob", "Ann"}},
			nil,
			`pull request #12 is by "ann" (exempt: authors)`,
		},
		{
			"a bot",
			gate.Exemptions{Authors: kpi.Globs{"renovate*[bot]"}},
			func(c *model.Candidate) { c.Author = model.Actor{Login: "Renovate-x", Bot: true} },
			`pull request #12 is by "Renovate-x" (exempt: authors)`,
		},
		{
			"a person with a bot's name",
			gate.Exemptions{Authors: kpi.Globs{"renovate[bot]"}},
			func(c *model.Candidate) { c.Author = model.Actor{Login: "renovate"} }, "",
		},
		{
			"the login of a bot",
			gate.Exemptions{Authors: kpi.Globs{"renovate"}},
			func(c *model.Candidate) { c.Author = model.Actor{Login: "renovate", Bot: true} },
			`pull request #12 is by "renovate" (exempt: authors)`,
		},
		{"nobody", gate.Exemptions{Authors: kpi.Globs{"*"}}, func(c *model.Candidate) { c.Author = model.Actor{} }, ""},
		{
			"every path",
			gate.Exemptions{Paths: kpi.Globs{"docs/*", "*.go"}},
			nil,
			`pull request #12 changes nothing outside "docs/*" and "*.go" (exempt: paths)`,
		},
		{"some paths", gate.Exemptions{Paths: kpi.Globs{"docs/*"}}, nil, ""},
		{
			"paths that are not all",
			gate.Exemptions{Paths: kpi.Globs{"*"}},
			func(c *model.Candidate) { c.PathsKnown = false }, "",
		},
		{"no path", gate.Exemptions{Paths: kpi.Globs{"*"}}, func(c *model.Candidate) { c.Paths = nil }, ""},
		{
			"several rules",
			gate.Exemptions{Labels: kpi.Globs{"docs"}, Authors: kpi.Globs{"ann"}},
			nil,
			`pull request #12 has the label "docs" (exempt: labels); it is by "ann" (exempt: authors)`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := candidate()
			if tt.pull != nil {
				tt.pull(c)
			}
			before := verdictsOn(t, gate.Breached, "bug-backlog <= 3", "ci-success-rate >= 90%")
			for i, v := range tt.by.Apply(before, c, kpi.Repairs{}) {
				if want := tt.want != ""; (v.Outcome == gate.Exempt) != want || (v.Would == gate.Breached) != want ||
					(v.ExemptBy == gate.ByPullRequest) != want || v.Reason != tt.want {
					t.Errorf("%s: %s, would %s, %q; want %q", v.Benchmark.Text, v.Outcome, v.Would, v.Reason, tt.want)
				}
				if before[i].Outcome != gate.Breached {
					t.Errorf("the verdict that was given became %s", before[i].Outcome)
				}
			}
		})
	}
}

// Nothing but a breach is exempt, and nothing is where no pull request is judged.
func TestExemptOnlyBreaches(t *testing.T) {
	t.Parallel()
	by := gate.Exemptions{Authors: kpi.Globs{"*"}}
	for _, outcome := range []gate.Outcome{gate.Held, gate.Warned, gate.TooFew, gate.NotMeasured} {
		v := by.Apply(verdictsOn(t, outcome, "bug-backlog <= 3"), candidate(), kpi.Repairs{})[0]
		if v.Outcome != outcome || v.Would != "" || v.Reason != "" {
			t.Errorf("%s became %s (%s): %q", outcome, v.Outcome, v.Would, v.Reason)
		}
	}
	if v := by.Apply(verdictsOn(t, gate.Breached, "bug-backlog <= 3"), nil, kpi.Repairs{})[0]; v.Outcome != gate.Breached {
		t.Errorf("without a pull request: %s", v.Outcome)
	}
}

// What a pull request repairs exempts it from the benchmarks that are about that, and from no other.
func TestExemptByRepairs(t *testing.T) {
	t.Parallel()
	issue := func(number int, label string, classes ...string) kpi.RepairedIssue {
		return kpi.RepairedIssue{
			Ref: model.Ref{Kind: model.RefIssue, Number: number}, Classes: classes,
			Attributes: map[kpi.Attribute][]string{kpi.Label: {label}},
		}
	}
	change := &model.Ref{Kind: model.RefPullRequest, Number: 9}
	failed := kpi.RepairedDeployment{
		Ref: model.Ref{Kind: model.RefDeployment, ID: 1}, Reverts: change,
		Attributes: map[kpi.Attribute][]string{kpi.Environment: {"live"}},
	}
	ended := issue(7, "incident", kpi.Incident)
	ended.Reverts = change
	pushed := failed
	pushed.Reverts = &model.Ref{Kind: model.RefCommit, SHA: "0123456789abcdef"}
	pushed.Closes = []model.Ref{{Kind: model.RefIssue, Number: 7}}
	const suffix = " (exempt: fixing-breached-class)"
	tests := []struct {
		name      string
		repairs   kpi.Repairs
		benchmark string
		want      string
	}{
		{"nothing", kpi.Repairs{}, "bug-backlog <= 3", ""},
		{
			"an issue of the class",
			kpi.Repairs{Issues: []kpi.RepairedIssue{issue(3, "bug", "bug", "support")}},
			"bug-time-to-resolve.p90 <= 4d", "closes #3, an open issue of the class bug" + suffix,
		},
		{
			"its other class",
			kpi.Repairs{Issues: []kpi.RepairedIssue{issue(3, "bug", "bug", "support")}},
			"support-backlog <= 3", "closes #3, an open issue of the class support" + suffix,
		},
		{
			"another class", kpi.Repairs{Issues: []kpi.RepairedIssue{issue(3, "bug", "bug")}}, "security-backlog <= 3", "",
		},
		{"CI", kpi.Repairs{Issues: []kpi.RepairedIssue{issue(3, "bug", "bug")}}, "ci-success-rate >= 90%", ""},
		{
			"what the filter keeps",
			kpi.Repairs{Issues: []kpi.RepairedIssue{issue(3, "bug", "bug"), issue(4, "sev1", "bug")}},
			"bug-backlog{label=sev*} <= 3", "closes #4, an open issue of the class bug" + suffix,
		},
		{
			"what the filter drops",
			kpi.Repairs{Issues: []kpi.RepairedIssue{issue(3, "bug", "bug")}},
			"bug-backlog{label=sev*} <= 3", "",
		},
		{
			"more than are listed",
			kpi.Repairs{Issues: []kpi.RepairedIssue{
				issue(1, "", "bug"), issue(2, "", "bug"), issue(3, "", "bug"), issue(4, "", "bug"), issue(5, "", "bug"),
			}},
			"bug-backlog <= 3", "closes #1, #2, #3 and 2 more, open issues of the class bug" + suffix,
		},
		{
			"availability follows from incidents",
			kpi.Repairs{Issues: []kpi.RepairedIssue{issue(7, "sev1", "incident")}},
			"availability >= 99%", "closes #7, an open issue of the class incident" + suffix,
		},
		{
			"a revert that ends an incident",
			kpi.Repairs{Issues: []kpi.RepairedIssue{ended}},
			"downtime <= 1h",
			"reverts #9, with whose deployment the open incident #7 began" + suffix,
		},
		{
			"a failed deployment",
			kpi.Repairs{Deployments: []kpi.RepairedDeployment{failed, failed}},
			"change-failure-rate <= 10%",
			"reverts #9, shipped by a deployment that failed and has not recovered" + suffix,
		},
		{
			"a failed deployment by a push",
			kpi.Repairs{Deployments: []kpi.RepairedDeployment{pushed}},
			"failed-deployment-recovery-time <= 1h",
			"reverts the commit 0123456, shipped by a deployment that failed and has not recovered" + suffix +
				"; it closes #7, laid to a deployment that failed and has not recovered" + suffix,
		},
		{
			"another environment",
			kpi.Repairs{Deployments: []kpi.RepairedDeployment{failed}},
			"change-failure-rate{environment=production} <= 10%", "",
		},
		{
			"deployments as such",
			kpi.Repairs{Deployments: []kpi.RepairedDeployment{failed}},
			"deployment-success-rate >= 99%", "",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			before := verdictsOn(t, gate.Breached, tt.benchmark)
			want := tt.want
			if want != "" {
				want = "pull request #12 " + want
			}
			on := gate.Exemptions{FixingBreachedClass: true}
			v := on.Apply(before, candidate(), tt.repairs)[0]
			if v.Reason != want || (v.Outcome == gate.Exempt) != (want != "") {
				t.Errorf("%s, %q; want %q", v.Outcome, v.Reason, want)
			}
			off := gate.Exemptions{Labels: kpi.Globs{"hotfix"}}
			if v := off.Apply(before, candidate(), tt.repairs)[0]; v.Outcome != gate.Breached {
				t.Errorf("without the rule: %s, %q", v.Outcome, v.Reason)
			}
		})
	}
}

// What exempts from one benchmark is not told of another.
func TestExemptReasonsAreApart(t *testing.T) {
	t.Parallel()
	by := gate.Exemptions{Labels: kpi.Globs{"docs"}, Authors: kpi.Globs{"ann"}, FixingBreachedClass: true}
	repairs := kpi.Repairs{Issues: []kpi.RepairedIssue{
		{Ref: model.Ref{Number: 31}, Classes: []string{"bug"}}, {Ref: model.Ref{Number: 32}, Classes: []string{"support"}},
	}}
	all := by.Apply(verdictsOn(t, gate.Breached, "bug-backlog <= 3", "support-backlog <= 3", "ci-success-rate >= 90%"),
		candidate(), repairs)
	for i, want := range []string{"#31", "#32", ""} {
		other := []string{"#32", "#31", "fixing"}[i]
		if r := all[i].Reason; !strings.Contains(r, want) || strings.Contains(r, other) || !strings.Contains(r, "docs") {
			t.Errorf("%s: %q", all[i].Benchmark.Text, r)
		}
	}
}

func TestExemptionsAsk(t *testing.T) {
	t.Parallel()
	tests := []struct {
		by           gate.Exemptions
		empty, paths bool
	}{
		{gate.Exemptions{}, true, false},
		{gate.Exemptions{Labels: kpi.Globs{"a"}}, false, false},
		{gate.Exemptions{Branches: kpi.Globs{"a"}}, false, false},
		{gate.Exemptions{Authors: kpi.Globs{"a"}}, false, false},
		{gate.Exemptions{Paths: kpi.Globs{"a"}}, false, true},
		{gate.Exemptions{FixingBreachedClass: true}, false, false},
	}
	for _, tt := range tests {
		if tt.by.IsEmpty() != tt.empty || tt.by.AsksPaths() != tt.paths {
			t.Errorf("%+v: empty %v, asks paths %v", tt.by, tt.by.IsEmpty(), tt.by.AsksPaths())
		}
	}
}

// Whatever a repository calls its labels and branches, a reason is one line of what can be seen and not long, and a
// name ends where its quotes end.
func FuzzExemptReason(f *testing.F) {
	f.Add("hotfix", "topic")
	f.Add("a\nb\r\n::error::x", "x\u202egnp")
	f.Add("\" (exempt: authors); it is by \"root", strings.Repeat("é", 400))
	f.Add("\xff\x00\u2028\u200b", "##[group]")
	b, err := gate.Language{}.Parse("bug-backlog <= 3")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, label, branch string) {
		c := candidate()
		c.Labels, c.Head = []string{label}, branch
		by := gate.Exemptions{Labels: kpi.Globs{"*"}, Branches: kpi.Globs{"*"}}
		v := by.Apply([]gate.Verdict{{Benchmark: b, Outcome: gate.Breached}}, c, kpi.Repairs{})[0]
		unseen := func(r rune) bool { return !unicode.IsGraphic(r) }
		if !utf8.ValidString(v.Reason) || strings.ContainsFunc(v.Reason, unseen) {
			t.Errorf("not a line that can be read: %q", v.Reason)
		}
		// Of each name there are 40 characters, each at most as the 10 of its escape, and less than 70 stand around it.
		if n := utf8.RuneCountInString(v.Reason); n > 2*(400+70) {
			t.Errorf("%d characters: %q", n, v.Reason)
		}
		names := 0
		if len(c.Labels) > 0 && slices.ContainsFunc(c.Labels, by.Labels.Match) {
			names++
		}
		if branch != "" && by.Branches.Match(branch) {
			names++
		}
		if got := strings.Count(v.Reason, `"`); got != 2*names {
			t.Errorf("%d quotes around %d names: %q", got, names, v.Reason)
		}
	})
}
