package gate_test

import (
	"testing"

	"kpi-gate/internal/gate"
)

// TestOverall: the verdict under each policy on missing data; the zero policy warns.
func TestOverall(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		outcomes         []gate.Outcome
		pass, warn, fail string
	}{
		{nil, "held", "held", "held"},
		{[]gate.Outcome{gate.Held, gate.Held}, "held", "held", "held"},
		{[]gate.Outcome{gate.Exempt}, "held", "held", "held"},
		{[]gate.Outcome{gate.NotMeasured, gate.Held, gate.Breached}, "breached", "breached", "breached"},
		{[]gate.Outcome{gate.NotMeasured, gate.TooFew}, "not-measured", "not-measured", "not-measured"},
		{[]gate.Outcome{gate.NotMeasured, gate.Held}, "held", "warned", "not-measured"},
		{[]gate.Outcome{gate.TooFew, gate.Exempt}, "held", "warned", "not-measured"},
		{[]gate.Outcome{gate.Held, gate.Warned}, "warned", "warned", "warned"},
		{[]gate.Outcome{gate.TooFew, gate.Warned}, "warned", "warned", "not-measured"},
	} {
		var verdicts []gate.Verdict
		for _, outcome := range test.outcomes {
			verdicts = append(verdicts, gate.Verdict{Outcome: outcome})
		}
		for policy, want := range map[gate.OnNoData]string{
			"": test.warn, gate.NoDataPasses: test.pass, gate.NoDataWarns: test.warn, gate.NoDataFails: test.fail,
		} {
			if got := gate.Overall(verdicts, policy); got != want {
				t.Errorf("%v under %q: got %s, want %s", test.outcomes, policy, got, want)
			}
		}
	}
}

func TestOverallOfWhatIsExempt(t *testing.T) {
	t.Parallel()
	exempt := func(by gate.ExemptBy, would gate.Outcome) gate.Verdict {
		return gate.Verdict{Outcome: gate.Exempt, ExemptBy: by, Would: would}
	}
	held, few := gate.Verdict{Outcome: gate.Held}, gate.Verdict{Outcome: gate.TooFew}
	for name, test := range map[string]struct {
		verdicts         []gate.Verdict
		pass, warn, fail string
	}{
		"a breach waved through is not passed over in silence": {
			[]gate.Verdict{held, exempt(gate.ByPullRequest, gate.Breached)}, "warned", "warned", "warned",
		},
		"a benchmark that is not in force says nothing": {
			[]gate.Verdict{held, exempt(gate.ByDate, gate.Breached)}, "held", "held", "held",
		},
		"nor does one that could not be judged": {
			[]gate.Verdict{held, exempt(gate.ByDate, gate.NotMeasured)}, "held", "held", "held",
		},
		"none is in force": {
			[]gate.Verdict{exempt(gate.ByDate, gate.Breached), exempt(gate.ByDate, gate.TooFew)}, "held", "held", "held",
		},
		"none of those in force could be judged": {
			[]gate.Verdict{few, exempt(gate.ByDate, gate.Held)}, "not-measured", "not-measured", "not-measured",
		},
		"one waved through, one not judged": {
			[]gate.Verdict{few, exempt(gate.ByPullRequest, gate.Breached)}, "warned", "warned", "not-measured",
		},
	} {
		for policy, want := range map[gate.OnNoData]string{
			gate.NoDataPasses: test.pass, gate.NoDataWarns: test.warn, gate.NoDataFails: test.fail,
		} {
			if got := gate.Overall(test.verdicts, policy); got != want {
				t.Errorf("%s, under %q: got %s, want %s", name, policy, got, want)
			}
		}
	}
}
