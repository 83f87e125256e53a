package gate

import (
	"math"
	"math/big"
	"regexp"
	"strings"
	"time"
	"unicode"

	"kpi-gate/internal/kpi"
)

// LimitAt is the limit in force on the day, in UTC, that an instant lies on; previous is the figure of the window
// before. It is nil where the limit follows from that figure, and that is nil.
func (b Benchmark) LimitAt(instant time.Time, previous *float64) *float64 {
	limit := b.Limit
	switch {
	case b.Relative != nil && previous == nil:
		return nil
	case b.Relative != nil:
		limit = b.relativeLimit(*previous)
	case b.Ramp != nil:
		limit = b.Ramp.at(dayOf(instant), b.Limit)
	}
	return &limit
}

// limit reads the limit of the benchmark, whose other parts are there already.
func (p *parser) limit(b *Benchmark) *SyntaxError {
	p.blanks()
	from := p.at
	if p.end() == from {
		return p.fail(from, from, "", "a limit must follow %s", b.Operator)
	}
	if isRelative, err := p.relative(b); isRelative {
		return err
	}
	for _, band := range kpi.BandNames {
		if p.comesWord(band) {
			return p.fail(from, p.next(), "", "a DORA band follows the words at least, not an operator, %s", bandExample)
		}
	}
	value, err := p.value(*b)
	if err != nil {
		return err
	}
	if p.comes('(') || p.comesWord("to") {
		return p.ramp(b, value)
	}
	b.Limit = value
	return nil
}

// value reads a limit that is written out.
func (p *parser) value(b Benchmark) (float64, *SyntaxError) {
	p.blanks()
	from := p.at
	var exact *big.Rat
	var err *SyntaxError
	switch quantityOf(b.KPI, b.Statistic) {
	case length:
		exact, err = p.length()
	case share:
		exact, err = p.share(b)
	case frequency:
		exact, err = p.frequency()
	case change:
		exact, err = p.change(b.KPI)
	default:
		exact, err = p.count(b.KPI)
	}
	if err != nil {
		return 0, err
	}
	limit, _ := exact.Float64()
	if math.IsInf(limit, 0) {
		return 0, p.fail(from, p.at, "", "the limit is too large")
	}
	return limit, nil
}

// number reads a number: digits, with or without a decimal point. It is exact.
func (p *parser) number() (*big.Rat, *SyntaxError) {
	p.blanks()
	from := p.at
	n, err := p.digits()
	if err != nil || p.at+1 >= len(p.runes) || p.runes[p.at] != ',' || !isDigit(p.runes[p.at+1]) {
		return n, err
	}
	whole := string(p.runes[from:p.at])
	p.at++
	fraction := p.word(isDigit)
	meant := ""
	// Before three digits the comma may as well separate thousands.
	if len(fraction) != 3 && !strings.Contains(whole, ".") {
		meant = whole + "." + fraction
	}
	return nil, p.fail(from, p.at, meant, "a number has a point before its decimals, and no commas")
}

// digits reads a number up to whatever is neither a digit nor a point.
func (p *parser) digits() (*big.Rat, *SyntaxError) {
	p.blanks()
	from := p.at
	if from < len(p.runes) && strings.ContainsRune("-−", p.runes[from]) {
		return nil, p.fail(from, p.next(), "", "a negative number has no meaning here")
	}
	text := p.word(func(r rune) bool { return isDigit(r) || r == '.' })
	if text == "" {
		return nil, p.fail(from, p.next(), "", "%s is not a number", Quote(string(p.runes[from:p.next()])))
	}
	// What is left to be wrong is a second point, or a point alone.
	exact, ok := new(big.Rat).SetString(text)
	if !ok {
		return nil, p.fail(from, p.at, "", "%s is not a number", Quote(text))
	}
	return exact, nil
}

// unit reads the unit after a number; it is empty when there is none.
func (p *parser) unit() (name string, from int) {
	end := p.at
	p.blanks()
	from = p.at
	name = p.word(unicode.IsLetter)
	if name == "" {
		p.at, from = end, end
	}
	return name, from
}

// length reads a length of time in seconds: numbers with their units, from the longest unit to the shortest.
func (p *parser) length() (*big.Rat, *SyntaxError) {
	total := new(big.Rat)
	longest := -1
	for {
		p.blanks()
		from := p.at
		n, err := p.number()
		if err != nil {
			return nil, err
		}
		name, unitFrom := p.unit()
		if name == "" {
			return nil, p.fail(from, p.at, "", "a length of time needs a unit: w, d, h, m or min, s")
		}
		i := find(p.lengths, name)
		if i < 0 {
			return nil, p.fail(unitFrom, p.at, nearestUnit(name, p.lengths, unitWords),
				"%s is not a unit of time: w, d, h, m or min, s", Quote(name))
		}
		if i <= longest {
			return nil, p.fail(from, p.at, "", "units go from the longest to the shortest, each once: w, d, h, m or min, s")
		}
		longest = i
		total.Add(total, times(n, p.lengths[i].size))
		if !p.comesDigit() {
			return total, nil
		}
	}
}

