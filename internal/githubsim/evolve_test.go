package githubsim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// instants are n times between the first and the last moment of a generated world, its end included.
func instantsOf(p Plan, n int) []time.Time {
	p = p.filled()
	length := p.Until.AddDate(0, 0, p.Days).Sub(p.Until)
	var list []time.Time
	for i := 1; i <= n; i++ {
		list = append(list, p.Until.Add(-length+length*time.Duration(i)/time.Duration(n)).Truncate(time.Second))
	}
	return list
}

// Nothing happens at the end of a world or later: what was just before it is the world. And what was earlier does not
// depend on from when it is looked back.
func TestAtIsHistory(t *testing.T) {
	t.Parallel()
	for name, plan := range plans {
		if name == "thousands" {
			continue // much JSON, and nothing that the others have not
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := Generate(plan)
			whole := marshal(t, w)
			if d := cmp.Diff(w, w.At(plan.filled().Until)); d != "" {
				t.Fatalf("at the end:\n%.2000s", d)
			}
			times := instantsOf(plan, 4)
			for i, later := range times {
				v := w.At(later)
				if _, err := New(v, Options{}); err != nil {
					t.Fatalf("%v: %v", later, err)
				}
				for _, earlier := range times[:i+1] {
					a, b := inOrder(w.At(earlier)), inOrder(v.At(earlier))
					if !bytes.Equal(marshal(t, a), marshal(t, b)) {
						t.Fatalf("%v, looked back from %v:\n%.2000s", earlier, later, cmp.Diff(a, b, cmpopts.EquateEmpty()))
					}
				}
			}
			if !bytes.Equal(whole, marshal(t, w)) {
				t.Error("looking back changed the world")
			}
		})
	}
}

// inOrder sorts the branches of a world: lists may be in any order.
func inOrder(w *World) *World {
	slices.SortFunc(w.Branches, func(a, b Branch) int { return strings.Compare(a.Name, b.Name) })
	return w
}

