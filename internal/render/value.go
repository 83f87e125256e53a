package render

import (
	"math"
	"strconv"
	"strings"
)

// measure is how numbers of one kind are written.
type measure int

const (
	number   measure = iota // 1,234.5
	duration                // seconds, as 12 d 4 h
	share                   // 0 to 1, as 85.7 %
	uptime                  // 0 to 1, as 99.95 %
	relative                // a relative change, as +25 %
	rate                    // per day, as 2.1 / week
	lines                   // 640 lines
	money                   // 5,000 EUR
)

// measureOf tells how a statistic of a KPI is written. The share within(D) of a duration is a share; an empty statistic
// stands for the KPI's items.
func measureOf(kind, unit, statistic string) measure {
	switch {
	case strings.HasPrefix(statistic, "within("), kind == "share":
		return share
	case kind == "level" && unit == "ratio":
		return uptime
	case unit == "ratio":
		return share
	case unit == "change":
		return relative
	case unit == "currency":
		return money
	case kind == "rate", unit == "1/day":
		return rate
	case unit == "s":
		return duration
	case unit == "lines":
		return lines
	default:
		return number
	}
}

// scale writes numbers that stand beside one another, so that they can be compared.
type scale struct {
	measure measure
	// days is the length that a rate is given for: 1, 7 or 30.
	days int
	// precision is 0 as readers like it; 1 and 2 add digits.
	precision int
	// workday is how many seconds of working time a day of a length has; 0 where all time counts.
	workday float64
	// currency is that of an amount of money; empty where it is not known.
	currency string
}

// in is the scale for lengths with such working days and for money in such a currency; either may be missing.
func (s scale) in(workday *float64, currency *string) scale {
	if workday != nil {
		s.workday = *workday
	}
	if currency != nil {
		s.currency = plain(*currency, currencyLength)
	}
	return s
}

// currencyLength is the length of a currency's code (https://www.iso.org/iso-4217-currency-codes.html).
const currencyLength = 3

// scaleOf chooses the scale for some numbers, of which any may be missing. Rates are given per day, week or month of 30
// days, whichever makes the smallest of them at least 1.
func scaleOf(m measure, values ...*float64) scale {
	s := scale{measure: m, days: 1}
	smallest := math.Inf(1)
	for _, v := range values {
		if v != nil && *v > 0 {
			smallest = min(smallest, *v)
		}
	}
	const almost = 1 - 1e-9 // 1/7 per day, times 7, is not quite 1
	switch {
	case math.IsInf(smallest, 1), smallest >= almost:
	case smallest*7 >= almost:
		s.days = 7
	default:
		s.days = 30
	}
	return s
}

// apart is the scale with as many digits as it takes to tell two different numbers apart: a median that is over its
// limit must not look like the limit.
func (s scale) apart(a, b float64) scale {
	for withoutNoise(a) != withoutNoise(b) && s.precision < 2 && s.text(a) == s.text(b) {
		s.precision++
	}
	return s
}

// text writes one number.
func (s scale) text(v float64) string {
	switch {
	case v < 0:
		return "−" + s.size(-v)
	case v > 0 && s.measure == relative:
		return "+" + s.size(v)
	default:
		return s.size(v)
	}
}

// size writes a number without its sign.
func (s scale) size(v float64) string {
	if s.precision == 2 && s.measure != duration {
		return s.exact(v)
	}
	switch s.measure {
	case duration:
		return durationText(v, s.precision, s.workday)
	case share, relative:
		return shareText(v, 1+2*s.precision)
	case uptime:
		return shareText(v, digitsToOne(v)+2*s.precision)
	case money:
		return moneyText(v) + s.suffix()
	case rate:
		v *= float64(s.days)
		return decimal(v, decimals(v)+2*s.precision) + s.suffix()
	default:
		return decimal(v, 1+2*s.precision) + s.suffix()
	}
}

// optional writes a number that may be missing.
func (s scale) optional(v *float64) string {
	if v == nil {
		return "not measured"
	}
	return s.text(*v)
}

// exact writes a number with every digit that it has but for noise.
func (s scale) exact(v float64) string {
	switch s.measure {
	case share, uptime, relative:
		return decimal(withoutNoise(v*100), -1) + " %"
	case rate:
		return decimal(withoutNoise(v*float64(s.days)), -1) + s.suffix()
	default:
		return decimal(withoutNoise(v), -1) + s.suffix()
	}
}

// withoutNoise rounds to the twelve digits that working in floating point leaves alone: 1.1 times 0.8 is 0.88, and not
// 0.8800000000000001.
func withoutNoise(v float64) float64 {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 12, 64), 64)
	if err != nil {
		return v
	}
	return rounded
}

