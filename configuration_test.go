package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"kpi-gate/internal/config"
)

// configurationDay is a day on which the examples are looked at.
var configurationDay = time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)

const schemaPath = "docs/kpi-gate.schema.json"

// TestSchemaFile holds the schema that editors read to the program's own; -update writes it.
func TestSchemaFile(t *testing.T) {
	t.Parallel()
	want, err := config.Schema()
	if err != nil {
		t.Fatal(err)
	}
	holdFile(t, schemaPath, string(want))
}

// TestConfigurationReference holds the table of keys in docs/configuration.md to the program's own; -update writes it.
func TestConfigurationReference(t *testing.T) {
	t.Parallel()
	const path = "docs/configuration.md"
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	holdFile(t, path, section(t, string(data), "keys", keyTable()))
}

// holdFile sees that a file holds a text, or writes it with -update.
func holdFile(t *testing.T, path, want string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(data) != want {
		t.Errorf("%s is stale: go test . -run %s -update", path, t.Name())
	}
}

// keyTable lists the keys of the configuration file.
func keyTable() string {
	var b strings.Builder
	b.WriteString("| key | what it is | without it | input |\n|---|---|---|---|\n")
	for _, k := range config.Keys() {
		without, input := k.Default, ""
		switch {
		case k.Path == "classes":
			without = "the built-in classes with their labels"
		case !k.IsUnset && without != "":
			without = "`" + without + "`"
		}
		if k.Setting != "" {
			input = "`" + k.Setting + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", k.Path, strings.ReplaceAll(k.About, "*", `\*`), without, input)
	}
	return b.String()
}

// publishedSchema compiles the schema that is published, from the file and without a network.
func publishedSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile(schemaPath)
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	if err := compiler.AddResource(config.SchemaURL, document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile(config.SchemaURL)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// refusal is what the schema has against a file; nil for nothing.
func refusal(t *testing.T, schema *jsonschema.Schema, file string) error {
	t.Helper()
	text, err := yaml.YAMLToJSON([]byte(file))
	if err != nil {
		t.Fatalf("%v in\n%s", err, file)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return schema.Validate(value)
}

// TestConfigurationExamples: every example of a configuration file that the documentation shows is valid, for the
// program and for editors, and what the program says of it is too.
func TestConfigurationExamples(t *testing.T) {
	t.Parallel()
	schema := publishedSchema(t)
	for path, want := range map[string]int{"README.md": 1, "docs/configuration.md": 1} {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		examples := 0
		for _, block := range strings.Split(string(data), "```yaml\n")[1:] {
			file, _, _ := strings.Cut(block, "```")
			if !strings.HasPrefix(file, "# yaml-language-server: $schema="+config.SchemaURL+"\n") {
				continue
			}
			examples++
			checkBoth(t, schema, path, file)
		}
		if examples != want {
			t.Errorf("%s has %d examples of a configuration file, want %d", path, examples, want)
		}
	}
	checkBoth(t, schema, "the design's example", designExample)
	checkBoth(t, schema, "a file that says one thing", "window: 12w\n")
}

// checkBoth sees that a file is valid for the program and for the schema, and so is what the program says is in force.
func checkBoth(t *testing.T, schema *jsonschema.Schema, name, file string) {
	t.Helper()
	effective, err := config.Check(config.Settings{}, &config.File{Name: name, Text: file}, configurationDay)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	if len(effective.Config.Benchmarks) == 0 && strings.Contains(file, "benchmarks:") {
		t.Errorf("%s has no benchmarks", name)
	}
	for what, text := range map[string]string{name: file, "what is in force by " + name: effective.Text} {
		if err := refusal(t, schema, text); err != nil {
			t.Errorf("%s: the schema refuses it: %v", what, err)
		}
	}
}

// designExample has every key in the short form.
const designExample = `
window: 30d
production: { environments: [production, prod-*], branches: [main] }
deployments: { source: auto, workflow: deploy.yml, tags: "v*" }
classes:
  bug:      { labels: [bug, "type: bug"], types: [Bug] }
  incident: { labels: [incident, sev1] }
  escalation: { labels: [customer-escalation] }        # the user's own class: escalation-time-to-resolve …
failure-signals: [rollback, revert, hotfix, incident]
hotfix: { labels: [hotfix], branches: [hotfix/*] }
incident-attribution: 7d
pull-requests: { start: authored, bots: false }   # authored, committed, opened
ci: { exclude-workflows: [deploy.yml], jobs: false }
cost: { downtime-per-hour: 5000, currency: EUR }
team: { logins: [octocat], bots: [release-robot] }
business-time: { zone: Europe/Berlin, days: mon-fri, hours: 09:00-17:00, holidays: [2026-12-25], kpis: [pickup-time] }
min-samples: 5
on-no-data: warn
exempt: { labels: [hotfix], branches: [revert-*], fixing-breached-class: true }
benchmarks:
  - lead-time-for-changes.p50 <= 2d
  - bug-time-to-resolve.within(7d) >= 85%
  - bug-time-to-acknowledge{label=sev1}.p90 <= 4h
  - ci-duration.p95 <= previous + 10%
  - { if: change-failure-rate > 15%, then: warn, because: "error budget", owner: "@org/platform" }
`

// TestSchemaRefuses: what the program refuses an editor marks too, where a schema can tell.
func TestSchemaRefuses(t *testing.T) {
	t.Parallel()
	schema := publishedSchema(t)
	for _, file := range []string{
		"windows: 30d", "window: 30", "window: a month", "token: ghs_1", "repository: o/r", "environments: [live]",
		"production: [live]", "production: { environments: live }", "production: { environments: [] }",
		"production: { environments: [1] }", "production: { enviroments: [live] }",
		"deployments: { source: release }", "deployments: { workflow: [] }", "deployments: { tags: [1] }",
		"classes: { Bug: { labels: [bug] } }", "classes: { bug: {} }", "classes: { bug: { label: [bug] } }",
		"classes: { own: { labels: bug } }", "classes: { own: {} }",
		"failure-signals: [rollbacks]", "failure-signals: rollback", "hotfix: { label: [x] }", "incident-attribution: 7",
		"pull-requests: { start: author }", "pull-requests: { bots: 'yes' }", "ci: { jobs: 1 }", "ci: { job: true }",
		"cost: { downtime-per-hour: 0, currency: EUR }", "cost: { downtime-per-hour: 5, currency: eur }",
		"cost: { downtime-per-hour: 5 }", "team: { logins: ['@octocat'] }", "team: { login: [octocat] }",
		"business-time: { kpis: [pickup-time] }", "business-time: { zone: UTC, kpis: [pickup-time], days: monday }",
		"business-time: { zone: UTC, kpis: [pickup-time], hours: 9-17 }",
		"business-time: { zone: UTC, kpis: [pickup-time], holidays: [25.12.2026] }",
		"min-samples: 0", "min-samples: 1001", "min-samples: 2.5", "min-samples: '5'", "on-no-data: ignore",
		"evidence: intervals", "kpis: delivery", "kpis: []", "timeout: 10", "budget: 0", "budget: 1000001", "budget: {}",
		"budget: { request: 3 }", "exempt: {}", "exempt: { label: [x] }", "exempt: { fixing-breached-class: [bug] }",
		"enforce: 1", "enforce-on: [pull-request]", "enforce-on: []", "comment: 'true'", "check-run: ''",
		"status: " + strings.Repeat("x", 101), "issue: 5", "benchmarks: bug-age <= 2d", "benchmarks: []", "benchmarks: [5]",
		"benchmarks: [bug-age]", "benchmarks: [{ then: warn }]", "benchmarks: [{ hold: bug-age <= 2d, if: bug-age > 2d }]",
		"benchmarks: [{ hold: bug-age <= 2d, then: stop }]", "benchmarks: [{ hold: bug-age <= 2d, until: soon }]",
		"benchmarks: [{ hold: bug-age <= 2d, min-samples: 0 }]", "benchmarks: [{ hold: bug-age <= 2d, until-date: 2026-01-01 }]",
		"benchmarks: [{ hold: bug-age <= 2d, owner: '' }]", "[window]", "window",
	} {
		if _, err := config.Check(config.Settings{}, &config.File{Name: "file", Text: file}, configurationDay); err == nil {
			t.Errorf("the program takes %q", file)
		}
		if refusal(t, schema, file) == nil {
			t.Errorf("the schema takes %q", file)
		}
	}
}

// TestSchemaDescribesEveryKey: an editor has something to show for each key.
func TestSchemaDescribesEveryKey(t *testing.T) {
	t.Parallel()
	schema := publishedSchema(t)
	var check func(path string, s *jsonschema.Schema) int
	check = func(path string, s *jsonschema.Schema) int {
		count := 0
		for name, of := range s.Properties {
			at := path + "." + name
			if of.Description == "" && !strings.HasPrefix(path, ".classes") {
				t.Errorf("%s is not described", at)
			}
			count += 1 + check(at, of)
		}
		for _, part := range append(s.AnyOf, s.Items2020) {
			if part != nil {
				count += check(path, part)
			}
		}
		return count
	}
	if count := check("", schema); count < len(config.Keys()) {
		t.Errorf("the schema has %d keys, the file %d", count, len(config.Keys()))
	}
}
