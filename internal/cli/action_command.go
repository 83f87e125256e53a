package cli

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/sethvargo/go-githubactions"

	"kpi-gate/internal/config"
	"kpi-gate/internal/gate"
	"kpi-gate/internal/model"
	"kpi-gate/internal/render"
	"kpi-gate/internal/report"
)

// actionCommand is the program as a step of a workflow.
type actionCommand struct{}

// Run reads the inputs, measures, and tells the result in every way that a step has: log, annotations, job summary,
// outputs and the exit code.
func (*actionCommand) Run(ctx context.Context, env Env) error {
	action := githubactions.New(githubactions.WithWriter(env.Stdout), githubactions.WithGetenv(env.Getenv))
	err := runAction(ctx, env, action)
	if err != nil && exitCode(err) != ExitBreached && !errors.Is(err, unjudgedError{}) {
		title := "kpi-gate could not measure"
		if exitCode(err) == ExitUsage {
			title = "kpi-gate is not configured right"
		}
		action.WithFieldsMap(map[string]string{"title": title}).Errorf("%s", harmless([]byte(err.Error())))
		// The reason stands in the annotation: printing it again to the log could let its text act as a command.
		return &toldError{err}
	}
	if errors.Is(err, unjudgedError{}) {
		return &toldError{err} // by the report, and an annotation for each benchmark
	}
	return err
}

// toldError is an error that the user has been told.
type toldError struct{ err error }

func (e *toldError) Error() string { return e.err.Error() }
func (e *toldError) Unwrap() error { return e.err }

func runAction(ctx context.Context, env Env, action *githubactions.Action) error {
	settings := config.FromInputs(env.Getenv)
	if settings.Token != "" {
		action.AddMask(settings.Token)
	}
	g := &gateRun{env: env, at: environmentEndpoints(env), home: env.Getenv("GITHUB_REPOSITORY")}
	if settings.Repository == "" {
		settings.Repository = g.home
	}
	g.home = cmp.Or(g.home, settings.Repository)
	if settings.Token == "" {
		return &usageError{&config.Error{
			Setting: "token", Message: "missing: leave the input out, and the workflow's own token is used (github.token)",
		}}
	}
	var err error
	if g.trigger, err = readTrigger(env); err != nil {
		return err
	}
	if err := g.configure(ctx, settings, func(c config.Config) error {
		if err := errors.Join(checkMounted(env, "report-dir", c.ReportDir), checkMounted(env, "cache", c.Cache)); err != nil {
			return err
		}
		return checkPaths(c)
	}); err != nil {
		return err
	}
	c := g.Config

	log := &logWriter{to: env.Stdout}
	action.Group("Reading " + c.Owner + "/" + c.Name)
	read, err := read(ctx, env, c, g.at, lines(log))
	if err == nil {
		err = read.keep(log)
	}
	if closed := log.Close(); err == nil {
		err = closed
	}
	action.EndGroup()
	if err != nil {
		return err
	}
	r := g.judge(ctx, read)
	if err := g.publish(ctx, r); err != nil {
		return err
	}
	return tell(env, action, c, r)
}

// checkMounted sees that a path is one that later steps, and so later runs, can see: the action runs in a container that
// has the workspace and the runner's temporary folder of the machine, and what it writes elsewhere is gone with it
// (https://docs.github.com/en/actions/reference/workflows-and-actions/dockerfile-support#workdir).
//
// A link that a checkout holds does not lead out of there: the action runs as root.
func checkMounted(env Env, setting, path string) error {
	if path == "" {
		return nil
	}
	var roots []string
	if filepath.IsLocal(path) {
		roots = append(roots, ".")
	} else if !filepath.IsAbs(path) {
		return unmounted(setting, path)
	}
	for _, variable := range []string{"GITHUB_WORKSPACE", "RUNNER_TEMP"} {
		if root := env.Getenv(variable); root != "" {
			roots = append(roots, root)
		}
	}
	for _, root := range roots {
		if below, err := filepath.Rel(followed(root), followed(path)); err == nil && filepath.IsLocal(below) {
			return nil
		}
	}
	return unmounted(setting, path)
}

// unmounted is the error of a path that later steps cannot see.
func unmounted(setting, path string) error {
	return &config.Error{
		Setting: setting, Value: path,
		Message: "is not below the workspace: later steps could not see what is written there; give a path relative to the" +
			" workspace",
	}
}

