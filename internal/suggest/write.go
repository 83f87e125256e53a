package suggest

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"kpi-gate/internal/gate"
	"kpi-gate/internal/kpi"
)

// Write writes a suggestion as a configuration file with comments. keys are what the file says besides the benchmarks
// and how they are judged: whole lines of YAML that say what the figures were drawn with, such as the window.
func Write(w io.Writer, s *Suggestion, keys string) error {
	var f file
	f.head(s)
	f.text.WriteString(keys)
	f.judging(s)
	f.benchmarks(s)
	f.left(s)
	_, err := io.WriteString(w, f.text.String())
	return err
}

// file is a configuration file in the making.
type file struct{ text strings.Builder }

// columns is how wide comments run.
const columns = 100

// comment writes sentences as a comment, between words broken into lines. What is told comes from a repository too, such
// as why something could not be read: none of its characters ends the comment.
func (f *file) comment(indent, sentences string) {
	f.hanging(indent+"# ", indent+"# ", sentences)
}

// hanging is comment, with a beginning of its own for the first line.
func (f *file) hanging(first, rest, sentences string) {
	f.text.WriteString(first)
	at := utf8.RuneCountInString(first)
	for i, word := range strings.Fields(harmless(sentences)) {
		width := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case at+1+width > columns:
			f.text.WriteString("\n" + rest)
			at = utf8.RuneCountInString(rest)
		default:
			f.text.WriteByte(' ')
			at++
		}
		f.text.WriteString(word)
		at += width
	}
	f.text.WriteByte('\n')
}

// harmless is a text without control and formatting characters; those that separate lines are blanks.
func harmless(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == utf8.RuneError:
			return -1
		default:
			return r
		}
	}, text)
}

func (f *file) head(s *Suggestion) {
	first, last := s.Windows[0], s.Windows[len(s.Windows)-1]
	f.comment("", fmt.Sprintf("A gate for %s, suggested by kpi-gate from the repository's own last %d windows of %s (%s to"+
		" %s).", s.Repository, len(s.Windows), gate.FormatDuration(last.Length()), first.Since.Format(time.DateOnly),
		last.Until.Format(time.DateOnly)))
	f.text.WriteString("#\n")
	f.comment("", "Each limit is one that the repository met in at least three of four windows, rounded outward to a number"+
		" that people write. Where its better half of windows did better, the limit moves there over half a year."+
		" Read each before you keep it: a limit says what you want, and the past only what is possible.")
	f.text.WriteString("#\n")
	f.comment("", "Gate a service against its own past, one service at a time. Do not compare teams or repositories, and"+
		" never people: a measure that becomes a target is soon met without what it stood for (Goodhart's law). So speed"+
		" stands beside stability here; keep it so.")
	f.text.WriteString("#\n")
	f.comment("", "Which past days would have been red: kpi-gate backtest --snapshot FILE --config THIS-FILE")
	f.text.WriteByte('\n')
}

func (f *file) judging(s *Suggestion) {
	f.text.WriteByte('\n')
	if s.Gate.Evidence == gate.EvidenceInterval {
		f.comment("", "A breach fails only if the whole 95 % interval of the figure is beyond the limit. Where the interval"+
			" straddles the limit, that may be chance, and warns: expect warnings from limits that are as near to what you"+
			" do as these. That is why they fail from the first day on; to try them first, set enforce: false, which"+
			" reports everything and fails nothing.")
	} else {
		f.comment("", "A breach fails on the figure itself, although that may be chance; evidence: interval would only warn then.")
	}
	fmt.Fprintf(&f.text, "evidence: %s\n", s.Gate.Evidence)
	f.comment("", "What follows where a benchmark cannot be judged: a quiet month is no breach.")
	fmt.Fprintf(&f.text, "on-no-data: %s\n", s.Gate.OnNoData)
	f.comment("", "The least number of items that a length, an amount or a share is judged on.")
	fmt.Fprintf(&f.text, "min-samples: %d\n", s.Gate.MinSamples)
	f.comment("", "So that repairs can merge while what they repair is red:")
	f.text.WriteString("# exempt: { labels: [hotfix], fixing-breached-class: true }\n")
}

func (f *file) benchmarks(s *Suggestion) {
	f.text.WriteString("\nbenchmarks:\n")
	for i, b := range s.Benchmarks {
		if i > 0 {
			f.text.WriteByte('\n')
		}
		const indent = "  "
		f.comment(indent, title(b.KPI)+". "+b.KPI.Plain+done(b))
		f.hanging(indent+"# Windows, oldest first: ", indent+"#   ", strings.Join(shown(b), " "))
		f.comment(indent, story(b))
		if balance := balance(s, b); balance != "" {
			f.comment(indent, balance)
		}
		if !b.Warns {
			fmt.Fprintf(&f.text, "%s- %s\n", indent, b.Line())
			continue
		}
		f.comment(indent, "The last window does not meet it, so it only warns: take the line with then out once it does.")
		fmt.Fprintf(&f.text, "%[1]s- hold: %[2]s\n%[1]s  then: warn\n", indent, b.Line())
	}
}

