package gate_test

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kpi-gate/internal/gate"
)

func TestParseBreach(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"change-failure-rate > 15%":                        "change-failure-rate <= 15%",
		"change-failure-rate >= 15%":                       "change-failure-rate < 15%",
		"deployment-frequency < 1/day":                     "deployment-frequency >= 1/day",
		"bug-backlog-growth > 10%":                         "bug-backlog-growth <= 10%",
		"bug-time-to-resolve{label=sev1}.p90 > 2d # late":  "bug-time-to-resolve{label=sev1}.p90 <= 2d",
		"  availability <= 99.9%  ":                        "availability > 99.9%",
		"bug-time-to-resolve.within(7d) < 85%":             "bug-time-to-resolve.within(7d) >= 85%", // a share of those in time
		"bug-time-to-resolve.within(7d){label=sev1} < 85%": "",
	} {
		b, err := gate.Language{}.ParseBreach(line)
		if want == "" {
			if err == nil {
				t.Errorf("%q: got %s, want an error", line, b)
			}
			continue
		}
		if err != nil {
			t.Errorf("%q: %v", line, err)
			continue
		}
		condition, _, _ := strings.Cut(line, "#")
		if text := "if " + strings.TrimSpace(condition); b.String() != want || b.Text != text {
			t.Errorf("%q: got %q with the text %q, want %q with %q", line, b, b.Text, want, text)
		}
	}
}

// A condition that is met while the figure is good was nearly always meant to hold.
func TestParseBreachRefusesWhatIsGood(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ line, offending, better string }{
		{"change-failure-rate <= 15%", "<=", "change-failure-rate is good (lower is better)"},
		{"deployment-frequency >= 1/day", ">=", "deployment-frequency is good (higher is better)"},
		{"lead-time-for-changes < 2d", "<", "lead-time-for-changes.p50 is good (lower is better)"},
		{"bug-time-to-resolve.within(7d) > 85%", ">", "bug-time-to-resolve.within(7d) is good (higher is better)"},
	} {
		_, err := gate.Language{}.ParseBreach(test.line)
		var syntax *gate.SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("%q: got %v, want a syntax error", test.line, err)
			continue
		}
		if syntax.Offending != test.offending || syntax.Column != 1+strings.Index(test.line, test.offending) ||
			!strings.Contains(syntax.Message, test.better) || !strings.Contains(syntax.Message, "write hold:") {
			t.Errorf("%q: got %v", test.line, err)
		}
	}
}

// Of a condition and its opposite exactly one is about a bad figure, and that one holds where the other says so.
func TestParseBreachTurnsTheOperator(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		figure := rapid.SampledFrom([]string{
			"bug-age.p90 % 3d", "bug-time-to-resolve.within(2d) % 50%", "deployment-frequency % 3/week", "bug-backlog % 7",
			"mean-time-between-failures % 9d", "ci-success-rate % 90%",
		}).Draw(t, "figure")
		opposite := map[string]string{"<=": ">", "<": ">=", ">=": "<", ">": "<="}
		operator := rapid.SampledFrom([]string{"<=", "<", ">=", ">"}).Draw(t, "operator")
		with := func(operator string) string { return strings.Replace(figure, "%", operator, 1) }
		this, err := gate.Language{}.ParseBreach(with(operator))
		_, other := gate.Language{}.ParseBreach(with(opposite[operator]))
		if (err == nil) == (other == nil) {
			t.Fatalf("%q: %v; its opposite: %v", with(operator), err, other)
		}
		if err != nil {
			return
		}
		holds, err := gate.Language{}.Parse(with(opposite[operator]))
		if err != nil || holds.String() != this.String() {
			t.Errorf("if %q: got %s, want %s (%v)", with(operator), this, holds, err)
		}
	})
}
