package gate

import (
	"math"
	"testing"
)

func TestOperatorHolds(t *testing.T) {
	t.Parallel()
	// In binary 1 − 0.9 is 0.09999999999999998, which is 0.1 all the same.
	const one = 1.0
	noisy := one - 0.9
	for _, test := range []struct {
		value, limit                  float64
		atMost, below, atLeast, above bool
	}{
		{1, 2, true, true, false, false},
		{2, 2, true, false, true, false},
		{3, 2, false, false, true, true},
		{noisy, 0.1, true, false, true, false},
		{0.1, noisy, true, false, true, false},
		{0, 0, true, false, true, false},
		{0, 1e-12, true, true, false, false},
		{math.Inf(1), 2, false, false, true, true}, // an open side of an interval
		{math.Inf(-1), 2, true, true, false, false},
		{172_801, 172_800, false, false, true, true}, // one second in two days is more than rounding
	} {
		for operator, want := range map[Operator]bool{
			AtMost: test.atMost, Below: test.below, AtLeast: test.atLeast, Above: test.above,
		} {
			if got := operator.holds(test.value, test.limit); got != want {
				t.Errorf("%v %s %v: got %v", test.value, operator, test.limit, got)
			}
		}
	}
}
