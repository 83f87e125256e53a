// Package backtest replays benchmarks over past days: what the gate would have said at the end of each, as far as a
// snapshot goes back. It is pure: the same snapshot, policy and benchmarks give the same answer.
package backtest

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"

	"kpi-gate/internal/gate"
	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
)

// day is the step of a replay.
const day = 24 * time.Hour

// Input is what is replayed.
type Input struct {
	Snapshot   *model.Snapshot
	Policy     kpi.Policy
	Benchmarks []gate.Benchmark
	Gate       gate.Policy
	// Window is as long as those of the replay; the last of them ends at the last midnight UTC that is not after its end.
	Window model.Window
	// Days is the most days that are replayed; at least 1.
	Days int
}

// Day is what one benchmark, or the whole gate, came to on one day.
type Day string

// What a day can be.
const (
	Held Day = "held"
	// Red is a breach that fails.
	Red Day = "red"
	// Noise is a breach that fails, although the 95 % interval of the figure straddles the limit.
	Noise  Day = "noise"
	Warned Day = "warned"
	// Unsure warns although the figure itself met the limit, because its 95 % interval straddles it.
	Unsure Day = "unsure"
	// Unjudged: not measured, or too few items.
	Unjudged Day = "unjudged"
	// Idle: the benchmark is not in force.
	Idle Day = "idle"
)

// IsRed reports whether the gate would have failed for it.
func (d Day) IsRed() bool { return d == Red || d == Noise }

// Series is what one benchmark came to, day after day.
type Series struct {
	Benchmark gate.Benchmark
	// Days are as many as those of the Result.
	Days []Day
	// Reason is that of the last day that was not judged; empty where all were.
	Reason string
}

// Result is a replay.
type Result struct {
	// Repository is owner/name.
	Repository string
	// Window is how long the windows are.
	Window time.Duration
	// First and Last are the ends of the first and of the last window: midnights UTC.
	First, Last time.Time
	// Asked is how many days were asked for, Reach how far back the snapshot goes.
	Asked int
	Reach time.Time
	// Near is how many of the first days are replayed from less than a report would have read then.
	Near       int
	Benchmarks []Series
	// Whole is the verdict on all of them: Red where the gate would have failed for a breach, Noise where each of the
	// breaches was only noise, Unsure where nothing else warned, Unjudged where the verdict is not-measured.
	Whole []Day
	Gate  gate.Policy
}

// TooShortError says that a snapshot does not go back far enough to replay a single day.
type TooShortError struct {
	// Reach is how far back it goes, Need how far it would have to.
	Reach, Need time.Time
}

func (e *TooShortError) Error() string {
	return fmt.Sprintf("it goes back to %s, and the last day alone, with its window and the one before it, needs %s",
		e.Reach.Format(time.RFC3339), e.Need.Format(time.RFC3339))
}

// lastEnd is the end of the last window of a replay.
func lastEnd(w model.Window) time.Time { return w.Until.UTC().Truncate(day) }

// Reach is how far back a snapshot has to go for the last day alone, with its window and the one before it.
func Reach(w model.Window) time.Time { return lastEnd(w).Add(-2 * w.Length()) }

// Run replays the benchmarks. ctx can end it early; else the only error is a *TooShortError.
func Run(ctx context.Context, in Input) (*Result, error) {
	length, last, need := in.Window.Length(), lastEnd(in.Window), Reach(in.Window)
	if need.Before(in.Snapshot.Reach) {
		return nil, &TooShortError{Reach: in.Snapshot.Reach, Need: need}
	}
	days := min(max(in.Days, 1), 1+int(need.Sub(in.Snapshot.Reach)/day))
	r := &Result{
		Repository: in.Snapshot.Repository.FullName(), Window: length, Asked: in.Days, Reach: in.Snapshot.Reach,
		First: last.Add(-time.Duration(days-1) * day), Last: last, Gate: in.Gate, Whole: make([]Day, days),
	}
	judged, err := judgeDays(ctx, in, r.First, days)
	if err != nil {
		return nil, err
	}
	for i, b := range in.Benchmarks {
		series := Series{Benchmark: b, Days: make([]Day, days)}
		for n, of := range judged {
			series.Days[n] = of.benchmarks[i]
			if of.reasons[i] != "" {
				series.Reason = of.reasons[i]
			}
		}
		r.Benchmarks = append(r.Benchmarks, series)
	}
	for n, of := range judged {
		r.Whole[n] = of.whole
		if kpi.Reach(windowOf(r.First, n, length)).Before(in.Snapshot.Reach) {
			r.Near++
		}
	}
	return r, nil
}

