package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"kpi-gate/internal/kpi"
)

// TestReference holds docs/kpis.md to the definitions of the KPIs; -update writes it.
func TestReference(t *testing.T) {
	t.Parallel()
	const path = "docs/kpis.md"
	want := reference()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(data) != want {
		t.Errorf("%s is stale: go test . -run TestReference -update", path)
	}
}

// reference is the definition of every KPI.
func reference() string {
	var b strings.Builder
	b.WriteString("# KPIs\n\nWritten from the definitions in `internal/kpi`; `kpi-gate kpis ID` prints the same.\n")
	for _, d := range kpi.BuiltIn().All() {
		definition, rest, _ := strings.Cut(d.Doc, "\n")
		fmt.Fprintf(&b, "\n## `%s`\n\n%s\n\n**%s**\n%s\n\nKind: %s. Unit: %s. Better: %s.\n",
			d.ID, d.Plain, definition, strings.TrimRight(rest, "\n"), d.Kind(), d.Unit, d.Better)
	}
	return b.String()
}
