package config

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"kpi-gate/internal/gate"
	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
)

// The windows that can be measured: a report reads twice the window, and at least 84 days.
const (
	minWindow = 24 * time.Hour
	maxWindow = 731 * 24 * time.Hour
)

// The defaults of the settings that are not part of kpi.DefaultPolicy.
const (
	DefaultWindow     = "30d"
	DefaultReportDir  = "kpi-gate-report"
	DefaultTimeout    = "10m"
	DefaultMinSamples = 5
)

// Config is a run's validated configuration.
type Config struct {
	Token       string
	Owner, Name string
	// KPIs are those that there are: the built-in ones, and those of the classes that the configuration names.
	KPIs *kpi.Catalogue
	// Asked are the KPIs to report, in the order of KPIs; those with a benchmark are among them.
	Asked      []*kpi.Definition
	Benchmarks []gate.Benchmark
	Window     model.Window
	Policy     kpi.Policy
	Gate       gate.Policy
	Exemptions gate.Exemptions
	// Enforce is false where a breach does not fail the run; EnforceOn are the events of workflows on which it does, empty
	// for all.
	Enforce   bool
	EnforceOn []string
	Publish   Publish
	// Jobs asks for the jobs of workflow runs, which take a request for each run: by itself, or because a benchmark or the
	// setting kpis names a KPI that needs them.
	Jobs bool
	// Timeout is how long the reading may take, Budget what it may cost.
	Timeout time.Duration
	Budget  Budget
	// Cache is the path of the snapshot file that the reading extends and writes back; empty: there is none.
	Cache string
	// ReportDir is the folder for report.json and the other files.
	ReportDir string
}

// Publish is what is told elsewhere than in the run itself.
type Publish struct {
	// Comment asks for a comment on the pull request.
	Comment bool
	// CheckRun, Status and Issue are the name of a check run, the context of a commit status and the title of an issue;
	// empty for none.
	CheckRun, Status, Issue string
}

// File is a configuration file.
type File struct {
	// Name is what errors call it, such as .github/kpi-gate.yml.
	Name string
	Text string
}

// Error says which setting is wrong, and how to write it.
type Error struct {
	// Setting is its name, Value what was given.
	Setting, Value string
	// Message says what is wrong and what would be right.
	Message string
}

func (e *Error) Error() string {
	if e.Value == "" {
		return fmt.Sprintf("%s: %s", e.Setting, e.Message)
	}
	return fmt.Sprintf("%s: %q %s", e.Setting, e.Value, e.Message)
}

// Resolve validates a configuration file (nil: there is none) and settings, which override what the file says. Every
// mistake is reported, joined into one error; now is the end of a window that names no other.
func Resolve(s Settings, f *File, now time.Time) (Config, error) {
	c := Config{
		Enforce: true,
		Token:   s.Token, Policy: kpi.DefaultPolicy(), KPIs: kpi.BuiltIn(), Cache: s.Cache,
		Gate:      gate.Policy{MinSamples: DefaultMinSamples, OnNoData: gate.NoDataWarns},
		ReportDir: either(s.ReportDir, DefaultReportDir),
	}
	var errs []error
	check := func(err error) {
		if err != nil {
			errs = append(errs, err)
		}
	}
	check(checkToken(s.Token))
	check(c.setRepository(s.Repository))
	window, err := length(either(s.Window, DefaultWindow))
	check(err)
	until, err := end(s.Until, now)
	check(err)
	c.Window = model.Window{Since: until.Add(-window), Until: until}
	check(c.setSource(either(s.Deployments, "auto"), list(s.DeployWorkflow)))
	for _, g := range []struct {
		setting, value string
		into           *kpi.Globs
	}{
		{"environments", s.Environments, &c.Policy.Environments},
		{"branches", s.Branches, &c.Policy.Branches},
		{"tags", s.Tags, &c.Policy.Tags},
	} {
		check(setGlobs(g.setting, g.value, g.into))
	}
	check(c.setClass(kpi.Bug, "bug-labels", s.BugLabels))
	check(c.setClass(kpi.Incident, "incident-labels", s.IncidentLabels))
	labelled := map[string]string{}
	if s.BugLabels != "" {
		labelled[kpi.Bug] = "bug-labels"
	}
	if s.IncidentLabels != "" {
		labelled[kpi.Incident] = "incident-labels"
	}
	for _, y := range []struct {
		setting, value string
		read           reader
	}{
		{"classes", s.Classes, c.classes(labelled)}, // the others name KPIs, and so may name those of classes
		{"business-time", s.BusinessTime, c.businessTime},
		{"cost", s.Cost, c.cost},
		{"ci", s.CI, c.ci},
		{"budget", s.Budget, c.budget},
	} {
		errs = append(errs, readYAML(y.setting, y.value, y.read)...)
	}
	check(c.setTimeout(either(s.Timeout, DefaultTimeout)))
	check(c.setOnNoData(s.OnNoData))
	language := gate.Language{KPIs: c.KPIs, BusinessTime: c.Policy.BusinessTime}
	c.Benchmarks, err = language.ParseAll(strings.Join(s.Benchmarks, "\n"))
	for _, wrong := range parts(err) {
		check(fmt.Errorf("benchmarks: %w", wrong))
	}
	check(c.setAsked(s.KPIs))
	if len(errs) > 0 {
		return Config{}, errors.Join(errs...)
	}
	return c, nil
}

