package render

import (
	"regexp"
	"slices"
	"strings"

	"kpi-gate/internal/report"
)

// familyTables are the tables of figures, one per family in which there is something to see: those that are folded away
// below the others.
func familyTables(r *report.Report, d detail) markup {
	if d.families == 0 || len(r.KPIs) == 0 {
		return ""
	}
	var b strings.Builder
	var rows []report.KPI
	families := shownFamilies(r)
	slices.SortStableFunc(families, func(a, b shownFamily) int {
		switch {
		case a.folded == b.folded:
			return 0
		case a.folded:
			return 1
		default:
			return -1
		}
	})
	for _, f := range families[:min(len(families), d.families)] {
		b.WriteString(string(familySection(f, d)))
		rows = append(rows, f.rows...)
	}
	if empty := emptyFamilies(r); len(empty) > 0 {
		b.WriteString(string("<strong>Nothing to show for:</strong> " + text(empty.text(), messageLength) + "\n\n"))
	}
	if b.Len() == 0 {
		return ""
	}
	return "### All figures\n\n" + legend(rows) + markup(b.String())
}

// familySection is a family's table below its heading, or folded away behind its leading figures.
func familySection(f shownFamily, d detail) markup {
	title := text(f.title, titleLength)
	if !f.folded {
		return "#### " + title + "\n\n" + familyTable(f, d) + "\n"
	}
	summary := "<strong>" + title + "</strong>"
	for _, figure := range f.leading {
		summary += " · " + text(figure, titleLength)
	}
	return "<details>\n<summary>" + summary + "</summary>\n\n" + familyTable(f, d) + "\n</details>\n\n"
}

// legend explains what the tables of these rows have.
func legend(rows []report.KPI) markup {
	if len(rows) == 0 {
		return ""
	}
	has := func(said func(report.KPI) string) bool {
		return slices.ContainsFunc(rows, func(k report.KPI) bool { return said(k) != "" })
	}
	now := markup("<strong>Now</strong>: in small type the 95 % interval, within which chance alone could put the figure.")
	if has(p90Text) {
		now += " <strong>p90</strong>: nine in ten took this long or less."
	}
	if has(withOpenText) {
		now += " <strong>With open</strong>: half of all items, those still open included, are done within this time; " +
			"&#62;: it is longer, and too many are open to say more."
	}
	trend := markup("<strong>12 weeks</strong>: oldest first, each bar from zero; a dot is a week without a figure.")
	if has(signalText) {
		trend += " " + signalLegend
	}
	lines := []markup{
		now,
		"<strong>Previous</strong>: the window before; ▲ ▼ up or down since then, <em>better</em> or <em>worse</em> where " +
			"that is more than chance.",
		trend,
		"<strong>n</strong>: how many the figure is drawn from, + how many more have not come to it yet.",
	}
	if has(bandText) {
		lines = append(lines, bandLegend)
	}
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(string("- " + line + "\n"))
	}
	return markup(b.String() + "\n")
}

// What readers must know who see a band or a signal.
const (
	bandLegend   = "DORA bands are the groups of that year's report; the 2025 report has none, and they are not a goal."
	signalLegend = "⚠ is set by an XmR chart, which learns from the weeks before how much a figure moves anyway: the " +
		"last week lies outside of that, or eight weeks in a row lie on one side of the middle."
)

// familyTable is the table of one family, with its notes and what has no row below. The columns that only some kinds of
// figures have are left out where no row has them.
func familyTable(f shownFamily, d detail) markup {
	listed := f.rows[:min(len(f.rows), d.rows)]
	has := func(said func(report.KPI) string) bool {
		return slices.ContainsFunc(listed, func(k report.KPI) bool { return said(k) != "" })
	}
	header, alignment := []markup{"Figure", "Now"}, "ll"
	if has(p90Text) {
		header, alignment = append(header, "p90"), alignment+"l"
	}
	if has(withOpenText) {
		header, alignment = append(header, "With open"), alignment+"l"
	}
	header, alignment = append(header, "Previous", "12 weeks", "n"), alignment+"llr"
	var rows [][]markup
	var notes footnotes
	for _, k := range listed {
		row := []markup{text(k.Title, titleLength) + notes.marks(rowNotes(k)...), figureCell(k, &notes)}
		if has(p90Text) {
			row = append(row, lengthCell(p90Text(k)))
		}
		if has(withOpenText) {
			row = append(row, lengthCell(withOpenText(k)))
		}
		rows = append(rows, append(row, unbroken(previousText(k)), trendCell(k), countCell(k)))
	}
	var below markup
	if len(rows) > 0 {
		below = table(header, alignment, rows) + more(len(f.rows)-len(rows), "figure") + notes.below()
	}
	if len(f.empty) > 0 {
		below += "\n<strong>Not measured:</strong> " + text(f.empty.text(), messageLength) + "\n"
	}
	return below
}

// betweenUnits are the blanks in a length between one part of it and the next.
var betweenUnits = regexp.MustCompile(`(d|h|min)&nbsp;([0-9])`)

// lengthCell is a length that breaks only between its parts, a dash for none.
func lengthCell(s string) markup {
	if s == "" {
		return "–"
	}
	return markup(betweenUnits.ReplaceAllString(string(unbroken(s)), "$1 $2"))
}

// figureCell is a KPI's figure with its interval, its band, and a mark where it was not measured whole.
func figureCell(k report.KPI, notes *footnotes) markup {
	reason := notes.marks(stopped(capitalized(reasonText(k))))
	cell := unbroken(figureText(k))
	if !shown(k) {
		return cell + reason
	}
	if interval := intervalText(k); interval != "" {
		cell += "<br><sub>" + intervalCell(interval) + "</sub>"
	}
	if band := bandText(k); band != "" {
		cell += "<br><sub>" + unbroken(band) + "</sub>"
	}
	if k.Status != "measured" {
		cell += "<br>⚠️&nbsp;" + text(strings.ReplaceAll(clean(k.Status), "-", " "), titleLength) + reason
	}
	return cell
}

// intervalCell is an interval that breaks only before its word "to".
func intervalCell(interval string) markup {
	low, high, two := strings.Cut(interval, " to ")
	if !two {
		return text(interval, titleLength)
	}
	return unbroken(low) + " to&nbsp;" + unbroken(high)
}

// trendCell is the trend, and below it what is unusual about its end.
func trendCell(k report.KPI) markup {
	cell := markup(sparkline(k.Trend))
	if signal := signalText(k); signal != "" {
		cell += "<br><sub>" + text(signal, titleLength) + "</sub>"
	}
	return cell
}

// countCell is how many items a figure is drawn from, and how many have not finished.
func countCell(k report.KPI) markup {
	cell := optionalCount(k.N)
	if k.Running != nil && *k.Running > 0 {
		cell += " + " + countText(*k.Running)
	}
	return unbroken(cell)
}
