package kpi_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
)

// lists are the feeds of which whole facts can be missing, and nothing else of them.
var lists = []model.Feed{
	model.Deployments, model.Releases, model.Tags, model.Commits, model.PullRequests, model.Issues, model.Milestones,
	model.Runs, model.DeployRuns, model.Jobs, model.VulnerabilityAlerts, model.CodeScanningAlerts,
}

// Where the facts that are missing can only add to a figure, the whole's figure is at least the part's, in the window
// and in the one before.
func TestOnlyMoreIsNeverLess(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, policy := drawSnapshot(t), drawPolicy(t)
		part := *s
		for _, feed := range rapid.SliceOfNDistinct(rapid.SampledFrom(lists), 1, 3, rapid.ID).Draw(t, "cut") {
			cut(&part, policy, feed, func(model.Feed) bool { return rapid.Bool().Draw(t, "gone") })
			part.Gaps = append(part.Gaps, model.Gap{Feed: feed, Reason: "cut", Partial: true, Cut: true})
		}
		all := drawSelections(t)
		whole := kpi.Compute(s, policy, march, all)
		for i, got := range kpi.Compute(&part, policy, march, all) {
			for _, window := range []struct {
				name        string
				part, whole kpi.Result
			}{{"the window", got.Result, whole[i].Result}, {"the window before", got.Previous, whole[i].Previous}} {
				if !window.part.OnlyMore {
					continue
				}
				least, figure := window.part.Estimate(got.Default()), window.whole.Estimate(got.Default())
				if window.part.Status != kpi.Partial || !least.Known {
					t.Errorf("%s in %s is %s: %+v", all[i], window.name, window.part.Status, least)
				}
				if !figure.Known || figure.Value < least.Value {
					t.Errorf("%s in %s: %+v of the part, %+v of the whole, with %v", all[i], window.name, least, figure, part.Gaps)
				}
			}
		}
	})
}

// Which KPIs a list that ended early leaves a least figure of: those that count its items, and no other, while facts
// that are incomplete leave none of any.
func TestOnlyMore(t *testing.T) {
	t.Parallel()
	classes := func(measures ...string) []string {
		var ids []string
		for _, class := range []string{kpi.Bug, kpi.Incident, kpi.Support, kpi.Security} {
			for _, measure := range measures {
				ids = append(ids, class+"-"+measure)
			}
		}
		return ids
	}
	tests := []struct {
		feed   model.Feed
		source model.Source
		want   []string
	}{
		{model.Deployments, model.SourceDeployments, []string{"deployment-frequency"}},
		{model.Deployments, "", []string{"deployment-frequency"}},
		{model.DeployRuns, model.SourceWorkflow, []string{"deployment-frequency"}},
		{model.Releases, model.SourceReleases, []string{"deployment-frequency"}},
		{model.Tags, model.SourceTags, []string{"deployment-frequency"}},
		{model.Deployments, model.SourceTags, nil},
		{model.PullRequests, model.SourceTags, []string{"pull-request-throughput", "work-in-progress"}},
		{model.Issues, model.SourceTags, classes("reported", "resolved", "backlog")},
		{model.VulnerabilityAlerts, model.SourceTags, []string{"open-vulnerabilities"}},
		{model.CodeScanningAlerts, model.SourceTags, []string{"open-code-scanning-alerts"}},
		{model.Runs, model.SourceTags, nil},
		{model.Milestones, model.SourceTags, nil},
	}
	for _, tt := range tests {
		s, policy := everythingOnce(), kpi.DefaultPolicy()
		policy.Source, policy.Workflows = tt.source, nil
		if tt.source == model.SourceWorkflow {
			policy.Workflows = []string{"deploy.yml"}
		}
		onlyMore := func(gaps ...model.Gap) []string {
			s.Gaps = gaps
			var ids []string
			for _, f := range kpi.Compute(s, policy, march, kpi.Select(kpi.BuiltIn().All())) {
				if f.OnlyMore {
					ids = append(ids, f.ID)
				}
			}
			return ids
		}
		gap := model.Gap{Feed: tt.feed, Reason: "cut", Partial: true, Cut: true}
		torn := gap
		torn.Cut, torn.Reason = false, "torn"
		if diff := cmp.Diff(tt.want, onlyMore(gap)); diff != "" {
			t.Errorf("%s from %q (-want +got):\n%s", tt.feed, tt.source, diff)
		}
		if got := onlyMore(gap, torn); len(got) > 0 {
			t.Errorf("%s from %q, which is not only cut: %v", tt.feed, tt.source, got)
		}
		if got := onlyMore(); len(got) > 0 {
			t.Errorf("%q without a gap: %v", tt.source, got)
		}
	}
}

