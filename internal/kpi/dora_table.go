package kpi

// BandTable is the groups of one KPI in a DORA report.
type BandTable struct {
	// KPI is the KPI's ID, Edition the year of the report.
	KPI     string
	Edition int
	// Limits are the bands' limits, best first.
	Limits []BandLimit
}

// BandLimit is the worst figure of a band, in the KPI's unit.
type BandLimit struct {
	// Name is elite, high, medium or low.
	Name  string
	Value float64
	// Open is true where the limit itself does not belong to the band.
	Open bool
}

// BandTables are the groups that figures are compared with, in the order of reports.
func BandTables() []BandTable {
	var tables []BandTable
	for _, d := range BuiltIn().All() {
		of, ok := doraBands[d.ID]
		if !ok {
			continue
		}
		table := BandTable{KPI: d.ID, Edition: of.edition}
		for i, l := range of.limits {
			table.Limits = append(table.Limits, BandLimit{Name: BandNames[i], Value: l.value, Open: l.open})
		}
		tables = append(tables, table)
	}
	return tables
}
