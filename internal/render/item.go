package render

import (
	"strconv"
	"strings"

	"kpi-gate/internal/report"
)

// nouns are what items are called, by their kind.
var nouns = map[string]string{
	"pull-request": "pull request",
	"issue":        "issue",
	"milestone":    "milestone",
	"deployment":   "deployment",
	"run":          "workflow run",
	"job":          "job",
	"alert":        "alert",
	"commit":       "commit",
	"release":      "release",
	"tag":          "tag",
}

// nounOf is what the items have in common: pull requests and commits together are changes. It is "item" where the lists
// are empty or of several kinds.
func nounOf(lists ...[]report.Item) string {
	kinds := map[string]bool{}
	for _, items := range lists {
		for _, item := range items {
			kinds[item.Kind] = true
		}
	}
	if len(kinds) == 2 && kinds["pull-request"] && kinds["commit"] {
		return "change"
	}
	for kind := range kinds {
		if noun, ok := nouns[kind]; ok && len(kinds) == 1 {
			return noun
		}
	}
	return "item"
}

// itemName names an item as people on GitHub do, with its title. Milestones and jobs go by their titles alone, where
// they have one: nobody knows their numbers. It is not escaped.
func itemName(item report.Item) string {
	var name string
	title := clean(item.Title)
	switch {
	case title != "" && (item.Kind == "milestone" || item.Kind == "job"):
		name = item.Kind
	case item.Number != nil && item.Kind == "milestone":
		name = "milestone " + strconv.Itoa(*item.Number)
	case item.Number != nil:
		name = "#" + strconv.Itoa(*item.Number)
	case item.ID != nil:
		name = nounOf([]report.Item{item}) + " " + strconv.FormatInt(*item.ID, 10)
	case item.SHA != nil:
		sha := []rune(clean(*item.SHA))
		name = string(sha[:min(len(sha), 7)])
	case item.Name != nil:
		name = clean(*item.Name)
	}
	if title != "" && title != name {
		name = strings.TrimSpace(name + " " + title)
	}
	if name == "" {
		return nounOf([]report.Item{item})
	}
	return name
}

// itemValue says how long an item took or how large it is, and for one that still runs what it waits for; empty where
// an item has no such value.
func itemValue(b report.Benchmark, item report.Item) string {
	m := measureOf(b.Kind, b.Unit, "")
	if strings.HasPrefix(b.Statistic, "within(") {
		m = duration // A share of lengths: what it counts are lengths still.
	}
	if item.Value == nil || m == share || m == rate {
		return ""
	}
	value := scale{measure: m}.in(b.BusinessDay, b.Currency).text(*item.Value)
	if item.Running {
		value += ", " + unfinished(b.KPI)
	}
	return value
}

// itemValue is itemValue without the age of what is not finished, where that is left out.
func (x index) itemValue(b report.Benchmark, item report.Item) string {
	value := itemValue(b, item)
	if x.posted && item.Running && value != "" {
		return unfinished(b.KPI)
	}
	return value
}

// unfinished says what a running item of a KPI has not come to. Most are open issues, pull requests or alerts; the
// others may be closed or merged long since.
func unfinished(kpi string) string {
	switch {
	case strings.HasSuffix(kpi, "-time-to-acknowledge"):
		return "still not acknowledged"
	case strings.HasSuffix(kpi, "-time-to-address"):
		return "still not addressed"
	case strings.HasSuffix(kpi, "-time-to-ship"), kpi == "lead-time-for-changes", kpi == "deploy-time":
		return "still not shipped"
	case kpi == "failed-deployment-recovery-time":
		return "still not recovered"
	case kpi == "coding-time":
		return "still in draft"
	case kpi == "pickup-time", kpi == "ci-queue-time":
		return "still waiting"
	case kpi == "review-time":
		return "still in review"
	case kpi == "ci-recovery-time":
		return "still red"
	default:
		return "still open"
	}
}
