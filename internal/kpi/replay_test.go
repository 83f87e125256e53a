package kpi_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
)

// A replay gives for each window what Compute gives for it alone, whatever windows were looked at before.
func TestReplayIsCompute(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawSnapshot(t)
		selections := kpi.Select(kpi.BuiltIn().All())
		replay := kpi.NewReplay(s, propertyPolicy(), selections)
		for range 3 {
			length := time.Duration(rapid.IntRange(1, 40).Draw(t, "days")) * 24 * time.Hour
			until := march.Until.Add(-time.Duration(rapid.IntRange(0, 1000).Draw(t, "hours before")) * time.Hour)
			w := model.Window{Since: until.Add(-length), Until: until}
			want := kpi.Compute(s, propertyPolicy(), w, selections)
			got := replay.At(w)
			if diff := cmp.Diff(want, got,
				cmpopts.IgnoreFields(kpi.Figures{}, "Trend", "Signal"), cmpopts.IgnoreUnexported(kpi.Result{}),
				cmpopts.IgnoreFields(kpi.Selection{}, "Definition"),
			); diff != "" {
				t.Fatalf("over %s to %s (-Compute +Replay):\n%s", w.Since, w.Until, diff)
			}
			for i := range want {
				for _, of := range kpi.Statistics(want[i].Kind()) {
					if diff := cmp.Diff(want[i].Estimate(of), got[i].Estimate(of)); diff != "" {
						t.Fatalf("%s.%s (-Compute +Replay):\n%s", want[i].ID, of, diff)
					}
				}
			}
		}
	})
}

// A snapshot that goes back to 1 March knows nothing of what merged in February: the pull request that was merged and
// shipped then, whose commit was therefore not read, is no change that waits to be shipped.
func TestNothingBeforeTheSnapshotsReachWaits(t *testing.T) {
	t.Parallel()
	at := func(month time.Month, day int) time.Time { return time.Date(2026, month, day, 0, 0, 0, 0, time.UTC) }
	s := &model.Snapshot{
		Repository: model.Repository{Owner: "o", Name: "r", DefaultBranch: "main", URL: "https://github.com/o/r"},
		Reach:      at(3, 1),
		Read:       []model.Feed{model.Deployments, model.Commits, model.PullRequests},
		Branches:   []model.Branch{{Name: "main", Head: "b"}},
		Commits:    []model.Commit{{SHA: "b", Authored: at(3, 19), Committed: at(3, 20)}},
		Deployments: []model.Deployment{{
			ID: 1, Environment: "production", SHA: "b", Created: at(3, 21),
			Statuses: []model.DeploymentStatus{{State: "SUCCESS", Created: at(3, 21)}},
		}},
		PullRequests: []model.PullRequest{
			{Number: 1, Base: "main", Created: at(2, 1), Merged: at(2, 2), Closed: at(2, 2), MergeCommit: "a"},
			{Number: 2, Base: "main", Created: at(3, 19), Merged: at(3, 20), Closed: at(3, 20), MergeCommit: "b"},
		},
	}
	w := model.Window{Since: at(3, 11), Until: at(3, 31)}
	got := kpi.NewReplay(s, kpi.DefaultPolicy(), kpi.Select([]*kpi.Definition{kpi.DeployTime})).At(w)[0]
	if got.Missing || got.Running != 0 {
		t.Errorf("deploy-time has %d changes that wait to be shipped (%s), want none", got.Running, got.Reason)
	}
}
