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
--until say the same or less. Settings that decide what is read must be those that the file was made with. --config is
then a configuration file on this machine; without it there is none.`
}

// Run measures and prints.
func (r *reportCommand) Run(ctx context.Context, env Env) error {
	if r.Snapshot != "" {
		if r.Plan {
			return &usageError{errors.New("--plan has no place beside --snapshot: nothing is asked of GitHub")}
		}
		return reportSnapshot(ctx, env, r.Settings, r.Snapshot)
	}
	check := checkPaths
	if r.Plan {
		check = anyPaths
	}
	g, err := terminalRun(ctx, env, r.Settings, check)
	if err != nil {
		return err
	}
	if r.Plan {
		return showPlan(ctx, env, g.Config, g.at)
	}
	return runReport(ctx, g)
}

// terminalRun is the run of a person at a terminal, which no event set off: the configuration file is that of the
// default branch. Before GitHub is asked, check looks at what the settings alone say.
func terminalRun(
	ctx context.Context, env Env, settings config.Settings, check func(config.Config) error,
) (*gateRun, error) {
	settings, err := atTerminal(ctx, env, settings, nil)
	if err != nil {
		return nil, err
	}
	g := &gateRun{env: env, at: environmentEndpoints(env), home: settings.Repository}
	return g, g.configure(ctx, settings, check)
}

// anyPaths checks nothing, for what writes no files.
func anyPaths(config.Config) error { return nil }

// resolveWith is the configuration of a person at a terminal, with a configuration file that was read already; nil: there
// is none.
func resolveWith(ctx context.Context, env Env, settings config.Settings, file *config.File) (config.Config, error) {
	settings, err := atTerminal(ctx, env, settings, file)
	if err != nil {
		return config.Config{}, err
	}
	c, err := config.Resolve(settings, file, env.Now())
	if err != nil {
		return config.Config{}, &usageError{err}
	}
	return c, nil
}

// atTerminal are settings with the repository and the token that the environment has where they name none. Where there is
// no token either, what is wrong with the settings and the file is told first.
func atTerminal(ctx context.Context, env Env, settings config.Settings, file *config.File) (config.Settings, error) {
	if settings.Repository == "" {
		settings.Repository = env.Getenv("GITHUB_REPOSITORY")
	}
	if settings.Token == "" {
		settings.Token = env.Getenv("GITHUB_TOKEN")
	}
	if settings.Token != "" {
		return settings, nil
	}
	token, err := loginToken(ctx)
	if err != nil {
		if _, wrong := config.Resolve(settings, file, env.Now()); wrong != nil {
			err = &usageError{wrong}
		}
		return settings, err
	}
	settings.Token = token
	return settings, nil
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
func runReport(ctx context.Context, g *gateRun) error {
	bars := newBars(ctx, g.env.Stderr)
	read, err := read(ctx, g.env, g.Config, g.at, bars.progress)
	bars.finish()
	if err != nil {
		return err
	}
	if err := read.keep(&logWriter{to: g.env.Stderr}); err != nil {
		return err
	}
	return g.show(g.judge(ctx, read))
}

// show prints a report to the terminal and writes its files; the error that it ends with is that of the verdict.
func (g *gateRun) show(r *report.Report) error {
	if err := printText(g.env.Stdout, r); err != nil {
		return err
	}
	paths, err := writeFiles(g.ReportDir, r)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(g.env.Stdout, "\nFull figures: %s\nJob summary: %s\n", paths.json, paths.summary); err != nil {
		return fmt.Errorf("printing the report: %w", err)
	}
	return concluded(r)
}

func printText(w io.Writer, r *report.Report) error {
	if err := render.Text(w, r); err != nil {
		return fmt.Errorf("printing the report: %w", err)
	}
	return nil
}

// concluded is the error that a report's verdict ends a run with.
func concluded(r *report.Report) error {
	switch {
	case !r.Fails():
		return nil
	case r.Verdict == gate.OverallBreached:
		return breachedError{}
	default:
		return unjudgedError{}
	}
}
