package cli

import (
	"strings"
	"testing"

	"kpi-gate/internal/githubsim"
)

// The demo's repository holds what kpi-gate demo judges by, and other made-up ones hold no policy.
func TestDemoConfig(t *testing.T) {
	t.Parallel()
	text := githubsim.Generate(githubsim.DemoPlan()).Files[".github/kpi-gate.yml"]
	_, list, found := strings.Cut(text, "\nbenchmarks:\n  - ")
	if got := strings.ReplaceAll(strings.TrimSuffix(list, "\n"), "\n  - ", "\n"); !found || got != demoBenchmarks {
		t.Errorf("the benchmarks of the demo's repository are\n%s\nthose of the command\n%s", got, demoBenchmarks)
	}
	if text, found := githubsim.Generate(githubsim.Plan{}).Files[".github/kpi-gate.yml"]; found {
		t.Errorf("a plan without a configuration gave %q", text)
	}
}
