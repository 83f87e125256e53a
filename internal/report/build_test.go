package report_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kpi-gate/internal/gate"
	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
	"kpi-gate/internal/report"
)

// june is a window of 30 days; Monday, 1 June 2026 is its first.
var june = model.Window{
	Since: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC),
	Until: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC),
}

// twoBugs is a repository with a bug that was resolved and an urgent one that is open, and whose runs may not be read.
func twoBugs() *model.Snapshot {
	at := func(day, hour int) time.Time { return time.Date(2026, 6, day, hour, 0, 0, 0, time.UTC) }
	return &model.Snapshot{
		Repository: model.Repository{Owner: "acme", Name: "shop", DefaultBranch: "main", URL: "https://github.com/acme/shop"},
		Issues: []model.Issue{
			{
				Number: 1, Title: "Small", URL: "https://github.com/acme/shop/issues/1", Labels: []string{"bug"},
				Created: at(2, 9), Updated: at(3, 12), Closed: at(3, 12), Reason: "COMPLETED",
			},
			{
				Number: 2, Title: "Urgent", URL: "https://github.com/acme/shop/issues/2", Labels: []string{"bug", "urgent"},
				Created: at(10, 9), Updated: at(10, 9),
			},
		},
		Read: []model.Feed{model.Issues, model.PullRequests, model.Reviews, model.Comments, model.Links},
		Gaps: []model.Gap{{Feed: model.Runs, Reason: "403", Permission: "actions: read", Advice: "grant actions: read"}},
		Usage: model.Usage{
			Requests: 12, GraphQLPoints: 8, Bytes: 4_000, Retries: 2, Waited: 1_540 * time.Millisecond, Known: 300,
		},
	}
}

// policy counts the hours from nine to five on working days for the time to resolve a bug, and money in euros.
func policy() kpi.Policy {
	p := kpi.DefaultPolicy()
	p.BusinessTime = &kpi.BusinessTime{
		Zone: time.UTC, Days: [7]bool{false, true, true, true, true, true, false},
		From: 9 * time.Hour, To: 17 * time.Hour, KPIs: kpi.Globs{"bug-time-to-resolve"},
	}
	p.DowntimeCost = &kpi.Cost{PerHour: 100, Currency: "EUR"}
	return p
}

// built is the report on twoBugs with benchmarks on some of its figures.
func built(t *testing.T, spoil func([]kpi.Figures)) *report.Report {
	t.Helper()
	p, all := policy(), kpi.BuiltIn()
	urgent := kpi.Filter{{Attribute: kpi.Label, Glob: "urgent"}}
	benchmarks := []gate.Benchmark{
		{
			Text: "bug-time-to-resolve{label=urgent}.km_p50 <= 1d", KPI: all.Find("bug-time-to-resolve"), Filter: urgent,
			Statistic: kpi.Statistic{Name: "km_p50"}, Operator: gate.AtMost, Limit: 8 * 3600,
		},
		{
			Text: "incident-age <= 1d", KPI: all.Find("incident-age"), Statistic: kpi.Statistic{Name: "p50"},
			Operator: gate.AtMost, Limit: 86_400,
		},
	}
	selections := kpi.Select(all.All())
	selections = append(selections, gate.Selections(benchmarks, selections)...)
	selections = append(selections, kpi.Selection{Definition: &kpi.Definition{
		ID: "price", Title: "Price", Family: kpi.Planning, Unit: kpi.Money, Better: kpi.Lower,
		Shape: kpi.Computed(func(*kpi.Pass, func(model.Ref) bool, func(model.Ref, time.Time)) (float64, string, bool) {
			return 12.5, "", true
		}),
	}})
	figures := kpi.Compute(twoBugs(), p, june, selections)
	if spoil != nil {
		spoil(figures)
	}
	return report.Build(report.Input{
		Snapshot: twoBugs(), Window: june, SourceReason: "no deployment was found", Figures: figures,
		Verdicts: gate.Judge(benchmarks, figures, gate.Policy{MinSamples: 1}), Cost: p.DowntimeCost,
	})
}

func find(t *testing.T, r *report.Report, id string, filtered bool) report.KPI {
	t.Helper()
	i := slices.IndexFunc(r.KPIs, func(k report.KPI) bool { return k.ID == id && (k.Filter != nil) == filtered })
	if i < 0 {
		t.Fatalf("there is no row %s", id)
	}
	return r.KPIs[i]
}

