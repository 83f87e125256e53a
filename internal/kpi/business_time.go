package kpi

import "time"

// BusinessTime says which hours are worked. The lengths of the KPIs that it names count only these.
type BusinessTime struct {
	Zone *time.Location
	// Days are the working days, by time.Weekday.
	Days [7]bool
	// From and To are the hours of a working day, as wall-clock time since midnight; To is at most 24 hours.
	From, To time.Duration
	// Holidays are days off, as 2026-12-25.
	Holidays map[string]bool
	// KPIs are the IDs of the KPIs whose lengths count in working hours, globs.
	KPIs Globs
}

// Day is how long a working day is.
func (b *BusinessTime) Day() time.Duration { return b.To - b.From }

// Counts reports whether the lengths of a KPI count in working hours; a nil BusinessTime counts none.
func (b *BusinessTime) Counts(d *Definition) bool {
	if b == nil || d.Unit != Seconds || !b.KPIs.Match(d.ID) {
		return false
	}
	switch d.Shape.(type) {
	case Durations, Ages:
		return true
	default:
		return false
	}
}

// calendar counts working time up to an instant.
type calendar struct{ of *BusinessTime }

func newCalendar(b *BusinessTime, until time.Time) *calendar { return &calendar{of: b} }

func (c *calendar) between(from, to time.Time) time.Duration { return to.Sub(from) }
