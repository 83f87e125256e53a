package collect

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kpi-gate/internal/githubsim"
	"kpi-gate/internal/model"
)

// dueOn is a milestone created on the first day and due on another.
func dueOn(number, n int) githubsim.Milestone {
	return githubsim.Milestone{Number: number, Title: fmt.Sprintf("m%d", number), CreatedAt: day(1), DueOn: on(n)}
}

// TestMilestoneFields reads one milestone with an issue that was closed, reopened and closed again, and a merged pull
// request; what is in no milestone is in none of its lists.
func TestMilestoneFields(t *testing.T) {
	t.Parallel()
	milestone := dueOn(4, 60)
	milestone.Title, milestone.State, milestone.ClosedAt = "Autumn", "CLOSED", on(61)
	issue, pull := closedIssue(12, 59), mergedPull(11, 58)
	issue.Title, issue.Milestone, issue.CreatedAt = "Lost parcel", login("Autumn"), day(50)
	issue.ClosedEvents = []githubsim.CloseEvent{{At: day(55), Actor: login("lisa")}, {At: day(59), Actor: login("lisa")}}
	issue.ReopenedEvents = []githubsim.Event{{At: day(57), Actor: nil}}
	issue.Labels = []string{"bug"}
	issue.LabeledEvents = []githubsim.LabelEvent{{Label: "bug", At: day(51), Actor: login("lisa")}}
	pull.Title, pull.Milestone = "Track parcels", login("Autumn")
	pull.ClosedEvents = []githubsim.CloseEvent{{At: day(58), Actor: login("mona")}}
	r, requests := read(t, &githubsim.World{
		Milestones: []githubsim.Milestone{milestone},
		Issues:     []githubsim.Issue{issue, closedIssue(13, 59)},
		Pulls:      []githubsim.Pull{pull, mergedPull(14, 59)},
	}, githubsim.Options{Token: "t"}, Request{Reach: day(50), Until: day(90)})
	got, err := r.milestones(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	lisa, mona := model.Actor{Login: "lisa"}, model.Actor{Login: "mona"}
	want := []model.Milestone{{
		Number: 4, Title: "Autumn", URL: "https://github.com/o/r/milestone/4", Due: day(60), Created: day(1),
		Closed: day(61),
		Items: []model.MilestoneItem{
			{
				Kind: model.RefPullRequest, Number: 11, Title: "Track parcels", URL: "https://github.com/o/r/pull/11",
				Author: mona, Created: day(57), Closed: day(58),
				Events: []model.Event{{Kind: model.Closed, At: day(58), Actor: mona}},
			},
			{
				Kind: model.RefIssue, Number: 12, Title: "Lost parcel", URL: "https://github.com/o/r/issues/12",
				Author: mona, Created: day(50), Closed: day(59), Labels: []string{"bug"},
				Events: []model.Event{
					{Kind: model.Labeled, At: day(51), Actor: lisa, Label: "bug"},
					{Kind: model.Closed, At: day(55), Actor: lisa},
					{Kind: model.Reopened, At: day(57), Actor: model.Actor{Login: model.Ghost}},
					{Kind: model.Closed, At: day(59), Actor: lisa},
				},
			},
		},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// The list of milestones, and the one.
	if requests() != 2 {
		t.Errorf("%d requests, want 2", requests())
	}
}

// TestMilestonesChosen reads what is due from day 50 on and before day 90, ten in one request.
func TestMilestonesChosen(t *testing.T) {
	t.Parallel()
	// several are milestones by their numbers, each due on the day that due says, 0 for none.
	several := func(first, last int, due func(int) int) (milestones []githubsim.Milestone) {
		for n := first; n <= last; n++ {
			m := dueOn(n, due(n))
			if due(n) == 0 {
				m.DueOn = nil
			}
			milestones = append(milestones, m)
		}
		return milestones
	}
	undated := func(int) int { return 0 }
	tests := map[string]struct {
		milestones []githubsim.Milestone
		want       []int
		requests   int
	}{
		"none": {requests: 1},
		"none due in time": {
			milestones: append(several(1, 1, undated), dueOn(2, 49), dueOn(3, 90)), requests: 1,
		},
		"the first and the last day": {
			milestones: []githubsim.Milestone{dueOn(1, 50), dueOn(2, 89)}, want: []int{2, 1}, requests: 2,
		},
		"twelve": {
			milestones: several(1, 12, func(n int) int { return 50 + n }),
			want:       []int{12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1},
			// The list, ten milestones, and two.
			requests: 3,
		},
		"many that are due later, and many that were due before": {
			milestones: slices.Concat(
				several(1, 100, func(n int) int { return 90 + n }),
				[]githubsim.Milestone{dueOn(101, 60)},
				several(102, 300, func(n int) int { return 151 - n }),
			),
			want: []int{101},
			// The first hundred are due too late; the next page ends it with the first that was due too early.
			requests: 3,
		},
		"many without a due date": {
			// They come first: a page, and a part of the next.
			milestones: append(several(1, 120, undated), dueOn(121, 60), dueOn(122, 40)), want: []int{121}, requests: 3,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, requests := read(t, &githubsim.World{Milestones: tt.milestones}, githubsim.Options{Token: "t"},
				Request{Reach: day(50), Until: day(90)})
			got, err := r.milestones(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			var numbers []int
			for _, m := range got {
				numbers = append(numbers, m.Number)
			}
			if diff := cmp.Diff(tt.want, numbers); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if requests() != tt.requests {
				t.Errorf("%d requests, want %d", requests(), tt.requests)
			}
		})
	}
}

// TestMilestoneLists follows every list of a milestone, and of what is in it, to its end.
func TestMilestoneLists(t *testing.T) {
	t.Parallel()
	w := &githubsim.World{Milestones: []githubsim.Milestone{dueOn(1, 60)}}
	for n := 1; n <= 120; n++ {
		issue, pull := closedIssue(n, 30), mergedPull(200+n, 30)
		issue.Milestone, pull.Milestone = login("m1"), login("m1")
		if n == 120 {
			// Closed 25 times and reopened as often, an hour later each time.
			for i := range 25 {
				at := day(30 + i)
				issue.ClosedEvents = append(issue.ClosedEvents, githubsim.CloseEvent{At: at})
				issue.ReopenedEvents = append(issue.ReopenedEvents, githubsim.Event{At: at.Add(time.Hour)})
			}
			pull.ClosedEvents, pull.ReopenedEvents = issue.ClosedEvents, issue.ReopenedEvents
		}
		w.Issues, w.Pulls = append(w.Issues, issue), append(w.Pulls, pull)
	}
	r, requests := read(t, w, githubsim.Options{Token: "t"}, Request{Reach: day(50), Until: day(90)})
	got, err := r.milestones(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || len(got[0].Items) != 240 {
		t.Fatalf("got %d milestones, want one with 240 items: %+v", len(got), got)
	}
	for _, number := range []int{120, 320} {
		i := slices.IndexFunc(got[0].Items, func(i model.MilestoneItem) bool { return i.Number == number })
		events := got[0].Items[i].Events
		if len(events) != 50 || !slices.IsSortedFunc(events, func(a, b model.Event) int { return a.At.Compare(b.At) }) {
			t.Errorf("#%d has the %d events %+v, want 50 in order", number, len(events), events)
		}
	}
	// The list of milestones, and the one with 25 items of each kind; a page with the other 95 of each kind; and 40 more
	// events of two items.
	if requests() != 6 {
		t.Errorf("%d requests, want 6", requests())
	}
}

// TestMilestoneLarge asks for less of a milestone at a time when the first of its issues and pull requests are too much for
// an answer, and still gets all.
func TestMilestoneLarge(t *testing.T) {
	t.Parallel()
	w := &githubsim.World{Milestones: []githubsim.Milestone{dueOn(1, 60), dueOn(2, 61)}}
	for n := 1; n <= 30; n++ {
		issue, pull := closedIssue(n, 30), mergedPull(200+n, 30)
		issue.Milestone, pull.Milestone = login("m2"), login("m1")
		w.Issues, w.Pulls = append(w.Issues, issue), append(w.Pulls, pull)
	}
	r, _ := read(t, w, githubsim.Options{Token: "t", Faults: []githubsim.Fault{
		githubsim.LargePages("milestone", 10),
	}}, Request{Reach: day(50), Until: day(90)})
	got, err := r.milestones(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || len(got[0].Items) != 30 || len(got[1].Items) != 30 {
		t.Errorf("got %+v, want two milestones with 30 items each", got)
	}
}

// TestMilestonesForbidden names the permission that is missing.
func TestMilestonesForbidden(t *testing.T) {
	t.Parallel()
	for _, permission := range []string{"issues", "pull-requests"} {
		t.Run(permission, func(t *testing.T) {
			t.Parallel()
			w := small()
			w.Milestones = []githubsim.Milestone{dueOn(1, 15)}
			c, server := simulate(t, w, githubsim.Options{Denied: []string{permission}, Private: true})
			req := everything()
			req.Milestones = true
			s, err := Collect(context.Background(), c, req, nil)
			if err != nil {
				t.Fatal(err)
			}
			gap, ok := gapOf(s, model.Milestones)
			if named := permission + ": read"; !ok || gap.Permission != named || gap.Partial || len(s.Milestones) > 0 {
				t.Errorf("gap %+v, want one for %s\n%s", gap, named, paths(server))
			}
		})
	}
}

// TestMilestonesPartial keeps ten milestones when the request for the next two fails.
func TestMilestonesPartial(t *testing.T) {
	t.Parallel()
	w := &githubsim.World{}
	for n := 1; n <= 12; n++ {
		w.Milestones = append(w.Milestones, dueOn(n, 50+n))
	}
	r, _ := read(t, w, githubsim.Options{Token: "t", Faults: []githubsim.Fault{{
		Operation: "milestone", Skip: 1, Times: -1,
		Body: `{"data":null,"errors":[{"type":"INTERNAL","message":"gone wrong"}]}`,
	}}}, Request{Reach: day(50), Until: day(90)})
	got, err := r.milestones(context.Background())
	if err == nil || !strings.Contains(err.Error(), "gone wrong") {
		t.Errorf("got error %v, want the one of the last request", err)
	}
	if len(got) != 10 {
		t.Errorf("%d milestones, want 10", len(got))
	}
}

// TestMilestoneDeleted: a milestone that is deleted once it was listed is none, and nothing is missing.
func TestMilestoneDeleted(t *testing.T) {
	t.Parallel()
	first := &githubsim.World{Milestones: []githubsim.Milestone{dueOn(1, 60), dueOn(2, 61), dueOn(3, 62)}}
	then := &githubsim.World{Milestones: []githubsim.Milestone{dueOn(1, 60), dueOn(3, 62)}}
	requests := 0
	r := readChanging(t, first, then, func(w http.ResponseWriter, req *http.Request, first, then http.Handler) {
		// The repository and the list of milestones come before.
		if requests++; requests <= 2 {
			first.ServeHTTP(w, req)
			return
		}
		then.ServeHTTP(w, req)
	}, Request{Reach: day(50), Until: day(90)})
	got, err := r.milestones(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0].Number != 3 || got[1].Number != 1 {
		t.Errorf("got %+v, want milestones 3 and 1", got)
	}
}
