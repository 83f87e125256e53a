// Package collect reads what GitHub knows about one repository into a model.Snapshot, one file per feed. A feed that
// cannot be read whole becomes a Gap; it never stops the others. Nothing here judges: which environments, branches and
// tags are production is the caller's to say.
package collect

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"kpi-gate/internal/github"
	"kpi-gate/internal/model"
)

// Request says what to read.
type Request struct {
	Owner, Name string
	// Reach is how far back facts matter (R in the KPI definitions), Until the end of the report's window.
	Reach, Until time.Time
	// Sources are the deployment sources to try, in this order; none: neither deployments nor commits are read. Reading
	// stops at the first source that Enough accepts, and at one that could not be read whole, because whether it would
	// have been accepted is then unknown.
	Sources []model.Source
	// Enough is asked after each source. Its snapshot holds the repository, AsOf, Reach and what the sources tried so far
	// gave, nothing else; it must not be kept. nil: the first source is taken as it is.
	Enough func(*model.Snapshot, model.Source) bool
	// Deployed lists what a source's deployments put into production, in the order in which they finished, from a snapshot
	// as Enough is given it. What was in production before Reach counts as shipped; of an environment that a later
	// deployment before Reach replaced, that is not all. nil: nothing was deployed.
	Deployed func(*model.Snapshot, model.Source) []Deployed
	// Production says which environments are production; nil: all are.
	Production func(environment string) bool
	// Branch says which branches are production; nil: the default branch only.
	Branch func(name string) bool
	// Tag says which tags mark a deployment; nil: all do.
	Tag func(name string) bool
	// Workflows are the deploy workflows of model.SourceWorkflow, by file name or path.
	Workflows []string
	// Commits asks for the commits that say what the deployments shipped. Those of model.SourceMerges are read anyway.
	Commits bool
	// IssueTypes asks for the types of issues, which cost further requests.
	IssueTypes bool
	// CI, PullRequests and Issues say which feeds are wanted besides the source's.
	CI, PullRequests, Issues bool
	// Events are the events whose runs CI asks for.
	Events []string
	// Reviews asks for the reviews and comments of the pull requests, Comments for the comments on the issues, and Links
	// for the pull requests that are linked to these.
	Reviews, Comments, Links bool
	// Milestones asks for the milestones that are due at or after Reach and before Until, and all that is in them.
	Milestones bool
	// Paths asks for the files that the pull requests touch, which makes reading these cost twice as much. Without
	// PullRequests there are none.
	Paths bool
	// Incident says which labels mark an incident; with it, Issues holds one that had any of them when Reach began and has
	// it still, if there is one, however long ago that was closed. nil: it is not looked for.
	Incident func(label string) bool
	// Vulnerabilities asks for Dependabot's alerts, CodeScanning for those of code scanning, of the default branch.
	Vulnerabilities, CodeScanning bool
	// Jobs says of which CI runs to read the jobs, which costs a request for each. nil: of none. Without CI there are none.
	Jobs func(model.Run) bool
	// Deadline is when reading has to end: what was not read by then becomes Gaps. Zero: there is none.
	Deadline time.Time
	// Scope says, by the names of settings, what the functions and lists of this request follow from: readings of the
	// same scope can extend each other.
	Scope map[string]string
	// Archive is what an earlier reading left, empty for none; Collect leaves in it what this one did. nil: nothing is
	// known, and nothing kept.
	Archive *Archive
}

// Deployed is a deployment that succeeded: the commit that it put into production (empty where GitHub does not name it),
// and when it finished.
type Deployed struct {
	SHA      string
	Finished time.Time
}

// Progress is told after every page, from several goroutines at once. read counts what GitHub sent, also what is not
// kept; total is how many there are to read, 0 where that is unknown; done is true when the feed has ended, whole or
// not. A feed that has ended may begin again: commits can bring older pull requests.
type Progress func(feed model.Feed, read, total int, done bool)

