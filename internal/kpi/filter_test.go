package kpi_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
)

// january is the window of the tests of filters.
var january = model.Window{Since: date(1), Until: date(31)}

// date is a day of January 2026; 32 is the first of February.
func date(day int) time.Time { return time.Date(2026, 1, day, 0, 0, 0, 0, time.UTC) }

// term reads attribute=glob.
func term(text string) kpi.Term {
	attribute, glob, _ := strings.Cut(text, "=")
	return kpi.Term{Attribute: kpi.Attribute(attribute), Glob: glob}
}

func filter(terms ...string) kpi.Filter {
	var f kpi.Filter
	for _, text := range terms {
		f = append(f, term(text))
	}
	return f
}

func TestFilterString(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		filter kpi.Filter
		want   string
	}{
		{nil, ""},
		{filter(), ""},
		{filter("label=sev1"), "{label=sev1}"},
		// In the order of their texts, each once.
		{filter("label=sev1", "author=octocat"), "{author=octocat,label=sev1}"},
		{filter("label=b", "label=a", "label=b"), "{label=a,label=b}"},
		{filter("label=type: bug"), `{label="type: bug"}`},
		{filter("label=a\u00a0b"), "{label=\"a\u00a0b\"}"}, // a blank that does not break
		{filter("label=a\tb"), "{label=\"a\tb\"}"},
		{filter("label=a,b"), `{label="a,b"}`},
		{filter("label={a}"), `{label="{a}"}`},
		{filter("label=c#"), `{label="c#"}`},
		{filter("label=a=b"), `{label="a=b"}`},
		{filter(`label=say "hi"`), `{label="say \"hi\""}`},
		// What stands for something in a glob needs no quotes.
		{filter("path=api/*.g?", "label=sev[0-9]"), "{label=sev[0-9],path=api/*.g?}"},
		{filter("label=größe:XL"), "{label=größe:XL}"},
	} {
		if got := test.filter.String(); got != test.want {
			t.Errorf("%v reads %s, want %s", []kpi.Term(test.filter), got, test.want)
		}
	}
	of := kpi.Selection{Definition: kpi.BuiltIn().Find("bug-backlog"), Filter: filter("label=sev1")}
	if got, want := of.String(), "bug-backlog{label=sev1}"; got != want {
		t.Errorf("the selection reads %s, want %s", got, want)
	}
}

