package kpi

import (
	"time"

	"kpi-gate/internal/model"
	"kpi-gate/internal/stats"
)

// Status says how far a figure can be trusted to be there.
type Status string

// The statuses.
const (
	// Measured: every fact that the definition asks for was read, and there was something to measure.
	Measured Status = "measured"
	// Partial: some facts could not be read, so the figure is drawn from a part.
	Partial Status = "partial"
	// NotMeasured: there is no figure; the reason says why. It is never a zero.
	NotMeasured Status = "not-measured"
)

// Item is one fact behind a figure.
type Item struct {
	Ref model.Ref
	// Value is the item's length in seconds or its amount; for a share 1 for a hit and 0 for a miss; meaningless for a
	// rate or a level, which count items.
	Value float64
	// Running is true for an item that has not finished: Value is then its age at the end of the window.
	Running bool
	// At is the moment that put the item into the window, for a running item the moment it began.
	At time.Time
}

// Estimate is one statistic of one KPI over one window.
type Estimate struct {
	Statistic Statistic
	// Known is false when there is nothing to draw the statistic from; Reason then says why.
	Known  bool
	Reason string
	Value  float64
	// MoreThan is set where the statistic is not known, but known to be larger than this: a Kaplan–Meier quantile that was
	// not reached because too much is still running.
	MoreThan *float64
	// Interval is the 95 % interval; nil where the statistic has none. An open side is ±Inf.
	Interval *stats.Interval
	// N is the number of items the statistic is drawn from; Hits those that count for a share and for within(D).
	N, Hits int
}

// Point is one window of a trend: what the report would have said with its until at the window's end.
type Point struct {
	Window model.Window
	// Read is false when facts are missing; N then means nothing.
	Read bool
	// N and Value are those of the default statistic; Known is false when it was not measured.
	N     int
	Known bool
	Value float64
}

// Result is one KPI measured over one window.
type Result struct {
	Selection
	Window model.Window
	// Day is how long a day of the figure's lengths is in seconds of working time; 0 where all time counts.
	Day time.Duration
	// Source is the deployment source, or the feed, that the figure came from.
	Source string
	Status Status
	// Reason says why the status is not Measured.
	Reason string
	// Missing is true when facts that the figure needs were not read, or only in part, and when the KPI has no meaning
	// here (there is no deployment, say, or the source does not tell); Reason says which. A figure that is not there while
	// nothing is missing has nothing to measure (no change shipped, say).
	Missing bool
	// Gaps are the feeds that the figure needs or uses and that have a gap, each once.
	Gaps []model.Feed
	// OnlyMore is true where the status is Partial and the facts that are missing can only add to the figure: the whole of
	// a rate or a level is at least what the part gives.
	OnlyMore bool
	// N counts the items of the window (events for a rate, trials for a share, 0 for a level), Hits those that count for a
	// share, Running those still open.
	N, Hits, Running int
	// Items are all the items behind the figure, worst first.
	Items []Item
	// Notes say what a reader must know about the figure, in whole sentences.
	Notes []string

	sample sample
}

// Absent reports whether nothing was counted, because facts could not be had or the KPI has no meaning here.
func (r Result) Absent() bool { return r.Missing && r.Status == NotMeasured }

// Estimate draws a statistic from the result's sample. It is not known where Missing leaves no figure, or where there
// is nothing to draw it from; for within(D) that is neither an item finished in the window nor one running for longer.
func (r Result) Estimate(of Statistic) Estimate {
	if r.Absent() {
		return Estimate{Statistic: of, Reason: r.Reason}
	}
	return r.sample.estimate(of, r.empty())
}

// Figures are one KPI's result with its context.
type Figures struct {
	Result
	// Previous is the same KPI over the window before.
	Previous Result
	// Significant is true when current and previous differ by more than noise (5 % level); nil when that cannot be told.
	Significant *bool
	// Trend is 12 windows of 7 days that end where the window ends, oldest first.
	Trend []Point
	// Signal says what is unusual about the last point of the trend; empty where nothing is, or where that cannot be told.
	Signal Signal
	// Band is the DORA band of the figure; nil where there is none.
	Band *Band
}
