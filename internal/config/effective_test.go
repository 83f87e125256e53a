package config_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kpi-gate/internal/config"
)

// check is a file with settings over it, as Check sees them.
func check(t *testing.T, s config.Settings, text string) *config.Effective {
	t.Helper()
	effective, err := config.Check(s, fromFile(text), now)
	if err != nil {
		t.Fatalf("%v\nin\n%s", err, text)
	}
	return effective
}

// TestEffectiveIsTheSame: what is said to be in force, as a file without settings, is the same configuration.
func TestEffectiveIsTheSame(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		settings config.Settings
		file     string
	}{
		"defaults":   {},
		"everything": {file: everything},
		"settings over everything": {
			config.Settings{
				Window: "1d", Environments: "*", BugLabels: "b", Classes: "x: { types: [X] }", Exempt: "{ paths: ['*'] }",
				Benchmarks: []string{"x-age{label=\"a, b\"} <= 2d # why", "deployment-frequency >= 3/month"}, KPIs: "ci-*",
				Comment: "false", Enforce: "true", Issue: `a "b" \c: #d`,
			},
			everything,
		},
		"every form of limit": {file: `
benchmarks:
  - ci-duration.p95 <= previous + 10%
  - review-coverage >= previous - 5%
  - lead-time-for-changes at least high (dora-2024)
  - bug-age <= 10d (2026-01-01) to 2d (2026-12-31)
  - { if: bug-backlog > 20, until: 2026-12-31 }
  - 'pull-request-cycle-time{label="type: x"}.p90 <= 1.5d'
`},
		"a KPI that needs jobs": {file: "kpis: [ci-queue-time]"},
		"a family with such":    {file: "kpis: [ci]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first := check(t, test.settings, test.file)
			second := check(t, config.Settings{}, first.Text)
			if diff := cmp.Diff(first.Config, second.Config, sameKPI, sameCatalogue, sameZone); diff != "" {
				t.Errorf("(-first +second):\n%s\n%s", diff, first.Text)
			}
		})
	}
}

// Any texts survive being said to be in force.
func TestEffectiveOfAnyTexts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[a-z*"'#:,{}\[\]&!|>%@ é😀~-]{1,12}`).Filter(func(s string) bool {
			return strings.TrimSpace(s) != ""
		})
		s := config.Settings{
			CheckRun: word.Draw(t, "check run"), Status: word.Draw(t, "status"), Issue: word.Draw(t, "issue"),
			Window: fmt.Sprintf("%dh", rapid.IntRange(24, 731*24).Draw(t, "window")),
		}
		first, err := config.Check(s, nil, now)
		if err != nil {
			t.Fatal(err)
		}
		second, err := config.Check(config.Settings{}, fromFile(first.Text), now)
		if err != nil {
			t.Fatalf("%v\n%s", err, first.Text)
		}
		if diff := cmp.Diff(first.Config, second.Config, sameKPI, sameCatalogue, sameZone); diff != "" {
			t.Errorf("(-first +second):\n%s", diff)
		}
	})
}

// TestOrigins: behind each value stands where it comes from.
func TestOrigins(t *testing.T) {
	t.Parallel()
	text := check(t, config.Settings{
		Tags: "r*", BugLabels: "b", Classes: "x: { labels: [x] }", CI: "jobs: true", MinSamples: "5",
	}, "window: 30d\nproduction: { branches: [main] }\nclasses: { incident: { labels: [i] } }\nci: { exclude-workflows: [a] }").Text
	for _, line := range []string{
		"\nwindow: 30d  # file\n", // said, though it is the default
		"\n  environments: [production, prod, prod-*, \"*-production\", live]  # default\n",
		"\n  branches: [main]  # file\n",
		"\n  tags: [r*]  # setting\n",
		"\n  bug: { labels: [b], types: [Bug] }  # setting\n",
		"\n  incident: { labels: [i] }  # file\n",
		"\n  x: { labels: [x] }  # setting\n",
		"\n  security: { labels: [security, vulnerability, \"*: security\"] }  # default\n",
		"\nci: { jobs: true }  # setting\n",
		"\nmin-samples: 5  # setting\n",
		"Not set: none.\n# check-run:\n",
	} {
		if !strings.Contains(text, line) {
			t.Errorf("there is no line %q in\n%s", line, text)
		}
	}
	if text := check(t, config.Settings{}, "kpis: [ci-queue-time]").Text; !strings.Contains(text,
		"\nci: { jobs: true }  # default; jobs are read because a KPI that needs them is named\n") {
		t.Errorf("the jobs that are read come from nowhere:\n%s", text)
	}
}

