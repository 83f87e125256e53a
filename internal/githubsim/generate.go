package githubsim

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"time"
)

// Plan says what Generate makes up. Equal plans give equal worlds.
type Plan struct {
	// Seed chooses one of many worlds of the same plan.
	Seed uint64
	// Owner and Name are the repository's; empty: octo-org/parcel-tracker.
	Owner, Name string
	// Until is the end of the history: nothing happens at or after it. Zero: 2026-06-30T00:00:00Z.
	Until time.Time
	// Days is how long before Until the first issue or pull request may be opened; 0 means 90.
	Days int
	// PullRequests, Issues and Runs are exact counts. Deployments counts those to staging and to production together;
	// short-lived previews of pull requests come on top.
	PullRequests, Issues, Deployments, Runs int
	// BugFix is the median time from a bug's report to its fix; 0 means three days. Other issues take half of it.
	BugFix time.Duration
	// Failing is the share of production deployments that break something, 0 to 1.
	Failing float64
	// Jobs gives every run its jobs.
	Jobs bool
	// Config is the text of .github/kpi-gate.yml on the default branch; empty: there is no such file.
	Config string
}

// DemoPlan is the plan of the built-in demo: a team that delivers well and fixes bugs slowly, so that a gate with
// usual benchmarks holds on delivery and is breached on bugs.
func DemoPlan() Plan {
	return Plan{
		Seed: 220, Owner: "octo-org", Name: "parcel-tracker", Until: time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC),
		Days: 100, PullRequests: 200, Issues: 150, Deployments: 180, Runs: 2000,
		BugFix: 10 * 24 * time.Hour, Failing: 0.08, Jobs: true, Config: demoConfig,
	}
}

// configPath is where a repository keeps the gate's configuration.
const configPath = ".github/kpi-gate.yml"

// demoConfig is the demo's policy: its benchmarks hold, but for the last.
const demoConfig = `# What the pull requests of this repository have to hold: a breach fails the check.
window: 30d
benchmarks:
  - lead-time-for-changes.p50 <= 5d
  - deployment-frequency >= 1/week
  - change-failure-rate <= 40%
  - review-coverage >= 70%
  - ci-success-rate >= 70%
  - bug-time-to-resolve.within(7d) >= 85%
`

// filled is the plan with its defaults, and without what cannot be.
func (p Plan) filled() Plan {
	demo := DemoPlan()
	p.Owner, p.Name = cmp.Or(p.Owner, demo.Owner), cmp.Or(p.Name, demo.Name)
	if p.Until.IsZero() {
		p.Until = demo.Until
	}
	p.Until = p.Until.UTC().Truncate(time.Second)
	p.Days = cmp.Or(max(p.Days, 0), 90)
	p.PullRequests, p.Issues = max(p.PullRequests, 0), max(p.Issues, 0)
	p.Deployments, p.Runs = max(p.Deployments, 0), max(p.Runs, 0)
	if p.BugFix <= 0 {
		p.BugFix = 3 * 24 * time.Hour
	}
	p.Failing = min(max(p.Failing, 0), 1)
	return p
}

// mainBranch is the default branch of generated repositories.
const mainBranch = "main"

// Generate makes up a repository: a main line of merged, squashed and rebased pull requests and direct pushes,
// deployments that sometimes break something and what was done about it, issues with their discussion, releases and
// workflow runs, all in the rhythm of working days. It is coherent: what refers to a commit, an issue or a pull request
// refers to one that exists, and effects come after causes.
func Generate(p Plan) *World {
	p = p.filled()
	g := &generator{
		Plan:  p,
		rng:   rand.New(rand.NewPCG(p.Seed, uint64(p.Days))),
		other: rand.New(rand.NewPCG(p.Seed, ^uint64(p.Days))),
		began: p.Until.AddDate(0, 0, -p.Days),
	}
	created := g.began.AddDate(-1, 0, 0)
	g.world = &World{
		Repo:  Repo{Owner: p.Owner, Name: p.Name, DefaultBranch: mainBranch, CreatedAt: &created},
		Files: generatedFiles(p),
	}
	g.planProduction()
	g.planPulls()
	g.planIncidents()
	g.planIssues()
	g.settlePulls()
	g.aside(g.planPaths)
	g.planMilestones()
	g.numberItems()
	g.writeCommits()
	g.writeDeployments()
	g.writeItems()
	g.writeReleases()
	g.writeRuns()
	g.writeAlerts()
	g.writeBranches()
	return g.world
}

// generator carries a world while it is made up: first a plan of who does what when, then numbers in the order of
// opening, then commits in the order of time, then everything that names a number or a commit.
type generator struct {
	Plan
	// rng decides everything but what is made up aside, which other does.
	rng, other *rand.Rand

	began time.Time
	world *World

	releases []*shipment
	pulls    []*pullDraft
	issues   []*issueDraft
	main     []mainCommit
}

// aside makes something up by a source of chance of its own, on which nothing else that is made up depends.
func (g *generator) aside(makeUp func()) {
	g.rng, g.other = g.other, g.rng
	makeUp()
	g.rng, g.other = g.other, g.rng
}

// numberItems gives issues and pull requests their numbers, in the order in which they were opened.
func (g *generator) numberItems() {
	type item struct {
		created time.Time
		number  *int
	}
	items := make([]item, 0, len(g.pulls)+len(g.issues))
	for _, d := range g.pulls {
		items = append(items, item{d.CreatedAt, &d.Number})
	}
	for _, d := range g.issues {
		items = append(items, item{d.CreatedAt, &d.Number})
	}
	slices.SortStableFunc(items, func(a, b item) int { return a.created.Compare(b.created) })
	for i, it := range items {
		*it.number = i + 1
	}
	slices.SortFunc(g.pulls, func(a, b *pullDraft) int { return cmp.Compare(a.Number, b.Number) })
	slices.SortFunc(g.issues, func(a, b *issueDraft) int { return cmp.Compare(a.Number, b.Number) })
}

// writeItems puts issues and pull requests into the world, newest first.
func (g *generator) writeItems() {
	for _, d := range g.issues {
		g.describeIssue(d)
	}
	for _, d := range g.pulls {
		g.describePull(d)
	}
	for _, d := range slices.Backward(g.issues) {
		updated := updatedIssue(&d.Issue)
		d.UpdatedAt = &updated
		g.world.Issues = append(g.world.Issues, d.Issue)
	}
	for _, d := range slices.Backward(g.pulls) {
		updated := updatedPull(&d.Pull)
		d.UpdatedAt = &updated
		g.world.Pulls = append(g.world.Pulls, d.Pull)
	}
}

// writeBranches names the heads of main and of the open pull requests.
func (g *generator) writeBranches() {
	g.world.Branches = []Branch{{Name: mainBranch, OID: g.main[len(g.main)-1].oid}}
	for _, d := range g.pulls {
		if d.State == "OPEN" {
			g.world.Branches = append(g.world.Branches, Branch{Name: d.HeadRefName, OID: d.HeadRefOID})
		}
	}
}

// generatedFiles are the files of the default branch.
func generatedFiles(p Plan) map[string]string {
	files := map[string]string{
		"README.md": "# " + p.Name + "\n\nTracks parcels from the counter to the door.\n",
		ciPath:      "name: CI\non: [push, pull_request, merge_group]\n",
		deployPath:  "name: Deploy\non:\n  push: { branches: [main] }\n  workflow_dispatch:\n",
		nightlyPath: "name: Nightly\non:\n  schedule: [{ cron: \"17 2 * * *\" }]\n",
	}
	if p.Config != "" {
		files[configPath] = p.Config
	}
	return files
}
