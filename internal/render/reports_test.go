package render

import (
	"fmt"
	"strings"

	"kpi-gate/internal/report"
)

func ptr[T any](v T) *T { return &v }

const day = 86400.0

// trendOf is 12 weeks, a negative value standing for one that was not measured.
func trendOf(values ...float64) []report.Point {
	var points []report.Point
	for i, v := range values {
		p := report.Point{Since: fmt.Sprintf("2026-03-%02dT00:00:00Z", i+1)}
		if v >= 0 {
			p.N, p.Value = ptr(4), ptr(v)
		}
		points = append(points, p)
	}
	return points
}

// base is a report on acme/shop with nothing in it.
func base(verdict string) *report.Report {
	return &report.Report{
		Schema: 1, Repository: "acme/shop", RepositoryURL: "https://github.com/acme/shop",
		Window:   report.Window{Since: "2026-05-01T00:00:00Z", Until: "2026-05-31T00:00:00Z"},
		Previous: report.Window{Since: "2026-04-01T00:00:00Z", Until: "2026-05-01T00:00:00Z"},
		Verdict:  verdict,
		OnNoData: "warn",
		Evidence: "point", Enforced: true,
		Config: report.Config{Ref: ptr("main"), Path: ptr(".github/kpi-gate.yml")},
		Source: "deployments to production, found automatically",
		Families: []report.Family{
			{ID: "delivery", Title: "Delivery"},
			{ID: "pull-requests", Title: "Pull requests"},
			{ID: "bug", Title: "Bugs"},
			{ID: "ci", Title: "CI"},
		},
		KPIs: []report.KPI{}, Benchmarks: []report.Benchmark{},
		Read: report.Read{Requests: 31, GraphQLPoints: 19, Bytes: 1_840_000, Gaps: []report.Gap{}, Seconds: 4.23},
	}
}

// bugs are open and resolved bugs, the worst first.
func bugs(count int) []report.Item {
	titles := []string{
		"Checkout fails when the cart holds more than 100 positions",
		"Prices are rounded twice on invoices",
		"Search finds nothing for words with an umlaut",
	}
	var items []report.Item
	for i := range count {
		items = append(items, report.Item{
			Kind: "issue", Number: ptr(120 + i), URL: fmt.Sprintf("https://github.com/acme/shop/issues/%d", 120+i),
			Value: ptr(40*day - float64(i)*2.3*day), Running: i%3 == 0, Title: titles[i%len(titles)],
		})
	}
	return items
}

func urls(items []report.Item) []string {
	urls := []string{}
	for _, item := range items {
		urls = append(urls, item.URL)
	}
	return urls
}

// deploymentFrequency is 6 deployments in 30 days, down from 14.
func deploymentFrequency() report.KPI {
	return report.KPI{
		ID: "deployment-frequency", Family: "delivery", Kind: "rate", Unit: "1/day", Better: "higher", Status: "measured",
		Source: ptr("deployments"), N: ptr(6), Events: ptr(6), Value: ptr(0.2), Statistic: "value",
		Statistics: map[string]*float64{"value": ptr(0.2)},
		Interval:   &report.Interval{Low: ptr(0.0734), High: ptr(0.4353)},
		Previous:   &report.Previous{N: ptr(14), Value: ptr(14.0 / 30), Significant: ptr(false)},
		Trend:      trendOf(0.5, 0.6, 0.4, 0.5, 0.4, 0.5, 0.3, 0.4, 0.3, 0.2, 0.2, 0.1),
		Notes:      []string{}, Items: deployments(6),
		Title: "Deployment frequency", Plain: "How often a new version reaches the people who use it.",
		Definition: "successful production deployments finished in the window ÷ days in the window\n\nMore.",
		Repair:     "Ship what is merged, and split large changes so that each can be deployed on its own.",
	}
}

// deployments are the latest ones, newest first.
func deployments(count int) []report.Item {
	var items []report.Item
	for i := range count {
		items = append(items, report.Item{
			Kind: "deployment", ID: ptr(int64(9_000_000_000 - i)), Title: "production",
			URL: "https://github.com/acme/shop/deployments/production",
		})
	}
	return items
}

