package gate_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kpi-gate/internal/gate"
	"kpi-gate/internal/kpi"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		line      string
		id        string
		statistic kpi.Statistic
		operator  gate.Operator
		limit     float64
		canonical string
	}{
		{
			"lead-time-for-changes.p50 <= 2d",
			"lead-time-for-changes",
			kpi.Statistic{Name: "p50"},
			gate.AtMost, 172_800, // 2·86,400
			"lead-time-for-changes.p50 <= 2d",
		},
		{
			"lead-time-for-changes<1d12h",                                            // without a statistic: the default one
			"lead-time-for-changes", kpi.Statistic{Name: "p50"}, gate.Below, 129_600, // 86,400 + 12·3,600
			"lead-time-for-changes.p50 < 1d12h",
		},
		{
			"\tlead-time-for-changes . p95  <=\u00a01.5 d \t",
			"lead-time-for-changes",
			kpi.Statistic{Name: "p95"},
			gate.AtMost, 129_600,
			"lead-time-for-changes.p95 <= 1d12h",
		},
		{
			"lead-time-for-changes.max <= 2w 1d 0.7h 90s",
			"lead-time-for-changes",
			kpi.Statistic{Name: "max"},
			gate.AtMost, 1_298_610, // 14·86,400 + 86,400 + 2,520 + 90
			"lead-time-for-changes.max <= 15d43m30s",
		},
		{
			"ci-duration.mean <= 0.5s",
			"ci-duration",
			kpi.Statistic{Name: "mean"},
			gate.AtMost, 0.5,
			"ci-duration.mean <= 0.5s",
		},
		{
			"ci-duration.p75 <= 10min",
			"ci-duration",
			kpi.Statistic{Name: "p75"},
			gate.AtMost, 600,
			"ci-duration.p75 <= 10m",
		},
		{
			"bug-time-to-resolve.within(7d) >= 85%",
			"bug-time-to-resolve",
			kpi.Statistic{Name: "within", Within: 7 * 24 * time.Hour},
			gate.AtLeast, 0.85,
			"bug-time-to-resolve.within(7d) >= 85%",
		},
		{
			"bug-time-to-resolve.within ( 1d 12h ) > .5 # half, at the least",
			"bug-time-to-resolve",
			kpi.Statistic{Name: "within", Within: 36 * time.Hour},
			gate.Above, 0.5,
			"bug-time-to-resolve.within(36h) > 50%",
		},
		{
			"ci-success-rate >= 0.9",
			"ci-success-rate",
			kpi.Statistic{Name: "value"},
			gate.AtLeast, 0.9,
			"ci-success-rate >= 90%",
		},
		{
			"ci-success-rate.value >= 99.95 %",
			"ci-success-rate",
			kpi.Statistic{Name: "value"},
			gate.AtLeast, 0.9995,
			"ci-success-rate >= 99.95%",
		},
		{
			"ci-flake-rate <= 7%", // 0.07·100 would be 7.000000000000001
			"ci-flake-rate",
			kpi.Statistic{Name: "value"},
			gate.AtMost, 0.07,
			"ci-flake-rate <= 7%",
		},
		{
			"deployment-frequency >= 1/day",
			"deployment-frequency",
			kpi.Statistic{Name: "value"},
			gate.AtLeast, 1,
			"deployment-frequency >= 1/day",
		},
		{
			"deployment-frequency >= 5 / week",
			"deployment-frequency",
			kpi.Statistic{Name: "value"},
			gate.AtLeast, 5. / 7,
			"deployment-frequency >= 5/week",
		},
		{
			"deployment-frequency >= 2/month",
			"deployment-frequency",
			kpi.Statistic{Name: "value"},
			gate.AtLeast, 2. / 30,
			"deployment-frequency >= 2/month",
		},
		{
			"pull-request-size.p75 <= 400# lines",
			"pull-request-size",
			kpi.Statistic{Name: "p75"},
			gate.AtMost, 400,
			"pull-request-size.p75 <= 400",
		},
		{
			"bug-age.p90 <= 30d", // an amount in seconds is a length of time
			"bug-age",
			kpi.Statistic{Name: "p90"},
			gate.AtMost, 2_592_000,
			"bug-age.p90 <= 30d",
		},
		{
			"bug-backlog <= 20",
			"bug-backlog",
			kpi.Statistic{Name: "value"},
			gate.AtMost, 20,
			"bug-backlog <= 20",
		},
		{
			"bug-time-to-resolve.km_p90 <= 30d",
			"bug-time-to-resolve",
			kpi.Statistic{Name: "km_p90"},
			gate.AtMost, 2_592_000,
			"bug-time-to-resolve.km_p90 <= 30d",
		},
		{
			"mean-time-to-resolution <= 4h", // the default of this KPI is the mean
			"mean-time-to-resolution",
			kpi.Statistic{Name: "mean"},
			gate.AtMost, 14_400,
			"mean-time-to-resolution.mean <= 4h",
		},
		{
			"bug-backlog-growth <= +10 %",
			"bug-backlog-growth",
			kpi.Statistic{Name: "value"},
			gate.AtMost, 0.1,
			"bug-backlog-growth <= 10%",
		},
		{
			"bug-backlog-growth < - 0.05",
			"bug-backlog-growth",
			kpi.Statistic{Name: "value"},
			gate.Below, -0.05,
			"bug-backlog-growth < -5%",
		},
		{
			"bug-backlog-growth <= -0%",
			"bug-backlog-growth",
			kpi.Statistic{Name: "value"},
			gate.AtMost, 0,
			"bug-backlog-growth <= 0%",
		},
		{
			"ticket-backlog-growth <= 250%", // three and a half times as many
			"ticket-backlog-growth",
			kpi.Statistic{Name: "value"},
			gate.AtMost, 2.5,
			"ticket-backlog-growth <= 250%",
		},
		{
			"availability >= 99.9%",
			"availability",
			kpi.Statistic{Name: "value"},
			gate.AtLeast, 0.999,
			"availability >= 99.9%",
		},
		{
			"downtime <= 43m12s", // a level in seconds is a length of time
			"downtime",
			kpi.Statistic{Name: "value"},
			gate.AtMost, 2_592, // 43·60 + 12
			"downtime <= 43m12s",
		},
		{
			"cost-of-downtime <= 1234.50",
			"cost-of-downtime",
			kpi.Statistic{Name: "value"},
			gate.AtMost, 1234.5,
			"cost-of-downtime <= 1234.5",
		},
	} {
		b, err := gate.Language{}.Parse(test.line)
		if err != nil {
			t.Errorf("%q: %v", test.line, err)
			continue
		}
		if b.KPI.ID != test.id || b.Statistic != test.statistic || b.Operator != test.operator || b.Limit != test.limit {
			t.Errorf("%q: got %s %v %s %v", test.line, b.KPI.ID, b.Statistic, b.Operator, b.Limit)
		}
		if got := b.String(); got != test.canonical {
			t.Errorf("%q: canonical form %q, want %q", test.line, got, test.canonical)
		}
	}
}

