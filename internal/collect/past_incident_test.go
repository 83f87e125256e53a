package collect

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kpi-gate/internal/githubsim"
	"kpi-gate/internal/model"
)

// labelled is an issue closed on a day with labels.
func labelled(number, n int, labels ...string) githubsim.Issue {
	issue := closedIssue(number, n)
	issue.Labels = labels
	return issue
}

// isIncident says what the tests call an incident.
func isIncident(label string) bool { return label == "outage" || strings.HasPrefix(label, "sev") }

// TestPastIncident looks for a past incident where the issues since day 50 do not tell. Reading these takes one
// request, or two where an open one was not touched since; the labels were read before.
func TestPastIncident(t *testing.T) {
	t.Parallel()
	old := labelled(2, 20, "sev1")
	open := labelled(3, 30, "outage")
	open.State, open.StateReason, open.ClosedAt = "OPEN", "", nil
	early := labelled(1, 25, "outage")
	early.CreatedAt = day(5)
	late, touched := open, open
	late.Number, late.CreatedAt = 1, day(10)
	late.LabeledEvents = []githubsim.LabelEvent{{Label: "outage", At: day(60)}}
	touched.Number, touched.Comments = 5, []githubsim.Comment{{CreatedAt: day(60)}}
	touched.LabeledEvents = []githubsim.LabelEvent{
		{Label: "outage", At: day(31)}, {Label: "sev1", At: day(32)}, {Label: "bug", At: day(60)},
	}
	touched.UnlabeledEvents = []githubsim.LabelEvent{{Label: "sev1", At: day(60)}}
	var many []githubsim.Issue
	for n := 10; n < 160; n++ {
		many = append(many, labelled(n, 20, fmt.Sprintf("area-%03d", n)))
	}
	tests := map[string]struct {
		issues   []githubsim.Issue
		incident func(string) bool
		want     []int
		requests int
	}{
		"not asked": {issues: []githubsim.Issue{old}, requests: 1},
		"no label means an incident": {
			issues: []githubsim.Issue{labelled(1, 20, "bug")}, incident: isIncident, requests: 1,
		},
		"one of long ago": {
			issues: []githubsim.Issue{old, labelled(1, 20, "bug")}, incident: isIncident, want: []int{2}, requests: 2,
		},
		"the longest untouched of several": {
			issues:   []githubsim.Issue{early, old, labelled(3, 21, "sev2", "outage")},
			incident: isIncident, want: []int{2}, requests: 2,
		},
		"one read was opened long ago": {
			issues: []githubsim.Issue{open, old}, incident: isIncident, want: []int{3}, requests: 2,
		},
		// That one was opened since the reach does not say whether one was before.
		"one read is new": {
			issues:   []githubsim.Issue{labelled(4, 60, "sev3"), old},
			incident: isIncident, want: []int{2, 4}, requests: 2,
		},
		"one read is new and the only one": {
			issues: []githubsim.Issue{labelled(4, 60, "sev3")}, incident: isIncident, want: []int{4}, requests: 2,
		},
		// It was opened first, and is an incident since day 60 only. It was not touched then, so the open ones are listed.
		"one read became one since": {
			issues: []githubsim.Issue{late, old}, incident: isIncident, want: []int{1, 2}, requests: 3,
		},
		"one read was one long ago and was touched since": {
			issues: []githubsim.Issue{touched, old}, incident: isIncident, want: []int{5}, requests: 2,
		},
		// 151 labels are two pages, of which the first was read before.
		"many labels": {
			issues:   append(many, labelled(200, 20, "zzz", "outage")),
			incident: isIncident, want: []int{200}, requests: 3,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, requests := read(t, &githubsim.World{Issues: tt.issues}, githubsim.Options{Token: "t"},
				Request{Reach: day(50), Issues: true, Comments: true, Links: true, Incident: tt.incident})
			got, err := r.issues(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, issueNumbers(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if requests() != tt.requests {
				t.Errorf("%d requests, want %d", requests(), tt.requests)
			}
		})
	}
}

// TestPastIncidentFacts: a past incident has all that an issue has, its links too, and its further pages are read.
func TestPastIncidentFacts(t *testing.T) {
	t.Parallel()
	w := small()
	incident := labelled(30, 8, "sev1")
	incident.Title, incident.ClosedByPulls = "Down", []int{1}
	for range 40 {
		incident.Comments = append(incident.Comments, githubsim.Comment{Author: login("lisa"), CreatedAt: day(7)})
	}
	w.Issues = append(w.Issues, incident)
	c, server := simulate(t, w, githubsim.Options{})
	req := everything()
	req.Incident = isIncident
	s, err := Collect(context.Background(), c, req, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{2, 30}, issueNumbers(s.Issues)); diff != "" || len(s.Gaps) > 0 {
		t.Fatalf("(-want +got):\n%s\ngaps %+v\n%s", diff, s.Gaps, paths(server))
	}
	got := s.Issues[1]
	if got.Title != "Down" || !got.Created.Equal(day(7)) || !got.Closed.Equal(day(8)) || len(got.Comments) != 40 ||
		len(got.Links) != 1 || got.Links[0].Number != 1 {
		t.Errorf("got %+v", got)
	}
}

// TestPastIncidentFails: the issues that were read are whole, and what is missing is said of past incidents alone.
func TestPastIncidentFails(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		field string
		skip  int
		err   string
	}{
		"the labels": {field: "labels", err: "listing labels"},
		// The other issues come before.
		"the issue": {field: "issues", skip: 1, err: "looking for past incidents"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := small()
			w.Issues = append(w.Issues, labelled(30, 8, "sev1"))
			c, server := simulate(t, w, githubsim.Options{Faults: []githubsim.Fault{{
				Operation: tt.field, Skip: tt.skip, Times: -1, Partial: &githubsim.PartialError{
					Path: []any{"repository", tt.field}, Type: "SOMETHING_ELSE", Message: "no",
				},
			}}})
			req := everything()
			req.PullRequests, req.Incident = false, isIncident
			s, err := Collect(context.Background(), c, req, nil)
			if err != nil {
				t.Fatal(err)
			}
			gap, ok := gapOf(s, model.PastIncidents)
			if !ok || len(s.Gaps) != 1 || !strings.Contains(gap.Reason, tt.err) || len(s.Issues) != 1 {
				t.Errorf("%d issues, gaps %+v; want one, and only %q\n%s", len(s.Issues), s.Gaps, tt.err, paths(server))
			}
		})
	}
}

// TestIssuesWithoutIncident: where the issues could not be read, nothing more is asked.
func TestIssuesWithoutIncident(t *testing.T) {
	t.Parallel()
	c, server := simulate(t, small(), githubsim.Options{Denied: []string{"issues"}, Private: true})
	req := everything()
	req.Incident = isIncident
	s, err := Collect(context.Background(), c, req, nil)
	if err != nil {
		t.Fatal(err)
	}
	if gap, ok := gapOf(s, model.Issues); !ok || gap.Permission != "issues: read" {
		t.Errorf("gap %+v, want one for the issues", gap)
	}
	if strings.Contains(paths(server), "labels(first:$first") {
		t.Errorf("labels were asked for:\n%s", paths(server))
	}
}
