package kpi

import (
	"fmt"
	"sort"
	"time"

	"kpi-gate/internal/model"
	"kpi-gate/internal/stats"
)

// Shape turns the facts that a definition names into a sample. It is sealed: Durations, Amounts, Ages, Share, Rate,
// Level and Computed.
type Shape interface {
	kind() Kind
	measure(p *Pass, through lens) sample
}

// lens is how a selection looks at facts: which items it keeps, and how many seconds of time it counts between two
// instants, of which the first is not the later.
type lens struct {
	keep    func(model.Ref) bool
	elapsed func(from, to time.Time) float64
}

// lens is the lens of a selection.
func (p *Pass) lens(s Selection) lens {
	through := lens{
		keep:    func(model.Ref) bool { return true },
		elapsed: func(from, to time.Time) float64 { return to.Sub(from).Seconds() },
	}
	if len(s.Filter) > 0 {
		through.keep = p.keeper(s)
	}
	if p.policy.BusinessTime.Counts(s.Definition) {
		through.elapsed = func(from, to time.Time) float64 { return p.calendar.between(from, to).Seconds() }
	}
	return through
}

// Durations names spans of time. The shape keeps those that end in the window, and as running those without an end that
// began before the window's end. A span that ends before it begins counts as 0 and is noted.
type Durations func(p *Pass, span func(of model.Ref, from, to time.Time))

// Amounts names numbers.
type Amounts func(p *Pass, amount func(of model.Ref, at time.Time, value float64))

// Ages names what is there at the end of the window and since when: the amounts are how long that is, in seconds.
type Ages func(p *Pass, there func(of model.Ref, since time.Time))

// Share names trials, each a hit or a miss.
type Share func(p *Pass, trial func(of model.Ref, at time.Time, hit bool))

// Rate names events; the shape keeps those in the window and divides by its days.
type Rate func(p *Pass, event func(of model.Ref, at time.Time))

// Level names the items that are there at the end of the window; the figure is how many.
type Level func(p *Pass, there func(of model.Ref, since time.Time))

// Computed is a level that is worked out rather than counted: it names the items behind it, and returns the number or,
// with ok false, why there is none. It leaves out the items that keep does not keep.
type Computed func(
	p *Pass, keep func(model.Ref) bool, item func(of model.Ref, at time.Time),
) (value float64, reason string, ok bool)

func (Durations) kind() Kind { return KindDuration }
func (Amounts) kind() Kind   { return KindAmount }
func (Ages) kind() Kind      { return KindAmount }
func (Share) kind() Kind     { return KindShare }
func (Rate) kind() Kind      { return KindRate }
func (Level) kind() Kind     { return KindLevel }
func (Computed) kind() Kind  { return KindLevel }

// sample is what a shape collected over one window.
type sample struct {
	kind  Kind
	items []Item
	// values are the finished lengths or the amounts, ascending; ages those of running items, ascending.
	values, ages []float64
	hits, trials int
	days         float64
	clamped      int
	// computed is the number of a level that was worked out; nil for one that counts its items. reason says why there is
	// none.
	computed *float64
	reason   string
}

func (f Durations) measure(p *Pass, through lens) sample {
	s := sample{kind: KindDuration}
	until := p.Window.Until
	length := func(from, to time.Time) float64 {
		if to.Before(from) {
			s.clamped++
			return 0
		}
		return through.elapsed(from, to)
	}
	f(p, func(of model.Ref, from, to time.Time) {
		switch {
		case !to.IsZero() && !p.Window.Contains(to) || !through.keep(of):
		case to.IsZero():
			age := length(from, until)
			s.ages = append(s.ages, age)
			s.items = append(s.items, Item{Ref: of, Value: age, Running: true, At: from})
		default:
			value := length(from, to)
			s.values = append(s.values, value)
			s.items = append(s.items, Item{Ref: of, Value: value, At: to})
		}
	})
	sort.Float64s(s.values)
	sort.Float64s(s.ages)
	return s
}

func (f Amounts) measure(p *Pass, through lens) sample {
	s := sample{kind: KindAmount}
	f(p, func(of model.Ref, at time.Time, value float64) {
		if !through.keep(of) {
			return
		}
		s.values = append(s.values, value)
		s.items = append(s.items, Item{Ref: of, Value: value, At: at})
	})
	sort.Float64s(s.values)
	return s
}

func (f Ages) measure(p *Pass, through lens) sample {
	return Amounts(func(p *Pass, amount func(model.Ref, time.Time, float64)) {
		f(p, func(of model.Ref, since time.Time) {
			amount(of, since, through.elapsed(since, p.at()))
		})
	}).measure(p, through)
}

func (f Share) measure(p *Pass, through lens) sample {
	s := sample{kind: KindShare}
	f(p, func(of model.Ref, at time.Time, hit bool) {
		if !through.keep(of) {
			return
		}
		item := Item{Ref: of, At: at}
		s.trials++
		if hit {
			s.hits++
			item.Value = 1
		}
		s.items = append(s.items, item)
	})
	return s
}

func (f Rate) measure(p *Pass, through lens) sample {
	s := sample{kind: KindRate, days: p.Window.Length().Seconds() / day.Seconds()}
	f(p, func(of model.Ref, at time.Time) {
		if p.Window.Contains(at) && through.keep(of) {
			s.items = append(s.items, Item{Ref: of, At: at})
		}
	})
	return s
}

