package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"kpi-gate/internal/collect"
	"kpi-gate/internal/config"
	"kpi-gate/internal/gate"
	"kpi-gate/internal/github"
	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
	"kpi-gate/internal/publish"
	"kpi-gate/internal/report"
)

// besideTimeout is how long each thing may take that comes beside the reading: looking at the pull request, publishing.
const besideTimeout = 2 * time.Minute

// gateRun is one run of the gate: its configuration, and what it is asked about.
type gateRun struct {
	config.Config
	env Env
	at  endpoints
	// home is the repository that the run belongs to, as owner/name: that of its configuration file and its pull request.
	home    string
	trigger trigger
	origin  origin
}

// isHome reports whether the repository that is measured is the one that the run belongs to.
func (g *gateRun) isHome() bool { return strings.EqualFold(g.home, g.Owner+"/"+g.Name) }

// judge puts into a report what a reading says of the figures, of the benchmarks, and of the pull request that the gate
// is asked about.
func (g *gateRun) judge(ctx context.Context, r *reading) *report.Report {
	in := judged(g.Config, r)
	in.Config, in.NotEnforced, in.PullRequest = g.origin.inReport(), g.notEnforced(), g.trigger.number
	usage := g.origin.usage
	if isBreached(in.Verdicts) && !g.Exemptions.IsEmpty() && g.trigger.number > 0 {
		candidate, cost, err := g.candidate(ctx)
		usage = usage.And(cost)
		if err != nil {
			in.Warnings = append(in.Warnings, fmt.Sprintf("Whether pull request #%d is exempt could not be found out: %v.",
				g.trigger.number, err))
		} else {
			var repairs kpi.Repairs
			if g.isHome() {
				repairs = kpi.RepairsOf(r.snapshot, g.Policy, g.Window, *candidate)
			}
			in.Verdicts = g.Exemptions.Apply(in.Verdicts, candidate, repairs)
			if g.Exemptions.FixingBreachedClass && !candidate.ClosesKnown && isBreached(in.Verdicts) {
				in.Warnings = append(in.Warnings, fmt.Sprintf("Not every issue that pull request #%d closes could be read, so it"+
					" may repair more than is known. What usually helps: grant the token the permission issues: read.", candidate.Number))
			}
		}
	}
	s := *r.snapshot
	s.Usage.Requests, s.Usage.GraphQLPoints = s.Usage.Requests+usage.Requests, s.Usage.GraphQLPoints+usage.Points
	s.Usage.Bytes, s.Usage.Retries = s.Usage.Bytes+usage.Bytes, s.Usage.Retries+usage.Retries
	s.Usage.Waited += usage.Waited
	in.Snapshot = &s
	return report.Build(in)
}

// publish tells the report where the configuration wants it told, and puts into the report what came of that.
func (g *gateRun) publish(ctx context.Context, r *report.Report) error {
	asked := publish.Asked(g.Publish)
	var skipped []report.Published
	if event := g.trigger.event; asked.Issue != "" && event != "schedule" && event != "workflow_dispatch" {
		// The issue is for whoever looks now and then; a push, or a queue, is somebody's who looks now.
		reason := "the issue is kept by runs by schedule or by hand"
		asked.Issue, skipped = "", []report.Published{{To: "issue", State: "not-needed", Reason: &reason}}
	}
	if asked != (publish.Asked{}) {
		client, bounded, done, err := g.beside(ctx)
		if err != nil {
			return err
		}
		defer done()
		r.Published = publish.Publish(bounded, client, g.target(), asked, r)
	}
	r.Published = append(r.Published, skipped...)
	return nil
}

// target is what the report is about, and who says it: by the names of the workflow and the job, and of the repository
// where that is another one, since the jobs of a matrix have one name.
func (g *gateRun) target() publish.Target {
	owner, name, _ := strings.Cut(g.home, "/")
	gate := g.env.Getenv("GITHUB_WORKFLOW") + "/" + g.env.Getenv("GITHUB_JOB")
	if !g.isHome() {
		gate += " on " + g.Owner + "/" + g.Name
	}
	return publish.Target{
		Owner: owner, Name: name, PullRequest: g.trigger.number, SHA: g.trigger.sha, Page: g.trigger.page, Gate: gate,
	}
}

// beside is a client for what comes beside the reading, which the budget and the timeout bound, and a context with the
// time that it may take. Whoever asks is to call done.
func (g *gateRun) beside(ctx context.Context) (c *github.Client, bounded context.Context, done func(), err error) {
	unbounded := g.Config
	unbounded.Budget = config.Budget{}
	c, err = client(g.env, unbounded, endpoints{api: g.at.api, graphql: g.at.graphql})
	if err != nil {
		return nil, nil, nil, err
	}
	bounded, cancel := c.WithDeadline(ctx, g.env.Now().Add(besideTimeout))
	return c, bounded, func() { cancel(); c.Close() }, nil
}

func isBreached(verdicts []gate.Verdict) bool {
	return slices.ContainsFunc(verdicts, func(v gate.Verdict) bool { return v.Outcome == gate.Breached })
}

// candidate is the pull request that the gate is asked about, as it is now, and what asking for it cost.
func (g *gateRun) candidate(ctx context.Context) (*model.Candidate, github.Usage, error) {
	client, bounded, done, err := g.beside(ctx)
	if err != nil {
		return nil, github.Usage{}, err
	}
	defer done()
	owner, name, _ := strings.Cut(g.home, "/")
	candidate, err := collect.ReadCandidate(bounded, client, owner, name, g.trigger.number, g.Exemptions.AsksPaths())
	if err != nil {
		return nil, client.Usage(), err
	}
	// Which files it changes follows from its head: of another commit than the one that is judged that says nothing.
	if g.trigger.event != "merge_group" && candidate.HeadSHA != g.trigger.sha {
		candidate.PathsKnown = false
	}
	return candidate, client.Usage(), nil
}

// notEnforced says why a breach does not fail this run; empty where it does.
func (g *gateRun) notEnforced() string {
	switch event := g.trigger.event; {
	case !g.Enforce:
		return "enforce is false"
	case len(g.EnforceOn) > 0 && event != "" && !slices.Contains(g.EnforceOn, event):
		return fmt.Sprintf("the run was set off by %s, and enforce-on names %s", event, strings.Join(g.EnforceOn, ", "))
	default:
		return ""
	}
}
