// Package config turns the settings of a run (inputs of the action, flags of the command) into one validated Config.
package config

import (
	"reflect"
	"strings"
)

// Settings are a run's settings as they were written. Input, flag and name are the same word: the tag "name". A setting
// that is empty was not given. The struct is what the command line parser reads its flags from, and what action.yml and
// the README's table are held against.
type Settings struct {
	Token          string   `name:"token" placeholder:"TOKEN" help:"Token to read with; it needs read permissions only, but for what comment, check-run, status and issue say. On the command line GITHUB_TOKEN or 'gh auth token' is used without it."`
	Repository     string   `name:"repository" aliases:"repo" placeholder:"OWNER/NAME" help:"Repository to measure. Inside Actions the workflow's own without it."`
	Benchmarks     []string `name:"benchmarks" sep:"none" placeholder:"LINES" help:"Benchmarks to hold, one on a line (the flag may be repeated), such as: lead-time-for-changes.p50 <= 2d"`
	Config         string   `name:"config" placeholder:"PATH" help:"Configuration file, by its path in the repository: .github/kpi-gate.yml without it, which need not be there."`
	ConfigFrom     string   `name:"config-from" placeholder:"base" help:"Where the configuration file is read: base (over the API, at the branch that a pull request is to be merged into, else at the default branch), workspace (from disk) or none (the settings alone count): base without it. Whoever can change the workspace can change the gate."`
	OnNoData       string   `name:"on-no-data" placeholder:"warn" help:"What follows where a benchmark could not be judged: pass (as if it were not there), warn, or fail (exit code 3): warn without it."`
	MinSamples     string   `name:"min-samples" placeholder:"5" help:"Least number of items that a duration, an amount or a share is judged on: 5 without it."`
	Evidence       string   `name:"evidence" placeholder:"point" help:"What a breach takes: point (the figure is beyond the limit) or interval (its whole 95 % interval is; a figure whose interval straddles the limit warns): point without it."`
	Exempt         string   `name:"exempt" placeholder:"YAML" help:"Pull requests that may merge although benchmarks are breached, in YAML: { labels: [hotfix], branches: [revert-*], authors: [octocat], paths: [docs/*], fixing-breached-class: true }"`
	Enforce        string   `name:"enforce" placeholder:"true" help:"Whether a breach fails the run: true or false: true without it."`
	EnforceOn      string   `name:"enforce-on" placeholder:"LIST" help:"Events of workflows on which a breach fails the run, such as merge_group: all without it."`
	Comment        string   `name:"comment" placeholder:"false" help:"Whether a comment on the pull request says what the gate found: true or false. One comment is kept up to date; it takes the permission pull-requests: write."`
	CheckRun       string   `name:"check-run" placeholder:"NAME" help:"Name of a check run that says what the gate found, beside the job's own: none without it. It takes the permission checks: write."`
	Status         string   `name:"status" placeholder:"CONTEXT" help:"Context of a commit status that says what the gate found: none without it. It takes the permission statuses: write."`
	Issue          string   `name:"issue" placeholder:"TITLE" help:"Title of an issue that runs by schedule or by hand keep up to date with what the gate found: none without it. It takes the permission issues: write."`
	KPIs           string   `name:"kpis" placeholder:"LIST" help:"KPIs to report: ids, families (delivery, pull-requests, bug, ci, …) or globs, separated by commas or lines; those with a benchmark are always among them. Fewer need fewer requests. All without it, but jobs are read for ci-queue-time only if it has a benchmark, is named here, or ci says so."`
	Window         string   `name:"window" placeholder:"30d" help:"Length of the window to measure over, in days or weeks: 30d unless told otherwise."`
	Until          string   `name:"until" placeholder:"TIME" help:"End of the window, RFC 3339, such as 2026-06-30T00:00:00Z: the start of the run without it."`
	Deployments    string   `name:"deployments" placeholder:"auto" help:"Where deployments are read from: auto, deployments, workflow, releases, tags or merges."`
	Environments   string   `name:"environments" placeholder:"LIST" help:"Production environments, globs, separated by commas or lines: production, prod, prod-*, *-production, live without it."`
	Branches       string   `name:"branches" placeholder:"LIST" help:"Production branches, globs: the default branch without it."`
	DeployWorkflow string   `name:"deploy-workflow" placeholder:"FILE" help:"Workflow files whose successful runs are deployments, such as deploy.yml."`
	Tags           string   `name:"tags" placeholder:"LIST" help:"Tags that are deployments where deployments are read from tags, globs: v* without it."`
	BugLabels      string   `name:"bug-labels" placeholder:"LIST" help:"Labels of bugs, globs: bug, bug/*, bug:*, *: bug, */bug, defect, regression without it."`
	IncidentLabels string   `name:"incident-labels" placeholder:"LIST" help:"Labels of incidents, globs: incident, incident/*, outage, sev[0-9], *: incident without it."`
	Classes        string   `name:"classes" placeholder:"YAML" help:"Issue classes by name, in YAML, such as escalation: { labels: [customer-escalation], types: [Escalation] }. One named as a built-in class (bug, incident, support, security) replaces it; any other has the same KPIs under its own name."`
	BusinessTime   string   `name:"business-time" placeholder:"YAML" help:"Working hours, in YAML, and the KPIs whose lengths count only these: { zone: Europe/Berlin, days: mon-fri, hours: 09:00-17:00, holidays: [2026-12-25], kpis: [pickup-time, bug-time-to-*] }. A day in their benchmarks is then a working day."`
	Cost           string   `name:"cost" placeholder:"YAML" help:"What an hour of downtime costs, in YAML: { downtime-per-hour: 5000, currency: EUR }"`
	CI             string   `name:"ci" placeholder:"YAML" help:"Which workflow runs speak for CI, in YAML, and whether their jobs are read, which takes a request for each run: { exclude-workflows: [deploy.yml], jobs: true }"`
	Timeout        string   `name:"timeout" placeholder:"10m" help:"How long the reading may take, 1s to 6h; what was not read by then is named and not measured: 10m without it."`
	Budget         string   `name:"budget" placeholder:"N" help:"Most requests, and most GraphQL points, that the reading may cost: 400 for both, or in YAML { requests: 300, points: 500 }. What was not read by then is named and not measured. Without it there is no limit but GitHub's."`
	Cache          string   `name:"cache" placeholder:"FILE" help:"Snapshot file that the reading extends, and writes back for the next run: what is closed is not read again. One that is damaged, or of another version, repository or settings, is left aside and replaced."`
	ReportDir      string   `name:"report-dir" placeholder:"DIR" help:"Folder that report.json, summary.md and badge.json are written to: kpi-gate-report without it."`
}

