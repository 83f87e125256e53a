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
)

// checkConfigCommand is kpi-gate check-config.
type checkConfigCommand struct {
	planned `embed:""`

	File   string `arg:"" optional:"" help:"Configuration file; - reads it from the standard input. Without it the one that --config names, or .github/kpi-gate.yml."`
	Schema bool   `help:"Print the JSON Schema of configuration files, and end."`

	config.Settings `embed:""`
}

// Help is shown by kpi-gate check-config --help.
func (checkConfigCommand) Help() string {
	return `Examples:

    kpi-gate check-config
    kpi-gate check-config .github/kpi-gate.yml --window 90d
    kpi-gate check-config --plan --repo octo-org/parcel-tracker
    kpi-gate check-config --schema > kpi-gate.schema.json

It says what is wrong with the file, all of it at once, and ends with exit code 2; or it prints the configuration in
force as a file that says everything, the defaults too: where each value comes from, which limits are in force today,
and what is read for it. Likely mistakes are warned of on the standard error. Nothing is asked of GitHub but with
--plan, which tells what the reading would cost for a repository. Flags go before what the file says.`
}

// Run checks the file and prints the configuration that it makes.
func (cmd *checkConfigCommand) Run(ctx context.Context, env Env) error {
	if cmd.Schema {
		schema, err := config.Schema()
		if err == nil {
			_, err = env.Stdout.Write(schema)
		}
		if err != nil {
			return fmt.Errorf("printing the schema: %w", err)
		}
		return nil
	}
	file, err := cmd.open(env)
	if err != nil {
		return &usageError{err}
	}
	effective, err := config.Check(cmd.Settings, file, env.Now())
	if err != nil {
		return &usageError{err}
	}
	out := &logWriter{to: env.Stdout}
	if _, err := io.WriteString(out, effective.Text); err != nil {
		return fmt.Errorf("printing the configuration: %w", err)
	}
	printed := &commentWriter{to: out, begin: true}
	fmt.Fprintln(out)
	if err := printRules(printed, effective.Config, request(effective.Config, env.Now())); err != nil {
		return fmt.Errorf("printing what is read: %w", err)
	}
	warnings := &logWriter{to: env.Stderr}
	for _, warning := range effective.Warnings {
		fmt.Fprintf(warnings, "warning: %s\n", warning)
	}
	if err := errors.Join(out.Close(), warnings.Close()); err != nil || !cmd.Plan {
		return err
	}
	return cmd.price(ctx, env, file, printed)
}

// price prints what reading the repository would cost.
func (cmd *checkConfigCommand) price(ctx context.Context, env Env, file *config.File, out *commentWriter) error {
	c, err := resolveWith(ctx, env, cmd.Settings, file)
	if err != nil {
		return err
	}
	fmt.Fprintln(out)
	env.Stdout = out
	return showPlan(ctx, env, c, environmentEndpoints(env))
}

// open reads the file that is to be checked.
func (cmd *checkConfigCommand) open(env Env) (*config.File, error) {
	path := cmd.File
	switch {
	case path != "" && cmd.Config != "":
		return nil, errors.New("two files are named, by --config and without it: name one")
	case path == "-":
		return readConfig("standard input", env.Stdin)
	case path == "":
		named, _, _, err := config.Place(cmd.Settings)
		if err != nil {
			return nil, err
		}
		path = filepath.FromSlash(named)
	}
	opened, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("there is no configuration file %s to check: name one, or give one on the standard input,"+
			" as in: kpi-gate check-config - < FILE", path)
	}
	if err != nil {
		return nil, fmt.Errorf("opening the configuration file: %w", err)
	}
	defer opened.Close()
	return readConfig(filepath.ToSlash(path), opened)
}

// commentWriter passes lines on as comments of YAML.
type commentWriter struct {
	to io.Writer
	// begin is true where a line begins.
	begin bool
}

func (w *commentWriter) Write(p []byte) (int, error) {
	var out bytes.Buffer
	for _, b := range p {
		switch {
		case w.begin && b == '\n':
			out.WriteByte('#')
		case w.begin:
			out.WriteString("# ")
		}
		out.WriteByte(b)
		w.begin = b == '\n'
	}
	if _, err := w.to.Write(out.Bytes()); err != nil {
		return 0, err
	}
	return len(p), nil
}
