package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"kpi-gate/internal/config"
	"kpi-gate/internal/gate"
	"kpi-gate/internal/kpi"
	"kpi-gate/internal/report"
)

// kpisCommand is kpi-gate kpis.
type kpisCommand struct {
	ID      string `arg:"" optional:"" help:"KPI to define, such as lead-time-for-changes."`
	Classes string `placeholder:"YAML" help:"Issue classes of your own, as in the setting classes: their KPIs too."`
}

// Run prints the list, or one definition.
func (k *kpisCommand) Run(env Env) error {
	all, err := config.Catalogue(k.Classes)
	if err != nil {
		return &usageError{err}
	}
	if k.ID == "" {
		return listKPIs(env.Stdout, all)
	}
	d := all.Find(k.ID)
	if d == nil {
		message, nearest := gate.UnknownKPI(k.ID, all.IDs())
		if nearest != "" {
			message += fmt.Sprintf("; did you mean %s?", nearest)
		}
		return &usageError{errors.New(message)}
	}
	return printKPI(env.Stdout, d)
}

func listKPIs(w io.Writer, all *kpi.Catalogue) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	var family kpi.Family
	for _, d := range all.All() {
		if d.Family != family {
			if family != "" {
				fmt.Fprintln(table)
			}
			family = d.Family
			fmt.Fprintln(table, strings.ToUpper(report.FamilyTitle(family)))
		}
		definition, _, _ := strings.Cut(d.Doc, "\n")
		fmt.Fprintf(table, "  %s\t%s\t%s\n", d.ID, d.Kind(), definition)
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("printing the KPIs: %w", err)
	}
	return nil
}

func printKPI(w io.Writer, d *kpi.Definition) error {
	var statistics, filters []string
	for _, s := range kpi.Statistics(d.Kind()) {
		statistics = append(statistics, s.Name)
	}
	if d.Kind() == kpi.KindDuration {
		statistics = append(statistics, "within(D)")
	}
	if len(statistics) > 1 {
		for i, name := range statistics {
			if name == d.Default().Name {
				statistics[i] += " (default)"
			}
		}
	}
	for _, a := range d.Attributes() {
		filters = append(filters, string(a))
	}
	if len(filters) == 0 {
		filters = []string{"none"}
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%s: %s\n\n%s\n\n%s\n\n", d.ID, d.Title, d.Plain, d.Doc)
	if d.Moves != "" {
		fmt.Fprintf(&text, "What usually moves it: %s\n", d.Moves)
	}
	if len(d.BalancedBy) > 0 {
		fmt.Fprintf(&text, "Look at it together with %s.\n", and(d.BalancedBy))
	}
	fmt.Fprintf(&text, "\nKind: %s. Unit: %s. Better: %s.\nStatistics: %s\nFilters: %s\nTo bring it back: %s\n",
		d.Kind(), d.Unit, d.Better, strings.Join(statistics, ", "), strings.Join(filters, ", "), d.Repair)
	if _, err := io.WriteString(w, text.String()); err != nil {
		return fmt.Errorf("printing the definition: %w", err)
	}
	return nil
}

// and joins names for a sentence: a, b and c.
func and(names []string) string {
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
