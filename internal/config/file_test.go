package config_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"kpi-gate/internal/config"
	"kpi-gate/internal/gate"
	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
)

const fileName = ".github/kpi-gate.yml"

func fromFile(text string) *config.File { return &config.File{Name: fileName, Text: text} }

// resolveFile resolves a file with settings over it.
func resolveFile(t *testing.T, s config.Settings, text string) config.Config {
	t.Helper()
	s.Repository = "o/r"
	c, err := config.Resolve(s, fromFile(text), now)
	if err != nil {
		t.Fatalf("%v\nin\n%s", err, text)
	}
	return c
}

// everything is a file with every key, none of them at its default.
const everything = `
window: 60d
production: { environments: [live-*], branches: [main, release/*] }
deployments: { source: workflow, workflow: deploy.yml, tags: "r*" }
classes:
  bug: { labels: [kind/bug], types: [Bug] }
  escalation: { labels: ["type: escalation"] }
failure-signals: [revert, status]
hotfix: { labels: [urgent], branches: [fix/*] }
incident-attribution: 1d12h
pull-requests: { start: opened, bots: true }
ci: { exclude-workflows: [deploy.yml], jobs: true }
cost: { downtime-per-hour: 5000.5, currency: EUR }
team: { logins: [octocat], bots: ["release-robot[bot]"] }
business-time: { zone: Europe/Berlin, days: mon-thu, hours: 08:30-12:00, holidays: [2026-12-25], kpis: [escalation-*] }
min-samples: 12
on-no-data: fail
evidence: interval
kpis: [delivery, bug-*]
timeout: 90s
budget: { requests: 300 }
exempt: { labels: [hotfix], branches: [revert-*], authors: [octocat], paths: [docs/*], fixing-breached-class: true }
enforce: false
enforce-on: [merge_group, push]
comment: true
check-run: KPIs of main
status: kpi/gate
issue: "KPIs: weekly"
benchmarks:
  - escalation-time-to-resolve.p50 <= 2d
  - hold: review-coverage >= 90%
  - { if: change-failure-rate > 15%, then: warn, because: "error budget", owner: "@org/platform", min-samples: 20,
      from: 2026-01-01, until: 2026-12-31 }
`

