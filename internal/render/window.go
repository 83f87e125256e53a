package render

import (
	"time"

	"kpi-gate/internal/report"
)

// windowText says a window in words: "30 days, 1 May 2026 to 30 May 2026 (UTC)" where it is made of whole days, the
// last of which is then inside; else with the times of day.
func windowText(w report.Window) string {
	since, errSince := time.Parse(time.RFC3339, w.Since)
	until, errUntil := time.Parse(time.RFC3339, w.Until)
	if errSince != nil || errUntil != nil {
		return clean(w.Since + " to " + w.Until)
	}
	since, until = since.UTC(), until.UTC()
	const day = 24 * time.Hour
	length := windowLength(w)
	if since.Equal(since.Truncate(day)) && until.Equal(until.Truncate(day)) && until.After(since) {
		const date = "2 January 2006"
		last := until.Add(-day)
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
	since, errSince := time.Parse(time.RFC3339, w.Since)
	until, errUntil := time.Parse(time.RFC3339, w.Until)
	if errSince != nil || errUntil != nil {
		return clean(w.Since + " to " + w.Until)
	}
	const day = 24 * time.Hour
	length := until.Sub(since)
	if length > 0 && length%day == 0 {
		return plural(int(length/day), "day")
	}
	return durationText(length.Seconds(), 0, 0)
}
