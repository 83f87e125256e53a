package render

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"kpi-gate/internal/report"
)

// maxWorst is how many items a breach lists.
const maxWorst = 10

// figures is the scale on which a benchmark's value, limit and previous value are written; the first two choose it.
func figures(b report.Benchmark) scale {
	s := scaleOf(measureOf(b.Kind, b.Unit, b.Statistic), b.Limit, b.Value).in(b.BusinessDay, b.Currency)
	if b.Value != nil && b.Limit != nil {
		s = s.apart(*b.Value, *b.Limit)
	}
	return s
}

// valueText is the figure that a benchmark was judged on.
func valueText(b report.Benchmark) string {
	if b.Value == nil && b.MoreThan != nil {
		return "> " + figures(b).text(*b.MoreThan)
	}
	return figures(b).optional(b.Value)
}

// change says how a figure moved since the window before: an arrow, and better or worse where the change is more than
// noise. It is empty where either is missing.
func change(previous, now *float64, better string, significant *bool) string {
	if previous == nil || now == nil {
		return ""
	}
	var arrow string
	switch {
	case *now > *previous:
		arrow = "▲"
	case *now < *previous:
		arrow = "▼"
	default:
		return "="
	}
	switch {
	case significant == nil || !*significant:
		return arrow
	case (arrow == "▲") == (better == "higher"):
		return arrow + " better"
	default:
		return arrow + " worse"
	}
}

// change of a benchmark. Whether it is more than noise is known of the KPI's own figure, so that is said only where the
// benchmark judges that very figure.
func (x index) change(b report.Benchmark) string {
	better := "lower"
	if strings.HasPrefix(b.Operator, ">") {
		better = "higher"
	}
	var significant *bool
	k := x.row(b)
	if k.Previous != nil && k.Statistic == b.Statistic && same(k.Value, b.Value) && same(k.Previous.Value, b.Previous) {
		significant = k.Previous.Significant
	}
	return change(b.Previous, b.Value, better, significant)
}

func same(a, b *float64) bool { return a != nil && b != nil && *a == *b }

// withinPattern is the statistic within(D), D with its unit.
var withinPattern = regexp.MustCompile(`^within\((.+)\)$`)

// withinText is the D of within(D) in words.
func withinText(b report.Benchmark) string {
	statistic, day := b.Statistic, fullDay
	if b.BusinessDay != nil {
		day = *b.BusinessDay
	}
	m := withinPattern.FindStringSubmatch(statistic)
	if m == nil {
		return clean(statistic)
	}
	length := m[1]
	if days, ok := strings.CutSuffix(length, "d"); ok {
		if n, err := strconv.ParseFloat(days, 64); err == nil {
			return durationText(n*day, 1, day)
		}
	}
	if d, err := time.ParseDuration(length); err == nil {
		return durationText(d.Seconds(), 1, day)
	}
	return clean(length)
}

// sentence says what is wrong in numbers: "The median of 41 issues took 12 d 4 h; the limit is at most 7 d." It is not
// escaped.
func (x index) sentence(b report.Benchmark) string {
	var said string
	switch {
	case b.Value != nil:
		said = x.finding(b)
	case b.MoreThan != nil:
		said = x.unreached(b)
	case b.Reason != nil:
		said = strings.TrimRight(clean(*b.Reason), ".")
	default:
		said = "It could not be measured"
	}
	said += "; the limit is " + limit(b)
	if from := limitFrom(b); from != "" && b.Limit != nil {
		said += " (" + from + ")"
	}
	said += "."
	if interval := x.intervalText(b); interval != "" && isBeyond(b) {
		said += " Its whole 95 % interval, " + interval + ", is beyond that."
	}
	if b.BusinessDay != nil {
		said += " " + workdayText(*b.BusinessDay)
	}
	return said
}

// intervalText is the interval of a benchmark's figure, where a breach takes the whole of one; else empty.
func (x index) intervalText(b report.Benchmark) string {
	if !x.interval || b.Interval == nil || b.Value == nil {
		return ""
	}
	return intervalOn(figures(b), *b.Interval)
}

