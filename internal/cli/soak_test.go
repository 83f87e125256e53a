package cli

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kpi-gate/internal/collect"
	"kpi-gate/internal/config"
	"kpi-gate/internal/githubsim"
	"kpi-gate/internal/report"
)

// collections is how many readings the soak test takes; a fifth of them with -short.
const collections = 200

// soaked is the repository of the soak test, its last day, and the day before that from which half of the readings know
// something.
func soaked() (*githubsim.World, time.Time) {
	plan := githubsim.Plan{
		Seed: 77, Days: 60, PullRequests: 30, Issues: 24, Deployments: 30, Runs: 60, Failing: 0.1, Jobs: true,
		Until: githubsim.DemoPlan().Until,
	}
	return githubsim.Generate(plan), plan.Until
}

// TestSoak reads a repository over and over while everything that can go wrong does, at random. A reading may fail, and
// may leave gaps; but no figure may differ from what an undisturbed reading gives unless it is marked as partial or not
// measured. Each reading has a deadline by the real clock, far above what it takes, so that a hang is an error.
func TestSoak(t *testing.T) {
	t.Parallel()
	world, at := soaked()
	settings := config.Settings{
		CI: "{ jobs: true }", Timeout: "2h",
		Benchmarks: []string{"pull-request-size{path=*} <= 1000", "bug-time-to-resolve{label=*}.p90 <= 1w"},
	}
	undisturbed := look{settings: settings, at: at}
	_, want, err := undisturbed.take(context.Background(), t, world)
	if err != nil {
		t.Fatal(err)
	}
	earlier := look{settings: settings, at: at.AddDate(0, 0, -3), archive: &collect.Archive{}}
	if _, _, err := earlier.take(context.Background(), t, githubsim.Grow(world, nil, earlier.at)); err != nil {
		t.Fatal(err)
	}
	var failed, gapped, whole atomic.Int64
	readings := int64(collections)
	if testing.Short() {
		readings /= 5
	}
	t.Cleanup(func() {
		// That nothing ever went wrong, or everything always did, would say nothing.
		if failed.Load() > readings/3 || gapped.Load() < readings/10 || whole.Load() < readings/10 {
			t.Errorf("of %d readings %d failed, %d had gaps and %d none", readings, failed.Load(), gapped.Load(), whole.Load())
		}
	})
	for seed := range uint64(readings) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(seed, 1))
			disturbed := look{settings: settings, at: at}
			disturbed.options.Faults = randomFaults(rng)
			if rng.IntN(8) == 0 {
				disturbed.settings.Budget = fmt.Sprint(1 + rng.IntN(60))
			}
			if rng.IntN(3) == 0 {
				disturbed.archive = throughFile(t, earlier.archive)
			}
			ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
			defer cancel()
			s, got, err := disturbed.take(ctx, t, world)
			if ctx.Err() != nil {
				t.Fatalf("it hung: %v, with %+v", err, disturbed.options.Faults)
			}
			switch {
			case err != nil:
				failed.Add(1)
				return // An error is an answer: the run ends with it, and nothing is reported.
			case len(s.Gaps) > 0:
				gapped.Add(1)
			default:
				whole.Add(1)
			}
			if problem := unsound(want, got); problem != "" {
				t.Errorf("%s\ngaps %+v\nfaults %+v", problem, s.Gaps, disturbed.options.Faults)
			}
			// What such a reading leaves must not mislead the next one.
			if disturbed.archive != nil {
				next := look{settings: settings, at: at, archive: throughFile(t, disturbed.archive)}
				_, after, err := next.take(context.Background(), t, world)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(facts(want), facts(after)); diff != "" {
					t.Errorf("after it (-undisturbed +extended):\n%s\nfaults %+v", diff, disturbed.options.Faults)
				}
			}
		})
	}
}

// unsound says which figure of a report claims to be whole and differs from an undisturbed one; empty where none does.
func unsound(want, got *report.Report) string {
	if len(want.KPIs) != len(got.KPIs) {
		return fmt.Sprintf("%d KPIs instead of %d", len(got.KPIs), len(want.KPIs))
	}
	if len(got.Read.Gaps) == 0 {
		return cmp.Diff(facts(want), facts(got))
	}
	for i, k := range got.KPIs {
		whole := want.KPIs[i]
		if k.Selection() != whole.Selection() {
			return fmt.Sprintf("%s stands where %s should", k.Selection(), whole.Selection())
		}
		if k.Status == "partial" || k.Status == "not-measured" {
			continue
		}
		// An earlier window may be unknown where the present one is whole.
		if k.Previous == nil || k.Previous.Value == nil {
			k.Previous, whole.Previous = nil, nil
		}
		k.Trend, whole.Trend = known(k.Trend, whole.Trend)
		k.Empty, whole.Empty = false, false
		if diff := cmp.Diff(whole, k); diff != "" {
			return fmt.Sprintf("%s claims to be whole and is not (-undisturbed +disturbed):\n%s", k.Selection(), diff)
		}
	}
	return ""
}

