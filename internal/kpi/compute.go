package kpi

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"kpi-gate/internal/model"
	"kpi-gate/internal/stats"
)

// significance is the level at which a change counts as more than noise.
const significance = 0.05

// Compute measures every definition over the window, the window before it, and the 12 weeks of the trend. It is pure:
// the same snapshot, policy and window give the same figures.
func Compute(s *model.Snapshot, policy Policy, w model.Window, definitions []*Definition) []Figures {
	f := newFacts(s, &policy, w)
	current := &Pass{Window: w, facts: f}
	previous := &Pass{Window: w.Before(), facts: f}
	figures := make([]Figures, len(definitions))
	for i, d := range definitions {
		figures[i].Result = current.measure(d)
		figures[i].Previous = previous.measure(d)
		figures[i].Significant = compare(figures[i].sample, figures[i].Previous.sample,
			figures[i].Status, figures[i].Previous.Status)
	}
	for week := trendWeeks - 1; week >= 0; week-- {
		until := w.Until.Add(-7 * day * time.Duration(week))
		pass := &Pass{Window: model.Window{Since: until.Add(-7 * day), Until: until}, facts: f}
		for i, d := range definitions {
			figures[i].Trend = append(figures[i].Trend, pass.point(d))
		}
	}
	return figures
}

// point measures a definition over one window of a trend.
func (p *Pass) point(d *Definition) Point {
	point := Point{Window: p.Window}
	if reason, _ := p.missing(d); reason != "" {
		return point
	}
	s := d.Shape.measure(p)
	e := s.estimate(d.Default(), "")
	point.Read, point.N, point.Known, point.Value = true, s.n(), e.Known, e.Value
	return point
}

// measure measures a definition over the pass's window.
func (p *Pass) measure(d *Definition) Result {
	r := Result{Definition: d, Window: p.Window, Status: Measured, Source: p.sourceOf(d)}
	reason, partial := p.missing(d)
	if reason != "" {
		r.Status, r.Reason, r.Missing = NotMeasured, reason, true
		if !partial {
			return r
		}
		r.Status = Partial
	}
	s := d.Shape.measure(p)
	if r.Status == Partial && s.nothing() {
		// A zero, or nothing at all, drawn from a part says nothing about the whole.
		r.Status = NotMeasured
		return r
	}
	s.sortItems(d.Better)
	r.sample, r.Items, r.N, r.Hits, r.Running = s, s.items, s.n(), s.hits, len(s.ages)
	if e := s.estimate(d.Default(), d.Empty); !e.Known && r.Status == Measured {
		r.Status, r.Reason = NotMeasured, e.Reason
	}
	if s.clamped == 1 {
		r.Notes = append(r.Notes, "1 length was negative (clocks disagree, or a date was set by hand) and counts as 0.")
	} else if s.clamped > 1 {
		r.Notes = append(r.Notes,
			fmt.Sprintf("%d lengths were negative (clocks disagree, or dates were set by hand) and count as 0.", s.clamped))
	}
	if d.Notes != nil {
		r.Notes = append(r.Notes, d.Notes(p)...)
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

// missing says why a definition cannot be measured whole: "" when it can. partial is true when a part can be shown.
func (p *Pass) missing(d *Definition) (reason string, partial bool) {
	feeds := d.Needs
	if d.NeedsSource {
		if p.source == "" {
			return p.sourceReason, false
		}
		feeds = append([]model.Feed{sourceFeeds[p.source]}, feeds...)
	}
	var reasons, unread []string
	partial = true
	for _, feed := range feeds {
		gap, gapped := p.gaps[feed]
		switch {
		case gapped:
			partial = partial && gap.Partial
			if reason := gapReason(gap); !slices.Contains(reasons, reason) {
				reasons = append(reasons, reason)
			}
		case !p.read[feed]:
			partial = false
			unread = append(unread, fmt.Sprintf("%s were not read", feed))
		}
	}
	if len(reasons) == 0 {
		reasons = unread
	}
	if len(reasons) > 0 {
		return strings.Join(reasons, "; "), partial
	}
	if d.NeedsSource && p.neverDeployed(d) {
		return fmt.Sprintf("no production deployment was found in %s%s", p.source, lookAt[p.source]), false
	}
	if d.Applies != nil {
		return d.Applies(p), false
	}
	return "", false
}

// gapReason says in a few words why a feed is incomplete. What exactly GitHub refused stands with what was read.
func gapReason(gap model.Gap) string {
	if gap.Permission != "" {
		return "the token lacks the permission " + gap.Permission
	}
	return gap.Reason
}

// lookAt says which setting to look at where a source has no deployment.
var lookAt = map[model.Source]string{
	model.SourceDeployments: "; if there should be one, look at the setting environments",
	model.SourceWorkflow:    "; if there should be one, look at the settings deploy-workflow and branches",
	model.SourceTags:        "; if there should be one, look at the setting tags",
	model.SourceMerges:      "; if there should be one, look at the setting branches",
}

// neverDeployed reports whether the source has had no production deployment by now. An attempt at a deployment is one of
// GitHub's all the same; a run is one only if it succeeded, unless attempts are what is measured.
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
