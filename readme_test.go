package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"kpi-gate/internal/cli"
	"kpi-gate/internal/config"
	"kpi-gate/internal/github"
	"kpi-gate/internal/kpi"
)

// TestReadme holds what the README shows of the demo, and its tables of KPIs and inputs, to the program's own; -update
// writes them.
func TestReadme(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	want := section(t, string(data), "demo", demoExcerpt(t))
	want = section(t, want, "kpis", kpiTable())
	want = section(t, want, "inputs", inputTable())
	if want == string(data) {
		return
	}
	if !*update {
		t.Fatal("README.md is stale: go test . -run TestReadme -update")
	}
	if err := os.WriteFile("README.md", []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestReadmeExamples holds what the README says to write into a workflow to what the action takes.
func TestReadmeExamples(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	workflows := 0
	for i, block := range strings.Split(string(data), "```") {
		var inputs map[string]string
		source, isYAML := strings.CutPrefix(block, "yaml\n")
		switch {
		case i%2 == 0:
			continue // between the blocks
		case strings.HasPrefix(source, "# yaml-language-server:"):
			continue // a configuration file, which is no workflow
		case isYAML:
			if _, ours, used := strings.Cut(source, "OWNER/kpi-gate@"); used {
				source = ours
			}
			_, source, _ = strings.Cut(source, "with:")
			source, _, _ = strings.Cut(source, "      - if:") // the next step
			if err := yaml.Unmarshal([]byte(source), &inputs); err != nil {
				t.Errorf("%v:\n%s", err, block)
			}
			workflows++
		case strings.Contains(block, " <= "):
			inputs = map[string]string{"benchmarks": block}
		default:
			continue
		}
		settings := config.FromInputs(func(name string) string {
			return inputs[strings.ToLower(strings.TrimPrefix(name, "INPUT_"))]
		})
		settings.Repository = "octo-org/parcel-tracker"
		resolved, err := config.Resolve(settings, nil, time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC))
		if err != nil || len(resolved.Benchmarks) == 0 {
			t.Errorf("%d benchmarks, %v:\n%s", len(resolved.Benchmarks), err, block)
		}
	}
	if workflows != 4 {
		t.Errorf("%d workflows, want 4", workflows)
	}
}

// TestReadmeNumbers holds what the README says of the load on GitHub to the client's own number.
func TestReadmeNumbers(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("At most %d requests are under way", github.MaxInFlight); !strings.Contains(string(data), want) {
		t.Errorf("README.md does not say %q", want)
	}
}

// section puts text between the marks of a name.
func section(t *testing.T, in, name, text string) string {
	t.Helper()
	open, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->\n"
	before, rest, found := strings.Cut(in, open)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("README.md has no marks for %s", name)
	}
	return before + open + text + end + after
}

// demoExcerpt is the beginning of what the demo prints, and of its one breach.
func demoExcerpt(t *testing.T) string {
	t.Helper()
	const heading, lines = "WHAT IS WRONG, AND WHAT TO DO\n", 5
	var out strings.Builder
	code := cli.Main(t.Context(), cli.Env{
		Args: []string{"demo", "--report-dir", t.TempDir()}, Getenv: func(string) string { return "" },
		Stdout: &out, Stderr: io.Discard, Now: time.Now,
	})
	headline, rest, _ := strings.Cut(out.String(), "\n")
	_, breach, found := strings.Cut(rest, heading)
	shown := strings.SplitAfterN(breach, "\n", lines+1)
	if code != cli.ExitBreached || !found || len(shown) <= lines {
		t.Fatalf("the demo ended with exit code %d, and printed:\n%s", code, out.String())
	}
	return "```\n" + headline + "\n\n" + heading + strings.Join(shown[:lines], "") + "```\n"
}

// kpiTable lists the KPIs; those that every issue class has stand there once, for bugs.
func kpiTable() string {
	var b strings.Builder
	b.WriteString("| KPI | kind | what it is |\n|---|---|---|\n")
	for _, d := range kpi.BuiltIn().All() {
		measure, ofClass := strings.CutPrefix(d.ID, string(d.Family)+"-")
		if d.Family != kpi.Family(kpi.Bug) && ofClass && kpi.BuiltIn().Find(kpi.Bug+"-"+measure) != nil {
			continue
		}
		definition, _, _ := strings.Cut(d.Doc, "\n")
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", d.ID, d.Kind(), definition)
	}
	return b.String()
}

func inputTable() string {
	var b strings.Builder
	b.WriteString("| input | what it is |\n|---|---|\n")
	for _, s := range config.All() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", s.Name, strings.ReplaceAll(s.Help, "*", `\*`))
	}
	return b.String()
}