// Collect reads what the request asks for. A feed that fails, or ends early, becomes a Gap of the snapshot. An error is
// returned when the repository itself cannot be read, when every feed failed for one cause that concerns all alike
// (AuthError, UnreachableError, RateLimitError or BudgetError of package github, or context.DeadlineExceeded), and when ctx
// ends; then there is no snapshot. When the request's Deadline passes, what was read by then is given.
//
// Note: facts are sorted by number, ID, name or SHA, so that the same repository gives the same snapshot whatever the
// order in which answers came.
func Collect(ctx context.Context, c *github.Client, req Request, progress Progress) (*model.Snapshot, error) {
	before := c.Usage()
	r := &reading{
		client: c, request: req, progress: progress, asOf: second(c.Now()), committed: map[string]time.Time{},
		interrupted: ctx.Err,
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
	s := &model.Snapshot{Repository: r.repository, AsOf: r.asOf, Until: second(req.Until), Reach: second(req.Reach)}
	if err := r.feeds(ctx, s); err != nil {
		return nil, fmt.Errorf("reading repository %s: %w", r.repository.FullName(), err)
	}
	if err := r.ended(); err != nil {
		return nil, fmt.Errorf("reading repository %s: %w", r.repository.FullName(), err)
	}
	s.Read, s.Gaps = r.report()
	used := c.Usage().Since(before)
	s.Usage = model.Usage{
		Requests: used.Requests, GraphQLPoints: used.Points, Bytes: used.Bytes, Retries: used.Retries, Waited: used.Waited,
		Known: int(r.reused.Load()),
	}
	s.Aside = r.aside
	if r.walked != nil {
		s.Reached = r.walked.reached()
	}
	arrange(s)
	r.keep(s)
	return s, nil
}

// maxReadings is how many feeds are read at the same time, commits and what deployed them being one: GitHub asks for few
// requests at once
// (https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#avoid-concurrent-requests).
const maxReadings = 4

// reading is one call of Collect.
type reading struct {
	client  *github.Client
	request Request
	// repository is as GitHub names it, which after a renaming is not as the request does.
	repository model.Repository
	// opening is what the first request gave besides.
	opening opening
	// asOf is when reading began.
	asOf     time.Time
	progress Progress
	// interrupted is the error with which the whole run was ended from outside, nil while it was not. The end of the
	// request's time is none: what was read by then is given.
	interrupted func() error

	// earlier is what an earlier reading left that this one extends, nil for none; aside says why one that was given is not
	// extended. ledger is what this reading notes for the next one, reused how many facts were not read again.
	earlier *Archive
	aside   string
	ledger  Ledger
	reused  atomic.Int64

	// committed holds committer dates of deployed commits by SHA, as far as the sources told them. Only the goroutine
	// that reads the sources touches it.
	committed map[string]time.Time

	// merges is true where every commit on a production branch is a deployment: the commits are the source.
	merges bool
	// walked is the walk through the commits, nil where none were read; shippable are the pull requests that brought what
	// it found not to have shipped before the reach, undone the commits that this reverts. They are set before the
	// readings that use them begin.
	walked    *commitWalk
	shippable []int
	undone    []string

	// commitReading is the reading of the commits, nil where there is none.
	commitReading *commitReading

	// linkless is true where the token may not see what is linked to issues.
	linkless bool

	// pulls and items are what came of the lists of pull requests and of issues. Only one goroutine at a time reads
	// either.
	pulls listing[model.PullRequest]
	items listing[model.Issue]

	// pathless is what keeps the files of pull requests from being read, nil while nothing has; unlisted says by number,
	// of those that were read, whether GitHub keeps back any of their files.
	pathless error
	unlisted map[int]bool

	mu       sync.Mutex
	outcomes []outcome
	// told is how far progress has been told for each feed.
	told map[model.Feed]int
}

// outcome is how reading a feed ended. A feed that is read in several parts has several.
type outcome struct {
	feed model.Feed
	read int
	err  error
}

// tell reports progress, if anybody listens. A feed that is read in several parts counts on from the furthest.
func (r *reading) tell(feed model.Feed, read, total int, done bool) {
	if r.progress == nil {
		return
	}
	r.mu.Lock()
	if r.told == nil {
		r.told = map[model.Feed]int{}
	}
	read = max(read, r.told[feed])
	r.told[feed] = read
	r.mu.Unlock()
	r.progress(feed, read, total, done)
}

// end notes how reading a feed ended: read is how many facts came of it, err what kept it from being whole. Every error
// that errors.Join put together becomes a Gap of its own. Reviews and comments are read with what they are about, and end
// as that does.
func (r *reading) end(feed model.Feed, read int, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.outcomes = append(r.outcomes, outcome{feed: feed, read: read, err: err})
	switch {
	case feed == model.PullRequests && r.request.Reviews:
		r.outcomes = append(r.outcomes, outcome{feed: model.Reviews, read: read, err: err})
	case feed == model.Issues && r.request.Comments:
		r.outcomes = append(r.outcomes, outcome{feed: model.Comments, read: read, err: err})
	}
}

// feeds reads all wanted feeds into s. It fails only when the run is interrupted.
func (r *reading) feeds(ctx context.Context, s *model.Snapshot) error {
	var (
		group      errgroup.Group
		sourced    model.Snapshot
		deployRuns []model.Run
	)
	group.SetLimit(maxReadings)
	if len(r.request.Sources) > 0 {
		group.Go(func() error {
			sourced = model.Snapshot{Repository: s.Repository, AsOf: s.AsOf, Reach: s.Reach}
			var begun *commitReading
			if r.request.Commits {
				begun = r.beginCommits(ctx)
				defer func() { <-begun.begun }()
			}
			deployed := r.sources(ctx, &sourced)
			deployRuns = sourced.Runs
			if err := r.interrupted(); err != nil {
				return err
			}
			var err error
			switch {
			case begun == nil && !r.merges:
				return nil
			case begun == nil:
				begun = r.beginCommits(ctx)
			}
			s.Branches, s.Commits, err = r.commits(ctx, begun, deployed)
			r.end(model.Commits, len(s.Commits), err)
			return r.interrupted()
		})
	}
	if r.request.PullRequests || r.request.Issues || r.request.Milestones {
		group.Go(func() error { return r.lists(ctx, s) })
	}
	if r.request.CI {
		group.Go(func() (err error) {
			s.Runs, err = r.runs(ctx)
			r.end(model.Runs, len(s.Runs), err)
			return r.interrupted()
		})
	}
	if r.request.Vulnerabilities {
		group.Go(func() (err error) {
			s.Vulnerabilities, err = r.vulnerabilities(ctx)
			r.end(model.VulnerabilityAlerts, len(s.Vulnerabilities), err)
			return r.interrupted()
		})
	}
	if r.request.CodeScanning {
		group.Go(func() (err error) {
			s.CodeScanning, err = r.codeScanning(ctx)
			r.end(model.CodeScanningAlerts, len(s.CodeScanning), err)
			return r.interrupted()
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	ciRuns := slices.Clip(s.Runs)
	s.Deployments, s.Releases, s.Tags = sourced.Deployments, sourced.Releases, sourced.Tags
	s.Runs = append(ciRuns, deployRuns...)
	if err := r.relink(ctx, s); err != nil {
		return err
	}
	if err := r.brought(ctx, s); err != nil {
		return err
	}
	r.endPaths(s)
	if r.request.CI && r.request.Jobs != nil {
		// Last, because there may be more of them than the token's budget lasts for.
		return r.runJobs(ctx, s, ciRuns)
	}
	return nil
}

// lists reads pull requests, issues and milestones into s. Where all three are read, milestones come last: the other two
// tell what is in them.
func (r *reading) lists(ctx context.Context, s *model.Snapshot) error {
	var group errgroup.Group
	milestones := func() (err error) {
		s.Milestones, err = r.milestones(ctx)
		r.end(model.Milestones, len(s.Milestones), err)
		return r.interrupted()
	}
	last := bool(r.asksMilestones())
	if r.request.PullRequests {
		group.Go(func() (err error) {
			s.PullRequests, err = r.pullRequests(ctx)
			r.end(model.PullRequests, len(s.PullRequests), err)
			return r.interrupted()
		})
	}
	if r.request.Issues {
		group.Go(func() (err error) {
			s.Issues, err = r.issues(ctx)
			r.end(model.Issues, len(s.Issues), err)
			return r.interrupted()
		})
	}
	if r.request.Milestones && !last {
		group.Go(milestones)
	}
	if err := group.Wait(); err != nil || !r.request.Milestones || !last {
		return err
	}
	return milestones()
}

// ended is the error that makes a snapshot pointless: every feed failed for the same cause, and none gave anything. Where
// the budget or the time is spent, that some feeds are known to be empty, as the first request tells, is nothing either.
func (r *reading) ended() error {
	var first error
	empty := false
	for _, o := range r.outcomes {
		switch {
		case o.err == nil && o.read == 0:
			empty = true
		case o.err == nil || o.read > 0 || fatal(o.err) == "" || first != nil && fatal(first) != fatal(o.err):
			return nil
		case first == nil:
			first = o.err
		}
	}
	if cause := fatal(first); empty && cause != "budget" && cause != "deadline" {
		return nil
	}
	return first
}

// fatal names a cause that concerns every feed alike; empty for any other.
func fatal(err error) string {
	var (
		auth        *github.AuthError
		unreachable *github.UnreachableError
		limit       *github.RateLimitError
		budget      *github.BudgetError
	)
	switch {
	case errors.As(err, &auth):
		return "auth"
	case errors.As(err, &unreachable):
		return "unreachable"
	case errors.As(err, &limit):
		return "rate limit"
	case errors.As(err, &budget):
		return "budget"
	case errors.Is(err, context.DeadlineExceeded):
		return "deadline"
	}
	return ""
}

// report lists the feeds that were asked for and what is missing from them.
func (r *reading) report() ([]model.Feed, []model.Gap) {
	var (
		feeds []model.Feed
		gaps  []model.Gap
	)
	for _, o := range r.outcomes {
		if !slices.Contains(feeds, o.feed) {
			feeds = append(feeds, o.feed)
		}
		for _, err := range parts(o.err) {
			gap := model.Gap{Feed: o.feed, Reason: reason(err), Advice: advice(err), Partial: o.read > 0}
			gap.Cut = gap.Partial && r.isCut(o.feed, err)
			var permission *github.PermissionError
			if errors.As(err, &permission) {
				gap.Permission = permission.Permission
			}
			gaps = append(gaps, gap)
		}
	}
	slices.Sort(feeds)
	slices.SortFunc(gaps, func(a, b model.Gap) int {
		return cmp.Or(cmp.Compare(a.Feed, b.Feed), cmp.Compare(a.Reason, b.Reason))
	})
	return feeds, slices.Compact(gaps)
}

// cutLists are the feeds of which a fact is kept only once all of it was read.
var cutLists = []model.Feed{
	model.Deployments, model.DeployRuns, model.Releases, model.Tags, model.PullRequests, model.Issues,
	model.VulnerabilityAlerts, model.CodeScanningAlerts,
}

// isCut reports whether an error has kept facts of a feed from being read, but no part of one that was. Facts that an
// earlier reading left are as they were then where they could not be read again, and issues without their types are not
// known for what they are.
func (r *reading) isCut(feed model.Feed, err error) bool {
	var untyped *untypedError
	known, _ := r.known(feed)
	return slices.Contains(cutLists, feed) && known == nil && !errors.As(err, &untyped)
}

// parts are the errors that errors.Join put together; err itself where it did not, none for nil.
func parts(err error) []error {
	if err == nil {
		return nil
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []error
		for _, part := range joined.Unwrap() {
			all = append(all, parts(part)...)
		}
		return all
	}
	return []error{err}
}

// told is an error of a REST call without the address that was called: the refusal in it names what was asked.
func told(err error) error {
	if refused := github.Refusal(err); refused != nil {
		return refused
	}
	return err
}

// arrange puts every list of s into an order of its own, and drops what was read twice.
func arrange(s *model.Snapshot) {
	s.Deployments = sorted(s.Deployments, func(d model.Deployment) int64 { return d.ID })
	s.Releases = sorted(s.Releases, func(r model.Release) int64 { return r.ID })
	s.Tags = sorted(s.Tags, func(t model.Tag) string { return t.Name })
	s.Branches = sorted(s.Branches, func(b model.Branch) string { return b.Name })
	s.Commits = sorted(s.Commits, func(c model.Commit) string { return c.SHA })
	s.PullRequests = sorted(s.PullRequests, func(p model.PullRequest) int { return p.Number })
	s.Issues = sorted(s.Issues, func(i model.Issue) int { return i.Number })
	s.Milestones = sorted(s.Milestones, func(m model.Milestone) int { return m.Number })
	s.Runs = sorted(s.Runs, func(r model.Run) int64 { return r.ID })
	s.Jobs = sorted(s.Jobs, func(j model.Job) int64 { return j.ID })
	s.Vulnerabilities = sorted(s.Vulnerabilities, func(a model.Alert) int { return a.Number })
	s.CodeScanning = sorted(s.CodeScanning, func(a model.Alert) int { return a.Number })
}

// sorted is facts in the order of their keys, the first of each key.
func sorted[F any, K cmp.Ordered](facts []F, key func(F) K) []F {
	slices.SortStableFunc(facts, func(a, b F) int { return cmp.Compare(key(a), key(b)) })
	return slices.CompactFunc(facts, func(a, b F) bool { return key(a) == key(b) })
}
