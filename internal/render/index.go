package render

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"kpi-gate/internal/report"
)

// index finds what a report says elsewhere about a KPI.
type index struct {
	// rows are by KPI and filter, kpis by KPI alone: its first row, which is the one over all items.
	rows, kpis map[string]report.KPI
	families   map[string]string
	// origin is the scheme and host of the server that the repository is on; empty where that is not known.
	origin string
	// posted is true of what is posted on GitHub: the age of what is not finished is left out, because it changes with
	// every reading, and what was read stands in the job summary only.
	posted bool
	// interval is true where a breach takes the whole interval.
	interval bool
}

func indexOf(r *report.Report) index {
	x := index{
		rows: map[string]report.KPI{}, kpis: map[string]report.KPI{}, families: map[string]string{},
		origin: originOf(r.RepositoryURL), interval: r.Evidence == "interval",
	}
	for _, k := range r.KPIs {
		x.rows[k.Selection()] = k
		if _, ok := x.kpis[k.ID]; !ok {
			x.kpis[k.ID] = k
		}
	}
	for _, f := range r.Families {
		x.families[f.ID] = f.Title
	}
	return x
}

// row is the row that a benchmark judges.
func (x index) row(b report.Benchmark) report.KPI { return x.rows[b.Selection()] }

// title is the name of a KPI outside its family's table. KPIs of an issue class share their titles, so theirs begins
// with the family's: "Bugs: time to resolve".
func (x index) title(id, title string) string {
	family := x.kpis[id].Family
	if title = clean(title); title == "" {
		title = clean(id)
	}
	named := clean(x.families[family])
	if family == "" || named == "" || !strings.HasPrefix(id, family+"-") ||
		strings.HasPrefix(strings.ToLower(title), strings.ToLower(family)) {
		return title
	}
	first, size := utf8.DecodeRuneInString(title)
	return named + ": " + string(unicode.ToLower(first)) + title[size:]
}

// titles are the names of some KPIs in a phrase: "Review time and Review coverage". One that the report does not have
// is named by its ID.
func (x index) titles(ids []string) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = x.title(id, x.kpis[id].Title)
	}
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
