package render

import (
	"encoding/json"
	"fmt"
	"io"

	"kpi-gate/internal/report"
)

// badgeLabel is the left half of the badge.
const badgeLabel = "kpi-gate"

// badge is what shields.io draws a badge of (https://shields.io/badges/endpoint-badge).
type badge struct {
	SchemaVersion int    `json:"schemaVersion"`
	Label         string `json:"label"`
	Message       string `json:"message"`
	Color         string `json:"color"`
	IsError       bool   `json:"isError,omitempty"`
}

// Badge writes badge.json, from which shields.io draws a badge: how many benchmarks are held, or what is wrong, in at
// most 60 characters (https://shields.io/badges/endpoint-badge).
func Badge(w io.Writer, r *report.Report) error {
	encoded, err := json.Marshal(badgeOf(r))
	if err != nil {
		return fmt.Errorf("encoding the badge of %s: %w", r.Repository, err)
	}
	_, err = w.Write(append(encoded, '\n'))
	return err
}

// badgeOf is a report's badge. Its colour says again what its words say, and nothing more.
func badgeOf(r *report.Report) badge {
	t := tallyOf(r.Benchmarks)
	held := fmt.Sprintf("%s of %s held", countText(t.held), countText(t.total))
	b := badge{SchemaVersion: 1, Label: badgeLabel}
	switch {
	case t.total == 0:
		b.Message, b.Color = "no benchmark", "lightgrey"
	case t.breached > 0 && !r.Enforced:
		b.Message, b.Color = countText(t.breached)+" breached, not enforced", "orange"
	case t.breached > 0:
		b.Message, b.Color, b.IsError = countText(t.breached)+" breached", "red", true
	case r.Verdict == "not-measured":
		b.Message, b.Color = countText(t.unjudged)+" not judged", "lightgrey"
		if r.Fails() {
			b.Color, b.IsError = "red", true
		}
	case r.Verdict == "warned":
		b.Message, b.Color = held, "yellow"
	case r.Verdict == "held":
		b.Message, b.Color = held, "brightgreen"
	default:
		b.Message, b.Color = "unknown", "lightgrey"
	}
	return b
}