// followed is where a path leads by the links in it, as far as it is there yet.
func followed(path string) string {
	full, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	for there, rest := full, ""; ; there, rest = filepath.Dir(there), filepath.Join(filepath.Base(there), rest) {
		if target, err := filepath.EvalSymlinks(there); err == nil {
			return filepath.Join(target, rest)
		}
		if filepath.Dir(there) == there {
			return full
		}
	}
}

// lines is a collect.Progress that writes a line for each feed when it ends.
func lines(log *logWriter) func(model.Feed, int, int, bool) {
	var mu sync.Mutex
	return func(feed model.Feed, read, _ int, done bool) {
		mu.Lock()
		defer mu.Unlock()
		if done {
			fmt.Fprintf(log, "%s: %d read\n", feed.Words(), read)
		}
	}
}

// tell gives the report to the runner.
func tell(env Env, action *githubactions.Action, c config.Config, r *report.Report) error {
	log := &logWriter{to: env.Stdout}
	if err := printText(log, r); err != nil {
		return err
	}
	if err := log.Close(); err != nil {
		return fmt.Errorf("printing the report: %w", err)
	}
	for _, a := range render.Annotations(r) {
		with := action.WithFieldsMap(map[string]string{"title": a.Title})
		switch a.Level {
		case "error":
			with.Errorf("%s", a.Message)
		case "warning":
			with.Warningf("%s", a.Message)
		default:
			with.Noticef("%s", a.Message)
		}
	}
	// The figures are there: whatever can be told of them is told, and the verdict stands.
	paths, err := writeFiles(c.ReportDir, r)
	if err != nil {
		warn(action, "The report's files could not be written; the report is in the log and the job summary: "+err.Error())
	}
	if err := writeSummary(env, action, r); err != nil {
		warn(action, "The job summary could not be written; the report is in the log: "+err.Error())
	}
	if err := writeOutputs(env, action, r, paths.json); err != nil {
		warn(action, "The outputs could not be set, so later steps cannot read them: "+err.Error())
	}
	return concluded(r)
}

func warn(action *githubactions.Action, message string) {
	action.WithFieldsMap(map[string]string{"title": "kpi-gate"}).Warningf("%s", message)
}

// runnerFile sees that a file of the runner's can be appended to: the library panics where it cannot.
func runnerFile(env Env, variable string) error {
	path := env.Getenv(variable)
	if path == "" {
		return fmt.Errorf("%s is not set", variable)
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o644)
	if err != nil {
		return fmt.Errorf("%s: %w", variable, err)
	}
	return file.Close()
}

func writeSummary(env Env, action *githubactions.Action, r *report.Report) error {
	var summary bytes.Buffer
	if err := render.Markdown(&summary, r); err != nil {
		return err
	}
	if err := runnerFile(env, "GITHUB_STEP_SUMMARY"); err != nil {
		return err
	}
	action.AddStepSummary(summary.String())
	return nil
}

// writeOutputs sets verdict, breached, report, and the value of each KPI that has a benchmark: over all its items, even
// where the benchmark is on some of them.
func writeOutputs(env Env, action *githubactions.Action, r *report.Report, path string) error {
	outputs, err := outputs(r, path)
	if err != nil {
		return err
	}
	if err := runnerFile(env, "GITHUB_OUTPUT"); err != nil {
		return err
	}
	for _, o := range outputs {
		action.SetOutput(o.name, o.value)
	}
	return nil
}

type output struct{ name, value string }

// outputs are the step's outputs, each of one line: the library delimits values by a fixed word.
func outputs(r *report.Report, path string) ([]output, error) {
	var breached []string
	wanted := map[string]bool{}
	for _, b := range r.Benchmarks {
		if b.Outcome == string(gate.Breached) && !slices.Contains(breached, b.KPI) {
			breached = append(breached, b.KPI)
		}
		wanted[b.KPI] = true
	}
	if strings.ContainsAny(path, "\r\n") {
		return nil, errors.New("report-dir holds a line break")
	}
	all := []output{{"verdict", r.Verdict}, {"breached", strings.Join(breached, ",")}, {"report", path}}
	for _, k := range r.KPIs {
		if !wanted[k.ID] || k.Filter != nil {
			continue
		}
		value := ""
		if k.Value != nil {
			value = strconv.FormatFloat(*k.Value, 'f', -1, 64)
		}
		all = append(all, output{k.ID, value})
	}
	return all, nil
}
