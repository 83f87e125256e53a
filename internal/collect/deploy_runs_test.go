package collect

import (
	"slices"
	"testing"
	"time"

	"kpi-gate/internal/githubsim"
	"kpi-gate/internal/model"
)

// deployRunsOnly asks for the runs of the workflow deploy.yml.
func deployRunsOnly(reach, until time.Time) Request {
	return Request{
		Reach: reach, Until: until, Sources: []model.Source{model.SourceWorkflow}, Workflows: []string{"deploy.yml"},
		Deployed: succeeded,
	}
}

// oftenDeployed are runs of the workflow deploy.yml, one every six hours of days 0 to 99.
func oftenDeployed() *githubsim.World {
	w := &githubsim.World{Workflows: workflows()}
	for _, run := range runsAt(1, "push", every(6*time.Hour, day(0), 100*4)...) {
		run.WorkflowID, run.Path, run.Name = 2, ".github/workflows/deploy.yml", "Deploy"
		w.WorkflowRuns = append(w.WorkflowRuns, run)
	}
	return w
}

func TestDeployRunsAgain(t *testing.T) {
	t.Parallel()
	first := oftenDeployed()
	tests := []struct {
		name string
		then func([]githubsim.WorkflowRun) []githubsim.WorkflowRun
		// The first reading is at day 100, the second so many days and two hours later; Reach moves with it.
		reach, days, requests int
	}{
		// The latest runs, and one question about the 31 days of known ones.
		{"nothing new", func(runs []githubsim.WorkflowRun) []githubsim.WorkflowRun { return runs }, 60, 0, 2},
		{"a later reach", func(runs []githubsim.WorkflowRun) []githubsim.WorkflowRun { return runs }, 60, 20, 2},
		{"a deployment", func(runs []githubsim.WorkflowRun) []githubsim.WorkflowRun {
			run := ran(9001, "push", day(100).Add(time.Minute))
			run.WorkflowID, run.Path, run.Name = 2, ".github/workflows/deploy.yml", "Deploy"
			return append(runs, run)
		}, 60, 0, 2},
		{"one was run again, another deleted", func(runs []githubsim.WorkflowRun) []githubsim.WorkflowRun {
			rerunAt(runs, 80*4, day(100).Add(time.Hour))
			return slices.Delete(runs, 75*4, 75*4+1)
		}, 60, 0, 3},
		// The last success before day 85 is of day 84. It is none any more, nor is any other back to day 70, so that those
		// before day 53 matter, which were not kept.
		{"what was in production is a failure now", func(runs []githubsim.WorkflowRun) []githubsim.WorkflowRun {
			for i := range runs {
				if at := runs[i].CreatedAt; !at.Before(day(70)) && at.Before(day(85)) {
					rerunAt(runs, runs[i].ID, day(100).Add(time.Hour))
				}
			}
			return runs
		}, 85, 0, 9},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			then := with(first, tt.then)
			_, requests := readAgain(t, first, then, deployRunsOnly(day(tt.reach), day(100)),
				deployRunsOnly(day(tt.reach+tt.days), day(100+tt.days).Add(2*time.Hour)), githubsim.Options{})
			if len(requests) > tt.requests {
				t.Errorf("%d requests, want %d at most\n%s", len(requests), tt.requests, asked(requests))
			}
		})
	}
}

// TestDeployRunsNotConfirmed: where it cannot be asked what became of the known runs, they stay as they were, and the feed
// has a gap.
func TestDeployRunsNotConfirmed(t *testing.T) {
	t.Parallel()
	req := deployRunsOnly(day(60), day(101))
	req.Archive = kept(t, oftenDeployed(), deployRunsOnly(day(60), day(100)))
	s, requests := readAt(t, oftenDeployed(), req, githubsim.Options{Faults: []githubsim.Fault{
		{Operation: "updatedAt", Times: -1, Status: 500},
	}})
	// The last success before Reach ended on day 59: those of days 29 to 99 matter.
	gap, ok := gapOf(s, model.DeployRuns)
	if want := 71 * 4; !ok || !gap.Partial || len(s.Runs) != want {
		t.Errorf("%d runs, want %d; gap %+v\n%s", len(s.Runs), want, gap, asked(requests))
	}
	// What was known is kept for the next time, beside what this reading left.
	then, requests := readAt(t, oftenDeployed(), func() Request {
		again := deployRunsOnly(day(60), day(102))
		again.Archive = req.Archive
		return again
	}(), githubsim.Options{})
	if len(then.Gaps) > 0 || len(requests) != 2 {
		t.Errorf("%d requests, want 2; gaps %+v\n%s", len(requests), then.Gaps, asked(requests))
	}
}

// TestRunsOfTwoFeeds: a run of the deploy workflow is one of CI's too. Where one of the feeds could not be read, what was
// known of both stays, each as it was found last.
func TestRunsOfTwoFeeds(t *testing.T) {
	t.Parallel()
	old := model.Run{ID: 1, Status: "in_progress", Updated: day(1)}
	ended := model.Run{ID: 1, Status: "completed", Updated: day(2)}
	other := model.Run{ID: 2, Updated: day(1)}
	from := &Archive{
		Snapshot: &model.Snapshot{Runs: []model.Run{ended}},
		Whole:    map[model.Feed]Coverage{model.Runs: {Through: day(3)}},
		Retained: &model.Snapshot{Runs: []model.Run{old, other}},
		RetainedWhole: map[model.Feed]Coverage{
			model.DeployRuns: {Through: day(1)},
		},
		Ledger: Ledger{DeployRuns: DeployRunLedger{Runs: map[string][]int64{"deploy.yml": {1, 2}}}},
	}
	for _, feeds := range [][]model.Feed{{model.Runs, model.DeployRuns}, {model.DeployRuns, model.Runs}} {
		into := &Archive{RetainedWhole: map[model.Feed]Coverage{}}
		for _, feed := range feeds {
			facts := from.Snapshot
			if feed == model.DeployRuns {
				facts = from.Retained
			}
			retain(into, from, feed, facts)
		}
		if got := into.Retained.Runs; len(got) != 2 || got[0] != ended || got[1] != other {
			t.Errorf("runs %+v", got)
		}
		if into.RetainedWhole[model.Runs].Through != day(3) || into.RetainedWhole[model.DeployRuns].Through != day(1) ||
			len(into.Ledger.DeployRuns.Runs["deploy.yml"]) != 2 {
			t.Errorf("ledger %+v, coverage %+v", into.Ledger, into.RetainedWhole)
		}
	}
}
