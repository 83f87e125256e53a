package gate

import (
	"cmp"
	"fmt"
	"slices"

	"kpi-gate/internal/kpi"
)

// Policy says when a figure is judged, and what follows where it is not.
type Policy struct {
	// MinSamples is the least number of items that a duration, an amount or a share is judged on.
	MinSamples int
	OnNoData   OnNoData
	// Evidence is what a breach takes; empty: EvidencePoint.
	Evidence Evidence
}

// Evidence is what a verdict is drawn from.
type Evidence string

// The kinds of evidence.
const (
	// EvidencePoint: the figure itself.
	EvidencePoint Evidence = "point"
	// EvidenceInterval: its whole 95 % interval; a figure whose interval straddles the limit warns.
	EvidenceInterval Evidence = "interval"
)

// Judge judges each benchmark on the figures of its KPI, and keeps their order. A figure that is not there, or that is
// drawn from a part of the facts, neither holds nor breaches: it is not measured.
func Judge(benchmarks []Benchmark, figures []kpi.Figures, policy Policy) []Verdict {
	bySelection := make(map[string]kpi.Figures, len(figures))
	for _, f := range figures {
		bySelection[f.Selection.String()] = f
	}
	verdicts := make([]Verdict, 0, len(benchmarks))
	for _, b := range benchmarks {
		f, ok := bySelection[b.Selection().String()]
		if !ok {
			reason := "it was not among the KPIs to compute"
			unknown := kpi.Estimate{Statistic: b.Statistic, Reason: reason}
			verdicts = append(verdicts, Verdict{
				Benchmark: b, Outcome: NotMeasured, Reason: reason, Estimate: unknown, Previous: unknown,
			})
			continue
		}
		v := judge(b, f.Result, f.Estimate(b.Statistic), policy)
		v.Previous = f.Previous.Estimate(b.Statistic)
		if f.Previous.Missing {
			v.Previous = kpi.Estimate{Statistic: b.Statistic, Reason: f.Previous.Reason}
		}
		verdicts = append(verdicts, v)
	}
	return verdicts
}

// judge judges a benchmark on a result and the estimate of the benchmark's statistic from it.
func judge(b Benchmark, r kpi.Result, e kpi.Estimate, policy Policy) Verdict {
	v := Verdict{Benchmark: b, Estimate: e, Limit: &b.Limit}
	switch {
	case r.Missing:
		v.Outcome, v.Reason = NotMeasured, r.Reason
	case !e.Known && e.MoreThan == nil:
		// The result's own status is that of its default statistic, which says nothing about this one.
		v.Outcome, v.Reason = NotMeasured, e.Reason
	case isSampled(b.KPI.Kind()) && e.N < policy.MinSamples:
		v.Outcome = TooFew
		v.Reason = fmt.Sprintf("n is %d, and a verdict needs at least %d", e.N, policy.MinSamples)
	case !e.Known && !AtLeast.holds(*e.MoreThan, b.Limit):
		v.Outcome = NotMeasured
		v.Reason = fmt.Sprintf("too much is still running: it is more than %s, and the limit is %s",
			FormatLimit(b.KPI, b.Statistic, *e.MoreThan), FormatLimit(b.KPI, b.Statistic, b.Limit))
	case !e.Known && b.Operator.isLower():
		// The figure is larger than what it is known to exceed, and so beyond the limit.
		v.Outcome = Held
	case e.Known && b.Operator.holds(e.Value, b.Limit):
		v.Outcome = Held
	default:
		v.Outcome = Breached
		v.Items = toActOn(b, r.Items)
	}
	return v
}

// isSampled reports whether figures of the kind are drawn from items, so that a few of them may mislead. A rate of 0
// and a level are known exactly.
func isSampled(k kpi.Kind) bool {
	return k == kpi.KindDuration || k == kpi.KindAmount || k == kpi.KindShare
}

// isComputed reports whether the figure is worked out of its items, and not how many they are.
func isComputed(d *kpi.Definition) bool {
	_, computed := d.Shape.(kpi.Computed)
	return computed
}

// toActOn picks from items, worst first, those that hold the figure beyond the breached limit.
func toActOn(b Benchmark, items []kpi.Item) []kpi.Item {
	lower := b.Operator.isLower()
	pick := func(acts func(kpi.Item) bool) []kpi.Item {
		var picked []kpi.Item
		for _, item := range items {
			if acts(item) {
				picked = append(picked, item)
			}
		}
		return picked
	}
	switch kind := b.KPI.Kind(); {
	case b.Statistic.Name == within && lower:
		return pick(func(i kpi.Item) bool { return i.Value > b.Statistic.Within.Seconds() })
	case b.Statistic.Name == within:
		return pick(func(i kpi.Item) bool { return !i.Running && i.Value <= b.Statistic.Within.Seconds() })
	case kind == kpi.KindShare && lower:
		return pick(func(i kpi.Item) bool { return i.Value == 0 })
	case kind == kpi.KindShare:
		return pick(func(i kpi.Item) bool { return i.Value != 0 })
	case isComputed(b.KPI) && lower == (b.KPI.Better == kpi.Higher):
		return slices.Clone(items) // what made the figure worse, such as the incidents behind too low an availability
	case !isSampled(kind) && (lower || isComputed(b.KPI)):
		return nil // what is missing cannot be listed
	case !isSampled(kind):
		return slices.Clone(items)
	case lower:
		// The items come largest first, but here the smallest are the worst. A running one may yet grow beyond the limit.
		picked := pick(func(i kpi.Item) bool { return !i.Running && !b.Operator.holds(i.Value, b.Limit) })
		slices.SortStableFunc(picked, func(x, y kpi.Item) int { return cmp.Compare(x.Value, y.Value) })
		return picked
	default:
		return pick(func(i kpi.Item) bool { return !b.Operator.holds(i.Value, b.Limit) })
	}
}
