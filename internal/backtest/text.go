package backtest

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
	"unicode/utf8"

	"kpi-gate/internal/gate"
)

// marks are the characters of the strip, one for each day: they differ without colour.
var marks = map[Day]byte{Held: '.', Red: '#', Noise: '~', Warned: '!', Unsure: ':', Unjudged: '?', Idle: '-'}

// perLine is how many days stand on a line of the strip.
const perLine = 70

// WriteText writes a replay for people, in plain text of at most about 100 columns but for long benchmarks.
func WriteText(w io.Writer, r *Result) error {
	out := &writer{to: w}
	out.head(r)
	out.table(r)
	out.strip(r)
	out.summary(r)
	for i, advice := range r.Advice() {
		if i == 0 {
			out.printf("\nWHAT WOULD HELP\n")
		}
		out.printf("%s\n", wrap("- "+advice, "  "))
	}
	out.printf("\n%s\n", wrap("Not replayed: exemptions, and labels that somebody put on a pull request to let it pass. Titles,"+
		" issue types and milestones count as they are today.", ""))
	return out.err
}

// writer keeps the first error of many writes.
type writer struct {
	to  io.Writer
	err error
}

func (w *writer) printf(format string, args ...any) {
	if w.err == nil {
		_, w.err = fmt.Fprintf(w.to, format, args...)
	}
}

func (w *writer) head(r *Result) {
	w.printf("Backtest of %s on %s\n", plural(len(r.Benchmarks), "benchmark"), r.Repository)
	w.printf("%s, %s to %s, each at its first moment (UTC), over the %s before\n",
		plural(len(r.Whole), "day"), date(r.First), date(r.Last), gate.FormatDuration(r.Window))
	if len(r.Whole) < r.Asked {
		w.printf("\n%s\n", wrap(fmt.Sprintf("These are not the %s that were asked for: the snapshot goes back to %s, and a day"+
			" needs its window and the one before it. For all of them, collect with --back %s.",
			plural(r.Asked, "day"), r.Reach.UTC().Format(time.RFC3339), gate.FormatDuration(r.Back())), ""))
	}
	if r.Near > 0 {
		w.printf("\n%s\n", wrap(fmt.Sprintf("For the first %s the snapshot goes back less far than a report would have read (84"+
			" days, or twice the window): who was of the team, and since when CI was red, may differ a little.",
			plural(r.Near, "day")), ""))
	}
}

// Back is how far back from its end a snapshot has to go for all the days that were asked for.
func (r *Result) Back() time.Duration { return 2*r.Window + time.Duration(r.Asked)*day }

func (w *writer) table(r *Result) {
	w.printf("\nBY BENCHMARK\n")
	if w.err != nil {
		return
	}
	table := tabwriter.NewWriter(w.to, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\tdays judged\theld\tred\tonly noise\twarned\tnot judged\tfirst red\tlast red\tbenchmark")
	line := func(name string, c Count, first, last, text string) {
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%s\t%s\t%s\n",
			name, c.Judged, c.Held, c.Red, c.Noise, c.Warned, c.Unjudged, first, last, text)
	}
	for i, s := range r.Benchmarks {
		first, last := "", ""
		if from, to, ok := r.Reds(s); ok {
			first, last = date(from), date(to)
		}
		text := s.Benchmark.Text
		if s.Benchmark.Then == gate.ThenWarn {
			text += " (only warns)"
		}
		line(fmt.Sprint(i+1), s.Count(), first, last, text)
	}
	first, last, ok := r.Reds(Series{Days: r.Whole})
	begun, ended := "", ""
	if ok {
		begun, ended = date(first), date(last)
	}
	line("all", r.Count(), begun, ended, "the whole gate")
	w.err = table.Flush()
}

func (w *writer) strip(r *Result) {
	w.printf("\nDAY BY DAY: . held, # red, ~ red only by noise, ! warned, : warned although the figure met the limit,\n" +
		"            ? not judged, - not in force\n")
	for from := 0; from < len(r.Whole); from += perLine {
		to := min(from+perLine, len(r.Whole))
		w.printf("\n     %s\n", date(r.day(from)))
		for i, s := range r.Benchmarks {
			w.printf("%3d  %s\n", i+1, stripOf(s.Days[from:to]))
		}
		w.printf("all  %s\n", stripOf(r.Whole[from:to]))
	}
}

func stripOf(days []Day) string {
	strip := make([]byte, len(days))
	for i, d := range days {
		strip[i] = marks[d]
	}
	return string(strip)
}

func (w *writer) summary(r *Result) {
	c := r.Count()
	w.printf("\n")
	if c.Red == 0 {
		w.printf("The gate would not have been red on any of the %s.\n", plural(len(r.Whole), "day"))
		return
	}
	times, longest := r.Stretches()
	stretches := "in one stretch"
	if times > 1 {
		stretches = fmt.Sprintf("in %d stretches, the longest of %s", times, plural(longest, "day"))
	}
	w.printf("The gate would have been red on %d of %s, %s.\n", c.Red, plural(len(r.Whole), "day"), stretches)
	for i, alone := range r.Alone() {
		if alone > 0 && len(r.Benchmarks) > 1 {
			w.printf("On %d of them for benchmark %d alone.\n", alone, i+1)
		}
	}
}

// columns is how wide sentences run.
const columns = 100

// wrap breaks a text between words; later lines begin with the indent.
func wrap(text, indent string) string {
	var b strings.Builder
	at := 0
	for i, word := range strings.Fields(text) {
		width := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case at+1+width > columns:
			b.WriteString("\n" + indent)
			at = len(indent)
		default:
			b.WriteByte(' ')
			at++
		}
		b.WriteString(word)
		at += width
	}
	return b.String()
}

// date is the day on which a window ends at midnight.
func date(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// plural counts: 1 day, 2 days.
func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
