package publish

import (
	"context"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"kpi-gate/internal/githubsim"
	"kpi-gate/internal/report"
)

// TestCheckRunAndStatus: what the two say of each verdict.
func TestCheckRunAndStatus(t *testing.T) {
	t.Parallel()
	with := func(r *report.Report, change func(*report.Report)) *report.Report {
		change(r)
		return r
	}
	free := func(r *report.Report) { r.Enforced, r.NotEnforced = false, ptr("enforce is false") }
	none := func(onNoData string) func(*report.Report) {
		return func(r *report.Report) { r.Verdict, r.OnNoData = "not-measured", onNoData }
	}
	tests := []struct {
		name              string
		report            *report.Report
		conclusion, state string
	}{
		{"held", reportOf("held"), "success", "success"},
		{"warned", reportOf("warned"), "success", "success"},
		{"breached", reportOf("breached"), "failure", "failure"},
		{"breached, not enforced", with(reportOf("breached"), free), "neutral", "success"},
		{"held, not enforced", with(reportOf("held"), free), "success", "success"},
		{"nothing measured", with(reportOf("not-measured"), none("warn")), "neutral", "success"},
		{"nothing measured, which fails", with(reportOf("not-measured"), none("fail")), "failure", "error"},
		{
			"nothing measured, which would fail", with(with(reportOf("not-measured"), none("fail")), free),
			"neutral", "success",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, server := simulate(t, octo(), githubsim.Options{})
			told := Publish(context.Background(), c, onPull(), Asked{CheckRun: "KPIs", Status: "kpi/gate"}, tt.report)
			if len(told) != 2 || told[0].To != "check-run" || told[1].To != "status" {
				t.Fatalf("told %+v", told)
			}
			wantState(t, told[0], "created")
			wantState(t, told[1], "created")
			written := server.Written()
			run, status := written.CheckRuns[0], written.Statuses[0]
			if run.Name != "KPIs" || run.SHA != sha || run.Conclusion != tt.conclusion ||
				run.DetailsURL != onPull().Page || !strings.HasPrefix(run.Title, "Gate ") ||
				!strings.Contains(run.Summary, run.Title) {
				t.Errorf("check run %+v, want %s", run, tt.conclusion)
			}
			if status.SHA != sha || status.Context != "kpi/gate" || status.State != tt.state ||
				status.TargetURL != onPull().Page || status.Description != run.Title {
				t.Errorf("status %+v, want %s", status, tt.state)
			}
			if told[0].URL == nil || !strings.HasPrefix(*told[0].URL, "https://github.com/octo/parcels/runs/") {
				t.Errorf("URL %v", told[0].URL)
			}
		})
	}
}

// TestWithoutCommit: nothing can be attached to a commit that is not known, and nothing is sent.
func TestWithoutCommit(t *testing.T) {
	t.Parallel()
	c, server := simulate(t, octo(), githubsim.Options{})
	to := onPull()
	to.SHA = ""
	for _, got := range Publish(context.Background(), c, to, Asked{CheckRun: "a", Status: "b"}, reportOf("held")) {
		wantState(t, got, "failed")
	}
	if n := len(server.Requests()); n != 0 {
		t.Errorf("%d requests, want none", n)
	}
}

// TestEveryChannel: each place is told in turn, one that fails keeps none of the others from being told, and nothing is
// told where nothing is asked for.
func TestEveryChannel(t *testing.T) {
	t.Parallel()
	c, _ := simulate(t, octo(), githubsim.Options{Denied: []string{"checks: write"}})
	asked := Asked{Comment: true, CheckRun: "a", Status: "b", Issue: "c"}
	var states []string
	for _, got := range Publish(context.Background(), c, onPull(), asked, reportOf("breached")) {
		states = append(states, got.To+" "+got.State)
	}
	if want := []string{
		"comment created", "check-run failed", "status created", "issue not-needed",
	}; !slices.Equal(states, want) {
		t.Errorf("states %q, want %q", states, want)
	}
	if told := Publish(context.Background(), c, onPull(), Asked{}, reportOf("breached")); told == nil || len(told) != 0 {
		t.Errorf("told %#v, want an empty list", told)
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text string
		want string
	}{
		{"ééé", "ééé"},
		{"éééé", "éé…"},
	} {
		if got := cut(tt.text, 3); got != tt.want || utf8.RuneCountInString(got) > 3 {
			t.Errorf("cut %q to %q, want %q", tt.text, got, tt.want)
		}
	}
}
