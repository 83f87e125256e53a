package collect

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/github"
	"kpi-gate/internal/model"
)

// Plan is what a request would ask of GitHub.
type Plan struct {
	Repository model.Repository
	Steps      []Step
	// Asked is what it took to find that out.
	Asked github.Usage
	// Limits is what the token has left of the hour.
	Limits github.Limits
	// Aside says why an earlier reading that was given does not help; empty where it does, or none was given.
	Aside string
}

// The steps that are no feeds: the repository itself, and the types of issues, which REST alone tells.
const (
	RepositoryStep = "repository"
	IssueTypesStep = "issue-types"
)

// Step is one part of a plan.
type Step struct {
	// Name is that of a feed, or one of the constants above.
	Name string
	// Items is how many facts there are to read, as far as GitHub counts them, and AtMost says that it may be fewer.
	Items  int
	AtMost bool
	// Requests and Points are what they cost: requests by REST and GraphQL together, points by GraphQL's formula.
	Requests, Points int
	// Known is true where an earlier reading is extended.
	Known bool
	// Fallback is true for what is read only if nothing was deployed by the steps before it.
	Fallback bool
	// Unknown says why it is not known what the step costs; empty where it is.
	Unknown string
}

// Cost is how many requests and points all steps take, but for those that are a fallback.
func (p *Plan) Cost() (requests, points int) {
	for _, s := range p.Steps {
		if !s.Fallback {
			requests, points = requests+s.Requests, points+s.Points
		}
	}
	return requests, points
}

// countsQuery asks how much there is to read. It is priced as one request: counting takes no nodes.
type countsQuery struct {
	Repository struct {
		PullRequests *counted `graphql:"pullRequests(states: [OPEN]) @include(if: $pulls)"`
		// What GitHub refuses to show it names by the key of the answer, which an alias hides: that of the field comes first.
		Issues      *counted `graphql:"issues(filterBy: {since: $issuesSince}) @include(if: $issues)"`
		OpenIssues  *counted `graphql:"openIssues: issues(states: [OPEN]) @include(if: $issues)"`
		Deployments *counted `graphql:"deployments @include(if: $deployments)"`
		Releases    *counted `graphql:"releases @include(if: $releases)"`
		Tags        *counted `graphql:"tags: refs(refPrefix: \"refs/tags/\") @include(if: $tags)"`
		Object      *struct {
			Commit struct {
				History counted `graphql:"history(since: $commitsSince)"`
			} `graphql:"... on Commit"`
		} `graphql:"object(expression: $head) @include(if: $commits)"`
	} `graphql:"repository(owner: $owner, name: $name)"`
	Search    *struct{ IssueCount githubv4.Int } `graphql:"search(type: ISSUE, query: $search) @include(if: $pulls)"`
	RateLimit github.RateLimit
}

// NewPlan finds out what a request would cost without reading any facts: with the request that every reading begins with,
// one that counts, and one for the runs. What GitHub cannot count as it would be read is given as the most that it may
// be; what it does not count at all is said to be unknown.
func NewPlan(ctx context.Context, c *github.Client, req Request) (*Plan, error) {
	before := c.Usage()
	r := &reading{
		client: c, request: req, asOf: second(c.Now()), committed: map[string]time.Time{}, interrupted: ctx.Err,
	}
	if !req.Deadline.IsZero() {
		var cancel context.CancelFunc
		ctx, cancel = c.WithDeadline(ctx, req.Deadline)
		defer cancel()
	}
	if err := r.preflight(ctx); err != nil {
		return nil, fmt.Errorf("reading repository %s/%s: %w", req.Owner, req.Name, err)
	}
	r.recall()
	p := &planning{reading: r, plan: &Plan{Repository: r.repository, Aside: r.aside}}
	if err := p.count(ctx); err != nil {
		return nil, fmt.Errorf("planning to read %s: %w", r.repository.FullName(), err)
	}
	p.plan.Asked, p.plan.Limits = c.Usage().Since(before), c.Limits()
	return p.plan, nil
}

// planning is one call of NewPlan.
type planning struct {
	*reading
	plan *Plan
}

// since is the instant from which on facts of a feed have to be read, and whether what is older is known.
func (p *planning) since(feed model.Feed) (time.Time, bool) {
	if facts, through := p.known(feed); facts != nil {
		return through.Add(-overlap), true
	}
	return second(p.request.Reach), false
}

// tries reports whether a source is among those to try.
func (r *reading) tries(source model.Source) bool {
	return slices.Contains(r.request.Sources, source)
}