func leadTime() report.KPI {
	return report.KPI{
		ID: "lead-time-for-changes", Family: "delivery", Kind: "duration", Unit: "s", Better: "lower", Status: "partial",
		Reason: ptr("commits were read back to 2 March 2026 only"), Source: ptr("deployments"),
		N: ptr(38), Running: ptr(5), Value: ptr(1.4 * day), Statistic: "p50",
		Statistics: map[string]*float64{"p50": ptr(1.4 * day), "p90": ptr(6.3 * day)},
		Interval:   &report.Interval{Low: ptr(0.9 * day), High: ptr(2.2 * day)},
		Previous:   &report.Previous{N: ptr(41), Value: ptr(1.9 * day), Significant: ptr(false)},
		Trend:      trendOf(3*day, 2*day, 2.5*day, 1*day, -1, 1.5*day, 2*day, 1*day, 1.2*day, 1.3*day, 1*day, 1.4*day),
		Notes:      []string{"2 lengths were negative (clocks disagree, or dates were set by hand) and count as 0."},
		Items:      []report.Item{},
		Title:      "Lead time for changes",
		Plain:      "How long a change takes from the first line written to the people who use it.",
		Definition: "per change shipped in the window: from its start to the finish of the deployment that shipped it",
		Repair:     "Review and deploy what is waiting, oldest first.",
	}
}

func bugTimeToResolve() report.KPI {
	return report.KPI{
		ID: "bug-time-to-resolve", Family: "bug", Kind: "duration", Unit: "s", Better: "lower", Status: "measured",
		Source: ptr("issues"), N: ptr(41), Running: ptr(23), Value: ptr(12*day + 4*3600), Statistic: "p50",
		Statistics: map[string]*float64{"p50": ptr(12*day + 4*3600), "p90": ptr(31 * day)},
		Interval:   &report.Interval{Low: ptr(9 * day), High: ptr(16.5 * day)},
		Previous:   &report.Previous{N: ptr(36), Value: ptr(6 * day), Significant: ptr(true)},
		Trend:      trendOf(5*day, 6*day, 5*day, 7*day, 6*day, 6*day, 8*day, 9*day, 11*day, 12*day, 13*day, 12*day),
		Notes:      []string{"3 issues were closed as not planned or duplicate and are left out."},
		Items:      bugs(27), Title: "Time to resolve",
		Plain:      "How long a reported problem stays unsolved.",
		Definition: "per issue closed as completed in the window: opened → closed (its last close)",
		Repair:     "Resolve the oldest open issues, or close as not planned what will not be done.",
	}
}

func bugBacklog() report.KPI {
	return report.KPI{
		ID: "bug-backlog", Family: "bug", Kind: "level", Unit: "items", Better: "lower", Status: "measured",
		Source: ptr("issues"), Value: ptr(1234.0), Statistic: "value", Statistics: map[string]*float64{"value": ptr(1234.0)},
		Previous: &report.Previous{Value: ptr(1190.0)},
		Trend:    trendOf(1100, 1110, 1120, 1140, 1150, 1160, 1170, 1180, 1190, 1200, 1220, 1234),
		Notes:    []string{}, Items: []report.Item{}, Title: "Backlog", Plain: "How many reported problems are unsolved.",
		Definition: "issues open at the end of the window",
		Repair:     "Resolve open issues, or close as not planned what will not be done.",
	}
}

func reviewCoverage() report.KPI {
	return report.KPI{
		ID: "review-coverage", Family: "pull-requests", Kind: "share", Unit: "ratio", Better: "higher", Status: "measured",
		Source: ptr("pull-requests"), N: ptr(42), Hits: ptr(36), Value: ptr(36.0 / 42), Statistic: "value",
		Statistics: map[string]*float64{"value": ptr(36.0 / 42)},
		Interval:   &report.Interval{Low: ptr(0.7216), High: ptr(0.9328)},
		Previous:   &report.Previous{N: ptr(40), Value: ptr(0.975), Significant: ptr(false)},
		Trend:      trendOf(1, 1, 0.9, 1, 0.9, 0.95, 1, 0.9, 0.8, 0.9, 0.8, 0.85), Notes: []string{}, Items: []report.Item{},
		Title: "Review coverage", Plain: "How much of the work a second pair of eyes has accepted.",
		Definition: "of the pull requests merged in the window, those approved at or before the merge by a person other " +
			"than the author",
		Repair: "Ask for a review before merging; a branch rule can require one.",
	}
}