// filterable is a repository with an item of every kind and every attribute.
func filterable() *model.Snapshot {
	octocat, ann, robot := model.Actor{Login: "octocat"}, model.Actor{Login: "Ann"}, model.Actor{Login: "robot", Bot: true}
	success := func(day int) []model.DeploymentStatus {
		return []model.DeploymentStatus{{State: "SUCCESS", Created: date(day)}}
	}
	run := func(id int64, day int, workflow string, by model.Actor) model.Run {
		return model.Run{
			ID: id, Workflow: workflow, Branch: "main", Event: "push", SHA: "m1", Status: "completed", Conclusion: "success",
			Attempt: 1, Created: date(day), Started: date(day), Updated: date(day).Add(time.Hour), Actor: by,
		}
	}
	queued := run(23, 12, ".github/workflows/ci.yml", robot)
	queued.Event, queued.Branch = model.MergeGroup, "gh-readonly-queue/release/1.0/pr-7-0123abc"
	job := func(id, run int64, day int) model.Job {
		return model.Job{ID: id, Run: run, Conclusion: "success", Created: date(day), Started: date(day)}
	}
	alert := func(kind string, number int, severity string) model.Alert {
		url := "https://github.com/o/r/security/" + kind + "/" + string(rune('0'+number))
		return model.Alert{Number: number, URL: url, Severity: severity, Created: date(10 + number)}
	}
	return &model.Snapshot{
		Repository: model.Repository{Owner: "o", Name: "r", DefaultBranch: "main", URL: "https://github.com/o/r"},
		Read: []model.Feed{
			model.Deployments, model.Releases, model.Tags, model.Commits, model.PullRequests, model.Issues, model.Links,
			model.PastIncidents, model.Runs, model.DeployRuns, model.Paths, model.Milestones, model.Jobs, model.VulnerabilityAlerts,
			model.CodeScanningAlerts,
		},
		Branches: []model.Branch{{Name: "main", Head: "m3"}, {Name: "release/1.0", Head: "r1"}, {Name: "topic", Head: "m3"}},
		Commits: []model.Commit{
			{SHA: "m0", Authored: date(2), Committed: date(2), Author: octocat},
			{
				SHA: "m1", Parents: []string{"m0"}, Authored: date(10), Committed: date(10), Author: octocat,
				PullRequests: []int{1},
			},
			{SHA: "m2", Parents: []string{"m1"}, Authored: date(12), Committed: date(12), Author: ann, Message: "pushed"},
			{SHA: "m3", Parents: []string{"m2"}, Authored: date(14), Committed: date(14), Author: ann, PullRequests: []int{3}},
			{SHA: "r1", Parents: []string{"m1"}, Authored: date(13), Committed: date(13), Author: octocat, Message: "pushed"},
		},
		PullRequests: []model.PullRequest{
			{
				Number: 1, Author: octocat, Base: "main", Created: date(8), Closed: date(10), Merged: date(10), MergeCommit: "m1",
				Labels: []string{"type: bug", "sev1"}, Paths: []string{"api/v1/a.go", "docs/a.md"},
			},
			{
				Number: 2, Author: ann, Base: "release/1.0", Created: date(9), Closed: date(11), Merged: date(11),
				Labels: []string{"Sev2"}, Paths: []string{"web/index.html"},
			},
			{
				Number: 3, Author: robot, Base: "main", Created: date(9), Closed: date(14), Merged: date(14), MergeCommit: "m3",
				Paths: []string{"go.mod"},
			},
		},
		Issues: []model.Issue{
			{Number: 4, Author: octocat, Created: date(10), Labels: []string{"bug", "sev1"}},
			{Number: 5, Author: ann, Created: date(11), Labels: []string{"bug", "sev2"}},
			{Number: 6, Author: robot, Created: date(12), Type: "Bug"},
		},
		Milestones: []model.Milestone{{
			Number: 1, Due: date(20), Created: date(1), Closed: date(20), Items: []model.MilestoneItem{
				{Kind: model.RefPullRequest, Number: 1, Created: date(8), Closed: date(10)},
				{Kind: model.RefIssue, Number: 4, Created: date(10)},
				{Kind: model.RefIssue, Number: 9, Created: date(1)}, // Read with the milestone only.
			},
		}},
		Deployments: []model.Deployment{
			{ID: 11, Environment: "production", SHA: "m0", Created: date(9), Creator: octocat, Statuses: success(9)},
			{ID: 12, Environment: "prod-eu", SHA: "m3", Created: date(15), Creator: robot, Statuses: success(15)},
			{ID: 13, Environment: "prod-us", SHA: "m3", Created: date(16), Statuses: success(16)}, // By nobody knows whom.
		},
		Releases: []model.Release{
			{ID: 14, Tag: "v1", SHA: "m0", Published: date(9), Author: octocat},
			{ID: 15, Tag: "v2", SHA: "m3", Published: date(15), Author: robot},
		},
		Tags: []model.Tag{{Name: "v1", SHA: "m0", Date: date(9)}},
		Runs: []model.Run{
			run(21, 10, ".github/workflows/ci.yml", octocat), run(22, 11, ".github/workflows/nightly/lint.yml", ann), queued,
			run(24, 13, "", model.Actor{}), // Of a workflow that GitHub does not name, by nobody knows whom.
		},
		Jobs:            []model.Job{job(31, 21, 10), job(32, 22, 11), job(33, 23, 12), job(34, 24, 13)},
		Vulnerabilities: []model.Alert{alert("v", 1, "critical"), alert("v", 2, "high"), alert("v", 3, "")},
		CodeScanning:    []model.Alert{alert("c", 1, "low"), alert("c", 2, "critical")},
	}
}

