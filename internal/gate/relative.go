package gate

import (
	"math"
	"math/big"
	"strings"
	"unicode"

	"kpi-gate/internal/kpi"
)

// previous stands in a limit for the figure of the window before.
const previous = "previous"

// previousWords are what people call the window before.
var previousWords = map[string]string{
	"last": previous, "before": previous, "prior": previous, "former": previous, "baseline": previous, "prev": previous,
}

// relative reads a limit that follows from the window before: previous, with or without a percentage. It reports false,
// and moves nothing, where the limit is another one.
func (p *parser) relative(b *Benchmark) (bool, *SyntaxError) {
	p.blanks()
	from := p.at
	name := p.word(unicode.IsLetter)
	if name != previous {
		to := p.at
		p.at = from
		if meant := nearestWord(name, []string{previous}, previousWords); meant != "" {
			return true, p.fail(from, to, meant, "%s is not a limit", Quote(name))
		}
		return false, nil
	}
	if quantityOf(b.KPI, b.Statistic) == change {
		return true, p.fail(from, p.at, "", "%s is a relative change already: its limit is a percentage", b.KPI.ID)
	}
	more, err := p.more()
	if err != nil {
		return true, err
	}
	if p.comes('(') || p.comesWord("to") {
		p.blanks()
		return true, p.fail(p.at, p.end(), "", "a ramp goes from one limit that is written out to another, %s", rampExample)
	}
	b.Relative = &more
	return true, nil
}

// more reads how much more, or less, than the window before is allowed, as a part of it: 0.1 for + 10%; 0 without it.
func (p *parser) more() (float64, *SyntaxError) {
	after := p.at
	p.blanks()
	if p.at == len(p.runes) || !strings.ContainsRune("+-−", p.runes[p.at]) {
		if p.comesDigit() {
			return 0, p.fail(p.at, p.next(), "", "a sign must come between previous and the percentage, as in previous + 10%%")
		}
		p.at = after
		return 0, nil
	}
	from := p.at
	sign := p.runes[p.at]
	if p.at++; sign == '−' {
		return 0, p.fail(from, p.at, "-", "a minus is written as a hyphen")
	}
	p.blanks()
	numberFrom := p.at
	n, err := p.number()
	if err != nil {
		return 0, err
	}
	written := string(p.runes[numberFrom:p.at])
	if !p.take('%') {
		return 0, p.fail(numberFrom, p.stop(), p.percentage(written),
			"how much more or less than in the window before is a percentage, as in previous + 10%%")
	}
	if n = over(n, 100); sign == '-' {
		if n.Cmp(big.NewRat(1, 1)) >= 0 {
			return 0, p.fail(from, p.at, "", "previous - 100%% is nothing, and less there cannot be")
		}
		n.Neg(n)
	}
	more, _ := n.Float64()
	if math.IsInf(more, 0) {
		return 0, p.fail(numberFrom, p.at, "", "the limit is too large")
	}
	return more, nil
}

// relativeString is a limit that follows from the window before as a benchmark writes it.
func relativeString(more float64) string {
	switch {
	case more > 0:
		return previous + " + " + formatShare(more)
	case more < 0:
		return previous + " - " + formatShare(-more)
	default:
		return previous
	}
}

// relativeLimit is the limit that follows from the figure of the window before. That of a share is at most 1, so that
// it can be held.
func (b Benchmark) relativeLimit(figure float64) float64 {
	limit := figure * (1 + *b.Relative)
	if quantityOf(b.KPI, b.Statistic) == share {
		return min(limit, 1)
	}
	return limit
}

// isSignificant reports whether the figure of a limit that follows from the window before is known to differ from that
// by more than noise. A level is no sample: whatever it differs by is no noise.
func isSignificant(f kpi.Figures) bool {
	return f.Kind() == kpi.KindLevel || f.Significant != nil && *f.Significant
}