func TestFile(t *testing.T) {
	t.Parallel()
	c := resolveFile(t, config.Settings{}, everything)
	want := kpi.DefaultPolicy()
	want.Environments, want.Branches = kpi.Globs{"live-*"}, kpi.Globs{"main", "release/*"}
	want.Source, want.Workflows, want.Tags = model.SourceWorkflow, []string{"deploy.yml"}, kpi.Globs{"r*"}
	want.Classes["bug"] = kpi.Class{Labels: kpi.Globs{"kind/bug"}, Types: kpi.Globs{"Bug"}}
	want.Classes["escalation"] = kpi.Class{Labels: kpi.Globs{"type: escalation"}}
	want.Signals = map[kpi.FailureSignal]bool{kpi.SignalRevert: true, kpi.SignalStatus: true}
	want.HotfixLabels, want.HotfixBranches = kpi.Globs{"urgent"}, kpi.Globs{"fix/*"}
	want.IncidentAttribution = 36 * time.Hour
	want.Start, want.IncludeBots = kpi.StartOpened, true
	want.ExcludedWorkflows = kpi.Globs{"deploy.yml"}
	want.DowntimeCost = &kpi.Cost{PerHour: 5000.5, Currency: "EUR"}
	want.TeamLogins, want.BotLogins = []string{"octocat"}, []string{"release-robot[bot]"}
	want.BusinessTime = &kpi.BusinessTime{
		Zone: c.Policy.BusinessTime.Zone, Days: [7]bool{1: true, 2: true, 3: true, 4: true},
		From: 8*time.Hour + 30*time.Minute, To: 12 * time.Hour,
		Holidays: map[string]bool{"2026-12-25": true}, KPIs: kpi.Globs{"escalation-*"},
	}
	if diff := cmp.Diff(want, c.Policy, sameZone); diff != "" {
		t.Errorf("policy (-want +got):\n%s", diff)
	}
	if got := c.Policy.BusinessTime.Zone.String(); got != "Europe/Berlin" {
		t.Errorf("zone is %s", got)
	}
	if got := c.Window.Length(); got != 60*24*time.Hour || !c.Window.Until.Equal(now) {
		t.Errorf("window is %v", c.Window)
	}
	if want := (gate.Policy{MinSamples: 12, OnNoData: gate.NoDataFails, Evidence: gate.EvidenceInterval}); c.Gate != want {
		t.Errorf("policy of the gate is %+v", c.Gate)
	}
	if diff := cmp.Diff(gate.Exemptions{
		Labels: kpi.Globs{"hotfix"}, Branches: kpi.Globs{"revert-*"}, Authors: kpi.Globs{"octocat"},
		Paths: kpi.Globs{"docs/*"}, FixingBreachedClass: true,
	}, c.Exemptions); diff != "" {
		t.Errorf("exemptions (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(config.Publish{
		Comment: true, CheckRun: "KPIs of main", Status: "kpi/gate", Issue: "KPIs: weekly",
	}, c.Publish); diff != "" {
		t.Errorf("published (-want +got):\n%s", diff)
	}
	if c.Enforce || strings.Join(c.EnforceOn, " ") != "merge_group push" {
		t.Errorf("enforce is %t on %v", c.Enforce, c.EnforceOn)
	}
	if c.Timeout != 90*time.Second || c.Budget != (config.Budget{Requests: 300}) || !c.Jobs {
		t.Errorf("timeout %v, budget %v, jobs %t", c.Timeout, c.Budget, c.Jobs)
	}
	if len(c.Benchmarks) != 3 {
		t.Fatalf("benchmarks are %v", c.Benchmarks)
	}
	// Two working days of 08:30 to 12:00.
	if got := c.Benchmarks[0].Limit; got != 2*3.5*3600 {
		t.Errorf("2d are %v s of working time", got)
	}
	b := c.Benchmarks[2]
	if b.Operator != gate.AtMost || b.Limit != 0.15 || b.Then != gate.ThenWarn || b.Because != "error budget" ||
		b.Owner != "@org/platform" || b.MinSamples != 20 || !b.From.Equal(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)) ||
		!b.Until.Equal(time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("the last benchmark is %+v", b)
	}
	for _, d := range c.Asked {
		if d.Family != kpi.Delivery && !strings.HasPrefix(d.ID, "bug-") && d.ID != "review-coverage" &&
			d.ID != "escalation-time-to-resolve" {
			t.Errorf("%s is reported", d.ID)
		}
	}
}

// A file that says nothing leaves the defaults, as no file does.
func TestEmptyFile(t *testing.T) {
	t.Parallel()
	want := resolve(t, config.Settings{})
	for _, text := range []string{"", "# window: 60d\n", "\n---\n"} {
		if diff := cmp.Diff(want, resolveFile(t, config.Settings{}, text), sameKPI, sameCatalogue); diff != "" {
			t.Errorf("%q (-no file +file):\n%s", text, diff)
		}
	}
}

// A byte order mark before the first key is no part of it.
func TestFileWithByteOrderMark(t *testing.T) {
	t.Parallel()
	if c := resolveFile(t, config.Settings{}, "\ufeffmin-samples: 7\n"); c.Gate.MinSamples != 7 {
		t.Errorf("min-samples is %d, want 7", c.Gate.MinSamples)
	}
}

