package publish

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kpi-gate/internal/github"
	"kpi-gate/internal/githubsim"
	"kpi-gate/internal/report"
)

// noon is the instant of every test.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// sha is the commit of every test.
var sha = strings.Repeat("a1", 20)

func ptr[T any](v T) *T { return &v }

// octo is a world with one open pull request, number 7, and one open issue, number 8.
func octo() *githubsim.World {
	return &githubsim.World{
		Repo:   githubsim.Repo{Owner: "octo", Name: "parcels", DefaultBranch: "main"},
		Pulls:  []githubsim.Pull{{Number: 7, Title: "Sort", State: "OPEN", CreatedAt: noon, BaseRefName: "main"}},
		Issues: []githubsim.Issue{{Number: 8, Title: "How?", State: "OPEN", CreatedAt: noon, Author: ptr("bob")}},
	}
}

// simulate serves a world, to a client with a clock of its own.
func simulate(t *testing.T, w *githubsim.World, opts githubsim.Options) (*github.Client, *githubsim.Server) {
	t.Helper()
	opts.Now = noon
	server, err := githubsim.New(w, opts)
	if err != nil {
		t.Fatal(err)
	}
	host := httptest.NewServer(server)
	t.Cleanup(host.Close)
	virtual := githubsim.NewClock(noon)
	c, err := github.New(github.Options{
		Token: "t", APIURL: host.URL, UserAgent: "kpi-gate-test", Now: virtual.Now, Wait: virtual.Wait,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c, server
}

// onPull is the target of a run about pull request 7.
func onPull() Target {
	return Target{
		Owner: "octo", Name: "parcels", PullRequest: 7, SHA: sha, Gate: "Delivery / gate",
		Page: "https://github.com/octo/parcels/actions/runs/1",
	}
}

// onSchedule is the target of a run about no pull request.
func onSchedule() Target {
	to := onPull()
	to.PullRequest = 0
	return to
}

// reportOf is a report with one benchmark for each outcome, whose verdict follows from them as with on-no-data warn.
func reportOf(outcomes ...string) *report.Report {
	r := &report.Report{
		Schema: 1, Repository: "octo/parcels", RepositoryURL: "https://github.com/octo/parcels", Verdict: "held",
		Window:   report.Window{Since: "2026-02-01T00:00:00Z", Until: "2026-03-01T00:00:00Z"},
		Previous: report.Window{Since: "2026-01-04T00:00:00Z", Until: "2026-02-01T00:00:00Z"},
		OnNoData: "warn", Evidence: "point", Enforced: true,
	}
	rank := map[string]int{"held": 0, "exempt": 0, "warned": 1, "too-few": 1, "not-measured": 1, "breached": 2}
	worst := 0
	for _, outcome := range outcomes {
		b := report.Benchmark{
			Text: "lead-time-for-changes <= 2d", KPI: "lead-time-for-changes", Statistic: "p50", Limit: ptr(172_800.0),
			Value: ptr(86_400.0), N: ptr(12), Outcome: outcome, Operator: "<=", Kind: "duration", Unit: "s",
			Title: "Lead time for changes", Then: "fail",
		}
		if outcome == "breached" {
			b.Value = ptr(259_200.0)
			b.Items = []string{"https://github.com/octo/parcels/pull/3"}
			b.Worst = []report.Item{{
				Kind: "pull-request", Number: ptr(3), URL: "https://github.com/octo/parcels/pull/3", Value: ptr(259_200.0),
				Title: "Slow one",
			}}
		}
		r.Benchmarks = append(r.Benchmarks, b)
		worst = max(worst, rank[outcome])
	}
	r.Verdict = []string{"held", "warned", "breached"}[worst]
	return r
}

// commented publishes a comment, and gives what came of it.
func commented(t *testing.T, c *github.Client, to Target, r *report.Report) report.Published {
	t.Helper()
	return one(t, Publish(context.Background(), c, to, Asked{Comment: true}, r), "comment")
}

// issued publishes an issue, and gives what came of it.
func issued(t *testing.T, c *github.Client, to Target, r *report.Report) report.Published {
	t.Helper()
	return one(t, Publish(context.Background(), c, to, Asked{Issue: "Delivery report"}, r), "issue")
}

// one is the only entry, which is about the given channel.
func one(t *testing.T, told []report.Published, to string) report.Published {
	t.Helper()
	if len(told) != 1 || told[0].To != to {
		t.Fatalf("told %+v, want one entry about a %s", told, to)
	}
	return told[0]
}

// wantState fails unless an entry has a state, and a reason exactly where that has one.
func wantState(t *testing.T, got report.Published, state string) {
	t.Helper()
	hasReason := state == "failed" || state == "not-needed"
	if got.State != state || hasReason != (got.Reason != nil) {
		reason := "none"
		if got.Reason != nil {
			reason = *got.Reason
		}
		t.Fatalf("state %s with the reason %q, want %s", got.State, reason, state)
	}
}

// writes counts the requests that write.
func writes(s *githubsim.Server) int {
	n := 0
	for _, r := range s.Requests() {
		if r.Kind == githubsim.KindREST && r.Method != "GET" {
			n++
		}
	}
	return n
}
