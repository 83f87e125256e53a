package gate

import "math"

// isLower reports whether the limit is a lower one: figures below it breach.
func (o Operator) isLower() bool { return o == AtLeast || o == Above }

// holds compares a value with a limit; the value may be infinite, as an open side of an interval is. Values that differ
// by no more than rounding are equal: 1 − 0.9 is not below 0.1.
func (o Operator) holds(value, limit float64) bool {
	const rounding = 1e-9
	equal := !math.IsInf(value, 0) && math.Abs(value-limit) <= rounding*math.Max(math.Abs(value), math.Abs(limit))
	switch o {
	case AtMost:
		return equal || value < limit
	case Below:
		return !equal && value < limit
	case AtLeast:
		return equal || value > limit
	default:
		return !equal && value > limit
	}
}
