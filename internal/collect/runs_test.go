package collect

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kpi-gate/internal/githubsim"
	"kpi-gate/internal/model"
)

// ran is a run of CI on main, created at a time and successful ten minutes later.
func ran(id int64, event string, at time.Time) githubsim.WorkflowRun {
	return githubsim.WorkflowRun{
		ID: id, Name: "CI", WorkflowID: 1, Path: ".github/workflows/ci.yml", HeadBranch: "main", HeadSHA: sha(int(id)),
		Event: event, Status: "completed", Conclusion: "success", RunAttempt: 1, RunNumber: int(id),
		CreatedAt: at, RunStartedAt: ptr(at), UpdatedAt: at.Add(10 * time.Minute),
	}
}

func workflows() []githubsim.Workflow {
	return []githubsim.Workflow{
		{ID: 1, Name: "CI", Path: ".github/workflows/ci.yml", State: "active"},
		{ID: 2, Name: "Deploy", Path: ".github/workflows/deploy.yml", State: "active"},
	}
}

// TestRunsBeyondTheLimit: 2,300 runs of main, one every 3,000 s. A search lists 1,000, the next one 999 more and the last
// of those again, the third 303: 10 + 10 + 4 pages. All are wanted, so one list serves the events of the branch; the
// event without a branch takes one request.
func TestRunsBeyondTheLimit(t *testing.T) {
	t.Parallel()
	const runs = 2300
	w := &githubsim.World{Workflows: workflows()}
	for n := range runs {
		w.WorkflowRuns = append(w.WorkflowRuns, ran(int64(1+n), "push", day(0).Add(time.Duration(n)*3000*time.Second)))
	}
	r, requests := read(t, w, githubsim.Options{}, Request{
		Reach: day(0), Until: day(0).Add(runs * 3000 * time.Second),
	})
	kept, err := r.runs(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	times := map[int64]int{}
	for _, run := range kept {
		times[run.ID]++
	}
	for id := int64(1); id <= runs; id++ {
		if times[id] != 1 {
			t.Fatalf("run %d was read %d times", id, times[id])
		}
	}
	if got, want := requests(), 10+10+4+1; got != want || len(kept) != runs {
		t.Errorf("%d runs by %d requests, want %d by %d", len(kept), got, runs, want)
	}
}

// TestRunsOfOneSecond: no slice of time is small enough for 1,200 runs of one second. The first 1,000 are kept.
func TestRunsOfOneSecond(t *testing.T) {
	t.Parallel()
	w := &githubsim.World{Workflows: workflows()}
	for n := range 1200 {
		w.WorkflowRuns = append(w.WorkflowRuns, ran(int64(1+n), "push", day(1)))
	}
	r, _ := read(t, w, githubsim.Options{}, Request{Reach: day(1), Until: day(1).Add(4 * time.Second)})
	kept, err := r.runs(context.Background())
	if err == nil || !strings.Contains(err.Error(), "1200 runs were created at 2026-01-02T00:00:00Z") {
		t.Errorf("error %v", err)
	}
	if len(kept) != 1000 {
		t.Errorf("%d runs, want 1000", len(kept))
	}
}

func TestRunsThatCount(t *testing.T) {
	t.Parallel()
	on := func(run githubsim.WorkflowRun, branch string) githubsim.WorkflowRun {
		run.HeadBranch = branch
		return run
	}
	again := ran(1, "push", day(10))
	again.RunAttempt, again.RunStartedAt, again.Conclusion = 2, ptr(day(11)), "failure"
	again.UpdatedAt, again.Actor, again.AuthorType = day(11).Add(time.Minute), ptr("dependabot"), "Bot"
	w := &githubsim.World{Workflows: workflows(), WorkflowRuns: []githubsim.WorkflowRun{
		again,
		ran(2, "schedule", day(10)),
		ran(3, "workflow_dispatch", day(10)),
		on(ran(4, "merge_group", day(10)), "gh-readonly-queue/main/pr-7-"+sha(7)),
		on(ran(5, "merge_group", day(10)), "gh-readonly-queue/release/1.0/pr-8-"+sha(8)),
		on(ran(6, "push", day(10)), "release/1.0"),
		on(ran(7, "push", day(10)), "topic"),
		ran(8, "pull_request", day(10)),
		ran(9, "push", day(5).Add(-time.Second)), // before Reach
		ran(10, "push", day(5)),
		ran(11, "push", day(20)), // at Until
	}}
	tests := []struct {
		name     string
		branch   func(string) bool
		want     []int64
		requests int
	}{
		// One for all that ran on the branch, one for the merge queue.
		{"default branch", nil, []int64{1, 2, 3, 4, 10}, 2},
		{"release branches too", func(name string) bool {
			return name == "main" || strings.HasPrefix(name, "release/")
		}, []int64{1, 2, 3, 4, 5, 6, 10}, 4},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r, requests := read(t, w, githubsim.Options{}, Request{Reach: day(5), Until: day(20), Branch: tt.branch})
			s := &model.Snapshot{}
			var err error
			if s.Runs, err = r.runs(context.Background()); err != nil {
				t.Fatal(err)
			}
			arrange(s)
			var got []int64
			for _, run := range s.Runs {
				got = append(got, run.ID)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("runs (-want +got):\n%s", diff)
			}
			if got := requests(); got != tt.requests {
				t.Errorf("%d requests, want %d", got, tt.requests)
			}
			want := model.Run{
				ID: 1, NodeID: s.Runs[0].NodeID, Workflow: ".github/workflows/ci.yml", Name: "CI", Branch: "main", SHA: sha(1), Event: "push",
				Status: "completed", Conclusion: "failure", Attempt: 2,
				Created: day(10), Started: day(11), Updated: day(11).Add(time.Minute),
				Actor: model.Actor{Login: "dependabot", Bot: true}, URL: s.Runs[0].URL,
			}
			if diff := cmp.Diff(want, s.Runs[0]); diff != "" || want.URL == "" || want.NodeID == "" {
				t.Errorf("run (-want +got):\n%s", diff)
			}
		})
	}
}

