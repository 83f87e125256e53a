package backtest

import "time"

// Count is how many days came to what.
type Count struct {
	// Judged are those on which there was a verdict, Red those among them on which the gate would have failed, Noise those
	// of Red on which it would have for noise alone, Unsure those of Warned on which the figures met their limits.
	Judged, Held, Red, Noise, Warned, Unsure, Unjudged, Idle int
}

// count counts days.
func count(days []Day) Count {
	var c Count
	for _, d := range days {
		switch d {
		case Held:
			c.Held++
		case Red:
			c.Red++
		case Noise:
			c.Red++
			c.Noise++
		case Warned:
			c.Warned++
		case Unsure:
			c.Warned++
			c.Unsure++
		case Idle:
			c.Idle++
		default:
			c.Unjudged++
		}
	}
	c.Judged = c.Held + c.Red + c.Warned
	return c
}

// Count counts the days of the benchmark.
func (s Series) Count() Count { return count(s.Days) }

// Count counts the days of the whole gate.
func (r *Result) Count() Count { return count(r.Whole) }

// Stretches are how many times the whole gate turned red, the first day included, and how many days the longest of these
// times was.
func (r *Result) Stretches() (times, longest int) {
	length := 0
	for _, d := range r.Whole {
		if !d.IsRed() {
			length = 0
			continue
		}
		if length++; length == 1 {
			times++
		}
		longest = max(longest, length)
	}
	return times, longest
}

// Alone is on how many days each of the benchmarks was the only one that was red.
func (r *Result) Alone() []int {
	alone := make([]int, len(r.Benchmarks))
	for n := range r.Whole {
		red, which := 0, 0
		for i, s := range r.Benchmarks {
			if s.Days[n].IsRed() {
				red, which = red+1, i
			}
		}
		if red == 1 {
			alone[which]++
		}
	}
	return alone
}

// Reds are the first and the last day on which a benchmark was red; ok is false where it never was.
func (r *Result) Reds(s Series) (first, last time.Time, ok bool) {
	for n, d := range s.Days {
		if !d.IsRed() {
			continue
		}
		last = r.day(n)
		if !ok {
			first, ok = last, true
		}
	}
	return first, last, ok
}

// day is the end of the window of the n-th day.
func (r *Result) day(n int) time.Time { return r.First.Add(time.Duration(n) * day) }
