package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"kpi-gate/internal/collect"
	"kpi-gate/internal/config"
	"kpi-gate/internal/github"
	"kpi-gate/internal/report"
)

// origin is where a run's configuration file was read, and what that cost; zero where there is none.
type origin struct {
	path string
	// ref and commit are those of the branch; empty for a file on disk.
	ref, commit string
	usage       github.Usage
}

// inReport is the origin as reports have it.
func (o origin) inReport() report.Config {
	text := func(s string) *string {
		if s == "" {
			return nil
		}
		return &s
	}
	return report.Config{Ref: text(o.ref), Commit: text(o.commit), Path: text(o.path)}
}

// configure resolves settings and the configuration file that belongs to them: that of home at the head of the branch
// that the trigger tells, or the one on disk. Before GitHub is asked, check looks at what the settings alone say: the file
// says nothing of paths.
func (g *gateRun) configure(ctx context.Context, s config.Settings, check func(config.Config) error) error {
	file, err := g.file(ctx, s, check)
	if err != nil {
		return err
	}
	if file == nil {
		g.origin = origin{usage: g.origin.usage}
	}
	g.at.spent = github.Budget{Requests: g.origin.usage.Requests, Points: g.origin.usage.Points}
	if g.Config, err = config.Resolve(s, file, g.env.Now()); err != nil {
		return &usageError{err}
	}
	return nil
}

// file is the configuration file that belongs to settings; nil where there is none.
func (g *gateRun) file(
	ctx context.Context, s config.Settings, check func(config.Config) error,
) (*config.File, error) {
	path, onDisk, required, err := config.Place(s)
	if err != nil {
		return nil, &usageError{err}
	}
	// What is wrong with the settings alone is told without asking GitHub, unless the file may make it right: the settings
	// may name the KPIs of a class that the file has.
	plain := s
	plain.Benchmarks, plain.KPIs, plain.BusinessTime = nil, "", ""
	known, err := config.Resolve(plain, nil, g.env.Now())
	switch {
	case err == nil:
		err = check(known)
	case onDisk:
		err = nil // It is told with what is wrong with the file.
	default:
		_, err = config.Resolve(s, nil, g.env.Now()) // With all that is wrong.
	}
	if err != nil {
		return nil, &usageError{err}
	}
	g.origin.path = path
	var file *config.File
	switch {
	case path == "":
	case onDisk:
		file, err = diskFile(g.env, path)
	default:
		file, err = g.branchFile(ctx, known)
	}
	if err == nil && file == nil && required {
		err = g.missingFile(onDisk)
	}
	return file, err
}

// missingFile is the error where the file that a setting names is not there.
func (g *gateRun) missingFile(onDisk bool) error {
	message := "is not there; in a workflow, a step with actions/checkout must come before"
	if !onDisk {
		message = fmt.Sprintf("is not in %s at %s, where it is read over the API", g.home,
			cmp.Or(g.origin.ref, "the default branch"))
	}
	return &usageError{&config.Error{Setting: "config", Value: g.origin.path, Message: message}}
}

// diskFile is the configuration file in the workspace, or in the current folder outside of Actions; nil where there is
// none. A link that leads out of there is not followed: errors show lines of the file, and what lies elsewhere, such as
// the environment of the process, is none of the repository's.
func diskFile(env Env, path string) (*config.File, error) {
	opened, err := os.OpenInRoot(cmp.Or(env.Getenv("GITHUB_WORKSPACE"), "."), filepath.FromSlash(path))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, &usageError{fmt.Errorf("opening the configuration file: %w", err)}
	}
	defer opened.Close()
	file, err := readConfig(path, opened)
	if err != nil {
		return nil, &usageError{err}
	}
	return file, nil
}

// localFile is the configuration file on this machine that the setting config names; nil where it names none.
func localFile(settings config.Settings) (*config.File, error) {
	if settings.ConfigFrom != "" {
		return nil, &config.Error{
			Setting: "config-from", Value: settings.ConfigFrom, Message: "has no place here: --config is a file on this machine",
		}
	}
	if settings.Config == "" {
		return nil, nil
	}
	opened, err := os.Open(settings.Config)
	if err != nil {
		return nil, fmt.Errorf("config: opening the configuration file: %w", err)
	}
	defer opened.Close()
	return readConfig(settings.Config, opened)
}

// readConfig reads a configuration file, and no more of it than makes plain that it is too long.
func readConfig(name string, from io.Reader) (*config.File, error) {
	text, err := io.ReadAll(io.LimitReader(from, config.MaxFile+1))
	if err != nil {
		return nil, fmt.Errorf("reading the configuration file %s: %w", name, err)
	}
	return &config.File{Name: name, Text: string(text)}, nil
}

// branchFile is the configuration file at the head of a branch, read with what is known of the configuration without it;
// nil where there is none.
func (g *gateRun) branchFile(ctx context.Context, known config.Config) (*config.File, error) {
	owner, name, _ := strings.Cut(g.home, "/")
	known.Owner, known.Name, known.Budget = owner, name, config.Budget{}
	client, err := client(g.env, known, g.at)
	if err != nil {
		return nil, err
	}
	defer client.Close()
	bounded, cancel := client.WithDeadline(ctx, g.env.Now().Add(known.Timeout))
	defer cancel()
	path := g.origin.path
	file, err := collect.ReadFile(bounded, client, owner, name, g.trigger.base, path)
	g.origin.usage, g.origin.ref, g.origin.commit = client.Usage(), file.Branch, file.Commit
	var wrong *collect.FileError
	switch {
	case errors.As(err, &wrong):
		return nil, &usageError{err}
	case err != nil:
		return nil, explain(ctx, known, fmt.Errorf("reading the configuration file: %w", err))
	case !file.Found:
		return nil, nil
	}
	return &config.File{Name: path, Text: file.Text}, nil
}
