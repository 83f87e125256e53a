package kpi_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
)

// classMeasures are the measures that each class has, in the order of their ranks.
var classMeasures = []string{
	"time-to-acknowledge", "time-to-address", "time-to-resolve", "time-to-ship", "reported", "resolved", "backlog", "age",
	"backlog-growth", "reopen-rate", "resolution-rate", "first-contact-resolution-rate",
}

func catalogue(t *testing.T, classes ...string) *kpi.Catalogue {
	t.Helper()
	c, err := kpi.NewCatalogue(classes...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// family are the IDs of a family, in the order of reports.
func family(c *kpi.Catalogue, name kpi.Family) []string {
	var ids []string
	for _, d := range c.All() {
		if d.Family == name {
			ids = append(ids, d.ID)
		}
	}
	return ids
}

func TestClassHasEveryMeasure(t *testing.T) {
	t.Parallel()
	c := catalogue(t, kpi.Bug, "escalation")
	for _, class := range []string{kpi.Bug, "escalation"} {
		var want []string
		for _, measure := range classMeasures {
			want = append(want, class+"-"+measure)
		}
		if diff := cmp.Diff(want, family(c, kpi.Family(class))); diff != "" {
			t.Errorf("the KPIs of the class %s (-want +got):\n%s", class, diff)
		}
		for _, id := range want {
			if d := c.Find(id); d == nil || !slices.Contains(d.Needs, model.Issues) {
				t.Errorf("%s does not need issues", id)
			}
		}
	}
	if c.Find("support-backlog") != nil {
		t.Error("a catalogue without the class support has support-backlog")
	}
}

func TestClassNamesThatAreTaken(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		classes []string
		want    string
	}{
		{[]string{"ci"}, "a class cannot be called ci: that is a family of other KPIs"},
		{[]string{"delivery"}, "a class cannot be called delivery: that is a family of other KPIs"},
		{[]string{"pull-requests"}, "a class cannot be called pull-requests: that is a family of other KPIs"},
		{[]string{"planning"}, "a class cannot be called planning: that is a family of other KPIs"},
		{[]string{"alerts"}, "a class cannot be called alerts: that is a family of other KPIs"},
		{[]string{kpi.Bug, "ticket"}, "a class cannot be called ticket: there is already a KPI ticket-backlog-growth"},
		// Which of the KPIs is named is of no interest.
		{[]string{kpi.Bug, kpi.Bug}, "a class cannot be called bug: there is already a KPI bug-"},
	} {
		if _, err := kpi.NewCatalogue(test.classes...); err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%v: the error is %v, want %s", test.classes, err, test.want)
		}
	}
}

func TestFamiliesAndRanksAreInOrder(t *testing.T) {
	t.Parallel()
	c := catalogue(t, "zebra", kpi.Security, kpi.Incident, "escalation", kpi.Support, kpi.Bug)
	var families []kpi.Family
	ranks := map[kpi.Family]int{}
	for _, d := range c.All() {
		if len(families) == 0 || families[len(families)-1] != d.Family {
			families = append(families, d.Family)
		}
		if d.Rank <= ranks[d.Family] {
			t.Errorf("%s has the rank %d, after %d", d.ID, d.Rank, ranks[d.Family])
		}
		ranks[d.Family] = d.Rank
	}
	want := []kpi.Family{
		kpi.Delivery, kpi.PullRequests, kpi.Planning, "bug", "incident", "support", "security", "escalation", "zebra",
		kpi.CI, kpi.Alerts,
	}
	if diff := cmp.Diff(want, families); diff != "" {
		t.Errorf("families (-want +got):\n%s", diff)
	}
	incidents := family(c, kpi.Family(kpi.Incident))
	if diff := cmp.Diff([]string{
		"mean-time-to-detect", "mean-time-to-resolution", "mean-time-between-failures", "availability", "downtime",
		"cost-of-downtime",
	}, incidents[len(classMeasures):]); diff != "" {
		t.Errorf("KPIs of incidents alone (-want +got):\n%s", diff)
	}
}

