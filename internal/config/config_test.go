package config_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"kpi-gate/internal/config"
	"kpi-gate/internal/gate"
	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
	"kpi-gate/internal/report"
)

var update = flag.Bool("update", false, "write the outputs into action.yml")

var now = time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)

func resolve(t *testing.T, s config.Settings) config.Config {
	t.Helper()
	if s.Repository == "" {
		s.Repository = "o/r"
	}
	c, err := config.Resolve(s, nil, now)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	c := resolve(t, config.Settings{})
	// 30 days back from the start of the run.
	if want := (model.Window{Since: now.AddDate(0, 0, -30), Until: now}); c.Window != want {
		t.Errorf("window is %v, want %v", c.Window, want)
	}
	if c.Policy.Source != "" || c.ReportDir != "kpi-gate-report" || c.Gate.MinSamples != 5 || len(c.Benchmarks) != 0 {
		t.Errorf("defaults are %+v", c)
	}
	if c.Timeout != 10*time.Minute || c.Budget != (config.Budget{}) || c.Cache != "" || c.Gate.OnNoData != gate.NoDataWarns {
		t.Errorf("defaults are %+v", c)
	}
}

func TestUntil(t *testing.T) {
	t.Parallel()
	for until, want := range map[string]time.Time{
		"2026-06-01":                time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC),
		"2026-06-01T10:00:00+02:00": time.Date(2026, 6, 1, 8, 0, 0, 0, time.UTC),
		"2026-06-30T12:00:00Z":      now, // the start of the run itself is not the future
	} {
		if c := resolve(t, config.Settings{Until: until, Window: "2w"}); !c.Window.Until.Equal(want) ||
			c.Window.Length() != 14*24*time.Hour {
			t.Errorf("until %s: window is %v, want it to end at %v", until, c.Window, want)
		}
	}
}

