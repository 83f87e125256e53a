package cli

import (
	"context"
	"fmt"
	"io"
	"time"

	"kpi-gate/internal/collect"
	"kpi-gate/internal/config"
	"kpi-gate/internal/gate"
	"kpi-gate/internal/github"
	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
	"kpi-gate/internal/report"
)

// endpoints are the addresses of a GitHub's APIs; empty ones are github.com's.
type endpoints struct {
	api, graphql string
	// spent is what the run has asked there already, which counts on its budget.
	spent github.Budget
}

// environmentEndpoints are those of the workflow's own GitHub
// (https://docs.github.com/en/actions/reference/workflows-and-actions/variables).
func environmentEndpoints(env Env) endpoints {
	return endpoints{api: env.Getenv("GITHUB_API_URL"), graphql: env.Getenv("GITHUB_GRAPHQL_URL")}
}

// client is a client for a configuration.
func client(env Env, c config.Config, at endpoints) (*github.Client, error) {
	client, err := github.New(github.Options{
		Token: c.Token, APIURL: at.api, GraphQLURL: at.graphql, UserAgent: "kpi-gate/" + Version,
		Budget: github.Budget{Requests: c.Budget.Requests, Points: c.Budget.Points},
		Spent:  at.spent,
		Now:    env.Now, Wait: env.Wait,
	})
	if err != nil {
		return nil, &usageError{fmt.Errorf("GITHUB_API_URL or GITHUB_GRAPHQL_URL: %w", err)}
	}
	return client, nil
}

// reading is a repository that was read.
type reading struct {
	snapshot *model.Snapshot
	elapsed  time.Duration
	// file is the snapshot file that was extended; nil without one.
	file *snapshotFile
}

// read reads the repository as far back as a report needs, and extends the snapshot file if the configuration names one.
// What the file is to hold is for the caller to keep.
func read(
	ctx context.Context, env Env, c config.Config, at endpoints, progress collect.Progress,
) (*reading, error) {
	return readBack(ctx, env, c, kpi.Reach(c.Window), at, progress)
}

// readBack is read, as far back as reach.
func readBack(
	ctx context.Context, env Env, c config.Config, reach time.Time, at endpoints, progress collect.Progress,
) (*reading, error) {
	client, err := client(env, c, at)
	if err != nil {
		return nil, err
	}
	started := env.Now()
	r, wanted := &reading{}, requestBack(c, reach, started)
	if c.Cache != "" {
		if r.file, err = openSnapshotFile(c.Cache); err != nil {
			return nil, &usageError{err}
		}
		wanted.Archive = &r.file.archive
	}
	if r.snapshot, err = collect.Collect(ctx, client, wanted, progress); err != nil {
		return nil, explain(ctx, c, err)
	}
	r.elapsed = env.Now().Sub(started)
	if r.file != nil {
		r.file.extended(r.snapshot)
	}
	return r, nil
}

// keep writes the snapshot file, if there is one, and says on w what became of it. That it could not be written is only
// told: the figures are there all the same, and the next reading costs more.
func (r *reading) keep(w io.Writer) error {
	if r.file == nil {
		return nil
	}
	if err := r.file.keep(); err != nil {
		r.file.tell("Warning: the next run knows nothing of this one: %v", err)
	}
	return r.file.print(w)
}

// judged is what a report of a reading is built from: what it says of the figures of a configuration, and of its
// benchmarks.
func judged(c config.Config, r *reading) report.Input {
	asked := selections(c)
	figures := kpi.Compute(r.snapshot, c.Policy, c.Window, asked)
	in := report.Input{
		Snapshot: r.snapshot, Window: c.Window, Found: c.Policy.Source == "", Figures: figures,
		Verdicts: gate.Judge(c.Benchmarks, figures, c.Gate), OnNoData: c.Gate.OnNoData, Evidence: c.Gate.Evidence,
		Exemptions: c.Exemptions, Cost: c.Policy.DowntimeCost, Elapsed: r.elapsed, Cached: r.file != nil,
	}
	if asksForDeployments(kpi.Feeds(asked, c.Policy)) {
		in.Source, in.SourceReason = kpi.Source(r.snapshot, c.Policy, c.Window)
	}
	return in
}
