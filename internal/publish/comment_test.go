package publish

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"kpi-gate/internal/githubsim"
	"kpi-gate/internal/report"
)

// TestCommentOverManyRuns follows one comment through the runs of a pull request: each step is one run.
func TestCommentOverManyRuns(t *testing.T) {
	t.Parallel()
	c, server := simulate(t, octo(), githubsim.Options{})
	later := reportOf("breached")
	later.Window = report.Window{Since: "2026-02-02T00:00:00Z", Until: "2026-03-02T00:00:00Z"}
	later.Benchmarks[0].Value = ptr(259_300.0) // 3 days and 100 seconds: 2.6e5 to two digits, as before
	moved := reportOf("breached")
	moved.Benchmarks[0].Value = ptr(345_600.0)
	steps := []struct {
		name   string
		report *report.Report
		state  string
		// writes is how many requests that write there were up to then, contains what the comment has.
		writes   int
		contains string
	}{
		{"green from the beginning", reportOf("held", "held"), "not-needed", 0, ""},
		{"red", reportOf("breached"), "created", 1, "Gate red"},
		{"the same again", reportOf("breached"), "unchanged", 1, "Gate red"},
		{"a day later", later, "unchanged", 1, "Gate red"},
		{"a figure that moved", moved, "updated", 2, "4 d"},
		{"warned", reportOf("warned"), "updated", 3, "Gate yellow"},
		{"green again", reportOf("held"), "updated", 4, "Gate green"},
		{"still green", reportOf("held"), "unchanged", 4, "Gate green"},
	}
	for _, step := range steps {
		got := commented(t, c, onPull(), step.report)
		wantState(t, got, step.state)
		if n := writes(server); n != step.writes {
			t.Fatalf("%s: %d writes so far, want %d", step.name, n, step.writes)
		}
		comments := server.Written().Comments
		if step.contains == "" {
			if len(comments) != 0 || got.URL != nil {
				t.Fatalf("%s: %d comments and URL %v, want none", step.name, len(comments), got.URL)
			}
			continue
		}
		if len(comments) != 1 || comments[0].Number != 7 || !strings.Contains(comments[0].Body, step.contains) {
			t.Fatalf("%s: comments %+v, want one that has %q", step.name, comments, step.contains)
		}
		want := fmt.Sprintf("https://github.com/octo/parcels/pull/7#issuecomment-%d", comments[0].ID)
		if got.URL == nil || *got.URL != want {
			t.Fatalf("%s: URL %v, want %s", step.name, got.URL, want)
		}
	}
}

// TestCommentIsWorthIt: a comment begins with whatever an author has to know, and with nothing else.
func TestCommentIsWorthIt(t *testing.T) {
	t.Parallel()
	for outcome, state := range map[string]string{
		"held": "not-needed", "breached": "created", "warned": "created", "exempt": "created", "too-few": "created",
		"not-measured": "created",
	} {
		t.Run(outcome, func(t *testing.T) {
			t.Parallel()
			c, _ := simulate(t, octo(), githubsim.Options{})
			wantState(t, commented(t, c, onPull(), reportOf("held", outcome)), state)
		})
	}
	t.Run("no benchmark", func(t *testing.T) {
		t.Parallel()
		c, _ := simulate(t, octo(), githubsim.Options{})
		wantState(t, commented(t, c, onPull(), reportOf()), "not-needed")
	})
	t.Run("no pull request", func(t *testing.T) {
		t.Parallel()
		c, server := simulate(t, octo(), githubsim.Options{})
		wantState(t, commented(t, c, onSchedule(), reportOf("breached")), "not-needed")
		if n := len(server.Requests()); n != 0 {
			t.Errorf("%d requests, want none", n)
		}
	})
}