// title is the KPI's title, with the class of issues that it is about.
func title(d *kpi.Definition) string {
	class := string(d.Family)
	if !strings.HasPrefix(d.ID, class+"-") || d.Family == kpi.CI {
		return d.Title
	}
	first, size := utf8.DecodeRuneInString(class)
	begin, width := utf8.DecodeRuneInString(d.Title)
	return string(unicode.ToUpper(first)) + class[size:] + ": " + string(unicode.ToLower(begin)) + d.Title[width:]
}

// done says what the figures are where they are not lengths.
func done(b Benchmark) string {
	if b.Statistic.Name != within {
		return ""
	}
	_, length, _ := strings.Cut(b.Statistic.String(), "(")
	return fmt.Sprintf(" The figures are how much of it took at most %s; what is open for longer counts as late.",
		strings.TrimSuffix(length, ")"))
}

// Line is the benchmark as a configuration writes it.
func (b Benchmark) Line() string {
	subject := b.KPI.ID
	if len(kpi.Statistics(b.KPI.Kind())) > 1 {
		subject += "." + b.Statistic.String()
	}
	line := fmt.Sprintf("%s %s %s", subject, b.Operator, gate.FormatLimit(b.KPI, b.Statistic, b.Limit))
	if b.Target == nil {
		return line
	}
	return fmt.Sprintf("%s (%s) to %s (%s)", line, b.From.Format(time.DateOnly),
		gate.FormatLimit(b.KPI, b.Statistic, *b.Target), b.Until.Format(time.DateOnly))
}

// story says how far the limit is from what the repository does.
func story(b Benchmark) string {
	limit := gate.FormatLimit(b.KPI, b.Statistic, b.Limit)
	windows := fmt.Sprintf("%d of the %d windows", b.Met, b.Judged)
	if silent := len(b.Points) - b.Judged; silent > 0 {
		windows += " that can be judged"
	}
	text := fmt.Sprintf("%s met %s %s", windows, b.Operator, limit)
	if b.Target == nil {
		return text + "."
	}
	return fmt.Sprintf("%s, and %d the %s that it becomes by %s.", text, b.MetTarget,
		gate.FormatLimit(b.KPI, b.Statistic, *b.Target), b.Until.Format(time.DateOnly))
}

// balance says which of the others are there to be held against it, and which cannot be.
func balance(s *Suggestion, b Benchmark) string {
	var there, missing []string
	for _, id := range b.KPI.BalancedBy {
		switch {
		case slices.ContainsFunc(s.Benchmarks, func(other Benchmark) bool { return other.KPI.ID == id }):
			there = append(there, id)
		case slices.ContainsFunc(s.Left, func(other Left) bool { return other.KPI.ID == id }):
			missing = append(missing, id)
		}
	}
	var sentences []string
	if len(there) > 0 {
		sentences = append(sentences, "Balanced by "+strings.Join(there, " and ")+".")
	}
	if len(missing) > 0 {
		sentences = append(sentences, "What would balance it is left out (below): "+strings.Join(missing, ", ")+".")
	}
	return strings.Join(sentences, " ")
}

func (f *file) left(s *Suggestion) {
	if len(s.Left) == 0 {
		return
	}
	f.text.WriteByte('\n')
	f.comment("", "Left out:")
	for _, l := range s.Left {
		f.hanging("# - ", "#   ", l.KPI.ID+": "+l.Reason)
	}
}

// shown are the figures of the windows, rounded; a point in the middle is one that cannot be judged.
func shown(b Benchmark) []string {
	all := make([]string, len(b.Points))
	for i, p := range b.Points {
		all[i] = "·"
		if p.Judged {
			all[i] = show(b.KPI, b.Statistic, p.Value)
		}
	}
	return all
}

// show writes a figure in a few characters.
func show(d *kpi.Definition, of kpi.Statistic, value float64) string {
	short := func(x float64) string { return strconv.FormatFloat(x, 'g', 3, 64) }
	plain := func(x float64) string {
		if math.Abs(x) >= 100 {
			return strconv.FormatFloat(x, 'f', 0, 64)
		}
		return short(x)
	}
	switch {
	case of.Name == within || d.Unit == kpi.Ratio && d.Kind() == kpi.KindShare:
		return strconv.FormatFloat(100*value, 'f', 0, 64) + "%"
	case d.Unit == kpi.Ratio:
		return strconv.FormatFloat(100*value, 'f', 2, 64) + "%"
	case d.Unit == kpi.PerDay && value < 1:
		return short(7*value) + "/week"
	case d.Unit == kpi.PerDay:
		return plain(value) + "/day"
	case d.Unit != kpi.Seconds:
		return plain(value)
	}
	const minute, hour = 60, 3600
	day := of.Day.Seconds()
	if day <= 0 {
		day = 24 * hour
	}
	switch {
	case value >= day:
		return plain(math.Round(10*value/day)/10) + "d"
	case value >= hour:
		return plain(math.Round(10*value/hour)/10) + "h"
	case value >= minute:
		return plain(math.Round(value/minute)) + "m"
	default:
		return plain(math.Round(value)) + "s"
	}
}
