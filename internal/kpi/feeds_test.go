package kpi_test

import (
	"fmt"
	"maps"
	"path"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
)

// filtered is each KPI with a filter for every attribute that its items have.
func filtered() []kpi.Selection {
	globs := map[kpi.Attribute]string{
		kpi.Label: "b*", kpi.Author: "ann", kpi.Environment: "live", kpi.Base: "main", kpi.Path: "api/*",
		kpi.Workflow: "ci.yml", kpi.Severity: "high",
	}
	var all []kpi.Selection
	for _, d := range kpi.BuiltIn().All() {
		for _, a := range d.Attributes() {
			all = append(all, kpi.Selection{Definition: d, Filter: kpi.Filter{{Attribute: a, Glob: globs[a]}}})
		}
	}
	return all
}

// drawSelections are all KPIs, and some with a filter.
func drawSelections(t *rapid.T) []kpi.Selection {
	some := rapid.SliceOfN(rapid.SampledFrom(filtered()), 12, 12).Draw(t, "filtered")
	return append(kpi.Select(kpi.BuiltIn().All()), some...)
}

// drawPolicy is a policy with any source of deployments.
func drawPolicy(t *rapid.T) kpi.Policy {
	p := propertyPolicy()
	p.Source = rapid.SampledFrom([]model.Source{
		"", model.SourceDeployments, model.SourceWorkflow, model.SourceReleases, model.SourceTags, model.SourceMerges,
	}).Draw(t, "source")
	if p.Source == model.SourceWorkflow || rapid.Bool().Draw(t, "deploy workflow") {
		p.Workflows = []string{"deploy.yml"}
	}
	p.IncludeBots = rapid.Bool().Draw(t, "bots")
	if rapid.Bool().Draw(t, "excluded") {
		p.ExcludedWorkflows = kpi.Globs{"deploy.yml"}
	}
	return p
}

// told is all that a report says of a figure.
type told struct {
	Figures    kpi.Figures
	Statistics map[string]kpi.Estimate
	Previous   kpi.Estimate
}

func tell(f kpi.Figures) told {
	t := told{Figures: f, Statistics: map[string]kpi.Estimate{}, Previous: f.Previous.Estimate(f.Default())}
	for _, s := range kpi.Statistics(f.Kind()) {
		t.Statistics[s.Name] = f.Estimate(s)
	}
	return t
}

// difference is what two reports say differently of a figure, empty where nothing.
func difference(a, b kpi.Figures) string {
	if reflect.DeepEqual(a, b) {
		return "" // At once, as nearly always.
	}
	return cmp.Diff(tell(a), tell(b), cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(kpi.Result{}),
		cmpopts.IgnoreFields(kpi.Result{}, "Selection"))
}

// Who reads only the feeds of some figures gets the figures of who reads everything.
func TestFeedsAreAllThatFiguresLookAt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, policy := drawSnapshot(t), drawPolicy(t)
		all := drawSelections(t)
		whole := kpi.Compute(s, policy, march, all)
		// Those of the same feeds are read together.
		alike, feedsOf := map[string][]int{}, map[string]map[model.Feed]bool{}
		for i := range all {
			feeds := kpi.Feeds(all[i:i+1], policy)
			name := fmt.Sprint(slices.Sorted(maps.Keys(feeds)))
			alike[name], feedsOf[name] = append(alike[name], i), feeds
		}
		for name, places := range alike {
			var of []kpi.Selection
			for _, i := range places {
				of = append(of, all[i])
			}
			for j, f := range kpi.Compute(only(s, policy, feedsOf[name]), policy, march, of) {
				if diff := difference(whole[places[j]], f); diff != "" {
					t.Fatalf("%s from %s alone (-everything +alone):\n%s", of[j], name, diff)
				}
			}
		}
	})
}

// only is what is read of a snapshot where only these feeds are wanted.
func only(s *model.Snapshot, policy kpi.Policy, feeds map[model.Feed]bool) *model.Snapshot {
	c := *s
	c.Read = slices.DeleteFunc(slices.Clone(s.Read), func(f model.Feed) bool { return !feeds[f] })
	for _, feed := range s.Read {
		if !feeds[feed] {
			cut(&c, policy, feed, func(model.Feed) bool { return true })
		}
	}
	return &c
}