// TestPrecedence: each value is the setting's where there is one, else the file's, else the default.
func TestPrecedence(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		settings config.Settings
		file     string
		value    func(config.Config) any
		// want are the values with neither, with the file alone, with both.
		want [3]string
	}{
		{
			"window",
			config.Settings{Window: "7d"},
			"window: 60d",
			func(c config.Config) any { return c.Window.Length() },
			[3]string{"720h0m0s", "1440h0m0s", "168h0m0s"},
		},
		{
			"environments",
			config.Settings{Environments: "b"},
			"production: { environments: [a] }",
			func(c config.Config) any { return c.Policy.Environments },
			[3]string{"[production prod prod-* *-production live]", "[a]", "[b]"},
		},
		{
			"branches",
			config.Settings{Branches: "b"},
			"production: { branches: [a] }",
			func(c config.Config) any { return c.Policy.Branches },
			[3]string{"[]", "[a]", "[b]"},
		},
		{
			"source",
			config.Settings{Deployments: "auto"},
			"deployments: { source: tags }",
			func(c config.Config) any { return string(c.Policy.Source) },
			[3]string{"", "tags", ""},
		},
		{
			"workflow",
			config.Settings{DeployWorkflow: "b.yml"},
			"deployments: { workflow: [a.yml] }",
			func(c config.Config) any { return c.Policy.Workflows },
			[3]string{"[]", "[a.yml]", "[b.yml]"},
		},
		{
			"tags",
			config.Settings{Tags: "b*"},
			"deployments: { tags: a* }",
			func(c config.Config) any { return c.Policy.Tags },
			[3]string{"[v*]", "[a*]", "[b*]"},
		},
		{ // the labels alone: the file's types stay
			"bug-labels",
			config.Settings{BugLabels: "b"},
			"classes: { bug: { labels: [a], types: [T] } }",
			func(c config.Config) any { return c.Policy.Classes["bug"] },
			[3]string{"{[bug bug/* bug:* *: bug */bug defect regression] [Bug]}", "{[a] [T]}", "{[b] [T]}"},
		},
		{ // class by class
			"classes",
			config.Settings{Classes: "x: { labels: [b] }"},
			"classes: { x: { labels: [a] }, y: { labels: [a] } }",
			func(c config.Config) any { return []any{c.Policy.Classes["x"], c.Policy.Classes["y"]} },
			[3]string{"[{[] []} {[] []}]", "[{[a] []} {[a] []}]", "[{[b] []} {[a] []}]"},
		},
		{
			"cost",
			config.Settings{Cost: "{ downtime-per-hour: 2, currency: USD }"},
			"cost: { downtime-per-hour: 1, currency: EUR }",
			func(c config.Config) any {
				if c.Policy.DowntimeCost == nil {
					return "none"
				}
				return *c.Policy.DowntimeCost
			},
			[3]string{"none", "{1 EUR}", "{2 USD}"},
		},
		{ // wholly, as every setting of YAML
			"ci",
			config.Settings{CI: "exclude-workflows: [b.yml]"},
			"ci: { exclude-workflows: [a.yml], jobs: true }",
			func(c config.Config) any { return []any{c.Policy.ExcludedWorkflows, c.Jobs} },
			[3]string{"[[] false]", "[[a.yml] true]", "[[b.yml] false]"},
		},
		{
			"budget",
			config.Settings{Budget: "{ points: 2 }"},
			"budget: 1",
			func(c config.Config) any { return c.Budget },
			[3]string{"{0 0}", "{1 1}", "{0 2}"},
		},
		{
			"business-time",
			config.Settings{BusinessTime: "{ zone: UTC, kpis: [review-time] }"},
			"business-time: { zone: UTC, kpis: [pickup-time] }",
			func(c config.Config) any {
				if c.Policy.BusinessTime == nil {
					return "none"
				}
				return c.Policy.BusinessTime.KPIs
			},
			[3]string{"none", "[pickup-time]", "[review-time]"},
		},
		{
			"exempt",
			config.Settings{Exempt: "{ labels: [b] }"},
			"exempt: { labels: [a], branches: [a] }",
			func(c config.Config) any { return c.Exemptions },
			[3]string{"{[] [] [] [] false}", "{[a] [a] [] [] false}", "{[b] [] [] [] false}"},
		},
		{
			"enforce",
			config.Settings{Enforce: "true"},
			"enforce: false",
			func(c config.Config) any { return c.Enforce },
			[3]string{"true", "false", "true"},
		},
		{
			"enforce-on",
			config.Settings{EnforceOn: "push"},
			"enforce-on: [merge_group, schedule]",
			func(c config.Config) any { return c.EnforceOn },
			[3]string{"[]", "[merge_group schedule]", "[push]"},
		},
		{
			"published",
			config.Settings{Comment: "false", CheckRun: "b", Status: "b", Issue: "b"},
			"comment: true\ncheck-run: a\nstatus: a\nissue: a",
			func(c config.Config) any { return c.Publish },
			[3]string{"{false   }", "{true a a a}", "{false b b b}"},
		},
		{
			"gate",
			config.Settings{MinSamples: "3", OnNoData: "warn", Evidence: "point"},
			"min-samples: 2\non-no-data: pass\nevidence: interval",
			func(c config.Config) any { return c.Gate },
			[3]string{"{5 warn point}", "{2 pass interval}", "{3 warn point}"},
		},
		{
			"timeout",
			config.Settings{Timeout: "2m"},
			"timeout: 1m",
			func(c config.Config) any { return c.Timeout },
			[3]string{"10m0s", "1m0s", "2m0s"},
		},
		{
			"kpis",
			config.Settings{KPIs: "ci-duration"},
			"kpis: [review-time, bug-age]",
			func(c config.Config) any {
				if len(c.Asked) == len(c.KPIs.All()) {
					return "all"
				}
				ids := []string{}
				for _, d := range c.Asked {
					ids = append(ids, d.ID)
				}
				return ids
			},
			[3]string{"all", "[review-time bug-age]", "[ci-duration]"},
		},
		{
			"benchmarks",
			config.Settings{Benchmarks: []string{"bug-age <= 3d"}},
			"benchmarks: [bug-age <= 1d, bug-backlog <= 9]",
			func(c config.Config) any { return c.Benchmarks },
			[3]string{
				"[]", "[bug-age.p50 <= 1d bug-backlog <= 9]", "[bug-age.p50 <= 3d]",
			},
		},
	} {
		got := [3]string{
			fmt.Sprint(test.value(resolve(t, config.Settings{}))),
			fmt.Sprint(test.value(resolveFile(t, config.Settings{}, test.file))),
			fmt.Sprint(test.value(resolveFile(t, test.settings, test.file))),
		}
		if got != test.want {
			t.Errorf("%s is %q by default, by the file and by both; want %q", test.name, got, test.want)
		}
	}
}

