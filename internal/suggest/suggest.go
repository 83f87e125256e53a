// Package suggest draws benchmarks from what a repository did over its own past windows: limits that it met in most of
// them, and better ones to come to. It is pure: the same snapshot and policy give the same suggestion.
package suggest

import (
	"fmt"
	"slices"
	"time"

	"kpi-gate/internal/gate"
	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
)

const (
	// Windows is how many past windows are looked at where they are there, Least how few will do.
	Windows = 12
	Least   = 4
)

// ramp is how long a limit takes to become the better one: half a year of whole weeks.
const ramp = 26 * 7 * 24 * time.Hour

// Input is what a suggestion is drawn from.
type Input struct {
	Snapshot *model.Snapshot
	Policy   kpi.Policy
	// KPIs are those to look at, as Definitions gives them.
	KPIs []*kpi.Definition
	// Window is the last of the windows.
	Window model.Window
	// Gate is how the figures are to be judged; its MinSamples decides which windows count.
	Gate gate.Policy
}

// Suggestion is benchmarks for a repository.
type Suggestion struct {
	// Repository is owner/name.
	Repository string
	// Windows are those that were looked at, oldest first.
	Windows    []model.Window
	Gate       gate.Policy
	Benchmarks []Benchmark
	// Left are the KPIs without a benchmark.
	Left []Left
}

// Benchmark is one suggested benchmark.
type Benchmark struct {
	KPI       *kpi.Definition
	Statistic kpi.Statistic
	Operator  gate.Operator
	// Limit is what most windows met, in the unit of the statistic.
	Limit float64
	// Target is the better limit that it becomes from From to Until, midnights UTC; nil: it stays.
	Target      *float64
	From, Until time.Time
	// Warns is true where the last window does not meet it: it should only warn until the figure is back.
	Warns bool
	// Points are the figures of the windows.
	Points []Point
	// Met is how many of the windows that can be judged, Judged, met the limit, and MetTarget the target.
	Met, MetTarget, Judged int
}

// Point is the figure of one window.
type Point struct {
	Value float64
	// Judged is false where the figure is not there, or drawn from too few items: Reason then says why.
	Judged bool
	Reason string
}

// Left is a KPI that no benchmark is suggested for, and why.
type Left struct {
	KPI    *kpi.Definition
	Reason string
}

// TooFewWindowsError says that there are not enough windows to draw anything from.
type TooFewWindowsError struct {
	// Windows is how many there are, since the reach of the snapshot, or since the repository began.
	Windows int
	Since   time.Time
}

func (e *TooFewWindowsError) Error() string {
	return fmt.Sprintf("what is known begins at %s, which gives %d whole windows, and a suggestion needs at least %d: take a"+
		" shorter window", e.Since.UTC().Format(time.RFC3339), e.Windows, Least)
}

// Reach is how far back a reading has to go for a suggestion.
func Reach(w model.Window) time.Time {
	reach := w.Until.Add(-Windows * w.Length())
	if report := kpi.Reach(w); report.Before(reach) {
		return report
	}
	return reach
}

// Draw draws benchmarks. The error is a *TooFewWindowsError.
func Draw(in Input) (*Suggestion, error) {
	windows, err := windowsOf(in.Snapshot, in.Window)
	if err != nil {
		return nil, err
	}
	replay := kpi.NewReplay(in.Snapshot, in.Policy, kpi.Select(in.KPIs))
	results := make([][]kpi.Result, len(in.KPIs))
	for _, w := range windows {
		for i, f := range replay.At(w) {
			results[i] = append(results[i], f.Result)
		}
	}
	s := &Suggestion{Repository: in.Snapshot.Repository.FullName(), Windows: windows, Gate: in.Gate}
	for i, d := range in.KPIs {
		b, reason := draw(d, results[i], in.Gate.MinSamples)
		if reason != "" {
			s.Left = append(s.Left, Left{KPI: d, Reason: reason})
			continue
		}
		if b.Target != nil {
			b.From = in.Window.Until.UTC().Truncate(24 * time.Hour)
			b.Until = b.From.Add(ramp)
		}
		s.Benchmarks = append(s.Benchmarks, b)
	}
	return s, nil
}

// windowsOf are the last windows that the snapshot covers and the repository lived through, oldest first.
func windowsOf(s *model.Snapshot, last model.Window) ([]model.Window, error) {
	since := s.Reach
	if began := earliest(s); began.After(since) {
		since = began
	}
	// Nothing need happen in the first quarter of the first window: somebody may have been away.
	late := last.Length() / 4
	var windows []model.Window
	for w := last; len(windows) < Windows; w = w.Before() {
		if w.Since.Before(s.Reach) || w.Since.Add(late).Before(since) {
			break
		}
		windows = append(windows, w)
	}
	if len(windows) < Least {
		return nil, &TooFewWindowsError{Windows: len(windows), Since: since}
	}
	slices.Reverse(windows)
	return windows, nil
}

