package publish

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"kpi-gate/internal/githubsim"
)

// TestIssueOverManyRuns follows the issue of a scheduled report.
func TestIssueOverManyRuns(t *testing.T) {
	t.Parallel()
	c, server := simulate(t, octo(), githubsim.Options{})
	for _, step := range []struct {
		outcome, state string
		writes         int
	}{
		{"held", "not-needed", 0},
		{"breached", "created", 1},
		{"breached", "unchanged", 1},
		{"warned", "updated", 2},
		{"held", "updated", 3},
	} {
		got := issued(t, c, onSchedule(), reportOf(step.outcome))
		wantState(t, got, step.state)
		if n := writes(server); n != step.writes {
			t.Fatalf("%s: %d writes so far, want %d", step.outcome, n, step.writes)
		}
		if got.URL != nil && *got.URL != "https://github.com/octo/parcels/issues/9" {
			t.Errorf("URL %s", *got.URL)
		}
	}
	issues := server.Written().Issues
	if len(issues) != 1 || issues[0].Number != 9 || issues[0].Title != "Delivery report" || issues[0].State != "open" ||
		len(issues[0].Labels) != 1 || issues[0].Labels[0] != Label || !strings.Contains(issues[0].Body, "Gate green") {
		t.Errorf("issues %+v", issues)
	}
	wantState(t, issued(t, c, onPull(), reportOf("breached")), "not-needed")
}

// issueBody is the text of the issue of a breach.
func issueBody(t *testing.T) string {
	t.Helper()
	c, server := simulate(t, octo(), githubsim.Options{})
	wantState(t, issued(t, c, onSchedule(), reportOf("breached")), "created")
	return server.Written().Issues[0].Body
}

// TestIssueIsFound: among all open issues where its label is gone and its title is another; not where it is closed, or
// somebody else's, or another gate's.
func TestIssueIsFound(t *testing.T) {
	t.Parallel()
	body, bot := issueBody(t), ptr("github-actions[bot]")
	ours := githubsim.Issue{
		Number: 20, Title: "Renamed", State: "OPEN", Author: bot, AuthorType: "Bot", Body: body, CreatedAt: noon,
	}
	labelled, closed, copied, other := ours, ours, ours, ours
	labelled.Labels = []string{"KPI-Gate"}
	closed.State, closed.ClosedAt = "CLOSED", ptr(noon.Add(time.Hour))
	copied.Author, copied.AuthorType = ptr("mallory"), ""
	other.Body = strings.Replace(body, "gate="+digest("Delivery / gate"), "gate="+digest("Other / gate"), 1)
	if other.Body == body {
		t.Fatal("the body has no marker")
	}
	for _, tt := range []struct {
		name, state string
		issue       githubsim.Issue
		requests    int
	}{
		{"with its label", "unchanged", labelled, 1},
		{"without its label", "unchanged", ours, 2},
		{"closed", "created", closed, 3},
		{"copied", "created", copied, 3},
		{"another gate's", "created", other, 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := octo()
			w.Issues = append(w.Issues, tt.issue)
			c, server := simulate(t, w, githubsim.Options{})
			wantState(t, issued(t, c, onSchedule(), reportOf("breached")), tt.state)
			if n := len(server.Requests()); n != tt.requests {
				t.Errorf("%d requests, want %d", n, tt.requests)
			}
		})
	}
}

// TestIssueKeepsItsTitle: whoever works with an issue may name it as they like.
func TestIssueKeepsItsTitle(t *testing.T) {
	t.Parallel()
	w := octo()
	w.Issues = append(w.Issues, githubsim.Issue{
		Number: 20, Title: "Renamed", State: "OPEN", Author: ptr("github-actions[bot]"), AuthorType: "Bot",
		Body: issueBody(t), CreatedAt: noon,
	})
	c, server := simulate(t, w, githubsim.Options{})
	wantState(t, issued(t, c, onSchedule(), reportOf("warned")), "updated")
	if issues := server.Written().Issues; len(issues) != 1 || issues[0].Title != "Renamed" ||
		!strings.Contains(issues[0].Body, "Gate yellow") {
		t.Errorf("issues %+v", issues)
	}
}

// TestSecondIssue: of two that were opened at the same time the first is kept and the other closed.
func TestSecondIssue(t *testing.T) {
	t.Parallel()
	w, body := octo(), issueBody(t)
	for i := range 2 {
		w.Issues = append(w.Issues, githubsim.Issue{
			Number: 20 + i, Title: "Delivery report", State: "OPEN", Author: ptr("github-actions[bot]"), AuthorType: "Bot",
			Body: body, CreatedAt: noon, Labels: []string{Label},
		})
	}
	c, server := simulate(t, w, githubsim.Options{})
	wantState(t, issued(t, c, onSchedule(), reportOf("breached")), "unchanged")
	if issues := server.Written().Issues; len(issues) != 1 || issues[0].Number != 21 || issues[0].State != "closed" {
		t.Errorf("issues %+v, want number 21 closed", issues)
	}
}

// TestManyIssues: without a label, the newest 300 are looked through, and the label finds it among any number.
func TestManyIssues(t *testing.T) {
	t.Parallel()
	w := octo()
	for i := range 400 {
		w.Issues = append(w.Issues, githubsim.Issue{
			Number: 100 + i, Title: fmt.Sprint(i), State: "OPEN", Author: ptr("bob"),
			CreatedAt: noon.Add(time.Duration(i) * time.Minute),
		})
	}
	c, server := simulate(t, w, githubsim.Options{})
	wantState(t, issued(t, c, onSchedule(), reportOf("breached")), "created")
	// One page of those with the label, three of all, and the new one.
	if n := len(server.Requests()); n != 5 {
		t.Errorf("%d requests, want 5", n)
	}
	wantState(t, issued(t, c, onSchedule(), reportOf("breached")), "unchanged")
	if n := len(server.Requests()); n != 6 {
		t.Errorf("%d requests, want 6", n)
	}
}
