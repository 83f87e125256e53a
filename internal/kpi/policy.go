package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// FailureSignal is a sign that a deployment failed.
type FailureSignal string

// The failure signals.
const (
	SignalRollback FailureSignal = "rollback"
	SignalRevert   FailureSignal = "revert"
	SignalHotfix   FailureSignal = "hotfix"
	SignalIncident FailureSignal = "incident"
	SignalStatus   FailureSignal = "status"
)

// Start says where a pull request's clock starts.
type Start string

// The starts: the first commit's authored or committed date (or the opening, if that is earlier), or the opening.
const (
	StartAuthored  Start = "authored"
	StartCommitted Start = "committed"
	StartOpened    Start = "opened"
)

// The names of the built-in issue classes.
const (
	Bug      = "bug"
	Incident = "incident"
	Support  = "support"
	Security = "security"
)

// Class is a set of issues: those with a label that Labels matches, or of an issue type that Types matches.
type Class struct{ Labels, Types Globs }

// Cost is an amount of money for an hour, in a currency by its ISO 4217 code.
type Cost struct {
	PerHour  float64
	Currency string
}

// Policy says what counts as what. It is applied to facts already read, so changing it needs no new reading.
type Policy struct {
	// Source is where deployments come from; empty picks the first of AutoSources that has any.
	Source model.Source
	// Environments are the production environments.
	Environments Globs
	// Branches are the production branches; empty means the default branch.
	Branches Globs
	// Tags are the tags that deploy, for the source tags.
	Tags Globs
	// Workflows are the files of the workflows that deploy, by name or path, for the source workflow.
	Workflows []string
	// Classes are the issue classes by name.
	Classes map[string]Class
	// Signals are the failure signals that are looked for.
	Signals map[FailureSignal]bool
	// HotfixLabels and HotfixBranches mark a pull request as a hotfix.
	HotfixLabels, HotfixBranches Globs
	// IncidentAttribution is how long after a deployment an incident may be opened and still be laid to it.
	IncidentAttribution time.Duration
	Start               Start
	// IncludeBots counts pull requests and direct pushes by bots too.
	IncludeBots bool
	// ExcludedWorkflows are files of workflows, by name or path, whose runs do not speak for CI, such as deploy.yml.
	ExcludedWorkflows Globs
	// BusinessTime counts the lengths of some KPIs in working hours; nil: none.
	BusinessTime *BusinessTime
	// DowntimeCost is what an hour of downtime costs; nil: that is not known.
	DowntimeCost *Cost
	// TeamLogins and BotLogins name members and bots that GitHub's data does not show as such.
	TeamLogins, BotLogins []string
}

// DefaultPolicy is the policy in force where nothing is configured.
func DefaultPolicy() Policy {
	return Policy{
		Environments: Globs{"production", "prod", "prod-*", "*-production", "live"},
		Tags:         Globs{"v*"},
		Classes: map[string]Class{
			Bug: {
				Labels: Globs{"bug", "bug/*", "bug:*", "*: bug", "*/bug", "defect", "regression"},
				Types:  Globs{"Bug"},
			},
			Incident: {Labels: Globs{"incident", "incident/*", "outage", "sev[0-9]", "*: incident"}},
			Support:  {Labels: Globs{"support", "question", "*: question", "*: support"}},
			Security: {Labels: Globs{"security", "vulnerability", "*: security"}},
		},
		Signals: map[FailureSignal]bool{
			SignalRollback: true, SignalRevert: true, SignalHotfix: true, SignalIncident: true,
		},
		HotfixLabels:        Globs{"hotfix", "type: hotfix"},
		HotfixBranches:      Globs{"hotfix/*"},
		IncidentAttribution: 7 * 24 * time.Hour,
		Start:               StartAuthored,
	}
}

// day is the day of the definitions: 86,400 seconds.
const day = 24 * time.Hour

// trendWeeks is the number of windows of 7 days in a trend.
const trendWeeks = 12

// Reach is R: how far back facts can matter for a report over w, its previous window and its trend.
func Reach(w model.Window) time.Time {
	previous, trend := w.Before().Since, w.Until.Add(-trendWeeks*7*day)
	if trend.Before(previous) {
		return trend
	}
	return previous
}
