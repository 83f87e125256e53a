package gate

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"kpi-gate/internal/kpi"
)

// bandExample shows in messages how a band is written.
const bandExample = "as in at least high (dora-2024)"

// bandWords are what people write for "at least".
var bandWords = []string{"at", "atleast", "least", "minimum", "min"}

// band reads "at least", a DORA band and its edition, in place of an operator and a limit. It reports false, and moves
// nothing, where something else comes next.
func (p *parser) band(b *Benchmark) (bool, *SyntaxError) {
	before := p.at
	p.blanks()
	from := p.at
	if !p.takeWord("at") || !p.takeWord("least") {
		p.at = from
		if word := p.word(unicode.IsLetter); slices.Contains(bandWords, strings.ToLower(word)) {
			return true, p.fail(from, p.at, "at least", "a DORA band follows the words at least, %s", bandExample)
		}
		p.at = before
		return false, nil
	}
	if p.breach {
		return true, p.fail(from, p.at, "", "at least says what must hold: write hold: for it, since if: is for what breaches"+
			" a benchmark")
	}
	p.blanks()
	nameFrom := p.at
	name := p.word(isName)
	bands := strings.Join(kpi.BandNames, ", ")
	switch {
	case name == "":
		return true, p.fail(nameFrom, p.next(), "", "a band must follow: %s", bands)
	case !contains(kpi.BandNames, name):
		return true, p.fail(nameFrom, p.at, Nearest(name, kpi.BandNames), "there is no band %s: %s", Quote(name), bands)
	}
	table, err := p.table(*b, from)
	if err != nil {
		return true, err
	}
	if err := p.edition(name, table); err != nil {
		return true, err
	}
	b.Band = &kpi.Band{Edition: table.Edition, Name: name}
	worst := table.Limits[slices.IndexFunc(table.Limits, func(l kpi.BandLimit) bool { return l.Name == name })]
	b.Limit = worst.Value
	switch higher := b.KPI.Better == kpi.Higher; {
	case higher && worst.Open:
		b.Operator = Above
	case higher:
		b.Operator = AtLeast
	case worst.Open:
		b.Operator = Below
	default:
		b.Operator = AtMost
	}
	return true, nil
}

// table is the table of bands for the figure of the benchmark, whose band begins at from: DORA's reports speak of a few
// figures, and of nothing that is drawn from a part of their items or counted in working time.
func (p *parser) table(b Benchmark, from int) (kpi.BandTable, *SyntaxError) {
	var ids []string
	tables := kpi.BandTables()
	for _, t := range tables {
		ids = append(ids, t.KPI)
	}
	i := slices.Index(ids, b.KPI.ID)
	why := ""
	switch {
	case i < 0:
		why = "there are none of " + b.KPI.ID + ", only of " + strings.Join(ids, ", ")
	case len(b.Filter) > 0:
		why = "they are of all items, not of those that a filter keeps"
	case b.Statistic.Name != b.KPI.Default().Name:
		why = fmt.Sprintf("they are of %s.%s, not of %s", b.KPI.ID, b.KPI.Default(), b.subject())
	case b.Statistic.Day > 0:
		why = b.KPI.ID + " counts in working time here, and they count all time"
	default:
		return tables[i], nil
	}
	return kpi.BandTable{}, p.fail(from, p.at, "", "DORA's bands do not say this: %s", why)
}

// edition reads which report the band is from. The newest one is an edition for every table: where its own groups are
// in no order, the table has those of an older one.
func (p *parser) edition(band string, table kpi.BandTable) *SyntaxError {
	years := []int{table.Edition}
	for _, t := range kpi.BandTables() {
		years = append(years, t.Edition)
	}
	known := []string{editionName(table.Edition)}
	if newest := slices.Max(years); newest != table.Edition {
		known = append(known, editionName(newest))
	}
	p.blanks()
	from := p.at
	if !p.take('(') {
		return p.fail(from, p.next(), "", "the edition of the report must follow, as in %s (%s)", band, known[0])
	}
	p.blanks()
	from = p.at
	name := p.word(isName)
	switch {
	case name == "":
		return p.fail(from, p.next(), known[0], "the edition of the report must come here: %s", strings.Join(known, ", "))
	case !contains(known, name):
		return p.fail(from, p.at, Nearest(name, known), "there is no edition %s for %s: %s",
			Quote(name), table.KPI, strings.Join(known, ", "))
	case !p.take(')'):
		p.blanks()
		return p.fail(p.at, p.next(), "", "a closing parenthesis must follow the edition")
	}
	return nil
}

// editionName is a report as benchmarks name it.
func editionName(year int) string { return "dora-" + strconv.Itoa(year) }

// bandString is a band as a benchmark writes it after "at least".
func bandString(b kpi.Band) string { return b.Name + " (" + editionName(b.Edition) + ")" }