// itemsOf are the names of the items behind a KPI, in order of their names, or the reason why there is no figure.
func itemsOf(s *model.Snapshot, policy kpi.Policy, id string, f kpi.Filter) []string {
	of := kpi.Selection{Definition: kpi.BuiltIn().Find(id), Filter: f}
	r := kpi.Compute(s, policy, january, []kpi.Selection{of})[0]
	if r.Missing {
		return []string{r.Reason}
	}
	names := []string{}
	for _, i := range r.Items {
		names = append(names, itemName(i.Ref))
	}
	slices.Sort(names)
	return names
}

// untold is the reason why deployments of a source cannot be filtered.
func untold(source, attribute string) string {
	return "the source " + source + " does not tell the " + attribute + " of a deployment"
}

func TestFiltersKeepItems(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		kpi    string
		source model.Source
		terms  string // divided by blanks
		want   string
	}{
		// Pull requests.
		{"pull-request-throughput", "", "", "#1 #2 #3"},
		{"pull-request-throughput", "", "label=sev1", "#1"},
		{"pull-request-throughput", "", "label=SEV?", "#1 #2"},
		{"pull-request-throughput", "", "label=sev[0-9]", "#1 #2"},
		{"pull-request-throughput", "", "label=sev", ""},
		{"pull-request-throughput", "", "label=*", "#1 #2"},
		{"pull-request-throughput", "", "label=*:*bug", "#1"},
		{"pull-request-throughput", "", "author=ann", "#2"},
		{"pull-request-throughput", "", "author=robot[bot]", "#3"},
		{"pull-request-throughput", "", "base=release/*", "#2"},
		{"pull-request-throughput", "", "base=*", "#1 #2 #3"},
		{"pull-request-throughput", "", "path=api/*", "#1"},
		{"pull-request-throughput", "", "path=*.md", "#1"},
		{"pull-request-throughput", "", "path=api", ""},
		{"pull-request-throughput", "", "path=*/*", "#1 #2"},
		// Two terms mean both, though one label may meet the one and another the other.
		{"pull-request-throughput", "", "label=sev* author=ann", "#2"},
		{"pull-request-throughput", "", "label=sev1 author=ann", ""},
		{"pull-request-throughput", "", "label=sev1 label=*bug", "#1"},
		{"pull-request-throughput", "", "label=sev1 label=sev2", ""},
		{"pull-request-throughput", "", "path=api/* path=docs/*", "#1"},
		{"pull-request-throughput", "", "label=sev1 author=oct* base=main path=docs/*", "#1"},
		// Issues; a type is no label.
		{"bug-backlog", "", "label=sev*", "#4 #5"},
		{"bug-backlog", "", "author=octocat", "#4"},
		{"bug-backlog", "", "label=bug", "#4 #5"},
		{"ticket-backlog-growth", "", "author=ann", "#5"},
		// What is in a milestone is an issue or a pull request; nothing is known of #9.
		{"milestone-completion-rate", "", "", "#1 #4 #9"},
		{"milestone-completion-rate", "", "label=*", "#1 #4"},
		// Deployments, of every source. The run 24 has no workflow, deployment 13 no creator.
		{"deployment-frequency", model.SourceDeployments, "environment=PROD-*", "12 13"},
		{"deployment-frequency", model.SourceDeployments, "environment=prod-* author=robot", "12"},
		{"deployment-frequency", model.SourceDeployments, "author=*", "11 12"},
		{"deployment-frequency", model.SourceDeployments, "label=x", untold("deployments", "label")},
		{"deployment-frequency", model.SourceWorkflow, "workflow=ci.yml", "21 23"},
		{"deployment-frequency", model.SourceWorkflow, "author=octocat", "21"},
		{"deployment-frequency", model.SourceWorkflow, "base=release/1.0", "23"},
		{"deployment-frequency", model.SourceWorkflow, "environment=production", untold("workflow", "environment")},
		{"deployment-frequency", model.SourceReleases, "author=robot[bot]", "v2"},
		{"deployment-frequency", model.SourceReleases, "environment=production", untold("releases", "environment")},
		{"deployment-frequency", model.SourceTags, "author=ann", untold("tags", "author")},
		{"deployment-frequency", model.SourceMerges, "author=ann", "m2 m3"},
		{"deployment-frequency", model.SourceMerges, "base=release/*", "m0 m1 r1"},
		{"deployment-frequency", model.SourceMerges, "base=topic", ""}, // It is no production branch.
		{"deployment-frequency", model.SourceMerges, "environment=x author=ann", untold("merges", "environment")},
		// Changes, shipped or not: a pull request has labels and paths, a direct push only an author and a branch.
		{"lead-time-for-changes", model.SourceDeployments, "", "#1 #2 #3 m2 r1"},
		{"lead-time-for-changes", model.SourceDeployments, "author=ann", "#2 m2"},
		{"lead-time-for-changes", model.SourceDeployments, "base=main", "#1 #3 m2"},
		{"lead-time-for-changes", model.SourceDeployments, "base=release/*", "#2 r1"},
		{"lead-time-for-changes", model.SourceDeployments, "label=*", "#1 #2"},
		{"lead-time-for-changes", model.SourceDeployments, "path=*", "#1 #2 #3"},
		// Runs, by the whole path of their workflow or the last part of it; a merge queue's belong to its branch.
		{"ci-success-rate", "", "workflow=ci.yml", "21 23"},
		{"ci-success-rate", "", "workflow=.github/workflows/nightly/*", "22"},
		{"ci-success-rate", "", "workflow=nightly", ""},
		{"ci-success-rate", "", "workflow=*", "21 22 23"},
		{"ci-success-rate", "", "base=release/1.0", "23"},
		{"ci-success-rate", "", "author=*", "21 22 23"},
		// Jobs, by their run.
		{"ci-queue-time", "", "workflow=lint.yml", "32"},
		{"ci-queue-time", "", "base=main author=ann", "32"},
		{"ci-queue-time", "", "base=release/*", "33"},
		// Alerts: both kinds count from 1.
		{"open-vulnerabilities", "", "severity=critical", "1"},
		{"open-vulnerabilities", "", "severity=*", "1 2"},
		{"open-code-scanning-alerts", "", "severity=critical", "2"},
		{"open-code-scanning-alerts", "", "severity=low", "1"},
	} {
		policy := kpi.DefaultPolicy()
		policy.Source, policy.IncludeBots = test.source, true
		policy.Branches, policy.Workflows = kpi.Globs{"main", "release/*"}, []string{"ci.yml", "lint.yml"}
		got := strings.Join(itemsOf(filterable(), policy, test.kpi, filter(strings.Fields(test.terms)...)), " ")
		if got != test.want {
			t.Errorf("%s{%s}, source %q: %s, want %s", test.kpi, test.terms, test.source, got, test.want)
		}
	}
}

