package collect

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kpi-gate/internal/githubsim"
	"kpi-gate/internal/model"
)

// withJobs is a run with so many jobs, which are created with it and start a minute later.
func withJobs(run githubsim.WorkflowRun, jobs int) githubsim.WorkflowRun {
	for n := range jobs {
		run.Jobs = append(run.Jobs, githubsim.Job{
			ID: run.ID*1000 + int64(n), Name: fmt.Sprintf("job-%d", n), Status: "completed", Conclusion: "success",
			CreatedAt: run.CreatedAt, StartedAt: ptr(run.CreatedAt.Add(time.Minute)), CompletedAt: ptr(run.UpdatedAt),
		})
	}
	return run
}

// runsWithJobs are runs of one job each, an hour apart: run 1 is the oldest.
func runsWithJobs(runs int) *githubsim.World {
	w := &githubsim.World{Workflows: workflows()}
	for n := 1; n <= runs; n++ {
		w.WorkflowRuns = append(w.WorkflowRuns, withJobs(ran(int64(n), "push", day(10).Add(time.Duration(n)*time.Hour)), 1))
	}
	return w
}

// ended reports whether a run ended with a verdict: the jobs of others count in no figure.
func ended(run model.Run) bool {
	return run.Status == "completed" &&
		slices.Contains([]string{"success", "failure", "timed_out", "startup_failure"}, run.Conclusion)
}

// runsAndJobs asks for nothing else.
func runsAndJobs() Request {
	return Request{Owner: "o", Name: "r", Reach: day(10), Until: day(20), CI: true, Events: ciEvents, Jobs: ended}
}

// jobRequests are the runs whose jobs were asked for, in the order of the requests.
func jobRequests(server *githubsim.Server) []string {
	var runs []string
	for _, request := range server.Requests() {
		if run, found := strings.CutSuffix(request.Path, "/jobs"); found {
			runs = append(runs, run[strings.LastIndexByte(run, '/')+1:])
		}
	}
	return runs
}

// jobbed are the runs that jobs belong to.
func jobbed(s *model.Snapshot) []int64 {
	var runs []int64
	for _, job := range s.Jobs {
		runs = append(runs, job.Run)
	}
	return runs
}