func ciDuration() report.KPI {
	return report.KPI{
		ID: "ci-duration", Family: "ci", Kind: "duration", Unit: "s", Better: "lower", Status: "not-measured",
		Reason: ptr("runs could not be read: the token lacks actions: read"), Statistic: "p50",
		Gaps: []string{"runs"}, Statistics: map[string]*float64{"p50": nil, "p90": nil},
		Trend: trendOf(-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1),
		Notes: []string{}, Items: []report.Item{}, Title: "CI duration",
		Plain:      "How long people wait for the automatic checks.",
		Definition: "per run on a production branch that was not re-run: started → ended",
		Repair:     "Cache dependencies, split the slowest jobs, and drop checks that never find anything.",
	}
}

// benchmarkOf is a benchmark on a KPI's own figure.
func benchmarkOf(
	k report.KPI, text, operator string, limit float64, outcome string, worst []report.Item,
) report.Benchmark {
	b := report.Benchmark{
		Text: text, KPI: k.ID, Statistic: k.Statistic, Limit: &limit, Value: k.Value, N: k.N, Outcome: outcome,
		Items: urls(worst), Operator: operator, Kind: k.Kind, Unit: k.Unit, Title: k.Title, Repair: k.Repair, Worst: worst,
		Then: "fail", Filter: k.Filter, Currency: k.Currency, BusinessDay: k.BusinessDay, BalancedBy: k.BalancedBy,
	}
	if k.Previous != nil {
		b.Previous = k.Previous.Value
	}
	return b
}

func redReport() *report.Report {
	r := base("breached")
	r.KPIs = []report.KPI{
		deploymentFrequency(), leadTime(), reviewCoverage(), bugTimeToResolve(), bugBacklog(), ciDuration(),
	}
	unread := benchmarkOf(ciDuration(), "ci-duration.p95 <= 20m", "<=", 1200, "not-measured", nil)
	unread.Statistic, unread.Reason = "p95", ciDuration().Reason
	within := benchmarkOf(bugTimeToResolve(), "bug-time-to-resolve.within(14d) >= 50%", ">=", 0.5, "too-few", nil)
	within.Statistic, within.Value, within.N, within.Previous = "within(1209600s)", ptr(2.0/3), ptr(3), nil
	within.Reason = ptr("3 items are fewer than the 5 that min-samples asks for")
	r.Benchmarks = []report.Benchmark{
		benchmarkOf(leadTime(), "lead-time-for-changes.p50 <= 2d", "<=", 2*day, "held", nil),
		benchmarkOf(bugTimeToResolve(), "bug-time-to-resolve.p50 <= 7d", "<=", 7*day, "breached", bugs(27)),
		within,
		benchmarkOf(deploymentFrequency(), "deployment-frequency >= 1/day", ">=", 1, "breached", deployments(6)),
		unread,
	}
	r.Read.Gaps = []report.Gap{
		{
			Feed: "runs", Reason: "403: the token lacks actions: read", Permission: "actions: read",
			Advice: ptr("grant the token the permission actions: read"),
		},
		{Feed: "commits", Reason: "GET /a: the budget of 40 requests is spent", Advice: ptr("raise the input budget")},
		{Feed: "past-incidents", Reason: "GET /b: the budget of 40 requests is spent", Advice: ptr("raise the input budget")},
		{Feed: "tags", Reason: "a tag names no commit"},
	}
	r.Read.Cache = &report.Cache{Known: 12_345}
	return r
}

func greenReport() *report.Report {
	r := base("held")
	r.KPIs = []report.KPI{leadTime(), reviewCoverage()}
	r.KPIs[0].Status, r.KPIs[0].Reason = "measured", nil
	r.Benchmarks = []report.Benchmark{
		benchmarkOf(r.KPIs[0], "lead-time-for-changes.p50 <= 2d", "<=", 2*day, "held", nil),
		benchmarkOf(reviewCoverage(), "review-coverage >= 80%", ">=", 0.8, "held", nil),
	}
	return r
}

