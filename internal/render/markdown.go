package render

import (
	"io"
	"strings"

	"kpi-gate/internal/report"
)

// maxBreaches is how many benchmarks have a section of their own; the others are listed.
const maxBreaches = 10

// Markdown writes the job summary in GitHub's Markdown: the verdict, the benchmarks, what to do about each breach, all
// figures, what was read, what whoever keeps the gate must know, and the definitions. It takes at most SummaryLimit
// bytes, and says what it left out for that.
func Markdown(w io.Writer, r *report.Report) error {
	_, err := io.WriteString(w, string(fit(SummaryLimit, details, func(d detail) markup { return summary(r, d) })))
	return err
}

// summary is the summary with so much detail.
func summary(r *report.Report, d detail) markup {
	x := indexOf(r)
	return opening(r, x, d) + subject(r, x) + leftOut(d) + benchmarksTable(r, x, d) + breachSections(r, x, d) +
		familyTables(r, d) + readSection(r, d) + keeperSection(r, x, d) + definitions(r, x, d)
}

// maxFindings is how many breaches the opening names.
const maxFindings = 3

// opening is the verdict, the first breaches in numbers with where to begin, and how a pull request may merge all the
// same: what must be seen without reading on.
func opening(r *report.Report, x index, d detail) markup {
	h := headlineOf(r)
	section := "## " + markup(h.symbol) + " " + text(h.verdict, sentenceLength) + "\n\n" +
		text(h.meaning, messageLength) + "\n\n"
	beyond := foremost(r)
	listed := beyond[:min(len(beyond), d.findings)]
	for _, b := range listed {
		section += "- " + x.lead(b) + "\n"
	}
	if more := len(beyond) - len(listed); more > 0 {
		section += "- … and " + markup(countText(more)) + " more below\n"
	}
	if len(listed) > 0 {
		section += "\n"
	}
	if advice := exemptionAdvice(r); advice != "" {
		section += "<strong>" + exemptionTitle + "</strong> " + text(advice, messageLength) + "\n\n"
	}
	return section
}

// lead is a benchmark in one line: what is wrong in numbers, and where to begin.
func (x index) lead(b report.Benchmark) markup {
	title, sentence := x.title(b.KPI, b.Title), x.sentence(b)
	var line markup
	if !strings.HasPrefix(sentence, title) {
		line = "<strong>" + text(title, titleLength) + "</strong>: "
	}
	line += text(sentence, sentenceLength)
	if len(b.Worst) > 0 {
		line += " Begin with " + x.link(text(itemName(b.Worst[0]), titleLength), b.Worst[0].URL)
		if value := x.itemValue(b, b.Worst[0]); value != "" {
			line += " (" + text(value, titleLength) + ")"
		}
		return line + "."
	}
	if b.Repair != "" {
		line += " " + text(stopped(clean(b.Repair)), sentenceLength)
	}
	return line
}

// subject is what the report is about.
func subject(r *report.Report, x index) markup {
	about := "<strong>" + x.link(text(r.Repository, titleLength), r.RepositoryURL) + "</strong> · " +
		text(windowText(r.Window), titleLength)
	if r.Source != "" {
		about += " · deployments: " + text(r.Source, benchmarkLength)
	}
	return about + "\n\n"
}

// leftOut says what a summary with so much detail leaves out; empty for one that has everything.
func leftOut(d detail) markup {
	left := d.left()
	if left == "" {
		return ""
	}
	return "✂️ GitHub shows summaries of up to 1 MB, so this one leaves out " + markup(left) +
		". Everything is in report.json.\n\n"
}

// What stands over the sections of breaches, and over those of benchmarks for which nothing fails.
const (
	breachTitle  = "What is wrong, and what to do"
	concernTitle = "What to look at, although nothing fails for it"
)

