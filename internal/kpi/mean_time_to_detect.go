package kpi

import (
	"fmt"
	"time"

	"kpi-gate/internal/model"
)

// MeanTimeToDetect is how long a bad deployment goes unnoticed.
var MeanTimeToDetect = register(Definition{
	ID: "mean-time-to-detect", Title: "Mean time to detect", Family: Family(Incident), Rank: 21,
	Unit: Seconds, Better: Lower, Standard: "mean", NeedsSource: true,
	Needs: []model.Feed{model.Issues},
	Doc: `per incident opened in the window: the deployment that it is laid to finished → opened

An incident belongs to the latest production deployment whose commit or tag its text names, else to the last one before
it was opened, at most 7 days earlier. Incidents that belong to no deployment are left out, and counted in a note; those
closed as not planned or duplicate count for nothing.
Bias: an incident that an old defect caused is laid to whatever was deployed last.`,
	Empty:      "no incident that is laid to a deployment was opened in the window",
	Plain:      "How long something broken is in use before anybody notices.",
	Moves:      "Monitoring, alerts, and looking at them after a deployment.",
	BalancedBy: []string{Incident + "-reported"},
	Items:      []model.RefKind{model.RefIssue},
	Repair:     "Add the alert that would have caught the incident that took longest to notice.",
	Notes:      unattributedNote,
	Shape: Durations(func(p *Pass, span func(model.Ref, time.Time, time.Time)) {
		for _, i := range p.genuine(Incident) {
			if !p.Window.Contains(i.Created) {
				continue // Whose text nobody needs to search.
			}
			if d := p.attribute(i); d != nil {
				span(i.ref(), d.finished, i.Created)
			}
		}
	}),
})

// unattributedNote counts the incidents opened in the window that are laid to no deployment.
func unattributedNote(p *Pass, keep func(model.Ref) bool) []string {
	alone := 0
	for _, i := range p.genuine(Incident) {
		if p.Window.Contains(i.Created) && keep(i.ref()) && p.attribute(i) == nil {
			alone++
		}
	}
	switch alone {
	case 0:
		return nil
	case 1:
		return []string{"1 incident is laid to no deployment and is left out."}
	default:
		return []string{fmt.Sprintf("%d incidents are laid to no deployment and are left out.", alone)}
	}
}