// earliest is when the first of the facts happened that are known; the zero time where none is.
func earliest(s *model.Snapshot) time.Time {
	var first time.Time
	see := func(at time.Time) {
		if !at.IsZero() && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	for i := range s.Commits {
		see(s.Commits[i].Committed)
	}
	for i := range s.PullRequests {
		see(s.PullRequests[i].Created)
	}
	for i := range s.Issues {
		see(s.Issues[i].Created)
	}
	for i := range s.Deployments {
		see(s.Deployments[i].Created)
	}
	for i := range s.Releases {
		see(s.Releases[i].Published)
	}
	for i := range s.Runs {
		see(s.Runs[i].Created)
	}
	return first
}

// draw draws the benchmark of one KPI from its results, or says why there is none.
func draw(d *kpi.Definition, results []kpi.Result, minSamples int) (b Benchmark, reason string) {
	b = Benchmark{KPI: d, Operator: gate.AtMost}
	if reason = unsuitable(d); reason != "" {
		return b, reason
	}
	if b.Statistic, reason = statistic(d, results, minSamples); reason != "" {
		return b, reason
	}
	way := direction(d, b.Statistic)
	if way == kpi.Higher {
		b.Operator = gate.AtLeast
	}
	b.Points = points(results, b.Statistic, minSamples)
	if reason = enough(b.Points); reason != "" {
		return b, reason
	}
	values, rungs := judged(b.Points), ladderOf(d, b.Statistic)
	limit, ok := rungs.outward(met(values, way, 3, 4), way)
	if !ok {
		return b, "the figures of its windows leave no limit that could be breached"
	}
	b.Limit, b.Judged, b.Met = limit, len(values), count(values, limit, way)
	if target, ok := rungs.outward(met(values, way, 1, 2), way); ok && better(target, limit, way) {
		b.Target, b.MetTarget = &target, count(values, target, way)
	}
	last := b.Points[len(b.Points)-1]
	b.Warns = last.Judged && better(limit, last.Value, way)
	return b, ""
}

// unsuitable says why no limit can be drawn for a KPI, whatever its figures are.
func unsuitable(d *kpi.Definition) string {
	switch d.Unit {
	case kpi.Change:
		return "by how much something changed says nothing of how much there is: a limit is for people to set"
	case kpi.Money:
		return "what may be lost is for people to say"
	default:
		return ""
	}
}

// points are the figures of a statistic.
func points(results []kpi.Result, of kpi.Statistic, minSamples int) []Point {
	all := make([]Point, len(results))
	for i, r := range results {
		of.Day = r.Day
		e := r.Estimate(of)
		switch {
		case r.Missing:
			all[i].Reason = r.Reason
		case !e.Known:
			all[i].Reason = e.Reason
		case gate.IsSampled(r.Kind()) && e.N < minSamples:
			all[i].Reason = fmt.Sprintf("n was %d, and a verdict needs at least %d", e.N, minSamples)
		default:
			all[i] = Point{Value: e.Value, Judged: true}
		}
	}
	return all
}

// judged are the values that can be judged.
func judged(points []Point) []float64 {
	var values []float64
	for _, p := range points {
		if p.Judged {
			values = append(values, p.Value)
		}
	}
	return values
}

// enough says what is wrong where fewer than two thirds of the windows, or fewer than Least, can be judged.
func enough(points []Point) string {
	have := len(judged(points))
	if have >= Least && 3*have >= 2*len(points) {
		return ""
	}
	reason := ""
	for _, p := range slices.Backward(points) {
		if !p.Judged {
			reason = p.Reason
			break
		}
	}
	if have == 0 {
		return "it could not be judged in any window: " + reason
	}
	return fmt.Sprintf("it could be judged in %d of %d windows only; in the last of the others: %s", have, len(points), reason)
}

// met is the value that num of den parts of the values are as good as, or better: by nearest rank.
func met(values []float64, direction kpi.Direction, num, den int) float64 {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	if direction == kpi.Higher {
		slices.Reverse(sorted)
	}
	return sorted[(num*len(sorted)+den-1)/den-1]
}

// better reports whether a is better than b.
func better(a, b float64, direction kpi.Direction) bool {
	if direction == kpi.Higher {
		return a > b
	}
	return a < b
}

// count is how many values meet a limit.
func count(values []float64, limit float64, direction kpi.Direction) int {
	n := 0
	for _, v := range values {
		if !better(limit, v, direction) {
			n++
		}
	}
	return n
}