func (p *planning) count(ctx context.Context) error {
	pullsSince, _ := p.since(model.PullRequests)
	issuesSince, _ := p.since(model.Issues)
	commitsSince, _ := p.since(model.Commits)
	asked := map[string]bool{
		"pulls": p.request.PullRequests, "issues": p.request.Issues,
		"deployments": p.tries(model.SourceDeployments), "releases": p.tries(model.SourceReleases),
		"tags": p.tries(model.SourceTags), "commits": p.request.Commits && p.repository.DefaultBranch != "",
	}
	variables := p.variables()
	delete(variables, "after")
	for name, wanted := range asked {
		variables[name] = githubv4.Boolean(wanted)
	}
	variables["issuesSince"] = githubv4.DateTime{Time: issuesSince}
	variables["commitsSince"] = githubv4.GitTimestamp{Time: commitsSince}
	variables["head"] = githubv4.String("refs/heads/" + p.repository.DefaultBranch)
	variables["search"] = githubv4.String(fmt.Sprintf("repo:%s is:pr updated:>=%s",
		p.repository.FullName(), pullsSince.Format(time.RFC3339)))
	var q countsQuery
	err := p.client.Query(ctx, &q, variables)
	var forbidden *github.PermissionError
	switch {
	case errors.As(err, &forbidden):
		p.unknown(asked, forbidden)
	case err != nil:
		return err
	default:
		if err := p.counted(&q, asked); err != nil {
			return err
		}
	}
	if err := p.runs(ctx); err != nil {
		return err
	}
	p.rest()
	return nil
}

// unknown notes that the token may not see something of what is to be counted: GitHub then answers none of it.
func (p *planning) unknown(asked map[string]bool, why error) {
	for _, s := range []struct {
		name string
		feed model.Feed
	}{
		{"deployments", model.Deployments},
		{"releases", model.Releases},
		{"tags", model.Tags},
		{"commits", model.Commits},
		{"pulls", model.PullRequests},
		{"issues", model.Issues},
	} {
		if asked[s.name] {
			p.plan.Steps = append(p.plan.Steps, Step{Name: string(s.feed), Unknown: reason(why)})
		}
	}
}

// counted notes what there is of the lists that GraphQL counts.
func (p *planning) counted(q *countsQuery, asked map[string]bool) error {
	of := &q.Repository
	var errs []error
	price := func(page any, size int, set func(map[string]any)) int {
		variables := p.variables()
		if set != nil {
			set(variables)
		}
		variables["first"] = githubv4.Int(size) //nolint:gosec // A page size.
		points, err := github.PriceOf(page, variables)
		errs = append(errs, err)
		return points
	}
	if asked["deployments"] {
		points := price(&deploymentsQuery{}, largestPage, func(v map[string]any) { v["by"] = githubv4.DeploymentOrder{} })
		p.add(model.Deployments, of.Deployments.of(), points)
	}
	if asked["releases"] {
		p.add(model.Releases, of.Releases.of(), price(&releasesQuery{}, largestPage, nil))
	}
	if asked["tags"] {
		p.add(model.Tags, of.Tags.of(), price(&tagsQuery{}, largestPage, nil))
	}
	if of.Object != nil {
		points := price(&historyQuery{}, largestPage, func(v map[string]any) { v["oid"] = githubv4.GitObjectID("") })
		p.add(model.Commits, of.Object.Commit.History.of(), points)
	}
	if asked["pulls"] {
		updated := 0
		if q.Search != nil {
			updated = int(q.Search.IssueCount)
		}
		p.addUpdated(model.PullRequests, updated, of.PullRequests.of(), func(size int) int {
			return price(&updatedPullRequestsQuery{}, size, p.pullRequestVariables)
		})
	}
	if asked["issues"] {
		p.addUpdated(model.Issues, of.Issues.of(), of.OpenIssues.of(), func(size int) int {
			return price(&updatedIssuesQuery{}, size, func(v map[string]any) {
				p.issueVariables(v)
				v["since"] = githubv4.DateTime{}
			})
		})
	}
	return errors.Join(errs...)
}

// sourceFeeds are the feeds of the deployment sources.
var sourceFeeds = map[model.Source]model.Feed{
	model.SourceDeployments: model.Deployments, model.SourceReleases: model.Releases, model.SourceTags: model.Tags,
}