// TestAtTells is the life of one of each, hour by hour of a day.
func TestAtTells(t *testing.T) {
	t.Parallel()
	hour := func(n int) time.Time { return day(2).Add(time.Duration(n) * time.Hour) }
	at := func(n int) *time.Time { t := hour(n); return &t }
	ann := "ann"
	w := octo()
	w.Repo.DefaultBranch = "main"
	w.Commits = []Commit{
		{OID: "m2", Parents: []string{"m1", "b2"}, CommittedDate: hour(9)},
		{OID: "b2", Parents: []string{"b1"}, CommittedDate: hour(5)},
		{OID: "b1", Parents: []string{"m1"}, CommittedDate: hour(2)},
		{OID: "m1", CommittedDate: hour(0)},
	}
	w.Branches = []Branch{{Name: "main", OID: "m2"}}
	w.Tags = []Tag{{Name: "v1", OID: "m1"}, {Name: "v2", OID: "m2", Date: at(10)}}
	w.Releases = []Release{{TagName: "v2", CreatedAt: hour(9), PublishedAt: at(11), UpdatedAt: at(12), OID: "m2"}}
	w.Milestones = []Milestone{{Number: 1, Title: "one", State: "CLOSED", CreatedAt: hour(1), ClosedAt: at(8)}}
	w.Issues = []Issue{{
		Number: 1, State: "CLOSED", StateReason: "COMPLETED", CreatedAt: hour(1), ClosedAt: at(9), UpdatedAt: at(12),
		Labels: []string{"bug", "late"}, Assignees: []string{"ann"}, Milestone: new("one"),
		LabeledEvents: []LabelEvent{
			{Label: "bug", At: hour(2)}, {Label: "odd", At: hour(3)}, {Label: "late", At: hour(12)},
		},
		UnlabeledEvents:  []LabelEvent{{Label: "odd", At: hour(6)}},
		AssignedEvents:   []Event{{At: hour(4), Assignee: &ann}},
		MilestonedEvents: []Event{{At: hour(5), Title: "one"}},
		ClosedEvents:     []CloseEvent{{At: hour(6), StateReason: "NOT_PLANNED"}, {At: hour(9)}},
		ReopenedEvents:   []Event{{At: hour(7)}},
		Comments:         []Comment{{CreatedAt: hour(3)}, {CreatedAt: hour(10)}},
	}}
	w.Pulls = []Pull{{
		Number: 2, State: "MERGED", CreatedAt: hour(3), MergedAt: at(9), ClosedAt: at(9), UpdatedAt: at(10),
		MergeCommit: "m2", MergedBy: &ann, HeadRefName: "topic", HeadRefOID: "b2", CommitOIDs: []string{"b1", "b2"},
		BaseRefName:          "main",
		ConvertToDraftEvents: []Event{{At: hour(4)}}, ReadyForReviewEvents: []Event{{At: hour(6)}},
		Reviews: []Review{{State: "APPROVED", SubmittedAt: at(7)}}, ClosedEvents: []CloseEvent{{At: hour(9)}},
		Comments: []Comment{{CreatedAt: hour(10)}},
	}}
	w.Deployments = []Deployment{{
		ID: 1, SHA: "m2", CreatedAt: hour(10), Statuses: []DeploymentStatus{
			{State: "SUCCESS", CreatedAt: hour(11)}, {State: "QUEUED", CreatedAt: hour(10)},
		},
	}}
	w.WorkflowRuns = []WorkflowRun{{
		ID: 1, Status: "completed", Conclusion: "success", RunAttempt: 2, CreatedAt: hour(1), RunStartedAt: at(5),
		UpdatedAt: hour(7),
		Jobs:      []Job{{ID: 1, Status: "completed", CreatedAt: hour(5), StartedAt: at(6), CompletedAt: at(7)}},
	}}
	w.Dependabot = []Alert{{Number: 1, State: "fixed", CreatedAt: hour(2), FixedAt: at(4)}}

	// tell is what can be told apart of the world just before an hour and a minute.
	tell := func(v *World) string {
		s := ""
		add := func(format string, args ...any) { s += fmt.Sprintf(format, args...) }
		stamp := func(t *time.Time) any {
			if t == nil {
				return "-"
			}
			return t.Sub(day(2)).Hours()
		}
		for _, c := range v.Commits {
			add("%s ", c.OID)
		}
		for _, b := range v.Branches {
			add("%s=%s ", b.Name, b.OID)
		}
		for _, t := range v.Tags {
			add("tag %s ", t.Name)
		}
		for _, r := range v.Releases {
			add("draft %v %v ", r.IsDraft, stamp(r.UpdatedAt))
		}
		for _, m := range v.Milestones {
			add("milestone %s ", m.State)
		}
		for _, i := range v.Issues {
			add("issue %s %s %v %v %v in %v, %d comments, %v ", i.State, i.StateReason, stamp(i.ClosedAt), i.Labels, i.Assignees,
				i.Milestone != nil, len(i.Comments), stamp(i.UpdatedAt))
		}
		for _, p := range v.Pulls {
			add("pull %s %v %s %v %v %d reviews, %v ", p.State, p.IsDraft, p.MergeCommit, p.CommitOIDs, p.HeadRefOID,
				len(p.Reviews), stamp(p.UpdatedAt))
		}
		for _, d := range v.Deployments {
			add("deployment %d ", len(d.Statuses))
		}
		for _, r := range v.WorkflowRuns {
			add("run %d %s %s %v ", r.RunAttempt, r.Status, r.Conclusion, stamp(&r.UpdatedAt))
			for _, j := range r.Jobs {
				add("job %s ", j.Status)
			}
		}
		for _, a := range v.Dependabot {
			add("alert %s ", a.State)
		}
		return s
	}
	for _, c := range []struct {
		hour     int
		expected string
	}{
		{0, "m1 main=m1 tag v1 "},
		{
			1, "m1 main=m1 tag v1 milestone OPEN issue OPEN  - [] [] in false, 0 comments, 1 " +
				"run 1 in_progress  1 ",
		},
		{
			3, "b1 m1 main=m1 topic=b1 tag v1 milestone OPEN issue OPEN  - [bug odd] [] in false, 1 comments, 3 " +
				"pull OPEN false  [b1] b1 0 reviews, 3 run 1 completed failure " + fmt.Sprint(1+10./60) + " alert open ",
		},
		{
			6, "b2 b1 m1 main=m1 topic=b2 tag v1 milestone OPEN issue CLOSED NOT_PLANNED 6 [bug] [ann] in true, 1 comments, 6 " +
				"pull OPEN false  [b1 b2] b2 0 reviews, 6 run 2 in_progress  5 job in_progress alert fixed ",
		},
		{
			9, "m2 b2 b1 m1 main=m2 tag v1 draft true - milestone CLOSED " +
				"issue CLOSED COMPLETED 9 [bug] [ann] in true, 1 comments, 9 " +
				"pull MERGED false m2 [b1 b2] b2 1 reviews, 9 run 2 completed success 7 job completed alert fixed ",
		},
		{
			12, "m2 b2 b1 m1 main=m2 tag v1 tag v2 draft false 12 milestone CLOSED " +
				"issue CLOSED COMPLETED 9 [bug late] [ann] in true, 2 comments, 12 " +
				"pull MERGED false m2 [b1 b2] b2 1 reviews, 10 deployment 2 run 2 completed success 7 job completed alert fixed ",
		},
	} {
		got := tell(w.At(hour(c.hour).Add(time.Minute)))
		if got != c.expected {
			t.Errorf("hour %d:\ngot  %s\nwant %s", c.hour, got, c.expected)
		}
	}
	// Just before an hour, what happens at it has not happened.
	if got, before := tell(w.At(hour(9))), tell(w.At(hour(9).Add(-time.Minute))); got != before {
		t.Errorf("at an instant:\n%s\nbefore:\n%s", got, before)
	}
	// A draft is turned into one and back; a branch is there while its pull request is open.
	if v := w.At(hour(5)); !v.Pulls[0].IsDraft || len(v.Branches) != 2 {
		t.Errorf("%+v", v)
	}
}

