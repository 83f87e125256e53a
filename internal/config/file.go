package config

import (
	"regexp"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"kpi-gate/internal/gate"
	"kpi-gate/internal/kpi"
)

// The bounds of how long after a deployment an incident may still be laid to it.
const (
	minAttribution = time.Hour
	maxAttribution = 90 * 24 * time.Hour
)

// noDataPolicies and kindsOfEvidence are the values of the settings on-no-data and evidence.
var (
	noDataPolicies  = []string{string(gate.NoDataPasses), string(gate.NoDataWarns), string(gate.NoDataFails)}
	kindsOfEvidence = []string{string(gate.EvidencePoint), string(gate.EvidenceInterval)}
)

// events are the events of workflows on which a gate may run
// (https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows).
var events = []string{
	"pull_request", "pull_request_target", "merge_group", "push", "schedule", "workflow_dispatch", "workflow_run",
}

// signals are the failure signals, in the order in which the documentation has them.
var signals = []kpi.FailureSignal{
	kpi.SignalRollback, kpi.SignalRevert, kpi.SignalHotfix, kpi.SignalIncident, kpi.SignalStatus,
}

// starts are where the clock of a pull request may start.
var starts = []string{string(kpi.StartAuthored), string(kpi.StartCommitted), string(kpi.StartOpened)}

// file reads the configuration file.
func (r *resolution) file() reader {
	keys := append(r.keys(), elsewhere...)
	r.noteOrigins("", keys)
	return fields(keys...)
}

// noteOrigins lets the readers of the keys note that a value is the file's.
func (r *resolution) noteOrigins(prefix string, keys []field) {
	for i, key := range keys {
		path := prefix + key.name
		switch {
		case len(key.keys) > 0:
			r.noteOrigins(path+".", key.keys)
			keys[i].reader = fields(key.keys...)
		case key.instead == "":
			keys[i].reader = key.then(func() { r.origins[path] = OriginFile })
		}
	}
}

// elsewhere are the settings that have no place in the file, or another name in it.
var elsewhere = []field{
	{name: "token", instead: "a token does not belong into a file: give it as the input or flag token"},
	{name: "repository", instead: "the repository is that of the workflow, or the input or flag repository names it"},
	{name: "until", instead: "when the window ends is said by the input or flag until, not in the file"},
	{name: "cache", instead: "which snapshot file is extended is said by the input or flag cache, not in the file"},
	{name: "report-dir", instead: "where the report goes is said by the input or flag report-dir, not in the file"},
	{name: "config", instead: "which file is read is said by the input or flag config, not in the file"},
	{name: "config-from", instead: "where the file is read is said by the input or flag config-from, not in the file"},
	{name: "environments", instead: "in the file this is production: { environments: [production] }"},
	{name: "branches", instead: "in the file this is production: { branches: [main] }"},
	{name: "deploy-workflow", instead: "in the file this is deployments: { workflow: deploy.yml }"},
	{name: "tags", instead: `in the file this is deployments: { tags: "v*" }`},
	{name: "bug-labels", instead: "in the file this is classes: { bug: { labels: [bug] } }"},
	{name: "incident-labels", instead: "in the file this is classes: { incident: { labels: [incident] } }"},
}

