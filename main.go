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

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := cli.Main(ctx, cli.Env{
		Args: os.Args[1:], Getenv: os.Getenv, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Now: time.Now,
	})
	stop()
	os.Exit(code)
}