func unmeasuredReport() *report.Report {
	r := base("not-measured")
	r.Window = report.Window{Since: "2026-05-01T09:30:00Z", Until: "2026-05-31T09:30:00Z"}
	r.Config, r.Source = report.Config{}, ""
	lead := leadTime()
	lead.Status, lead.Reason, lead.Value, lead.Interval = "not-measured", ptr("no production deployment was found"), nil, nil
	lead.N, lead.Running, lead.Statistics, lead.Notes = ptr(0), nil, map[string]*float64{"p50": nil, "p90": nil}, nil
	lead.Previous, lead.Trend = nil, trendOf(-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1)
	r.KPIs = []report.KPI{lead, ciDuration()}
	first := benchmarkOf(lead, "lead-time-for-changes.p50 <= 2d", "<=", 2*day, "not-measured", nil)
	first.Reason = lead.Reason
	second := benchmarkOf(ciDuration(), "ci-duration <= 20m", "<=", 1200, "not-measured", nil)
	second.Reason = ciDuration().Reason
	r.Benchmarks = []report.Benchmark{first, second}
	r.Read.Retries, r.Read.Waited = 2, 6.5
	r.Read.Cache = &report.Cache{Aside: ptr("it is of acme/toys (ID 7), not of acme/shop (ID 8)")}
	r.Read.Gaps = []report.Gap{
		{Feed: "runs", Reason: "403: the token lacks actions: read", Permission: "actions: read"},
		{Feed: "deployments", Reason: "403: the token lacks deployments: read", Permission: "deployments: read"},
		{Feed: "deploy-runs", Reason: "403: the token lacks actions: read", Permission: "actions: read"},
	}
	return r
}

// hostileTexts are texts that would act on a reader, a renderer, a terminal or a runner.
var hostileTexts = []string{
	"| ✅ all held | | |\n| --- |",
	"</details><script>alert(1)</script><img src=x onerror=alert(1)>",
	"[click](javascript:alert(1)) ![x](https://evil.example/x.png) [ref]: https://evil.example",
	"@all @acme/everyone #1 GH-1 acme/shop#2 someone@evil.example :white_check_mark: $\\color{red}{x}$",
	"www.evil.example https://evil.example/ http://evil.example <https://evil.example>",
	"::error::forged ##[add-mask]x \x1b[2J\x1b]0;title\a \u009b31m",
	"\u202egnp.exe\u2066 \u200bzero\ufeff width \u2028line \U000e0041tag",
	"```\n# heading\n---\n===\n- list\n1. list\n> quote\n~~~",
	"**bold** _it_ ~~no~~ `code` ``two`` \\| \\\\| &lt;b&gt; &#124; &amp;#124;",
	"z" + strings.Repeat("\u0301", 50) + strings.Repeat("\U0001f469\u200d\U0001f680", 60),
	"1. one 2) two \xff\xfe invalid",
	"] ](https://evil.example) [a](<https://evil.example>) \"title\" 'x'",
	"<!-- kpi-gate: --> --> --!> <![CDATA[ ]]> <?php ?> <!DOCTYPE html> &#64;all &commat;all &num;1",
	"0123456789abcdef0123456789abcdef01234567 acme/shop@0123456 deadbeef 1234567 acme@DEADBEEF",
	"```mermaid\n%%{init: {'securityLevel': 'loose'}}%%\ngraph TD; a-->b; click a href \"https://evil.example\"; end\n```",
	"mailto:a@evil.example xmpp:a@evil.example javascript:alert(1) [^1] [^1]: note [ref]: <x> - [ ] task",
	"@\u200dall #\u200d1 @\u034fall \u3164\u2800 $`x`$ $$ y $$ > [!WARNING]\r\nname<<EOF\nx\nEOF%0A%0D",
	"@org/team@org/team,@a;@b<@c>(@d)[@e] owner/repo#1 #1#2 GH-1GH-2 gh-3 :emoji::+1:",
}

