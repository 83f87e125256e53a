package suggest

import (
	"slices"
	"time"

	"kpi-gate/internal/kpi"
)

// within is the name of the statistic that takes a length of time.
const within = "within"

// chosen are the KPIs that a suggestion looks at where no others are asked for: DORA's five, the flow of pull requests,
// the health of CI, and the way of a bug from its report to its fix in production.
var chosen = []string{
	"deployment-frequency", "lead-time-for-changes", "change-failure-rate", "failed-deployment-recovery-time",
	"deployment-rework-rate",
	"pull-request-cycle-time", "pickup-time", "review-time", "review-coverage",
	"ci-success-rate", "ci-flake-rate", "ci-duration", "ci-recovery-time",
	"bug-time-to-acknowledge", "bug-time-to-resolve", "bug-time-to-ship", "bug-reopen-rate",
}

// tails are the statistics of durations of which the slow ones are what hurts, where that is not the KPI's default.
var tails = map[string]string{
	"pull-request-cycle-time": "p75", "pickup-time": "p75", "review-time": "p75", "ci-duration": "p95",
	"bug-time-to-ship": "p75", "ci-queue-time": "p95", "pull-request-size": "p75",
}

// counted are the measures of issue classes that are judged by how many are done in time: unlike a percentile of what is
// done, that counts what is still open too late, so that nobody gains from leaving the old ones alone.
var counted = []string{"-time-to-acknowledge", "-time-to-resolve"}

// Definitions are the KPIs that a suggestion looks at, in the order of the catalogue: the chosen ones, those asked for,
// and those that suffer first where one of them is improved at any price.
func Definitions(catalogue *kpi.Catalogue, asked []*kpi.Definition) []*kpi.Definition {
	wanted := map[string]bool{}
	for _, id := range chosen {
		wanted[id] = true
	}
	for _, d := range asked {
		wanted[d.ID] = true
	}
	var balancing []string
	for id := range wanted {
		if d := catalogue.Find(id); d != nil {
			balancing = append(balancing, d.BalancedBy...)
		}
	}
	for _, id := range balancing {
		wanted[id] = true
	}
	var all []*kpi.Definition
	for _, d := range catalogue.All() {
		if wanted[d.ID] {
			all = append(all, d)
		}
	}
	return all
}

// statistic is the one that the benchmark of a KPI is on, or why there is none: for what is counted within a length of
// time, that is the one within which three quarters were done in the middle one of the windows.
func statistic(d *kpi.Definition, results []kpi.Result, minSamples int) (of kpi.Statistic, reason string) {
	day := results[len(results)-1].Day
	isCounted := slices.ContainsFunc(counted, func(measure string) bool {
		return d.ID == string(d.Family)+measure
	})
	switch {
	case tails[d.ID] != "":
		return kpi.Statistic{Name: tails[d.ID], Day: day}, ""
	case !isCounted:
		of = d.Default()
		of.Day = day
		return of, ""
	}
	quarters := points(results, kpi.Statistic{Name: "p75"}, minSamples)
	if reason := enough(quarters); reason != "" {
		return of, reason
	}
	seconds, ok := lengths(day.Seconds()).outward(met(judged(quarters), kpi.Lower, 1, 2), kpi.Lower)
	if !ok {
		return of, "it takes longer than anybody would write down"
	}
	return kpi.Statistic{Name: within, Within: time.Duration(seconds) * time.Second, Day: day}, ""
}

// direction is the way that is better for a statistic of a KPI: more done in time is better, where shorter is.
func direction(d *kpi.Definition, of kpi.Statistic) kpi.Direction {
	switch {
	case of.Name != within:
		return d.Better
	case d.Better == kpi.Lower:
		return kpi.Higher
	default:
		return kpi.Lower
	}
}