func (s scale) suffix() string {
	switch {
	case s.measure == lines:
		return " lines"
	case s.measure == money && s.currency != "":
		return " " + s.currency
	case s.measure != rate:
		return ""
	case s.days == 1:
		return " / day"
	case s.days == 7:
		return " / week"
	default:
		return " / month"
	}
}

// decimals is how many digits after the point make two or three that matter.
func decimals(v float64) int {
	switch {
	case v >= 100:
		return 0
	case v >= 1:
		return 1
	default:
		return 2
	}
}

// decimal writes a number with at most so many digits after the point (-1: all there are), none of them a useless zero,
// and its thousands grouped.
func decimal(v float64, digits int) string {
	whole, fraction, _ := strings.Cut(strconv.FormatFloat(v, 'f', digits, 64), ".")
	if fraction = strings.TrimRight(fraction, "0"); fraction != "" {
		fraction = "." + fraction
	}
	for at := len(whole) - 3; at > 0; at -= 3 {
		whole = whole[:at] + "," + whole[at:]
	}
	return whole + fraction
}

// shareText writes a share in percent. It takes more digits rather than say 100 % or 0 % of what is almost so.
func shareText(v float64, digits int) string {
	s := decimal(v*100, digits)
	for ; digits < 6 && (s == "100" && v != 1 || s == "0" && v != 0); digits++ {
		s = decimal(v*100, digits+1)
	}
	return s + " %"
}

// digitsToOne is how many digits of a percentage make two that matter of what is missing from 100 %: availabilities
// differ in their nines.
func digitsToOne(v float64) int {
	missing := (1 - v) * 100
	if missing <= 0 || missing >= 1 {
		return 1
	}
	// The sum of decimal fractions is a little off: 0.1 % may come as 0.09999999999998.
	return min(1+int(math.Ceil(-math.Log10(missing)-1e-9)), 6)
}

// moneyText writes an amount with its hundredths, from 1,000 on without.
func moneyText(v float64) string {
	// 999.999 is 1,000, which has none.
	if v = math.Round(v*100) / 100; v >= 1000 || v == math.Trunc(v) {
		return decimal(v, 0)
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}

const (
	minute  = 60.
	hour    = 60 * minute
	fullDay = 24 * hour
)

// durationText writes seconds in the two largest units that say something: 12 d 4 h, 3 h 20 min, 45 s. From 100 days on
// the hours say nothing. With a precision of 1 it goes down to the second, with 2 to what there is. A workday is how
// many seconds a day has; 0 stands for all of them.
func durationText(seconds float64, precision int, workday float64) string {
	day := fullDay
	if workday > 0 {
		day = workday
	}
	round := func(unit float64) float64 { return math.Round(seconds/unit) * unit }
	if precision == 0 {
		// Rounding comes before the parts are taken: 23 h 59 min 50 s is 1 d, not 23 h 60 min. A working day need not be
		// whole hours, so what is left beside the days is rounded alone.
		switch whole := math.Floor(max(seconds, round(minute))/day) * day; {
		case seconds >= 100*day:
			seconds = round(day)
		case whole > 0:
			seconds = whole + min(math.Round(max(seconds-whole, 0)/hour)*hour, day)
		case round(1) >= hour:
			seconds = round(minute)
		case seconds >= 1:
			seconds = round(1)
		}
	} else if precision == 1 {
		seconds = round(1)
	}
	if seconds < 1 {
		return strconv.FormatFloat(seconds, 'g', 2+8*precision, 64) + " s"
	}
	var parts []string
	for _, unit := range []struct {
		name   string
		length float64
	}{{" d", day}, {" h", hour}, {" min", minute}} {
		if count := math.Floor(seconds / unit.length); count > 0 {
			parts = append(parts, decimal(count, 0)+unit.name)
			seconds -= count * unit.length
		}
	}
	if seconds > 0 {
		parts = append(parts, decimal(seconds, 3)+" s")
	}
	return strings.Join(parts, " ")
}

// workdayText says how long a working day is.
func workdayText(workday float64) string {
	// In hours, however many: a day is what is explained.
	return "In working hours: 1 d is " + durationText(workday, 1, math.Inf(1)) + "."
}

// countText writes a count.
func countText(n int) string { return decimal(float64(n), 0) }

// yearText writes a year, which has no separator.
func yearText(year int) string { return strconv.Itoa(year) }

// optionalCount writes a count that may have no meaning.
func optionalCount(n *int) string {
	if n == nil {
		return "–"
	}
	return countText(*n)
}

// plural writes a count with its noun, an s added unless it is 1.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return countText(n) + " " + noun + "s"
}
