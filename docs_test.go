package main

import (
	"fmt"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"kpi-gate/internal/kpi"
	"kpi-gate/internal/report"
)

// TestReference holds docs/kpis.md to the definitions of the KPIs; -update writes it.
func TestReference(t *testing.T) {
	t.Parallel()
	holdFile(t, "docs/kpis.md", reference())
}

// TestReportFields holds docs/report.md to the fields of report.json.
func TestReportFields(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("docs/report.md")
	if err != nil {
		t.Fatal(err)
	}
	var check func(of reflect.Type)
	check = func(of reflect.Type) {
		for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice {
			of = of.Elem()
		}
		if of.Kind() != reflect.Struct {
			return
		}
		for i := range of.NumField() {
			field := of.Field(i)
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if name == "-" {
				continue
			}
			if doc := string(data); !strings.Contains(doc, "`"+name+"`") && !strings.Contains(doc, "`"+name+"[]`") {
				t.Errorf("%s.%s: docs/report.md does not say what %s is", of.Name(), field.Name, name)
			}
			check(field.Type)
		}
	}
	check(reflect.TypeFor[report.Report]())
}

// reference is the definition of every KPI, and how figures are drawn.
func reference() string {
	var b strings.Builder
	b.WriteString("# KPIs\n\nWritten from the definitions in `internal/kpi`; `kpi-gate kpis ID` prints the same.\n" +
		"How figures are drawn is said [at the end](#statistics).\n")
	var family kpi.Family
	for _, d := range kpi.BuiltIn().All() {
		if _, ofClass := strings.CutPrefix(d.ID, string(d.Family)+"-"); ofClass && isClass(d) && d.Family != kpi.Bug {
			continue
		}
		if d.Family != family {
			family = d.Family
			if family == kpi.Bug {
				b.WriteString(marked(classesText))
			} else {
				fmt.Fprintf(&b, "\n## %s\n", report.FamilyTitle(family))
			}
		}
		b.WriteString(definition(d))
	}
	b.WriteString(marked(statisticsText))
	b.WriteString(bandTable())
	return b.String()
}

// isClass reports whether a definition is one of an issue class: that of bugs is there for each.
func isClass(d *kpi.Definition) bool {
	measure := strings.TrimPrefix(d.ID, string(d.Family))
	return kpi.BuiltIn().Find(kpi.Bug+measure) != nil
}

// definition is one KPI.
func definition(d *kpi.Definition) string {
	var b strings.Builder
	first, rest, _ := strings.Cut(d.Doc, "\n")
	fmt.Fprintf(&b, "\n### `%s`\n\n%s. %s\n\n**%s**\n", d.ID, d.Title, d.Plain, first)
	if rest = strings.Trim(rest, "\n"); rest != "" {
		fmt.Fprintf(&b, "\n%s\n", rest)
	}
	fmt.Fprintf(&b, "\n- Better: %s. What usually moves it: %s\n", d.Better, d.Moves)
	if len(d.BalancedBy) > 0 {
		fmt.Fprintf(&b, "- Look at it together with %s.\n", listed(d.BalancedBy))
	}
	fmt.Fprintf(&b, "- Kind: %s. Unit: %s.%s\n", d.Kind(), d.Unit, statisticsOf(d))
	if attributes := d.Attributes(); len(attributes) > 0 {
		fmt.Fprintf(&b, "- Filters: %s.\n", listed(attributes))
	}
	return b.String()
}

// statisticsOf says which statistics a definition has, the default first; nothing where there is one only.
func statisticsOf(d *kpi.Definition) string {
	var names []string
	for _, s := range kpi.Statistics(d.Kind()) {
		names = append(names, s.Name)
	}
	if len(names) == 1 {
		return ""
	}
	if d.Kind() == kpi.KindDuration {
		names = append(names, "within(D)")
	}
	standard := d.Default().Name
	slices.SortStableFunc(names, func(a, b string) int {
		switch {
		case a == b:
			return 0
		case a == standard:
			return -1
		case b == standard:
			return 1
		default:
			return 0
		}
	})
	return fmt.Sprintf(" Statistics: %s; the first is the default.", listed(names))
}

// listed is names as code, with commas between them.
func listed[T ~string](names []T) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = "`" + string(name) + "`"
	}
	return strings.Join(quoted, ", ")
}

// bandTable is the DORA bands.
func bandTable() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n| | edition | %s |\n|---|---|%s\n", strings.Join(kpi.BandNames, " | "),
		strings.Repeat("---|", len(kpi.BandNames)))
	for _, t := range kpi.BandTables() {
		fmt.Fprintf(&b, "| `%s` | %d |", t.KPI, t.Edition)
		for _, l := range t.Limits {
			fmt.Fprintf(&b, " %s |", limitWords(kpi.BuiltIn().Find(t.KPI), l))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// limitWords says a band's limit.
func limitWords(d *kpi.Definition, l kpi.BandLimit) string {
	value := amount(d.Unit, l.Value)
	switch {
	case l.Open && d.Better == kpi.Lower:
		return "less than " + value
	case l.Open:
		return "more than " + value
	case d.Better == kpi.Lower:
		return value + " or less"
	default:
		return value + " or more"
	}
}

// amount writes a limit with its unit.
func amount(unit kpi.Unit, value float64) string {
	const hour, day = 3_600, 86_400
	decimal := func(x float64) string { return strconv.FormatFloat(x, 'g', 6, 64) }
	switch {
	case unit == kpi.Ratio:
		return decimal(value*100) + " %"
	case unit == kpi.PerDay && value < 1:
		return "1 in " + decimal(1/value) + " days"
	case unit == kpi.PerDay:
		return decimal(value) + " a day"
	case value < day:
		return decimal(value/hour) + " h"
	default:
		return decimal(value/day) + " d"
	}
}