// TestTwoGates: each gate of a repository has a comment of its own, whatever its name would do to a marker.
func TestTwoGates(t *testing.T) {
	t.Parallel()
	c, server := simulate(t, octo(), githubsim.Options{})
	gates := []string{"", "CI / gate", "ci / gate", "--> @all <!-- kpi-gate: gate=", "a\nb", "a\r\nb"}
	for range 2 {
		for i, gate := range gates {
			to := onPull()
			to.Gate = gate
			outcome := []string{"breached", "warned"}[i%2]
			commented(t, c, to, reportOf(outcome))
		}
	}
	comments := server.Written().Comments
	if len(comments) != len(gates) || writes(server) != len(gates) {
		t.Fatalf("%d comments after %d writes, want %d of each", len(comments), writes(server), len(gates))
	}
	for _, comment := range comments {
		first, below, _ := strings.Cut(comment.Body, "\n")
		if !strings.HasSuffix(first, " -->") || strings.Contains(below, "-->") || strings.Contains(below, "<!--") ||
			strings.Contains(comment.Body, "@all") {
			t.Errorf("the name of the gate acts: %.400s", comment.Body)
		}
	}
}

// TestForgedMarker: who copies the marker is neither edited nor taken for the gate, and so is a person whose login is
// that of the bot but for its ending; neither is a comment of the same account that only quotes the marker.
func TestForgedMarker(t *testing.T) {
	t.Parallel()
	first, server := simulate(t, octo(), githubsim.Options{})
	commented(t, first, onPull(), reportOf("breached"))
	copied := server.Written().Comments[0].Body

	w := octo()
	w.Pulls[0].Comments = []githubsim.Comment{
		{Author: ptr("mallory"), Body: copied, CreatedAt: noon},
		{Author: ptr("github-actions"), AuthorType: "User", Body: copied, CreatedAt: noon.Add(time.Minute)},
		{Author: ptr("github-actions"), AuthorType: "Bot", Body: "> " + copied, CreatedAt: noon.Add(time.Minute)},
		{Author: nil, Body: copied, CreatedAt: noon.Add(time.Minute)},
	}
	c, server := simulate(t, w, githubsim.Options{})
	wantState(t, commented(t, c, onPull(), reportOf("held")), "not-needed")
	wantState(t, commented(t, c, onPull(), reportOf("breached")), "created")
	wantState(t, commented(t, c, onPull(), reportOf("warned")), "updated")
	if comments := server.Written().Comments; len(comments) != 1 || comments[0].Edits != 1 {
		t.Errorf("written %+v, want one comment of its own, edited once", comments)
	}
}

// TestRacingRuns: of two comments that two runs made at the same time, the first is kept up to date and the other goes,
// unless somebody has written into that.
func TestRacingRuns(t *testing.T) {
	t.Parallel()
	for _, added := range []string{"", "\n\nThis was because of the migration."} {
		t.Run(fmt.Sprintf("added %q", added), func(t *testing.T) {
			t.Parallel()
			one, server := simulate(t, octo(), githubsim.Options{})
			commented(t, one, onPull(), reportOf("breached"))
			body := server.Written().Comments[0].Body

			w := octo()
			for i, text := range []string{body, body + added} {
				w.Pulls[0].Comments = append(w.Pulls[0].Comments, githubsim.Comment{
					Author: ptr("github-actions[bot]"), AuthorType: "Bot", ID: int64(50 + i), CreatedAt: noon,
					// Whatever the web form makes of the ends of lines.
					Body: strings.ReplaceAll(text, "\n", "\r\n"),
				})
			}
			c, server := simulate(t, w, githubsim.Options{})
			wantState(t, commented(t, c, onPull(), reportOf("warned")), "updated")
			comments := server.Written().Comments
			if len(comments) != 1 || comments[0].ID != 50 {
				t.Errorf("edited %+v, want the first comment alone", comments)
			}
			deleted := 0
			for _, r := range server.Requests() {
				if r.Method == "DELETE" && strings.HasSuffix(r.Path, "/comments/51") {
					deleted++
				}
			}
			if want := map[bool]int{true: 1, false: 0}[added == ""]; deleted != want {
				t.Errorf("deleted %d times, want %d", deleted, want)
			}
			wantState(t, commented(t, c, onPull(), reportOf("warned")), "unchanged")
		})
	}
}

