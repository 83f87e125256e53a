package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
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
type endpoints struct{ api, graphql string }

// environmentEndpoints are those of the workflow's own GitHub
// (https://docs.github.com/en/actions/reference/workflows-and-actions/variables).
func environmentEndpoints(env Env) endpoints {
	return endpoints{api: env.Getenv("GITHUB_API_URL"), graphql: env.Getenv("GITHUB_GRAPHQL_URL")}
}

// measure reads the repository and judges it.
func measure(
	ctx context.Context, env Env, c config.Config, at endpoints, progress collect.Progress,
) (*report.Report, error) {
	client, err := github.New(github.Options{
		Token: c.Token, APIURL: at.api, GraphQLURL: at.graphql, UserAgent: "kpi-gate/" + Version,
	})
	if err != nil {
		return nil, &usageError{fmt.Errorf("GITHUB_API_URL or GITHUB_GRAPHQL_URL: %w", err)}
	}
	started := env.Now()
	snapshot, err := collect.Collect(ctx, client, request(c), progress)
	if err != nil {
		return nil, explain(ctx, c, err)
	}
	elapsed := env.Now().Sub(started)
	selections := kpi.Select(c.KPIs.All())
	selections = append(selections, gate.Selections(c.Benchmarks, selections)...)
	figures := kpi.Compute(snapshot, c.Policy, c.Window, selections)
	source, reason := kpi.Source(snapshot, c.Policy, c.Window)
	return report.Build(report.Input{
		Snapshot: snapshot, Window: c.Window, Source: source, SourceReason: reason, Found: c.Policy.Source == "",
		Figures: figures, Verdicts: gate.Judge(c.Benchmarks, figures, c.Gate), Cost: c.Policy.DowntimeCost,
		Elapsed: elapsed,
	}), nil
}

// request is what to read for a configuration.
func request(c config.Config) collect.Request {
	r := collect.Request{
		Owner: c.Owner, Name: c.Name, Reach: kpi.Reach(c.Window), Until: c.Window.Until,
		Sources:    []model.Source{c.Policy.Source},
		Production: c.Policy.Environments.Match,
		Tag: func(name string) bool {
			return c.Policy.Tags.Match(name) && !kpi.IsPrerelease(name)
		},
		Workflows: c.Policy.Workflows,
		CI:        true, PullRequests: true, Issues: true, Milestones: true, Commits: true, Reviews: true, Comments: true,
		Links: true, Vulnerabilities: true, CodeScanning: true,
		Events: kpi.CIEvents(),
	}
	if c.Policy.Source == "" {
		r.Sources = kpi.AutoSources(c.Policy)
		r.Enough = func(s *model.Snapshot, source model.Source) bool {
			return kpi.HasDeployment(s, c.Policy, source, c.Window)
		}
	}
	r.Deployed = func(s *model.Snapshot, source model.Source) []collect.Deployed {
		var deployed []collect.Deployed
		kpi.EachDeployment(s, c.Policy, source, c.Window, func(sha string, finished time.Time) {
			deployed = append(deployed, collect.Deployed{SHA: sha, Finished: finished})
		})
		return deployed
	}
	if len(c.Policy.Branches) > 0 {
		r.Branch = c.Policy.Branches.Match
	}
	if labels := c.Policy.Classes[kpi.Incident].Labels; len(labels) > 0 {
		r.Incident = labels.Match
	}
	jobs := c.Jobs
	for _, b := range c.Benchmarks {
		r.Paths = r.Paths || b.Filter.Asks(kpi.Path)
		jobs = jobs || b.KPI.ID == "ci-queue-time"
	}
	if jobs {
		r.Jobs = c.Policy.SpeaksForCI
	}
	for _, class := range c.Policy.Classes {
		r.IssueTypes = r.IssueTypes || len(class.Types) > 0
	}
	return r
}

// explain adds to an error what its reader can do about it, and takes the token out of it.
func explain(ctx context.Context, c config.Config, err error) error {
	var (
		auth        *github.AuthError
		missing     *github.NotFoundError
		unreachable *github.UnreachableError
		limited     *github.RateLimitError
		slow        *github.TimeoutError
	)
	advice := ""
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("interrupted while reading %s/%s; nothing was written", c.Owner, c.Name)
	case errors.As(err, &auth):
		advice = "the token is wrong or has expired; in a workflow, leave the input token out to use the workflow's own"
	case errors.As(err, &missing):
		advice = "check the name; a private repository needs a token that may read it (contents: read, pull-requests: read," +
			" issues: read, deployments: read, actions: read)"
	case errors.As(err, &limited):
		advice = "the token's hourly budget is spent: run again after the time above, or use a token of its own"
	case errors.As(err, &unreachable), errors.As(err, &slow):
		advice = "GitHub did not answer; check GITHUB_API_URL, the network and https://www.githubstatus.com, then run again"
	}
	text := err.Error()
	if c.Token != "" {
		text = strings.ReplaceAll(text, c.Token, "***")
	}
	if advice == "" {
		return errors.New(text)
	}
	return fmt.Errorf("%s\n  %s", text, advice)
}