// A row over some items follows the one over all.
func TestFilteredRows(t *testing.T) {
	t.Parallel()
	r := built(t, nil)
	all := slices.IndexFunc(r.KPIs, func(k report.KPI) bool { return k.ID == "bug-time-to-resolve" })
	some := r.KPIs[all+1]
	if r.KPIs[all].Filter != nil || some.ID != r.KPIs[all].ID || some.Filter == nil || *some.Filter != "label=urgent" {
		t.Fatalf("after %+v comes %+v", r.KPIs[all], some)
	}
	if some.Title != "Time to resolve · label=urgent" || r.KPIs[all].Title != "Time to resolve" {
		t.Errorf("the titles are %q and %q", r.KPIs[all].Title, some.Title)
	}
	// The resolved bug is not urgent: 2 June 9:00 to 3 June 12:00 are 8 h + 3 h of work.
	if n, running := *some.N, *some.Running; n != 0 || running != 1 {
		t.Errorf("the urgent ones are %d + %d", n, running)
	}
	if v := r.KPIs[all].Value; v == nil || *r.KPIs[all].N != 1 {
		t.Errorf("all are %v from %d", v, *r.KPIs[all].N)
	}
	b := r.Benchmarks[0]
	if b.Filter == nil || *b.Filter != "label=urgent" || b.Title != some.Title || b.BusinessDay == nil {
		t.Errorf("the benchmark on them is %+v", b)
	}
	if more, ok := some.MoreThan["km_p50"]; !ok || b.MoreThan == nil || *b.MoreThan != more || b.Value != nil {
		t.Errorf("not reached: %v in the row, %v in the benchmark", some.MoreThan, b.MoreThan)
	}
	if _, ok := some.MoreThan["p50"]; ok || len(r.KPIs[0].MoreThan) != 0 {
		t.Errorf("other statistics are known to be more: %v", some.MoreThan)
	}
}

func TestRowOfUnits(t *testing.T) {
	t.Parallel()
	r := built(t, nil)
	resolve, address := find(t, r, "bug-time-to-resolve", false), find(t, r, "bug-time-to-address", false)
	if resolve.BusinessDay == nil || *resolve.BusinessDay != 8*3600 || address.BusinessDay != nil {
		t.Errorf("working days of %v and %v", resolve.BusinessDay, address.BusinessDay)
	}
	price := find(t, r, "price", false)
	if price.Currency == nil || *price.Currency != "EUR" || price.Unit != "currency" || resolve.Currency != nil {
		t.Errorf("currencies %v and %v", price.Currency, resolve.Currency)
	}
}

func TestSignalAndBand(t *testing.T) {
	t.Parallel()
	r := built(t, func(figures []kpi.Figures) {
		for i := range figures {
			figures[i].Signal, figures[i].Band = "", nil
		}
		figures[0].Signal, figures[0].Band = kpi.SignalRunHigh, &kpi.Band{Edition: 2024, Name: "high"}
		figures[1].Band = &kpi.Band{Edition: 2023}
	})
	first, second, third := r.KPIs[0], r.KPIs[1], r.KPIs[2]
	if first.Signal == nil || *first.Signal != "run-high" || first.Band.Edition != 2024 || *first.Band.Name != "high" {
		t.Errorf("the first is %v %+v", first.Signal, first.Band)
	}
	if second.Signal != nil || second.Band == nil || second.Band.Edition != 2023 || second.Band.Name != nil {
		t.Errorf("the second is %v %+v", second.Signal, second.Band)
	}
	if third.Band != nil {
		t.Errorf("the third is %+v", third.Band)
	}
}

// A family is empty where nothing was counted, unless somebody asks for it with a benchmark.
func TestEmptyFamilies(t *testing.T) {
	t.Parallel()
	r := built(t, nil)
	got := map[string]report.Family{}
	for _, f := range r.Families {
		if _, twice := got[f.ID]; twice {
			t.Errorf("%s is there twice", f.ID)
		}
		got[f.ID] = f
	}
	for _, want := range []report.Family{
		{ID: "delivery", Title: "Delivery", Empty: true, Why: "no deployment was found"},
		{
			ID: "planning", Title: "Planning", Folded: true, // the price
			Leading: []string{"task-completion-rate", "milestones-on-time", "milestone-completion-rate"},
		},
		{ID: "bug", Title: "Bugs"},
		{ID: "incident", Title: "Incidents"}, // the benchmark
		{ID: "support", Title: "Support", Empty: true, Why: "no such issue was seen"},
		{
			ID: "ci", Title: "Continuous integration", Empty: true,
			Why: "runs could not be read: the token lacks the permission actions: read",
		},
	} {
		f := got[want.ID]
		if want.ID == "delivery" {
			if f.Why == "" {
				t.Error("nothing says why there are no deployments")
			}
			f.Why = want.Why // Its words are kpi's.
		}
		if diff := cmp.Diff(want, f); diff != "" {
			t.Errorf("%s (-want +got):\n%s", want.ID, diff)
		}
	}
	if find(t, r, "incident-age", false).Empty || !find(t, r, "incident-time-to-resolve", false).Empty {
		t.Error("a row with a benchmark is never empty, one without a figure is")
	}
	if find(t, r, "incident-reported", false).Empty {
		t.Error("a zero that was counted is a figure")
	}
	if find(t, r, "bug-time-to-resolve", true).Empty {
		t.Error("a row with an open item is not empty")
	}
}

