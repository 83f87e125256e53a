// Command kpi-gate measures a repository's delivery and bug-fix KPIs and fails when a benchmark is breached.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"kpi-gate/internal/cli"
)

func main() { os.Exit(run(time.Now, nil)) }

// run is the program by a clock; a nil wait is the real one.
func run(now func() time.Time, wait func(context.Context, time.Duration) error) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return cli.Main(ctx, cli.Env{
		Args: os.Args[1:], Getenv: os.Getenv, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Now: now, Wait: wait,
	})
}