func TestLists(t *testing.T) {
	t.Parallel()
	c := resolve(t, config.Settings{
		Environments: "prod-eu, prod-us\nlive\r\n", Branches: "main,release/*", BugLabels: "kind/bug",
		Deployments: "workflow", DeployWorkflow: "deploy.yml",
	})
	if got := strings.Join(c.Policy.Environments, "|"); got != "prod-eu|prod-us|live" {
		t.Errorf("environments are %s", got)
	}
	if !c.Policy.Branches.Match("release/1.x") || c.Policy.Branches.Match("dev") {
		t.Errorf("branches are %v", c.Policy.Branches)
	}
	if bugs := c.Policy.Classes[kpi.Bug]; !bugs.Labels.Match("Kind/Bug") || bugs.Labels.Match("bug") || !bugs.Types.Match("bug") {
		t.Errorf("bugs are %v: labels are replaced, issue types stay", bugs)
	}
	if c.Policy.Source != model.SourceWorkflow || len(c.Policy.Workflows) != 1 {
		t.Errorf("source is %q with workflows %v", c.Policy.Source, c.Policy.Workflows)
	}
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		settings config.Settings
		want     string
	}{
		"no repository":           {config.Settings{Repository: "-"}, `repository: "-" is not of the form owner/name`},
		"a path as repository":    {config.Settings{Repository: "o/.."}, `is not of the form owner/name`},
		"window of 0":             {config.Settings{Window: "0d"}, `window: "0d"`},
		"window too short":        {config.Settings{Window: "23h"}, "the shortest window is 1d"},
		"window of 10 years":      {config.Settings{Window: "3650d"}, "the longest window is 731d"},
		"window without a unit":   {config.Settings{Window: "30"}, `window: "30" is not a length of time such as 30d`},
		"until in the future":     {config.Settings{Until: "2026-06-30T12:00:01Z"}, "lies in the future (it is 2026-06-30T12:00:00Z)"},
		"until before GitHub":     {config.Settings{Until: "0001-01-02"}, `until: "0001-01-02" lies before 2008-01-01`},
		"until is no time":        {config.Settings{Until: "yesterday"}, `until: "yesterday" is not a time such as`},
		"unknown source":          {config.Settings{Deployments: "relases"}, `deployments: "relases" is not a source; did you mean "releases"?`},
		"workflow without file":   {config.Settings{Deployments: "workflow"}, "deploy-workflow: missing"},
		"glob that is not whole":  {config.Settings{Tags: "v[0-9"}, `tags: "v[0-9" is not a glob`},
		"list of nothing":         {config.Settings{Environments: " , "}, "names nothing"},
		"token with a line break": {config.Settings{Token: "ghs_1\nx"}, "token: it holds a blank, a line break"},
		"timeout of 0":            {config.Settings{Timeout: "0s"}, `timeout: "0s"`},
		"timeout of a day":        {config.Settings{Timeout: "1d"}, "the longest timeout is 6h"},
		"timeout without a unit":  {config.Settings{Timeout: "10"}, `timeout: "10" is not a length of time such as 10m`},
		"unknown policy":          {config.Settings{OnNoData: "fial"}, `on-no-data: "fial" is none of pass, warn, fail; did you mean "fail"?`},
		"misspelt KPI to report":  {config.Settings{KPIs: "ci-durations"}, `kpis: there is no KPI "ci-durations"; did you mean ci-duration?`},
		"misspelt family":         {config.Settings{KPIs: "delivry"}, "did you mean delivery?"},
		"glob without a KPI":      {config.Settings{KPIs: "ci-*, deploys-*"}, `kpis: there is no KPI "deploys-*"`},
		"broken glob of KPIs":     {config.Settings{KPIs: "ci-[a"}, "kpis: \"ci-[a\" is not a glob"},
		"no KPI at all":           {config.Settings{KPIs: ","}, "names nothing"},
		"too few samples":         {config.Settings{MinSamples: "0"}, `min-samples: "0" is not a whole number from 1 to 1000`},
		"samples of a sort":       {config.Settings{MinSamples: "5.0"}, `min-samples: "5.0" is not a whole number`},
		"unknown evidence":        {config.Settings{Evidence: "points"}, `evidence: "points" is none of point, interval; did you mean "point"?`},
		"neither true nor false":  {config.Settings{Enforce: "yes"}, `enforce: "yes" is neither true nor false; did you mean true?`},
		"a comment of a sort":     {config.Settings{Comment: "1"}, `comment: "1" is neither true nor false`},
		"unknown event":           {config.Settings{EnforceOn: "push, merge_groups"}, `enforce-on: "merge_groups" is none of pull_request,`},
		"no event":                {config.Settings{EnforceOn: ","}, `enforce-on: "," names nothing`},
		"nobody exempt":           {config.Settings{Exempt: "{}"}, "exempt: line 1, column 1: there is nothing in it"},
		"two lines for a check":   {config.Settings{CheckRun: "a\nb"}, "check-run: it is to be one line, without control characters, and has U+000A"},
		"a long context":          {config.Settings{Status: strings.Repeat("é", 101)}, "status: it has more than 100 characters"},
		"a hidden title":          {config.Settings{Issue: "a\u202eb"}, "issue: it is to be one line, without control characters, and has U+202E"},
		"a file from elsewhere":   {config.Settings{Config: "../x.yml"}, `config: "../x.yml" is not a path in the repository`},
		"a place that is none":    {config.Settings{ConfigFrom: "head"}, `config-from: "head" is none of base, workspace`},
		"misspelt KPI":            {config.Settings{Benchmarks: []string{"lead-time <= 2d"}}, "benchmarks: line 1, column 1: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.settings.Repository == "" {
				test.settings.Repository = "o/r"
			}
			_, err := config.Resolve(test.settings, nil, now)
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "ghs_1") {
				t.Errorf("error is %v, want it to say %q", err, test.want)
			}
		})
	}
}

// TestInputsKeepTheirLines: an error in the benchmarks names the line of the input.
func TestInputsKeepTheirLines(t *testing.T) {
	t.Parallel()
	s := config.FromInputs(func(name string) string {
		return map[string]string{"INPUT_BENCHMARKS": "\n  ci-duration <= 10m\n  ci-speed <= 10m\n", "INPUT_REPOSITORY": " o/r "}[name]
	})
	_, err := config.Resolve(s, nil, now)
	if s.Repository != "o/r" || err == nil || !strings.Contains(err.Error(), "benchmarks: line 3, column 3") {
		t.Errorf("repository is %q, error %v; want it to name line 3, column 3", s.Repository, err)
	}
}

