package gate

import (
	"strings"
	"time"
)

// Ramp is a limit that moves in a straight line, a step each day, from one value to another.
type Ramp struct {
	// From is the last day on which the limit is Start, Until the first on which it is the benchmark's Limit; midnight
	// UTC.
	From, Until time.Time
	Start       float64
}

// at is the limit on a day, at midnight UTC, of a ramp that goes to end.
func (r Ramp) at(day time.Time, end float64) float64 {
	switch {
	case !day.After(r.From):
		return r.Start
	case !day.Before(r.Until):
		return end
	default:
		return r.Start + (end-r.Start)*float64(daysBetween(r.From, day))/float64(daysBetween(r.From, r.Until))
	}
}

// daysBetween counts the days from one midnight to another. Note: a time.Duration ends at 292 years.
func daysBetween(from, to time.Time) int64 {
	return (to.Unix() - from.Unix()) / int64(calendarDay/time.Second)
}

// dayOf is midnight UTC of an instant's day.
func dayOf(t time.Time) time.Time {
	year, month, day := t.UTC().Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// rampString is the ramp's beginning and end as a benchmark writes them.
func (b Benchmark) rampString() string {
	value := func(limit float64, day time.Time) string {
		return FormatLimit(b.KPI, b.Statistic, limit) + " (" + day.Format(time.DateOnly) + ")"
	}
	return value(b.Ramp.Start, b.Ramp.From) + " to " + value(b.Limit, b.Ramp.Until)
}

// rampExample shows in messages how a ramp is written.
const rampExample = "as in 5d (2026-01-01) to 2d (2026-06-30)"

// ramp reads what follows the first value of a ramp.
func (p *parser) ramp(b *Benchmark, start float64) *SyntaxError {
	ramp := &Ramp{Start: start}
	var err *SyntaxError
	if ramp.From, err = p.day(); err != nil {
		return err
	}
	p.blanks()
	from := p.at
	if !p.takeWord("to") {
		return p.fail(from, p.next(), "", "a ramp goes from one limit to another, %s", rampExample)
	}
	p.blanks()
	from = p.at
	if from == p.end() {
		return p.fail(from, from, "", "the limit that the ramp goes to must follow, %s", rampExample)
	}
	if p.comesWord(previous) {
		return p.fail(from, p.next(), "", "a ramp goes to a limit that is written out, %s", rampExample)
	}
	if b.Limit, err = p.value(*b); err != nil {
		return err
	}
	if b.Limit == start {
		return p.fail(from, p.at, "", "a ramp moves the limit, and this one stays at %s",
			FormatLimit(b.KPI, b.Statistic, start))
	}
	p.blanks()
	from = p.at
	if ramp.Until, err = p.day(); err != nil {
		return err
	}
	if !ramp.Until.After(ramp.From) {
		return p.fail(from, p.at, "", "the day on which a ramp ends must be later than %s, on which it begins",
			ramp.From.Format(time.DateOnly))
	}
	b.Ramp = ramp
	return nil
}

// day reads a day in parentheses.
func (p *parser) day() (time.Time, *SyntaxError) {
	p.blanks()
	if !p.take('(') {
		return time.Time{}, p.fail(p.at, p.next(), "", "the day of the limit must follow, %s", rampExample)
	}
	p.blanks()
	from := p.at
	written := p.word(func(r rune) bool { return !isBlank(r) && !strings.ContainsRune("()#", r) })
	day, err := time.Parse(time.DateOnly, written)
	if err != nil {
		meant := ""
		for _, form := range []string{"2006-1-2", "2006/1/2", "20060102"} {
			if day, err := time.Parse(form, written); err == nil {
				meant = day.Format(time.DateOnly)
			}
		}
		return time.Time{}, p.fail(from, p.at, meant, "%s is not a day such as 2026-06-30", Quote(written))
	}
	if !p.take(')') {
		p.blanks()
		return time.Time{}, p.fail(p.at, p.next(), "", "a closing parenthesis must follow the day")
	}
	return day, nil
}
