package render

import (
	"fmt"

	"kpi-gate/internal/report"
)

// rowOf is a measured row of figures, 12 weeks of which rise to the value.
func rowOf(id, family, kind, unit, title string, value float64) report.KPI {
	k := report.KPI{
		ID: id, Family: family, Kind: kind, Unit: unit, Better: "lower", Status: "measured", Source: ptr("issues"),
		Value: &value, Statistic: "value", Statistics: map[string]*float64{"value": &value},
		Previous: &report.Previous{}, Trend: trendOf(), Notes: []string{}, Items: []report.Item{},
		Title: title, Plain: "What " + title + " tells.", Moves: "What " + title + " hangs on.",
		Definition: "how " + title + " is worked out", Repair: "Do something about " + title + ".",
	}
	if kind == "duration" {
		k.Statistic, k.Statistics = "p50", map[string]*float64{"p50": &value, "p90": ptr(2 * value)}
	}
	for i := range 12 {
		k.Trend = append(k.Trend, report.Point{
			Since: fmt.Sprintf("2026-03-%02dT00:00:00Z", i+1), Value: ptr(value * float64(i+1) / 12),
		})
	}
	return k
}

// unmeasuredRow is a row without a figure in any window.
func unmeasuredRow(id, family, title, reason string) report.KPI {
	k := rowOf(id, family, "duration", "s", title, 0)
	k.Value, k.Statistics, k.Status, k.Reason, k.Empty, k.Missing = nil, nil, "not-measured", &reason, true, true
	k.Trend = trendOf(-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1)
	return k
}

// itemsOf are items of one kind, told apart by a number or an id.
func itemsOf(kind string, titles ...string) []report.Item {
	var items []report.Item
	for i, title := range titles {
		item := report.Item{
			Kind: kind, URL: fmt.Sprintf("https://github.com/acme/shop/%s/%d", kind, i+7), Title: title,
			Value: ptr(day * float64(len(titles)-i)), Running: i == 0,
		}
		if kind == "milestone" {
			item.Number, item.Value, item.Running = ptr(i+7), ptr(0.0), false
		} else {
			item.ID = ptr(int64(i + 7))
		}
		items = append(items, item)
	}
	return items
}