// add notes a list of pages of so many points; an earlier reading that is extended leaves what is new of it, and a look
// at what was known. Of the deployments, GitHub does not count those since an instant.
func (p *planning) add(feed model.Feed, items, points int) {
	step := Step{Name: string(feed), Items: items, AtMost: feed == model.Deployments, Requests: pagesOf(items)}
	if len(p.request.Sources) > 0 {
		step.Fallback = feed != model.Commits && feed != sourceFeeds[p.request.Sources[0]]
	}
	step.Points = step.Requests * points
	if _, known := p.since(feed); known {
		step.Known = true
		if feed == model.Commits {
			step.Requests = (items + largestPage - 1) / largestPage
			step.Points = step.Requests * points
		} else {
			rechecks := (items + recheckedAtOnce - 1) / recheckedAtOnce
			step.Requests, step.Points = 1+rechecks, points+rechecks
		}
	}
	p.plan.Steps = append(p.plan.Steps, step)
}

// addUpdated notes a list that is read back to the last update that matters, by the points of a page of a size; what is
// open and older comes on top.
func (p *planning) addUpdated(feed model.Feed, updated, open int, points func(size int) int) {
	step := Step{Name: string(feed), Items: updated}
	if _, step.Known = p.since(feed); step.Known {
		step.Requests = 1
		step.Points = points(frontSize)
		if updated > frontSize {
			step.Requests += pagesOf(updated - frontSize)
			step.Points += (step.Requests - 1) * points(largestPage)
		}
	} else {
		step.Requests = pagesOf(updated)
		if open > 0 {
			// How many of the open ones were not touched since is not counted: as many as there are, at most.
			step.Items, step.AtMost = updated+open, true
			step.Requests += pagesOf(open)
		}
		step.Points = step.Requests * points(largestPage)
	}
	p.plan.Steps = append(p.plan.Steps, step)
}

// runs notes the workflow runs, which only REST counts.
func (p *planning) runs(ctx context.Context) error {
	if !p.request.CI || p.repository.DefaultBranch == "" {
		return nil
	}
	since, known := p.since(model.Runs)
	query := url.Values{"created": {">=" + since.Format(time.RFC3339)}, "per_page": {"1"}}
	if p.request.Branch == nil && !known {
		query.Set("branch", p.repository.DefaultBranch)
	}
	query.Set("exclude_pull_requests", "true")
	var page workflowRunPage
	_, err := p.actions(ctx, "runs", query, &page)
	var forbidden *github.PermissionError
	switch {
	case err == nil && page.TotalCount >= 0:
	case errors.As(err, &forbidden):
		p.plan.Steps = append(p.plan.Steps, Step{Name: string(model.Runs), Unknown: reason(err)})
		return nil
	default:
		return fmt.Errorf("counting the workflow runs: %w", err)
	}
	step := Step{
		Name: string(model.Runs), Items: page.TotalCount, AtMost: true, Requests: pagesOf(page.TotalCount), Known: known,
	}
	if known {
		facts, _ := p.known(model.Runs)
		step.Points = (len(facts.Runs) + recheckedAtOnce - 1) / recheckedAtOnce
		step.Requests += step.Points
	} else {
		step.Requests++ // the merge queue's
	}
	p.plan.Steps = append(p.plan.Steps, step)
	if p.request.Jobs != nil {
		p.plan.Steps = append(p.plan.Steps, Step{
			Name: string(model.Jobs), Items: page.TotalCount, AtMost: true, Requests: page.TotalCount, Known: known,
		})
	}
	return nil
}

// uncounted is said of what GitHub does not count beforehand.
const uncounted = "usually one request; it is not counted beforehand"

// rest notes what is not counted beforehand, but nearly always fits one answer.
func (p *planning) rest() {
	p.plan.Steps = append(p.plan.Steps, Step{Name: RepositoryStep, Items: 1, Requests: 1, Points: 1})
	if p.request.Issues && p.request.IssueTypes {
		_, known := p.since(model.Issues)
		p.plan.Steps = append(p.plan.Steps, Step{Name: IssueTypesStep, Requests: 1, Known: known, Unknown: uncounted})
	}
	for _, s := range []struct {
		feed   model.Feed
		wanted bool
		points int
	}{
		{model.Milestones, p.request.Milestones, 1},
		{model.PastIncidents, p.request.Issues && p.request.Incident != nil, 1},
		{model.VulnerabilityAlerts, p.request.Vulnerabilities, 0},
		{model.CodeScanningAlerts, p.request.CodeScanning, 0},
	} {
		if s.wanted {
			_, known := p.since(s.feed)
			p.plan.Steps = append(p.plan.Steps, Step{
				Name: string(s.feed), Requests: 1, Points: s.points, Known: known,
				Unknown: uncounted,
			})
		}
	}
}

// pagesOf is how many pages hold so many items; even none takes one to know.
func pagesOf(items int) int { return max((items+largestPage-1)/largestPage, 1) }