func TestJobs(t *testing.T) {
	t.Parallel()
	concluded := func(id int64, conclusion string) githubsim.WorkflowRun {
		run := withJobs(ran(id, "push", day(11)), 1)
		run.Conclusion = conclusion
		return run
	}
	running := withJobs(ran(6, "push", day(12)), 1)
	running.Status, running.Conclusion = "in_progress", ""
	deploy := withJobs(ran(7, "release", day(12)), 1)
	deploy.WorkflowID, deploy.Path = 2, ".github/workflows/deploy.yml"
	mixed := withJobs(ran(8, "schedule", day(13)), 1)
	mixed.Jobs = append(mixed.Jobs,
		// GitHub gives it a start all the same.
		githubsim.Job{ID: 8001, Name: "held", Status: "waiting", CreatedAt: day(13)},
		githubsim.Job{
			ID: 8002, Name: "left out", Status: "completed", Conclusion: "skipped", CreatedAt: day(13),
			StartedAt: ptr(day(13)), CompletedAt: ptr(day(13)),
		})
	w := &githubsim.World{Workflows: workflows(), WorkflowRuns: []githubsim.WorkflowRun{
		concluded(1, "success"), concluded(2, "failure"), concluded(3, "timed_out"), concluded(4, "startup_failure"),
		concluded(5, "cancelled"), running, deploy, mixed,
		withJobs(ran(9, "pull_request", day(13)), 1),
		withJobs(ran(10, "push", day(9)), 1), // before Reach
	}}
	c, server := simulate(t, w, githubsim.Options{})
	req := runsAndJobs()
	req.Sources, req.Workflows = []model.Source{model.SourceWorkflow}, []string{"deploy.yml"}
	var (
		mu    sync.Mutex
		most  int
		total = map[int]bool{}
		done  bool
	)
	s, err := Collect(context.Background(), c, req, func(feed model.Feed, read, of int, ended bool) {
		mu.Lock()
		defer mu.Unlock()
		if feed == model.Jobs {
			most, done = max(most, read), done || ended
			total[of] = !ended || total[of]
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int64{1, 2, 3, 4, 8, 8, 8}, jobbed(s)); diff != "" || len(s.Gaps) > 0 {
		t.Errorf("runs with jobs (-want +got):\n%s\ngaps %+v\n%s", diff, s.Gaps, paths(server))
	}
	if asked := jobRequests(server); len(asked) != 5 {
		t.Errorf("the jobs of the runs %v were asked for, want five", asked)
	}
	if most != 5 || !total[5] || !done {
		t.Errorf("progress was told up to %d, of the totals %v, to the end: %t", most, total, done)
	}
	page := s.Repository.URL + "/actions/runs/8/job/"
	want := []model.Job{
		{
			ID: 8000, Run: 8, Name: "job-0", URL: page + "8000", Conclusion: "success",
			Created: day(13), Started: day(13).Add(time.Minute),
		},
		{ID: 8001, Run: 8, Name: "held", URL: page + "8001", Created: day(13)},
		{
			ID: 8002, Run: 8, Name: "left out", URL: page + "8002", Conclusion: "skipped", Created: day(13), Started: day(13),
		},
	}
	if diff := cmp.Diff(want, s.Jobs[len(s.Jobs)-3:]); diff != "" {
		t.Errorf("jobs of run 8 (-want +got):\n%s", diff)
	}
}

// TestJobsNotAsked: jobs are read when they are asked for, and their runs are.
func TestJobsNotAsked(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Request){
		"no jobs": func(r *Request) { r.Jobs = nil },
		"no runs": func(r *Request) { r.CI, r.Issues = false, true },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, server := simulate(t, runsWithJobs(2), githubsim.Options{})
			req := runsAndJobs()
			change(&req)
			s, err := Collect(context.Background(), c, req, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, feed := range s.Read {
				if feed == model.Jobs {
					t.Error("jobs are among the feeds read")
				}
			}
			if asked := jobRequests(server); len(asked) > 0 || len(s.Jobs) > 0 {
				t.Errorf("%d jobs; asked for those of %v", len(s.Jobs), asked)
			}
		})
	}
}

// TestJobsOnPages: 250 jobs of one run are three pages.
func TestJobsOnPages(t *testing.T) {
	t.Parallel()
	w := &githubsim.World{Workflows: workflows(), WorkflowRuns: []githubsim.WorkflowRun{
		withJobs(ran(1, "push", day(11)), 250), withJobs(ran(2, "push", day(12)), 100),
	}}
	c, server := simulate(t, w, githubsim.Options{})
	s, err := Collect(context.Background(), c, runsAndJobs(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if asked := jobRequests(server); len(s.Jobs) != 350 || len(asked) != 4 || len(s.Gaps) > 0 {
		t.Errorf("%d jobs by %d requests, want 350 by 4; gaps %+v", len(s.Jobs), len(asked), s.Gaps)
	}
	for i := 1; i < len(s.Jobs); i++ {
		if s.Jobs[i-1].ID >= s.Jobs[i].ID {
			t.Fatalf("job %d comes before job %d", s.Jobs[i-1].ID, s.Jobs[i].ID)
		}
	}
}

// TestJobsOfLostRuns: runs that are gone keep none of the others from being read.
func TestJobsOfLostRuns(t *testing.T) {
	t.Parallel()
	gone := func(run int) githubsim.Fault {
		return githubsim.Fault{
			Path: fmt.Sprintf("/repos/*/*/actions/runs/%d/jobs", run), Status: 404, Times: -1, Body: `{"message":"Not Found"}`,
		}
	}
	tests := []struct {
		name   string
		faults []githubsim.Fault
		want   []int64
		reason string
	}{
		{
			"one",
			[]githubsim.Fault{gone(3)},
			[]int64{1, 2, 4, 5},
			"reading the jobs of run 3 of o/r: GET /api/v3/repos/o/r/actions/runs/3/jobs: not found, or the token cannot see it: " +
				"Not Found",
		},
		{
			// The newest comes first.
			"three",
			[]githubsim.Fault{gone(1), gone(3), gone(4)},
			[]int64{2, 5},
			"reading the jobs of run 4 of o/r: GET /api/v3/repos/o/r/actions/runs/4/jobs: not found, or the token cannot see it: " +
				"Not Found (and 2 more such runs)",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, _ := simulate(t, runsWithJobs(5), githubsim.Options{Faults: tt.faults})
			s, err := Collect(context.Background(), c, runsAndJobs(), nil)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, jobbed(s)); diff != "" {
				t.Errorf("runs with jobs (-want +got):\n%s", diff)
			}
			want := []model.Gap{{Feed: model.Jobs, Reason: tt.reason, Partial: true}}
			if diff := cmp.Diff(want, s.Gaps); diff != "" {
				t.Errorf("gaps (-want +got):\n%s", diff)
			}
		})
	}
}