// A family is folded away unless a figure of it is judged or unusual, or it is one of those always in sight.
func TestFoldedFamilies(t *testing.T) {
	t.Parallel()
	all := kpi.BuiltIn()
	for _, test := range []struct{ name, judged, unusual, want string }{
		{"nothing to point at", "", "", "planning incident support security alerts"},
		{"a benchmark", "incident-age", "", "planning support security alerts"},
		{"a signal", "", "support-age", "planning incident security alerts"},
	} {
		figures := kpi.Compute(twoBugs(), policy(), june, kpi.Select(all.All()))
		for i := range figures {
			// As if all had been counted: nothing is empty.
			figures[i].Status, figures[i].Missing, figures[i].N, figures[i].Signal = kpi.Measured, false, 3, ""
			if figures[i].ID == test.unusual {
				figures[i].Signal = kpi.SignalHigh
			}
		}
		in := report.Input{Snapshot: twoBugs(), Window: june, Figures: figures}
		if test.judged != "" {
			in.Verdicts = []gate.Verdict{{Benchmark: gate.Benchmark{KPI: all.Find(test.judged)}}}
		}
		r := report.Build(in)
		var folded []string
		for _, f := range r.Families {
			if f.Folded {
				folded = append(folded, f.ID)
			}
			if f.Folded != (len(f.Leading) > 0) {
				t.Errorf("%s: %s is folded: %v, with %v in sight", test.name, f.ID, f.Folded, f.Leading)
			}
			for _, id := range f.Leading {
				if find(t, r, id, false).Family != f.ID {
					t.Errorf("%s: %s leads %s", test.name, id, f.ID)
				}
			}
		}
		if got := strings.Join(folded, " "); got != test.want {
			t.Errorf("%s: %s are folded, want %s", test.name, got, test.want)
		}
	}
}

// Nothing now after something before is something to see.
func TestEmptyNowIsNoEmptyFamily(t *testing.T) {
	t.Parallel()
	s := twoBugs()
	s.Issues = s.Issues[:1]
	july := model.Window{Since: june.Until, Until: june.Until.AddDate(0, 0, 30)}
	for window, empty := range map[model.Window]bool{
		july: false, // June is the window before
		{Since: july.Until, Until: july.Until.AddDate(0, 0, 14)}:                 false, // still in the trend of 12 weeks
		{Since: july.Until.AddDate(0, 6, 0), Until: july.Until.AddDate(0, 7, 0)}: true,
	} {
		others := func(s kpi.Selection) bool { return s.Family != kpi.Bug }
		selections := slices.DeleteFunc(kpi.Select(kpi.BuiltIn().All()), others)
		r := report.Build(report.Input{
			Snapshot: s, Window: window, Figures: kpi.Compute(s, kpi.DefaultPolicy(), window, selections),
		})
		if len(r.Families) != 1 || r.Families[0].Empty != empty {
			t.Errorf("since %s: %+v, want empty %v", window.Since, r.Families, empty)
		}
	}
}

// "Deployments: deployments" would say nothing.
func TestSource(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		in   report.Input
		want string
	}{
		{report.Input{Source: model.SourceDeployments, Found: true}, "GitHub deployments (found automatically)"},
		{report.Input{Source: model.SourceWorkflow}, "workflow runs"},
		{report.Input{Source: model.SourceTags}, "tags"},
		{report.Input{SourceReason: "nothing was deployed"}, "none: nothing was deployed"},
	} {
		test.in.Snapshot = twoBugs()
		if got := report.Build(test.in).Source; got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}

func TestFamilyTitle(t *testing.T) {
	t.Parallel()
	for family, want := range map[kpi.Family]string{
		kpi.PullRequests: "Pull requests", "incident": "Incidents", kpi.Alerts: "Security alerts",
		"customer-escalation": "Customer escalation", "überfall": "Überfall", "": "",
	} {
		if got := report.FamilyTitle(family); got != want {
			t.Errorf("%q is %q, want %q", family, got, want)
		}
	}
}
