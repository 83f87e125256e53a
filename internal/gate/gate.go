// Package gate judges KPI results against benchmarks. A benchmark is one line such as
// "lead-time-for-changes.p50 <= 2d"; judging it gives a Verdict. Nothing here reads anything but its arguments.
package gate

import (
	"time"

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
	// Text is the benchmark as it was written, without the blanks around it and without its comment; "if " stands before
	// one that was written as what breaches it.
	Text string
	KPI  *kpi.Definition
	// Filter says which of the KPI's items count; empty: all.
	Filter kpi.Filter
	// Statistic has a Day where the KPI's lengths count in working time, whatever its name.
	Statistic kpi.Statistic
	Operator  Operator
	// Limit is in the unit of the statistic: seconds (of working time, where the statistic's Day says so), a share from 0
	// to 1, events per day, a relative change (0.1 is a tenth more), lines, items, or an amount of money. That of a Ramp
	// is where it ends; a Relative one has none of its own.
	Limit float64
	// Relative is set where the limit is the figure of the window before, and how much more (or less) than that: 0.1 for
	// "previous + 10%", 0 for "previous".
	Relative *float64
	// Ramp is set where the limit moves.
	Ramp *Ramp
	// Band is the DORA band that the limit was named by; nil where it was written out.
	Band *kpi.Band
	// Then says what a breach does; empty: it fails.
	Then Then
	// Because and Owner are the reason for the benchmark, and who answers for it, as the configuration has them.
	Because, Owner string
	// MinSamples is the least number of items that it is judged on; 0: the policy's.
	MinSamples int
	// From is the first day on which it is in force, Until the last, each at midnight UTC; zero: from ever, for ever.
	From, Until time.Time
}

// Then says what a breach of one benchmark does.
type Then string

// What a breach does.
const (
	ThenFail Then = "fail"
	ThenWarn Then = "warn"
)

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

// ExemptBy is what exempts a benchmark from being judged.
type ExemptBy string

// What exempts.
const (
	// ByPullRequest: the pull request that the gate was asked about may merge all the same.
	ByPullRequest ExemptBy = "pull-request"
	// ByDate: the benchmark is not in force on the day that is judged.
	ByDate ExemptBy = "date"
)

// Verdict is a judged benchmark.
type Verdict struct {
	Benchmark Benchmark
	Outcome   Outcome
	// Reason says why the outcome is neither Held nor Breached; empty for those.
	Reason string
	// Limit is what the figure is held against, in the unit of the benchmark's; nil where that is not known, because it
	// follows from a window that has no figure or nothing was computed.
	Limit *float64
	// Would is what the outcome would be without the exemption; empty where it is not Exempt.
	Would Outcome
	// ExemptBy says what exempts it; empty where it is not Exempt.
	ExemptBy ExemptBy
	// Estimate is the figure that was judged, Previous the same statistic over the window before. A figure that is not
	// known, but known to be more than something (MoreThan), is judged where that tells on which side of the limit it is.
	Estimate, Previous kpi.Estimate
	// Items are those to act on, worst first: the ones that hold the figure beyond its limit, where it is.
	Items []kpi.Item
}
