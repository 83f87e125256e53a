package cli

import (
	"strings"
	"testing"

	"kpi-gate/internal/config"
)

// TestGatesOfOneJob wants gates of one job that measure different repositories to be told apart: what they say of one
// would be written over what they say of the other, again with every run.
func TestGatesOfOneJob(t *testing.T) {
	t.Parallel()
	variables := map[string]string{"GITHUB_WORKFLOW": "weekly", "GITHUB_JOB": "gate"}
	env := Env{Getenv: func(name string) string { return variables[name] }}
	for measured, want := range map[string]string{
		"octo-org/kettle": "weekly/gate",
		"Octo-Org/Kettle": "weekly/gate",
		"octo-org/teapot": "weekly/gate on octo-org/teapot",
	} {
		owner, name, _ := strings.Cut(measured, "/")
		g := &gateRun{env: env, home: "octo-org/kettle", Config: config.Config{Owner: owner, Name: name}}
		to := g.target()
		if to.Gate != want {
			t.Errorf("the gate on %s is %q, want %q", measured, to.Gate, want)
		}
		if to.Owner != "octo-org" || to.Name != "kettle" {
			t.Errorf("the gate on %s tells it in %s/%s", measured, to.Owner, to.Name)
		}
	}
}
