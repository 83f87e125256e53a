package collect

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kpi-gate/internal/githubsim"
	"kpi-gate/internal/model"
)

// ciOnly asks for the CI runs from day 10 to an instant.
func ciOnly(until time.Time) Request {
	return Request{Reach: day(10), Until: until, CI: true, Events: ciEvents}
}

// oftenRan are runs of CI, one every eight hours of days 5 to 99: run 1 is the first.
func oftenRan() *githubsim.World {
	w := &githubsim.World{Workflows: workflows()}
	w.WorkflowRuns = runsAt(1, "push", every(8*time.Hour, day(5), 95*3)...)
	return w
}

// with is a copy of a world whose runs are changed.
func with(w *githubsim.World, change func(runs []githubsim.WorkflowRun) []githubsim.WorkflowRun) *githubsim.World {
	changed := *w
	changed.WorkflowRuns = change(slices.Clone(w.WorkflowRuns))
	return &changed
}

// rerunAt runs a run again, to another end.
func rerunAt(runs []githubsim.WorkflowRun, id int64, at time.Time) {
	i := slices.IndexFunc(runs, func(run githubsim.WorkflowRun) bool { return run.ID == id })
	runs[i].RunAttempt, runs[i].RunStartedAt, runs[i].UpdatedAt = 2, ptr(at), at.Add(time.Minute)
	runs[i].Conclusion = "failure"
}

// runOn is the ID of the run of oftenRan on a day.
func runOn(n int) int64 { return int64(1 + (n-5)*3) }

func TestRunsAgain(t *testing.T) {
	t.Parallel()
	first := oftenRan()
	running := with(first, func(runs []githubsim.WorkflowRun) []githubsim.WorkflowRun {
		last := &runs[len(runs)-1]
		last.Status, last.Conclusion, last.UpdatedAt = "in_progress", "", last.CreatedAt.Add(time.Minute)
		return runs
	})
	// begun and done are the last run just before the first reading, and just after it in the same second.
	last := func(status, conclusion string) *githubsim.World {
		return with(first, func(runs []githubsim.WorkflowRun) []githubsim.WorkflowRun {
			last := &runs[len(runs)-1]
			last.Status, last.Conclusion, last.UpdatedAt = status, conclusion, day(100)
			return runs
		})
	}
	begun, done := last("in_progress", ""), last("completed", "success")
	tests := []struct {
		name string
		// The first reading is at day 100, the second at day 100 and some hours.
		first, then *githubsim.World
		hours       int
		// The list of what is new and one question about the 31 days of known runs are two requests.
		requests int
	}{
		{"nothing new", first, first, 1, 2},
		{"a run has finished since", running, first, 1, 3},
		{"a run finished in the second in which it was read", begun, done, 1, 3},
		{
			"an old run was run again", first,
			with(first, func(runs []githubsim.WorkflowRun) []githubsim.WorkflowRun {
				rerunAt(runs, runOn(80), day(100).Add(time.Hour))
				return runs
			}), 2, 3,
		},
		{
			"a run was deleted", first,
			with(first, func(runs []githubsim.WorkflowRun) []githubsim.WorkflowRun {
				return slices.DeleteFunc(runs, func(run githubsim.WorkflowRun) bool { return run.ID == runOn(90) })
			}), 2, 2,
		},
		{
			"few new runs", first,
			with(first, func(runs []githubsim.WorkflowRun) []githubsim.WorkflowRun {
				runs = append(runs, runsAt(5001, "push", every(time.Minute, day(100), 60)...)...)
				return append(runs, runsAt(6001, "pull_request", every(time.Minute, day(100), 40)...)...)
			}), 2, 2,
		},
		// All runs since are more than a page: so is what ran on the branch, of which all are wanted.
		{
			"many new runs", first,
			with(first, func(runs []githubsim.WorkflowRun) []githubsim.WorkflowRun {
				return append(runs, runsAt(5001, "push", every(time.Minute, day(100), 250)...)...)
			}), 6, 1 + 1 + 3 + 1,
		},
		// Forty runs of the last two weeks, of which a list holds all: that is fewer than forty requests.
		{
			"many were run again", first,
			with(first, func(runs []githubsim.WorkflowRun) []githubsim.WorkflowRun {
				for n := range 40 {
					rerunAt(runs, runOn(86)+int64(n), day(100).Add(time.Hour))
				}
				return runs
			}), 2, 2,
		},
		// What is new is told only by their creation.
		{
			"an earlier reading that ended in the past", first,
			with(first, func(runs []githubsim.WorkflowRun) []githubsim.WorkflowRun { return runs }), -24, 2,
		},
		{"another reach", first, first, 24 * 40, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			earlier, req := ciOnly(day(100)), ciOnly(day(100).Add(time.Duration(tt.hours)*time.Hour))
			if tt.hours < 0 {
				earlier, req = ciOnly(day(99)), ciOnly(day(100))
			}
			req.Reach = req.Reach.Add(time.Duration(max(tt.hours, 0)) * time.Hour)
			s, requests := readAgain(t, tt.first, tt.then, earlier, req, githubsim.Options{})
			if len(requests) > tt.requests {
				t.Errorf("%d requests, want %d at most\n%s", len(requests), tt.requests, asked(requests))
			}
			if s.Usage.Known < 120 {
				t.Errorf("%d runs were known", s.Usage.Known)
			}
		})
	}
}

