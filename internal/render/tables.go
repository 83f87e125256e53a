package render

import (
	"slices"
	"strings"

	"kpi-gate/internal/report"
)

// table writes a Markdown table. Cells must be one line each, as text and code make them.
func table(header []markup, alignment string, rows [][]markup) markup {
	var b strings.Builder
	row := func(cells []markup) {
		for _, cell := range cells {
			b.WriteString("| " + string(cell) + " ")
		}
		b.WriteString("|\n")
	}
	row(header)
	for _, a := range alignment {
		if a == 'r' {
			b.WriteString("| ---: ")
		} else {
			b.WriteString("| --- ")
		}
	}
	b.WriteString("|\n")
	for _, cells := range rows {
		row(cells)
	}
	return markup(b.String())
}

// benchmarksTable is the table of benchmarks, those that ask for action first.
func benchmarksTable(r *report.Report, x index, d detail) markup {
	if len(r.Benchmarks) == 0 {
		return ""
	}
	var rows [][]markup
	benchmarks := byUrgency(r.Benchmarks)
	for _, b := range benchmarks[:min(len(benchmarks), d.rows)] {
		s := statusOf(b.Outcome)
		now := unbroken(figures(b).optional(b.Value))
		word := text(s.word, titleLength)
		if b.Outcome == "breached" {
			now, word = "<strong>"+now+"</strong>", "<strong>"+word+"</strong>"
		}
		previous := markup("–")
		if b.Previous != nil {
			previous = unbroken(figures(b).text(*b.Previous) + " " + x.change(b))
		}
		rows = append(rows, []markup{
			markup(s.symbol) + "&nbsp;" + word,
			text(x.title(b.KPI, b.Title), titleLength) + "<br>" + code(b.Text, benchmarkLength),
			now,
			text(boundText(b), titleLength) + " " + unbroken(figures(b).text(b.Limit)),
			previous,
			markup(optionalCount(b.N)),
			text(advice(b), sentenceLength),
		})
	}
	header := []markup{"Status", "Figure and benchmark", "Now", "Limit", "Previous", "n", "Why, and what to do"}
	return "### Benchmarks\n\n" + table(header, "lllllrl", rows) + more(len(benchmarks)-len(rows), "benchmark") + "\n"
}

// more says under a table or a list how many did not fit.
func more(n int, noun string) markup {
	if n <= 0 {
		return ""
	}
	return "\n… and " + markup(plural(n, "more "+noun)) + " in report.json.\n"
}

