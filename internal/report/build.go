package report

import (
	"cmp"
	"math"
	"time"

	"kpi-gate/internal/gate"
	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
	"kpi-gate/internal/stats"
)

// Input is what a report is built from.
type Input struct {
	Snapshot *model.Snapshot
	Window   model.Window
	// Source is the deployment source in force, empty for none; SourceReason then says why. Both are empty where nothing
	// in the report has to do with deployments. Found is true when it was not configured but found.
	Source       model.Source
	SourceReason string
	Found        bool
	Figures      []kpi.Figures
	Verdicts     []gate.Verdict
	// OnNoData is the policy on benchmarks that could not be judged, Evidence what a breach takes.
	OnNoData gate.OnNoData
	Evidence gate.Evidence
	// NotEnforced says why a breach does not fail the run; empty where it does.
	NotEnforced string
	// PullRequest is the number of the pull request that the gate was asked about; 0 for none.
	PullRequest int
	// Exemptions are those that the configuration has.
	Exemptions gate.Exemptions
	// Config says where the configuration came from, Warnings what whoever keeps it must know.
	Config   Config
	Warnings []string
	// Cost is what an hour of downtime costs; nil where that is not known.
	Cost *kpi.Cost
	// Cached is true where a snapshot file was given.
	Cached bool
	// Elapsed is how long the reading took.
	Elapsed time.Duration
}

// Build puts figures and verdicts into the form in which they are shown. It is pure.
func Build(in Input) *Report {
	r := &Report{
		Schema:        Schema,
		Repository:    in.Snapshot.Repository.FullName(),
		RepositoryURL: in.Snapshot.Repository.URL,
		Window:        window(in.Window),
		Previous:      window(in.Window.Before()),
		Verdict:       gate.Overall(in.Verdicts, in.OnNoData),
		OnNoData:      string(cmp.Or(in.OnNoData, gate.NoDataWarns)),
		Evidence:      string(cmp.Or(in.Evidence, gate.EvidencePoint)),
		Enforced:      in.NotEnforced == "",
		NotEnforced:   text(in.NotEnforced),
		Exemptions:    exemptions(in.Exemptions),
		Config:        in.Config,
		Published:     []Published{},
		Warnings:      append([]string{}, in.Warnings...),
		Source:        sourceWords(in),
		KPIs:          []KPI{},
		Benchmarks:    []Benchmark{},
		Read: Read{
			Requests:      in.Snapshot.Usage.Requests,
			GraphQLPoints: in.Snapshot.Usage.GraphQLPoints,
			Bytes:         in.Snapshot.Usage.Bytes,
			Retries:       in.Snapshot.Usage.Retries,
			Waited:        math.Round(in.Snapshot.Usage.Waited.Seconds()*10) / 10,
			Cache:         cache(in),
			Gaps:          []Gap{},
			Seconds:       math.Round(in.Elapsed.Seconds()*10) / 10,
		},
	}
	if in.PullRequest > 0 {
		r.PullRequest = number(in.PullRequest)
	}
	judged := map[string]bool{}
	for _, v := range in.Verdicts {
		judged[v.Benchmark.Selection().String()] = true
	}
	for _, f := range arranged(in.Figures) {
		k := row(f, in.Cost)
		k.Empty = k.blank() && !judged[k.Selection()]
		r.KPIs = append(r.KPIs, k)
	}
	for from := 0; from < len(r.KPIs); {
		to := from
		for to < len(r.KPIs) && r.KPIs[to].Family == r.KPIs[from].Family {
			to++
		}
		r.Families = append(r.Families, family(kpi.Family(r.KPIs[from].Family), r.KPIs[from:to], judged))
		from = to
	}
	rows := map[string]KPI{}
	for _, k := range r.KPIs {
		rows[k.Selection()] = k
	}
	for _, v := range in.Verdicts {
		r.Benchmarks = append(r.Benchmarks, benchmark(v, rows[v.Benchmark.Selection().String()], in.Window.Until))
	}
	for _, g := range in.Snapshot.Gaps {
		r.Read.Gaps = append(r.Read.Gaps, Gap{
			Feed: string(g.Feed), Reason: g.Reason, Advice: text(g.Advice), Permission: g.Permission,
		})
	}
	return r
}