// TestRunsUnconfirmed: where GitHub tells nothing of the known runs, all are read as if none were known.
func TestRunsUnconfirmed(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string]githubsim.Options{
		"forbidden": {Faults: []githubsim.Fault{{Operation: "updatedAt", Times: -1, Partial: &githubsim.PartialError{
			Path: []any{"nodes0"}, Type: "FORBIDDEN", Message: "Resource not accessible by integration",
		}}}},
		"not found": {Faults: []githubsim.Fault{{Operation: "updatedAt", Times: -1, Body: nothing(41)}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := &githubsim.World{Workflows: workflows(), WorkflowRuns: runsAt(1, "push", every(time.Hour, day(97), 41)...)}
			_, requests := readAgain(t, w, w, ciOnly(day(100)), ciOnly(day(101)), opts)
			// The question, what ran on the branch, and in the merge queue.
			if len(requests) != 3 {
				t.Errorf("%d requests, want 3\n%s", len(requests), asked(requests))
			}
		})
	}
}

// nothing is an answer that finds none of n IDs.
func nothing(n int) string {
	data, errors := "", ""
	for i := range n {
		if i > 0 {
			data, errors = data+",", errors+","
		}
		data += "null"
		errors += fmt.Sprintf(`{"type":"NOT_FOUND","path":["nodes0",%d],"message":"Could not resolve to a node"}`, i)
	}
	return fmt.Sprintf(`{"data":{"nodes0":[%s],"rateLimit":{"cost":1,"remaining":999}},"errors":[%s]}`, data, errors)
}

// TestRunsNotConfirmed: where the question fails, the known runs stay as they were, the feed has a gap, and the next reading
// still has what the first one knew.
func TestRunsNotConfirmed(t *testing.T) {
	t.Parallel()
	a := kept(t, oftenRan(), ciOnly(day(100)))
	req := ciOnly(day(101))
	req.Archive = a
	s, requests := readAt(t, oftenRan(), req, githubsim.Options{Faults: []githubsim.Fault{
		{Operation: "updatedAt", Times: -1, Status: 500},
	}})
	gap, ok := gapOf(s, model.Runs)
	if !ok || !gap.Partial || len(s.Runs) != 90*3 {
		t.Errorf("%d runs, gap %+v\n%s", len(s.Runs), gap, asked(requests))
	}
	cold, _ := readAt(t, oftenRan(), ciOnly(day(102)), githubsim.Options{})
	req = ciOnly(day(102))
	req.Archive = a
	s, requests = readAt(t, oftenRan(), req, githubsim.Options{})
	if diff := cmp.Diff(cold.Runs, s.Runs); diff != "" || len(requests) != 2 || len(s.Gaps) > 0 {
		t.Errorf("%d requests, want 2; runs (-cold +warm):\n%s", len(requests), diff)
	}
}

// TestRelist: the changed runs are listed from the one on from which that is cheaper than asking for each.
func TestRelist(t *testing.T) {
	t.Parallel()
	on := func(days ...int) []model.Run {
		var runs []model.Run
		for _, n := range days {
			runs = append(runs, model.Run{ID: int64(n), Created: day(n)})
		}
		return runs
	}
	recent := []int{90, 91, 92, 93, 94, 95, 96}
	tests := []struct {
		name          string
		same, changed []model.Run
		from          time.Time
		single        []model.Run
	}{
		{"none changed", on(90, 91), nil, day(99), nil},
		{"few changed", on(92), on(91, 90), day(99), on(90, 91)},
		{"many of one time", nil, on(recent...), day(90), nil},
		{"many of one time, and an old one", nil, on(append(recent, 10)...), day(10), nil},
		{
			"many of one time, and one long ago", slices.Repeat(on(20), 1000), on(append(recent, 10)...), day(90), on(10),
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			known := knownRuns{same: tt.same, changed: tt.changed}
			from, single := known.relist(day(99))
			if !from.Equal(tt.from) || !slices.EqualFunc(single, tt.single, func(a, b model.Run) bool { return a.ID == b.ID }) {
				t.Errorf("from %v, and %v alone; want %v and %v", from, single, tt.from, tt.single)
			}
		})
	}
}