// familyTables are the tables of figures, one per family.
func familyTables(r *report.Report, d detail) markup {
	if d.families == 0 || len(r.KPIs) == 0 {
		return ""
	}
	var b strings.Builder
	for _, f := range r.Families[:min(len(r.Families), d.families)] {
		var kpis []report.KPI
		for _, k := range r.KPIs {
			if k.Family == f.ID {
				kpis = append(kpis, k)
			}
		}
		if len(kpis) > 0 {
			b.WriteString(string("#### " + text(f.Title, titleLength) + "\n\n" + familyTable(kpis, d) + "\n"))
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return "### All figures\n\n" +
		"In small type: the 95 % interval, within which chance alone could put the figure. ▲ ▼: up or down since the " +
		"window before; <em>better</em> or <em>worse</em> is said where that is more than chance. n: how many the figure is " +
		"drawn from. 12 weeks: oldest first, each bar from zero; a dot is a week without a figure.\n\n" + markup(b.String())
}

// familyTable is the table of one family, with its notes below.
func familyTable(kpis []report.KPI, d detail) markup {
	header, alignment := []markup{"Figure", "Now", "p90", "Previous", "12 weeks", "n", "Status"}, "lllllrl"
	withP90 := slices.ContainsFunc(kpis, func(k report.KPI) bool { return k.Kind == "duration" })
	if !withP90 {
		header, alignment = slices.Delete(header, 2, 3), "llllrl"
	}
	var rows [][]markup
	var notes footnotes
	for _, k := range kpis[:min(len(kpis), d.rows)] {
		row := []markup{
			text(k.Title, titleLength) + notes.marks(k.Notes), figureCell(k), p90Cell(k), previousCell(k),
			markup(sparkline(k.Trend)), countCell(k), statusCell(k),
		}
		if !withP90 {
			row = slices.Delete(row, 2, 3)
		}
		rows = append(rows, row)
	}
	return table(header, alignment, rows) + more(len(kpis)-len(rows), "figure") + notes.below()
}

// kpiScale is the scale of a KPI's figures: one for both windows, so that they can be compared.
func kpiScale(k report.KPI) scale {
	m := measureOf(k.Kind, k.Unit, k.Statistic)
	if k.Previous == nil {
		return scaleOf(m, k.Value)
	}
	return scaleOf(m, k.Value, k.Previous.Value)
}

// shown tells whether a KPI has a figure to show. One that is not measured has none, whatever value came with it.
func shown(k report.KPI) bool { return k.Value != nil && k.Status != "not-measured" }

// figureText is a KPI's figure; its statistic is named where it is not the median or the value itself.
func figureText(k report.KPI) string {
	if !shown(k) {
		return "not measured"
	}
	figure := kpiScale(k).text(*k.Value)
	switch k.Statistic {
	case "p50", "value", "":
		return figure
	default:
		return figure + " (" + k.Statistic + ")"
	}
}

func figureCell(k report.KPI) markup {
	cell := unbroken(figureText(k))
	if interval := intervalText(k); interval != "" {
		low, high, two := strings.Cut(interval, " to ")
		cell += "<br><sub>" + unbroken(low)
		if two {
			cell += " to " + unbroken(high)
		}
		cell += "</sub>"
	}
	return cell
}

// intervalText is the interval of a KPI's figure, empty without one. A side that is open is said in words.
func intervalText(k report.KPI) string {
	if !shown(k) || k.Interval == nil {
		return ""
	}
	s := kpiScale(k)
	switch low, high := k.Interval.Low, k.Interval.High; {
	case low != nil && high != nil:
		return s.text(*low) + " to " + s.text(*high)
	case low != nil:
		return s.text(*low) + " or more"
	case high != nil:
		return s.text(*high) + " or less"
	default:
		return "too few for an interval"
	}
}

// p90Text is the 90th percentile of a duration, a dash for other kinds.
func p90Text(k report.KPI) string {
	if v := k.Statistics["p90"]; k.Kind == "duration" && shown(k) && v != nil {
		return scale{measure: measureOf(k.Kind, k.Unit, "p90")}.text(*v)
	}
	return "–"
}

func p90Cell(k report.KPI) markup { return unbroken(p90Text(k)) }

// previousText is the figure of the window before.
func previousText(k report.KPI) string {
	if k.Previous == nil || k.Previous.Value == nil {
		return "not measured"
	}
	return kpiScale(k).text(*k.Previous.Value)
}

// changeText says how the figure moved since the window before; empty where that cannot be said.
func changeText(k report.KPI) string {
	if k.Previous == nil || !shown(k) {
		return ""
	}
	return change(k.Previous.Value, k.Value, k.Better, k.Previous.Significant)
}

func previousCell(k report.KPI) markup {
	return unbroken(previousText(k) + " " + changeText(k))
}

// runningText says how many items behind a KPI have not finished; empty for none.
func runningText(k report.KPI) string {
	if k.Running == nil || *k.Running == 0 {
		return ""
	}
	return "+ " + countText(*k.Running) + " " + strings.TrimPrefix(unfinished(k.ID), "still ")
}

func countCell(k report.KPI) markup {
	cell := markup(optionalCount(k.N))
	if running := runningText(k); running != "" {
		cell += "<br><sub>" + markup(running) + "</sub>"
	}
	return cell
}

// statusText says whether a KPI was measured, and if not whole, why.
func statusText(k report.KPI) string {
	reason := ""
	if k.Reason != nil {
		reason = clean(*k.Reason)
	}
	words := strings.ReplaceAll(clean(k.Status), "-", " ")
	if k.Status == "measured" || reason == "" {
		return words
	}
	return words + ": " + reason
}

func statusCell(k report.KPI) markup {
	cell := text(statusText(k), sentenceLength)
	switch k.Status {
	case "partial":
		return "⚠️ " + cell
	case "not-measured":
		return "⚪ " + cell
	default:
		return cell
	}
}

// footnotes numbers the notes of a table, the same text once.
type footnotes []string

// marks are the marks for a row with these notes.
func (f *footnotes) marks(notes []string) markup {
	var marks markup
	for _, note := range notes {
		note = short(note, sentenceLength)
		at := slices.Index(*f, note)
		if at < 0 {
			at = len(*f)
			*f = append(*f, note)
		}
		if marks != "" {
			marks += ", "
		}
		marks += markup(countText(at + 1))
	}
	if marks == "" {
		return ""
	}
	return "&nbsp;<sup>" + marks + "</sup>"
}

// below are the notes, one per line.
func (f footnotes) below() markup {
	var b strings.Builder
	for i, note := range f {
		if i == 0 {
			b.WriteByte('\n')
		} else {
			b.WriteString("<br>\n")
		}
		b.WriteString("<sup>" + countText(i+1) + "</sup> " + string(text(note, sentenceLength)))
	}
	if len(f) > 0 {
		b.WriteByte('\n')
	}
	return markup(b.String())
}
