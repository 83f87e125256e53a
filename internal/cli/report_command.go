package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"

	"kpi-gate/internal/config"
	"kpi-gate/internal/gate"
	"kpi-gate/internal/render"
	"kpi-gate/internal/report"
)

// reportCommand is kpi-gate report.
type reportCommand struct {
	planned `embed:""`

	Snapshot string `placeholder:"FILE" help:"Report from a snapshot file, as collect and the setting cache write it, and ask GitHub for nothing: no token, no network."`

	config.Settings `embed:""`
}

// Help is shown by kpi-gate report --help.
func (reportCommand) Help() string {
	return `Examples:

    kpi-gate report --repo octo-org/parcel-tracker
    kpi-gate report --repo octo-org/parcel-tracker --window 90d --deployments tags --tags 'v*' \
        --benchmarks 'bug-time-to-resolve.within(7d) >= 85%' --benchmarks 'review-coverage >= 90%'

    kpi-gate report --snapshot parcel-tracker.snapshot --kpis ci,bug

The report goes to the terminal, and with the whole of its figures to report.json in --report-dir.

With --snapshot the repository is the file's, and the window ends where the file's does, unless --repository and
--until say the same or less. Settings that decide what is read must be those that the file was made with.`
}

// Run measures and prints.
func (r *reportCommand) Run(ctx context.Context, env Env) error {
	if r.Snapshot != "" {
		if r.Plan {
			return &usageError{errors.New("--plan has no place beside --snapshot: nothing is asked of GitHub")}
		}
		return reportSnapshot(env, r.Settings, r.Snapshot)
	}
	c, err := resolve(ctx, env, r.Settings)
	if err != nil {
		return err
	}
	if r.Plan {
		return showPlan(ctx, env, c, environmentEndpoints(env))
	}
	return runReport(ctx, env, c, environmentEndpoints(env))
}

// resolve validates the settings of a person at a terminal, with the repository and the token that the environment has
// where they name none.
func resolve(ctx context.Context, env Env, settings config.Settings) (config.Config, error) {
	return resolveWith(ctx, env, settings, nil)
}

// resolveWith is resolve with a configuration file; nil: there is none.
func resolveWith(ctx context.Context, env Env, settings config.Settings, file *config.File) (config.Config, error) {
	if settings.Repository == "" {
		settings.Repository = env.Getenv("GITHUB_REPOSITORY")
	}
	if settings.Token == "" {
		settings.Token = env.Getenv("GITHUB_TOKEN")
	}
	c, err := config.Resolve(settings, file, env.Now())
	if err != nil {
		return config.Config{}, &usageError{err}
	}
	if c.Token == "" {
		if c.Token, err = loginToken(ctx); err != nil {
			return config.Config{}, err
		}
	}
	return c, nil
}

// loginToken is the token that a person at a terminal has logged in with.
func loginToken(ctx context.Context) (string, error) {
	if gh, err := exec.LookPath("gh"); err == nil {
		out, err := exec.CommandContext(ctx, gh, "auth", "token").Output()
		if token := strings.TrimSpace(string(out)); err == nil && token != "" {
			return token, nil
		}
	}
	return "", &usageError{&config.Error{
		Setting: "token", Message: "missing: pass --token, set GITHUB_TOKEN, or log in with 'gh auth login'",
	}}
}

// runReport measures, prints the report to the terminal and writes its files.
func runReport(ctx context.Context, env Env, c config.Config, at endpoints) error {
	if err := checkPaths(c); err != nil {
		return &usageError{err}
	}
	bars := newBars(ctx, env.Stderr)
	read, err := read(ctx, env, c, at, bars.progress)
	bars.finish()
	if err != nil {
		return err
	}
	if err := read.keep(&logWriter{to: env.Stderr}); err != nil {
		return err
	}
	return show(env, c, judge(c, read))
}

// show prints a report to the terminal and writes its files; the error that it ends with is that of the verdict.
func show(env Env, c config.Config, r *report.Report) error {
	if err := printText(env.Stdout, r); err != nil {
		return err
	}
	paths, err := writeFiles(c.ReportDir, r)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(env.Stdout, "\nFull figures: %s\nJob summary: %s\n", paths.json, paths.summary); err != nil {
		return fmt.Errorf("printing the report: %w", err)
	}
	return judged(r)
}

func printText(w io.Writer, r *report.Report) error {
	if err := render.Text(w, r); err != nil {
		return fmt.Errorf("printing the report: %w", err)
	}
	return nil
}

// judged is the error that a report's verdict ends a run with.
func judged(r *report.Report) error {
	switch {
	case r.Verdict == gate.OverallBreached:
		return breachedError{}
	case r.Verdict == gate.OverallNotMeasured && r.OnNoData == string(gate.NoDataFails):
		return unjudgedError{}
	default:
		return nil
	}
}
