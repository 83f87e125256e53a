package gate

import (
	"math"
	"strconv"
	"strings"

	"kpi-gate/internal/stats"
)

// words is a figure of the benchmark's statistic as reasons show it: as its limit is written, but rounded to what
// readers can take in. A rate has the period of the limit, so that the two can be compared.
func (b Benchmark) words(figure, limit float64) string {
	switch quantityOf(b.KPI, b.Statistic) {
	case length:
		return formatLength(roundLength(figure), b.Statistic.Day)
	case share, change:
		return formatShare(roundShare(figure))
	case frequency:
		period := b.period(limit)
		return decimal(significant(figure*float64(period.size))) + "/" + period.names[0]
	default:
		return decimal(significant(figure))
	}
}

// period is the one that a limit of a rate reads best in: of a limit that was written out the one that it is written
// in, else the first in which there is at least one event.
func (b Benchmark) period(limit float64) span {
	if !b.isWorkedOut() {
		_, name, _ := strings.Cut(formatFrequency(limit), "/")
		return periods[find(periods, name)]
	}
	for _, period := range periods {
		if limit*float64(period.size) >= 1 {
			return period
		}
	}
	return periods[len(periods)-1]
}

// isWorkedOut reports whether the limit in force is none that was written out.
func (b Benchmark) isWorkedOut() bool { return b.Relative != nil || b.Ramp != nil }

// LimitWords is a limit of the benchmark for readers: as it was written, or, where it was worked out for a day or from the
// window before, rounded to what readers can take in.
func (b Benchmark) LimitWords(limit float64) string {
	if b.isWorkedOut() {
		return b.words(limit, limit)
	}
	return FormatLimit(b.KPI, b.Statistic, limit)
}

// intervalWords is an interval as reasons show it beside a limit.
func (b Benchmark) intervalWords(i stats.Interval, limit float64) string {
	switch low, high := !math.IsInf(i.Low, 0), !math.IsInf(i.High, 0); {
	case low && high:
		return b.words(i.Low, limit) + " to " + b.words(i.High, limit)
	case low:
		return b.words(i.Low, limit) + " or more"
	case high:
		return b.words(i.High, limit) + " or less"
	default:
		return "open on both sides"
	}
}

// roundLength rounds seconds to whole minutes from an hour on, to whole seconds from one on.
func roundLength(seconds float64) float64 {
	switch {
	case seconds >= 3600:
		return math.Round(seconds/60) * 60
	case seconds >= 1:
		return math.Round(seconds)
	default:
		return significant(seconds)
	}
}

// roundShare rounds to tenths of a percent, or as many digits more as it takes not to make 0 % or 100 % of what is not.
func roundShare(share float64) float64 {
	const fewest, most = 3, 8
	for digits := fewest; digits < most; digits++ {
		rounded, err := strconv.ParseFloat(strconv.FormatFloat(share, 'f', digits, 64), 64)
		if err == nil && (rounded == share || rounded != 0 && rounded != 1) {
			return rounded
		}
	}
	return share
}

// significant rounds to three digits that matter, and never before the point.
func significant(x float64) float64 {
	if math.Abs(x) >= 100 {
		return math.Round(x)
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 3, 64), 64)
	if err != nil {
		return x
	}
	return rounded
}
