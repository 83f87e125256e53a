package report

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kpi-gate/internal/kpi"
)

// familyTitles are the headings of the families that every repository has.
var familyTitles = map[kpi.Family]string{
	kpi.Delivery:             "Delivery",
	kpi.PullRequests:         "Pull requests",
	kpi.Planning:             "Planning",
	kpi.Family(kpi.Bug):      "Bugs",
	kpi.Family(kpi.Incident): "Incidents",
	kpi.Family(kpi.Support):  "Support",
	kpi.Family(kpi.Security): "Security",
	kpi.CI:                   "Continuous integration",
	kpi.Alerts:               "Security alerts",
}

// FamilyTitle is the heading of a family. That of an issue class of the user's own is its name in words:
// customer-escalation is "Customer escalation".
func FamilyTitle(f kpi.Family) string {
	if title, ok := familyTitles[f]; ok {
		return title
	}
	words := strings.ReplaceAll(string(f), "-", " ")
	first, size := utf8.DecodeRuneInString(words)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + words[size:]
}

// isClass reports whether a family is an issue class.
func isClass(f kpi.Family) bool {
	switch f {
	case kpi.Delivery, kpi.PullRequests, kpi.Planning, kpi.CI, kpi.Alerts:
		return false
	default:
		return true
	}
}

// inSight reports whether a family's figures are never folded away.
func inSight(f kpi.Family) bool {
	switch f {
	case kpi.Delivery, kpi.PullRequests, kpi.Bug, kpi.CI:
		return true
	default:
		return false
	}
}

// leading are the KPIs that stand for a family that is folded away.
func leading(f kpi.Family) []string {
	switch f {
	case kpi.Planning:
		return []string{"task-completion-rate", "milestones-on-time", "milestone-completion-rate"}
	case kpi.Incident:
		return []string{"availability", "incident-reported", "mean-time-to-resolution"}
	case kpi.Alerts:
		return []string{"open-vulnerabilities", "open-code-scanning-alerts"}
	default:
		return []string{string(f) + "-backlog", string(f) + "-reported", string(f) + "-time-to-resolve"}
	}
}

// arranged puts the figures of a family together, and behind each KPI's figure over all items those over some.
func arranged(figures []kpi.Figures) []kpi.Figures {
	families, ids := map[kpi.Family]int{}, map[string]int{}
	for i, f := range figures {
		if _, seen := families[f.Family]; !seen {
			families[f.Family] = i
		}
		if _, seen := ids[f.ID]; !seen {
			ids[f.ID] = i
		}
	}
	sorted := slices.Clone(figures)
	slices.SortStableFunc(sorted, func(a, b kpi.Figures) int {
		return cmp.Or(
			cmp.Compare(families[a.Family], families[b.Family]),
			cmp.Compare(ids[a.ID], ids[b.ID]),
			cmp.Compare(min(len(a.Filter), 1), min(len(b.Filter), 1)),
		)
	})
	return sorted
}

// family is the heading over some rows; judged are the selections that have a benchmark.
func family(id kpi.Family, rows []KPI, judged map[string]bool) Family {
	f := Family{ID: string(id), Title: FamilyTitle(id), Empty: true, Folded: !inSight(id)}
	for _, k := range rows {
		f.Empty = f.Empty && k.idle() && !judged[k.Selection()]
		f.Folded = f.Folded && k.Signal == nil && !judged[k.Selection()]
	}
	switch {
	case f.Empty:
		f.Folded, f.Why = false, emptyBecause(id, rows)
	case f.Folded:
		f.Leading = leading(id)
	}
	return f
}

// emptyBecause says why there is nothing to see in a family. Where facts are missing everywhere, one reason may be part
// of another, which lacks more of them; the shorter then stands for both. Of more than two reasons none is told.
func emptyBecause(id kpi.Family, rows []KPI) string {
	var reasons []string
	for _, k := range rows {
		switch {
		case k.Missing && k.Reason != nil:
			reasons = append(reasons, *k.Reason)
		case isClass(id):
			return "no such issue was seen"
		default:
			return ""
		}
	}
	var least []string
	for _, reason := range reasons {
		longer := func(other string) bool { return other != reason && strings.Contains(reason, other) }
		if !slices.Contains(least, reason) && !slices.ContainsFunc(reasons, longer) {
			least = append(least, reason)
		}
	}
	if len(least) > 2 {
		return ""
	}
	return strings.Join(least, "; ")
}

// idle reports whether nothing was counted in any window: there is no figure, or it is 0 and drawn from nothing.
func (k KPI) idle() bool {
	zero := func(n *int, value *float64) bool { return (n == nil || *n == 0) && (value == nil || *value == 0) }
	return len(k.Items) == 0 && zero(k.N, k.Value) && (k.Previous == nil || zero(k.Previous.N, k.Previous.Value)) &&
		!slices.ContainsFunc(k.Trend, func(p Point) bool { return !zero(p.N, p.Value) })
}

// blank reports whether there is no figure in any window.
func (k KPI) blank() bool {
	for _, v := range k.Statistics {
		if v != nil {
			return false
		}
	}
	return len(k.Items) == 0 && k.Value == nil && (k.Previous == nil || k.Previous.Value == nil) &&
		!slices.ContainsFunc(k.Trend, func(p Point) bool { return p.Value != nil })
}
