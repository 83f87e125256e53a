package gate

import "time"

// notInForce says why the benchmark is not in force on the day, in UTC, that an instant lies on; empty where it is.
func (b Benchmark) notInForce(instant time.Time) string {
	switch day := dayOf(instant); {
	case day.Before(b.From):
		return "it is not in force before " + b.From.Format(time.DateOnly)
	case !b.Until.IsZero() && day.After(b.Until):
		return "it was in force until " + b.Until.Format(time.DateOnly)
	default:
		return ""
	}
}
