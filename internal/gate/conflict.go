package gate

import (
	"cmp"
	"time"
)

// Conflict is two benchmarks of which one makes the other pointless, or of which it is not clear which one is meant.
type Conflict struct {
	// First and Second are their places in the list, First before Second.
	First, Second int
	// Message says what is wrong with the second one. It goes on from what the first one is called, such as "line 2", and
	// is fit to be shown: "already sets an upper limit for bug-age.p50: bug-age.p50 <= 1d".
	Message string
}

// Conflicts finds, for each benchmark, the first one before it that sets a limit on the same side of the same figure
// (KPI, filter and statistic), does the same in a breach, and is in force on a day when it is, too. A limit that warns
// before one that fails is no conflict, nor is one that follows from the window before beside one that is written out:
// each catches what the other does not.
func Conflicts(benchmarks []Benchmark) []Conflict {
	type place struct {
		lower, relative bool
		subject         string
		then            Then
	}
	before := map[place][]int{}
	var conflicts []Conflict
	for second, b := range benchmarks {
		at := place{b.Operator.isLower(), b.Relative != nil, b.subject(), cmp.Or(b.Then, ThenFail)}
		for _, first := range before[at] {
			if !overlap(benchmarks[first], b) {
				continue
			}
			side := "an upper"
			if at.lower {
				side = "a lower"
			}
			conflicts = append(conflicts, Conflict{
				First: first, Second: second,
				Message: "already sets " + side + " limit for " + at.subject + ": " + benchmarks[first].String(),
			})
			break
		}
		before[at] = append(before[at], second)
	}
	return conflicts
}

// overlap reports whether there is a day on which both are in force.
func overlap(a, b Benchmark) bool {
	ends := func(until, from time.Time) bool { return !until.IsZero() && until.Before(from) }
	return !ends(a.Until, b.From) && !ends(b.Until, a.From)
}
