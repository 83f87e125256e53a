package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"kpi-gate/internal/config"
	"kpi-gate/internal/gate"
	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
	"kpi-gate/internal/suggest"
)

// suggestCommand is kpi-gate suggest.
type suggestCommand struct {
	planned `embed:""`

	Snapshot string `placeholder:"FILE" help:"Draw from a snapshot file, as collect writes it, and ask GitHub for nothing."`
	Output   string `short:"o" placeholder:"FILE" help:"Configuration file to write: standard output without it. One that is there already is left as it is."`
	Force    bool   `help:"Replace the file of --output if it is there."`

	config.Settings `embed:""`
}

// Help is shown by kpi-gate suggest --help.
func (suggestCommand) Help() string {
	return `Examples:

    kpi-gate suggest --repo octo-org/parcel-tracker -o .github/kpi-gate.yml
    kpi-gate collect --repo octo-org/parcel-tracker --back 360d -o year.snapshot
    kpi-gate suggest --snapshot year.snapshot --kpis milestones-on-time,security

Draws benchmarks from the repository's own last 12 windows (at least 4): limits that it met in most of them, and better
ones to come to within half a year, as a configuration file with comments that say why. --kpis names KPIs besides the
usual ones. --config is a file on this machine, whose classes, production environments and the like then count. Reading
12 windows costs more than a report does: --plan says how much, --cache keeps it for the next time.`
}

// Run draws benchmarks and writes them as a configuration file.
func (cmd *suggestCommand) Run(ctx context.Context, env Env) error {
	if err := cmd.check(); err != nil {
		return &usageError{err}
	}
	file, err := localFile(cmd.Settings)
	if err != nil {
		return &usageError{err}
	}
	c, s, err := cmd.read(ctx, env, file)
	if err != nil || cmd.Plan {
		return err
	}
	drawn, err := suggest.Draw(suggest.Input{
		Snapshot: s, Policy: c.Policy, KPIs: c.Asked, Window: c.Window, Gate: c.Gate,
	})
	if err != nil {
		return &usageError{fmt.Errorf("window: %w", err)}
	}
	if len(drawn.Benchmarks) == 0 {
		return nothingToSuggest(drawn)
	}
	var text bytes.Buffer
	if err := suggest.Write(&text, drawn, settingsKeys(cmd.Settings, c)); err != nil {
		return fmt.Errorf("writing the suggestion: %w", err)
	}
	if cmd.Output != "" {
		return cmd.write(env, drawn, &text)
	}
	log := &logWriter{to: env.Stdout}
	if _, err := text.WriteTo(log); err != nil {
		return fmt.Errorf("printing the suggestion: %w", err)
	}
	return log.Close()
}

// check refuses what would have no effect, and a file that would be lost.
func (cmd *suggestCommand) check() error {
	var errs []error
	wrong := func(setting, value, message string) {
		errs = append(errs, &config.Error{Setting: setting, Value: value, Message: message})
	}
	if len(cmd.Benchmarks) > 0 {
		wrong("benchmarks", "", "has no place here: benchmarks are what is suggested")
	}
	if cmd.Plan && cmd.Snapshot != "" {
		errs = append(errs, errors.New("--plan has no place beside --snapshot: nothing is asked of GitHub"))
	}
	if cmd.Output == "" {
		return errors.Join(errs...)
	}
	switch info, err := os.Lstat(cmd.Output); {
	case err == nil && !cmd.Force:
		errs = append(errs, fmt.Errorf("output: %s is there already: choose another name, or replace it with --force",
			cmd.Output))
	case err == nil && !info.Mode().IsRegular():
		errs = append(errs, fmt.Errorf("output: %s is not a file", cmd.Output))
	default:
		if err := checkFolder("output", "the folder of the configuration file", filepath.Dir(cmd.Output)); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// read gives the facts of the last windows; none, where only their price was asked for. The file (nil: there is none)
// says what counts as what.
func (cmd *suggestCommand) read(
	ctx context.Context, env Env, file *config.File,
) (config.Config, *model.Snapshot, error) {
	settings := cmd.Settings
	settings.Config = "" // It has been read.
	if cmd.Snapshot != "" {
		opened, err := openSnapshot(env, settings, file, cmd.Snapshot)
		if err != nil {
			return config.Config{}, nil, err
		}
		c := cmd.drawnFrom(opened.config)
		least := c.Window.Until.Add(-suggest.Least * c.Window.Length())
		// Feeds that were not read are no error: their KPIs are left out, and the file says why.
		if errs := uncovered(opened.path, opened.archive, c, least); len(errs) > 0 {
			return c, nil, &usageError{errors.Join(errs...)}
		}
		opened.tell(env.Stderr)
		return c, opened.archive.Snapshot, nil
	}
	c, err := resolveWith(ctx, env, settings, file)
	if err != nil {
		return c, nil, err
	}
	c = cmd.drawnFrom(c)
	at, reach := environmentEndpoints(env), suggest.Reach(c.Window)
	if cmd.Plan {
		return c, nil, showPlanBack(ctx, env, c, reach, at)
	}
	if err := checkSnapshotFile("cache", c.Cache); err != nil {
		return c, nil, &usageError{err}
	}
	bars := newBars(ctx, env.Stderr)
	r, err := readBack(ctx, env, c, reach, at, bars.progress)
	bars.finish()
	if err != nil {
		return c, nil, err
	}
	return c, r.snapshot, r.keep(&logWriter{to: env.Stderr})
}

// drawnFrom is the configuration with the KPIs to draw from: those that the setting kpis names come on top of the usual
// ones.
func (cmd *suggestCommand) drawnFrom(c config.Config) config.Config {
	var further []*kpi.Definition
	if cmd.KPIs != "" {
		further = c.Asked
	}
	c.Asked, c.Benchmarks = suggest.Definitions(c.KPIs, further), nil
	if cmd.Evidence == "" {
		c.Gate.Evidence = gate.EvidenceInterval // Limits as near to the past as these would fail by chance.
	}
	return c
}

// nothingToSuggest says why there is no benchmark.
func nothingToSuggest(drawn *suggest.Suggestion) error {
	errs := []error{errors.New("there is nothing to suggest; of each KPI is told why")}
	for _, left := range drawn.Left {
		errs = append(errs, fmt.Errorf("  %s: %s", left.KPI.ID, left.Reason))
	}
	return errors.Join(errs...)
}

// write writes the file and says what is in it.
func (cmd *suggestCommand) write(env Env, drawn *suggest.Suggestion, text *bytes.Buffer) error {
	err := writeFile(cmd.Output, func(w io.Writer) error {
		_, err := text.WriteTo(w)
		return err
	})
	if err == nil {
		_, err = fmt.Fprintf(env.Stdout, "%s: %d benchmarks from %d windows, %d KPIs left out; read it before you keep it.\n",
			cmd.Output, len(drawn.Benchmarks), len(drawn.Windows), len(drawn.Left))
	}
	return err
}
