package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"

	"kpi-gate/internal/config"
	"kpi-gate/internal/gate"
	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
	"kpi-gate/internal/render"
	"kpi-gate/internal/report"
)

// collectCommand is kpi-gate collect.
type collectCommand struct {
	planned `embed:""`

	Output string `short:"o" required:"" placeholder:"FILE" help:"Snapshot file to write. One of the same repository that is there already is extended: what is closed in it is not read again."`
	Back   string `placeholder:"LENGTH" help:"How far back from the end of the window to read, such as 360d, for backtest and suggest: as far as report needs without it (84 days, or twice the window)."`

	config.Settings `embed:""`
}

// Help is shown by kpi-gate collect --help.
func (collectCommand) Help() string {
	return `Examples:

    kpi-gate collect --repo octo-org/parcel-tracker -o parcel-tracker.snapshot
    kpi-gate report --snapshot parcel-tracker.snapshot
    kpi-gate collect --repo octo-org/parcel-tracker --back 360d -o year.snapshot

It takes the settings of report: those that say what is read (the window, the KPIs, the benchmarks, where deployments
come from) and how (token, timeout, budget). Nothing is judged; what could not be read is told, and the exit code is 3
only if nothing could be.`
}

// Run reads a repository into a snapshot file.
func (cmd *collectCommand) Run(ctx context.Context, env Env) error {
	settings := cmd.Settings
	if settings.Cache != "" {
		return &usageError{&config.Error{
			Setting: "cache", Value: settings.Cache, Message: "has no place here: the file of --output is extended",
		}}
	}
	settings.Cache = cmd.Output
	g, err := terminalRun(ctx, env, settings, func(c config.Config) error {
		if cmd.Plan {
			return nil
		}
		return checkSnapshotFile("output", c.Cache)
	})
	if err != nil {
		return err
	}
	c := g.Config
	reach, err := reachBack(cmd.Back, c.Window)
	if err != nil {
		return &usageError{err}
	}
	if cmd.Plan {
		return showPlanBack(ctx, env, c, reach, g.at)
	}
	bars := newBars(ctx, env.Stderr)
	r, err := readBack(ctx, env, c, reach, g.at, bars.progress)
	bars.finish()
	if err != nil {
		return err
	}
	if err := r.file.keep(); err != nil {
		return err
	}
	log := &logWriter{to: env.Stderr}
	if err := r.file.print(log); err != nil {
		return err
	}
	if err := printReading(env.Stdout, c, r); err != nil {
		return fmt.Errorf("printing what was read: %w", err)
	}
	if isNothing(r.snapshot) {
		return errors.New("nothing could be read; what stands above says why")
	}
	return nil
}

// mostBack is the furthest that a reading goes back: ten years.
const mostBack = 3653 * 24 * time.Hour

// reachBack is how far back to read: as far as was asked for (empty: no further), and at least as far as a report over
// the window needs.
func reachBack(back string, w model.Window) (time.Time, error) {
	reach := kpi.Reach(w)
	if back == "" {
		return reach, nil
	}
	d, err := gate.ParseDuration(back)
	if err != nil || d > mostBack {
		return time.Time{}, &config.Error{
			Setting: "back", Value: back, Message: "is not a length of time such as 360d, at most ten years",
		}
	}
	if asked := w.Until.Add(-d); asked.Before(reach) {
		reach = asked
	}
	return reach, nil
}

// isNothing reports whether not one of the feeds that were asked for gave anything.
func isNothing(s *model.Snapshot) bool {
	for _, feed := range s.Read {
		if !slices.ContainsFunc(s.Gaps, func(g model.Gap) bool { return g.Feed == feed && !g.Partial }) {
			return false
		}
	}
	return len(s.Read) > 0
}

// printReading prints what was read, what it cost, what is missing, and where it is.
func printReading(w io.Writer, c config.Config, r *reading) error {
	s := r.snapshot
	log := &logWriter{to: w}
	fmt.Fprintf(log, "%s as of %s, back to %s\n\n", s.Repository.FullName(), s.AsOf.Format(time.RFC3339),
		s.Reach.Format(time.RFC3339))
	table := tabwriter.NewWriter(log, 0, 0, 2, ' ', 0)
	for _, of := range counts(s) {
		if slices.Contains(s.Read, of.feed) {
			fmt.Fprintf(table, "%s\t%d\n", of.feed, of.facts)
		}
	}
	err := table.Flush()
	if err == nil {
		err = render.Reading(log, report.Build(report.Input{
			Snapshot: s, Window: c.Window, Elapsed: r.elapsed, Cached: true,
		}))
	}
	if err == nil {
		_, err = fmt.Fprintf(log, "\nSnapshot: %s\n", r.file.path)
	}
	return err
}

// count is how many facts there are of a feed.
type count struct {
	feed  model.Feed
	facts int
}

// counts are those of all feeds that have facts of their own. Runs of deploy workflows are among the runs.
func counts(s *model.Snapshot) []count {
	all := []count{
		{model.Deployments, len(s.Deployments)},
		{model.Releases, len(s.Releases)},
		{model.Tags, len(s.Tags)},
		{model.Commits, len(s.Commits)},
		{model.PullRequests, len(s.PullRequests)},
		{model.Issues, len(s.Issues)},
		{model.Milestones, len(s.Milestones)},
		{model.Runs, len(s.Runs)},
		{model.Jobs, len(s.Jobs)},
		{model.VulnerabilityAlerts, len(s.Vulnerabilities)},
		{model.CodeScanningAlerts, len(s.CodeScanning)},
	}
	if !slices.Contains(s.Read, model.Runs) {
		all = append(all, count{model.DeployRuns, len(s.Runs)})
	}
	return all
}
