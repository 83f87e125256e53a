package config

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"kpi-gate/internal/gate"
	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
)

// Origin says where a value of the configuration comes from.
type Origin string

// The origins.
const (
	OriginDefault Origin = "default"
	OriginFile    Origin = "file"
	OriginSetting Origin = "setting"
)

// resolution is a Config in the making: the defaults, then what the file says in their place, then the settings.
type resolution struct {
	Config
	// length is that of the window, names are the KPIs to report as they were named.
	length time.Duration
	names  []string
	// origins are those of the values that are no defaults, by key of the file: production.environments, classes.bug.
	origins map[string]Origin
	// counted and judged read what of the file names KPIs, which wait for the classes, and what depends on working time,
	// which waits for that.
	counted, judged []func()
	// unplaced notes a mistake about the source that only shows once all is known, where the file names the source.
	unplaced func(message string)
	// follows is true where jobs are read only because a KPI that needs them is named.
	follows bool
	// today is the day on which the configuration is looked at, at midnight UTC.
	today time.Time
}

// newResolution is the defaults.
func newResolution() *resolution {
	r := &resolution{
		Config: Config{
			Policy: kpi.DefaultPolicy(), KPIs: kpi.BuiltIn(), Enforce: true,
			Gate: gate.Policy{MinSamples: DefaultMinSamples, OnNoData: gate.NoDataWarns, Evidence: gate.EvidencePoint},
		},
		origins: map[string]Origin{},
	}
	r.length, r.Timeout = defaultWindow, defaultTimeout
	return r
}

// Resolve validates a configuration file (nil: there is none) and settings, which override what the file says. Every
// mistake is reported, joined into one error; now is the end of a window that names no other.
func Resolve(s Settings, f *File, now time.Time) (Config, error) {
	r, errs := resolve(s, f, now)
	if s.Repository == "" {
		errs = append([]error{&Error{
			Setting: "repository", Message: "missing: say which one to measure, as owner/name",
		}}, errs...)
	}
	if len(errs) > 0 {
		return Config{}, errors.Join(errs...)
	}
	return r.Config, nil
}

// resolve is Resolve without a repository where none is named.
func resolve(s Settings, f *File, now time.Time) (*resolution, []error) {
	r := newResolution()
	file := r.readFile(f)
	var errs []error
	check := func(err error) {
		if err != nil {
			errs = append(errs, err)
		}
	}
	check(checkToken(s.Token))
	if s.Repository != "" {
		check(r.setRepository(s.Repository))
	}
	r.Token, r.Cache, r.ReportDir = s.Token, s.Cache, either(s.ReportDir, DefaultReportDir)
	_, _, _, err := Place(s)
	check(err)
	for _, of := range []struct {
		setting, value string
		set            func(string) error
	}{
		{"window", s.Window, r.setWindow},
		{"deployments", s.Deployments, r.setDeployments},
		{"deploy-workflow", s.DeployWorkflow, r.setWorkflows},
		{"environments", s.Environments, setGlobs("environments", &r.Policy.Environments)},
		{"branches", s.Branches, setGlobs("branches", &r.Policy.Branches)},
		{"tags", s.Tags, setGlobs("tags", &r.Policy.Tags)},
		{"bug-labels", s.BugLabels, r.setLabels("bug-labels", kpi.Bug)},
		{"incident-labels", s.IncidentLabels, r.setLabels("incident-labels", kpi.Incident)},
		{"timeout", s.Timeout, r.setTimeout},
		{"on-no-data", s.OnNoData, choose("on-no-data", noDataPolicies, func(v string) { r.Gate.OnNoData = gate.OnNoData(v) })},
		{"evidence", s.Evidence, choose("evidence", kindsOfEvidence, func(v string) { r.Gate.Evidence = gate.Evidence(v) })},
		{"min-samples", s.MinSamples, r.setMinSamples},
		{"enforce", s.Enforce, setTruth("enforce", &r.Enforce)},
		{"enforce-on", s.EnforceOn, r.setEnforceOn},
		{"comment", s.Comment, setTruth("comment", &r.Publish.Comment)},
		{"check-run", s.CheckRun, setLine("check-run", &r.Publish.CheckRun)},
		{"status", s.Status, setLine("status", &r.Publish.Status)},
		{"issue", s.Issue, setLine("issue", &r.Publish.Issue)},
	} {
		if of.value != "" {
			check(of.set(of.value))
		}
	}
	until, err := end(s.Until, now)
	check(err)
	r.Window = model.Window{Since: until.Add(-r.length), Until: until}
	yaml := func(setting, value string, clear func(), with reader) {
		if value != "" {
			clear()
			errs = append(errs, readYAML(setting, value, with)...)
		}
	}
	yaml("classes", s.Classes, func() {}, r.classes(labelled(s), func(class string) {
		r.origins["classes."+class] = OriginSetting
	}))
	r.run(r.counted)
	yaml("business-time", s.BusinessTime, func() { r.Policy.BusinessTime = nil }, r.businessTime())
	yaml("cost", s.Cost, func() { r.Policy.DowntimeCost = nil }, r.cost())
	yaml("ci", s.CI, func() { r.Policy.ExcludedWorkflows, r.Jobs = nil, false }, r.ci())
	yaml("budget", s.Budget, func() { r.Budget = Budget{} }, r.budget())
	yaml("exempt", s.Exempt, func() { r.Exemptions = gate.Exemptions{} }, r.exempt())
	r.run(r.judged)
	check(r.checkSource(s))
	if len(s.Benchmarks) > 0 {
		r.Benchmarks, err = r.language().ParseAll(strings.Join(s.Benchmarks, "\n"))
		for _, wrong := range parts(err) {
			check(fmt.Errorf("benchmarks: %w", wrong))
		}
	}
	if s.KPIs != "" {
		check(r.setNamed(s.KPIs))
	}
	r.setAsked()
	r.overridden(s)
	return r, append(file(), errs...)
}

