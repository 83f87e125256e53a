package publish

import (
	"context"
	"strings"
	"testing"

	"kpi-gate/internal/githubsim"
)

// TestRefusals: whatever GitHub refuses is told with what to change, and nothing else happens.
func TestRefusals(t *testing.T) {
	t.Parallel()
	const permission = "grant the job the permission "
	answer := func(method, path string, status int, message string) githubsim.Options {
		return githubsim.Options{Faults: []githubsim.Fault{{
			Method: method, Path: path, Status: status, Body: message,
			Header: map[string][]string{"Content-Type": {"application/json"}}, Times: -1,
		}}}
	}
	locked := octo()
	locked.Pulls[0].Locked = true
	tests := []struct {
		name  string
		world *githubsim.World
		opts  githubsim.Options
		to    Target
		asked Asked
		// contain is what the reason has.
		contain []string
	}{
		{
			"a fork's token, comment", octo(),
			githubsim.Options{ReadOnly: true},
			onPull(),
			Asked{Comment: true},
			[]string{permission + "pull-requests: write", "from a fork or by Dependabot", "job summary"},
		},
		{
			"a fork's token, check run", octo(),
			githubsim.Options{ReadOnly: true},
			onPull(),
			Asked{CheckRun: "a"},
			[]string{permission + "checks: write", "from a fork"},
		},
		{
			"a fork's token, status", octo(),
			githubsim.Options{ReadOnly: true},
			onPull(),
			Asked{Status: "a"},
			[]string{permission + "statuses: write", "from a fork"},
		},
		{
			"a fork's token, issue", octo(),
			githubsim.Options{ReadOnly: true},
			onSchedule(),
			Asked{Issue: "a"},
			[]string{permission + "issues: write", "from a fork"},
		},
		{
			"no comment may be written", octo(),
			githubsim.Options{Denied: []string{"pull-requests: write"}},
			onPull(),
			Asked{Comment: true},
			[]string{permission + "pull-requests: write"},
		},
		{
			"no comment may be read", octo(),
			githubsim.Options{Denied: []string{"pull-requests"}},
			onPull(),
			Asked{Comment: true},
			[]string{permission + "pull-requests: write"},
		},
		{
			"no issue may be read", octo(),
			githubsim.Options{Denied: []string{"issues"}},
			onSchedule(),
			Asked{Issue: "a"},
			[]string{permission + "issues: write"},
		},
		{
			"nothing is seen", octo(), answer("POST", "/repos/*/*/check-runs", 404, `{"message":"Not Found"}`), onPull(),
			Asked{CheckRun: "a"},
			[]string{"cannot see it", permission + "checks: write"},
		},
		{
			"no such pull request", octo(),
			githubsim.Options{},
			Target{Owner: "octo", Name: "parcels", PullRequest: 99},
			Asked{Comment: true},
			[]string{"does not find"},
		},
		{
			"a personal token", octo(), answer("POST", "/repos/*/*/check-runs", 403,
				`{"message":"You must authenticate via a GitHub App."}`), onPull(),
			Asked{CheckRun: "a"},
			[]string{"the workflow's own token", "checks: write"},
		},
		{
			"a locked conversation", locked, githubsim.Options{}, onPull(), Asked{Comment: true}, []string{"is locked"},
		},
		{
			"a locked conversation, told otherwise", octo(), answer("POST", "/repos/*/*/issues/7/comments", 422,
				`{"message":"Validation Failed","errors":[{"code":"custom","message":"issue is locked"}]}`), onPull(),
			Asked{Comment: true},
			[]string{"is locked"},
		},
		{
			"no issues", octo(),
			githubsim.Options{Off: []string{"issues"}},
			onSchedule(),
			Asked{Issue: "a"},
			[]string{"turn them on in its settings"},
		},
		{
			"too long", octo(), answer("POST", "/repos/*/*/issues/7/comments", 422, `{"message":"Validation Failed",`+
				`"errors":[{"resource":"IssueComment","code":"unprocessable","field":"data",`+
				`"message":"Body is too long (maximum is 65536 characters)"}]}`), onPull(),
			Asked{Comment: true},
			[]string{"too long (", "maximum is 65536"},
		},
		{
			"something else", octo(),
			githubsim.Options{},
			Target{Owner: "octo", Name: "parcels", SHA: "main"},
			Asked{Status: "a"},
			[]string{"GitHub refused it: No commit found for SHA: main"},
		},
		{
			"a field", octo(),
			githubsim.Options{},
			onSchedule(),
			Asked{Issue: " "},
			[]string{"GitHub refused it: Validation Failed: title is missing_field"},
		},
		{
			"a token that is none", octo(), answer("POST", "/graphql", 401, `{"message":"Bad credentials"}`), onPull(),
			Asked{Comment: true},
			[]string{"refused the token (Bad credentials)"},
		},
		{
			"nothing can be read", octo(), answer("POST", "/graphql", 500, `{}`), onPull(),
			Asked{Comment: true},
			[]string{"looking for the comment of an earlier run", "status 500: try again later"},
		},
		{
			"the server fails", octo(), answer("POST", "/repos/*/*/statuses/*", 500, `{}`), onPull(),
			Asked{Status: "a"},
			[]string{"status 500", "may have acted"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, server := simulate(t, tt.world, tt.opts)
			told := Publish(context.Background(), c, tt.to, tt.asked, reportOf("breached"))
			if len(told) != 1 {
				t.Fatalf("told %+v", told)
			}
			wantState(t, told[0], "failed")
			for _, part := range tt.contain {
				if !strings.Contains(*told[0].Reason, part) {
					t.Errorf("reason %q, want one that has %q", *told[0].Reason, part)
				}
			}
			if strings.ContainsAny(*told[0].Reason, "\n\r") || strings.HasSuffix(*told[0].Reason, ".") {
				t.Errorf("reason %q, want a part of one line", *told[0].Reason)
			}
			if n := writes(server); n > 1 {
				t.Errorf("%d requests that write, want at most 1", n)
			}
			if w := server.Written(); len(w.Comments)+len(w.Issues)+len(w.CheckRuns)+len(w.Statuses) > 0 {
				t.Errorf("written %+v", w)
			}
		})
	}
}

// TestNoTimeLeft: who has no time left sends nothing, and says so.
func TestNoTimeLeft(t *testing.T) {
	t.Parallel()
	c, server := simulate(t, octo(), githubsim.Options{})
	ctx, cancel := c.WithDeadline(context.Background(), noon)
	defer cancel()
	for _, got := range Publish(ctx, c, onPull(), Asked{Comment: true, CheckRun: "a", Status: "b"}, reportOf("breached")) {
		wantState(t, got, "failed")
		// The timeout bounds the reading alone.
		if !strings.Contains(*got.Reason, "no time left") || strings.Contains(*got.Reason, "timeout") {
			t.Errorf("reason %q", *got.Reason)
		}
	}
	if n := len(server.Requests()); n != 0 {
		t.Errorf("%d requests, want none", n)
	}
}

// TestInterrupted: what an interruption kept from being told is said in words.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	c, _ := simulate(t, octo(), githubsim.Options{})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, got := range Publish(ctx, c, onPull(), Asked{Comment: true, CheckRun: "a", Status: "b"}, reportOf("breached")) {
		wantState(t, got, "failed")
		if !strings.Contains(*got.Reason, "the run was interrupted") {
			t.Errorf("reason %q", *got.Reason)
		}
	}
}
