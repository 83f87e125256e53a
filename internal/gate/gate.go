// Package gate judges KPI results against benchmarks. A benchmark is one line such as
// "lead-time-for-changes.p50 <= 2d"; judging it gives a Verdict. Nothing here reads anything but its arguments.
package gate

import (
	"kpi-gate/internal/kpi"
)

// Operator compares a figure with a limit.
type Operator string

// The operators.
const (
	AtMost  Operator = "<="
	Below   Operator = "<"
	AtLeast Operator = ">="
	Above   Operator = ">"
)

// Benchmark is one parsed benchmark line.
type Benchmark struct {
	// Text is the benchmark as it was written, without the blanks around it and without its comment.
	Text string
	KPI  *kpi.Definition
	// Filter says which of the KPI's items count; empty: all.
	Filter kpi.Filter
	// Statistic has a Day where the KPI's lengths count in working time, whatever its name.
	Statistic kpi.Statistic
	Operator  Operator
	// Limit is in the unit of the statistic: seconds (of working time, where the statistic's Day says so), a share from 0
	// to 1, events per day, a relative change (0.1 is a tenth more), lines, items, or an amount of money.
	Limit float64
}

// Selection is the figure that the benchmark is about.
func (b Benchmark) Selection() kpi.Selection {
	return kpi.Selection{Definition: b.KPI, Filter: b.Filter}
}

// Selections are the figures that the benchmarks are about and that are not among the given ones, each once.
func Selections(benchmarks []Benchmark, have []kpi.Selection) []kpi.Selection {
	seen := map[string]bool{}
	for _, s := range have {
		seen[s.String()] = true
	}
	var more []kpi.Selection
	for _, b := range benchmarks {
		if s := b.Selection(); !seen[s.String()] {
			seen[s.String()] = true
			more = append(more, s)
		}
	}
	return more
}

// Outcome is what judging a benchmark came to.
type Outcome string

// The outcomes.
const (
	Held        Outcome = "held"
	Breached    Outcome = "breached"
	Warned      Outcome = "warned"
	TooFew      Outcome = "too-few"
	NotMeasured Outcome = "not-measured"
	Exempt      Outcome = "exempt"
)

// Verdict is a judged benchmark.
type Verdict struct {
	Benchmark Benchmark
	Outcome   Outcome
	// Reason says why the outcome is neither Held nor Breached; empty for those.
	Reason string
	// Estimate is the figure that was judged, Previous the same statistic over the window before. A figure that is not
	// known, but known to be more than something (MoreThan), is judged where that tells on which side of the limit it is.
	Estimate, Previous kpi.Estimate
	// Items are those to act on, worst first: for a breach the ones that hold the figure beyond its limit.
	Items []kpi.Item
}
