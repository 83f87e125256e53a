package report

import (
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
	// Source is the deployment source in force, empty for none; SourceReason then says why. Found is true when it was not
	// configured but found.
	Source       model.Source
	SourceReason string
	Found        bool
	Figures      []kpi.Figures
	Verdicts     []gate.Verdict
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
		Verdict:       gate.Overall(in.Verdicts),
		Source:        sourceWords(in),
		KPIs:          []KPI{},
		Benchmarks:    []Benchmark{},
		Read: Read{
			Requests:      in.Snapshot.Usage.Requests,
			GraphQLPoints: in.Snapshot.Usage.GraphQLPoints,
			Gaps:          []Gap{},
			Seconds:       math.Round(in.Elapsed.Seconds()*10) / 10,
		},
	}
	for _, f := range in.Figures {
		family := string(f.Definition.Family)
		if n := len(r.Families); n == 0 || r.Families[n-1].ID != family {
			r.Families = append(r.Families, Family{ID: family, Title: familyTitle(family)})
		}
		r.KPIs = append(r.KPIs, row(f))
	}
	for _, v := range in.Verdicts {
		r.Benchmarks = append(r.Benchmarks, benchmark(v))
	}
	for _, g := range in.Snapshot.Gaps {
		r.Read.Gaps = append(r.Read.Gaps, Gap{Feed: string(g.Feed), Reason: g.Reason, Permission: g.Permission})
	}
	return r
}

func window(w model.Window) Window {
	return Window{Since: instant(w.Since), Until: instant(w.Until)}
}

func instant(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// sourceWords names the deployment source for readers.
func sourceWords(in Input) string {
	switch {
	case in.Source == "":
		return "none: " + in.SourceReason
	case in.Found:
		return string(in.Source) + " (found automatically)"
	default:
		return string(in.Source)
	}
}

func familyTitle(id string) string {
	switch kpi.Family(id) {
	case kpi.Delivery:
		return "Delivery"
	case kpi.PullRequests:
		return "Pull requests"
	case kpi.CI:
		return "Continuous integration"
	case kpi.Bug:
		return "Bugs"
	default:
		return id
	}
}

func row(f kpi.Figures) KPI {
	d := f.Definition
	e := f.Estimate(d.Default())
	k := KPI{
		ID: d.ID, Family: string(d.Family), Kind: string(d.Kind()), Unit: string(d.Unit), Better: string(d.Better),
		Status: string(f.Status), Reason: text(f.Reason), Source: text(f.Source),
		Statistic: d.Default().Name, Statistics: map[string]*float64{}, Notes: []string{}, Items: []Item{},
		Title: d.Title, Definition: d.Doc, Plain: d.Plain, Repair: d.Repair,
	}
	k.Notes = append(k.Notes, f.Notes...)
	measured := f.Status != kpi.NotMeasured || !f.Missing
	if measured {
		switch d.Kind() {
		case kpi.KindDuration:
			k.N, k.Running = number(f.N), number(f.Running)
		case kpi.KindAmount:
			k.N = number(f.N)
		case kpi.KindShare:
			k.N, k.Hits = number(f.N), number(f.Hits)
		case kpi.KindRate:
			k.N, k.Events = number(f.N), number(f.N)
		}
	}
	for _, s := range kpi.Statistics(d.Kind()) {
		k.Statistics[s.Name] = value(f.Estimate(s))
	}
	k.Value = value(e)
	if e.Known {
		k.Interval = interval(e.Interval)
	}
	k.Previous = previous(f)
	for _, p := range f.Trend {
		point := Point{Since: instant(p.Window.Since)}
		if d.Kind() != kpi.KindLevel && p.Read {
			point.N = number(p.N)
		}
		if p.Known {
			point.Value = &p.Value
		}
		k.Trend = append(k.Trend, point)
	}
	for _, i := range f.Items {
		k.Items = append(k.Items, item(i, d.Kind()))
	}
	return k
}

func previous(f kpi.Figures) *Previous {
	p := &Previous{Value: value(f.Previous.Estimate(f.Default())), Significant: f.Significant}
	if f.Definition.Kind() != kpi.KindLevel && (f.Previous.Status != kpi.NotMeasured || !f.Previous.Missing) {
		p.N = number(f.Previous.N)
	}
	return p
}

func item(i kpi.Item, kind kpi.Kind) Item {
	out := Item{Kind: string(i.Ref.Kind), URL: i.Ref.URL, Running: i.Running, Title: i.Ref.Title}
	if kind != kpi.KindRate && kind != kpi.KindLevel {
		out.Value = &i.Value
	}
	switch i.Ref.Kind {
	case model.RefPullRequest, model.RefIssue:
		out.Number = &i.Ref.Number
	case model.RefDeployment, model.RefRun:
		out.ID = &i.Ref.ID
	case model.RefCommit:
		out.SHA = &i.Ref.SHA
	case model.RefRelease, model.RefTag:
		out.Name = &i.Ref.Name
	}
	return out
}

func benchmark(v gate.Verdict) Benchmark {
	d := v.Benchmark.KPI
	b := Benchmark{
		Text: v.Benchmark.Text, KPI: d.ID, Statistic: v.Benchmark.Statistic.String(), Limit: v.Benchmark.Limit,
		Value: value(v.Estimate), Outcome: string(v.Outcome), Reason: text(v.Reason), Items: []string{},
		Operator: string(v.Benchmark.Operator), Previous: value(v.Previous), Kind: string(d.Kind()), Unit: string(d.Unit),
		Title: d.Title, Repair: d.Repair,
	}
	if v.Benchmark.Statistic.Name == "within" {
		b.Kind, b.Unit = string(kpi.KindShare), string(kpi.Ratio)
	}
	if d.Kind() != kpi.KindLevel && v.Estimate.Known {
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
