package gate

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"kpi-gate/internal/kpi"
)

// String is the benchmark in canonical form, which parses to the same benchmark: "lead-time-for-changes.p50 <= 2d".
func (b Benchmark) String() string { return b.subject() + " " + b.Condition() }

// Condition is what the figure is held against, as String has it: "<= 2d", "at least high (dora-2024)".
func (b Benchmark) Condition() string {
	switch from := b.LimitFrom(); {
	case b.Band != nil:
		return "at least " + from
	case from != "":
		return string(b.Operator) + " " + from
	default:
		return string(b.Operator) + " " + FormatLimit(b.KPI, b.Statistic, b.Limit)
	}
}

// LimitFrom is what the limit follows from, as String has it: "previous + 10%", "5d (2026-01-01) to 2d (2026-06-30)",
// "high (dora-2024)"; empty for one that is written out.
func (b Benchmark) LimitFrom() string {
	switch {
	case b.Band != nil:
		return bandString(*b.Band)
	case b.Relative != nil:
		return relativeString(*b.Relative)
	case b.Ramp != nil:
		return b.rampString()
	default:
		return ""
	}
}

// subject is what the benchmark is about: the KPI, the filter, and the statistic where the kind has more than one.
func (b Benchmark) subject() string { return b.Selection().String() + b.suffix() }

// suffix is the statistic with its point; empty where the kind has only one.
func (b Benchmark) suffix() string {
	if len(kpi.Statistics(b.KPI.Kind())) == 1 {
		return ""
	}
	return "." + b.Statistic.String()
}

// FormatLimit writes a limit for a statistic of a KPI as a benchmark line does, without loss: 2d, 85%, 1/day, -5%, 400.
// Days of a length are working days where the statistic's are.
func FormatLimit(k *kpi.Definition, of kpi.Statistic, limit float64) string {
	switch quantityOf(k, of) {
	case length:
		return formatLength(limit, of.Day)
	case share, change:
		return formatShare(limit)
	case frequency:
		return formatFrequency(limit)
	default:
		return decimal(limit)
	}
}

// decimal is the shortest plain decimal that reads back as x.
func decimal(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// FormatDuration writes a length of time of whole seconds as ParseDuration reads it: 30d, 1d12h.
func FormatDuration(d time.Duration) string { return formatLength(d.Seconds(), calendarDay) }

// formatLength writes whole seconds in days, hours, minutes and seconds; a day is 24 hours unless told otherwise. Weeks
// stay days, since readers compare limits.
func formatLength(seconds float64, day time.Duration) string {
	const exact = 1 << 53
	if seconds == 0 || seconds != math.Trunc(seconds) || seconds > exact {
		return decimal(seconds) + "s"
	}
	if day <= 0 {
		day = calendarDay
	}
	var text strings.Builder
	rest := int64(seconds)
	for _, unit := range lengths(7*day, day)[1:] {
		if n := rest / unit.size; n > 0 {
			text.WriteString(strconv.FormatInt(n, 10) + unit.names[0])
			rest -= n * unit.size
		}
	}
	return text.String()
}

// formatShare moves the point of the decimal, since multiplying by 100 would turn 0.07 into 7.000000000000001%.
func formatShare(x float64) string {
	text := decimal(x)
	_, fraction, _ := strings.Cut(text, ".")
	exact, ok := new(big.Rat).SetString(text)
	if !ok {
		return text // not a number at all, which no limit is
	}
	return times(exact, 100).FloatString(max(0, len(fraction)-2)) + "%"
}

// formatFrequency takes the first period that needs at most three decimals, else days.
func formatFrequency(perDay float64) string {
	const precision = 3
	exact := new(big.Rat)
	if exact.SetFloat64(perDay) != nil {
		for _, period := range periods {
			rounded, ok := new(big.Rat).SetString(times(exact, period.size).FloatString(precision))
			if !ok {
				continue
			}
			n, _ := rounded.Float64()
			if same, _ := over(rounded, period.size).Float64(); same == perDay {
				return decimal(n) + "/" + period.names[0]
			}
		}
	}
	return decimal(perDay) + "/" + periods[0].names[0]
}