// A filter by path needs the files of each pull request as well: where some are not known, which of those that were
// read it keeps is not.
func TestOnlyMoreOfAFilter(t *testing.T) {
	t.Parallel()
	s := everythingOnce()
	cutShort := model.Gap{Feed: model.PullRequests, Reason: "cut", Partial: true, Cut: true}
	for _, tt := range []struct {
		filter string
		gaps   []model.Gap
		want   bool
	}{
		{"label=wish", []model.Gap{cutShort}, true},
		{"path=api/*", []model.Gap{cutShort}, true},
		{"path=api/*", []model.Gap{cutShort, {Feed: model.Paths, Reason: "not all are listed", Partial: true}}, false},
		{"label=none", []model.Gap{cutShort}, false}, // Nothing of a part is no figure.
	} {
		s.Gaps = tt.gaps
		of := kpi.Selection{Definition: kpi.WorkInProgress, Filter: filter(tt.filter)}
		if got := kpi.Compute(s, kpi.DefaultPolicy(), march, []kpi.Selection{of})[0]; got.OnlyMore != tt.want {
			t.Errorf("%s with %v: %v", of, tt.gaps, got.OnlyMore)
		}
	}
}

// everythingOnce has in March something to count for every KPI.
func everythingOnce() *model.Snapshot {
	s := broken()
	s.Read = append(slices.Clone(s.Read), model.Releases, model.Tags, model.DeployRuns, model.Runs, model.Jobs,
		model.Reviews, model.Comments, model.Paths, model.Milestones, model.VulnerabilityAlerts, model.CodeScanningAlerts)
	s.PullRequests = append(s.PullRequests, model.PullRequest{
		Number: 14, Base: "main", Created: day3(20), Updated: day3(20), Labels: []string{"wish"}, Paths: []string{"api/a.go"},
	})
	for n, label := range []string{"bug", "incident", "support", "security"} {
		for open := range 2 {
			i := model.Issue{Number: 40 + 2*n + open, Labels: []string{label}, Created: day3(3), Updated: day3(9)}
			if open == 0 {
				i.Closed, i.Reason = day3(9), "COMPLETED"
				i.Events = []model.Event{{Kind: model.Closed, At: i.Closed, Reason: i.Reason}}
			}
			s.Issues = append(s.Issues, i)
		}
	}
	for n := range 2 {
		at := day3(5 + n)
		s.Tags = append(s.Tags, model.Tag{Name: "v1", SHA: s.Commits[0].SHA, Date: at})
		s.Releases = append(s.Releases, model.Release{ID: int64(n), Tag: "v1", SHA: s.Commits[0].SHA, Published: at})
		for _, workflow := range []string{"deploy", "ci"} {
			s.Runs = append(s.Runs, model.Run{
				ID: int64(len(s.Runs) + 1), Workflow: ".github/workflows/" + workflow + ".yml", Branch: "main", Event: "push",
				Status: "completed", Conclusion: "success", Attempt: 1, Created: at, Started: at, Updated: at,
			})
		}
		s.Jobs = append(s.Jobs, model.Job{ID: int64(n + 1), Run: 2, Name: "test", Created: at, Started: at})
		alert := model.Alert{Number: n + 1, Created: at}
		s.Vulnerabilities = append(s.Vulnerabilities, alert)
		s.CodeScanning = append(s.CodeScanning, alert)
		s.Milestones = append(s.Milestones, model.Milestone{
			Number: n + 1, Created: day3(1), Due: at, Items: []model.MilestoneItem{{Number: 50 + n, Created: day3(1)}},
		})
	}
	return s
}
