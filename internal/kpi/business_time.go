package kpi

import (
	"sort"
	"time"
)

// BusinessTime says which hours are worked. The lengths of the KPIs that it names count only these.
type BusinessTime struct {
	Zone *time.Location
	// Days are the working days, by time.Weekday.
	Days [7]bool
	// From and To are the hours of a working day, as wall-clock time since midnight in whole seconds; To is at most 24
	// hours.
	From, To time.Duration
	// Holidays are days off, as 2026-12-25.
	Holidays map[string]bool
	// KPIs are the IDs of the KPIs whose lengths count in working hours, globs.
	KPIs Globs
}

// Day is how long a working day is where the clocks do not change.
func (b *BusinessTime) Day() time.Duration { return b.To - b.From }

// Week is how long a working week without holidays is: a working day for each day of the week that is worked.
func (b *BusinessTime) Week() time.Duration {
	week := time.Duration(0)
	for _, works := range b.Days {
		if works {
			week += b.Day()
		}
	}
	return week
}

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

// calendar counts working time between two instants, by adding up once what was worked before each working day.
type calendar struct {
	// stretches do not overlap and are in the order of time.
	stretches []stretch
}

// stretch is working time without a break, [from, to) in seconds since 1970 UTC, and the seconds worked before it.
type stretch struct{ from, to, before int64 }

// newCalendar is the calendar of the working hours from 1970-01-01 to a year after until; outside that nothing is
// worked.
//
// An instant is worked if the clocks of the zone then show a time from From up to To on a working day. So where clocks
// go forward within the working hours the day has fewer of them, where they go back it has more, and a day that a zone
// left out has none.
//
// Note: time.Date is of no use for the ends of such days. For a time that clocks show twice it gives one of two
// instants, for one that they never show an instant before or after it. While the offset from UTC stays the same there
// are no such times, so each spell of one offset is taken by itself.
func newCalendar(b *BusinessTime, until time.Time) *calendar {
	at, end := time.Date(1970, 1, 1, 0, 0, 0, 0, b.Zone), until.AddDate(1, 0, 0)
	c := &calendar{stretches: make([]stretch, 0, max(0, end.Sub(at)/day))}
	holidays := b.holidays()
	for at.Before(end) {
		_, change := at.ZoneBounds()
		if change.IsZero() || change.After(end) {
			change = end
		}
		_, offset := at.Zone()
		c.addStretches(b, holidays, at.Unix(), change.Unix(), int64(offset))
		at = change
	}
	return c
}

// secondsPerDay is the length of a day in which clocks do not change.
const secondsPerDay = int64(day / time.Second)

// addStretches adds the working time of [from, to), in which clocks show UTC plus the offset.
func (c *calendar) addStretches(b *BusinessTime, holidays map[int64]bool, from, to, offset int64) {
	opens, closes := int64(b.From/time.Second), int64(b.To/time.Second)
	for date := (from + offset) / secondsPerDay; date*secondsPerDay-offset < to; date++ {
		if !b.Days[(date+int64(time.Thursday))%7] || holidays[date] { // 1970-01-01 was a Thursday.
			continue
		}
		midnight := date*secondsPerDay - offset
		next := stretch{from: max(from, midnight+opens), to: min(to, midnight+closes)}
		if next.from >= next.to {
			continue
		}
		if n := len(c.stretches); n > 0 {
			last := c.stretches[n-1]
			next.before = last.before + last.to - last.from
		}
		c.stretches = append(c.stretches, next)
	}
}

// holidays are the days off, by how many days after 1970-01-01 they are. A text that is no date is the name of no day.
func (b *BusinessTime) holidays() map[int64]bool {
	off := make(map[int64]bool, len(b.Holidays))
	for text, isOff := range b.Holidays {
		if date, err := time.Parse(time.DateOnly, text); err == nil && isOff {
			off[date.Unix()/secondsPerDay] = true
		}
	}
	return off
}

// between is the working time in [from, to); from is not after to.
func (c *calendar) between(from, to time.Time) time.Duration { return c.worked(to) - c.worked(from) }

// worked is the working time before an instant.
func (c *calendar) worked(at time.Time) time.Duration {
	second := at.Unix()
	i := sort.Search(len(c.stretches), func(i int) bool { return c.stretches[i].from > second }) - 1
	if i < 0 {
		return 0
	}
	s := c.stretches[i]
	if second >= s.to {
		return time.Duration(s.before+s.to-s.from) * time.Second
	}
	return time.Duration(s.before+second-s.from)*time.Second + time.Duration(at.Nanosecond())
}
