package render

import (
	"strings"

	"kpi-gate/internal/report"
)

// definitions say in plain words, and then exactly, what each figure of the tables is, folded away.
func definitions(r *report.Report, x index, d detail) markup {
	if !d.definitions {
		return ""
	}
	var s strings.Builder
	said := map[string]bool{}
	for _, f := range shownFamilies(r) {
		for _, k := range f.all {
			if !said[k.ID] {
				said[k.ID] = true
				s.WriteString(string(definition(x.kpis[k.ID], x)))
			}
		}
	}
	if s.Len() == 0 {
		return ""
	}
	return "<details>\n<summary>What the figures mean</summary>\n\n" + markup(s.String()) + "\n</details>\n"
}

// definition is what a KPI means, which way is better, what moves it, what to look at beside it, and its exact
// definition.
func definition(k report.KPI, x index) markup {
	exact, _, _ := strings.Cut(strings.TrimSpace(k.Definition), "\n")
	lines := []string{
		strings.TrimSpace(clean(k.Plain) + " " + betterText(k)),
		stopped(labelled("What usually moves it: ", clean(k.Moves))),
		stopped(labelled("Look at it together with ", x.titles(k.BalancedBy))),
	}
	said := "- <strong>" + text(x.title(k.ID, k.Title), titleLength) + "</strong> " + code(k.ID, benchmarkLength)
	for _, line := range lines {
		if line != "" {
			said += "<br>" + text(line, sentenceLength)
		}
	}
	if exact != "" {
		said += "<br><sub>" + text(exact, sentenceLength) + "</sub>"
	}
	return said + "\n"
}

// betterText says which way a figure is better.
func betterText(k report.KPI) string {
	switch k.Better {
	case "lower":
		return "Lower is better."
	case "higher":
		return "Higher is better."
	default:
		return ""
	}
}

// labelled is text with a label before it; empty text has none.
func labelled(label, s string) string {
	if s == "" {
		return ""
	}
	return label + s
}