// duration reads a length of time of whole seconds.
func (p *parser) duration() (time.Duration, *SyntaxError) {
	p.blanks()
	from := p.at
	seconds, err := p.length()
	if err != nil {
		return 0, err
	}
	if !seconds.IsInt() {
		return 0, p.fail(from, p.at, "", "the length of time must be whole seconds")
	}
	const most = int64(math.MaxInt64 / time.Second)
	if n := seconds.Num(); !n.IsInt64() || n.Int64() > most {
		return 0, p.fail(from, p.at, "", "the length of time is too long")
	}
	return time.Duration(seconds.Num().Int64()) * time.Second, nil
}

// comesDigit reports whether the next rune that is not blank is a digit.
func (p *parser) comesDigit() bool { return p.comesRune(isDigit) }

// share reads a part of 1, as a percentage or a number.
func (p *parser) share(b Benchmark) (*big.Rat, *SyntaxError) {
	from := p.at
	n, err := p.number()
	if err != nil {
		return nil, err
	}
	written := string(p.runes[from:p.at])
	one := big.NewRat(1, 1)
	if p.take('%') {
		if n = over(n, 100); n.Cmp(one) > 0 {
			return nil, p.fail(from, p.at, "", "a share is at most 100%%")
		}
		return n, nil
	}
	if n.Cmp(one) > 0 {
		meant := ""
		if n.Cmp(big.NewRat(100, 1)) <= 0 {
			meant = p.percentage(written)
		}
		return nil, p.fail(from, p.stop(), meant,
			"%s is a share: its limit is a percentage, or a number from 0 to 1", b.KPI.ID+b.suffix())
	}
	return n, nil
}

// percentage is what a number without its sign may have meant; empty if something else follows it.
func (p *parser) percentage(written string) string {
	switch strings.ToLower(strings.TrimFunc(string(p.runes[p.at:p.stop()]), isBlank)) {
	case "", "percent", "per cent", "pct":
		return written + "%"
	default:
		return ""
	}
}

// frequency reads a number of events and its period, as events per day.
func (p *parser) frequency() (*big.Rat, *SyntaxError) {
	from := p.at
	n, err := p.number()
	if err != nil {
		return nil, err
	}
	if !p.take('/') {
		return nil, p.fail(from, p.stop(), "", "a rate needs its period: /day, /week or /month")
	}
	slash := p.at - 1
	name, unitFrom := p.unit()
	if name == "" {
		return nil, p.fail(slash, p.stop(), "", "a period must follow the stroke: day, week or month")
	}
	i := find(periods, name)
	if i < 0 {
		return nil, p.fail(unitFrom, p.at, nearestUnit(name, periods, periodWords),
			"%s is not a period: day, week or month", Quote(name))
	}
	return over(n, periods[i].size), nil
}

// change reads a relative change, as a percentage or a number from -1 to 1.
func (p *parser) change(k *kpi.Definition) (*big.Rat, *SyntaxError) {
	p.blanks()
	from := p.at
	if from < len(p.runes) && p.runes[from] == '−' {
		return nil, p.fail(from, from+1, "-", "a minus is written as a hyphen")
	}
	negative := p.take('-')
	if !negative {
		p.take('+')
	}
	n, err := p.number()
	if err != nil {
		return nil, err
	}
	written := string(p.runes[from:p.at])
	one := big.NewRat(1, 1)
	if p.take('%') {
		n = over(n, 100)
	} else if n.Cmp(one) > 0 {
		// Note: 10 could mean ten times as much, but is nearly always 10 % with the sign forgotten.
		return nil, p.fail(from, p.stop(), p.percentage(written),
			"%s is a relative change: its limit is a percentage, or a number from -1 to 1", k.ID)
	}
	if negative && n.Cmp(one) > 0 {
		return nil, p.fail(from, p.at, "", "nothing falls by more than 100%%")
	}
	if negative {
		n.Neg(n)
	}
	return n, nil
}

// separated is a whole number with separators between the thousands.
var separated = regexp.MustCompile(`^[0-9]{1,3}([,'’_\pZs][0-9]{3})+$`)

// count reads a plain number.
func (p *parser) count(k *kpi.Definition) (*big.Rat, *SyntaxError) {
	p.blanks()
	from := p.at
	n, err := p.digits()
	if err != nil {
		return nil, err
	}
	after := p.at
	p.blanks()
	if end := p.stop(); end > p.at {
		meant := ""
		if written := string(p.runes[from:end]); separated.MatchString(written) {
			meant = strings.Map(func(r rune) rune {
				if !isDigit(r) {
					return -1
				}
				return r
			}, written)
		}
		what := "counts " + string(k.Unit) + ": its limit is a plain number, without separators"
		if k.Unit == kpi.Money {
			what = "is an amount of money: its limit is a plain number, without a currency or separators"
		}
		return nil, p.fail(p.at, end, meant, "%s %s", k.ID, what)
	}
	p.at = after
	return n, nil
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }
