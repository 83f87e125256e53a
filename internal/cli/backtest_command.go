package cli

import (
	"context"
	"errors"
	"fmt"

	"kpi-gate/internal/backtest"
	"kpi-gate/internal/config"
)

// backtestCommand is kpi-gate backtest.
type backtestCommand struct {
	Snapshot string `required:"" placeholder:"FILE" help:"Snapshot file to replay, as collect writes it."`
	Days     int    `default:"90" help:"Most days to replay; fewer where the file does not go back that far."`

	config.Settings `embed:""`
}

// Help is shown by kpi-gate backtest --help.
func (backtestCommand) Help() string {
	return `Examples:

    kpi-gate collect --repo octo-org/parcel-tracker --back 150d -o parcel-tracker.snapshot
    kpi-gate backtest --snapshot parcel-tracker.snapshot --config .github/kpi-gate.yml
    kpi-gate backtest --snapshot parcel-tracker.snapshot --benchmarks 'lead-time-for-changes.p50 <= 2d'

Judges the benchmarks at each of the past midnights (UTC), by what was known then, and says which days would have been
red, for which benchmark, and how often only by noise. GitHub is not asked. --config is a file on this machine. A day
needs its window and the one before it: a file that collect made with --back 150d covers 90 days of windows of 30d.
Exemptions of pull requests cannot be replayed. The exit code is 0, whatever the days were.`
}

// Run replays benchmarks and prints what they came to.
func (cmd *backtestCommand) Run(ctx context.Context, env Env) error {
	if cmd.Days < 1 {
		return &usageError{errors.New("days: replay at least 1 day")}
	}
	file, err := localFile(cmd.Settings)
	if err != nil {
		return &usageError{err}
	}
	settings := cmd.Settings
	settings.Config = "" // It has been read.
	opened, err := openSnapshot(env, settings, file, cmd.Snapshot)
	if err != nil {
		return err
	}
	c, s := opened.config, opened.archive.Snapshot
	if len(c.Benchmarks) == 0 {
		return &usageError{errors.New("benchmarks: there is none to replay: give --benchmarks, or --config with a file that has" +
			" some")}
	}
	c.Asked = nil // Nothing is reported: what the benchmarks need is enough.
	if err := opened.covers(c, backtest.Reach(c.Window)); err != nil {
		return err
	}
	opened.tell(env.Stderr)
	result, err := backtest.Run(ctx, backtest.Input{
		Snapshot: s, Policy: c.Policy, Benchmarks: c.Benchmarks, Gate: c.Gate, Window: c.Window, Days: cmd.Days,
	})
	if err != nil {
		return fmt.Errorf("replaying %s: %w", cmd.Snapshot, err)
	}
	log := &logWriter{to: env.Stdout}
	if err := errors.Join(backtest.WriteText(log, result), log.Close()); err != nil {
		return fmt.Errorf("printing the backtest: %w", err)
	}
	return nil
}
