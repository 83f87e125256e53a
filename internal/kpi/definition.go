// Package kpi computes key performance indicators from a model.Snapshot. A KPI is one file: a Definition that says
// which facts count. Its shape does samples, windows, running items, intervals and the items behind a figure once for
// all. Nothing here reads a clock, a file or a network: the same snapshot and policy give the same results.
package kpi

import "kpi-gate/internal/model"

// Family groups KPIs for readers.
type Family string

// The families, in the order in which reports show them. An issue class is a family of its own, named as the class.
const (
	Delivery     Family = "delivery"
	PullRequests Family = "pull-requests"
	// Planning is what becomes of issues and milestones of every class.
	Planning Family = "planning"
	CI       Family = "ci"
	// Alerts are the security alerts that GitHub raises.
	Alerts Family = "alerts"
)

// Kind says what a KPI's figure is made of, and so which statistics it has.
type Kind string

// The kinds.
const (
	// KindDuration is lengths of time in seconds, some still running.
	KindDuration Kind = "duration"
	// KindAmount is plain numbers.
	KindAmount Kind = "amount"
	// KindShare is k of n.
	KindShare Kind = "share"
	// KindRate is events per day.
	KindRate Kind = "rate"
	// KindLevel is one number at the end of the window.
	KindLevel Kind = "level"
)

// Unit is what a figure counts.
type Unit string

// The units.
const (
	Seconds Unit = "s"
	Lines   Unit = "lines"
	Ratio   Unit = "ratio"
	PerDay  Unit = "1/day"
	Items   Unit = "items"
	// Change is a relative change: 0.25 is a quarter more.
	Change Unit = "change"
	// Money is an amount of the policy's currency.
	Money Unit = "currency"
)

// Direction says which way is better.
type Direction string

// The directions.
const (
	Lower  Direction = "lower"
	Higher Direction = "higher"
)

// Definition is a KPI: logically constant, written once, listed by a Catalogue.
type Definition struct {
	// ID is the KPI's name everywhere: in benchmarks, outputs, JSON and docs.
	ID     string
	Title  string
	Family Family
	Unit   Unit
	Better Direction
	// Rank is its place in its family.
	Rank int
	// Needs are the feeds without which the figure cannot be measured. NeedsSource adds that of the deployment source.
	Needs       []model.Feed
	NeedsSource bool
	// Uses are feeds whose facts may change the figure, but which it can do without: where one of them has a gap, the
	// figure is partial.
	Uses []model.Feed
	// Mentions are feeds that only the notes speak of: where one of them has a gap, the figure stays what it is, and the
	// notes say no more than is known.
	Mentions []model.Feed
	// Doc is the reference text. Its first line defines the KPI and stands alone; population, exclusions and known bias
	// follow.
	Doc string
	// Empty says, without a full stop, what there is none of when there is nothing to measure, such as "no change was
	// shipped in the window"; rates and levels have none: theirs is then 0.
	Empty string
	// Plain is one sentence for somebody who does not write code.
	Plain string
	// Moves says in one sentence what usually moves the figure.
	Moves string
	// BalancedBy names the KPIs that suffer first where this one is improved at any price: speed is held against
	// stability.
	BalancedBy []string
	// Items are the kinds of items behind the figure: what a filter can look at follows from them.
	Items []model.RefKind
	// Standard names the statistic that stands for the KPI where none is named; empty: the first of its kind.
	Standard string
	// Repair tells the author of a pull request that meets a breach what brings the figure back, in one sentence.
	Repair string
	// FollowsFailures is true where the figure follows from which deployments failed and when they recovered: who puts a
	// failed deployment right mends it.
	FollowsFailures bool
	// CountsAttempts is true where failed attempts at a deployment are measured too.
	CountsAttempts bool
	// Applies says why the KPI has no meaning here ("" when it has), such as for another deployment source; may be nil.
	Applies func(p *Pass) string
	// Notes says what a reader must know about this figure of the items that keep keeps, in whole sentences; may be nil.
	Notes func(p *Pass, keep func(model.Ref) bool) []string
	// Shape holds the measure.
	Shape Shape
}

// Kind is the kind of the KPI's shape.
func (d *Definition) Kind() Kind { return d.Shape.kind() }

// Default is the statistic that stands for the KPI where none is named.
func (d *Definition) Default() Statistic {
	if d.Standard != "" {
		return Statistic{Name: d.Standard}
	}
	return Statistics(d.Kind())[0]
}