func (f Level) measure(p *Pass, through lens) sample {
	s := sample{kind: KindLevel}
	f(p, func(of model.Ref, since time.Time) {
		if through.keep(of) {
			s.items = append(s.items, Item{Ref: of, At: since})
		}
	})
	return s
}

func (f Computed) measure(p *Pass, through lens) sample {
	s := sample{kind: KindLevel}
	value, reason, ok := f(p, through.keep, func(of model.Ref, at time.Time) {
		s.items = append(s.items, Item{Ref: of, At: at})
	})
	s.reason = reason
	if ok {
		s.computed, s.reason = &value, ""
	}
	return s
}

// n is the number of items that the default statistic is drawn from.
func (s sample) n() int {
	switch s.kind {
	case KindDuration, KindAmount:
		return len(s.values)
	case KindShare:
		return s.trials
	case KindRate:
		return len(s.items)
	default:
		return 0
	}
}

// nothing reports whether the sample holds nothing that its default statistic could be drawn from.
func (s sample) nothing() bool {
	if s.kind == KindLevel {
		return len(s.items) == 0 || s.reason != ""
	}
	return s.n() == 0
}

// estimate draws one statistic. empty is what to say when there is nothing to draw it from.
func (s sample) estimate(of Statistic, empty string) Estimate {
	e := Estimate{Statistic: of, N: s.n()}
	unknown := func(reason string) Estimate {
		e.Reason = reason
		return e
	}
	known := func(value float64, interval *stats.Interval) Estimate {
		e.Known, e.Value, e.Interval = true, value, interval
		return e
	}
	if q, ok := quantiles[of.Name]; ok && (s.kind == KindDuration || s.kind == KindAmount) {
		if len(s.values) == 0 {
			return unknown(empty)
		}
		interval := stats.PercentileInterval(s.values, q)
		return known(stats.Percentile(s.values, q), &interval)
	}
	switch {
	case of.Name == "mean" && len(s.values) > 0:
		return known(stats.Mean(s.values), nil)
	case of.Name == "max" && len(s.values) > 0:
		return known(s.values[len(s.values)-1], nil)
	case of.Name == "mean" || of.Name == "max":
		return unknown(empty)
	case isSurvival(of) && s.kind == KindDuration:
		return s.survival(e, of, empty)
	case of.Name == "within" && s.kind == KindDuration:
		limit := of.Within.Seconds()
		e.Hits = sort.Search(len(s.values), func(i int) bool { return s.values[i] > limit })
		late := len(s.ages) - sort.Search(len(s.ages), func(i int) bool { return s.ages[i] > limit })
		e.N = len(s.values) + late
		if e.N == 0 {
			return unknown(empty + ", and nothing has been running for longer")
		}
		interval := stats.Wilson(e.Hits, e.N)
		return known(float64(e.Hits)/float64(e.N), &interval)
	case s.kind == KindShare:
		e.Hits = s.hits
		if s.trials == 0 {
			return unknown(empty)
		}
		interval := stats.Wilson(s.hits, s.trials)
		return known(float64(s.hits)/float64(s.trials), &interval)
	case s.kind == KindRate:
		interval := stats.Poisson(len(s.items), s.days)
		return known(float64(len(s.items))/s.days, &interval)
	case s.kind == KindLevel && s.computed != nil:
		return known(*s.computed, nil)
	case s.kind == KindLevel && s.reason != "":
		return unknown(s.reason)
	case s.kind == KindLevel:
		return known(float64(len(s.items)), nil)
	}
	return unknown(fmt.Sprintf("a %s has no statistic %s", s.kind, of))
}

// survival draws km_p50 or km_p90: the age by which half, or nine tenths, of all items are done, those still running
// counted as far as they have come.
func (s sample) survival(e Estimate, of Statistic, empty string) Estimate {
	if e.N = len(s.values) + len(s.ages); e.N == 0 {
		e.Reason = empty + ", and nothing is running"
		return e
	}
	curve := stats.KaplanMeier(s.values, s.ages)
	value, reached := curve.Quantile(survivals[of.Name])
	if !reached {
		e.MoreThan = &value
		e.Reason = "not reached: too much is still running"
		return e
	}
	e.Known, e.Value = true, value
	return e
}

// sortItems puts the worst first: the longest, the largest (the shortest and smallest, where higher is better), the
// misses (the hits, where lower is better), the newest event, what has been there longest. Ties go by reference, so
// that the order is always the same.
func (s sample) sortItems(better Direction) {
	bad := 0.0
	if better == Lower {
		bad = 1
	}
	sort.Slice(s.items, func(i, j int) bool {
		a, b := s.items[i], s.items[j]
		switch s.kind {
		case KindDuration, KindAmount:
			if a.Value != b.Value {
				return (a.Value > b.Value) == (better == Lower)
			}
		case KindShare:
			if a.Value != b.Value {
				return a.Value == bad
			}
			fallthrough
		case KindRate:
			if !a.At.Equal(b.At) {
				return a.At.After(b.At)
			}
		case KindLevel:
			if !a.At.Equal(b.At) {
				return a.At.Before(b.At)
			}
		}
		return lessRef(a.Ref, b.Ref)
	})
}

func lessRef(a, b model.Ref) bool {
	switch {
	case a.Kind != b.Kind:
		return a.Kind < b.Kind
	case a.Number != b.Number:
		return a.Number < b.Number
	case a.ID != b.ID:
		return a.ID < b.ID
	case a.Name != b.Name:
		return a.Name < b.Name
	default:
		return a.SHA < b.SHA
	}
}
