package config

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
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
	DefaultReportDir  = "kpi-gate-report"
	DefaultMinSamples = 5

	defaultWindow  = 30 * 24 * time.Hour
	defaultTimeout = 10 * time.Minute
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

// sources are the values of the setting "deployments"; the first one leaves it open.
var sources = []string{
	"auto", string(model.SourceDeployments), string(model.SourceWorkflow), string(model.SourceReleases),
	string(model.SourceTags), string(model.SourceMerges),
}

// setSource takes where deployments are read from.
func (c *Config) setSource(source string) {
	c.Policy.Source = ""
	if source != sources[0] {
		c.Policy.Source = model.Source(source)
	}
}

// notAmong is the error about the value of a setting that is none of the names; nil where it is one.
func notAmong(setting, value string, names []string) error {
	if slices.Contains(names, value) {
		return nil
	}
	message := "is none of " + strings.Join(names, ", ")
	if near := gate.Nearest(value, names); near != "" {
		message += fmt.Sprintf("; did you mean %q?", near)
	}
	return &Error{Setting: setting, Value: value, Message: message}
}

// setGlobs takes a list of globs from a setting.
func setGlobs(setting string, into *kpi.Globs) func(string) error {
	return func(value string) error {
		globs, err := list(setting, value)
		if err != nil {
			return err
		}
		for _, glob := range globs {
			if wrong := gate.GlobMistake(glob); wrong != "" {
				return &Error{Setting: setting, Message: wrong}
			}
		}
		*into = globs
		return nil
	}
}

// list splits a setting at commas and line ends. It has to name something.
func list(setting, value string) ([]string, error) {
	var all []string
	for _, part := range strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == '\n' || r == '\r' }) {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	if len(all) == 0 {
		return nil, &Error{Setting: setting, Value: value, Message: "names nothing"}
	}
	return all, nil
}

func either(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