func TestAllMistakesAreToldAtOnce(t *testing.T) {
	t.Parallel()
	_, err := config.Resolve(config.Settings{Repository: "x", Window: "x", Until: "x", Deployments: "x"}, nil, now)
	for _, setting := range []string{"repository:", "window:", "until:", "deployments:"} {
		if err == nil || !strings.Contains(err.Error(), setting) {
			t.Errorf("error %q says nothing of %s", err, setting)
		}
	}
}

// TestActionFile holds action.yml against the settings: the same names in the same order, and no default for what the
// file can say. An input with a default is always given, and would always override the file.
func TestActionFile(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../../action.yml")
	if err != nil {
		t.Fatal(err)
	}
	var action struct {
		Inputs yaml.MapSlice `yaml:"inputs"`
	}
	if err := yaml.Unmarshal(data, &action); err != nil {
		t.Fatal(err)
	}
	var inputs, settings []string
	given := map[string]string{}
	for _, input := range action.Inputs {
		name := input.Key.(string)
		inputs = append(inputs, name)
		for key, value := range input.Value.(map[string]any) {
			if key == "default" {
				given[name] = value.(string)
			}
		}
	}
	for _, s := range config.All() {
		settings = append(settings, s.Name)
	}
	if strings.Join(inputs, " ") != strings.Join(settings, " ") {
		t.Errorf("action.yml has the inputs %v, the program %v", inputs, settings)
	}
	want := map[string]string{"token": "${{ github.token }}", "report-dir": config.DefaultReportDir}
	if diff := cmp.Diff(want, given); diff != "" {
		t.Errorf("the defaults of action.yml (-want +got):\n%s", diff)
	}
	for _, key := range config.Keys() {
		if _, has := given[key.Setting]; has && key.Setting != "" {
			t.Errorf("the input %s has a default, which would always override %s in the file", key.Setting, key.Path)
		}
	}
}

// TestActionOutputs holds the outputs of action.yml to the KPIs that every repository has; -update writes them.
func TestActionOutputs(t *testing.T) {
	t.Parallel()
	const path, from, to = "../../action.yml", "\noutputs:\n", "\nruns:\n"
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(data), from)
	_, after, closed := strings.Cut(rest, to)
	if !found || !closed {
		t.Fatalf("%s has no outputs before runs", path)
	}
	want := before + from + outputs() + to + after
	if want == string(data) {
		return
	}
	if !*update {
		t.Fatalf("%s has not the program's outputs: go test ./internal/config -update", path)
	}
	if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

// outputs describes the outputs, in the order in which the program sets them.
func outputs() string {
	lines := []string{
		`  verdict:`, `    description: "held, breached, warned or not-measured"`,
		`  breached:`, `    description: "Ids of the KPIs with a breached benchmark, separated by commas."`,
		`  report:`, `    description: "Path of report.json."`,
	}
	for _, d := range kpi.BuiltIn().All() {
		lines = append(lines, "  "+d.ID+":",
			fmt.Sprintf("    description: %q", figure(d)+"; set if it has a benchmark, empty if not measured."))
	}
	return strings.Join(lines, "\n")
}

// figure says what an output holds: the KPI, its statistic and its unit.
func figure(d *kpi.Definition) string {
	words := d.Title
	// The other KPIs of incidents have titles that stand alone.
	_, isClass := kpi.DefaultPolicy().Classes[string(d.Family)]
	if isClass && strings.HasPrefix(d.ID, string(d.Family)+"-") {
		words = report.FamilyTitle(d.Family) + ": " + strings.ToLower(d.Title[:1]) + d.Title[1:]
	}
	if d.Default().Name == "p50" {
		words += ", median" // the other default, the mean, is in the titles
	}
	return words + map[kpi.Unit]string{
		kpi.Seconds: ", seconds", kpi.Lines: ", lines", kpi.Ratio: ", 0 to 1", kpi.PerDay: ", per day", kpi.Items: "",
		kpi.Change: ", 0.1 for a tenth more", kpi.Money: ", in the currency of the input cost",
	}[d.Unit]
}
