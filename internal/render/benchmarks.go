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
		s := statusOf(b)
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
		status := markup(s.symbol) + "&nbsp;" + word
		if would := wouldText(b); would != "" {
			status += "<br><sub>" + text(would, titleLength) + "</sub>"
		}
		if interval := x.intervalText(b); interval != "" {
			now += "<br><sub>" + intervalCell(interval) + "</sub>"
		}
		rows = append(rows, []markup{
			status,
			benchmarkCell(b, x, &notes),
			now,
			limitCell(b),
			previous,
			markup(optionalCount(b.N)),
		})
	}
	var below markup
	if x.interval {
		below = "\n" + intervalLegend + "\n"
	}
	header := []markup{"Status", "Figure and benchmark", "Now", "Limit", "Previous", "n"}
	return "### Benchmarks\n\n" + table(header, "lllllr", rows) + more(len(benchmarks)-len(rows), "benchmark") +
		notes.below() + below + "\n"
}

// onlyWarns says what a breach of a benchmark does that does not fail.
const onlyWarns = "A breach of it only warns."

// intervalLegend explains the intervals of a report whose breaches take the whole of one.
const intervalLegend = "In small type below a figure: its 95 % interval, within which chance alone could put it. " +
	"A benchmark is breached where the whole interval is beyond the limit, and warns where a part of it is."

// limitCell is a limit, and below it where it comes from.
func limitCell(b report.Benchmark) markup {
	from := limitFrom(b)
	if b.Limit == nil && from != "" {
		return text(limit(b), titleLength)
	}
	cell := text(boundText(b), titleLength) + " " + unbroken(figures(b).optional(b.Limit))
	if from != "" {
		cell += "<br><sub>" + text(from, titleLength) + "</sub>"
	}
	return cell
}

// wouldText says what an exempt benchmark would come to; empty for any other.
func wouldText(b report.Benchmark) string {
	if b.Outcome != "exempt" || b.Would == nil {
		return ""
	}
	return "would be " + statusOf(report.Benchmark{Outcome: *b.Would}).word
}

// benchmarkCell names a benchmark, and says why it came to its outcome and what to do.
func benchmarkCell(b report.Benchmark, x index, notes *footnotes) markup {
	cell := text(x.title(b.KPI, b.Title), titleLength) + notes.marks(benchmarkNotes(b)...) + "<br>" +
		code(b.Text, benchmarkLength)
	if b.Then == "warn" && b.Outcome != "warned" {
		cell += "<br>" + text(onlyWarns, titleLength)
	}
	why := advice(b)
	if b.Outcome == "not-measured" {
		why = pointing(why, x.row(b), x.readPlace())
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
