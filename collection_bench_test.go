package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"kpi-gate/internal/collect"
	"kpi-gate/internal/githubsim"
	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
)

// latency is how long the simulated GitHub of the benchmark takes before it answers.
const latency = 50 * time.Millisecond

// BenchmarkCollection runs the whole program, in a process of its own, against simulated GitHubs of three sizes that
// take 50 ms for an answer: cold, and again with the snapshot file of the run before. It reports what docs/performance.md
// shows. Run it with: go test . -run '^$' -bench Collection -benchtime 1x
func BenchmarkCollection(b *testing.B) {
	for _, size := range []struct {
		name string
		plan func() githubsim.Plan
	}{
		{"small", githubsim.SmallPlan}, {"medium", githubsim.MediumPlan}, {"large", githubsim.LargePlan},
	} {
		b.Run(size.name, func(b *testing.B) {
			plan := size.plan()
			plan.Until = githubsim.DemoPlan().Until
			world := githubsim.Generate(plan)
			server, err := githubsim.New(world, githubsim.Options{
				Token: "benchmark", Now: plan.Until, RESTLimit: 1 << 20, GraphQLLimit: 1 << 20,
			})
			if err != nil {
				b.Fatal(err)
			}
			host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				time.Sleep(latency)
				server.ServeHTTP(w, r)
			}))
			defer host.Close()
			least := leastOf(world, model.Window{Since: plan.Until.AddDate(0, 0, -30), Until: plan.Until})
			runtime.GC()
			dir := b.TempDir()
			for _, run := range []string{"cold", "warm"} {
				b.Run(run, func(b *testing.B) {
					for range b.N {
						if run == "cold" {
							if err := os.RemoveAll(filepath.Join(dir, "snapshot.json.gz")); err != nil {
								b.Fatal(err)
							}
						}
						measured := collectOnce(b, host.URL, world, plan.Until, dir)
						b.ReportMetric(float64(measured.Requests), "requests")
						b.ReportMetric(float64(measured.Points), "points")
						b.ReportMetric(float64(measured.Bytes)/1e6, "MB-read")
						b.ReportMetric(measured.Seconds, "s-reading")
						b.ReportMetric(float64(measured.peak)/1e6, "MB-peak")
						b.ReportMetric(float64(least.requests), "least-requests")
						b.ReportMetric(least.chain.Seconds(), "s-least")
					}
				})
			}
		})
	}
}

// collected is what a run of the program tells of its reading, and the most memory that it had.
type collected struct {
	Requests int     `json:"requests"`
	Points   int     `json:"graphql_points"`
	Bytes    int64   `json:"bytes"`
	Seconds  float64 `json:"seconds"`
	peak     int64
}

// collectOnce runs the program.
func collectOnce(b testing.TB, url string, w *githubsim.World, until time.Time, dir string) collected {
	b.Helper()
	program := exec.Command("kpi-gate", "report", "--repository", w.Repo.Owner+"/"+w.Repo.Name, "--token", "benchmark",
		"--cache", filepath.Join(dir, "snapshot.json.gz"), "--report-dir", dir)
	program.Env = append(os.Environ(), "GITHUB_API_URL="+url, "GITHUB_GRAPHQL_URL="+url+"/graphql",
		virtualClock+"="+until.Format(time.RFC3339))
	var out bytes.Buffer
	program.Stdout, program.Stderr = &out, &out
	if err := program.Start(); err != nil {
		b.Fatal(err)
	}
	peak := make(chan int64)
	go func() { peak <- peakOf(program.Process.Pid) }()
	if err := program.Wait(); err != nil {
		b.Fatalf("%v\n%s", err, out.String())
	}
	file, err := os.ReadFile(filepath.Join(dir, "report.json"))
	if err != nil {
		b.Fatal(err)
	}
	var report struct {
		Read collected `json:"read"`
	}
	if err := json.Unmarshal(file, &report); err != nil {
		b.Fatal(err)
	}
	report.Read.peak = <-peak
	return report.Read
}

// resident finds the most memory that a process had so far, in kilobytes (man 5 proc).
var resident = regexp.MustCompile(`(?m)^VmHWM:\s+(\d+) kB$`)

// peakOf is the most memory that a process had, looked at every few milliseconds until it has ended. What the system says
// of it afterwards is no less than what this process had when it was started.
func peakOf(pid int) int64 {
	var peak int64
	for {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		found := resident.FindSubmatch(status)
		if err != nil || found == nil {
			return peak * 1024
		}
		if now, err := strconv.ParseInt(string(found[1]), 10, 64); err == nil {
			peak = max(peak, now)
		}
		time.Sleep(2 * time.Millisecond)
	}
}

// least is what no reader can do without.
type least struct {
	requests int
	chain    time.Duration
}

// leastOf is the lower bound: for each feed the items in reach that a KPI needs, a hundred to a request, and one where
// there are none, which has to be found out; and one for the repository. The types of issues are a feed: REST alone tells
// them. The chain is that of the longest feed of GraphQL, whose pages depend on each other, after the request for the
// repository.
func leastOf(w *githubsim.World, window model.Window) least {
	reach := kpi.Reach(window)
	feeds := map[model.Feed]int{}
	for _, d := range w.Deployments {
		if d.Environment == "production" && !d.CreatedAt.Before(reach) {
			feeds[model.Deployments]++
		}
	}
	for _, c := range w.Commits {
		if (c.OnDefaultBranch == nil || *c.OnDefaultBranch) && !c.CommittedDate.Before(reach) {
			feeds[model.Commits]++
		}
	}
	for _, p := range w.Pulls {
		if p.State == "OPEN" || !p.UpdatedAt.Before(reach) {
			feeds[model.PullRequests]++
		}
	}
	for _, i := range w.Issues {
		if i.State == "OPEN" || !i.UpdatedAt.Before(reach) {
			feeds[model.Issues]++
			if i.IssueType != "" {
				feeds[collect.IssueTypesStep]++
			}
		}
	}
	for _, r := range w.WorkflowRuns {
		onMain := r.HeadBranch == w.Repo.DefaultBranch && slices.Contains(kpi.CIEvents(), r.Event)
		if (onMain || r.Event == model.MergeGroup) && !r.CreatedAt.Before(reach) {
			feeds[model.Runs]++
		}
	}
	for _, m := range w.Milestones {
		if m.DueOn != nil && !m.DueOn.Before(reach) && m.DueOn.Before(window.Until) {
			feeds[model.Milestones]++
		}
	}
	feeds[model.PastIncidents] = 1
	feeds[model.VulnerabilityAlerts], feeds[model.CodeScanningAlerts] = len(w.Dependabot), len(w.CodeScanning)
	pages := func(feed model.Feed) int { return max((feeds[feed]+99)/100, 1) }
	of := least{requests: 1}
	longest := 0
	for feed := range feeds {
		of.requests += pages(feed)
	}
	for _, feed := range []model.Feed{model.Deployments, model.Commits, model.PullRequests, model.Issues, model.Milestones} {
		longest = max(longest, pages(feed))
	}
	of.chain = time.Duration(1+longest) * latency
	return of
}