// What a KPI says it can be filtered by is what distinguishes its items: for each such attribute the glob * keeps
// something where all is known of an item, and for any other attribute it keeps nothing.
func TestAttributesAreThoseOfTheItems(t *testing.T) {
	t.Parallel()
	all := []kpi.Attribute{kpi.Label, kpi.Author, kpi.Environment, kpi.Base, kpi.Path, kpi.Workflow, kpi.Severity}
	for _, id := range []string{
		"pull-request-throughput", "bug-backlog", "milestone-completion-rate", "milestones-on-time", "lead-time-for-changes",
		"ci-success-rate", "ci-queue-time", "open-vulnerabilities", "open-code-scanning-alerts",
	} {
		policy := kpi.DefaultPolicy()
		policy.Source, policy.IncludeBots = model.SourceDeployments, true
		d := kpi.BuiltIn().Find(id)
		for _, a := range all {
			items := itemsOf(filterable(), policy, id, kpi.Filter{{Attribute: a, Glob: "*"}})
			if can := slices.Contains(d.Attributes(), a); can != (len(items) > 0) {
				t.Errorf("%s has the attribute %s: %t, but {%s=*} keeps %q", id, a, can, a, items)
			}
		}
	}
	// A deployment's depend on the source, so there are all that any source has.
	got := kpi.BuiltIn().Find("deployment-frequency").Attributes()
	want := []kpi.Attribute{kpi.Environment, kpi.Author, kpi.Workflow, kpi.Base}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("attributes of deployments (-want +got):\n%s", diff)
	}
}

