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