// TestLimitsInForce: what each benchmark does on the day, 2026-06-30.
func TestLimitsInForce(t *testing.T) {
	t.Parallel()
	for benchmark, want := range map[string]string{
		"bug-age <= 2d":                           "Today <= 2d; a breach fails.",
		"{ hold: bug-age <= 2d, then: warn }":     "Today <= 2d; a breach warns.",
		"{ if: bug-age > 2d, until: 2026-06-30 }": "Today <= 2d; a breach fails.",
		"{ if: bug-age > 2d, until: 2026-06-29 }": "No longer in force: its last day was 2026-06-29.",
		"{ if: bug-age > 2d, from: 2026-07-01 }":  "Not in force before 2026-07-01; then a breach fails.",
		// 29 of 30 days of the way from 10 d to 4 d: 10 − 6 · 29/30 = 4.2 d = 4 d 4 h 48 min.
		// 1/30 + 29/30 · (1/7 − 1/30) = 0.1392 a day: not one a week, and 4.18 in 30 days.
		"deployment-frequency >= 1/month (2026-06-01) to 1/week (2026-07-01)": "Today >= 4.18/month, on the way to 1/week on" +
			" 2026-07-01; a breach fails.",
		"bug-age <= 10d (2026-06-01) to 4d (2026-07-01)": "Today <= 4d4h48m, on the way to 4d on 2026-07-01; a breach fails.",
		// 1 of 3 days of the way from 50 % to 60 %: 53.333… %.
		"review-coverage >= 50% (2026-06-29) to 60% (2026-07-02)": "Today >= 53.3%, on the way to 60% on 2026-07-02; a breach" +
			" fails.",
		"bug-age <= 10d (2026-01-01) to 4d (2026-06-30)": "Today <= 4d; a breach fails.",
		"ci-duration.p95 <= previous + 10%":              "Today <= previous + 10%; a breach fails.",
	} {
		text := check(t, config.Settings{}, "benchmarks:\n  - "+benchmark+"\n").Text
		text = strings.Join(strings.Fields(strings.ReplaceAll(text, "# ", "")), " ")
		if !strings.Contains(text, want) {
			t.Errorf("%s: nothing says %q in\n%s", benchmark, want, text)
		}
	}
}

func TestWarnings(t *testing.T) {
	t.Parallel()
	const fine = "benchmarks: [bug-age <= 2d]\n"
	for file, want := range map[string]string{
		fine:          "",
		"window: 30d": "There is no benchmark: nothing can be breached.",
		"benchmarks: [{ hold: bug-age <= 2d, until: 2026-06-29 }]": "The benchmark bug-age.p50 <= 2d ended on 2026-06-29," +
			" its last day",
		"benchmarks: [{ hold: bug-age <= 2d, until: 2026-06-30 }]":      "",
		"benchmarks: [bug-age <= 5d (2026-01-01) to 2d (2026-06-30)]":   "The ramp of the benchmark bug-age.p50 <= 5d (2026-01-01) to 2d (2026-06-30) ended",
		"benchmarks: [bug-age <= 5d (2026-01-01) to 2d (2026-07-01)]":   "",
		fine + "enforce: false\n":                                       "breaches are reported, and no run fails",
		fine + "enforce: false\nenforce-on: push\n":                     "enforce-on changes nothing",
		fine + "exempt: { branches: [fix/*] }\n":                        "exempt.branches lets everyone pass",
		fine + "exempt: { labels: [hotfix], paths: [docs/*] }\n":        "",
		fine + "exempt: { paths: ['*'] }\n":                             `exempt.paths has "*", which exempts nearly every`,
		fine + "on-no-data: pass\n":                                     "nobody is told",
		fine + "deployments: { source: tags, workflow: deploy.yml }\n":  "deployments.workflow changes nothing",
		fine + "deployments: { source: auto, workflow: deploy.yml }\n":  "",
		fine + "deployments: { source: releases, tags: [v*, rel-*] }\n": "deployments.tags changes nothing",
	} {
		got := check(t, config.Settings{}, file).Warnings
		if want == "" && len(got) > 0 || !strings.Contains(strings.Join(got, "\n"), want) {
			t.Errorf("%q: warnings are %q, want %q", file, got, want)
		}
	}
}

// The day is that of the window's end.
func TestLimitsOfAPastDay(t *testing.T) {
	t.Parallel()
	until := now.AddDate(0, 0, -29).Format(time.DateOnly) // 2026-06-01
	text := check(t, config.Settings{Until: until}, "benchmarks:\n  - bug-age <= 10d (2026-06-01) to 4d (2026-07-01)\n").Text
	if !strings.Contains(text, "in force on 2026-06-01.") || !strings.Contains(text, "Today <= 10d, on the way to 4d") {
		t.Errorf("on %s:\n%s", until, text)
	}
}
