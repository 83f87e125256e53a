package gate

// OnNoData says what follows for the whole where a benchmark could not be judged: it is not measured, or there were too
// few items. The benchmark's own outcome stays what it is.
type OnNoData string

// The policies on missing data. The zero OnNoData is NoDataWarns.
const (
	// NoDataPasses: such a benchmark counts as if it were not there.
	NoDataPasses OnNoData = "pass"
	// NoDataWarns: it warns.
	NoDataWarns OnNoData = "warn"
	// NoDataFails: nothing is held before all is judged.
	NoDataFails OnNoData = "fail"
)

// The verdicts on all benchmarks together, as Overall gives them.
const (
	OverallHeld        = "held"
	OverallBreached    = "breached"
	OverallWarned      = "warned"
	OverallNotMeasured = "not-measured"
)

// IsJudged reports whether the outcome says anything about the limit.
func (o Outcome) IsJudged() bool { return o != TooFew && o != NotMeasured }

// Overall is the verdict on all that are in force: breached if any is breached; not measured if none could be judged,
// or one could not be and the policy is NoDataFails; warned if any is warned, if an exempt pull request would have
// breached one, or if one could not be judged and the policy is NoDataWarns; held otherwise, and without benchmarks.
func Overall(verdicts []Verdict, policy OnNoData) string {
	count := map[Outcome]int{}
	inForce, unjudged, waved := 0, 0, 0
	for _, v := range verdicts {
		if v.ExemptBy == ByDate {
			continue
		}
		inForce++
		count[v.Outcome]++
		if !v.Outcome.IsJudged() {
			unjudged++
		}
		if v.ExemptBy == ByPullRequest && v.Would == Breached {
			waved++
		}
	}
	switch {
	case count[Breached] > 0:
		return OverallBreached
	case unjudged > 0 && (unjudged == inForce || policy == NoDataFails):
		return OverallNotMeasured
	case count[Warned]+waved > 0, unjudged > 0 && policy != NoDataPasses:
		return OverallWarned
	default:
		return OverallHeld
	}
}
