package cli

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kpi-gate/internal/backtest"
	"kpi-gate/internal/collect"
	"kpi-gate/internal/config"
	"kpi-gate/internal/gate"
	"kpi-gate/internal/github"
	"kpi-gate/internal/githubsim"
	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
	"kpi-gate/internal/suggest"
)

// oneDay is the step of replays.
const oneDay = 24 * time.Hour

// collected reads what a configuration needs of a world, back to reach.
func collected(t testing.TB, w *githubsim.World, c config.Config, reach, at time.Time) *model.Snapshot {
	t.Helper()
	server, err := githubsim.New(w, githubsim.Options{Now: at, RESTLimit: 1 << 20, GraphQLLimit: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	host := httptest.NewServer(server)
	defer host.Close()
	defer host.CloseClientConnections()
	virtual := githubsim.NewClock(at)
	client, err := github.New(github.Options{
		Token: "t", APIURL: host.URL, UserAgent: "kpi-gate-test", Now: virtual.Now, Wait: virtual.Wait,
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := collect.Collect(context.Background(), client, requestBack(c, reach, at), nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// resolvedFile is the configuration of a file for a world.
func resolvedFile(t testing.TB, w *githubsim.World, text string, at time.Time) config.Config {
	t.Helper()
	settings := config.Settings{Token: "t", Repository: w.Repo.Owner + "/" + w.Repo.Name}
	c, err := config.Resolve(settings, &config.File{Name: "gate.yml", Text: text}, at)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return c
}

// replayed is a file's benchmarks over the last days of a snapshot.
func replayed(t testing.TB, s *model.Snapshot, c config.Config, days int) *backtest.Result {
	t.Helper()
	r, err := backtest.Run(context.Background(), backtest.Input{
		Snapshot: s, Policy: c.Policy, Benchmarks: c.Benchmarks, Gate: c.Gate, Window: c.Window, Days: days,
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A replay of a day says what a report that was read for that day says, whether the file goes back just as far or
// further.
func TestBacktestSaysWhatReportsSaid(t *testing.T) {
	t.Parallel()
	plan := githubsim.DemoPlan()
	world := githubsim.Generate(plan)
	const benchmarks = `lead-time-for-changes.p50 <= 36h
deployment-frequency >= 3/week
change-failure-rate <= 8%
failed-deployment-recovery-time <= 1d
pull-request-cycle-time.p75 <= 2d
review-coverage >= 96%
ci-success-rate >= 94%
ci-recovery-time <= 1h
ci-duration.p95 <= previous
bug-time-to-resolve.within(7d) >= 60%
bug-backlog <= 30`
	const window = 14 * oneDay
	whole := resolvedFile(t, world, "window: 14d\nbenchmarks:\n  - "+strings.ReplaceAll(benchmarks, "\n", "\n  - "), plan.Until)
	whole.Asked = nil
	result := replayed(t, collected(t, world, whole, plan.Until.Add(-120*oneDay), plan.Until), whole, 20)
	if len(result.Whole) != 20 {
		t.Fatalf("%d days were replayed, want 20", len(result.Whole))
	}
	for n := 0; n < 20; n += 9 {
		then := result.First.Add(time.Duration(n) * oneDay)
		c := whole
		c.Window = model.Window{Since: then.Add(-window), Until: then}
		s := collected(t, world, c, kpi.Reach(c.Window), plan.Until)
		for i, v := range gate.Judge(c.Benchmarks, kpi.Compute(s, c.Policy, c.Window, selections(c)), c.Gate) {
			got := result.Benchmarks[i].Days[n]
			if got.IsRed() != (v.Outcome == gate.Breached) || (got == backtest.Held) != (v.Outcome == gate.Held) {
				t.Errorf("%s on %s: replayed as %s, reported as %s (%s)", v.Benchmark.Text, then.Format(time.DateOnly), got,
					v.Outcome, v.Reason)
			}
		}
	}
}

// A suggestion is a valid file, and would have failed on few of the days that it was drawn from: each limit was met
// in three of four windows, and a breach takes more than noise.
func TestSuggestionIsHeld(t *testing.T) {
	t.Parallel()
	plan := githubsim.Plan{
		Seed: 1, Until: githubsim.DemoPlan().Until, Days: 180, PullRequests: 400, Issues: 300, Deployments: 250, Runs: 1500,
		Failing: 0.1,
	}
	world := githubsim.Generate(plan)
	c := resolvedFile(t, world, "window: 14d", plan.Until)
	c.Asked = suggest.Definitions(c.KPIs, nil)
	s := collected(t, world, c, suggest.Reach(c.Window), plan.Until)
	drawn, err := suggest.Draw(suggest.Input{
		Snapshot: s, Policy: c.Policy, KPIs: c.Asked, Window: c.Window,
		Gate: gate.Policy{MinSamples: 5, OnNoData: gate.NoDataWarns, Evidence: gate.EvidenceInterval},
	})
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	if err := suggest.Write(&text, drawn, "window: 14d\n"); err != nil {
		t.Fatal(err)
	}
	suggested := resolvedFile(t, world, text.String(), plan.Until)
	if len(drawn.Windows) != suggest.Windows || len(drawn.Benchmarks) < 10 ||
		len(suggested.Benchmarks) != len(drawn.Benchmarks) {
		t.Errorf("%d windows, %d benchmarks, of which %d are in the file; want 12 windows and at least 10", len(drawn.Windows),
			len(drawn.Benchmarks), len(suggested.Benchmarks))
	}
	count := replayed(t, s, suggested, 10*14).Count()
	if count.Red*10 > count.Judged || count.Judged < 100 {
		t.Errorf("red on %d of %d days, want at most a tenth, of at least 100", count.Red, count.Judged)
	}
}

// BenchmarkBacktest replays 90 days of ten benchmarks over a year of a team.
func BenchmarkBacktest(b *testing.B) {
	plan := githubsim.MediumPlan()
	plan.Until = githubsim.DemoPlan().Until
	world := githubsim.Generate(plan)
	c := resolvedFile(b, world, `benchmarks:
  - lead-time-for-changes.p50 <= 2d
  - deployment-frequency >= 1/day
  - change-failure-rate <= 15%
  - pull-request-cycle-time.p90 <= 3d
  - review-coverage >= 90%
  - bug-time-to-resolve.within(7d) >= 85%
  - bug-time-to-ship.p75 <= 7d
  - bug-backlog <= 100
  - ci-success-rate >= 95%
  - ci-duration.p95 <= previous + 10%
`, plan.Until)
	s := collected(b, world, c, plan.Until.Add(-150*oneDay), plan.Until)
	b.ReportAllocs()
	for b.Loop() {
		if r := replayed(b, s, c, 90); len(r.Whole) != 90 {
			b.Fatalf("%d days were replayed, want 90", len(r.Whole))
		}
	}
}