// parts are the errors that a joined error consists of; an error of its own is its only part, and nil has none.
func parts(err error) []error {
	var joined interface{ Unwrap() []error }
	switch {
	case errors.As(err, &joined):
		return joined.Unwrap()
	case err != nil:
		return []error{err}
	default:
		return nil
	}
}

// checkToken refuses what cannot be a token, without repeating it.
func checkToken(token string) error {
	for _, r := range token {
		if r <= ' ' || r > '~' {
			return &Error{
				Setting: "token", Message: "it holds a blank, a line break or another character that no token has; it may" +
					" have been pasted with more than itself",
			}
		}
	}
	return nil
}

// repositoryName is owner/name as GitHub has them: an owner is letters, digits and hyphens (and, for managed users, an
// underscore); a repository also has dots and underscores.
var repositoryName = regexp.MustCompile(`^([A-Za-z0-9][A-Za-z0-9_-]*)/([A-Za-z0-9._-]+)$`)

func (c *Config) setRepository(s string) error {
	if s == "" {
		return &Error{Setting: "repository", Message: "missing: say which one to measure, as owner/name"}
	}
	m := repositoryName.FindStringSubmatch(s)
	if m == nil || m[2] == "." || m[2] == ".." {
		return &Error{Setting: "repository", Value: s, Message: "is not of the form owner/name"}
	}
	c.Owner, c.Name = m[1], m[2]
	return nil
}

// length is how long the window is.
func length(window string) (time.Duration, error) {
	d, err := gate.ParseDuration(window)
	message := ""
	switch {
	case err != nil:
		message = "is not a length of time such as 30d or 12w"
	case d < minWindow:
		message = "is too short: the shortest window is 1d"
	case d > maxWindow:
		message = "is too long: the longest window is 731d (two years)"
	default:
		return d, nil
	}
	return 0, &Error{Setting: "window", Value: window, Message: message}
}

// earliest is the earliest end of a window: the year in which GitHub began.
var earliest = time.Date(2008, 1, 1, 0, 0, 0, 0, time.UTC)

// end is when the window ends.
func end(until string, now time.Time) (time.Time, error) {
	now = now.UTC().Truncate(time.Second)
	if until == "" {
		return now, nil
	}
	t, err := parseInstant(until)
	message := ""
	switch {
	case err != nil:
		message = "is not a time such as 2026-06-30T00:00:00Z or a day such as 2026-06-30"
	case t.After(now):
		message = "lies in the future (it is " + now.Format(time.RFC3339) + "): nothing is known of it yet"
	case t.Before(earliest):
		message = "lies before " + earliest.Format(time.DateOnly) + ", when GitHub began"
	default:
		return t.UTC().Truncate(time.Second), nil
	}
	return time.Time{}, &Error{Setting: "until", Value: until, Message: message}
}

func parseInstant(s string) (time.Time, error) {
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return t, nil
	}
	return time.Parse(time.RFC3339, s)
}

// sources are the values of the setting "deployments".
var sources = []string{
	"auto", string(model.SourceDeployments), string(model.SourceWorkflow), string(model.SourceReleases),
	string(model.SourceTags), string(model.SourceMerges),
}

func (c *Config) setSource(source string, workflows []string) error {
	c.Policy.Workflows = workflows
	for _, known := range sources {
		if source != known {
			continue
		}
		if source == string(model.SourceWorkflow) && len(workflows) == 0 {
			return &Error{
				Setting: "deploy-workflow",
				Message: "missing: with deployments: workflow, name the workflow file that deploys, such as deploy.yml",
			}
		}
		if source != "auto" {
			c.Policy.Source = model.Source(source)
		}
		return nil
	}
	message := "is not a source"
	if near := gate.Nearest(source, sources); near != "" {
		message += fmt.Sprintf("; did you mean %q?", near)
	}
	message += " (known: " + strings.Join(sources, ", ") + ")"
	return &Error{Setting: "deployments", Value: source, Message: message}
}

func (c *Config) setClass(class, setting, value string) error {
	in := c.Policy.Classes[class]
	if err := setGlobs(setting, value, &in.Labels); err != nil {
		return err
	}
	c.Policy.Classes[class] = in
	return nil
}

func setGlobs(setting, value string, into *kpi.Globs) error {
	if value == "" {
		return nil
	}
	globs := kpi.Globs(list(value))
	if len(globs) == 0 {
		return &Error{Setting: setting, Value: value, Message: "names nothing"}
	}
	for _, glob := range globs {
		if wrong := gate.GlobMistake(glob); wrong != "" {
			return &Error{Setting: setting, Message: wrong}
		}
	}
	*into = globs
	return nil
}

// list splits a setting at commas and line ends.
func list(s string) []string {
	var all []string
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == '\n' || r == '\r' }) {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}

func either(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
