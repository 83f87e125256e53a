package gate

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"kpi-gate/internal/kpi"
)

// Parse reads one benchmark: a KPI, optionally a filter, optionally a point and a statistic, an operator, a limit,
// optionally "#" and a comment. Blanks between these are free. An error is a *SyntaxError.
//
// A filter keeps some of the KPI's items: terms attribute=glob in braces, all of which an item must meet, separated by
// commas, as in {label=sev1, author="octo cat"}. A glob that holds a comma, a brace, a blank, a quote, # or = stands in
// quotes, and a quote in it behind a backslash.
//
// The limit is written as the figure is: a length of time with its units (2d, 1d12h, 1.5h; units w, d, h, m or min, s),
// a share as a percentage or a number from 0 to 1 (85%, 0.85), a rate with its period (1/day, 5/week, 3/month, a month
// being 30 days), a relative change as a percentage with or without a sign, or a number from -1 to 1 (10%, -5%, +150%,
// 0.1), anything else as a plain number. Where a KPI counts in working time, d is a working day and w a working week.
//
// It may follow from the figure of the window before (previous, previous + 10%, previous - 5%: a percentage of that
// figure, of a share too), or move in a straight line between two days (5d (2026-01-01) to 2d (2026-06-30)). In place
// of operator and limit, "at least" names a DORA band, with the edition of the report: at least high (dora-2024).
func (l Language) Parse(line string) (Benchmark, error) { return l.parse(line, 1, false) }

// Language is what benchmarks may say. The zero Language knows the built-in KPIs, all of them in calendar time.
type Language struct {
	// KPIs are those that there are; nil: the built-in ones.
	KPIs *kpi.Catalogue
	// BusinessTime says for which KPIs a day is a working day; nil: for none.
	BusinessTime *kpi.BusinessTime
}

// kpis are the KPIs that there are.
func (l Language) kpis() *kpi.Catalogue {
	if l.KPIs == nil {
		return kpi.BuiltIn()
	}
	return l.KPIs
}

// day is how long a working day is for a KPI whose lengths count in working time; 0 for any other.
func (l Language) day(k *kpi.Definition) time.Duration {
	if !l.BusinessTime.Counts(k) {
		return 0
	}
	return l.BusinessTime.Day()
}

// lengths are the units of lengths of time of a KPI.
func (l Language) lengths(k *kpi.Definition) []span {
	day := l.day(k)
	if day <= 0 {
		return lengths(7*calendarDay, calendarDay)
	}
	return lengths(l.BusinessTime.Week(), day)
}

// ParseDuration reads a length of time of whole seconds as benchmarks write it: 30d, 1d12h, 1.5h. An error is a
// *SyntaxError.
func ParseDuration(text string) (time.Duration, error) {
	p, err := newParser(text, 1)
	if err != nil {
		return 0, err
	}
	d, err := p.duration()
	if err != nil {
		return 0, err
	}
	p.blanks()
	if p.at < len(p.runes) {
		return 0, p.fail(p.at, len(p.runes), "", "nothing may follow the length of time")
	}
	return d, nil
}

// ParseAll reads one benchmark a line; empty lines and lines that are only a comment are skipped. Conflicts are errors.
// The error joins the *SyntaxError of every line that has one.
func (l Language) ParseAll(text string) ([]Benchmark, error) {
	var benchmarks []Benchmark
	var mistakes []*SyntaxError
	lines := strings.Split(text, "\n")
	var numbers []int // the line of each benchmark
	for i, line := range lines {
		lines[i] = strings.TrimSuffix(line, "\r")
		if content := strings.TrimFunc(lines[i], isBlank); content == "" || strings.HasPrefix(content, "#") {
			continue
		}
		b, err := l.parseLine(lines[i], i+1, false)
		if err != nil {
			mistakes = append(mistakes, err)
			continue
		}
		benchmarks, numbers = append(benchmarks, b), append(numbers, i+1)
	}
	for _, c := range Conflicts(benchmarks) {
		number := numbers[c.Second]
		line := lines[number-1]
		mistakes = append(mistakes, &SyntaxError{
			Line: number, Column: 1 + len([]rune(line)) - len([]rune(strings.TrimLeftFunc(line, isBlank))),
			Text: line, Offending: benchmarks[c.Second].Text,
			Message: fmt.Sprintf("line %d %s", numbers[c.First], c.Message),
		})
	}
	if len(mistakes) == 0 {
		return benchmarks, nil
	}
	slices.SortFunc(mistakes, func(a, b *SyntaxError) int { return cmp.Compare(a.Line, b.Line) })
	errs := make([]error, len(mistakes))
	for i, mistake := range mistakes {
		errs[i] = mistake
	}
	return nil, errors.Join(errs...)
}

// maxRunes is the length of the longest line that is read, so that a file that is no list of benchmarks fails early.
const maxRunes = 1000