// touched is when an object of a world was last touched, as GitHub tells it, by the object's global id; what it looks
// like is JSON.
type touched struct {
	at   time.Time
	json string
}

func touches(t *testing.T, w *World) map[string]touched {
	t.Helper()
	list := map[string]touched{}
	add := func(id string, at time.Time, v any) {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		list[id] = touched{at, string(text)}
	}
	for i := range w.Issues {
		v := w.Issues[i]
		at := updatedIssue(&v)
		// The milestone itself changes without the items in it.
		v.UpdatedAt = nil
		add(v.node(), at, v)
	}
	for i := range w.Pulls {
		v := w.Pulls[i]
		at := updatedPull(&v)
		v.UpdatedAt = nil
		add(v.node(), at, v)
	}
	for i := range w.WorkflowRuns {
		v := w.WorkflowRuns[i]
		// Jobs come and go within a run.
		v.Jobs = nil
		add(v.node(), v.UpdatedAt, v)
	}
	for i := range w.Deployments {
		add(w.Deployments[i].node(), w.Deployments[i].updated(), w.Deployments[i])
	}
	for i := range w.Releases {
		v := w.Releases[i]
		// Where its tag points is the tag's matter.
		v.OID = ""
		add(v.node(), v.updated(), v)
	}
	return list
}

// Whatever looks different later was touched in the meantime, and nothing is touched backwards.
func checkTouches(t *testing.T, from time.Time, earlier, later map[string]touched) {
	t.Helper()
	for id, a := range earlier {
		b, ok := later[id]
		switch {
		case !ok:
		case b.at.Before(a.at):
			t.Errorf("%s: touched at %v, later at %v", id, a.at, b.at)
		case a.json != b.json && b.at.Before(from):
			t.Errorf("%s: changed after %v, touched at %v:\n%s\n%s", id, from, b.at, a.json, b.json)
		}
	}
}

func TestAtTouches(t *testing.T) {
	t.Parallel()
	for name, plan := range plans {
		if name == "thousands" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := Generate(plan)
			var from time.Time
			earlier := map[string]touched{}
			for _, at := range instantsOf(plan, 6) {
				later := touches(t, w.At(at))
				for id := range earlier {
					if _, ok := later[id]; !ok {
						t.Errorf("%s is gone at %v", id, at)
					}
				}
				checkTouches(t, from, earlier, later)
				from, earlier = at, later
			}
		})
	}
}

func TestAtSharesNothingThatGrows(t *testing.T) {
	t.Parallel()
	w := Generate(DemoPlan())
	whole := marshal(t, w)
	v := w.At(DemoPlan().Until)
	for i := range v.Issues {
		v.Issues[i].Labels = append(v.Issues[i].Labels, "grown")
		v.Issues[i].Comments = append(v.Issues[i].Comments, Comment{})
		v.Issues[i].Title = "grown"
	}
	for i := range v.Deployments {
		v.Deployments[i].Statuses = append(v.Deployments[i].Statuses, DeploymentStatus{})
	}
	v.Commits = append(v.Commits, Commit{})
	v.Branches[0].OID = "grown"
	if !bytes.Equal(whole, marshal(t, w)) {
		t.Error("the world changed with its past")
	}
	if reflect.DeepEqual(v, w) {
		t.Error("nothing grew")
	}
}
