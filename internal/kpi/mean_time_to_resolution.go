package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// MeanTimeToResolution is how long an incident lasts.
var MeanTimeToResolution = register(Definition{
	ID: "mean-time-to-resolution", Title: "Mean time to resolution", Family: Family(Incident), Rank: 22,
	Unit: Seconds, Better: Lower, Standard: "mean",
	Needs: []model.Feed{model.Issues},
	Doc: `per incident closed as completed in the window: opened → closed (its last close)

Running: open. Closed as not planned or duplicate: left out, and counted in a note.
Bias: one long incident moves a mean far; p50 is the steadier statistic.`,
	Empty:      "no incident was closed as completed in the window",
	Plain:      "How long it takes on average until an incident is over.",
	Moves:      "How soon somebody takes an incident on, and how quickly the last good version can be put back.",
	BalancedBy: []string{Incident + "-reopen-rate"},
	Items:      []model.RefKind{model.RefIssue},
	Repair:     "End the open incidents, oldest first, and close those that are over.",
	Notes:      droppedNote(Incident),
	Shape: Durations(func(p *Pass, span func(model.Ref, time.Time, time.Time)) {
		for _, i := range p.genuine(Incident) {
			span(i.ref(), i.Created, i.closed)
		}
	}),
})