func TestBalancesExist(t *testing.T) {
	t.Parallel()
	c := catalogue(t, kpi.Bug, kpi.Incident, kpi.Support, kpi.Security, "escalation")
	for _, d := range c.All() {
		for _, id := range d.BalancedBy {
			if c.Find(id) == nil || id == d.ID {
				t.Errorf("%s is balanced by %s", d.ID, id)
			}
		}
	}
}

// classIssues are issues in which every measure of a class finds something, marked as of a class by mark: W is January.
func classIssues(mark func(*model.Issue)) []model.Issue {
	ann, mia := model.Actor{Login: "ann"}, model.Actor{Login: "mia"}
	event := func(kind model.EventKind, day int) model.Event {
		return model.Event{Kind: kind, At: date(day), Actor: mia, Reason: "COMPLETED"}
	}
	fix := model.Link{Number: 11, Author: mia, Created: date(6), Merged: date(8), MergeCommit: "c1"}
	issues := []model.Issue{
		{Created: date(5), Closed: date(8), Reason: "COMPLETED", Links: []model.Link{fix}, Events: []model.Event{
			event(model.Closed, 8),
		}, Comments: []model.Comment{{Author: mia, Association: "MEMBER", Created: date(7)}}},
		{Created: date(1).AddDate(0, 0, -9), Events: []model.Event{event(model.Closed, 9), event(model.Reopened, 12)}},
		{Created: date(20)},
		{Created: date(1).AddDate(0, 0, -20), Closed: date(22)},
	}
	for i := range issues {
		issue := &issues[i]
		issue.Number, issue.Author, issue.Updated = 21+i, ann, date(31)
		issue.URL = fmt.Sprintf("https://github.com/o/r/issues/%d", issue.Number)
		mark(issue)
	}
	return issues
}

// classSnapshot is a repository with these issues, in which the fix of the first shipped on 10 January.
func classSnapshot(issues []model.Issue) *model.Snapshot {
	success := func(id int64, sha string, day int) model.Deployment {
		return model.Deployment{
			ID: id, Environment: "production", SHA: sha, Created: date(day),
			Statuses: []model.DeploymentStatus{{State: "SUCCESS", Created: date(day)}},
		}
	}
	return &model.Snapshot{
		Repository: model.Repository{Owner: "o", Name: "r", DefaultBranch: "main", URL: "https://github.com/o/r"},
		Read: []model.Feed{
			model.Deployments, model.Commits, model.PullRequests, model.Reviews, model.Issues, model.Comments, model.Links,
		},
		Branches: []model.Branch{{Name: "main", Head: "c1"}},
		Commits: []model.Commit{
			{SHA: "c0", Committed: date(2), Authored: date(2)},
			{SHA: "c1", Parents: []string{"c0"}, Committed: date(8), Authored: date(8), PullRequests: []int{11}},
		},
		PullRequests: []model.PullRequest{{
			Number: 11, Author: model.Actor{Login: "mia"}, Created: date(6), Updated: date(8), Closed: date(8),
			Merged: date(8), MergeCommit: "c1", Base: "main", Head: "fix",
		}},
		Deployments: []model.Deployment{success(1, "c0", 3), success(2, "c1", 10)},
		Issues:      issues,
	}
}

// classFigures are the figures of a class's measures in January.
func classFigures(t *testing.T, class string, s *model.Snapshot, policy kpi.Policy) []figure {
	t.Helper()
	c := catalogue(t, class)
	var all []figure
	for _, measure := range classMeasures {
		f := kpi.Compute(s, policy, january, []kpi.Selection{{Definition: c.Find(class + "-" + measure)}})[0]
		out := figure{
			Name: measure, Status: f.Status, N: f.N, Hits: f.Hits, Running: f.Running,
			Statistics: map[string]float64{"default": valueOf(f.Estimate(f.Default()))},
			Previous:   valueOf(f.Previous.Estimate(f.Default())),
		}
		for _, i := range f.Items {
			out.Items, out.Values = append(out.Items, itemName(i.Ref)), append(out.Values, i.Value)
		}
		for _, point := range f.Trend {
			out.Trend = append(out.Trend, point.Value)
		}
		all = append(all, out)
	}
	return all
}

