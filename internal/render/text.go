package render

import (
	"io"
	"strings"

	"kpi-gate/internal/report"
)

// textWidth is the columns that the text form keeps to; only an address may be longer, so that it can be copied.
const textWidth = 100

// textWorst is how many items a breach lists in the text form.
const textWorst = 5

// Text writes the report for a terminal: plain text without colours, at most 100 columns wide but for addresses. What
// comes from the repository cannot move the cursor, change colours or act as a workflow command.
func Text(w io.Writer, r *report.Report) error {
	var page page
	x := indexOf(r)
	page.verdict(r)
	page.benchmarks(r, x)
	page.breaches(r, x)
	page.figures(r)
	page.read(r)
	page.keeper(r)
	_, err := io.WriteString(w, page.String())
	return err
}

// Reading writes what was read, what it cost and what is missing, in the form and with the promises of Text.
func Reading(w io.Writer, r *report.Report) error {
	var page page
	page.read(r)
	_, err := io.WriteString(w, page.String())
	return err
}

// page is text in the making.
type page struct{ strings.Builder }

// line adds a line.
func (p *page) line(s string) {
	p.WriteString(strings.TrimRight(s, " ") + "\n")
}

// heading begins a section.
func (p *page) heading(s string) {
	p.line("")
	p.line(strings.ToUpper(plain(s, titleLength)))
}

// paragraph adds text in lines of at most textWidth columns, the first after one prefix, the others after another.
func (p *page) paragraph(first, rest, s string) {
	prefix, room := first, textWidth-displayWidth(first)
	for _, line := range wrapped(plain(s, messageLength), room, textWidth-displayWidth(rest)) {
		p.line(prefix + line)
		prefix = rest
	}
}

func (p *page) verdict(r *report.Report) {
	h := headlineOf(r)
	state, counts, _ := strings.Cut(h.verdict, ": ")
	p.paragraph("", "", strings.TrimSuffix(strings.ToUpper(state)+": "+counts, ": "))
	p.paragraph("", "", h.meaning)
	if advice := exemptionAdvice(r); advice != "" {
		p.line("")
		p.paragraph("", "", exemptionTitle+" "+advice)
	}
	p.line("")
	p.paragraph("", "  ", short(r.Repository, titleLength)+" · "+windowText(r.Window))
	if r.Source != "" {
		p.paragraph("", "  ", "Deployments: "+r.Source)
	}
}

func (p *page) benchmarks(r *report.Report, x index) {
	if len(r.Benchmarks) == 0 {
		return
	}
	p.heading("Benchmarks")
	benchmarks := byUrgency(r.Benchmarks)
	rows := [][]string{{"Status", "Figure", "Now", "Limit", "Previous", "n"}}
	for _, b := range benchmarks {
		word := statusOf(b).word
		if b.Outcome == "breached" {
			word = strings.ToUpper(word)
		}
		previous := "–"
		if b.Previous != nil {
			previous = figures(b).text(*b.Previous) + " " + x.change(b)
		}
		rows = append(rows, []string{
			word, plain(x.title(b.KPI, b.Title), titleLength), valueText(b), limit(b), previous,
			optionalCount(b.N),
		})
	}
	lines := aligned(rows, 1, "lllllr")
	p.line(lines[0])
	for i, b := range benchmarks {
		p.line(lines[i+1])
		p.paragraph("    ", "    ", b.Text)
		if from := limitFrom(b); from != "" && b.Limit != nil {
			p.paragraph("    ", "    ", "Limit: "+limit(b)+": "+from)
		}
		if interval := x.intervalText(b); interval != "" {
			p.paragraph("    ", "    ", "95 % interval: "+interval)
		}
		if b.Then == "warn" && b.Outcome != "warned" {
			p.paragraph("    ", "    ", onlyWarns)
		}
		if would := wouldText(b); would != "" {
			p.paragraph("    ", "    ", capitalized(would))
		}
		if b.Reason != nil {
			reason := *b.Reason
			if b.Outcome == "not-measured" {
				reason = pointing(reason, x.row(b), readPlace)
			}
			p.paragraph("    ", "    ", reason)
		}
		for _, note := range benchmarkNotes(b) {
			p.paragraph("    ", "    ", note)
		}
	}
}

func (p *page) breaches(r *report.Report, x index) {
	breached, concerns := withOutcome(r.Benchmarks, "breached"), concerns(r)
	all := append(breached[:len(breached):len(breached)], concerns...)
	own := min(len(all), maxBreaches)
	for i, b := range all[:own] {
		switch i {
		case len(breached):
			p.heading(concernTitle)
		case 0:
			p.heading(breachTitle)
		default:
			p.line("")
		}
		p.breach(b, x)
	}
	if rest := all[own:]; len(rest) > 0 {
		p.line("")
		p.line(othersText(len(breached)-own, rest) + ":")
		for _, b := range rest {
			p.paragraph("* ", "  ", short(b.Text, benchmarkLength)+" ("+statusOf(b).word+") – "+x.sentence(b))
		}
	}
}

