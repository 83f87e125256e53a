package collect

import (
	"context"
	"errors"
	"testing"
	"time"

	"kpi-gate/internal/githubsim"
)

// TestLookUp: 450 runs by their IDs, of which one is unknown.
func TestLookUp(t *testing.T) {
	t.Parallel()
	const runs, gone, atOnce = 450, 234, 200
	w := &githubsim.World{Workflows: workflows(), WorkflowRuns: runsAt(1, "push", every(time.Minute, day(1), runs)...)}
	tests := []struct {
		name     string
		faults   []githubsim.Fault
		requests int
	}{
		{"200 at a time", nil, 3},
		// GitHub gives up on 200, tried twice; 100 it answers.
		{"100 at a time", []githubsim.Fault{{Operation: "updatedAt", Status: 502, Times: 2}}, 2 + 5},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r, _ := read(t, w, githubsim.Options{}, Request{Reach: day(0), Until: day(10)})
			known, err := r.runs(context.Background())
			if err != nil || len(known) != runs {
				t.Fatalf("%d runs, error %v", len(known), err)
			}
			ids := make([]string, runs)
			for _, run := range known {
				ids[run.ID-1] = run.NodeID
			}
			ids[gone] = "WFR_unknown"
			r, requests := read(t, w, githubsim.Options{Faults: tt.faults}, Request{})
			found, err := lookUp[runUpdate](context.Background(), r, ids, atOnce)
			if err != nil || len(found) != runs {
				t.Fatalf("%d answers for %d IDs, error %v", len(found), runs, err)
			}
			for i, node := range found {
				if (node == nil) != (i == gone) {
					t.Fatalf("ID %d: %+v", i, node)
				}
				if want := w.WorkflowRuns[i].UpdatedAt; node != nil && !moment(node.Run.UpdatedAt).Equal(want) {
					t.Fatalf("run %d was updated at %v, want %v", i+1, node.Run.UpdatedAt, want)
				}
			}
			if got := requests(); got != tt.requests {
				t.Errorf("%d requests, want %d", got, tt.requests)
			}
		})
	}
}

// TestLookUpNothing: that none of the IDs is known says nothing of what they name; no IDs need no request.
func TestLookUpNothing(t *testing.T) {
	t.Parallel()
	r, requests := read(t, &githubsim.World{}, githubsim.Options{}, Request{})
	if _, err := lookUp[runUpdate](context.Background(), r, []string{"WFR_1", "WFR_2"}, recheckedAtOnce); !errors.Is(
		err, errUnconfirmed) {
		t.Errorf("error %v", err)
	}
	if found, err := lookUp[runUpdate](context.Background(), r, nil, recheckedAtOnce); err != nil || len(found) > 0 {
		t.Errorf("%d nodes, error %v", len(found), err)
	}
	if got := requests(); got != 1 {
		t.Errorf("%d requests, want 1", got)
	}
}
