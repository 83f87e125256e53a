package collect

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kpi-gate/internal/githubsim"
)

// jobsOnly asks for the CI runs of days 10 to 20 and their jobs.
func jobsOnly() Request {
	req := runsAndJobs()
	req.Deployed = nil
	return req
}

// TestJobsAgain: the jobs of a run are read once, and again when the run was run again.
func TestJobsAgain(t *testing.T) {
	t.Parallel()
	first := runsWithJobs(20)
	none := ran(21, "push", day(10).Add(21*time.Hour))
	first.WorkflowRuns = append(first.WorkflowRuns, none)
	then := with(first, func(runs []githubsim.WorkflowRun) []githubsim.WorkflowRun {
		rerunAt(runs, 3, day(20).Add(time.Hour))
		runs[2].Jobs = []githubsim.Job{{ID: 9999, Name: "again", Status: "completed", Conclusion: "failure", CreatedAt: day(20)}}
		return append(runs, withJobs(ran(30, "push", day(20).Add(time.Minute)), 2))
	})
	later := jobsOnly()
	later.Until = day(20).Add(2 * time.Hour)
	s, requests := readAgain(t, first, then, jobsOnly(), later, githubsim.Options{})
	// The list of new runs, the question about the others, run 3 again, its jobs, and those of the new run.
	if len(requests) != 5 {
		t.Errorf("%d requests, want 5\n%s", len(requests), asked(requests))
	}
	if len(s.Jobs) != 22 {
		t.Errorf("%d jobs, want 22", len(s.Jobs))
	}
}

// TestJobsPartlyRead: where the jobs of some runs could not be read, those of the others need not be read again, although
// the feed was not whole.
func TestJobsPartlyRead(t *testing.T) {
	t.Parallel()
	w := runsWithJobs(20)
	req := jobsOnly()
	req.Archive = &Archive{}
	s, _ := readAt(t, w, req, githubsim.Options{Faults: []githubsim.Fault{
		{Path: "/repos/*/*/actions/runs/*/jobs", Skip: 12, Times: -1, Status: 422, Body: `{"message":"no"}`},
	}})
	if len(s.Gaps) != 1 || len(s.Jobs) != 12 {
		t.Fatalf("%d jobs, gaps %+v", len(s.Jobs), s.Gaps)
	}
	cold, _ := readAt(t, w, jobsOnly(), githubsim.Options{})
	s, requests := readAt(t, w, req, githubsim.Options{})
	if diff := cmp.Diff(cold.Jobs, s.Jobs); diff != "" || len(s.Gaps) > 0 {
		t.Errorf("gaps %+v, jobs (-cold +warm):\n%s", s.Gaps, diff)
	}
	if len(requests) != 2+8 {
		t.Errorf("%d requests, want 10\n%s", len(requests), asked(requests))
	}
}