func TestParseKeepsTheTextWithoutItsComment(t *testing.T) {
	t.Parallel()
	b, err := gate.Language{}.Parse("  bug-backlog  <=  20  # twenty, not more  ")
	if err != nil {
		t.Fatal(err)
	}
	if want := "bug-backlog  <=  20"; b.Text != want {
		t.Errorf("got %q, want %q", b.Text, want)
	}
}

func TestParseErrors(t *testing.T) {
	t.Parallel()
	// The second line of each entry has a caret under every rune of the offending part.
	for _, test := range []struct{ line, caret, message, nearest string }{
		// The KPI.
		{"", "^", "a benchmark begins with a KPI", ""},
		{"<= 2d", "^^", "a benchmark begins with a KPI", ""},
		{"# only a comment", "^", "a benchmark begins with a KPI", ""},
		{
			"lead-time-for-change <= 2d",
			"^^^^^^^^^^^^^^^^^^^^", `there is no KPI "lead-time-for-change"`, "lead-time-for-changes",
		},
		{
			"  Bug-Backlog <= 20",
			"  ^^^^^^^^^^^", `there is no KPI "Bug-Backlog"`, "bug-backlog",
		},
		{
			"success-rate >= 90%",
			"^^^^^^^^^^^^", `there is no KPI "success-rate"`, "ci-success-rate", // three edits
		},
		{
			"lead-time <= 2d",
			"^^^^^^^^^", `there is no KPI "lead-time"`, "lead-time-for-changes", // what begins so
		},
		{
			"to-resolve <= 2d",
			"^^^^^^^^^^", `there is no KPI "to-resolve"`, "bug-time-to-resolve", // what holds it
		},
		{
			"velocity >= 90%",
			"^^^^^^^^", `there is no KPI "velocity": the README and 'kpi-gate kpis' list them`, "",
		},
		{
			"MTTR <= 1h",
			"^^^^", `there is no KPI "MTTR"`, "mean-time-to-resolution", // what it is called elsewhere
		},
		{
			"- bug-backlog <= 20",
			"^", "a benchmark is a line, not an item of a list", "",
		},

		// The statistic.
		{
			"lead-time-for-changes.p80 <= 2d",
			"                      ^^^",
			`lead-time-for-changes has no statistic "p80": it is of kind duration, ` +
				`which has p50, p75, p90, p95, mean, max, km_p50, km_p90, within(7d)`,
			"p50",
		},
		{
			"lead-time-for-changes.median <= 2d",
			"                      ^^^^^^", `lead-time-for-changes has no statistic "median"`, "p50",
		},
		{
			"pull-request-size.within(7d) >= 2",
			"                  ^^^^^^",
			`pull-request-size has no statistic "within": it is of kind amount, which has p50, p75, p90, p95, mean, max`, "",
		},
		{
			"ci-success-rate.p50 >= 90%",
			"                ^^^", `ci-success-rate has no statistic "p50": it is of kind share, which has value`, "",
		},
		{
			"lead-time-for-changes. <= 2d",
			"                       ^^", "a statistic must follow the point: p50", "",
		},
		{
			"bug-time-to-resolve.within >= 85%",
			"                    ^^^^^^", "within needs a length of time, as in within(7d)", "",
		},
		{
			"bug-time-to-resolve.within() >= 85%",
			"                           ^", `")" is not a number`, "",
		},
		{
			"bug-time-to-resolve.within(7) >= 85%",
			"                           ^", "a length of time needs a unit", "",
		},
		{
			"bug-time-to-resolve.within(7d >= 85%",
			"                             ^", "a closing parenthesis must follow the length of time", "",
		},
		{
			"bug-time-to-resolve.within(1.5s) >= 85%",
			"                           ^^^^", "the length of time must be whole seconds", "",
		},
		{
			"bug-time-to-resolve.within(99999999999d) >= 85%",
			"                           ^^^^^^^^^^^^", "the length of time is too long", "",
		},

		// The operator.
		{
			"bug-backlog",
			"           ^", `an operator must follow "bug-backlog"`, "",
		},
		{
			"bug-backlog 20",
			"            ^^", `an operator must follow "bug-backlog"`, "",
		},
		{
			"bug-backlog =< 20",
			"            ^^", `there is no operator "=<"`, "<=",
		},
		{
			"bug-backlog ≤ 20",
			"            ^", `there is no operator "≤"`, "<=",
		},
		{
			"ci-success-rate => 90%",
			"                ^^", `there is no operator "=>"`, ">=",
		},
		{
			"bug-backlog = 20", // lower is better
			"            ^", `there is no operator "="`, "<=",
		},
		{
			"ci-success-rate == 90%", // higher is better
			"                ^^", `there is no operator "=="`, ">=",
		},
		{
			"bug-backlog != 20",
			"            ^^", `there is no operator "!="`, "",
		},

		// The limit.
		{
			"bug-backlog <=  # 20",
			"                ^", "a limit must follow <=", "",
		},
		{
			"bug-backlog <= -1",
			"               ^^", "a negative number has no meaning here", "",
		},
		{
			"bug-backlog <= NaN",
			"               ^^^", `"NaN" is not a number`, "",
		},
		{
			"bug-backlog <= Inf # none",
			"               ^^^", `"Inf" is not a number`, "",
		},
		{
			"bug-backlog <= 1.2.3",
			"               ^^^^^", `"1.2.3" is not a number`, "",
		},
		{
			"bug-backlog <= 20 bugs",
			"                  ^^^^", "bug-backlog counts items: its limit is a plain number", "",
		},
		{
			"pull-request-size <= 1,000",
			"                      ^^^^",
			"pull-request-size counts lines: its limit is a plain number, without separators", "1000",
		},
		{
			"cost-of-downtime <= 1 234 567",
			"                      ^^^^^^^", "cost-of-downtime is an amount of money: its limit is a plain number", "1234567",
		},
		{
			"cost-of-downtime <= 5000 EUR",
			"                         ^^^",
			"cost-of-downtime is an amount of money: its limit is a plain number, without a currency or separators", "",
		},
		{
			"lead-time-for-changes <= 2",
			"                         ^", "a length of time needs a unit", "",
		},
		{
			"lead-time-for-changes <= 2 days",
			"                           ^^^^", `"days" is not a unit of time`, "d",
		},
		{
			"lead-time-for-changes <= 2D",
			"                          ^", `"D" is not a unit of time`, "d",
		},
		{
			"lead-time-for-changes <= 2y",
			"                          ^", `"y" is not a unit of time`, "",
		},
		{
			"lead-time-for-changes <= 12h 1d",
			"                             ^^", "units go from the longest to the shortest, each once", "",
		},
		{
			"lead-time-for-changes <= 1d 1d",
			"                            ^^", "units go from the longest to the shortest, each once", "",
		},
		{
			"lead-time-for-changes <= 2d or so",
			"                            ^^^^^", "nothing but a comment may follow the limit", "",
		},
		{
			"ci-success-rate >= 85",
			"                   ^^", "ci-success-rate is a share: its limit is a percentage, or a number from 0 to 1", "85%",
		},
		{
			"ci-success-rate >= 850",
			"                   ^^^", "ci-success-rate is a share: its limit is a percentage, or a number from 0 to 1", "",
		},
		{
			"bug-time-to-resolve.within(7d) >= 100.1 %",
			"                                  ^^^^^^^", "a share is at most 100%", "",
		},
		{
			"bug-backlog-growth <= 10",
			"                      ^^",
			"bug-backlog-growth is a relative change: its limit is a percentage, or a number from -1 to 1", "10%",
		},
		{
			"bug-backlog-growth <= -20",
			"                      ^^^",
			"bug-backlog-growth is a relative change: its limit is a percentage, or a number from -1 to 1", "-20%",
		},
		{
			"bug-backlog-growth <= -100.5%",
			"                      ^^^^^^^", "nothing falls by more than 100%", "",
		},
		{
			"bug-backlog-growth <= −5%",
			"                      ^", "a minus is written as a hyphen", "-",
		},
		{
			"bug-backlog-growth <= +-5%",
			"                       ^^^", "a negative number has no meaning here", "",
		},
		{
			"availability >= 99.9",
			"                ^^^^", "availability is a share: its limit is a percentage, or a number from 0 to 1", "99.9%",
		},
		{
			"availability >= 99,9%",
			"                ^^^^", "a number has a point before its decimals, and no commas", "99.9",
		},
		{
			"deployment-frequency >= 1,000/month",
			"                        ^^^^^", "a number has a point before its decimals, and no commas", "",
		},
		{
			"bug-time-to-resolve.within(1,5d) >= 85%",
			"                           ^^^", "a number has a point before its decimals, and no commas", "1.5",
		},
		{
			"bug-time-to-resolve.within(7d) >= 2d",
			"                                  ^^", "bug-time-to-resolve.within(7d) is a share", "",
		},
		{
			"bug-backlog-growth <= 10 percent",
			"                      ^^^^^^^^^^", "bug-backlog-growth is a relative change", "10%",
		},
		{
			"deployment-frequency >= 2",
			"                        ^", "a rate needs its period: /day, /week or /month", "",
		},
		{
			"deployment-frequency >= 2/",
			"                         ^", "a period must follow the stroke: day, week or month", "",
		},
		{
			"deployment-frequency >= 2/days",
			"                          ^^^^", `"days" is not a period: day, week or month`, "day",
		},
		{
			"deployment-frequency >= 2/w",
			"                          ^", `"w" is not a period: day, week or month`, "week",
		},
		{
			"deployment-frequency >= 2/year",
			"                          ^^^^", `"year" is not a period: day, week or month`, "",
		},
	} {
		_, err := gate.Language{}.Parse(test.line)
		checkSyntaxError(t, err, test.line, test.caret, test.message, test.nearest)
	}
}