// hostileReport has text from outside in every place that can hold some.
func hostileReport(texts ...string) *report.Report {
	at := 0
	next := func() string { at++; return texts[at%len(texts)] }
	r := catalogueReport()
	r.KPIs[0].Status, r.KPIs[1].Status = "partial", "not-measured"
	r.Repository, r.Source = next(), next()
	r.PullRequest, r.Evidence, r.NotEnforced = ptr(12), "interval", ptr(next())
	r.Window.Since, r.Config.Path, r.Config.Ref, r.Config.Commit = next(), ptr(next()), ptr(next()), ptr(next())
	r.Exemptions = report.Exemptions{
		Labels: []string{next(), next()}, Branches: []string{next()}, Authors: []string{next()}, Paths: []string{next()},
		FixingBreachedClass: true,
	}
	r.Warnings = []string{"W" + next()}
	r.Published = []report.Published{
		{To: next(), State: "failed", URL: ptr(next()), Reason: ptr(next())},
		{To: next(), State: "created", URL: ptr("https://github.com/acme/shop/pull/12#" + next())},
		{To: next(), State: "updated", URL: ptr("https://github.com/acme/shop/issues/3")},
		{To: next(), State: "updated", URL: ptr("https://evil.example/" + next())},
	}
	for i := range r.Families {
		r.Families[i].Title, r.Families[i].Why = next(), next()
	}
	// One KPI keeps one ID: its definition is written once.
	ids := map[string]string{}
	for i := range r.KPIs {
		k := &r.KPIs[i]
		if ids[k.ID] == "" {
			ids[k.ID] = k.ID + next()
		}
		k.ID, k.Title, k.Plain, k.Repair, k.Definition = ids[k.ID], next(), next(), next(), next()
		k.Moves, k.BalancedBy, k.Currency, k.Filter = next(), []string{next(), k.ID}, ptr(next()), ptr(next())
		k.Reason, k.Notes, k.Statistic = ptr(next()), []string{next(), next()}, next()
		if k.Band != nil {
			k.Band.Name = ptr(next())
		}
	}
	for i := range r.Families {
		for j, id := range r.Families[i].Leading {
			r.Families[i].Leading[j] = ids[id]
		}
	}
	for i := range r.Benchmarks {
		b := &r.Benchmarks[i]
		b.Text, b.Title, b.Repair, b.Reason = next(), next(), next(), ptr(next())
		b.Filter, b.Currency, b.BalancedBy = ptr(next()), ptr(next()), []string{next(), next()}
		b.Because, b.Owner, b.LimitFrom = ptr(next()), ptr(next()), ptr(next())
		b.Interval = &report.Interval{Low: ptr(1.0), High: ptr(2.0)}
		switch i % 3 {
		case 0:
			b.Ramp = &report.Ramp{From: next(), Until: next(), Begun: i%2 == 0}
		case 1:
			b.Band = &report.Band{Edition: 2024, Name: ptr(next())}
		}
		b.KPI += next()
		b.Worst = nil
		for j := range 8 {
			item := report.Item{Kind: "issue", Number: ptr(j), URL: next(), Title: next(), Value: ptr(5.0), Running: true}
			switch j % 7 {
			case 1:
				item.URL = "https://github.com/acme/shop/issues/1?q=" + next()
			case 2:
				item.Kind, item.Number, item.Name = "tag", nil, ptr(next())
				item.URL = "https://evil.example/acme/shop/issues/1"
			case 3:
				item.Kind, item.Number, item.SHA = "commit", nil, ptr(next())
			case 4:
				item.Kind = "milestone"
			case 5:
				item.Kind, item.Number, item.ID = "job", nil, ptr(int64(j))
			case 6:
				item.Kind, item.Number, item.ID = "alert", nil, ptr(int64(j))
			}
			b.Worst = append(b.Worst, item)
		}
		b.Items = urls(b.Worst)
	}
	for i, outcome := range []string{"breached", "too-few", next(), "warned", "exempt", "exempt"} {
		r.Benchmarks[i%len(r.Benchmarks)].Outcome = outcome
	}
	r.Benchmarks[4].Would, r.Benchmarks[4].ExemptBy = ptr("breached"), ptr("pull-request")
	r.Benchmarks[5].Would, r.Benchmarks[5].ExemptBy = ptr(next()), ptr("date")
	r.Read.Gaps = []report.Gap{
		{Feed: next(), Reason: next(), Permission: next(), Advice: ptr(next())},
		{Feed: next(), Reason: next(), Permission: "issues: read"},
	}
	r.Read.Cache = &report.Cache{Known: 1, Aside: ptr(next())}
	return r
}

// exempted is the report of a pull request that is exempt from what is breached in r, unforced one on which nothing
// fails.
func exempted(r *report.Report) *report.Report {
	c := *r
	c.Verdict, c.Benchmarks = "warned", append([]report.Benchmark{}, r.Benchmarks...)
	for i := range c.Benchmarks {
		if b := &c.Benchmarks[i]; b.Outcome == "breached" {
			b.Outcome, b.Would, b.ExemptBy = "exempt", ptr("breached"), ptr("pull-request")
		}
	}
	return &c
}

func unforced(r *report.Report) *report.Report {
	c := *r
	c.Enforced = false
	return &c
}
