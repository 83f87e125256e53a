package render

import (
	"io"
	"strings"

	"kpi-gate/internal/report"
)

// maxBreaches is how many breaches have a section of their own; the others are listed.
const maxBreaches = 10

// Markdown writes the job summary in GitHub's Markdown: the verdict, the benchmarks, what to do about each breach, all
// figures, what was read, and the definitions. It takes at most SummaryLimit bytes, and says what it left out for that.
func Markdown(w io.Writer, r *report.Report) error {
	_, err := io.WriteString(w, string(fit(SummaryLimit, func(d detail) markup { return summary(r, d) })))
	return err
}

// summary is the summary with so much detail.
func summary(r *report.Report, d detail) markup {
	x := indexOf(r)
	return verdictSection(r, d) + benchmarksTable(r, x, d) + breachSections(r, x, d) + familyTables(r, d) +
		readSection(r, d) + definitions(r, x, d)
}

// verdictSection is the verdict, and what it is about.
func verdictSection(r *report.Report, d detail) markup {
	h := headlineOf(r)
	section := "## " + markup(h.symbol) + " " + text(h.verdict, sentenceLength) + "\n\n" +
		text(h.meaning, sentenceLength) + "\n\n" +
		"<strong>" + link(text(r.Repository, titleLength), r.RepositoryURL) + "</strong> · " +
		text(windowText(r.Window), titleLength)
	if r.Source != "" {
		section += " · deployments: " + text(r.Source, benchmarkLength)
	}
	section += "\n\n"
	if left := d.left(); left != "" {
		section += "✂️ GitHub shows summaries of up to 1 MB, so this one leaves out " + markup(left) +
			". Everything is in report.json.\n\n"
	}
	return section
}

// breachSections say what is wrong and what to do, breach by breach.
func breachSections(r *report.Report, x index, d detail) markup {
	breached := withOutcome(r.Benchmarks, "breached")
	if len(breached) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("### What is wrong, and what to do\n\n")
	own := min(len(breached), d.breaches)
	for _, breach := range breached[:own] {
		b.WriteString(string(breachSection(x, breach, d)))
	}
	if rest := breached[own:]; len(rest) > 0 {
		b.WriteString("#### " + string(otherBreaches(len(rest))) + "\n\n")
		listed := min(len(rest), d.rows)
		for _, breach := range rest[:listed] {
			b.WriteString(string("- " + code(breach.Text, benchmarkLength) + " – " +
				text(x.sentence(breach), sentenceLength) + "\n"))
		}
		b.WriteString(string(more(len(rest)-listed, "benchmark")) + "\n")
	}
	return markup(b.String())
}

func otherBreaches(n int) markup {
	if n == 1 {
		return "1 more breach"
	}
	return markup(countText(n)) + " more breaches"
}

// breachSection is one breach: what is wrong in numbers, what to do, and the items to act on.
func breachSection(x index, b report.Benchmark, d detail) markup {
	var s strings.Builder
	write := func(m markup) { s.WriteString(string(m)) }
	write("#### ❌ " + text(x.title(b.KPI, b.Title), titleLength) + "\n\n")
	write(text(x.sentence(b), sentenceLength) + "\n\n")
	if b.Repair != "" {
		write("<strong>What to do:</strong> " + text(b.Repair, sentenceLength) + "\n\n")
	}
	if balance := x.balance(b); balance != "" {
		write("<strong>Keep an eye on:</strong> " + text(balance, sentenceLength) + "\n\n")
	}
	listed := min(len(b.Worst), d.items)
	for _, item := range b.Worst[:listed] {
		write("- " + link(text(itemName(item), titleLength), item.URL))
		if value := itemValue(b, item); value != "" {
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