// cut takes facts of a feed out of a snapshot whose lists are shared: those that gone says, and of a feed that is part
// of another one what belongs to it.
func cut(s *model.Snapshot, policy kpi.Policy, feed model.Feed, gone func(model.Feed) bool) {
	drop := func() bool { return gone(feed) }
	pulls := func(change func(*model.PullRequest)) {
		s.PullRequests = slices.Clone(s.PullRequests)
		for i := range s.PullRequests {
			change(&s.PullRequests[i])
		}
	}
	issues := func(change func(*model.Issue)) {
		s.Issues = slices.Clone(s.Issues)
		for i := range s.Issues {
			change(&s.Issues[i])
		}
	}
	switch feed {
	case model.Deployments:
		s.Deployments = without(s.Deployments, drop)
	case model.Releases:
		s.Releases = without(s.Releases, drop)
	case model.Tags:
		s.Tags = without(s.Tags, drop)
	case model.Commits:
		s.Commits = without(s.Commits, drop)
		s.Branches = without(s.Branches, drop)
	case model.PullRequests:
		s.PullRequests = without(s.PullRequests, drop)
	case model.Reviews:
		pulls(func(pr *model.PullRequest) {
			pr.Reviews, pr.Comments = without(pr.Reviews, drop), without(pr.Comments, drop)
		})
	case model.Paths:
		pulls(func(pr *model.PullRequest) { pr.Paths = without(pr.Paths, drop) })
	case model.Issues:
		s.Issues = without(s.Issues, drop)
	case model.Comments:
		issues(func(i *model.Issue) { i.Comments = without(i.Comments, drop) })
	case model.Links:
		issues(func(i *model.Issue) { i.Links = without(i.Links, drop) })
	case model.PastIncidents:
		reach := kpi.Reach(march)
		s.Issues = slices.DeleteFunc(slices.Clone(s.Issues), func(i model.Issue) bool {
			return i.Updated.Before(reach) && drop()
		})
	case model.Milestones:
		s.Milestones = without(s.Milestones, drop)
	case model.Runs, model.DeployRuns:
		// A run may be both: it is there while one of them is.
		s.Runs = slices.DeleteFunc(slices.Clone(s.Runs), func(run model.Run) bool {
			deploys := slices.Contains(policy.Workflows, path.Base(run.Workflow))
			ci := slices.Contains(kpi.CIEvents(), run.Event) && !run.Created.Before(kpi.Reach(march))
			other := ci && slices.Contains(s.Read, model.Runs)
			if feed == model.Runs {
				other = deploys && slices.Contains(s.Read, model.DeployRuns)
			}
			return !other && drop()
		})
	case model.Jobs:
		s.Jobs = without(s.Jobs, drop)
	case model.VulnerabilityAlerts:
		s.Vulnerabilities = without(s.Vulnerabilities, drop)
	case model.CodeScanningAlerts:
		s.CodeScanning = without(s.CodeScanning, drop)
	default:
		panic(fmt.Sprintf("no facts are known of the feed %s", feed))
	}
}

// without is a copy of a list without the facts that drop says, asked of each.
func without[F any](list []F, drop func() bool) []F {
	return slices.DeleteFunc(slices.Clone(list), func(F) bool { return drop() })
}

// Feeds are few where few are enough.
func TestFeedsAreFew(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		id     string
		source model.Source
		filter kpi.Filter
		want   []model.Feed
	}{
		{"ci-success-rate", model.SourceDeployments, nil, []model.Feed{model.Runs}},
		{"ci-queue-time", model.SourceDeployments, nil, []model.Feed{model.Jobs, model.Runs}},
		{"deployment-frequency", model.SourceDeployments, nil, []model.Feed{model.Deployments}},
		{"deployment-frequency", model.SourceWorkflow, nil, []model.Feed{model.DeployRuns}},
		{"deployment-frequency", model.SourceMerges, nil, []model.Feed{model.Commits}},
		{"deployment-frequency", "", nil, []model.Feed{model.Deployments, model.Releases, model.Tags}},
		{"pull-request-throughput", "", nil, []model.Feed{model.PullRequests}},
		{
			"pull-request-throughput", "",
			kpi.Filter{{Attribute: kpi.Path, Glob: "api/*"}},
			[]model.Feed{model.Paths, model.PullRequests},
		},
		{"review-coverage", "", nil, []model.Feed{model.PullRequests, model.Reviews}},
		{"lead-time-for-changes", model.SourceTags, nil, []model.Feed{model.Commits, model.PullRequests, model.Tags}},
		{"bug-time-to-resolve", "", nil, []model.Feed{model.Issues}},
		{
			"bug-time-to-acknowledge", "", nil,
			[]model.Feed{model.Comments, model.Issues, model.Links, model.PullRequests, model.Reviews},
		},
		{"availability", "", nil, []model.Feed{model.Issues, model.PastIncidents}},
		{"milestones-on-time", "", nil, []model.Feed{model.Milestones}},
		{"open-vulnerabilities", "", nil, []model.Feed{model.VulnerabilityAlerts}},
	} {
		policy := kpi.DefaultPolicy()
		policy.Source = test.source
		of := kpi.Selection{Definition: kpi.BuiltIn().Find(test.id), Filter: test.filter}
		got := slices.Sorted(maps.Keys(kpi.Feeds([]kpi.Selection{of}, policy)))
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s from %q (-want +got):\n%s", of, test.source, diff)
		}
	}
}

// partOf is what feeds are read with.
var partOf = map[model.Feed]model.Feed{
	model.Reviews: model.PullRequests, model.Paths: model.PullRequests, model.Comments: model.Issues,
	model.Links: model.Issues, model.PastIncidents: model.Issues, model.Jobs: model.Runs,
}

// A part of a feed says what it is part of, so that whoever asks for the one asks for the other.
func TestFeedsHoldWhatTheyArePartOf(t *testing.T) {
	t.Parallel()
	for _, of := range append(kpi.Select(kpi.BuiltIn().All()), filtered()...) {
		feeds := kpi.Feeds([]kpi.Selection{of}, kpi.DefaultPolicy())
		for feed := range feeds {
			if of := partOf[feed]; of != "" && !feeds[of] {
				t.Errorf("%s without %s", feed, of)
			}
		}
	}
}