// TestDeployRunsStop: a deploy a day for 300 days, and Reach on day 216. The last success before it ended on day 215,
// so nothing created before day 184 can matter; 100 runs a page go back to days 200 and 100.
func TestDeployRunsStop(t *testing.T) {
	t.Parallel()
	w := &githubsim.World{Workflows: workflows()}
	for n := range 300 {
		run := ran(int64(1+n), "push", day(n))
		run.WorkflowID, run.Path, run.Name = 2, ".github/workflows/deploy.yml", "Deploy"
		switch {
		case n%50 == 0:
			run.Event = "pull_request"
		case n%50 == 1:
			run.HeadBranch = "topic"
		}
		w.WorkflowRuns = append(w.WorkflowRuns, run)
	}
	r, requests := read(t, w, githubsim.Options{}, Request{
		Reach: day(216), Until: day(300), Sources: []model.Source{model.SourceWorkflow},
		Workflows: []string{".github/workflows/deploy.yml"},
	})
	s := &model.Snapshot{}
	r.sources(context.Background(), s)
	if got := requests(); got != 2 {
		t.Errorf("%d requests, want 2", got)
	}
	// Of those of days 185 to 299, two were for pull requests and two on another branch.
	if len(s.Runs) != 111 {
		t.Errorf("%d runs, want 111", len(s.Runs))
	}
}

func TestDeployWorkflowMissing(t *testing.T) {
	t.Parallel()
	run := ran(1, "push", day(10))
	run.WorkflowID, run.Path = 2, ".github/workflows/deploy.yml"
	w := &githubsim.World{Workflows: workflows(), WorkflowRuns: []githubsim.WorkflowRun{run}}
	r, _ := read(t, w, githubsim.Options{}, Request{
		Reach: day(5), Until: day(20), Sources: []model.Source{model.SourceWorkflow, model.SourceTags},
		Workflows: []string{"ship.yml", "deploy.yml"},
		Enough:    func(*model.Snapshot, model.Source) bool { return false },
	})
	s := &model.Snapshot{}
	commits := r.sources(context.Background(), s)
	// The other workflow is read all the same.
	if len(commits) != 1 || commits[0].SHA != sha(1) {
		t.Errorf("deployed commits %+v", commits)
	}
	feeds, gaps := r.report()
	want := []model.Gap{{
		Feed: model.DeployRuns, Partial: true, Cut: true,
		Reason: `o/r has no workflow "ship.yml"; it has ci.yml, deploy.yml`,
	}}
	if diff := cmp.Diff(want, gaps); diff != "" {
		t.Errorf("gaps (-want +got):\n%s", diff)
	}
	// Tags are not tried: whether the workflows would have been enough is unknown.
	if diff := cmp.Diff([]model.Feed{model.DeployRuns}, feeds); diff != "" {
		t.Errorf("feeds (-want +got):\n%s", diff)
	}
}

// TestRunsWithoutList: an answer without the list that it was asked for is not one of no runs, or of no jobs.
func TestRunsWithoutList(t *testing.T) {
	t.Parallel()
	for path, feed := range map[string]model.Feed{
		"/repos/*/*/actions/runs": model.Runs, "/repos/*/*/actions/runs/*/jobs": model.Jobs,
	} {
		c, _ := simulate(t, runsWithJobs(3), githubsim.Options{Faults: []githubsim.Fault{
			{Path: path, Times: -1, Body: `{"total_count":0}`},
		}})
		s, err := Collect(context.Background(), c, runsAndJobs(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if gap, ok := gapOf(s, feed); !ok || !strings.Contains(gap.Reason, "holds no list") {
			t.Errorf("%s: gaps %+v", feed, s.Gaps)
		}
	}
}
