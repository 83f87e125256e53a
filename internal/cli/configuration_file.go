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

// configure resolves settings and the configuration file that belongs to them: that of the repository home at the head
// of a branch (empty: the default branch), or the one on disk. Before GitHub is asked, check looks at what the settings
// alone say: the file says nothing of paths.
func configure(
	ctx context.Context, env Env, s config.Settings, at endpoints, home, branch string, check func(config.Config) error,
) (config.Config, origin, error) {
	path, onDisk, required, err := config.Place(s)
	if err != nil {
		return config.Config{}, origin{}, &usageError{err}
	}
	// What is wrong with the settings alone is told without asking GitHub, unless the file may make it right: the settings
	// may name the KPIs of a class that the file has.
	_, alone := config.Resolve(s, nil, env.Now())
	plain := s
	plain.Benchmarks, plain.KPIs, plain.BusinessTime = nil, "", ""
	known, wrong := config.Resolve(plain, nil, env.Now())
	if wrong == nil {
		if err := check(known); err != nil {
			return config.Config{}, origin{}, &usageError{err}
		}
	}
	var file *config.File
	from := origin{path: path}
	switch {
	case path == "":
	case onDisk:
		file, err = diskFile(env, path)
	case wrong != nil:
		err = alone
	default:
		file, err = branchFile(ctx, env, known, at, home, branch, &from)
	}
	if err == nil && file == nil && required {
		err = missingFile(path, onDisk, home, from)
	}
	switch {
	case err != nil && alone != nil:
		return config.Config{}, origin{}, &usageError{alone}
	case err != nil:
		return config.Config{}, origin{}, err
	}
	if file == nil {
		from = origin{usage: from.usage}
	}
	c, err := config.Resolve(s, file, env.Now())
	if err != nil {
		return config.Config{}, origin{}, &usageError{err}
	}
	return c, from, nil
}

// missingFile is the error where the file that a setting names is not there.
func missingFile(path string, onDisk bool, home string, from origin) error {
	message := "is not there; in a workflow, a step with actions/checkout must come before"
	if !onDisk {
		message = fmt.Sprintf("is not in %s at %s, where it is read over the API", home, cmp.Or(from.ref, "the default branch"))
	}
	return &usageError{&config.Error{Setting: "config", Value: path, Message: message}}
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

// branchFile is the configuration file at the head of a branch; nil where there is none.
func branchFile(
	ctx context.Context, env Env, c config.Config, at endpoints, home, branch string, from *origin,
) (*config.File, error) {
	owner, name, _ := strings.Cut(home, "/")
	c.Owner, c.Name, c.Budget = owner, name, config.Budget{}
	client, err := client(env, c, at)
	if err != nil {
		return nil, err
	}
	defer client.Close()
	bounded, cancel := client.WithDeadline(ctx, env.Now().Add(c.Timeout))
	defer cancel()
	file, err := collect.ReadFile(bounded, client, owner, name, branch, from.path)
	from.usage, from.ref, from.commit = client.Usage(), file.Branch, file.Commit
	var wrong *collect.FileError
	switch {
	case errors.As(err, &wrong):
		return nil, &usageError{err}
	case err != nil:
		return nil, explain(ctx, c, fmt.Errorf("reading the configuration file: %w", err))
	case !file.Found:
		return nil, nil
	}
	return &config.File{Name: from.path, Text: file.Text}, nil
}
