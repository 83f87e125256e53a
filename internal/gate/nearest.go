package gate

import (
	"strings"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
)

// Nearest is the name that somebody who wrote text may have meant; empty when none is near. It is the first of those
// with the fewest edits, if these are at most a third of the text; else the first that begins with the text; else the
// first that holds it. Two neighbouring letters in the wrong order are one edit if nothing else is wrong.
func Nearest(text string, names []string) string {
	const longest = 64
	size := utf8.RuneCountInString(text)
	if size == 0 || size > longest {
		return ""
	}
	text = strings.ToLower(text)
	best, fewest := "", max(1, size/3)+1
	for _, name := range names {
		edits := levenshtein.ComputeDistance(text, name)
		if edits == 2 && isSwapped(text, name) {
			edits = 1
		}
		if edits < fewest && edits < len(name) {
			best, fewest = name, edits
		}
	}
	if best != "" || size < 3 {
		return best
	}
	for _, fits := range []func(name, text string) bool{strings.HasPrefix, strings.Contains} {
		for _, name := range names {
			if fits(name, text) {
				return name
			}
		}
	}
	return ""
}

// isSwapped reports whether two texts differ in the order of two neighbouring letters, and in nothing else.
func isSwapped(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) - 1 {
		if a[i] != b[i] {
			return a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
		}
	}
	return false
}

// UnknownKPI says, fit to be shown, that no KPI is called so, and which of those with the IDs may have been meant.
func UnknownKPI(name string, ids []string) (message, nearest string) {
	message = "there is no KPI " + Quote(name)
	if nearest = nearestWord(name, ids, kpiWords); nearest == "" {
		message += ": the README and 'kpi-gate kpis' list them"
	}
	return message, nearest
}

// kpiWords are what people call a KPI.
var kpiWords = map[string]string{
	"cfr": "change-failure-rate", "uptime": "availability",
	"mtbf": "mean-time-between-failures", "mttd": "mean-time-to-detect", "mttr": "mean-time-to-resolution",
}

// statisticWords are what people call a statistic.
var statisticWords = map[string]string{"median": "p50", "avg": "mean", "average": "mean", "maximum": "max"}

// nearestWord is the name that the text is another word for, if it is one of the names; else the nearest of them.
func nearestWord(text string, names []string, words map[string]string) string {
	if name, ok := words[strings.ToLower(text)]; ok && contains(names, name) {
		return name
	}
	return Nearest(text, names)
}

// unitWords are what people write for a unit.
var unitWords = map[string]string{
	"sec": "s", "secs": "s", "second": "s", "seconds": "s",
	"mins": "min", "minute": "min", "minutes": "min",
	"hr": "h", "hrs": "h", "hour": "h", "hours": "h",
	"day": "d", "days": "d",
	"wk": "w", "week": "w", "weeks": "w",
}

// periodWords are what people write for the period of a frequency.
var periodWords = map[string]string{
	"d": "day", "daily": "day",
	"w": "week", "wk": "week", "weekly": "week",
	"mo": "month", "monthly": "month",
}

// nearestUnit is the unit that somebody who wrote text may have meant.
func nearestUnit(text string, units []span, words map[string]string) string {
	if unit, ok := words[strings.ToLower(text)]; ok {
		return unit
	}
	// One letter is one edit away from any other, so a single letter is only ever the same one in the other case.
	if lower := strings.ToLower(text); find(units, lower) >= 0 {
		return lower
	}
	if utf8.RuneCountInString(text) < 3 {
		return ""
	}
	var names []string
	for _, unit := range units {
		names = append(names, unit.names...)
	}
	return Nearest(text, names)
}
