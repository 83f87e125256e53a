package render

import (
	"time"

	"kpi-gate/internal/report"
)

// wholeDay is a day of 24 hours, as all are in UTC.
const wholeDay = 24 * time.Hour

// windowBounds are the beginning and the end of a window, in UTC; ok is false where they cannot be read.
func windowBounds(w report.Window) (since, until time.Time, ok bool) {
	since, errSince := time.Parse(time.RFC3339, w.Since)
	until, errUntil := time.Parse(time.RFC3339, w.Until)
	return since.UTC(), until.UTC(), errSince == nil && errUntil == nil
}

// windowText says a window in words: "30 days, 1 May 2026 to 30 May 2026 (UTC)" where it is made of whole days, the
// last of which is then inside; else with the times of day.
func windowText(w report.Window) string {
	since, until, ok := windowBounds(w)
	if !ok {
		return clean(w.Since + " to " + w.Until)
	}
	length := windowLength(w)
	if since.Equal(since.Truncate(wholeDay)) && until.Equal(until.Truncate(wholeDay)) && until.After(since) {
		const date = "2 January 2006"
		last := until.Add(-wholeDay)
		if last.Equal(since) {
			return length + ", " + since.Format(date) + " (UTC)"
		}
		return length + ", " + since.Format(date) + " to " + last.Format(date) + " (UTC)"
	}
	const moment = "2 January 2006 15:04"
	return length + ", " + since.Format(moment) + " to " + until.Format(moment) + " (UTC)"
}

// windowLength says how long a window is: "30 days".
func windowLength(w report.Window) string {
	since, until, ok := windowBounds(w)
	if !ok {
		return clean(w.Since + " to " + w.Until)
	}
	length := until.Sub(since)
	if length > 0 && length%wholeDay == 0 {
		return plural(int(length/wholeDay), "day")
	}
	return durationText(length.Seconds(), 0, 0)
}
