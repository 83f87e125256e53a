package render

import (
	"bytes"
	"strings"
	"testing"

	"kpi-gate/internal/report"
)

// A family in which nothing was seen takes no table: all of them are named in one line, those with one reason together.
func TestUnseenFamilies(t *testing.T) {
	t.Parallel()
	r := catalogueReport()
	const named = "Pull requests – the token lacks the permission pull-requests: read. Support, Security, Customer " +
		"escalation – no such issue was seen."
	summary := string(markdownOf(t, r))
	if !strings.Contains(summary, "\n<strong>Nothing to show for:</strong> "+named+"\n") {
		t.Error("the summary does not name the families without figures")
	}
	for _, unseen := range []string{"#### Support", "<code>support-age</code>"} {
		if strings.Contains(summary, unseen) {
			t.Errorf("the summary has %q", unseen)
		}
	}
	var page bytes.Buffer
	if err := Text(&page, r); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(strings.Join(strings.Fields(page.String()), " "), "Nothing to show for: "+named) ||
		strings.Contains(page.String(), "\nSUPPORT\n") {
		t.Error("the text does not name the families without figures")
	}
	for i := range r.Families {
		r.Families[i].Empty = true
	}
	summary = string(markdownOf(t, r))
	if strings.Contains(summary, "<strong>Now</strong>") || strings.Contains(summary, "<details>") {
		t.Error("tables are explained where there are none")
	}
}

// A family that may be folded away stands below those that may not, its leading figures in sight with what qualifies
// them; those without a figure are left out. In the text it is one like the others: a terminal folds nothing.
func TestFoldedFamilies(t *testing.T) {
	t.Parallel()
	r := catalogueReport()
	summary := string(markdownOf(t, r))
	const folded = "<details>\n<summary><strong>Chore</strong> · Backlog 3 · Reported 3.5 / week, partial · " +
		"Time to resolve 2 d, in working hours</summary>\n\n| Figure |"
	at, end := strings.Index(summary, folded), strings.Index(summary, "\n</details>\n\n")
	if at < 0 || end < at {
		t.Fatalf("%s is not there:\n%s", folded, summary)
	}
	if strings.Contains(summary, "#### Chore") || strings.Contains(summary[at:end], "####") ||
		!strings.Contains(summary[at:end], "| Time to resolve") || strings.Index(summary, "#### Security alerts") > at {
		t.Errorf("folded away, below the others: %s", summary[at:end])
	}
	var page bytes.Buffer
	if err := Text(&page, r); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(page.String(), "\nCHORE\n") {
		t.Error("the text does not have the family")
	}
}

// What a table does not have is not explained.
func TestLegend(t *testing.T) {
	t.Parallel()
	lead := leadTime()
	lead.Statistics["km_p50"] = ptr(2 * day)
	banded, unusual := bugBacklog(), bugBacklog()
	banded.Band, unusual.Signal = &report.Band{Edition: 2024}, ptr("low")
	for _, test := range []struct {
		name string
		rows []report.KPI
		want []string
	}{
		{"nothing special", []report.KPI{bugBacklog()}, nil},
		{"durations", []report.KPI{bugBacklog(), lead}, []string{"<strong>p90</strong>", "<strong>With open</strong>"}},
		{"a band", []report.KPI{banded}, []string{"DORA"}},
		{"a signal", []report.KPI{unusual}, []string{"XmR"}},
	} {
		got := string(legend(test.rows))
		for _, word := range []string{"<strong>p90</strong>", "<strong>With open</strong>", "DORA", "XmR"} {
			want := false
			for _, w := range test.want {
				want = want || w == word
			}
			if strings.Contains(got, word) != want {
				t.Errorf("%s: %s is there: %v", test.name, word, !want)
			}
		}
	}
}

func TestWithOpen(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		k    report.KPI
		want string
	}{
		{
			"reached",
			report.KPI{Kind: "duration", Running: ptr(2), Statistics: map[string]*float64{"km_p50": ptr(3 * day)}},
			"3 d",
		},
		{
			"not reached",
			report.KPI{Kind: "duration", Running: ptr(2), MoreThan: map[string]float64{"km_p50": 30 * day}},
			"> 30 d",
		},
		{
			"in working hours",
			report.KPI{
				Kind: "duration", Running: ptr(2), MoreThan: map[string]float64{"km_p50": 20 * 3600}, BusinessDay: ptr(8 * 3600.0),
			},
			"> 2 d 4 h", // 2 × 8 + 4
		},
		{
			"nothing is open",
			report.KPI{Kind: "duration", Running: ptr(0), Statistics: map[string]*float64{"km_p50": ptr(3 * day)}},
			"",
		},
		{"no duration", report.KPI{Kind: "amount"}, ""},
	}
	for _, test := range tests {
		if got := withOpenText(test.k); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestInterval(t *testing.T) {
	t.Parallel()
	tests := []struct {
		kind, unit string
		low, high  *float64
		want       string
	}{
		{"rate", "1/day", ptr(1.5), ptr(2.5), "1.5 to 2.5 / day"},
		{"share", "ratio", ptr(0.5), ptr(0.755), "50 to 75.5 %"},
		{"amount", "lines", ptr(34.0), ptr(1140.0), "34 to 1,140 lines"},
		{"duration", "s", ptr(2 * day), ptr(3 * day), "2 d to 3 d"},
		{"duration", "s", nil, ptr(3 * day), "3 d or less"},
		{"amount", "items", ptr(1.0), nil, "1 or more"},
		{"amount", "items", ptr(1.0), ptr(2.0), "1 to 2"},
		{"amount", "items", nil, nil, "too few for an interval"},
	}
	for _, test := range tests {
		k := report.KPI{Kind: test.kind, Unit: test.unit, Status: "measured", Value: ptr(2.0), Statistic: "value"}
		k.Interval = &report.Interval{Low: test.low, High: test.high}
		if got := intervalText(k); got != test.want {
			t.Errorf("%s: %q, want %q", test.unit, got, test.want)
		}
	}
}

// Many rows that share a reason name it once.
func TestReasons(t *testing.T) {
	t.Parallel()
	r := base("held")
	r.Families = r.Families[:1]
	for _, id := range []string{"a", "b", "c"} {
		k := unmeasuredRow(id, "delivery", "Figure "+id, "there is no deployment; look at the settings")
		k.Empty = id == "c"
		r.KPIs = append(r.KPIs, k)
	}
	got := string(markdownOf(t, r))
	for _, want := range []string{
		"| Figure a | not&nbsp;measured&nbsp;<sup>1</sup> |", "| Figure b | not&nbsp;measured&nbsp;<sup>1</sup> |",
		"\n<sup>1</sup> There is no deployment; look at the settings.\n",
		"\n<strong>Not measured:</strong> Figure c – there is no deployment; look at the settings.\n",
	} {
		if strings.Count(got, want) != 1 {
			t.Errorf("%q is not there once:\n%s", want, got)
		}
	}
}

// New scopes are advised as any other.
func TestPermissions(t *testing.T) {
	t.Parallel()
	got := strings.Join(permissions([]report.Gap{
		{Permission: "vulnerability-alerts: read"},
		{Permission: "security-events: read"},
		{Permission: "security-events: read"},
		{Permission: "issues: read\nx"},
		{},
	}), ", ")
	if want := "security-events: read, vulnerability-alerts: read"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