// readFile reads the file, if there is one, except for what waits for the settings. The result is what gives its
// mistakes, once all of it has been read.
func (r *resolution) readFile(f *File) (mistakes func() []error) {
	if f == nil {
		return func() []error { return nil }
	}
	d, body := openYAML(f.Name, f.Text)
	if body != nil {
		r.file().read(d, body)
	}
	return d.mistakes
}

// run does what was put off.
func (r *resolution) run(putOff []func()) {
	for _, do := range putOff {
		do()
	}
}

// labelled are the classes whose labels a setting gives, with its name.
func labelled(s Settings) map[string]string {
	by := map[string]string{}
	if s.BugLabels != "" {
		by[kpi.Bug] = "bug-labels"
	}
	if s.IncidentLabels != "" {
		by[kpi.Incident] = "incident-labels"
	}
	return by
}

// overridden notes which values the settings gave.
func (r *resolution) overridden(s Settings) {
	var note func(prefix string, keys []field)
	note = func(prefix string, keys []field) {
		for _, key := range keys {
			note(prefix+key.name+".", key.keys)
			if key.setting != "" && given(s, key.setting) {
				r.origins[prefix+key.name] = OriginSetting
			}
		}
	}
	note("", r.keys())
	for class := range labelled(s) {
		r.origins["classes."+class] = OriginSetting
	}
}

func (r *resolution) setWindow(window string) error {
	var err error
	r.length, err = length(window)
	return err
}

func (r *resolution) setDeployments(source string) error {
	if slices.Contains(sources, source) {
		r.setSource(source)
		return nil
	}
	message := "is not a source"
	if near := gate.Nearest(source, sources); near != "" {
		message += fmt.Sprintf("; did you mean %q?", near)
	}
	message += " (known: " + strings.Join(sources, ", ") + ")"
	return &Error{Setting: "deployments", Value: source, Message: message}
}

func (r *resolution) setWorkflows(files string) error {
	names, err := list("deploy-workflow", files)
	if err != nil {
		return err
	}
	r.Policy.Workflows = names
	return nil
}

// checkSource sees that the workflow is known where deployments are the runs of one.
func (r *resolution) checkSource(s Settings) error {
	if r.Policy.Source != model.SourceWorkflow || len(r.Policy.Workflows) > 0 {
		return nil
	}
	if s.Deployments == "" && r.unplaced != nil {
		r.unplaced("with source: workflow, name the workflow file that deploys, as in workflow: deploy.yml")
		return nil
	}
	return &Error{
		Setting: "deploy-workflow",
		Message: "missing: with deployments: workflow, name the workflow file that deploys, such as deploy.yml",
	}
}

func (r *resolution) setMinSamples(number string) error {
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > maxMinSamples {
		return &Error{
			Setting: "min-samples", Value: number, Message: fmt.Sprintf("is not a whole number from 1 to %d", maxMinSamples),
		}
	}
	r.Gate.MinSamples = n
	return nil
}

func (r *resolution) setEnforceOn(setting string) error {
	names, err := list("enforce-on", setting)
	if err != nil {
		return err
	}
	var errs []error
	for _, name := range names {
		errs = append(errs, notAmong("enforce-on", name, events))
	}
	r.EnforceOn = names
	return errors.Join(errs...)
}

// setLabels sets the labels of a class; its types stay.
func (r *resolution) setLabels(setting, class string) func(string) error {
	return func(value string) error {
		of := r.Policy.Classes[class]
		err := setGlobs(setting, &of.Labels)(value)
		r.Policy.Classes[class] = of
		return err
	}
}

// choose takes one of the names from a setting.
func choose(setting string, names []string, take func(string)) func(string) error {
	return func(value string) error {
		if err := notAmong(setting, value, names); err != nil {
			return err
		}
		take(value)
		return nil
	}
}

// setTruth takes true or false from a setting, written as YAML's core schema has them
// (https://yaml.org/spec/1.2.2/#1032-tag-resolution).
func setTruth(setting string, into *bool) func(string) error {
	return func(value string) error {
		switch value {
		case "true", "True", "TRUE":
			*into = true
		case "false", "False", "FALSE":
			*into = false
		default:
			message := "is neither true nor false"
			if near := truths[strings.ToLower(value)]; near != "" {
				message += fmt.Sprintf("; did you mean %s?", near)
			}
			return &Error{Setting: setting, Value: value, Message: message}
		}
		return nil
	}
}

// maxTitle is how many characters the name of a check run, the context of a status and the title of an issue may have.
const maxTitle = 100

// setLine takes a text of one line from a setting.
func setLine(setting string, into *string) func(string) error {
	return func(value string) error {
		if wrong := lineMistake(value, maxTitle); wrong != "" {
			return &Error{Setting: setting, Message: wrong}
		}
		*into = value
		return nil
	}
}
