package githubsim

import (
	"math"
	"time"
)

// The working day of generated people, in hours UTC.
const (
	dayBegins = 8
	dayEnds   = 18
)

// past reports whether something that would happen at t belongs to the world: nothing after Until does.
func (g *generator) past(t time.Time) bool { return t.Before(g.Until) }

// chance is true with probability p.
func (g *generator) chance(p float64) bool { return g.rng.Float64() < p }

// spread is a duration from a log-normal distribution, as times to do things are: half of them are below the median,
// and some far above.
func (g *generator) spread(median time.Duration, sigma float64) time.Duration {
	return time.Duration(float64(median) * math.Exp(sigma*g.rng.NormFloat64())).Truncate(time.Second)
}

// uniform is a duration from low up to high.
func (g *generator) uniform(low, high time.Duration) time.Duration {
	if high <= low {
		return low
	}
	return (low + time.Duration(g.rng.Int64N(int64(high-low)))).Truncate(time.Second)
}

// isWorkingTime reports whether people are at work.
func isWorkingTime(t time.Time) bool {
	day := t.Weekday()
	return day != time.Saturday && day != time.Sunday && t.Hour() >= dayBegins && t.Hour() < dayEnds
}

// atWork moves an instant into working hours: what would happen at night happens the next morning, and what would
// happen at a weekend on Monday. Now and then somebody works late.
func (g *generator) atWork(t time.Time) time.Time {
	if isWorkingTime(t) || g.chance(0.06) {
		return t
	}
	morning := time.Date(t.Year(), t.Month(), t.Day(), dayBegins, 0, 0, 0, time.UTC)
	if t.Hour() >= dayBegins {
		morning = morning.AddDate(0, 0, 1)
	}
	for morning.Weekday() == time.Saturday || morning.Weekday() == time.Sunday {
		morning = morning.AddDate(0, 0, 1)
	}
	return morning.Add(g.uniform(0, 3*time.Hour))
}

// moment is an instant between began and Until, mostly of a working day.
func (g *generator) moment() time.Time {
	length := g.Until.Sub(g.began)
	for range 20 {
		t := g.began.Add(g.uniform(0, length))
		if isWorkingTime(t) || g.chance(0.03) {
			return t
		}
	}
	return g.began.Add(g.uniform(0, length))
}

// between is an instant strictly after a and before b where they are more than a second apart, of a working day where
// there is one; else a.
func (g *generator) between(a, b time.Time) time.Time {
	length := b.Sub(a)
	if length < 2*time.Second {
		return a
	}
	var t time.Time
	for range 6 {
		t = a.Add(g.uniform(time.Second, length))
		if isWorkingTime(t) {
			break
		}
	}
	return t
}

// earlier is the earlier of two instants.
func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// later is the later of two instants.
func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
