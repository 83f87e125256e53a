package suggest

import (
	"math"
	"slices"

	"kpi-gate/internal/kpi"
)

// ladder is the limits that people would write for a quantity, ascending.
type ladder []float64

// noise is how far two figures may differ that were worked out in two ways, as a share of them.
const noise = 1e-9

// outward is the rung next to a value on its worse side; ok is false where there is none.
func (l ladder) outward(value float64, direction kpi.Direction) (limit float64, ok bool) {
	slack := noise * math.Abs(value)
	if direction == kpi.Lower {
		i, _ := slices.BinarySearch(l, value-slack)
		if i == len(l) {
			return 0, false
		}
		return l[i], true
	}
	i, _ := slices.BinarySearch(l, value+slack)
	if i < len(l) && l[i] <= value+slack {
		return l[i], true
	}
	if i == 0 {
		return 0, false
	}
	return l[i-1], true
}

// ladderOf is the ladder for a statistic of a KPI.
func ladderOf(d *kpi.Definition, of kpi.Statistic) ladder {
	switch {
	case of.Name == within || d.Unit == kpi.Ratio && d.Kind() == kpi.KindShare:
		return shares
	case d.Unit == kpi.Ratio:
		return nines
	case d.Unit == kpi.Seconds:
		return lengths(of.Day.Seconds())
	case d.Unit == kpi.PerDay:
		return frequencies
	default:
		return counts
	}
}

// shares are steps of 5 %. All and nothing are left out: the first item that is otherwise would breach them, or none
// could.
var shares = func() (l ladder) {
	for percent := 5; percent <= 95; percent += 5 {
		l = append(l, float64(percent)/100)
	}
	return l
}()

// nines are those of an availability.
var nines = append(slices.Clone(shares[:len(shares)-1]), 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9999)

// lengths are lengths of time in seconds; a day has so many (0: 24 hours).
func lengths(day float64) ladder {
	const minute, hour = 60, 3600
	if day <= 0 {
		day = 24 * hour
	}
	var l ladder
	for _, n := range []float64{1, 2, 3, 5, 10, 15, 20, 30, 45} {
		l = append(l, n*minute)
	}
	for _, n := range []float64{1, 2, 3, 4, 6, 8, 12, 16} {
		if n*hour < day {
			l = append(l, n*hour)
		}
	}
	for _, n := range []float64{1, 2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 90, 120, 180, 270, 365, 545, 730, 1095, 1825, 3650} {
		l = append(l, n*day)
	}
	return l
}

// frequencies are events per day: so many a month of 30 days, a week, a day.
var frequencies = func() (l ladder) {
	for _, n := range []float64{1, 2, 3} {
		l = append(l, n/30)
	}
	for _, n := range []float64{1, 2, 3, 5} {
		l = append(l, n/7)
	}
	for _, magnitude := range []float64{1, 10, 100, 1000} {
		for _, n := range []float64{1, 2, 3, 5, 7} {
			l = append(l, n*magnitude)
		}
	}
	return l
}()

// counts are lines and items.
var counts = func() (l ladder) {
	l = ladder{0, 1, 2, 3, 4, 5, 6, 8}
	for magnitude := 10.0; magnitude <= 1e6; magnitude *= 10 {
		for _, n := range []float64{1, 1.5, 2, 3, 4, 5, 7.5} {
			l = append(l, n*magnitude)
		}
	}
	return l
}()