// A setting may name the KPIs of a class that the file has, and the file those of a class that a setting has.
func TestClassesAcross(t *testing.T) {
	t.Parallel()
	c := resolveFile(t, config.Settings{
		Classes: "outage: { labels: [o] }", Benchmarks: []string{"escalation-age <= 1d"},
	}, "classes: { escalation: { labels: [e] } }\nbusiness-time: { zone: UTC, kpis: [outage-age] }\nkpis: [outage]")
	if c.KPIs.Find("outage-age") == nil || len(c.Benchmarks) != 1 || c.Policy.BusinessTime == nil || len(c.Asked) != 13 {
		t.Errorf("%d KPIs are asked for; benchmarks %v", len(c.Asked), c.Benchmarks)
	}
}

func TestFileMistakes(t *testing.T) {
	t.Parallel()
	// The caret stands under every rune of the offending part of the line that is shown.
	for _, test := range []struct {
		text    string
		line    int
		caret   string
		message string
		nearest string
	}{
		{"windows: 30d", 1, "^^^^^^^", `there is no key "windows" here`, "window"},
		{"colour: red", 1, "^^^^^^", `there is no key "colour" here: the keys are window, production, `, ""},
		{"window: 30", 1, "        ^^", "a number, without quotes, is here where a length of time such as 30d belongs", ""},
		{"window: 30 days", 1, "        ^^^^^^^", `"30 days" is not a length of time such as 30d`, ""},
		{"window: 12h", 1, "        ^^^", `"12h" is too short: the shortest window is 1d`, ""},
		{"incident-attribution: 91d", 1, "                      ^^^", `"91d" is too long: the longest attribution is 90d`, ""},
		{"timeout: 7h", 1, "         ^^", `"7h" is too long: the longest timeout is 6h`, ""},
		{"- window: 30d", 1, "^", "a list is here where a mapping with the keys window, production", ""},
		{"window: 30d\nwindow: 31d", 2, "^^^^^^", `"window" is already there in line 1`, ""},

		// What only an input can say, and what has another name in the file.
		{"token: ghs_1", 1, "^^^^^", "a token does not belong into a file: give it as the input or flag token", ""},
		{"repository: o/r", 1, "^^^^^^^^^^", "the repository is that of the workflow, or the input or flag repository", ""},
		{"until: 2026-01-01", 1, "^^^^^", "when the window ends is said by the input or flag until, not in the file", ""},
		{"cache: x", 1, "^^^^^", "which snapshot file is extended is said by the input or flag cache", ""},
		{"report-dir: x", 1, "^^^^^^^^^^", "where the report goes is said by the input or flag report-dir", ""},
		{"config: x", 1, "^^^^^^", "which file is read is said by the input or flag config", ""},
		{"config-from: x", 1, "^^^^^^^^^^^", "where the file is read is said by the input or flag config-from", ""},
		{"environments: [live]", 1, "^^^^^^^^^^^^", "in the file this is production: { environments: [production] }", ""},
		{"bug-labels: [bug]", 1, "^^^^^^^^^^", "in the file this is classes: { bug: { labels: [bug] } }", ""},

		{"production:\n  environments: []", 2, "                ^", "the list is empty", ""},
		{"production:\n  enviroments: [x]", 2, "  ^^^^^^^^^^^", `there is no key "enviroments" here: the keys are`, "environments"},
		{"production: main", 1, "            ^^^^", "a text is here where a mapping with the keys environments, branches belongs", ""},
		{
			"deployments: { source: release }", 1, "                       ^^^^^^^",
			`"release" is none of auto, deployments, workflow, releases, tags, merges`, "releases",
		},
		{
			"deployments: { source: workflow }", 1, "                       ^^^^^^^^",
			"with source: workflow, name the workflow file that deploys, as in workflow: deploy.yml", "",
		},
		{`deployments: { workflow: "a\nb" }`, 1, "                         ^^^^^^", "it is to be one line", ""},
		{"failure-signals: [rollbacks]", 1, "                  ^^^^^^^^^", `"rollbacks" is none of rollback, revert`, "rollback"},
		{"pull-requests: { start: author }", 1, "                        ^^^^^^", `"author" is none of authored`, "authored"},
		{"pull-requests: { bots: yes }", 1, "                       ^^^", `"yes" is a text, and neither true nor false`, "true"},
		{`team: { logins: ["@octocat"] }`, 1, "                 ^^^^^^^^^^", `"@octocat" is not a login, such as octocat`, "octocat"},
		{"min-samples: 0", 1, "             ^", `"0" is not a whole number from 1 to 1000`, ""},
		{"min-samples: 1001", 1, "             ^^^^", `"1001" is not a whole number from 1 to 1000`, ""},
		{"on-no-data: ignore", 1, "            ^^^^^^", `"ignore" is none of pass, warn, fail`, ""},
		{"evidence: intervall", 1, "          ^^^^^^^^^", `"intervall" is none of point, interval`, "interval"},
		{"kpis: [ci-durations]", 1, "       ^^^^^^^^^^^^", `there is no KPI "ci-durations"`, "ci-duration"},
		{"exempt: {}", 1, "        ^", "there is nothing in it: leave it out, or say which pull requests are exempt", ""},
		{"exempt: { label: [x] }", 1, "          ^^^^^", `there is no key "label" here`, "labels"},
		{"exempt: { paths: ['*', '!src/*'] }", 1, "                       ^^^^^^^^", "a glob takes nothing out of what", ""},
		{"exempt: { branches: ['!main'] }", 1, "                     ^^^^^^^", "a glob takes nothing out of what", ""},
		{"exempt: { authors: ['!ann'] }", 1, "                    ^^^^^^", "a glob takes nothing out of what", ""},
		{"exempt: { paths: [./docs/*] }", 1, "                  ^^^^^^^^", "a path begins at the root", "docs/*"},
		{"exempt: { paths: [/docs/*] }", 1, "                  ^^^^^^^", "a path begins at the root", "docs/*"},
		{"exempt: { paths: [docs/] }", 1, "                  ^^^^^", "no file ends with a slash", "docs/*"},
		{"exempt: { paths: ['**/*.md'] }", 1, "                  ^^^^^^^^^", "one * goes across folders already", "*.md"},
		{"exempt: { branches: [refs/heads/a] }", 1, "                     ^^^^^^^^^^^^", "a branch is named without", "a"},
		{"exempt: { authors: ['@ann'] }", 1, "                    ^^^^^^", "a login is named without @", "ann"},
		{"enforce-on: [pull-request]", 1, "             ^^^^^^^^^^^^", `"pull-request" is none of pull_request,`, "pull_request"},
		{"enforce-on: [issues]", 1, "             ^^^^^^", `"issues" is none of pull_request,`, ""},
		{"enforce: 1", 1, "         ^", "a number, without quotes, is here where true or false belongs", ""},
		{"check-run: " + strings.Repeat("x", 101), 1, "           " + strings.Repeat("^", 99), "it has more than 100 characters", ""},
		{`status: "a\tb"`, 1, "        ^^^^^^", "it is to be one line, without control characters, and has U+0009", ""},
		{`issue: " "`, 1, "       ^^^", "there is nothing in it", ""},
		{"issue: |\n  a\n  b\n", 1, "       ^", "a text of several lines is here where a text belongs", ""},

		// Benchmarks: the place in the line of the file.
		{"benchmarks: bug-age <= 1d", 1, "            ^^^^^^^^^^^^^", "a text is here where a list", ""},
		{"benchmarks:\n  - bug-age <= 2\n", 2, "               ^", "a length of time needs a unit", ""},
		{"benchmarks:\n  - 'bug-age <= 2'\n", 2, "                ^", "a length of time needs a unit", ""},
		{"benchmarks:\n  - \"bug-age <= 2\"\n", 2, "                ^", "a length of time needs a unit", ""},
		{"benchmarks: [bug-backlog <= 3, bug-agee <= 2d]", 1, "                               ^^^^^^^^", `there is no KPI "bug-agee"`, "bug-age"},
		// Runes, not bytes, before it.
		{
			"benchmarks:\n  - { because: \"größer – ✓\", if: bug-age < 2d }", 2,
			"                                         ^", "it would be breached while bug-age.p50 is good", "",
		},
		// Written otherwise than it reads: the whole of it.
		{
			`benchmarks: ["bug-age \u003c= 2"]`, 1, `             ^^^^^^^^^^^^^^^^^^^`,
			"a length of time needs a unit", "",
		},
		{"benchmarks:\n  - bug-age\n    <= 2\n", 2, "    ^", "a length of time needs a unit", ""},
		{"benchmarks:\n  - 5\n", 2, "    ^", "a number, without quotes, is here where a benchmark, or a mapping with hold or if, belongs", ""},
		{
			"benchmarks:\n  - bug-age{label=\"type: x\"} <= 2d\n", 2, "    ^^^^^^^^^^^^^^^^^^^",
			"a mapping is here where a benchmark belongs", `'bug-age{label="type: x"} <= 2d'`,
		},
		{"benchmarks:\n  - { then: warn }\n", 2, "    ^", "there is no condition here: write hold:", ""},
		{
			"benchmarks:\n  - hold: bug-age <= 2d\n    if: bug-age > 2d\n", 2, "    ^^^^",
			"hold and if are both here", "",
		},
		{
			"benchmarks:\n  - hold: bug-age <= 2d\n    then: warning\n", 3, "          ^^^^^^^",
			`"warning" is none of fail, warn`, "",
		},
		{
			"benchmarks:\n  - hold: bug-age <= 2d\n    until: 2026-02-30\n", 3, "           ^^^^^^^^^^",
			`"2026-02-30" is not a day such as 2026-12-31`, "",
		},
		{
			"benchmarks:\n  - hold: bug-age <= 2d\n    from: 2026-02-02\n    until: 2026-02-01\n", 4, "           ^^^^^^^^^^",
			"it would end before it begins, on 2026-02-02", "",
		},
		{
			"benchmarks:\n  - hold: bug-age <= 2d\n    min-samples: 0\n", 3, "                 ^",
			`"0" is not a whole number from 1 to 1000`, "",
		},
		{
			"benchmarks:\n  - bug-age <= 2d\n  - bug-backlog <= 9\n  - bug-age < 1d\n", 4, "    ^^^^^^^^^^^^",
			"line 2 already sets an upper limit for bug-age.p50: bug-age.p50 <= 2d", "",
		},
	} {
		_, err := config.Resolve(config.Settings{Repository: "o/r"}, fromFile(test.text), now)
		var wrong *gate.SyntaxError
		if !errors.As(err, &wrong) {
			t.Errorf("%q: error is %v", test.text, err)
			continue
		}
		lines := strings.Split(err.Error(), "\n")
		head := fmt.Sprintf("%s: line %d, column %d: %s", fileName, test.line, strings.Index(test.caret, "^")+1, test.message)
		if !strings.HasPrefix(lines[0], head) || lines[2] != "  | "+test.caret || wrong.Nearest != test.nearest ||
			strings.Count(err.Error(), fileName+": line") != 1 {
			t.Errorf("%q: got\n%v\nwant\n%s…\n  | %s\n%s", test.text, err, head, test.caret, test.nearest)
		}
	}
}