// known are the points of two trends of which the first one's have a value.
func known(got, want []report.Point) (_, _ []report.Point) {
	if len(got) != len(want) {
		return got, want
	}
	var some, same []report.Point
	for i := range got {
		if got[i].Value != nil {
			some, same = append(some, got[i]), append(same, want[i])
		}
	}
	return some, same
}

// randomFaults are a few things that go wrong, once or several times or for good.
func randomFaults(rng *rand.Rand) []githubsim.Fault {
	operations := []string{
		"", "pullRequests", "issues", "deployments", "history", "milestones", "labels", "nodes", "object", "environments",
		"closingIssuesReferences", "pullRequest", "issue",
	}
	paths := []string{
		"", "/graphql", "/repos/*/*/actions/runs", "/repos/*/*/actions/runs/*/jobs", "/repos/*/*/dependabot/alerts",
		"/repos/*/*/code-scanning/alerts",
	}
	places := [][]any{
		nil,
		{"repository"},
		{"repository", "issues"},
		{"repository", "issues", "nodes", 2},
		{"repository", "issues", "nodes", 1, "comments"},
		{"repository", "issues", "nodes", 0, "timelineItems", "nodes", 0},
		{"repository", "pullRequests", "nodes", 3},
		{"repository", "pullRequests", "nodes", 1, "reviews"},
		{"repository", "pullRequests", "nodes", 0, "commits", "nodes", 0, "commit"},
		{"repository", "deployments", "nodes", 0, "statuses"},
		{"repository", "object", "history", "nodes", 4},
		{"repository", "object", "history", "nodes", 4, "associatedPullRequests"},
	}
	lengths := []time.Duration{0, 3 * time.Second, time.Minute, 20 * time.Minute}
	operation := func() string { return operations[rng.IntN(len(operations))] }
	place := func() []any { return places[rng.IntN(len(places))] }
	length := func() time.Duration { return lengths[rng.IntN(len(lengths))] }
	failures := []func() githubsim.Fault{
		func() githubsim.Fault { return githubsim.PrimaryLimit(time.Second + length()) },
		func() githubsim.Fault { return githubsim.PrimaryLimit(5 * time.Hour) },
		func() githubsim.Fault { return githubsim.SecondaryLimit(length()) },
		func() githubsim.Fault { return githubsim.TooManyRequests(length()) },
		func() githubsim.Fault { return githubsim.BadGateway(operation(), 1) },
		func() githubsim.Fault { return githubsim.GatewayTimeout(operation(), 1) },
		func() githubsim.Fault { return githubsim.LargePages(operation(), []int{50, 25, 10, 1}[rng.IntN(4)]) },
		githubsim.ServerError,
		githubsim.Unavailable,
		func() githubsim.Fault { return githubsim.ResourceLimits(operation(), place()...) },
		func() githubsim.Fault { return githubsim.Incomplete(operation(), place()...) },
		func() githubsim.Fault { return githubsim.NoData(operation()) },
		githubsim.Page,
		githubsim.Dropped,
		func() githubsim.Fault { return githubsim.Truncated(1 + rng.IntN(5000)) },
		func() githubsim.Fault { return githubsim.RedirectTo("http://127.0.0.1:1/elsewhere") },
		func() githubsim.Fault { return githubsim.RedirectTo("/nowhere") },
	}
	var faults []githubsim.Fault
	for range 1 + rng.IntN(4) {
		fault := failures[rng.IntN(len(failures))]()
		if fault.Operation == "" && fault.Partial == nil {
			fault.Path = paths[rng.IntN(len(paths))]
		}
		fault.Skip = rng.IntN(12)
		if fault.Times == 0 || fault.Times == 1 {
			fault.Times = []int{1, 1, 2, 4, 8, -1}[rng.IntN(6)]
		}
		faults = append(faults, fault)
	}
	return slices.Clip(faults)
}
