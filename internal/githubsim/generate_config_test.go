package githubsim

import "testing"

// The policy of a plan is a file of its world's default branch; without one there is no file.
func TestGenerateConfig(t *testing.T) {
	t.Parallel()
	const selection = `object(expression:"refs/heads/main:.github/kpi-gate.yml"){...on Blob{text}}`
	plan := Plan{Owner: "octo", Name: "parcels", PullRequests: 1}
	want(t, repo(t, serverOf(t, Generate(plan), Options{}), selection), `{"object":null}`)
	plan.Config = "window: 7d\n"
	want(t, repo(t, serverOf(t, Generate(plan), Options{}), selection), `{"object":{"text":"window: 7d\n"}}`)
}
