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

// index finds what a report says elsewhere about a KPI.
type index struct {
	kpis     map[string]report.KPI
	families map[string]string
}

func indexOf(r *report.Report) index {
	x := index{kpis: map[string]report.KPI{}, families: map[string]string{}}
	for _, k := range r.KPIs {
		x.kpis[k.ID] = k
	}
	for _, f := range r.Families {
		x.families[f.ID] = f.Title
	}
	return x
}

// title is the name of a KPI outside its family's table. KPIs of an issue class share their titles, so theirs begins
// with the family's: "Bugs: time to resolve".
func (x index) title(id, title string) string {
	family := x.kpis[id].Family
	if title = clean(title); title == "" {
		title = clean(id)
	}
	named := clean(x.families[family])
	if family == "" || named == "" || !strings.HasPrefix(id, family+"-") ||
		strings.HasPrefix(strings.ToLower(title), strings.ToLower(family)) {
		return title
	}
	first, size := utf8.DecodeRuneInString(title)
	return named + ": " + string(unicode.ToLower(first)) + title[size:]
}

// figures is the scale on which a benchmark's value, limit and previous value are written; the first two choose it.
func figures(b report.Benchmark) scale {
	s := scaleOf(measureOf(b.Kind, b.Unit, b.Statistic), &b.Limit, b.Value)
	if b.Value != nil {
		s = s.apart(*b.Value, b.Limit)
	}
	return s
}

// limit says a benchmark's limit in words.
func limit(b report.Benchmark) string {
	return strings.TrimSpace(boundText(b) + " " + figures(b).text(b.Limit))
}

// boundText is what a benchmark's operator says before its limit.
func boundText(b report.Benchmark) string {
	switch b.Operator {
	case "<=":
		return "at most"
	case "<":
		return "less than"
	case ">=":
		return "at least"
	case ">":
		return "more than"
	default:
		return ""
	}
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
	k := x.kpis[b.KPI]
	if k.Previous != nil && k.Statistic == b.Statistic && same(k.Value, b.Value) && same(k.Previous.Value, b.Previous) {
		significant = k.Previous.Significant
	}
	return change(b.Previous, b.Value, better, significant)
}

func same(a, b *float64) bool { return a != nil && b != nil && *a == *b }

// withinPattern is the statistic within(D), D with its unit.
var withinPattern = regexp.MustCompile(`^within\((.+)\)$`)

// withinText is the D of within(D) in words.
func withinText(statistic string) string {
	m := withinPattern.FindStringSubmatch(statistic)
	if m == nil {
		return clean(statistic)
	}
	length := m[1]
	if days, ok := strings.CutSuffix(length, "d"); ok {
		if n, err := strconv.ParseFloat(days, 64); err == nil {
			return durationText(n*(24*time.Hour).Seconds(), 1)
		}
	}
	if d, err := time.ParseDuration(length); err == nil {
		return durationText(d.Seconds(), 1)
	}
	return clean(length)
}

// sentence says what is wrong in numbers: "The median of 41 issues took 12 d 4 h; the limit is at most 7 d." It is not
// escaped.
func (x index) sentence(b report.Benchmark) string {
	if b.Value == nil {
		reason := "It could not be measured"
		if b.Reason != nil {
			reason = clean(*b.Reason)
		}
		return strings.TrimRight(reason, ".") + "; the limit is " + limit(b) + "."
	}
	return x.finding(b) + "; the limit is " + limit(b) + "."
}

// finding is the sentence without the limit.
func (x index) finding(b report.Benchmark) string {
	value := figures(b).text(*b.Value)
	noun := nounOf(b.Worst, x.kpis[b.KPI].Items)
	if measureOf(b.Kind, b.Unit, b.Statistic) == share && strings.HasPrefix(b.Statistic, "within(") {
		return value + of(*b.Value, b.N, noun) + " took " + withinText(b.Statistic) + " or less"
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
	case "km_p50":
		return "Counting what is not finished, half of the " + noun + "s take " + value + " or longer"
	case "km_p90":
		return "Counting what is not finished, one in ten of the " + noun + "s takes " + value + " or longer"
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

// leftOver is how many items to act on a benchmark has beyond the first so many.
func leftOver(b report.Benchmark, listed int) int {
	return max(max(len(b.Items), len(b.Worst))-min(listed, len(b.Worst)), 0)
}

// advice says why a benchmark came to its outcome and what to do; empty where there is nothing to say.
func advice(b report.Benchmark) string {
	reason := ""
	if b.Reason != nil {
		reason = clean(*b.Reason)
	}
	if b.Outcome == "breached" || b.Outcome == "warned" {
		return strings.TrimSpace(strings.Join([]string{stopped(reason), clean(b.Repair)}, " "))
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
