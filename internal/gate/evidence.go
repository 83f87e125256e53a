package gate

import (
	"fmt"

	"kpi-gate/internal/kpi"
)

// Evidence is what a verdict is drawn from.
type Evidence string

// The kinds of evidence.
const (
	// EvidencePoint: the figure itself.
	EvidencePoint Evidence = "point"
	// EvidenceInterval: its whole 95 % interval; a figure whose interval straddles the limit warns. A mean, a maximum, a
	// Kaplan–Meier quantile and a level have none, and are judged as they are. A limit that follows from the window before
	// is breached only if the figure also differs from that window's by more than noise; a level always does.
	EvidenceInterval Evidence = "interval"
)

// weighed is what a figure says about a limit.
type weighed struct {
	// outcome is Held, Breached, Warned or NotMeasured, and reason says why it is neither of the first two.
	outcome Outcome
	reason  string
	// beyond is true where the figure itself lies beyond the limit.
	beyond bool
}

// weigh holds an estimate of the figures, which is known at least to be more than something, against a limit.
func (e Evidence) weigh(b Benchmark, f kpi.Figures, estimate kpi.Estimate, limit float64) weighed {
	holds := b.Operator.holds(estimate.Value, limit)
	if !estimate.Known {
		// The figure is larger than what it is known to exceed: that settles it only if it is as large as the limit.
		if !AtLeast.holds(*estimate.MoreThan, limit) {
			return weighed{NotMeasured, fmt.Sprintf("too much is still running: it is more than %s, and the limit is %s",
				b.words(*estimate.MoreThan, limit), b.LimitWords(limit)), false}
		}
		holds = b.Operator.isLower()
	}
	within, beyond := holds, !holds
	if i := estimate.Interval; i != nil && e == EvidenceInterval {
		low, high := b.Operator.holds(i.Low, limit), b.Operator.holds(i.High, limit)
		// The figure itself is asked too: by intervals nothing is to be found that the figure does not say, should it not lie
		// in its own interval for rounding.
		within, beyond = holds && low && high, !holds && !low && !high
	}
	switch {
	case within:
		return weighed{outcome: Held}
	case !beyond:
		side := "within"
		if !holds {
			side = "beyond"
		}
		return weighed{Warned, fmt.Sprintf("it is %s the limit of %s, but that may be chance: the 95 %% interval of the figure"+
			" is %s (n is %d)", side, b.LimitWords(limit), b.intervalWords(*estimate.Interval, limit), estimate.N), !holds}
	case e == EvidenceInterval && b.Relative != nil && !isSignificant(f):
		noise := "the change from the window before may be chance"
		if f.Significant == nil {
			noise = "whether the change from the window before is more than chance cannot be told"
		}
		return weighed{Warned, fmt.Sprintf("it is beyond the limit of %s, but %s", b.LimitWords(limit), noise), true}
	default:
		return weighed{outcome: Breached, beyond: true}
	}
}
