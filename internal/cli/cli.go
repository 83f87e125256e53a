// Package cli is the program as its users meet it: commands and flags, the action, progress, files, exit codes. Only
// here are the environment, the clock, files and the terminal touched.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/alecthomas/kong"
)

// Version is the version that is being built.
const Version = "0.1.0"

// The exit codes, inside Actions and outside.
const (
	// ExitHeld: no benchmark fails the run: each is held, warned or exempt, or could not be judged where that does not
	// fail; or nothing is enforced.
	ExitHeld = 0
	// ExitBreached: a benchmark was breached, and breaches are enforced.
	ExitBreached = 1
	// ExitUsage: the configuration or the call is wrong; nothing was read or written.
	ExitUsage = 2
	// ExitNotMeasured: GitHub could not be reached or refused the token, the budget or the time was spent before anything
	// was read, the run was interrupted, or a benchmark could not be judged where that fails.
	ExitNotMeasured = 3
)

// Env is all that the program knows of the world outside.
type Env struct {
	// Args are the arguments without the program's name.
	Args           []string
	Getenv         func(string) string
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// Now and Wait are the clock: Wait returns after a length of time, or with the error of a context that ends before.
	// A nil Wait is the real one.
	Now  func() time.Time
	Wait func(context.Context, time.Duration) error
}

// grammar is what the command line understands.
type grammar struct {
	Report      reportCommand      `cmd:"" help:"Measure a repository and judge its benchmarks."`
	CheckConfig checkConfigCommand `cmd:"" name:"check-config" help:"Check a configuration file, and print the configuration in force."`
	Collect     collectCommand     `cmd:"" help:"Read a repository into a snapshot file, to report from later."`
	Suggest     suggestCommand     `cmd:"" help:"Suggest benchmarks from the repository's own past windows, as a configuration file."`
	Backtest    backtestCommand    `cmd:"" help:"Replay benchmarks over past days from a snapshot file: which would have been red?"`
	Demo        demoCommand        `cmd:"" help:"Do the same against a simulated GitHub on this machine: no token, no network."`
	KPIs        kpisCommand        `cmd:"" name:"kpis" help:"List the KPIs, or print the definition of one."`
	Action      actionCommand      `cmd:"" help:"Run as a step of a GitHub workflow: what happens inside Actions without a command."`
	Version     kong.VersionFlag   `help:"Print the version."`
}

const description = `Measures a repository's delivery and bug-fix KPIs and fails when a benchmark is breached.

A benchmark is a line such as

    lead-time-for-changes.p50 <= 2d
    bug-time-to-resolve.within(7d) >= 85%
    bug-time-to-acknowledge{label=sev1}.p90 <= 4h
    deployment-frequency >= 1/day

Exit codes: 0 no benchmark fails the run, or nothing is enforced; 1 a benchmark was breached, and breaches are enforced;
2 the call or the configuration is wrong; 3 could not measure (GitHub unreachable, token refused, interrupted, budget or
time spent before anything was read; with --on-no-data fail also: a benchmark could not be judged).

To see what it does, without a token or a network: kpi-gate demo`

// exit is how the parser leaves, carried by a panic to Main.
type exit int

// Main runs the program and returns its exit code.
func Main(ctx context.Context, env Env) (code int) {
	defer func() {
		switch left := recover().(type) {
		case nil:
		case exit:
			code = int(left)
		default:
			panic(left)
		}
	}()
	var g grammar
	parser, err := kong.New(&g,
		kong.Name("kpi-gate"), kong.Description(description), kong.Writers(env.Stdout, env.Stderr),
		kong.Vars{"version": "kpi-gate " + Version}, kong.Exit(func(code int) { panic(exit(code)) }),
		kong.ConfigureHelp(kong.HelpOptions{NoExpandSubcommands: true, WrapUpperBound: 100}),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(env))
	if err != nil {
		return fail(env, fmt.Errorf("building the command line: %w", err))
	}
	args := env.Args
	if len(args) == 0 {
		args = []string{"--help"}
		if env.Getenv("GITHUB_ACTIONS") == "true" {
			args = []string{"action"}
		}
	}
	call, err := parser.Parse(args)
	if err != nil {
		return fail(env, &usageError{err})
	}
	if err := call.Run(); err != nil {
		return fail(env, err)
	}
	return ExitHeld
}

// usageError marks an error as the caller's to mend.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// breachedError ends a run whose report has been given: a benchmark was breached.
type breachedError struct{}

func (breachedError) Error() string { return "a benchmark was breached" }

// unjudgedError ends a run whose report has been given: a benchmark could not be judged, and the policy fails for that.
type unjudgedError struct{}

func (unjudgedError) Error() string {
	return "a benchmark could not be judged, and on-no-data is fail; the report says why, and what to do"
}

// exitCode maps an error to the exit code: the only place that does.
func exitCode(err error) int {
	var usage *usageError
	switch {
	case err == nil:
		return ExitHeld
	case errors.Is(err, breachedError{}):
		return ExitBreached
	case errors.As(err, &usage):
		return ExitUsage
	default:
		return ExitNotMeasured
	}
}

// fail prints an error, unless it has been told already, and returns its exit code. An error may quote what GitHub, or
// whatever answered in its place, said.
func fail(env Env, err error) int {
	code := exitCode(err)
	var told *toldError
	if code != ExitBreached && !errors.As(err, &told) {
		log := &logWriter{to: env.Stderr}
		fmt.Fprintf(log, "kpi-gate: %v\n", err)
	}
	return code
}
