package render

import (
	"strings"

	"kpi-gate/internal/report"
)

// concerns are the benchmarks to look at although nothing fails for them: those that the pull request is exempt from,
// and those that warn.
func concerns(r *report.Report) []report.Benchmark {
	return append(excusedOf(r.Benchmarks), withOutcome(r.Benchmarks, "warned")...)
}

// excusedOf are the benchmarks that the pull request is exempt from.
func excusedOf(benchmarks []report.Benchmark) []report.Benchmark {
	var all []report.Benchmark
	for _, b := range benchmarks {
		if isExcused(b) {
			all = append(all, b)
		}
	}
	return all
}

// foremost are the benchmarks that the verdict is about: those that are breached, else those that the pull request is
// exempt from, else those that warn.
func foremost(r *report.Report) []report.Benchmark {
	if breached := withOutcome(r.Benchmarks, "breached"); len(breached) > 0 {
		return breached
	}
	if excused := excusedOf(r.Benchmarks); len(excused) > 0 {
		return excused
	}
	return withOutcome(r.Benchmarks, "warned")
}

// othersText is the heading over benchmarks without a section of their own, of which the first so many are breached:
// "3 more breaches", "2 more breaches, and 1 more benchmark to look at".
func othersText(breached int, rest []report.Benchmark) string {
	breached = max(breached, 0)
	var parts []string
	switch {
	case breached == 1:
		parts = append(parts, "1 more breach")
	case breached > 1:
		parts = append(parts, countText(breached)+" more breaches")
	}
	if others := len(rest) - breached; others > 0 {
		parts = append(parts, plural(others, "more benchmark")+" to look at")
	}
	return strings.Join(parts, ", and ")
}

// The labels of remarks that a reader of one line needs too.
const (
	whyLabel   = "Why this limit:"
	ownerLabel = "Owner:"
)

// remark is a sentence on a benchmark, with what it is about.
type remark struct{ label, text string }

// remarks are what there is to say of a benchmark beyond its figure.
func (x index) remarks(b report.Benchmark) []remark {
	var all []remark
	add := func(label, said string) {
		if said != "" {
			all = append(all, remark{label, said})
		}
	}
	if b.Outcome != "breached" {
		add("Why nothing fails:", stopped(capitalized(optionalText(b.Reason))))
	}
	add(whyLabel, stopped(capitalized(optionalText(b.Because))))
	add("What to do:", b.Repair)
	add("Keep an eye on:", x.balance(b))
	add(ownerLabel, optionalText(b.Owner))
	return all
}