func (l Language) parse(line string, number int, breach bool) (Benchmark, error) {
	// Note: the error goes through an if on its way out, since a nil *SyntaxError would be an error that is not nil.
	b, err := l.parseLine(line, number, breach)
	if err != nil {
		return Benchmark{}, err
	}
	return b, nil
}

// parseLine reads the line of that number: with breach the condition under which the benchmark is breached, else the
// one under which it holds.
func (l Language) parseLine(line string, number int, breach bool) (Benchmark, *SyntaxError) {
	p, err := newParser(line, number)
	if err != nil {
		return Benchmark{}, err
	}
	p.language, p.breach = l, breach
	return p.benchmark()
}

// parser reads one line from left to right.
type parser struct {
	language Language
	// lengths are the units of lengths of time.
	lengths []span
	text    string
	runes   []rune
	line    int
	at      int
	// breach is true where the line says when the benchmark is breached.
	breach bool
}

func newParser(text string, line int) (*parser, *SyntaxError) {
	p := &parser{text: text, runes: []rune(text), line: line, lengths: lengths(7*calendarDay, calendarDay)}
	if len(p.runes) > maxRunes {
		return nil, p.fail(maxRunes, len(p.runes), "", "it has more than %d characters", maxRunes)
	}
	return p, nil
}

func (p *parser) benchmark() (Benchmark, *SyntaxError) {
	var b Benchmark
	p.blanks()
	start := p.at
	var err *SyntaxError
	if b.KPI, err = p.kpi(); err != nil {
		return b, err
	}
	p.lengths = p.language.lengths(b.KPI)
	if b.Filter, err = p.filter(b.KPI); err != nil {
		return b, err
	}
	if b.Statistic, err = p.statistic(b.KPI); err != nil {
		return b, err
	}
	b.Statistic.Day = p.language.day(b.KPI)
	if err = p.condition(&b); err != nil {
		return b, err
	}
	end := p.at
	p.blanks()
	if p.at < len(p.runes) && p.runes[p.at] != '#' {
		return b, p.fail(p.at, p.end(), "", "nothing but a comment may follow the limit")
	}
	if i := strings.IndexFunc(string(p.runes[p.at:]), func(r rune) bool { return r == '\n' || r == '\r' }); i >= 0 {
		return b, p.fail(p.at, len(p.runes), "", "a benchmark is one line")
	}
	b.Text = string(p.runes[start:end])
	return b, nil
}

// condition reads what the figure is held against: an operator and a limit, or a band.
func (p *parser) condition(b *Benchmark) *SyntaxError {
	if isBand, err := p.band(b); isBand {
		return err
	}
	var err *SyntaxError
	if p.breach {
		b.Operator, err = p.breachOperator(*b)
	} else {
		b.Operator, err = p.operator(b.KPI)
	}
	if err != nil {
		return err
	}
	return p.limit(b)
}

func (p *parser) kpi() (*kpi.Definition, *SyntaxError) {
	from := p.at
	id := p.word(isName)
	if id == "" {
		return nil, p.fail(from, p.next(), "", "a benchmark begins with a KPI, as in lead-time-for-changes.p50 <= 2d")
	}
	if id == "-" {
		return nil, p.fail(from, p.at, "", "a benchmark is a line, not an item of a list: leave the hyphen out")
	}
	if definition := p.language.kpis().Find(id); definition != nil {
		return definition, nil
	}
	message, nearest := UnknownKPI(id, p.language.kpis().IDs())
	return nil, p.fail(from, p.at, nearest, "%s", message)
}

func (p *parser) statistic(k *kpi.Definition) (kpi.Statistic, *SyntaxError) {
	if !p.take('.') {
		return k.Default(), nil
	}
	p.blanks()
	var names []string
	for _, s := range kpi.Statistics(k.Kind()) {
		names = append(names, s.Name)
	}
	forms := strings.Join(names, ", ")
	if k.Kind() == kpi.KindDuration {
		names = append(names, within)
		forms += ", within(7d)"
	}
	from := p.at
	name := p.word(isName)
	switch {
	case name == "":
		return kpi.Statistic{}, p.fail(from, p.next(), "", "a statistic must follow the point: %s", forms)
	case !contains(names, name):
		return kpi.Statistic{}, p.fail(from, p.at, nearestWord(name, names, statisticWords),
			"%s has no statistic %s: it is of kind %s, which has %s", k.ID, Quote(name), k.Kind(), forms)
	case name != within:
		return kpi.Statistic{Name: name}, nil
	}
	if !p.take('(') {
		return kpi.Statistic{}, p.fail(from, p.at, "", "within needs a length of time, as in within(7d)")
	}
	d, err := p.duration()
	if err != nil {
		return kpi.Statistic{}, err
	}
	if !p.take(')') {
		return kpi.Statistic{}, p.fail(p.at, p.next(), "", "a closing parenthesis must follow the length of time")
	}
	return kpi.Statistic{Name: within, Within: d}, nil
}

