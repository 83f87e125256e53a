package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// ChangeFailureRate is DORA's change fail rate (https://dora.dev/guides/dora-metrics/).
var ChangeFailureRate = register(Definition{
	ID: "change-failure-rate", Title: "Change failure rate", Family: Delivery, Rank: 3,
	Unit: Ratio, Better: Lower, NeedsSource: true, FollowsFailures: true,
	Needs:    []model.Feed{model.Commits, model.PullRequests, model.Issues},
	Mentions: []model.Feed{model.PastIncidents},
	Doc: `of the successful production deployments finished in the window, those with a failure signal

Signals: rollback (an ancestor of its commit is deployed next to its environment), revert (a later deployment ships a
change that reverts one it shipped), hotfix (the next deployment of its environment contains a hotfix that shipped after
it), incident (an incident is opened before the next deployment, at most 7 days later, or names its commit or tag).
A deployment with several signals counts once. Recent deployments may still earn a signal.`,
	Empty:      "no production deployment succeeded in the window",
	Plain:      "How many of the new versions broke something for the people who use them.",
	Moves:      "The size of changes, tests that miss what breaks, and deploying in a hurry.",
	BalancedBy: []string{"deployment-frequency", "lead-time-for-changes"},
	Items:      deploymentItems,
	Repair:     "Look at what the failed deployments had in common; ship smaller changes with a test for each failure.",
	Notes:      noIncidentsNote,
	Shape: Share(func(p *Pass, trial func(model.Ref, time.Time, bool)) {
		p.eachFailure(func(f *failure) {
			if p.Window.Contains(f.finished) {
				trial(f.ref, f.finished, f.failed)
			}
		})
	}),
})

// noIncidentsNote says that incidents could not be seen where no issue was ever one, as far as that is known.
func noIncidentsNote(p *Pass, _ func(model.Ref) bool) []string {
	if !p.policy.Signals[SignalIncident] || len(p.class(Incident)) > 0 {
		return nil
	}
	if !p.read[model.PastIncidents] || len(p.gaps[model.PastIncidents]) > 0 {
		return []string{"No issue that was read is of the class incident, and whether there was one before could not be" +
			" seen: only the other failure signals were looked for."}
	}
	return []string{"No issue of the class incident has ever been seen: only the other failure signals were looked for."}
}
