package render

import (
	"testing"

	"kpi-gate/internal/report"
)

func TestSentence(t *testing.T) {
	t.Parallel()
	issues := []report.Item{{Kind: "issue"}}
	changes := []report.Item{{Kind: "pull-request"}, {Kind: "commit"}}
	tests := []struct {
		name string
		b    report.Benchmark
		want string
	}{
		{
			"median",
			report.Benchmark{
				Kind: "duration", Unit: "s", Statistic: "p50", Operator: "<=", Limit: ptr(float64(7 * day)), Value: ptr(12*day + 4*3600),
				N: ptr(41), Worst: issues,
			},
			"The median of 41 issues took 12 d 4 h; the limit is at most 7 d.",
		},
		{
			"one item",
			report.Benchmark{
				Kind: "duration", Unit: "s", Statistic: "max", Operator: "<", Limit: ptr(float64(3600)), Value: ptr(3600.0), N: ptr(1),
				Worst: issues,
			},
			"The worst of 1 issue took 1 h; the limit is less than 1 h.",
		},
		{
			"p90 of changes",
			report.Benchmark{
				Kind: "duration", Unit: "s", Statistic: "p90", Operator: "<=", Limit: ptr(float64(2 * day)), Value: ptr(3 * day), N: ptr(1200),
				Worst: changes,
			},
			"The slowest tenth of 1,200 changes took 3 d or longer; the limit is at most 2 d.",
		},
		{
			"amount",
			report.Benchmark{
				Kind: "amount", Unit: "lines", Statistic: "p75", Operator: "<=", Limit: ptr(float64(400)), Value: ptr(640.0), N: ptr(8),
				Worst: changes[:1],
			},
			"The top quarter of 8 pull requests has 640 lines or more; the limit is at most 400 lines.",
		},
		{
			// 30 of 42 is 71.4 %.
			"within",
			report.Benchmark{
				Kind: "duration", Unit: "s", Statistic: "within(7d)", Operator: ">=", Limit: ptr(0.85), Value: ptr(30.0 / 42),
				N: ptr(42), Worst: issues,
			},
			"71.4 % (30 of 42 issues) took 7 d or less; the limit is at least 85 %.",
		},
		{
			"share",
			report.Benchmark{
				Title: "Change failure rate", Kind: "share", Unit: "ratio", Statistic: "value", Operator: "<=", Limit: ptr(0.1),
				Value: ptr(6.0 / 42), N: ptr(42), Worst: []report.Item{{Kind: "deployment"}},
			},
			"Change failure rate is 14.3 % (6 of 42 deployments); the limit is at most 10 %.",
		},
		{
			// A supplied share may not be k of n: 0.123 × 10 is no whole number.
			"share without hits",
			report.Benchmark{
				Title: "Churn rate", Kind: "share", Unit: "ratio", Statistic: "value", Operator: "<=", Limit: ptr(0.1),
				Value: ptr(0.123), N: ptr(10),
			},
			"Churn rate is 12.3 %; the limit is at most 10 %.",
		},
		{
			"rate",
			report.Benchmark{
				Title: "Deployment frequency", Kind: "rate", Unit: "1/day", Statistic: "value", Operator: ">=", Limit: ptr(float64(1)),
				Value: ptr(0.0), N: ptr(0),
			},
			"Deployment frequency is 0 / day (none in the window); the limit is at least 1 / day.",
		},
		{
			"level",
			report.Benchmark{
				Title: "Backlog", Kind: "level", Unit: "items", Statistic: "value", Operator: "<", Limit: ptr(float64(100)), Value: ptr(1234.0),
				Worst: issues,
			},
			"Backlog is 1,234; the limit is less than 100.",
		},
		{
			"relative change",
			report.Benchmark{
				Title: "Backlog growth", Kind: "level", Unit: "change", Statistic: "value", Operator: "<", Limit: ptr(float64(-0.05)),
				Value: ptr(0.25),
			},
			"Backlog growth is +25 %; the limit is less than −5 %.",
		},
		{
			"money",
			report.Benchmark{
				Title: "Cost of downtime", Kind: "level", Unit: "currency", Statistic: "value", Operator: "<=", Limit: ptr(float64(5000)),
				Value: ptr(6200.0), Currency: ptr("EUR"),
			},
			"Cost of downtime is 6,200 EUR; the limit is at most 5,000 EUR.",
		},
		{
			"availability",
			report.Benchmark{
				Title: "Availability", Kind: "level", Unit: "ratio", Statistic: "value", Operator: ">=", Limit: ptr(0.9995),
				Value: ptr(0.999),
			},
			"Availability is 99.9 %; the limit is at least 99.95 %.",
		},
		{
			// 17 h are 2 days of 8 h and 1 h.
			"working hours",
			report.Benchmark{
				Kind: "duration", Unit: "s", Statistic: "p50", Operator: "<=", Limit: ptr(float64(8 * 3600)), Value: ptr(17 * 3600.0),
				N: ptr(5), Worst: changes[:1], BusinessDay: ptr(8 * 3600.0),
			},
			"The median of 5 pull requests took 2 d 1 h; the limit is at most 1 d. In working hours: 1 d is 8 h.",
		},
		{
			"within working days",
			report.Benchmark{
				Kind: "share", Unit: "ratio", Statistic: "within(2d)", Operator: ">=", Limit: ptr(0.9), Value: ptr(0.5), N: ptr(4),
				Worst: issues, BusinessDay: ptr(7.5 * 3600),
			},
			"50 % (2 of 4 issues) took 2 d or less; the limit is at least 90 %. In working hours: 1 d is 7 h 30 min.",
		},
		{
			// 12 hours are a day of 8 and half a day.
			"within hours",
			report.Benchmark{
				Kind: "share", Unit: "ratio", Statistic: "within(12h)", Operator: ">=", Limit: ptr(0.9), Value: ptr(0.5), N: ptr(4),
				Worst: issues, BusinessDay: ptr(8 * 3600.0),
			},
			"50 % (2 of 4 issues) took 1 d 4 h or less; the limit is at least 90 %. In working hours: 1 d is 8 h.",
		},
		{
			"what is open counts",
			report.Benchmark{
				Kind: "duration", Unit: "s", Statistic: "km_p50", Operator: "<=", Limit: ptr(float64(7 * day)), Value: ptr(9 * day), N: ptr(9),
				Worst: issues,
			},
			"Counting what is not finished, half of the issues take 9 d or longer; the limit is at most 7 d.",
		},
		{
			"not reached",
			report.Benchmark{
				Kind: "duration", Unit: "s", Statistic: "km_p90", Operator: "<=", Limit: ptr(float64(7 * day)), MoreThan: ptr(40 * day),
				N: ptr(9), Worst: issues, Reason: ptr("not reached: too much is still running"),
			},
			"Counting what is not finished, one in ten of the issues takes more than 40 d; the limit is at most 7 d.",
		},
		{
			// 6 d and a tenth of it are 6.6 d, 6 d 14 h.
			"relative",
			report.Benchmark{
				Kind: "duration", Unit: "s", Statistic: "p50", Operator: "<=", Limit: ptr(6.6 * day), Value: ptr(9 * day), N: ptr(9),
				Worst: issues, Relative: ptr(0.1),
			},
			"The median of 9 issues took 9 d; the limit is at most 6 d 14 h (previous + 10 %).",
		},
		{
			"relative to a window without a figure",
			report.Benchmark{
				Kind: "duration", Unit: "s", Statistic: "p50", Operator: "<=", Value: ptr(9 * day), N: ptr(9), Worst: issues,
				Relative: ptr(-0.05),
			},
			"The median of 9 issues took 9 d; the limit is at most previous − 5 %.",
		},
		{
			"no worse than before",
			report.Benchmark{
				Title: "Backlog", Kind: "level", Unit: "items", Statistic: "value", Operator: "<=", Limit: ptr(90.0), Value: ptr(91.0),
				Relative: ptr(0.0),
			},
			"Backlog is 91; the limit is at most 90 (previous).",
		},
		{
			"on a ramp",
			report.Benchmark{
				Kind: "duration", Unit: "s", Statistic: "p50", Operator: "<=", Limit: ptr(3*day + 4*3600), Value: ptr(9 * day),
				N: ptr(9), Worst: issues, Ramp: &report.Ramp{From: "2026-01-01", Until: "2026-06-30", End: 2 * day, Begun: true},
			},
			"The median of 9 issues took 9 d; the limit is at most 3 d 4 h (today; on its way to 2 d by 2026-06-30).",
		},
		{
			"before a ramp",
			report.Benchmark{
				Kind: "duration", Unit: "s", Statistic: "p50", Operator: "<=", Limit: ptr(5 * day), Value: ptr(9 * day),
				N: ptr(9), Worst: issues, Ramp: &report.Ramp{From: "2026-01-01", Until: "2026-06-30", End: 2 * day},
			},
			"The median of 9 issues took 9 d; the limit is at most 5 d (up to 2026-01-01; then on its way to 2 d by 2026-06-30).",
		},
		{
			"band",
			report.Benchmark{
				Kind: "duration", Unit: "s", Statistic: "p50", Operator: "<", Limit: ptr(7 * day), Value: ptr(9 * day),
				N: ptr(9), Worst: changes, Band: &report.Band{Edition: 2024, Name: ptr("high")},
			},
			"The median of 9 changes took 9 d; the limit is less than 7 d (DORA high, 2024).",
		},
		{
			"without a value",
			report.Benchmark{
				Kind: "duration", Unit: "s", Statistic: "p50", Operator: "<=", Limit: ptr(float64(7 * day)),
				Reason: ptr("no issue was closed as completed in the window"),
			},
			"no issue was closed as completed in the window; the limit is at most 7 d.",
		},
	}
	for _, test := range tests {
		if got := (index{}).sentence(test.b); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// The class of an issue KPI is named where its table does not.
func TestTitle(t *testing.T) {
	t.Parallel()
	r := redReport()
	x := indexOf(r)
	tests := []struct{ kpi, title, want string }{
		{"bug-time-to-resolve", "Time to resolve", "Bugs: time to resolve"},
		{"bug-time-to-resolve", "Bug time to resolve", "Bug time to resolve"},
		{"ci-duration", "CI duration", "CI duration"},
		{"lead-time-for-changes", "Lead time for changes", "Lead time for changes"},
		{"of-another-report", "", "of-another-report"},
	}
	for _, test := range tests {
		if got := x.title(test.kpi, test.title); got != test.want {
			t.Errorf("%s %q is %q, want %q", test.kpi, test.title, got, test.want)
		}
	}
}

// Whether a change is more than noise is known of the default statistic alone.
func TestChange(t *testing.T) {
	t.Parallel()
	x := indexOf(redReport())
	median := redReport().Benchmarks[1]
	if got := x.change(median); got != "▲ worse" {
		t.Errorf("the median is judged %q", got)
	}
	longest := median
	longest.Statistic, longest.Value, longest.Previous = "max", ptr(40*day), ptr(41*day)
	if got := x.change(longest); got != "▼" {
		t.Errorf("the maximum is judged %q", got)
	}
	for _, test := range []struct {
		previous, now float64
		better, want  string
	}{
		{1, 2, "lower", "▲ worse"},
		{1, 2, "higher", "▲ better"},
		{2, 1, "lower", "▼ better"},
		{2, 1, "higher", "▼ worse"},
		{1, 1, "higher", "="},
	} {
		if got := change(&test.previous, &test.now, test.better, ptr(true)); got != test.want {
			t.Errorf("from %v to %v, %s is better: %q, want %q", test.previous, test.now, test.better, got, test.want)
		}
	}
}

func TestItems(t *testing.T) {
	t.Parallel()
	tests := []struct {
		item report.Item
		want string
	}{
		{report.Item{Kind: "issue", Number: ptr(7), Title: " A\ttitle "}, "#7 A title"},
		{report.Item{Kind: "deployment", ID: ptr(int64(1) << 40), Title: "production"}, "deployment 1099511627776 production"},
		{report.Item{Kind: "run", ID: ptr(int64(5))}, "workflow run 5"},
		{report.Item{Kind: "commit", SHA: ptr("0123456789abcdef"), Title: "Fix it"}, "0123456 Fix it"},
		{report.Item{Kind: "tag", Name: ptr("v1.2.0"), Title: "v1.2.0"}, "v1.2.0"},
		{report.Item{Kind: "milestone", Number: ptr(3), Title: "v2.0"}, "milestone v2.0"},
		{report.Item{Kind: "milestone", Number: ptr(3)}, "milestone 3"},
		{report.Item{Kind: "job", ID: ptr(int64(34_567_890)), Title: "build (linux)"}, "job build (linux)"},
		{report.Item{Kind: "job", ID: ptr(int64(34_567_890))}, "job 34567890"},
		{report.Item{Kind: "alert", ID: ptr(int64(12)), Title: "lodash"}, "alert 12 lodash"},
		{report.Item{Kind: "alert"}, "alert"},
		{report.Item{Kind: "unheard-of"}, "item"},
	}
	for _, test := range tests {
		if got := itemName(test.item); got != test.want {
			t.Errorf("%+v is %q, want %q", test.item, got, test.want)
		}
	}
	running := report.Item{Value: ptr(40 * day), Running: true}
	for kpi, want := range map[string]string{
		"bug-time-to-resolve":             "40 d, still open",
		"bug-time-to-ship":                "40 d, still not shipped",
		"failed-deployment-recovery-time": "40 d, still not recovered",
		"ci-recovery-time":                "40 d, still red",
		"ci-queue-time":                   "40 d, still waiting",
		"pickup-time":                     "40 d, still waiting",
		"coding-time":                     "40 d, still in draft",
		"review-time":                     "40 d, still in review",
		"security-time-to-acknowledge":    "40 d, still not acknowledged",
		"escalation-time-to-address":      "40 d, still not addressed",
		"mean-time-to-resolution":         "40 d, still open",
		"vulnerability-time-to-patch":     "40 d, still open",
		"code-scanning-time-to-fix":       "40 d, still open",
	} {
		// The items of a share of a duration are lengths all the same.
		b := report.Benchmark{KPI: kpi, Kind: "share", Unit: "ratio", Statistic: "within(7d)"}
		if got := itemValue(b, running); got != want {
			t.Errorf("%s: %q, want %q", kpi, got, want)
		}
	}
	if got := itemValue(report.Benchmark{Kind: "share", Unit: "ratio"}, report.Item{Value: ptr(1.0)}); got != "" {
		t.Errorf("an item of a share has the value %q", got)
	}
}

func TestBalance(t *testing.T) {
	t.Parallel()
	x := indexOf(redReport())
	tests := []struct {
		ids  []string
		want string
	}{
		{nil, ""},
		{[]string{"bug-backlog"}, "Bugs: backlog, which suffers first where this figure alone is improved."},
		{
			[]string{"review-coverage", "bug-backlog", "of-another-report"},
			"Review coverage, Bugs: backlog and of-another-report, which suffer first where this figure alone is improved.",
		},
	}
	for _, test := range tests {
		if got := x.balance(report.Benchmark{BalancedBy: test.ids}); got != test.want {
			t.Errorf("%q: %q, want %q", test.ids, got, test.want)
		}
	}
}

// A benchmark on some items is compared with the row over these, not with the one over all.
func TestFilteredRow(t *testing.T) {
	t.Parallel()
	r := base("breached")
	all, some := bugTimeToResolve(), bugTimeToResolve()
	some.Filter, some.Value, some.Previous = ptr("label=sev1"), ptr(3*day), &report.Previous{
		Value: ptr(1 * day), Significant: ptr(true),
	}
	all.Previous = &report.Previous{Value: ptr(1 * day), Significant: ptr(false)}
	r.KPIs = []report.KPI{all, some}
	x := indexOf(r)
	for _, test := range []struct {
		row  report.KPI
		want string
	}{{all, "▲"}, {some, "▲ worse"}} {
		if got := x.change(benchmarkOf(test.row, "text", "<=", day, "breached", nil)); got != test.want {
			t.Errorf("the row of %v: %q, want %q", test.row.Filter, got, test.want)
		}
	}
}

// A reason becomes a sentence; n stays what the column is called.
func TestCapitalized(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"no issue was closed": "No issue was closed", "n is 2": "n is 2", "nothing": "Nothing", "öl": "Öl", "": "",
	} {
		if got := capitalized(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}