// TestManyComments: the comment is found among all that an ordinary conversation has, by reading backwards.
func TestManyComments(t *testing.T) {
	t.Parallel()
	c, server := simulate(t, octo(), githubsim.Options{})
	commented(t, c, onPull(), reportOf("breached"))
	body := server.Written().Comments[0].Body
	w := octo()
	for i := range 250 {
		w.Pulls[0].Comments = append(w.Pulls[0].Comments, githubsim.Comment{
			Author: ptr("bob"), Body: "me too", CreatedAt: noon.Add(time.Duration(i) * time.Minute),
		})
	}
	w.Pulls[0].Comments[0] = githubsim.Comment{
		Author: ptr("github-actions[bot]"), AuthorType: "Bot", Body: body, CreatedAt: noon,
	}
	c, server = simulate(t, w, githubsim.Options{})
	wantState(t, commented(t, c, onPull(), reportOf("breached")), "unchanged")
	// 250 comments are three pages of 100.
	if n := len(server.Requests()); n != 3 {
		t.Errorf("%d requests, want 3", n)
	}
}

// TestLostAnswer: GitHub made the comment and its answer was lost. Nothing is sent again, and the next run finds it.
func TestLostAnswer(t *testing.T) {
	t.Parallel()
	c, server := simulate(t, octo(), githubsim.Options{
		Faults: []githubsim.Fault{{Method: "POST", Path: "/repos/*/*/issues/7/comments", Truncate: 20}},
	})
	got := commented(t, c, onPull(), reportOf("breached"))
	wantState(t, got, "failed")
	if !strings.Contains(*got.Reason, "may have acted") {
		t.Errorf("reason %q", *got.Reason)
	}
	if n := writes(server); n != 1 {
		t.Errorf("%d writes, want 1", n)
	}
	wantState(t, commented(t, c, onPull(), reportOf("breached")), "unchanged")
	if comments := server.Written().Comments; len(comments) != 1 {
		t.Errorf("%d comments, want 1", len(comments))
	}
}

// TestRateLimited: a comment that GitHub refused for a rate limit is sent again when the time is over.
func TestRateLimited(t *testing.T) {
	t.Parallel()
	c, server := simulate(t, octo(), githubsim.Options{Faults: []githubsim.Fault{{
		Method: "POST", Path: "/repos/*/*/issues/7/comments", Status: 429,
		Header: map[string][]string{"Retry-After": {"60"}}, Body: `{"message":"secondary rate limit"}`,
	}}})
	wantState(t, commented(t, c, onPull(), reportOf("breached")), "created")
	if comments := server.Written().Comments; len(comments) != 1 || writes(server) != 2 {
		t.Errorf("%d comments after %d writes, want 1 after 2", len(comments), writes(server))
	}
}

// TestLongReport: what is said of very many breaches, with long texts, fits into a comment and a check run.
func TestLongReport(t *testing.T) {
	t.Parallel()
	outcomes := make([]string, 200)
	for i := range outcomes {
		outcomes[i] = "breached"
	}
	r := reportOf(outcomes...)
	for i := range r.Benchmarks {
		b := &r.Benchmarks[i]
		b.Because, b.Owner = ptr(strings.Repeat("@all |*", 300)), ptr(strings.Repeat("@o", 300))
		b.Text = fmt.Sprintf("lead-time-for-changes{label=%d-%s} <= 2d", i, strings.Repeat("<`|", 100))
		b.Reason = ptr(strings.Repeat("](", 400))
		for j := range 100 {
			b.Worst = append(b.Worst, report.Item{
				Kind: "issue", Number: ptr(j), URL: "https://github.com/octo/parcels/issues/1", Title: strings.Repeat("&[", 200),
				Value: ptr(5.0),
			})
		}
	}
	c, server := simulate(t, octo(), githubsim.Options{})
	wantState(t, commented(t, c, onPull(), r), "created")
	body := server.Written().Comments[0].Body
	if n := utf8.RuneCountInString(body); n > 65_536 {
		t.Errorf("%d characters", n)
	}
	if strings.Contains(body, "@all") || strings.Contains(body, "@o@") {
		t.Errorf("somebody is mentioned: %.3000s", body)
	}
}
