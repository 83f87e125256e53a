package render

import "kpi-gate/internal/report"

// policyReport is asked about a pull request under a policy with everything: limits that move, follow from the window
// before or are named by a band, reasons, owners, warnings, exemptions, and what was told elsewhere.
func policyReport() *report.Report {
	r := redReport()
	r.PullRequest, r.Evidence = ptr(12), "interval"
	r.Exemptions = report.Exemptions{
		Labels: []string{"hotfix", "revert/*"}, Branches: []string{"revert-*"}, FixingBreachedClass: true,
	}
	r.Config.Commit = ptr("0123456789abcdef0123456789abcdef01234567")
	r.Warnings = []string{"the benchmark bug-backlog <= 900 is not in force after 2026-03-31: take it out, or move its end"}
	r.Published = []report.Published{
		{
			To: "comment", State: "failed",
			Reason: ptr("the token may not write: grant the job the permission pull-requests: write"),
		},
		{To: "check-run", State: "created", URL: ptr("https://github.com/acme/shop/runs/77")},
		{To: "issue", State: "not-needed", Reason: ptr("the run has a pull request")},
		{To: "status", State: "updated"},
	}
	// 6 d and a tenth of it are 6.6 d, 6 d 14 h.
	bug := &r.Benchmarks[1]
	bug.Text, bug.Limit, bug.Relative = "bug-time-to-resolve.p50 <= previous + 10%", ptr(6.6*day), ptr(0.1)
	bug.LimitFrom, bug.Because, bug.Owner = ptr("previous + 10%"), ptr("customers wait for these"), ptr("@acme/platform")
	bug.Interval = &report.Interval{Low: ptr(9 * day), High: ptr(16.5 * day)}
	frequency := &r.Benchmarks[3]
	frequency.Text, frequency.LimitFrom = "deployment-frequency at least high (dora-2024)", ptr("high (dora-2024)")
	frequency.Band = &report.Band{Edition: 2024, Name: ptr("high")}
	frequency.Interval = &report.Interval{Low: ptr(0.0734), High: ptr(0.4353)}
	lead := &r.Benchmarks[0]
	lead.Text = "lead-time-for-changes.p50 <= 3d (2026-01-01) to 1d (2026-06-30)"
	lead.LimitFrom, lead.Outcome = ptr("3d (2026-01-01) to 1d (2026-06-30)"), "warned"
	lead.Reason = ptr("the 95 % interval, 21 h 36 min to 2 d 5 h, has the limit in it: this may be chance")
	// 150 of 180 days are gone by 31 May: 3 d − 2 d × 150 / 180 = 1 d 8 h.
	lead.Limit, lead.Ramp = ptr(day+8*3600), &report.Ramp{From: "2026-01-01", Until: "2026-06-30", End: day, Begun: true}
	lead.Interval = &report.Interval{Low: ptr(0.9 * day), High: ptr(2.2 * day)}
	late := benchmarkOf(bugBacklog(), "bug-backlog <= 900", "<=", 900, "exempt", nil)
	late.Would, late.ExemptBy = ptr("breached"), ptr("date")
	late.Reason = ptr("it was in force until 2026-03-31")
	soft := benchmarkOf(reviewCoverage(), "review-coverage >= 90%", ">=", 0.9, "warned", nil)
	soft.Then, soft.Reason = "warn", ptr("a breach of this benchmark only warns")
	r.Benchmarks = append(r.Benchmarks, late, soft)
	return r
}

// exemptReport is that of a pull request which may merge although two benchmarks are breached.
func exemptReport() *report.Report {
	r := policyReport()
	r.Verdict, r.Evidence = "warned", "point"
	for i := range r.Benchmarks {
		if b := &r.Benchmarks[i]; b.Outcome == "breached" {
			b.Outcome, b.Would, b.ExemptBy = "exempt", ptr("breached"), ptr("pull-request")
			b.Reason = ptr(`pull request #12 has the label "hotfix" (exempt: labels)`)
		}
	}
	return r
}

// unenforcedReport is red where nothing is enforced.
func unenforcedReport() *report.Report {
	r := redReport()
	r.Enforced, r.NotEnforced = false, ptr("enforce is false")
	return r
}