// cache is what a snapshot file gave, nil where there was none to give anything.
func cache(in Input) *Cache {
	if !in.Cached {
		return nil
	}
	return &Cache{Known: in.Snapshot.Usage.Known, Aside: text(in.Snapshot.Aside)}
}

func window(w model.Window) Window {
	return Window{Since: instant(w.Since), Until: instant(w.Until)}
}

func instant(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// sourceWords names the deployment source for readers.
func sourceWords(in Input) string {
	words := string(in.Source)
	switch in.Source {
	case "":
		if in.SourceReason == "" {
			return ""
		}
		return "none: " + in.SourceReason
	case model.SourceDeployments:
		words = "GitHub deployments"
	case model.SourceWorkflow:
		words = "workflow runs"
	}
	if in.Found {
		words += " (found automatically)"
	}
	return words
}

// exemptions are the rules with lists that are never nil.
func exemptions(of gate.Exemptions) Exemptions {
	list := func(globs kpi.Globs) []string { return append([]string{}, globs...) }
	return Exemptions{
		Labels: list(of.Labels), Branches: list(of.Branches), Authors: list(of.Authors), Paths: list(of.Paths),
		FixingBreachedClass: of.FixingBreachedClass,
	}
}

// benchmark is a verdict as it is shown, until being the end of the window.
func benchmark(v gate.Verdict, judged KPI, until time.Time) Benchmark {
	d := v.Benchmark.KPI
	b := Benchmark{
		Text: v.Benchmark.Text, KPI: d.ID, Filter: filter(v.Benchmark.Filter), Statistic: v.Benchmark.Statistic.String(),
		Limit: v.Limit, LimitFrom: text(v.Benchmark.LimitFrom()), Relative: v.Benchmark.Relative,
		Ramp: ramp(v.Benchmark, until), Band: band(v.Benchmark.Band), Value: value(v.Estimate), MoreThan: v.Estimate.MoreThan,
		Outcome: string(v.Outcome),
		Would:   text(string(v.Would)), ExemptBy: text(string(v.ExemptBy)), Then: string(cmp.Or(v.Benchmark.Then, gate.ThenFail)),
		Because: text(v.Benchmark.Because), Owner: text(v.Benchmark.Owner),
		Reason: text(v.Reason), Items: []string{}, Operator: string(v.Benchmark.Operator), Previous: value(v.Previous),
		Kind: string(d.Kind()), Unit: string(d.Unit), Currency: judged.Currency, BusinessDay: judged.BusinessDay,
		Title: title(v.Benchmark.Selection()), Repair: d.Repair, BalancedBy: d.BalancedBy,
	}
	if v.Estimate.Known {
		b.Interval = interval(v.Estimate.Interval)
	}
	if v.Benchmark.Statistic.Name == "within" {
		b.Kind, b.Unit = string(kpi.KindShare), string(kpi.Ratio)
	}
	if d.Kind() != kpi.KindLevel && (v.Estimate.Known || v.Estimate.MoreThan != nil) {
		b.N = number(v.Estimate.N)
	}
	for _, i := range v.Items {
		b.Worst = append(b.Worst, item(i, d.Kind()))
		b.Items = append(b.Items, i.Ref.URL)
	}
	return b
}

func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func number(n int) *int { return &n }

func value(e kpi.Estimate) *float64 {
	if !e.Known {
		return nil
	}
	return &e.Value
}

func interval(i *stats.Interval) *Interval {
	if i == nil {
		return nil
	}
	side := func(x float64) *float64 {
		if math.IsInf(x, 0) {
			return nil
		}
		return &x
	}
	return &Interval{Low: side(i.Low), High: side(i.High)}
}
