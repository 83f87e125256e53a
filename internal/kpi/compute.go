package kpi

import (
	"fmt"
	"time"

	"kpi-gate/internal/model"
	"kpi-gate/internal/stats"
)

// significance is the level at which a change counts as more than noise.
const significance = 0.05

// Compute measures every selection over the window, the window before it, and the 12 weeks of the trend. It is pure:
// the same snapshot, policy and window give the same figures.
func Compute(s *model.Snapshot, policy Policy, w model.Window, selections []Selection) []Figures {
	f := newFacts(s, &policy, w)
	figures := f.figures(w, selections)
	for week := trendWeeks - 1; week >= 0; week-- {
		until := w.Until.Add(-7 * day * time.Duration(week))
		pass := &Pass{Window: model.Window{Since: until.Add(-7 * day), Until: until}, facts: f}
		for i, selection := range selections {
			figures[i].Trend = append(figures[i].Trend, pass.point(selection))
		}
	}
	for i := range figures {
		figures[i].Signal = signalOf(figures[i].Trend)
	}
	return figures
}

// Replay measures the same selections over one window after another, each as a report over it would have said then:
// what is the same for all windows is worked out once. It must not be used by two goroutines at a time.
type Replay struct {
	facts      *facts
	selections []Selection
}

// NewReplay prepares to measure selections over windows of a snapshot.
func NewReplay(s *model.Snapshot, policy Policy, selections []Selection) *Replay {
	return &Replay{facts: indexFacts(s, &policy), selections: selections}
}

// At measures the selections over a window and the one before it. The figures are those of Compute, but without trends
// and what follows from these. Where the snapshot does not go back as far as Reach says, what happened before that is
// not there to be counted.
func (r *Replay) At(w model.Window) []Figures {
	r.facts.look(w)
	return r.facts.figures(w, r.selections)
}

// figures measures selections over the window that the facts look at and the one before it.
func (f *facts) figures(w model.Window, selections []Selection) []Figures {
	current := &Pass{Window: w, facts: f}
	previous := &Pass{Window: w.Before(), facts: f}
	figures := make([]Figures, len(selections))
	for i, selection := range selections {
		figures[i].Result = current.measure(selection)
		figures[i].Previous = previous.measure(selection)
		figures[i].Significant = compare(figures[i].sample, figures[i].Previous.sample,
			figures[i].Status, figures[i].Previous.Status)
		figures[i].Band = BandOf(figures[i].Result)
	}
	return figures
}

// point measures a selection over one window of a trend.
func (p *Pass) point(of Selection) Point {
	point := Point{Window: p.Window}
	if p.missing(of).reason != "" {
		return point
	}
	s := of.Shape.measure(p, p.lens(of))
	e := s.estimate(of.Default(), "")
	point.Read, point.N, point.Known, point.Value = true, s.n(), e.Known, e.Value
	return point
}

// measure measures a selection over the pass's window.
func (p *Pass) measure(of Selection) Result {
	d := of.Definition
	r := Result{Selection: of, Window: p.Window, Status: Measured, Source: p.sourceOf(d)}
	if p.policy.BusinessTime.Counts(d) {
		r.Day = p.policy.BusinessTime.Day()
	}
	if lack := p.missing(of); lack.reason != "" {
		r.Status, r.Reason, r.Missing, r.Gaps = NotMeasured, lack.reason, true, lack.gaps
		if !lack.partial {
			return r
		}
		r.Status = Partial
	}
	through := p.lens(of)
	s := d.Shape.measure(p, through)
	if r.Status == Partial && s.nothing() {
		// A zero, or nothing at all, drawn from a part says nothing about the whole.
		r.Status = NotMeasured
		return r
	}
	r.OnlyMore = r.Status == Partial && p.onlyMore(of)
	s.sortItems(d.Better)
	r.sample, r.Items, r.N, r.Hits, r.Running = s, s.items, s.n(), s.hits, len(s.ages)
	if e := s.estimate(d.Default(), of.empty()); !e.Known && r.Status == Measured {
		r.Status, r.Reason = NotMeasured, e.Reason
	}
	if s.clamped == 1 {
		r.Notes = append(r.Notes, "1 length was negative (clocks disagree, or a date was set by hand) and counts as 0.")
	} else if s.clamped > 1 {
		r.Notes = append(r.Notes,
			fmt.Sprintf("%d lengths were negative (clocks disagree, or dates were set by hand) and count as 0.", s.clamped))
	}
	if d.Notes != nil {
		r.Notes = append(r.Notes, d.Notes(p, through.keep)...)
	}
	return r
}

// sourceOf names where a definition's figure comes from.
func (p *Pass) sourceOf(d *Definition) string {
	if d.NeedsSource {
		return string(p.source)
	}
	if len(d.Needs) > 0 {
		return string(d.Needs[0])
	}
	return ""
}

// lookAt says which setting to look at where a source has no deployment.
var lookAt = map[model.Source]string{
	model.SourceDeployments: "; if there should be one, look at the setting environments",
	model.SourceWorkflow:    "; if there should be one, look at the settings deploy-workflow and branches",
	model.SourceTags:        "; if there should be one, look at the setting tags",
	model.SourceMerges:      "; if there should be one, look at the setting branches",
}

// neverDeployed reports whether the source has had no production deployment by now. An attempt at a deployment is one
// of GitHub's all the same; a run is one only if it succeeded, unless attempts are what is measured.
func (p *Pass) neverDeployed(d *Definition) bool {
	deployed := p.deployed()
	if p.source == model.SourceWorkflow && !d.CountsAttempts {
		return len(deployed.successful) == 0
	}
	return len(deployed.successful) == 0 && len(deployed.attempts) == 0
}

// compare tells whether two samples differ by more than noise: Mann–Whitney's U for durations and amounts, two
// proportions for shares, Poisson for rates. It is nil where there is nothing to compare.
func compare(now, before sample, statuses ...Status) *bool {
	for _, s := range statuses {
		if s != Measured {
			return nil
		}
	}
	var p float64
	var known bool
	switch now.kind {
	case KindDuration, KindAmount:
		p, known = stats.MannWhitney(now.values, before.values)
	case KindShare:
		p, known = stats.TwoProportions(now.hits, now.trials, before.hits, before.trials)
	case KindRate:
		p, known = stats.PoissonRates(len(now.items), now.days, len(before.items), before.days)
	}
	if !known {
		return nil
	}
	significant := p < significance
	return &significant
}
