package render

import (
	"slices"
	"strings"

	"kpi-gate/internal/report"
)

// readTitle is the heading over what was read, as figures point at it.
const readTitle = "What was read"

// readPlace is where a report says what was read.
const readPlace = "“" + readTitle + "”"

// readPlace is where a text says what was read, or points at.
func (x index) readPlace() string {
	if x.posted {
		return readPlace + " in the job summary"
	}
	return readPlace
}

// pointing is the reason of a figure with gaps, with the place to look for what was not read.
func pointing(reason string, k report.KPI, place string) string {
	if len(k.Gaps) == 0 {
		return reason
	}
	return strings.TrimRight(reason, ".") + " (see " + place + ")"
}

// costText says what reading took, how much of it was for requests that GitHub did not answer at once, and what a
// snapshot file saved.
func costText(r *report.Report) string {
	const megabyte = 1_000_000
	read := r.Read
	cost := plural(read.Requests, "request") + " to GitHub, " + plural(read.GraphQLPoints, "GraphQL point") + ", " +
		decimal(float64(read.Bytes)/megabyte, 1) + " MB, " + decimal(read.Seconds, 1) + " s."
	switch {
	case read.Retries > 0:
		cost += " " + plural(read.Retries, "request") + " had to be sent again, after " + decimal(read.Waited, 1) +
			" s of waiting."
	case read.Waited > 0:
		cost += " " + decimal(read.Waited, 1) + " s of that were spent waiting."
	}
	switch {
	case read.Cache == nil:
	case read.Cache.Aside != nil:
		cost += " The snapshot file was left aside: " + stopped(clean(*read.Cache.Aside))
	case read.Cache.Known > 0:
		cost += " " + plural(read.Cache.Known, "fact") + " came from the snapshot file and did not have to be read again."
	}
	return cost
}

// cause is why some feeds were not read, or not whole, and what to change.
type cause struct {
	names          []string
	reason, advice string
}

// causesOf gathers gaps by what is to be changed, else by what happened, in the order in which each is first met. Of
// several that have one remedy the first says what happened; report.json has them all.
func causesOf(gaps []report.Gap) []cause {
	var all []cause
	for _, g := range gaps {
		c := cause{reason: clean(g.Reason), advice: optionalText(g.Advice)}
		at := slices.IndexFunc(all, func(other cause) bool {
			return other.advice == c.advice && (c.advice != "" || other.reason == c.reason)
		})
		if at < 0 {
			at = len(all)
			all = append(all, c)
		}
		if name := feedText(g.Feed); !slices.Contains(all[at].names, name) {
			all[at].names = append(all[at].names, name)
		}
	}
	return all
}

// feeds names the feeds of a cause.
func (c cause) feeds() string { return strings.Join(c.names, ", ") }

// adviceText is what to change, as a sentence; empty where the reason says it already, or it is not known.
func (c cause) adviceText() string {
	if c.advice == "" || strings.Contains(c.reason, c.advice) {
		return ""
	}
	return stopped(capitalized(c.advice))
}

// feedText is a feed's name in words.
func feedText(feed string) string { return strings.ReplaceAll(clean(feed), "-", " ") }
