package cli

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kpi-gate/internal/collect"
	"kpi-gate/internal/config"
	"kpi-gate/internal/githubsim"
	"kpi-gate/internal/model"
	"kpi-gate/internal/report"
)

// replays are the settings under which growing repositories are replayed.
var replays = map[string]config.Settings{
	"deployments": {},
	"releases":    {Deployments: "releases"},
	"tags":        {Deployments: "tags", Tags: "*"},
	"workflow":    {Deployments: "workflow", DeployWorkflow: "deploy.yml"},
	"merges":      {Deployments: "merges"},
	"everything": {
		CI: "{ jobs: true }", Branches: "main, release/*", Classes: "{ bug: { labels: [bug], types: [Bug] } }",
		Benchmarks: []string{"pull-request-size{path=api/*} <= 1000", "bug-time-to-resolve{label=*}.p90 <= 1w"},
	},
}

// TestReplay reads a repository on one day after another, each time once from nothing and once with the snapshot file of
// the day before, and wants the same report of both: whatever happened in between, from issues that were reopened to
// comments that were deleted.
func TestReplay(t *testing.T) {
	t.Parallel()
	seeds := uint64(2)
	if testing.Short() {
		seeds = 1
	}
	for name, settings := range replays {
		for seed := range seeds {
			t.Run(fmt.Sprintf("%s %d", name, seed), func(t *testing.T) {
				t.Parallel()
				plan := githubsim.Plan{
					Seed: 300 + seed, Days: 120, PullRequests: 50, Issues: 50, Deployments: 50, Runs: 100, Failing: 0.1, Jobs: true,
				}
				whole := githubsim.Generate(plan)
				until := githubsim.DemoPlan().Until
				changes := githubsim.RandomChanges(whole, seed, 60)
				kept := &collect.Archive{}
				cold, warm := 0, 0
				for day := 24; day >= 0; day -= 3 {
					now := until.AddDate(0, 0, -day)
					world := githubsim.Grow(whole, changes, now)
					at := look{settings: settings, at: now}
					fresh, want, err := at.take(context.Background(), t, world)
					if err != nil {
						t.Fatal(err)
					}
					at.archive = kept
					extended, got, err := at.take(context.Background(), t, world)
					if err != nil {
						t.Fatal(err)
					}
					if extended.Aside != "" || day < 24 && extended.Usage.Known == 0 {
						t.Fatalf("%d days before the end nothing was known: %q", day, extended.Aside)
					}
					if len(fresh.Gaps)+len(extended.Gaps) > 0 {
						t.Fatalf("gaps %+v, %+v", fresh.Gaps, extended.Gaps)
					}
					if diff := cmp.Diff(facts(want), facts(got)); diff != "" {
						t.Fatalf("%d days before the end, extended instead of fresh (-fresh +extended):\n%s", day, diff)
					}
					if diff := cmp.Diff(withoutWay(fresh), withoutWay(extended)); diff != "" {
						t.Fatalf("%d days before the end, facts (-fresh +extended):\n%s", day, diff)
					}
					if day < 24 {
						cold, warm = cold+fresh.Usage.Requests, warm+extended.Usage.Requests
					}
					kept = throughFile(t, at.archive)
				}
				if warm >= cold {
					t.Errorf("extending took %d requests, reading from nothing %d", warm, cold)
				}
				t.Logf("extending took %d requests, reading from nothing %d", warm, cold)
			})
		}
	}
}

// facts is a report without what it cost.
func facts(r *report.Report) report.Report {
	all := *r
	all.Read = report.Read{}
	return all
}

// withoutWay is a snapshot without what depends on the way in which it was read: the cost, and the commits, of which more
// may be there than matter, and as much of the deployments from before the reach.
func withoutWay(s *model.Snapshot) model.Snapshot {
	all := *s
	all.Usage, all.Commits, all.Deployments = model.Usage{}, nil, nil
	return all
}

// throughFile is what is read back of a snapshot file.
func throughFile(t *testing.T, a *collect.Archive) *collect.Archive {
	t.Helper()
	var file bytes.Buffer
	if err := collect.WriteArchive(&file, a); err != nil {
		t.Fatal(err)
	}
	read, err := collect.ReadArchive(&file)
	if err != nil {
		t.Fatal(err)
	}
	return read
}