// checkSyntaxError sees that an error is about the runes of a line that have a caret, begins with the message, and
// names what is nearest.
func checkSyntaxError(t *testing.T, err error, line, caret, message, nearest string) {
	t.Helper()
	var syntax *gate.SyntaxError
	if !errors.As(err, &syntax) {
		t.Errorf("%q: got %v, want a syntax error", line, err)
		return
	}
	if !strings.HasPrefix(syntax.Message, message) || syntax.Nearest != nearest {
		t.Errorf("%q: got %q and nearest %q, want %q and %q", line, syntax.Message, syntax.Nearest, message, nearest)
	}
	if lines := strings.Split(err.Error(), "\n"); lines[2] != "  | "+caret {
		t.Errorf("%q: got\n%s\nwant\n  | %s", line, err, caret)
	}
	if want := strings.Index(caret, "^") + 1; syntax.Line != 1 || syntax.Column != want {
		t.Errorf("%q: at %d:%d, want 1:%d", line, syntax.Line, syntax.Column, want)
	}
}

func TestParseRefusesWhatIsTooLong(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"bug-backlog <= " + strings.Repeat("9", 400), // beyond the largest float64, about 1.8e308
		"bug-backlog <= 1 # " + strings.Repeat("x", 1000),
	} {
		_, err := gate.Language{}.Parse(line)
		if err == nil {
			t.Errorf("%.40s… is accepted", line)
			continue
		}
		for _, shown := range strings.Split(err.Error(), "\n") {
			if n := len([]rune(shown)); n > 120 {
				t.Errorf("the error has a line of %d characters", n)
			}
		}
	}
}

