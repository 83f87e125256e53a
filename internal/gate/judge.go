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

// Judge judges each benchmark on the figures of its KPI, and keeps their order. The day of a judgement is that on which
// the window of the figures ends, in UTC: ramps have the limit of that day, and a benchmark that is not in force on it
// is Exempt.
//
// A figure that is not there, or that is drawn from a part of the facts, neither holds nor breaches: it is not
// measured. Where what is missing can only add to it (OnlyMore), a part that is as much as a lower limit asks for holds
// that all the same, and one that is more than an upper limit allows breaches it.
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
		verdicts = append(verdicts, judge(b, f, policy))
	}
	return verdicts
}

// judge judges a benchmark on its figures.
func judge(b Benchmark, f kpi.Figures, policy Policy) Verdict {
	v := Verdict{Benchmark: b, Estimate: f.Estimate(b.Statistic), Previous: f.Previous.Estimate(b.Statistic)}
	if f.Previous.Missing {
		v.Previous = kpi.Estimate{Statistic: b.Statistic, Reason: f.Previous.Reason}
	}
	var before *float64
	if v.Previous.Known {
		before = &v.Previous.Value
	}
	v.Limit = b.LimitAt(f.Window.Until, before)
	v.Outcome, v.Reason = unjudged(v, f, policy)
	if v.Outcome == "" {
		found := weighPart(b, f, policy.Evidence.weigh(b, f, v.Estimate, *v.Limit))
		v.Outcome, v.Reason = found.outcome, found.reason
		if found.beyond {
			v.Items = toActOn(b, *v.Limit, f.Items)
		}
	}
	if v.Outcome == Breached && b.Then == ThenWarn {
		v.Outcome = Warned
		v.Reason = "it is beyond the limit of " + b.LimitWords(*v.Limit) + ", and this benchmark only warns (then: warn)"
	}
	if when := b.notInForce(f.Window.Until); when != "" {
		v.Would, v.Outcome, v.Reason, v.ExemptBy = v.Outcome, Exempt, when, ByDate
	}
	return v
}

// unjudged says why the estimate of a verdict cannot be held against its limit; the outcome is empty where it can be.
func unjudged(v Verdict, f kpi.Figures, policy Policy) (Outcome, string) {
	least := cmp.Or(v.Benchmark.MinSamples, policy.MinSamples)
	few := func(e kpi.Estimate) bool { return IsSampled(f.Kind()) && e.N < least }
	e := v.Estimate
	switch {
	case f.Missing && !(f.Status == kpi.Partial && f.OnlyMore):
		return NotMeasured, f.Reason
	case !e.Known && e.MoreThan == nil:
		// The result's own status is that of its default statistic, which says nothing about this one.
		return NotMeasured, e.Reason
	case few(e):
		return TooFew, fmt.Sprintf("n is %d, and a verdict needs at least %d", e.N, least)
	case v.Limit == nil:
		return NotMeasured, "the limit follows from the window before, which has no figure: " + v.Previous.Reason
	case v.Benchmark.Relative != nil && few(v.Previous):
		return TooFew, fmt.Sprintf("the limit follows from the window before, whose n is %d, and a verdict needs at least %d",
			v.Previous.N, least)
	default:
		return "", ""
	}
}

// weighPart is what a figure says about the limit, found of what there is of it. Of a part to which the facts that are
// missing can only add, that is sure where more of it would change nothing.
func weighPart(b Benchmark, f kpi.Figures, found weighed) weighed {
	sure := Breached
	if b.Operator.isLower() {
		sure = Held
	}
	if f.Missing && found.outcome != sure {
		return weighed{outcome: NotMeasured, reason: f.Reason}
	}
	return found
}

// IsSampled reports whether figures of the kind are drawn from items, so that a few of them may mislead. A rate of 0
// and a level are known exactly.
func IsSampled(k kpi.Kind) bool {
	return k == kpi.KindDuration || k == kpi.KindAmount || k == kpi.KindShare
}

// isComputed reports whether the figure is worked out of its items, and not how many they are.
func isComputed(d *kpi.Definition) bool {
	_, computed := d.Shape.(kpi.Computed)
	return computed
}

// toActOn picks from items, worst first, those that hold the figure beyond the limit.
func toActOn(b Benchmark, limit float64, items []kpi.Item) []kpi.Item {
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
	case !IsSampled(kind) && (lower || isComputed(b.KPI)):
		return nil // what is missing cannot be listed
	case !IsSampled(kind):
		return slices.Clone(items)
	case lower:
		// The items come largest first, but here the smallest are the worst. A running one may yet grow beyond the limit.
		picked := pick(func(i kpi.Item) bool { return !i.Running && !b.Operator.holds(i.Value, limit) })
		slices.SortStableFunc(picked, func(x, y kpi.Item) int { return cmp.Compare(x.Value, y.Value) })
		return picked
	default:
		return pick(func(i kpi.Item) bool { return !b.Operator.holds(i.Value, limit) })
	}
}