// The same issues give the same figures, whatever class they are of, and by what they are of it.
func TestClassesMeasureAlike(t *testing.T) {
	t.Parallel()
	labelled := func(label string) func(*model.Issue) {
		return func(i *model.Issue) { i.Labels = []string{"p1", label} }
	}
	want := classFigures(t, kpi.Bug, classSnapshot(classIssues(labelled("bug"))), kpi.DefaultPolicy())
	for _, f := range want {
		if f.Status != kpi.Measured || len(f.Items) == 0 {
			t.Errorf("%s is %s with %d items: nothing to compare", f.Name, f.Status, len(f.Items))
		}
	}
	own := kpi.DefaultPolicy()
	own.Classes["escalation"] = kpi.Class{Labels: kpi.Globs{"customer-*"}, Types: kpi.Globs{"Escalation"}}
	for _, test := range []struct {
		class  string
		mark   func(*model.Issue)
		policy kpi.Policy
	}{
		{kpi.Bug, func(i *model.Issue) { i.Type = "Bug" }, kpi.DefaultPolicy()},
		{kpi.Incident, labelled("SEV1"), kpi.DefaultPolicy()},
		{kpi.Support, labelled("type: question"), kpi.DefaultPolicy()},
		{kpi.Security, labelled("vulnerability"), kpi.DefaultPolicy()},
		{"escalation", labelled("Customer-Escalation"), own},
		{"escalation", func(i *model.Issue) { i.Type = "escalation" }, own},
	} {
		got := classFigures(t, test.class, classSnapshot(classIssues(test.mark)), test.policy)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s, unlike bug (-bug +%s):\n%s", test.class, test.class, diff)
		}
	}
	for _, f := range classFigures(t, "escalation", classSnapshot(classIssues(labelled("bug"))), own) {
		if len(f.Items) > 0 {
			t.Errorf("escalation-%s counts bugs: %v", f.Name, f.Items)
		}
	}
}