// catalogueReport has a row of every kind and unit, filters, bands, signals, working hours, quantiles that were not
// reached, a family that is folded away, and families in which there is nothing to see.
func catalogueReport() *report.Report {
	r := base("breached")
	r.Families = []report.Family{
		{ID: "delivery", Title: "Delivery"},
		{ID: "pull-requests", Title: "Pull requests", Empty: true, Why: "the token lacks the permission pull-requests: read"},
		{ID: "planning", Title: "Planning"},
		{ID: "bug", Title: "Bugs"},
		{ID: "incident", Title: "Incidents"},
		{ID: "support", Title: "Support", Empty: true, Why: "no such issue was seen"},
		{ID: "security", Title: "Security", Empty: true, Why: "no such issue was seen"},
		{ID: "customer-escalation", Title: "Customer escalation", Empty: true, Why: "no such issue was seen"},
		{ID: "ci", Title: "Continuous integration"},
		{
			ID: "chore", Title: "Chore", Folded: true,
			Leading: []string{"chore-backlog", "chore-reported", "chore-age", "chore-time-to-resolve"},
		},
		{ID: "alerts", Title: "Security alerts"},
	}
	frequency, lead := deploymentFrequency(), leadTime()
	frequency.Band, frequency.Signal = &report.Band{Edition: 2024, Name: ptr("high")}, ptr("run-low")
	frequency.Moves, frequency.BalancedBy = "Small changes.", []string{"change-failure-rate", "lead-time-for-changes"}
	lead.Status, lead.Reason, lead.Band = "measured", nil, &report.Band{Edition: 2024, Name: ptr("medium")}
	lead.Statistics["km_p50"] = ptr(1.6 * day)
	failures := rowOf("change-failure-rate", "delivery", "share", "ratio", "Change failure rate", 0.7)
	failures.N, failures.Hits, failures.Band = ptr(10), ptr(7), &report.Band{Edition: 2023}
	failures.BalancedBy = []string{"deployment-frequency"}
	failures.Interval = &report.Interval{Low: ptr(0.4), High: ptr(0.9)}

	inTime := rowOf("milestones-on-time", "planning", "share", "ratio", "Milestones on time", 0.25)
	inTime.N, inTime.Hits, inTime.Better = ptr(4), ptr(1), "higher"
	inTime.Items = itemsOf("milestone", "v2.0", "Autumn release", "")

	acknowledged := rowOf("bug-time-to-acknowledge", "bug", "duration", "s", "Time to acknowledge", 2.5*8*3600)
	acknowledged.N, acknowledged.Running, acknowledged.BusinessDay = ptr(20), ptr(3), ptr(8*3600.0)
	acknowledged.Statistics["km_p50"] = ptr(3 * 8 * 3600.0)
	severe := acknowledged
	severe.Filter, severe.Title = ptr("label=sev1"), "Time to acknowledge · label=sev1"
	severe.Value, severe.N, severe.Signal = ptr(1.25*8*3600), ptr(6), ptr("high")
	severe.Statistics = map[string]*float64{"p50": severe.Value, "p90": ptr(11 * 8 * 3600.0)}
	severe.MoreThan = map[string]float64{"km_p50": 12 * 8 * 3600}
	growth := rowOf("bug-backlog-growth", "bug", "level", "change", "Backlog growth", 0.25)
	growth.Previous.Value, growth.Signal = ptr(-0.05), ptr("low")

	availability := rowOf("availability", "incident", "level", "ratio", "Availability", 0.9995)
	availability.Better, availability.Previous.Value = "higher", ptr(0.999)
	downtime := rowOf("downtime", "incident", "level", "s", "Downtime", 1296)
	cost := rowOf("cost-of-downtime", "incident", "level", "currency", "Cost of downtime", 1800)
	cost.Currency, cost.Previous.Value = ptr("EUR"), ptr(640.5)
	detected := rowOf("mean-time-to-detect", "incident", "duration", "s", "Mean time to detect", 5400)
	detected.Statistic, detected.Statistics["mean"], detected.N, detected.Running = "mean", detected.Value, ptr(2), ptr(0)

	chores := rowOf("chore-backlog", "chore", "level", "items", "Backlog", 3)
	reported := rowOf("chore-reported", "chore", "rate", "1/day", "Reported", 0.5)
	reported.N, reported.Status, reported.Reason = ptr(15), "partial", ptr("issues were read from 1 May on")
	done := rowOf("chore-time-to-resolve", "chore", "duration", "s", "Time to resolve", 2*8*3600)
	done.N, done.Running, done.BusinessDay = ptr(12), ptr(0), ptr(8*3600.0)

	queue := rowOf("ci-queue-time", "ci", "duration", "s", "CI queue time", 40)
	queue.N, queue.Running, queue.Signal = ptr(900), ptr(1), ptr("run-high")
	patched := rowOf("vulnerability-time-to-patch", "alerts", "duration", "s", "Vulnerability time to patch", 0)
	patched.Value, patched.Statistics, patched.Status = nil, nil, "not-measured"
	patched.Trend = trendOf(-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1)
	patched.Reason, patched.N, patched.Running = ptr("no alert was fixed in the window"), ptr(0), ptr(2)
	patched.Items, patched.MoreThan = itemsOf("alert", "lodash", "openssl"), map[string]float64{"km_p50": 40 * day}
	patched.BalancedBy = []string{"change-failure-rate"}
	addressed := unmeasuredRow("incident-time-to-address", "incident", "Time to address", "no issue was addressed")
	resolved := unmeasuredRow("mean-time-to-resolution", "incident", "Mean time to resolution", "no issue was resolved")
	addressed.Missing, resolved.Missing = false, false
	r.KPIs = []report.KPI{
		frequency, lead, failures,
		unmeasuredRow("pickup-time", "pull-requests", "Pickup time", "the token lacks the permission pull-requests: read"),
		inTime,
		acknowledged, severe, growth,
		availability, downtime, cost, detected,
		addressed, unmeasuredRow("incident-time-to-ship", "incident", "Time to ship", "no deployment was found"), resolved,
		unmeasuredRow("support-age", "support", "Age", "no issue is open"),
		unmeasuredRow("security-age", "security", "Age", "no issue is open"),
		unmeasuredRow("customer-escalation-age", "customer-escalation", "Age", "no issue is open"),
		queue,
		chores, reported, unmeasuredRow("chore-age", "chore", "Age", "no issue is open"), done,
		patched,
	}

	unreached := benchmarkOf(patched, "vulnerability-time-to-patch.km_p50 <= 30d", "<=", 30*day, "breached", patched.Items)
	unreached.Statistic, unreached.MoreThan, unreached.N = "km_p50", ptr(40*day), ptr(2)
	waiting := benchmarkOf(queue, "ci-queue-time <= 30s", "<=", 30, "breached", itemsOf("job", "build (linux)", ""))
	quick := benchmarkOf(severe, "bug-time-to-acknowledge{label=sev1}.within(1d) >= 90%", ">=", 0.9, "breached", bugs(1))
	quick.Kind, quick.Unit, quick.Statistic, quick.Value = "share", "ratio", "within(1d)", ptr(0.5)
	r.Benchmarks = []report.Benchmark{
		unreached, waiting, quick,
		benchmarkOf(inTime, "milestones-on-time >= 50%", ">=", 0.5, "breached", inTime.Items),
		benchmarkOf(growth, "bug-backlog-growth <= 10%", "<=", 0.1, "breached", nil),
		benchmarkOf(cost, "cost-of-downtime <= 2000", "<=", 2000, "held", nil),
		benchmarkOf(availability, "availability >= 99.9%", ">=", 0.999, "held", nil),
	}
	r.Read.Gaps = []report.Gap{
		{
			Feed: "pull-requests", Reason: "403: the token lacks pull-requests: read", Permission: "pull-requests: read",
		},
		{
			Feed: "code-scanning-alerts", Reason: "403: the token lacks security-events: read",
			Permission: "security-events: read",
		},
		{Feed: "jobs", Reason: "the budget of requests was spent"},
	}
	return r
}