// Setting is one setting's name and what it is for.
type Setting struct{ Name, Help string }

// All lists the settings in the order of the struct.
func All() []Setting {
	var all []Setting
	eachField(&Settings{}, func(tag reflect.StructTag, _ func(string)) {
		all = append(all, Setting{Name: tag.Get("name"), Help: tag.Get("help")})
	})
	return all
}

// FromInputs reads the settings that the runner passes as INPUT_<NAME>: upper case, blanks as underscores, hyphens kept
// (https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax#inputs).
func FromInputs(getenv func(string) string) Settings {
	var s Settings
	eachField(&s, func(tag reflect.StructTag, set func(string)) {
		value := getenv("INPUT_" + strings.ToUpper(tag.Get("name")))
		if trimmed := strings.TrimSpace(value); trimmed == "" {
			return
		} else if !strings.Contains(trimmed, "\n") {
			value = trimmed // Several lines stay as they are: errors say where in them they are.
		}
		set(value)
	})
	return s
}

// given reports whether the setting of a name was given.
func given(s Settings, name string) bool {
	v := reflect.ValueOf(s)
	for i := range v.NumField() {
		if v.Type().Field(i).Tag.Get("name") == name {
			return !v.Field(i).IsZero()
		}
	}
	return false
}

// eachField yields the tag of each setting and how to set it.
func eachField(s *Settings, yield func(tag reflect.StructTag, set func(string))) {
	v := reflect.ValueOf(s).Elem()
	for i := range v.NumField() {
		field := v.Field(i)
		yield(v.Type().Field(i).Tag, func(value string) {
			if field.Kind() == reflect.Slice {
				field.Set(reflect.ValueOf([]string{value}))
				return
			}
			field.SetString(value)
		})
	}
}