// keys are those of the file, in the order in which it is best read.
func (r *resolution) keys() []field {
	return []field{
		{
			name: "window", setting: "window", about: "Length of the window to measure over, 1d to 731d.",
			reader: text(span("window", minWindow, maxWindow, "30d", &r.length)),
			show:   func() string { return gate.FormatDuration(r.length) },
		},
		{
			name: "production", about: "What is production.", keys: []field{
				{
					name: "environments", setting: "environments", about: "Production environments, globs.",
					reader: globs(&r.Policy.Environments), show: func() string { return flow(r.Policy.Environments) },
				},
				{
					name: "branches", setting: "branches", about: "Production branches, globs.",
					reader: globs(&r.Policy.Branches), show: func() string { return flow(r.Policy.Branches) },
					without: "the default branch",
				},
			},
		},
		{
			name: "deployments", about: "What a deployment is.", keys: []field{
				{
					name: "source", setting: "deployments",
					about:  "Where deployments are read from; auto takes the first source that has any.",
					reader: r.source(), show: func() string { return either(string(r.Policy.Source), sources[0]) },
				},
				{
					name: "workflow", setting: "deploy-workflow",
					about:  "Workflow files whose successful runs are deployments, one or a list, such as deploy.yml.",
					reader: r.workflows(), show: func() string { return flow(r.Policy.Workflows) }, without: "none",
				},
				{
					name: "tags", setting: "tags",
					about:  "Tags that are deployments where deployments are read from tags, globs, one or a list.",
					reader: oneOrMany(globs(&r.Policy.Tags)), show: func() string { return flow(r.Policy.Tags) },
				},
			},
		},
		{
			name: "classes", setting: "classes",
			about: "Issue classes by name: their labels, globs, and issue types. One named as a built-in class (bug, incident," +
				" support, security) replaces it wholly; any other has the same KPIs under its own name.",
			reader: r.classes(nil, func(class string) { r.origins["classes."+class] = OriginFile }),
			show:   r.showClasses,
		},
		{
			name: "failure-signals", about: "Signs by which a deployment is found to have failed.",
			reader: r.signals(), show: r.showSignals,
		},
		{
			name: "hotfix", about: "Which pull requests are hotfixes.", keys: []field{
				{
					name: "labels", about: "Labels that mark a hotfix, globs.", reader: globs(&r.Policy.HotfixLabels),
					show: func() string { return flow(r.Policy.HotfixLabels) },
				},
				{
					name: "branches", about: "Head branches of hotfixes, globs.", reader: globs(&r.Policy.HotfixBranches),
					show: func() string { return flow(r.Policy.HotfixBranches) },
				},
			},
		},
		{
			name:   "incident-attribution",
			about:  "How long after a deployment an incident may be opened and still be laid to it, 1h to 90d.",
			reader: text(span("attribution", minAttribution, maxAttribution, "7d", &r.Policy.IncidentAttribution)),
			show:   func() string { return gate.FormatDuration(r.Policy.IncidentAttribution) },
		},
		{
			name: "pull-requests", about: "How pull requests count.", keys: []field{
				{
					name:   "start",
					about:  "Where the clock starts: with the first commit, as authored or committed, or when it was opened.",
					reader: text(choice(starts, func(start string) { r.Policy.Start = kpi.Start(start) })),
					show:   func() string { return string(r.Policy.Start) },
				},
				{
					name: "bots", about: "Whether pull requests and direct pushes by bots count too.",
					reader: truth(&r.Policy.IncludeBots), show: func() string { return truthText(r.Policy.IncludeBots) },
				},
			},
		},
		{
			name: "ci", setting: "ci", about: "Which workflow runs speak for CI, and whether their jobs are read.",
			reader: r.ci(), show: r.showCI, without: "all runs of CI's events, without their jobs",
		},
		{
			name: "cost", setting: "cost", about: "What an hour of downtime costs.",
			reader: r.cost(), show: r.showCost, without: "not known",
		},
		{
			name: "team", about: "People whom GitHub's data does not show as what they are.", keys: []field{
				{
					name: "logins", about: "Members of the team.", reader: logins(&r.Policy.TeamLogins),
					show: func() string { return flow(r.Policy.TeamLogins) }, without: "those whom GitHub knows",
				},
				{
					name: "bots", about: "Accounts that are bots.", reader: logins(&r.Policy.BotLogins),
					show: func() string { return flow(r.Policy.BotLogins) }, without: "those that GitHub knows",
				},
			},
		},
		{
			name: "business-time", setting: "business-time",
			about:  "Working hours, and the KPIs whose lengths count only these.",
			reader: putOff(&r.counted, r.businessTime()), show: r.showBusinessTime, without: "all time counts",
		},
		{
			name: "min-samples", setting: "min-samples",
			about:  "Least number of items that a duration, an amount or a share is judged on.",
			reader: whole(maxMinSamples, &r.Gate.MinSamples), show: func() string { return number(r.Gate.MinSamples) },
		},
		{
			name: "on-no-data", setting: "on-no-data",
			about: "What follows where a benchmark could not be judged: pass (as if it were not there), warn, or fail (exit" +
				" code 3).",
			reader: text(choice(noDataPolicies, func(name string) { r.Gate.OnNoData = gate.OnNoData(name) })),
			show:   func() string { return string(r.Gate.OnNoData) },
		},
		{
			name: "evidence", setting: "evidence",
			about: "What a breach takes: point (the figure is beyond the limit) or interval (its whole 95 % interval is; a" +
				" figure whose interval straddles the limit warns).",
			reader: text(choice(kindsOfEvidence, func(name string) { r.Gate.Evidence = gate.Evidence(name) })),
			show:   func() string { return string(r.Gate.Evidence) },
		},
		{
			name: "kpis", setting: "kpis",
			about: "KPIs to report: ids, families (delivery, pull-requests, bug, ci, …) or globs. Those with a benchmark are" +
				" always among them; fewer need fewer requests.",
			reader: putOff(&r.judged, r.named()), show: func() string { return flow(r.names) }, without: "all",
		},
		{
			name: "timeout", setting: "timeout",
			about:  "How long the reading may take, 1s to 6h; what was not read by then is named and not measured.",
			reader: text(span("timeout", minTimeout, maxTimeout, "10m", &r.Timeout)),
			show:   func() string { return gate.FormatDuration(r.Timeout) },
		},
		{
			name: "budget", setting: "budget",
			about: "Most requests, and most points of GraphQL, that the reading may cost: 400 for both, or" +
				" { requests: 300, points: 500 }. What was not read by then is named and not measured.",
			reader: r.budget(), show: r.showBudget, without: "no limit but GitHub's",
		},
		{
			name: "exempt", setting: "exempt",
			about: "Pull requests that may merge although benchmarks are breached, so that repairs are not held up by what" +
				" they repair. One of these is enough.",
			reader: r.exempt(), show: r.showExempt, without: "none",
		},
		{
			name: "enforce", setting: "enforce", about: "Whether a breach fails the run.",
			reader: truth(&r.Enforce), show: func() string { return truthText(r.Enforce) },
		},
		{
			name: "enforce-on", setting: "enforce-on",
			about:  "Events of workflows on which a breach fails the run, one or a list.",
			reader: r.enforceOn(), show: func() string { return flow(r.EnforceOn) }, without: "all",
		},
		{
			name: "comment", setting: "comment",
			about: "Whether a comment on the pull request says what the gate found. One comment is kept up to date; it takes" +
				" the permission pull-requests: write.",
			reader: truth(&r.Publish.Comment), show: func() string { return truthText(r.Publish.Comment) },
		},
		{
			name: "check-run", setting: "check-run",
			about: "Name of a check run that says what the gate found, beside the job's own. It takes the permission checks:" +
				" write.",
			reader: text(line(maxTitle, &r.Publish.CheckRun)), show: func() string { return scalar(r.Publish.CheckRun) },
			without: "none",
		},
		{
			name: "status", setting: "status",
			about:  "Context of a commit status that says what the gate found. It takes the permission statuses: write.",
			reader: text(line(maxTitle, &r.Publish.Status)), show: func() string { return scalar(r.Publish.Status) },
			without: "none",
		},
		{
			name: "issue", setting: "issue",
			about: "Title of an issue that runs by schedule or by hand keep up to date with what the gate found. It takes the" +
				" permission issues: write.",
			reader: text(line(maxTitle, &r.Publish.Issue)), show: func() string { return scalar(r.Publish.Issue) },
			without: "none",
		},
		{
			name: "benchmarks", setting: "benchmarks",
			about:  "What must hold: lines such as lead-time-for-changes.p50 <= 2d, or mappings with hold or if.",
			reader: putOff(&r.judged, r.benchmarks()), show: r.showBenchmarks, without: "none",
		},
	}
}