// windowOf is the window that ends n days after the first one.
func windowOf(first time.Time, n int, length time.Duration) model.Window {
	until := first.Add(time.Duration(n) * day)
	return model.Window{Since: until.Add(-length), Until: until}
}

// judgement is what one day came to.
type judgement struct {
	benchmarks []Day
	// reasons are why a benchmark was not judged.
	reasons []string
	whole   Day
}

// judgeDays judges so many days from the first on. Days next to each other share what is derived from the snapshot, so
// each core takes a stretch of them.
func judgeDays(ctx context.Context, in Input, first time.Time, days int) ([]judgement, error) {
	selections := gate.Selections(in.Benchmarks, nil)
	judged := make([]judgement, days)
	stretches := min(runtime.GOMAXPROCS(0), days)
	group, ctx := errgroup.WithContext(ctx)
	for i := range stretches {
		group.Go(func() error {
			replay := kpi.NewReplay(in.Snapshot, in.Policy, selections)
			for n := i * days / stretches; n < (i+1)*days/stretches; n++ {
				if err := ctx.Err(); err != nil {
					return err
				}
				judged[n] = judge(in, replay.At(windowOf(first, n, in.Window.Length())))
			}
			return nil
		})
	}
	return judged, group.Wait()
}

// judge judges the figures of one day.
func judge(in Input, figures []kpi.Figures) judgement {
	by := func(e gate.Evidence) []gate.Verdict {
		policy := in.Gate
		policy.Evidence = e
		return gate.Judge(in.Benchmarks, figures, policy)
	}
	verdicts, byPoint, byInterval := by(in.Gate.Evidence), by(gate.EvidencePoint), by(gate.EvidenceInterval)
	j := judgement{benchmarks: make([]Day, len(verdicts)), reasons: make([]string, len(verdicts))}
	came := map[Day]bool{}
	for i, v := range verdicts {
		if !v.Outcome.IsJudged() {
			j.reasons[i] = v.Reason
		}
		j.benchmarks[i] = dayOf(v.Outcome, byPoint[i].Outcome, byInterval[i].Outcome)
		came[j.benchmarks[i]] = true
	}
	switch gate.Overall(verdicts, in.Gate.OnNoData) {
	case gate.OverallBreached:
		j.whole = Noise
		if came[Red] {
			j.whole = Red
		}
	case gate.OverallWarned:
		j.whole = Warned
		if came[Unsure] && !came[Warned] && !came[Unjudged] {
			j.whole = Unsure
		}
	case gate.OverallNotMeasured:
		j.whole = Unjudged
	default:
		j.whole = Held
	}
	return j
}

// dayOf is what an outcome means for a benchmark, seen beside those by the figure alone and by its interval.
func dayOf(outcome, byPoint, byInterval gate.Outcome) Day {
	switch {
	case outcome == gate.Held:
		return Held
	case outcome == gate.Breached && byInterval != gate.Breached:
		return Noise
	case outcome == gate.Breached:
		return Red
	case outcome == gate.Warned && byPoint == gate.Held:
		return Unsure
	case outcome == gate.Warned:
		return Warned
	case outcome == gate.Exempt:
		return Idle
	default:
		return Unjudged
	}
}