// A label counts as it stood at the end of each window: the report's, the one before it, and each week of the trend.
func TestFiltersSeeLabelsOfTheInstant(t *testing.T) {
	t.Parallel()
	s := filterable()
	s.Issues = []model.Issue{{
		Number: 1, Created: date(1).AddDate(0, 0, -10), Labels: []string{"sev2"}, // Opened on 22 December.
		Events: []model.Event{
			{Kind: model.Labeled, At: date(1).AddDate(0, 0, -10), Label: "sev1"},
			{Kind: model.Unlabeled, At: date(10), Label: "sev1"},
			{Kind: model.Labeled, At: date(20), Label: "sev1"},
			{Kind: model.Unlabeled, At: date(31), Label: "sev1"},
			{Kind: model.Labeled, At: date(31), Label: "sev2"},
		},
	}}
	of := kpi.Selection{Definition: kpi.BuiltIn().Find("task-completion-rate"), Filter: filter("label=sev1")}
	r := kpi.Compute(s, kpi.DefaultPolicy(), january, []kpi.Selection{of})[0]
	// sev1 until 10 January and from the 20th until the 31st: just before the 31st it is there, just before the 1st too.
	if r.N != 1 || r.Previous.N != 1 {
		t.Errorf("n is %d, in the window before %d, want 1 and 1", r.N, r.Previous.N)
	}
	// The last six weeks end on 27 December, 3, 10, 17, 24 and 31 January. Just before the 10th it still has the label,
	// just before the 17th it has not.
	var n []int
	for _, point := range r.Trend[6:] {
		n = append(n, point.N)
	}
	if diff := cmp.Diff([]int{1, 1, 1, 0, 1, 1}, n); diff != "" {
		t.Errorf("the last weeks (-want +got):\n%s", diff)
	}
}

// Paths are a feed of their own: a figure that asks for them needs it.
func TestFiltersOnPathsNeedPaths(t *testing.T) {
	t.Parallel()
	read := filterable()
	read.Gaps = []model.Gap{{Feed: model.Paths, Reason: "files could not be read", Permission: "contents: read"}}
	unread := filterable()
	unread.Read = slices.DeleteFunc(unread.Read, func(f model.Feed) bool { return f == model.Paths })
	for _, test := range []struct {
		snapshot *model.Snapshot
		terms    string
		want     string
	}{
		{read, "author=octocat", "#1"},
		{read, "path=api/*", "paths could not be read: the token lacks the permission contents: read"},
		{unread, "author=octocat", "#1"},
		{unread, "path=api/* author=octocat", "paths were not read"},
	} {
		got := itemsOf(test.snapshot, kpi.DefaultPolicy(), "pull-request-throughput", filter(strings.Fields(test.terms)...))
		if joined := strings.Join(got, " "); joined != test.want {
			t.Errorf("{%s}: %s, want %s", test.terms, joined, test.want)
		}
	}
}
