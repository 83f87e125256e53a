package backtest

import (
	"fmt"

	"kpi-gate/internal/gate"
)

// Advice says in sentences which change of the policy would have made a difference. It is empty where the gate was never
// red and everything could be judged.
func (r *Result) Advice() []string {
	var advice []string
	whole := r.Count()
	if r.Gate.Evidence != gate.EvidenceInterval && whole.Noise > 0 {
		advice = append(advice, fmt.Sprintf("evidence: interval. On %d of the %s nothing was breached by more than noise: it"+
			" would have warned instead.", whole.Noise, plural(whole.Red, "red day")))
	}
	if 2*whole.Unsure > len(r.Whole) {
		advice = append(advice, fmt.Sprintf("Limits with more room, a longer window, or evidence: point. On %s it warned although every"+
			" figure met its limit: they are drawn from too few items to be sure.", plural(whole.Unsure, "day")))
	}
	alone := r.Alone()
	for i, s := range r.Benchmarks {
		c := s.Count()
		switch {
		case c.Judged == 0 && c.Unjudged > 0:
			advice = append(advice, fmt.Sprintf("Benchmark %d was never judged: %s.", i+1, s.Reason))
		case 2*c.Red > c.Judged:
			advice = append(advice, fmt.Sprintf("A ramp for benchmark %d. It was red on %d of the %s that it was judged on: its"+
				" limit is not where this repository is. 'kpi-gate suggest' proposes one to begin with, and one to come to.",
				i+1, c.Red, plural(c.Judged, "day")))
		case alone[i] > 0 && 2*alone[i] >= whole.Red:
			advice = append(advice, fmt.Sprintf("then: warn, or another limit, for benchmark %d. Without it %d of the %s would not"+
				" have been red.", i+1, alone[i], plural(whole.Red, "red day")))
		}
		if c.Judged > 0 && c.Unjudged > c.Judged {
			advice = append(advice, fmt.Sprintf("A longer window, or a KPI of which there is more, for benchmark %d. It could not be"+
				" judged on %d of the %s: %s.", i+1, c.Unjudged, plural(len(s.Days), "day"), s.Reason))
		}
	}
	if most := r.most(); len(advice) == 0 && most >= 0 {
		advice = append(advice, fmt.Sprintf("Begin with benchmark %d: it was red on %d of the %s, more often than any other.",
			most+1, r.Benchmarks[most].Count().Red, plural(whole.Red, "red day")))
	}
	if r.Gate.OnNoData == gate.NoDataFails && whole.Unjudged > 0 {
		advice = append(advice, fmt.Sprintf("on-no-data: warn. On %s the gate would have failed for want of data.",
			plural(whole.Unjudged, "day")))
	}
	return advice
}

// most is the benchmark that was red most often, the first of several; −1 where none ever was.
func (r *Result) most() int {
	most, days := -1, 0
	for i, s := range r.Benchmarks {
		if red := s.Count().Red; red > days {
			most, days = i, red
		}
	}
	return most
}
