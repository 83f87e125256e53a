package gate

import (
	"math/big"
	"time"

	"kpi-gate/internal/kpi"
)

// quantity is what a limit measures, and so how it is written.
type quantity int

const (
	// count is a plain number: 400.
	count quantity = iota
	// length is a length of time in seconds: 1d12h.
	length
	// share is a part of 1: 85% or 0.85.
	share
	// frequency is events per day: 5/week.
	frequency
	// change is a relative change: 10%, -5%, +150% or 0.1.
	change
)

// quantityOf is what a limit for the statistic measures.
func quantityOf(k *kpi.Definition, of kpi.Statistic) quantity {
	switch {
	case of.Name == within || k.Unit == kpi.Ratio:
		return share
	case k.Unit == kpi.Seconds:
		return length
	case k.Unit == kpi.PerDay:
		return frequency
	case k.Unit == kpi.Change:
		return change
	default:
		return count
	}
}

// within is the name of the statistic that takes a length of time.
const within = "within"

// span is a unit of time.
type span struct {
	names []string
	size  int64
}

// calendarDay is the day of lengths that count all time.
const calendarDay = 24 * time.Hour

// lengths are the units of lengths of time, in seconds, from the week to the second; the first name is the canonical
// one.
func lengths(week, day time.Duration) []span {
	return []span{
		{[]string{"w"}, int64(week / time.Second)},
		{[]string{"d"}, int64(day / time.Second)},
		{[]string{"h"}, 3_600},
		{[]string{"m", "min"}, 60},
		{[]string{"s"}, 1},
	}
}

// periods are the units of frequencies, in days. A month is 30 days, as long as the default window, so that a limit
// does not depend on the calendar.
var periods = []span{
	{[]string{"day"}, 1},
	{[]string{"week"}, 7},
	{[]string{"month"}, 30},
}

// find is the place of the unit in units, or −1.
func find(units []span, name string) int {
	for i, unit := range units {
		for _, known := range unit.names {
			if known == name {
				return i
			}
		}
	}
	return -1
}

// times multiplies exactly. Limits are worked out as fractions and rounded once, so that 0.7d, 16h48m and 60480s are
// one limit.
func times(n *big.Rat, size int64) *big.Rat { return new(big.Rat).Mul(n, big.NewRat(size, 1)) }

// over divides exactly.
func over(n *big.Rat, size int64) *big.Rat { return new(big.Rat).Mul(n, big.NewRat(1, size)) }