func (p *parser) operator(k *kpi.Definition) (Operator, *SyntaxError) {
	p.blanks()
	from := p.at
	text := p.word(isOperator)
	switch o := Operator(text); o {
	case AtMost, Below, AtLeast, Above:
		return o, nil
	case "":
		if p.ahead('{') {
			return "", p.fail(from, p.closing(), "", "a filter stands once, after the KPI: %s{…}", k.ID)
		}
		return "", p.fail(from, p.next(), "", "an operator must follow %s: <=, <, >= or >", p.shown(from))
	}
	meant := map[string]Operator{"=<": AtMost, "≤": AtMost, "=>": AtLeast, "≥": AtLeast}[text]
	if text == "=" || text == "==" {
		meant = AtMost
		if k.Better == kpi.Higher {
			meant = AtLeast
		}
	}
	return "", p.fail(from, p.at, string(meant), "there is no operator %s: it is <=, <, >= or >", Quote(text))
}

// shown is what comes before the place, as messages show it.
func (p *parser) shown(to int) string {
	return Quote(strings.TrimFunc(string(p.runes[:to]), isBlank))
}

// word takes the runes that belong to it.
func (p *parser) word(belongs func(rune) bool) string {
	from := p.at
	for p.at < len(p.runes) && belongs(p.runes[p.at]) {
		p.at++
	}
	return string(p.runes[from:p.at])
}

// blanks skips blanks.
func (p *parser) blanks() { p.word(isBlank) }

// take skips blanks and the rune, if it comes next; else it moves nothing.
func (p *parser) take(r rune) bool {
	from := p.at
	p.blanks()
	if p.at < len(p.runes) && p.runes[p.at] == r {
		p.at++
		return true
	}
	p.at = from
	return false
}

// takeWord skips blanks and the word, if it comes next; else it moves nothing.
func (p *parser) takeWord(word string) bool {
	if !p.comesWord(word) {
		return false
	}
	p.blanks()
	p.at += len([]rune(word))
	return true
}

// comes reports whether the rune comes next, after blanks.
func (p *parser) comes(r rune) bool { return p.comesRune(func(next rune) bool { return next == r }) }

// comesRune reports whether the next rune that is not blank is one of those.
func (p *parser) comesRune(is func(rune) bool) bool {
	i := slices.IndexFunc(p.runes[p.at:], func(r rune) bool { return !isBlank(r) })
	return i >= 0 && is(p.runes[p.at+i])
}

// comesWord reports whether the word comes next, after blanks.
func (p *parser) comesWord(word string) bool {
	i := slices.IndexFunc(p.runes[p.at:], func(r rune) bool { return !isBlank(r) })
	return i >= 0 && p.isWord(p.at+i, word)
}

// isWord reports whether the word stands at a place, and ends there.
func (p *parser) isWord(at int, word string) bool {
	to := at + len([]rune(word))
	return to <= len(p.runes) && string(p.runes[at:to]) == word && (to == len(p.runes) || !unicode.IsLetter(p.runes[to]))
}

// next is the end of the word that begins here: up to a blank or a comment, at least one rune if there is one.
func (p *parser) next() int {
	to := p.at
	for to < len(p.runes) && !isBlank(p.runes[to]) && p.runes[to] != '#' {
		to++
	}
	return to
}

// end is where the benchmark ends: before the comment and the blanks before it.
func (p *parser) end() int {
	to := p.at
	for i := p.at; i < len(p.runes) && p.runes[i] != '#'; i++ {
		if !isBlank(p.runes[i]) {
			to = i + 1
		}
	}
	return to
}

// stop is where the value that begins here ends, at the latest: before the day of a ramp, which stands in parentheses,
// before the word to, and where the benchmark ends.
func (p *parser) stop() int {
	to, end := p.at, p.end()
	for i := p.at; i < end && p.runes[i] != '('; i++ {
		if isBlank(p.runes[i]) {
			continue
		}
		if i > 0 && isBlank(p.runes[i-1]) && p.isWord(i, "to") {
			break
		}
		to = i + 1
	}
	return to
}

// fail is the error about the runes in [from, to).
func (p *parser) fail(from, to int, meant, format string, args ...any) *SyntaxError {
	return &SyntaxError{
		Line: p.line, Column: from + 1, Text: p.text, Offending: string(p.runes[from:to]),
		Message: fmt.Sprintf(format, args...), Nearest: meant,
	}
}

// isName reports whether r belongs to the name of a KPI or a statistic: anything that means nothing else.
func isName(r rune) bool {
	return !isBlank(r) && !isOperator(r) && !strings.ContainsRune(".#(){}", r)
}

func isOperator(r rune) bool { return strings.ContainsRune("<>=!≤≥", r) }

func contains(names []string, name string) bool {
	for _, known := range names {
		if known == name {
			return true
		}
	}
	return false
}
