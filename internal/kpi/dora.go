package kpi

import (
	"math"
	"time"
)

// Band is where a figure stands among the groups that a DORA report found. It is a picture, not a grade: groups differ
// from year to year, and the report of 2025 has none.
type Band struct {
	// Edition is the year of the report that the limits are from.
	Edition int
	// Name is elite, high, medium or low; empty where the figure is worse than the lowest group's.
	Name string
}

// BandNames are the bands, best first.
var BandNames = []string{"elite", "high", "medium", "low"}

// bands are the limits of one metric in one edition.
type bands struct {
	edition int
	// limits are the worst figures of the bands, in the order of BandNames.
	limits [4]limit
}

// limit is the worst figure of a band; an open one does not belong to it.
type limit struct {
	value float64
	open  bool
}

// under is the limit of lengths that are shorter.
func under(length time.Duration) limit { return limit{value: length.Seconds(), open: true} }

// upTo is the limit of figures that are not worse.
func upTo(value float64) limit { return limit{value: value} }

// beyond is the limit of figures that are better.
func beyond(value float64) limit { return limit{value: value, open: true} }

// The reports speak of weeks and months; a month is taken as 30 days, and half a year as 182.
const (
	week     = 7 * day
	month    = 30 * day
	halfYear = 182 * day
)

// doraBands are the groups of the Accelerate State of DevOps report of 2024
// (https://dora.dev/research/2024/dora-report/). There the change failure rate of the group high is worse than that of
// medium, so those of 2023 (https://dora.dev/research/2023/dora-report/) stand in for them.
var doraBands = map[string]bands{
	// On demand, several a day · once a day to once a week · once a week to once a month · once a month to once in six.
	"deployment-frequency": {2024, [4]limit{beyond(1), upTo(1. / 7), upTo(1. / 30), upTo(1. / 182)}},
	// Less than a day · a week · a month · six months.
	"lead-time-for-changes": {2024, [4]limit{under(day), under(week), under(month), under(halfYear)}},
	"change-failure-rate":   {2023, [4]limit{upTo(0.05), upTo(0.10), upTo(0.15), upTo(0.64)}},
	// High and medium are the same in 2024, less than a day: none is medium.
	"failed-deployment-recovery-time": {2024, [4]limit{under(time.Hour), under(day), under(day), under(month)}},
}

// bandNoise is how much a figure may differ from a limit and still lie on it, as a share of the limit: k of n and the
// limit may differ in the last bit.
const bandNoise = 1e-12

// holds reports whether a figure is within the limit.
func (l limit) holds(value float64, better Direction) bool {
	if math.Abs(value-l.value) <= bandNoise*l.value {
		return !l.open
	}
	return (value < l.value) == (better == Lower)
}

// BandOf is the DORA band of a figure's default statistic: nil for a KPI that the reports have no groups for, for one
// that was not measured whole, and for one in working hours or of filtered items, which the reports do not speak of.
func BandOf(r Result) *Band {
	of, ok := doraBands[r.ID]
	if !ok || r.Status != Measured || r.Day > 0 || len(r.Filter) > 0 {
		return nil
	}
	e := r.Estimate(r.Default())
	if !e.Known {
		return nil
	}
	band := &Band{Edition: of.edition}
	for i, l := range of.limits {
		if l.holds(e.Value, r.Better) {
			band.Name = BandNames[i]
			break
		}
	}
	return band
}