// breachSections say what is wrong and what to do, benchmark by benchmark: first of those that are breached, then of
// those for which nothing fails.
func breachSections(r *report.Report, x index, d detail) markup {
	breached, concerns := withOutcome(r.Benchmarks, "breached"), concerns(r)
	all := append(breached[:len(breached):len(breached)], concerns...)
	own := min(len(all), d.breaches)
	var b strings.Builder
	write := func(m markup) { b.WriteString(string(m)) }
	for i, of := range all[:own] {
		switch i {
		case len(breached):
			write("### " + text(concernTitle, titleLength) + "\n\n")
		case 0:
			write("### " + text(breachTitle, titleLength) + "\n\n")
		}
		write(breachSection(x, of, d))
	}
	if rest := all[own:]; len(rest) > 0 {
		write("#### " + markup(othersText(len(breached)-own, rest)) + "\n\n")
		listed := min(len(rest), d.rows)
		for _, of := range rest[:listed] {
			write("- " + markup(statusOf(of).symbol) + " " + code(of.Text, benchmarkLength) + " – " +
				text(x.sentence(of), sentenceLength) + "\n")
		}
		write(more(len(rest)-listed, "benchmark") + "\n")
	}
	return markup(b.String())
}

// breachSection is one benchmark: what is wrong in numbers, why it matters, what to do, and the items to act on.
func breachSection(x index, b report.Benchmark, d detail) markup {
	var s strings.Builder
	write := func(m markup) { s.WriteString(string(m)) }
	write("#### " + markup(statusOf(b).symbol) + " " + text(x.title(b.KPI, b.Title), titleLength) + "\n\n")
	write(text(x.sentence(b), sentenceLength) + "\n\n")
	for _, said := range x.remarks(b) {
		write("<strong>" + markup(said.label) + "</strong> " + text(said.text, sentenceLength) + "\n\n")
	}
	listed := min(len(b.Worst), d.items)
	for _, item := range b.Worst[:listed] {
		write("- " + x.link(text(itemName(item), titleLength), item.URL))
		if value := x.itemValue(b, item); value != "" {
			write(" · " + text(value, titleLength))
		}
		write("\n")
	}
	if left := leftOver(b, listed); left > 0 && listed > 0 {
		write("- … and " + markup(countText(left)) + " more in report.json\n")
	}
	if listed > 0 {
		write("\n")
	}
	return markup(s.String())
}

// readSection says what was read, at what cost, and what is missing.
func readSection(r *report.Report, d detail) markup {
	var s strings.Builder
	write := func(m markup) { s.WriteString(string(m)) }
	write("### " + text(readTitle, titleLength) + "\n\n")
	write(text(costText(r), sentenceLength))
	if r.Config.Path != nil {
		write(" Configuration: " + code(*r.Config.Path, benchmarkLength))
		if r.Config.Ref != nil {
			write(" at " + code(*r.Config.Ref, titleLength))
		}
		if commit := shortCommit(r.Config); commit != "" {
			write(" (commit " + code(commit, titleLength) + ")")
		}
		write(".")
	}
	write("\n\n")
	causes := causesOf(r.Read.Gaps)
	if len(causes) == 0 {
		write("Everything that the figures need could be read.\n\n")
		return markup(s.String())
	}
	write("What was not read, or not whole:\n\n")
	listed := min(len(causes), d.gaps)
	for _, c := range causes[:listed] {
		write("- <strong>" + text(c.feeds(), sentenceLength) + "</strong>: " + text(stopped(c.reason), sentenceLength))
		if advice := c.adviceText(); advice != "" {
			write(" <strong>What to change:</strong> " + text(advice, sentenceLength))
		}
		write("\n")
	}
	write(more(len(causes)-listed, "gap") + "\n")
	if lines := permissions(r.Read.Gaps); len(lines) > 0 {
		write(text(permissionsAdvice, sentenceLength) + "\n\n```yaml\n" + markup(permissionsBlock(lines, "")) + "```\n\n")
	}
	return markup(s.String())
}