// survivors says whose Kaplan–Meier quantile a statistic is, and the verb that follows.
func survivors(b report.Benchmark, noun string) string {
	if b.Statistic == "km_p90" {
		return "Counting what is not finished, one in ten of the " + noun + "s takes"
	}
	return "Counting what is not finished, half of the " + noun + "s take"
}

// unreached is the finding of a quantile that was not reached: so much is not finished that it is longer than the
// longest seen.
func (x index) unreached(b report.Benchmark) string {
	noun := nounOf(b.Worst, x.row(b).Items)
	return survivors(b, noun) + " more than " + figures(b).text(*b.MoreThan)
}

// finding is the sentence without the limit.
func (x index) finding(b report.Benchmark) string {
	value := figures(b).text(*b.Value)
	noun := nounOf(b.Worst, x.row(b).Items)
	if measureOf(b.Kind, b.Unit, b.Statistic) == share && strings.HasPrefix(b.Statistic, "within(") {
		return value + of(*b.Value, b.N, noun) + " took " + withinText(b) + " or less"
	}
	items := noun + "s"
	if b.N != nil {
		items = plural(*b.N, noun)
	}
	extreme, took, take := "The slowest", " took ", " took "+value+" or longer"
	if b.Kind != "duration" {
		extreme, took, take = "The top", " is ", " has "+value+" or more"
	}
	switch b.Statistic {
	case "p50":
		return "The median of " + items + took + value
	case "p75":
		return extreme + " quarter of " + items + take
	case "p90":
		return extreme + " tenth of " + items + take
	case "p95":
		return extreme + " twentieth of " + items + take
	case "mean":
		return "The average of " + items + took + value
	case "max":
		return "The worst of " + items + took + value
	case "km_p50", "km_p90":
		return survivors(b, noun) + " " + value + " or longer"
	}
	title := x.title(b.KPI, b.Title)
	switch {
	case b.Kind == "share":
		return title + " is " + value + of(*b.Value, b.N, noun)
	case b.Kind == "rate" && b.N != nil && *b.N == 0:
		return title + " is " + value + " (none in the window)"
	case b.Kind == "rate" && b.N != nil:
		return title + " is " + value + " (" + items + " in the window)"
	default:
		return title + " is " + value
	}
}

// of says what a share is a share of, where that is known: " (6 of 42 deployments)".
func of(value float64, n *int, noun string) string {
	if n == nil {
		return ""
	}
	hits := math.Round(value * float64(*n))
	if math.Abs(hits-value*float64(*n)) > 1e-6 {
		return ""
	}
	return " (" + countText(int(hits)) + " of " + plural(*n, noun) + ")"
}

// balance says what to keep an eye on while a benchmark's figure is brought back; empty where nothing hangs on it.
func (x index) balance(b report.Benchmark) string {
	switch len(b.BalancedBy) {
	case 0:
		return ""
	case 1:
		return x.titles(b.BalancedBy) + ", which suffers first where this figure alone is improved."
	default:
		return x.titles(b.BalancedBy) + ", which suffer first where this figure alone is improved."
	}
}

// leftOver is how many items to act on a benchmark has beyond the first so many.
func leftOver(b report.Benchmark, listed int) int {
	return max(max(len(b.Items), len(b.Worst))-min(listed, len(b.Worst)), 0)
}

// advice says why a benchmark came to its outcome and what to do; empty where there is nothing to say.
func advice(b report.Benchmark) string {
	reason := optionalText(b.Reason)
	if isBeyond(b) || b.Outcome == "warned" {
		return strings.TrimSpace(strings.Join([]string{stopped(capitalized(reason)), clean(b.Repair)}, " "))
	}
	return reason
}

// stopped is text with a full stop.
func stopped(s string) string {
	if s == "" || strings.ContainsAny(s[len(s)-1:], ".!?") {
		return s
	}
	return s + "."
}

// capitalized is text that begins with a capital letter, but for n, which is the name of a column.
func capitalized(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 || strings.HasPrefix(s, "n ") {
		return s
	}
	return string(unicode.ToUpper(first)) + s[size:]
}