func TestSyntaxErrorText(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		line string
		want string
	}{
		{
			"with a nearest name", "bug-backlg <= 20",
			`line 1, column 1: there is no KPI "bug-backlg"
  | bug-backlg <= 20
  | ^^^^^^^^^^
did you mean bug-backlog?`,
		},
		{
			"a tab counts as one column and shows as one blank", "\tbug-backlog\t!= 20",
			`line 1, column 14: there is no operator "!=": it is <=, <, >= or >
  |  bug-backlog != 20
  |              ^^`,
		},
		{
			"wide runes take two cells", "bug-backlog <= 二十 件",
			`line 1, column 16: "二十" is not a number
  | bug-backlog <= 二十 件
  |                ^^^^`,
		},
		{
			"wide runes before the caret", "lead-time-for-changes <= 二d",
			`line 1, column 26: "二d" is not a number
  | lead-time-for-changes <= 二d
  |                          ^^^`,
		},
		{
			"terminal escapes, bidirectional overrides and line breaks do not act", "a\x1b[31m\u202e\n::error::b <= 20",
			`line 1, column 1: there is no KPI "a\x1b[31m\u202e\n::error::b": the README and 'kpi-gate kpis' list them
  | a\x1b[31m\u202e\n::error::b <= 20
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^`,
		},
		{
			"a line break in a comment", "bug-backlog <= 20 #\nx",
			`line 1, column 19: a benchmark is one line
  | bug-backlog <= 20 #\nx
  |                   ^^^^`,
		},
	} {
		_, err := gate.Language{}.Parse(test.line)
		if err == nil {
			t.Errorf("%s: no error", test.name)
			continue
		}
		if diff := cmp.Diff(test.want, err.Error()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestParseAll(t *testing.T) {
	t.Parallel()
	benchmarks, err := gate.Language{}.ParseAll("\n# delivery\r\n  bug-backlog <= 20\r\n\t\n\tbug-backlog >= 1 # the other side\n" +
		"bug-age.p90 <= 30d\nbug-age.p50 <= 7d")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, b := range benchmarks {
		got = append(got, b.String())
	}
	want := []string{"bug-backlog <= 20", "bug-backlog >= 1", "bug-age.p90 <= 30d", "bug-age.p50 <= 7d"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if none, err := (gate.Language{}).ParseAll(" \n"); err != nil || len(none) != 0 {
		t.Errorf("no benchmarks: got %v, %v", none, err)
	}
}

func TestParseAllJoinsTheErrorsOfAllLines(t *testing.T) {
	t.Parallel()
	benchmarks, err := gate.Language{}.ParseAll("bug-backlog <= x\nci-duration <= 10m\n\n  ci-duration.p50 < 9m # lower\n")
	want := `line 1, column 16: "x" is not a number
  | bug-backlog <= x
  |                ^
line 4, column 3: line 2 already sets an upper limit for ci-duration.p50: ci-duration.p50 <= 10m
  |   ci-duration.p50 < 9m # lower
  |   ^^^^^^^^^^^^^^^^^^^^`
	if err == nil || benchmarks != nil {
		t.Fatalf("got %v, %v", benchmarks, err)
	}
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestParseDuration(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"30d": 720 * time.Hour, " 1d12h ": 36 * time.Hour, "1.5h": 90 * time.Minute, "0s": 0,
	} {
		if got, err := gate.ParseDuration(text); err != nil || got != want {
			t.Errorf("%q: got %v, %v, want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "30", "-1d", "1d!", "0.5s", "1e3d", strings.Repeat("9", 2000) + "d"} {
		if got, err := gate.ParseDuration(text); err == nil {
			t.Errorf("%q: got %v, want an error", text, got)
		}
	}
}

// TestFormatDuration wants lengths of time to be written as ParseDuration reads them, zeros at their end too.
func TestFormatDuration(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		30 * 24 * time.Hour: "30d", 36 * time.Hour: "1d12h", 36*time.Hour + 30*time.Minute: "1d12h30m",
		24*time.Hour + 10*time.Second: "1d10s", 20 * time.Minute: "20m", time.Second: "1s",
	} {
		got := gate.FormatDuration(d)
		if got != want {
			t.Errorf("%v: got %q, want %q", d, got, want)
		}
		if read, err := gate.ParseDuration(got); err != nil || read != d {
			t.Errorf("%q: read back as %v, %v, want %v", got, read, err, d)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, line := range []string{
		"lead-time-for-changes.p50 <= 2d", "bug-time-to-resolve.within(1d12h) >= 85%", "deployment-frequency >= 1/week",
		"ci-success-rate >= 0.333333333333333333", "pull-request-size.p75 <= 400 # lines", "bug-age < 1.00001s",
		"bug-backlog-growth <= -12.5%", "bug-age{label=sev1}.p90 <= 4h", `bug-backlog{label="*: \"x\\\\", author=a} <= 2`,
		"bug-backlog{label=", `bug-backlog{label="`,
		"pull-request-size{path=api/*,label=\u00a0x} <= 3", "cost-of-downtime < 1,0",
		"ci-duration.p95 <= previous + 10%", "deployment-frequency >= previous-5 %", "bug-backlog < previous",
		"lead-time-for-changes at least high (dora-2024)", "change-failure-rate at least low (dora-2024)",
		"bug-age.p50 <= 5d (2026-01-01) to 2d (2026-06-30)", "bug-backlog <= 20 (2026-01-01) to 10 (2026-01-02)",
		"ci-success-rate >= .8(2026-01-01)to 90%(2027-12-31)", "deployment-frequency >= 1/week (2026-01-01) to 1/day (",
		"bug-backlog <= 20", "bug-backlog\x00≤ 二", "deployment-frequency > 0.0000000000000000000001/month",
	} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		fuzzParse(t, gate.Language{}, line)
		fuzzParse(t, working(90*time.Minute), line)
		fuzzParseBreach(t, line)
	})
}

// fuzzParse sees that a line is either read, and its canonical form back to the same, or refused with an error that is
// safe to show.
func fuzzParse(t *testing.T, language gate.Language, line string) {
	b, err := language.Parse(line)
	if err != nil {
		var syntax *gate.SyntaxError
		if !errors.As(err, &syntax) {
			t.Fatalf("%q: %v is not a syntax error", line, err)
		}
		runes := []rune(line)
		if from := syntax.Column - 1; from < 0 || from > len(runes) ||
			!strings.HasPrefix(string(runes[from:]), syntax.Offending) {
			t.Errorf("%q: %q is not at column %d", line, syntax.Offending, syntax.Column)
		}
		if strings.ContainsAny(err.Error(), "\x00\x1b\r\t\u202e\u2028") {
			t.Errorf("%q: %q is not safe to show", line, err.Error())
		}
		return
	}
	for _, term := range b.Filter {
		if gate.GlobMistake(term.Glob) != "" || !slices.Contains(b.KPI.Attributes(), term.Attribute) {
			t.Errorf("%q: filter %s", line, b.Filter)
		}
	}
	if math.IsNaN(b.Limit) || math.IsInf(b.Limit, 0) || b.Limit < 0 && b.KPI.Unit != kpi.Change {
		t.Errorf("%q: limit %v", line, b.Limit)
	}
	if b.Relative != nil && (b.Limit != 0 || b.Ramp != nil || !(*b.Relative > -1) || math.IsInf(*b.Relative, 0)) {
		t.Errorf("%q: %v of the window before, limit %v, ramp %v", line, *b.Relative, b.Limit, b.Ramp)
	}
	if b.Ramp != nil && (!b.Ramp.From.Before(b.Ramp.Until) || b.Ramp.Start == b.Limit) {
		t.Errorf("%q: ramp %+v to %v", line, *b.Ramp, b.Limit)
	}
	canonical := b.String()
	again, err := language.Parse(canonical)
	if err != nil {
		t.Fatalf("%q: canonical form %q: %v", line, canonical, err)
	}
	if again.Text != canonical || again.String() != canonical {
		t.Errorf("%q: canonical form %q becomes %q", line, canonical, again)
	}
	again.Text = b.Text
	if !cmp.Equal(again, b, cmp.Comparer(func(x, y *kpi.Definition) bool { return x == y })) {
		t.Errorf("%q: got %v, its canonical form gives %v", line, b, again)
	}
}

// fuzzParseBreach sees that what breaches a benchmark is read as what holds it, the other way round.
func fuzzParseBreach(t *testing.T, line string) {
	language := gate.Language{}
	holds, err := language.Parse(line)
	breaches, breachErr := language.ParseBreach(line)
	switch {
	case err != nil && breachErr == nil:
		t.Errorf("%q is no benchmark (%v), but breaches %s", line, err, breaches)
	case breachErr == nil && (breaches.Operator == holds.Operator || breaches.Text != "if "+holds.Text):
		t.Errorf("%q: holds as %s, breaches %s (%q)", line, holds, breaches, breaches.Text)
	}
}