// breach says what is wrong with one benchmark, and what to do.
func (p *page) breach(b report.Benchmark, x index) {
	p.paragraph("* ", "  ", cut(x.title(b.KPI, b.Title), titleLength)+" ("+statusOf(b).word+")")
	p.paragraph("  ", "  ", x.sentence(b))
	for _, said := range x.remarks(b) {
		p.paragraph("  ", "  ", said.label+" "+said.text)
	}
	listed := min(len(b.Worst), textWorst)
	for _, item := range b.Worst[:listed] {
		name := cut(itemName(item), titleLength)
		if value := x.itemValue(b, item); value != "" {
			name += " · " + value
		}
		p.paragraph("  - ", "    ", name)
		if target := x.address(item.URL); target != "" {
			p.line("    " + target)
		}
	}
	if left := leftOver(b, listed); left > 0 && listed > 0 {
		p.line("  … and " + countText(left) + " more in report.json")
	}
}

func (p *page) figures(r *report.Report) {
	families := shownFamilies(r)
	for _, f := range families {
		p.heading(f.title)
		rows := [][]string{{"Figure", "Now", "Previous", "12 weeks", "n"}}
		for _, k := range f.rows {
			rows = append(rows, []string{
				plain(k.Title, titleLength), plain(figureText(k), titleLength), previousText(k), sparkline(k.Trend),
				strings.TrimSpace(optionalCount(k.N) + " " + runningText(k)),
			})
		}
		lines := aligned(rows, 0, "lllll")
		if len(f.rows) > 0 {
			p.line(lines[0])
		}
		for i, k := range f.rows {
			p.line(lines[i+1])
			if details := detailsText(k); details != "" {
				p.paragraph("    ", "    ", details)
			}
			if reason := reasonText(k); reason != "" {
				p.paragraph("    ", "    ", strings.ReplaceAll(k.Status, "-", " ")+": "+reason)
			}
			for _, note := range rowNotes(k) {
				p.paragraph("    ", "    ", note)
			}
		}
		if len(f.empty) > 0 {
			p.paragraph("", "  ", "Not measured: "+f.empty.text())
		}
	}
	if empty := emptyFamilies(r); len(empty) > 0 {
		p.line("")
		p.paragraph("", "  ", "Nothing to show for: "+empty.text())
	}
	p.legend(families)
}

// legend explains the bands and the signals, where there are any.
func (p *page) legend(families []shownFamily) {
	var bands, signals bool
	for _, f := range families {
		for _, k := range f.rows {
			bands, signals = bands || bandText(k) != "", signals || signalText(k) != ""
		}
	}
	if bands || signals {
		p.line("")
	}
	if bands {
		p.paragraph("", "  ", bandLegend)
	}
	if signals {
		p.paragraph("", "  ", signalLegend)
	}
}

// detailsText is what else there is to say about a figure, in one line.
func detailsText(k report.KPI) string {
	var parts []string
	add := func(label, s string) {
		if s != "" {
			parts = append(parts, label+s)
		}
	}
	add("95 % interval: ", intervalText(k))
	add("p90: ", p90Text(k))
	add("half of all, open ones too: ", withOpenText(k))
	add("", bandText(k))
	add("", signalText(k))
	return strings.Join(parts, " · ")
}

func (p *page) read(r *report.Report) {
	p.heading(readTitle)
	p.paragraph("", "  ", costText(r))
	if r.Config.Path != nil {
		from := "Configuration: " + short(*r.Config.Path, benchmarkLength)
		if r.Config.Ref != nil {
			from += " at " + short(*r.Config.Ref, titleLength)
		}
		if commit := shortCommit(r.Config); commit != "" {
			from += " (commit " + commit + ")"
		}
		p.paragraph("", "  ", from)
	}
	if len(r.Read.Gaps) == 0 {
		return
	}
	p.line("What was not read, or not whole:")
	for _, c := range causesOf(r.Read.Gaps) {
		p.paragraph("* ", "  ", c.feeds()+": "+c.reason)
		if advice := c.adviceText(); advice != "" {
			p.paragraph("  ", "  ", "What to change: "+advice)
		}
	}
	if lines := permissions(r.Read.Gaps); len(lines) > 0 {
		p.paragraph("", "", permissionsAdvice)
		p.WriteString(permissionsBlock(lines, "    "))
	}
}

// keeper lists what whoever keeps the gate must know.
func (p *page) keeper(r *report.Report) {
	notes := keeperNotes(r)
	if len(notes) == 0 {
		return
	}
	p.heading(keeperTitle)
	for _, note := range notes {
		p.paragraph("* ", "  ", note)
	}
}
