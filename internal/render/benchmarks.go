package render

import (
	"strings"

	"kpi-gate/internal/report"
)

// benchmarksTable is the table of benchmarks, those that ask for action first.
func benchmarksTable(r *report.Report, x index, d detail) markup {
	if len(r.Benchmarks) == 0 {
		return ""
	}
	var rows [][]markup
	var notes footnotes
	benchmarks := byUrgency(r.Benchmarks)
	for _, b := range benchmarks[:min(len(benchmarks), d.rows)] {
		s := statusOf(b.Outcome)
		now := unbroken(valueText(b))
		word := text(s.word, titleLength)
		if b.Outcome == "breached" {
			now, word = "<strong>"+now+"</strong>", "<strong>"+word+"</strong>"
		}
		previous := markup("–")
		if b.Previous != nil {
			arrow, judgement, judged := strings.Cut(x.change(b), " ")
			previous = unbroken(strings.TrimSpace(figures(b).text(*b.Previous) + " " + arrow))
			if judged {
				previous += " " + text(judgement, titleLength)
			}
		}
		rows = append(rows, []markup{
			markup(s.symbol) + "&nbsp;" + word,
			benchmarkCell(b, x, &notes),
			now,
			text(boundText(b), titleLength) + " " + unbroken(figures(b).optional(b.Limit)),
			previous,
			markup(optionalCount(b.N)),
		})
	}
	header := []markup{"Status", "Figure and benchmark", "Now", "Limit", "Previous", "n"}
	return "### Benchmarks\n\n" + table(header, "lllllr", rows) + more(len(benchmarks)-len(rows), "benchmark") +
		notes.below() + "\n"
}

// benchmarkCell names a benchmark, and says why it came to its outcome and what to do.
func benchmarkCell(b report.Benchmark, x index, notes *footnotes) markup {
	cell := text(x.title(b.KPI, b.Title), titleLength) + notes.marks(benchmarkNotes(b)...) + "<br>" +
		code(b.Text, benchmarkLength)
	why := advice(b)
	if b.Outcome == "not-measured" {
		why = pointing(why, x.row(b))
	}
	if why != "" {
		cell += "<br>" + text(capitalized(stopped(why)), sentenceLength)
	}
	return cell
}

// benchmarkNotes are what must be known about a benchmark's figures.
func benchmarkNotes(b report.Benchmark) []string {
	if b.BusinessDay == nil {
		return nil
	}
	return []string{workdayText(*b.BusinessDay)}
}