// putOff is a reader that waits until it is run.
func putOff(until *[]func(), with reader) reader {
	read := with.read
	with.read = func(d *document, n ast.Node) { *until = append(*until, func() { read(d, n) }) }
	return with
}

// oneOrMany reads a list, or a text as the only one of it.
func oneOrMany(many reader) reader {
	read := many.read
	return reader{
		schema: schema{AnyOf: []schema{*many.schema.Items, many.schema}},
		read: func(d *document, n ast.Node) {
			if s, ok := n.(*ast.StringNode); ok {
				read(d, &ast.SequenceNode{BaseNode: &ast.BaseNode{}, Start: s.GetToken(), Values: []ast.Node{s}})
				return
			}
			read(d, n)
		},
	}
}

// source reads where deployments are read from.
func (r *resolution) source() reader {
	of := text(choice(sources, r.setSource))
	read := of.read
	of.read = func(d *document, n ast.Node) {
		read(d, n)
		r.unplaced = func(message string) { d.fail(start(n), "", "%s", message) }
	}
	return of
}

// maxFile is how long the name of a workflow file may be.
const maxFile = 255

// workflows reads the files of workflows that deploy.
func (r *resolution) workflows() reader {
	return collected(&r.Policy.Workflows, textOrTexts, line(maxFile, new(string)))
}

// signals reads the failure signals.
func (r *resolution) signals() reader {
	given := map[kpi.FailureSignal]bool{}
	names := make([]string, len(signals))
	for i, signal := range signals {
		names[i] = string(signal)
	}
	return texts(choice(names, func(name string) { given[kpi.FailureSignal(name)] = true })).then(func() {
		r.Policy.Signals, given = given, map[kpi.FailureSignal]bool{}
	})
}

// login is the name of an account, or of an app's (https://docs.github.com/en/rest/users/users).
var login = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*(\[bot\])?$`)

// logins reads a list of logins.
func logins(into *[]string) reader {
	return collected(into, texts, taker{
		schema: schema{Type: "string", Pattern: login.String()},
		take: func(name string) (wrong, nearest string) {
			if !login.MatchString(name) {
				if bare := strings.TrimPrefix(name, "@"); login.MatchString(bare) {
					nearest = bare
				}
				return gate.Quote(name) + " is not a login, such as octocat", nearest
			}
			return "", ""
		},
	})
}

// enforceOn reads the events on which a breach fails the run.
func (r *resolution) enforceOn() reader {
	return collected(&r.EnforceOn, textOrTexts, choice(events, func(string) {}))
}