// An incident closed as not planned or duplicate counts nowhere but in incident-reported and incident-reopen-rate.
func TestIncidentsThatWereNone(t *testing.T) {
	t.Parallel()
	for _, reason := range []string{"NOT_PLANNED", "DUPLICATE"} {
		issues := classIssues(func(i *model.Issue) { i.Labels = []string{"incident"} })
		mia := model.Actor{Login: "mia"}
		// One opened and one only closed in W, and one that was reopened in it.
		for i, created := range []time.Time{date(4), date(1).AddDate(0, 0, -5), date(1).AddDate(0, 0, -8)} {
			none := model.Issue{
				Number: 31 + i, Author: model.Actor{Login: "ann"}, Created: created, Updated: date(31), Closed: date(25),
				Reason: reason, Labels: []string{"incident"}, Links: issues[0].Links, Comments: issues[0].Comments,
				Events: []model.Event{{Kind: model.Closed, At: date(25), Actor: mia, Reason: reason}},
			}
			if i == 2 {
				none.Events = []model.Event{
					{Kind: model.Closed, At: date(2), Actor: mia, Reason: "COMPLETED"},
					{Kind: model.Reopened, At: date(3), Actor: mia},
					none.Events[0],
				}
			}
			issues = append(issues, none)
		}
		policy := kpi.DefaultPolicy()
		policy.DowntimeCost = &kpi.Cost{PerHour: 10, Currency: "EUR"}
		c := catalogue(t, kpi.Incident)
		var selections []kpi.Selection
		for _, id := range append(family(c, kpi.Family(kpi.Incident)), "change-failure-rate") {
			selections = append(selections, kpi.Selection{Definition: c.Find(id)})
		}
		without := kpi.Compute(classSnapshot(issues[:4]), policy, january, selections)
		for i, f := range kpi.Compute(classSnapshot(issues), policy, january, selections) {
			var got, want []string
			for _, item := range f.Items {
				got = append(got, itemName(item.Ref))
			}
			for _, item := range without[i].Items {
				want = append(want, itemName(item.Ref))
			}
			switch f.ID {
			case "incident-reported":
				// Newest first; #32 and #33 were opened before W.
				want = []string{"#23", "#21", "#31"}
			case "incident-reopen-rate":
				// The hits, #33 (last closed on the 25th) and #22, then the misses, latest close first, ties by number.
				want = []string{"#33", "#22", "#31", "#32", "#24", "#21"}
			default:
				now, before := f.Estimate(f.Default()), without[i].Estimate(f.Default())
				if diff := cmp.Diff(valueOf(before), valueOf(now)); diff != "" {
					t.Errorf("%s, %s: changes the figure (-without +with):\n%s", reason, f.ID, diff)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, %s: items (-want +got):\n%s", reason, f.ID, diff)
			}
		}
	}
}

// A class of the user's own may be called hotfix, whatever pull requests are hotfixes by.
func TestClassCalledHotfix(t *testing.T) {
	t.Parallel()
	s := classSnapshot(classIssues(func(i *model.Issue) { i.Labels = []string{"hotfix", "urgent"} }))
	s.PullRequests[0].Labels = []string{"hotfix", "urgent"}
	policy := kpi.DefaultPolicy()
	c := catalogue(t, "hotfix")
	rework := kpi.Selection{Definition: c.Find("deployment-rework-rate")}
	backlog := kpi.Selection{Definition: c.Find("hotfix-backlog")}
	for _, test := range []struct {
		labels        string
		hits, backlog int
	}{{"fault", 1, 0}, {"urgent", 1, 2}} {
		policy.Classes = map[string]kpi.Class{"hotfix": {Labels: kpi.Globs{test.labels}}}
		for _, of := range [][]kpi.Selection{{rework, backlog}, {backlog, rework}} {
			for _, f := range kpi.Compute(s, policy, january, of) {
				switch {
				case f.ID == rework.ID && f.Hits != test.hits:
					t.Errorf("%s, class {%s}: %s has %d hits, want %d", of, test.labels, f, f.Hits, test.hits)
				case f.ID == backlog.ID && len(f.Items) != test.backlog:
					t.Errorf("%s, class {%s}: %s has %d items, want %d", of, test.labels, f, len(f.Items), test.backlog)
				}
			}
		}
	}
}

// Every text is there, and those for readers are one sentence each.
func TestTexts(t *testing.T) {
	t.Parallel()
	for _, d := range catalogue(t, kpi.Bug, kpi.Incident, kpi.Support, kpi.Security, "escalation").All() {
		for name, text := range map[string]string{"Plain": d.Plain, "Moves": d.Moves, "Repair": d.Repair} {
			first, last := text[:min(1, len(text))], strings.TrimSuffix(text, ".")
			if first != strings.ToUpper(first) || last == text || strings.ContainsAny(last, ".\n`") {
				t.Errorf("%s: %s is not one sentence: %q", d.ID, name, text)
			}
		}
		first, rest, more := strings.Cut(d.Doc, "\n\n")
		alone := first != "" && !strings.Contains(first, "\n") && !strings.HasSuffix(first, ".")
		if !alone || more && !strings.HasSuffix(rest, ".") {
			t.Errorf("%s: the first line of Doc does not stand alone, or its last is no sentence: %q", d.ID, d.Doc)
		}
		drawn := d.Kind() == kpi.KindDuration || d.Kind() == kpi.KindAmount || d.Kind() == kpi.KindShare
		if drawn != (d.Empty != "") || strings.HasSuffix(d.Empty, ".") {
			t.Errorf("%s is a %s, and Empty is %q", d.ID, d.Kind(), d.Empty)
		}
		if len(d.Items) == 0 || len(d.BalancedBy) == 0 || d.Title == "" || len(d.Needs) == 0 && !d.NeedsSource {
			t.Errorf("%s lacks items, what balances it, a title, or feeds", d.ID)
		}
	}
}
