package cli

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"kpi-gate/internal/gate"
	"kpi-gate/internal/kpi"
)

// kpisCommand is kpi-gate kpis.
type kpisCommand struct {
	ID string `arg:"" optional:"" help:"KPI to define, such as lead-time-for-changes."`
}

// Run prints the list, or one definition.
func (k *kpisCommand) Run(env Env) error {
	if k.ID == "" {
		return listKPIs(env.Stdout)
	}
	d := kpi.BuiltIn().Find(k.ID)
	if d == nil {
		message := fmt.Sprintf("there is no KPI %q", k.ID)
		if near := gate.Nearest(k.ID, kpi.BuiltIn().IDs()); near != "" {
			message += fmt.Sprintf("; did you mean %s?", near)
		}
		return &usageError{fmt.Errorf("%s ('kpi-gate kpis' lists them)", message)}
	}
	return printKPI(env.Stdout, d)
}

func listKPIs(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	var family kpi.Family
	for _, d := range kpi.BuiltIn().All() {
		if d.Family != family {
			if family != "" {
				fmt.Fprintln(table)
			}
			family = d.Family
			fmt.Fprintln(table, strings.ToUpper(string(family)))
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
	var names []string
	for _, s := range kpi.Statistics(d.Kind()) {
		names = append(names, s.Name)
	}
	if d.Kind() == kpi.KindDuration {
		names = append(names, "within(D)")
	}
	if len(names) > 1 {
		names[0] += " (default)"
	}
	_, err := fmt.Fprintf(w, "%s: %s\n\n%s\n\n%s\n\nKind: %s. Unit: %s. Better: %s.\nStatistics: %s\n"+
		"To bring it back: %s\n",
		d.ID, d.Title, d.Plain, d.Doc, d.Kind(), d.Unit, d.Better, strings.Join(names, ", "), d.Repair)
	if err != nil {
		return fmt.Errorf("printing the definition: %w", err)
	}
	return nil
}