// Limits that follow each other, or of which one warns and one fails, are no conflict.
func TestBenchmarksBesideEachOther(t *testing.T) {
	t.Parallel()
	c := resolveFile(t, config.Settings{}, `
benchmarks:
  - { hold: bug-age <= 5d, until: 2026-06-30 }
  - { hold: bug-age <= 3d, from: 2026-07-01 }
  - { hold: bug-age <= 2d, then: warn }
  - { hold: bug-backlog <= 9, from: 2026-07-01, until: 2026-07-01 } # for a day
`)
	if len(c.Benchmarks) != 4 {
		t.Errorf("benchmarks are %v", c.Benchmarks)
	}
}

// All mistakes are told at once, in the order of the file, before those of the settings.
func TestFileMistakesAreToldAtOnce(t *testing.T) {
	t.Parallel()
	_, err := config.Resolve(config.Settings{Repository: "o/r", Window: "1h"}, fromFile(`benchmarks:
  - bug-age <= 2
classes:
  bug: { lables: [bug] }
kpis: [bugs]
`), now)
	want := `.github/kpi-gate.yml: line 2, column 16: a length of time needs a unit: w, d, h, m or min, s
  |   - bug-age <= 2
  |                ^
.github/kpi-gate.yml: line 4, column 10: there is no key "lables" here: the keys are labels, types
  |   bug: { lables: [bug] }
  |          ^^^^^^
did you mean labels?
.github/kpi-gate.yml: line 5, column 8: there is no KPI "bugs"
  | kpis: [bugs]
  |        ^^^^
did you mean bug?
window: "1h" is too short: the shortest window is 1d`
	if err == nil {
		t.Fatal("no error")
	}
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A token that somebody wrote into the file is in no error, whatever is wrong beside it.
func TestNoTokenInErrors(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"token: ghs_16C7e42F292c6912E7710c838347Ae178B4a\n", "{ windw: 30d, token: my-own-16C7e42F292c6912 }\n",
		"\"token\" : my-own-16C7e42F292c6912\n", "tokens: github_pat_16C7e42F292c6912E7710c_838347Ae178B4a\n",
		"window: ghs_1234_eyJhbGci.eyJ-_pc3Mi.16C7e42F292c6912\n", "GITHUB_TOKEN: my-own-16C7e42F292c6912\n",
		"window: ghp_16C7e42F292c6912E7710c838347Ae\n", "token: [ghp_16C7e42F292c6912E7710c838347Ae178B4a\n",
	} {
		_, err := config.Resolve(config.Settings{Repository: "o/r"}, fromFile(text), now)
		if err == nil || strings.Contains(err.Error(), "16C7e42F292c6912") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// FuzzFile: whatever the file holds, it is read or refused; a refusal can be shown, and what is read is what is said to
// be in force.
func FuzzFile(f *testing.F) {
	f.Add(everything)
	for _, text := range []string{
		"benchmarks:\n- \"bug-age\\u0020<= 2d\"\n- {if: bug-age > 1d, because: \"\\u202e\\x1b[31m\"}\n",
		"window: 30d\n? benchmarks\n: - x\n", "benchmarks:\n  - bug-age\n    <= 2\n", "exempt: {labels: ['*', \"a b\"]}",
		"classes: {\"a\": {labels: [\"\\\"\", 'it''s', \"\\\\*\", é, '#x', '- y', 'true', '1e3', '~', \"\\U0001F600\"]}}",
		"team: {logins: [123a, 1e3, no]}", "check-run: ': #'\nissue: '!x'\nstatus: \"%\"\n", "tags: &a [*a]", "<<: {window: 30d}",
		"benchmarks:\n- a{<\x00\xff: b\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		effective, err := config.Check(config.Settings{}, fromFile(text), now)
		if err == nil {
			again, err := config.Check(config.Settings{}, fromFile(effective.Text), now)
			if err != nil {
				t.Fatalf("%q: what is said to be in force is refused: %v\n%s", text, err, effective.Text)
			}
			if diff := cmp.Diff(effective.Config, again.Config, sameKPI, sameCatalogue, sameZone); diff != "" {
				t.Errorf("%q: what is said to be in force gives another configuration:\n%s", text, diff)
			}
			return
		}
		for _, line := range strings.Split(err.Error(), "\n") {
			if i := strings.IndexFunc(line, func(r rune) bool { return !unicode.IsPrint(r) && !unicode.Is(unicode.Zs, r) }); i >= 0 {
				t.Errorf("%q: %q is not safe to show", text, line)
			}
			if !strings.HasPrefix(line, "  | ") && !strings.HasPrefix(line, "did you mean ") && !strings.HasPrefix(line, fileName+": ") {
				t.Errorf("%q: the error has the line %q", text, line)
			}
		}
	})
}

// What is compared by what it says, not by where it is.
var (
	sameZone = cmp.Comparer(func(x, y *time.Location) bool { return x.String() == y.String() })
	sameKPI  = cmp.Comparer(func(x, y *kpi.Definition) bool {
		return (x == nil) == (y == nil) && (x == nil || x.ID == y.ID)
	})
	sameCatalogue = cmp.Comparer(func(x, y *kpi.Catalogue) bool {
		return strings.Join(x.IDs(), " ") == strings.Join(y.IDs(), " ")
	})
)
