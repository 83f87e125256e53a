package report

import (
	"strings"

	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
)

// Selection names what a row is a figure of, as kpi.Selection does: the KPI's ID and the filter.
func (k KPI) Selection() string { return selection(k.ID, k.Filter) }

// Selection names the row that a benchmark judges.
func (b Benchmark) Selection() string { return selection(b.KPI, b.Filter) }

func selection(id string, filter *string) string {
	if filter == nil {
		return id
	}
	return id + "{" + *filter + "}"
}

// row is one KPI's row.
func row(f kpi.Figures, cost *kpi.Cost) KPI {
	d := f.Definition
	e := f.Estimate(d.Default())
	k := KPI{
		ID: d.ID, Family: string(d.Family), Filter: filter(f.Filter), Kind: string(d.Kind()), Unit: string(d.Unit),
		Better: string(d.Better), Status: string(f.Status), Reason: text(f.Reason), Source: text(f.Source),
		Value: value(e), Statistic: d.Default().Name, Statistics: map[string]*float64{}, MoreThan: map[string]float64{},
		Previous: previous(f), Signal: text(string(f.Signal)), Band: band(f.Band), Notes: []string{}, Items: []Item{},
		Title: title(f.Selection), Definition: d.Doc, Plain: d.Plain, Moves: d.Moves, Repair: d.Repair,
		BalancedBy: d.BalancedBy, Missing: f.Missing, Gaps: []string{},
	}
	if d.Unit == kpi.Money && cost != nil {
		k.Currency = text(cost.Currency)
	}
	if f.Day > 0 {
		seconds := f.Day.Seconds()
		k.BusinessDay = &seconds
	}
	if !f.Absent() {
		k.count(f.Result)
	}
	for _, s := range kpi.Statistics(d.Kind()) {
		estimate := f.Estimate(s)
		k.Statistics[s.Name] = value(estimate)
		if estimate.MoreThan != nil {
			k.MoreThan[s.Name] = *estimate.MoreThan
		}
	}
	if e.Known {
		k.Interval = interval(e.Interval)
	}
	for _, feed := range f.Gaps {
		k.Gaps = append(k.Gaps, string(feed))
	}
	for _, p := range f.Trend {
		k.Trend = append(k.Trend, point(p, d.Kind()))
	}
	k.Notes = append(k.Notes, f.Notes...)
	for _, i := range f.Items {
		k.Items = append(k.Items, item(i, d.Kind()))
	}
	return k
}

// count fills in how many items the figure is drawn from, as its kind has it.
func (k *KPI) count(r kpi.Result) {
	switch r.Kind() {
	case kpi.KindDuration:
		k.N, k.Running = number(r.N), number(r.Running)
	case kpi.KindAmount:
		k.N = number(r.N)
	case kpi.KindShare:
		k.N, k.Hits = number(r.N), number(r.Hits)
	case kpi.KindRate:
		k.N, k.Events = number(r.N), number(r.N)
	}
}

// title names a selection for readers.
func title(s kpi.Selection) string {
	if len(s.Filter) == 0 {
		return s.Title
	}
	return s.Title + " · " + *filter(s.Filter)
}

// filter is a filter without its braces; nil for the empty one.
func filter(f kpi.Filter) *string {
	return text(strings.TrimSuffix(strings.TrimPrefix(f.String(), "{"), "}"))
}

func previous(f kpi.Figures) *Previous {
	p := &Previous{Value: value(f.Previous.Estimate(f.Default())), Significant: f.Significant}
	if f.Definition.Kind() != kpi.KindLevel && !f.Previous.Absent() {
		p.N = number(f.Previous.N)
	}
	return p
}

func point(p kpi.Point, kind kpi.Kind) Point {
	out := Point{Since: instant(p.Window.Since)}
	if kind != kpi.KindLevel && p.Read {
		out.N = number(p.N)
	}
	if p.Known {
		out.Value = &p.Value
	}
	return out
}

func band(b *kpi.Band) *Band {
	if b == nil {
		return nil
	}
	return &Band{Edition: b.Edition, Name: text(b.Name)}
}

func item(i kpi.Item, kind kpi.Kind) Item {
	out := Item{Kind: string(i.Ref.Kind), URL: i.Ref.URL, Running: i.Running, Title: i.Ref.Title}
	if kind != kpi.KindRate && kind != kpi.KindLevel {
		out.Value = &i.Value
	}
	switch i.Ref.Kind {
	case model.RefPullRequest, model.RefIssue, model.RefMilestone:
		out.Number = &i.Ref.Number
	case model.RefDeployment, model.RefRun, model.RefJob, model.RefAlert:
		out.ID = &i.Ref.ID
	case model.RefCommit:
		out.SHA = &i.Ref.SHA
	case model.RefRelease, model.RefTag:
		out.Name = &i.Ref.Name
	}
	return out
}