// TestJobsStop: the first 5 answers come, then GitHub wants no more requests until 2100. At most four are under way at
// once, so no more than 9 of the 30 runs are asked about, the newest ones.
func TestJobsStop(t *testing.T) {
	t.Parallel()
	c, server := simulate(t, runsWithJobs(30), githubsim.Options{Faults: []githubsim.Fault{{
		Path: "/repos/*/*/actions/runs/*/jobs", Skip: 5, Status: 403, Times: -1,
		Header: http.Header{"X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset": {"4102444800"}},
		Body:   `{"message":"API rate limit exceeded for installation ID 1."}`,
	}}})
	s, err := Collect(context.Background(), c, runsAndJobs(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if asked := jobRequests(server); len(asked) > 9 {
		t.Errorf("the jobs of the runs %v were asked for", asked)
	}
	// An answer that comes when the refusal of another is known already may be dropped.
	if len(s.Jobs) == 0 || len(s.Jobs) > 5 || s.Jobs[0].Run < 22 {
		t.Errorf("jobs of the runs %v", jobbed(s))
	}
	gap, ok := gapOf(s, model.Jobs)
	if !ok || len(s.Gaps) != 1 || !gap.Partial || !strings.Contains(gap.Reason, "rate limit") ||
		!strings.Contains(gap.Reason, "2100-01-01") {
		t.Errorf("gaps %+v", s.Gaps)
	}
}

// TestJobsComeLast: a pull request that was merged before Reach and shipped since is read before the jobs, which may use
// up the token's budget.
func TestJobsComeLast(t *testing.T) {
	t.Parallel()
	w := small()
	w.Deployments = append(w.Deployments, deployed(1, "production", day(5)))
	w.Workflows, w.WorkflowRuns = workflows(), runsWithJobs(90).WorkflowRuns
	c, server := simulate(t, w, githubsim.Options{})
	req := everything()
	req.Reach, req.Jobs = day(13), ended
	s, err := Collect(context.Background(), c, req, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.PullRequests) != 1 || len(s.Jobs) == 0 || len(s.Gaps) > 0 {
		t.Fatalf("%d pull requests, %d jobs, gaps %+v", len(s.PullRequests), len(s.Jobs), s.Gaps)
	}
	begun := false
	for _, request := range server.Requests() {
		jobs := strings.HasSuffix(request.Path, "/jobs")
		if begun && !jobs {
			t.Errorf("asked after jobs: %s %s %.300s", request.Method, request.Path, request.Query)
		}
		begun = begun || jobs
	}
}

// TestJobsForbidden: runs may be read, and jobs may not.
func TestJobsForbidden(t *testing.T) {
	t.Parallel()
	c, server := simulate(t, runsWithJobs(30), githubsim.Options{Faults: []githubsim.Fault{{
		Path: "/repos/*/*/actions/runs/*/jobs", Status: 403, Times: -1,
		Header: http.Header{"X-Accepted-Github-Permissions": {"actions=read"}},
		Body:   `{"message":"Resource not accessible by integration"}`,
	}}})
	s, err := Collect(context.Background(), c, runsAndJobs(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if asked := jobRequests(server); len(asked) > 4 || len(s.Jobs) > 0 || len(s.Runs) != 30 {
		t.Errorf("%d jobs of %d runs; asked for those of %v", len(s.Jobs), len(s.Runs), asked)
	}
	if gap, ok := gapOf(s, model.Jobs); !ok || len(s.Gaps) != 1 || gap.Partial || gap.Permission != "actions: read" {
		t.Errorf("gaps %+v", s.Gaps)
	}
}

// TestJobsWithoutRuns: jobs are incomplete where the runs are.
func TestJobsWithoutRuns(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name       string
		opts       githubsim.Options
		permission string
		jobs       int
	}{
		{"forbidden", githubsim.Options{Denied: []string{"actions"}}, "actions: read", 0},
		// Pushes are read first; then GitHub does not take what follows for a question.
		{"cut short", githubsim.Options{Faults: []githubsim.Fault{{
			Path: "/repos/*/*/actions/runs", Skip: 1, Times: -1, Status: 422, Body: `{"message":"Validation Failed"}`,
		}}}, "", 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, server := simulate(t, runsWithJobs(3), tt.opts)
			s, err := Collect(context.Background(), c, runsAndJobs(), nil)
			if err != nil {
				t.Fatal(err)
			}
			gap, ok := gapOf(s, model.Jobs)
			if !ok || gap.Permission != tt.permission || gap.Partial != (tt.jobs > 0) ||
				!strings.HasPrefix(gap.Reason, "looking for the runs whose jobs to read: reading the workflow runs of o/r") {
				t.Errorf("gaps %+v", s.Gaps)
			}
			if asked := jobRequests(server); len(s.Jobs) != tt.jobs || len(asked) != tt.jobs {
				t.Errorf("%d jobs, want %d; asked for those of %v", len(s.Jobs), tt.jobs, asked)
			}
		})
	}
}

func TestJobsCancelled(t *testing.T) {
	t.Parallel()
	c, server := simulate(t, runsWithJobs(30), githubsim.Options{})
	ctx, cancel := context.WithCancel(context.Background())
	s, err := Collect(ctx, c, runsAndJobs(), func(feed model.Feed, _, _ int, _ bool) {
		if feed == model.Jobs {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || s != nil {
		t.Errorf("snapshot %v, error %v", s != nil, err)
	}
	// Four were under way when the first of them was told, and up to three more may have begun.
	if asked := jobRequests(server); len(asked) > 8 {
		t.Errorf("the jobs of the runs %v were asked for", asked)
	}
}

// TestJobsAtATime: no more than four requests are under way at once. The first four wait for each other, so that they
// are, and a fifth would be seen.
func TestJobsAtATime(t *testing.T) {
	t.Parallel()
	var (
		mu          sync.Mutex
		under, most int
		four        = make(chan struct{})
	)
	w := runsWithJobs(12)
	w.Commits = []githubsim.Commit{{OID: sha(0), AuthoredDate: day(0), CommittedDate: day(0)}}
	r := readChanging(t, w, runsWithJobs(0),
		func(w http.ResponseWriter, req *http.Request, first, _ http.Handler) {
			if strings.HasSuffix(req.URL.Path, "/jobs") {
				mu.Lock()
				if under++; under == maxReadings && most < maxReadings {
					close(four)
				}
				most = max(most, under)
				mu.Unlock()
				select {
				case <-four:
				case <-req.Context().Done():
				}
				defer func() {
					mu.Lock()
					under--
					mu.Unlock()
				}()
			}
			first.ServeHTTP(w, req)
		}, runsAndJobs())
	runs, err := r.runs(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	jobs, err := r.jobs(context.Background(), runs, true)
	if err != nil || len(jobs) != 12 || most != 4 {
		t.Errorf("%d jobs, %d requests at once, error %v", len(jobs), most, err)
	}
}
