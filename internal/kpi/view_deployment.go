package kpi

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"sort"
	"strings"
	"time"

	"kpi-gate/internal/model"
)

// deployment is a successful production deployment as it stood at the instant of a pass.
type deployment struct {
	ref         model.Ref
	environment string
	sha         string
	commit      int32
	finished    time.Time
	// index is its place in the order of deployments.
	index int
	// shipsNothing marks the first deployment of the history and, for sources that are not read whole, those before the
	// reach.
	shipsNothing bool
	// rollback: its commit is a strict ancestor of what its environment ran until then.
	rollback bool
	// statuses is set for the source deployments.
	statuses []model.DeploymentStatus
	// next is the next one in the same environment, nil for the last.
	next *deployment
}

// attempt is a production deployment that ended, well or not.
type attempt struct {
	ref     model.Ref
	ended   time.Time
	success bool
}

// deployments are the production deployments of a pass, and what they shipped.
type deployments struct {
	// successful are in order: by finish, then id; merges in the order of the line.
	successful []*deployment
	attempts   []attempt
	// owners holds for each commit the index of the first deployment that reached it, or none.
	owners []int32
}

// sourceFeeds are the feeds that a source's deployments are read from.
var sourceFeeds = map[model.Source]model.Feed{
	model.SourceDeployments: model.Deployments,
	model.SourceWorkflow:    model.DeployRuns,
	model.SourceReleases:    model.Releases,
	model.SourceTags:        model.Tags,
	model.SourceMerges:      model.Commits,
}

// resolveSource picks the policy's source, or the first of workflow (if configured), deployments, releases and tags
// with a successful production deployment in w or the window before. It never picks past a source that could not be
// read: gaps then names its feed. reason says why there is none.
func (f *facts) resolveSource(w model.Window) (source model.Source, reason string, gaps []model.Feed) {
	if f.policy.Source != "" {
		return f.policy.Source, "", nil
	}
	var tried []string
	for _, source := range AutoSources(*f.policy) {
		if f.hasDeployment(source, w) {
			return source, "", nil
		}
		tried = append(tried, string(source))
		feed := sourceFeeds[source]
		if gaps := f.gaps[feed]; len(gaps) > 0 {
			var missed causes
			missed.add(feed, gaps)
			return "", "the source of deployments cannot be chosen, because " + missed.String(), []model.Feed{feed}
		}
		if !f.read[feed] {
			return "", "the source of deployments cannot be chosen, because " + unreadReason(feed), nil
		}
	}
	return "", fmt.Sprintf("no successful production deployment in this window or the one before (looked for: %s);"+
		" if there is one, name its source, environment or tags", strings.Join(tried, ", ")), nil
}

// AutoSources are the sources that are tried in turn where none is configured.
func AutoSources(policy Policy) []model.Source {
	sources := []model.Source{model.SourceDeployments, model.SourceReleases, model.SourceTags}
	if len(policy.Workflows) > 0 {
		sources = append([]model.Source{model.SourceWorkflow}, sources...)
	}
	return sources
}

// HasDeployment reports whether source has a successful production deployment in w or in the window before it.
func HasDeployment(s *model.Snapshot, policy Policy, source model.Source, w model.Window) bool {
	return deploymentFacts(s, &policy, reach(s, w)).hasDeployment(source, w)
}

// Source is the deployment source that Compute uses for a window, and why there is none where it is empty.
func Source(s *model.Snapshot, policy Policy, w model.Window) (model.Source, string) {
	source, reason, _ := deploymentFacts(s, &policy, reach(s, w)).resolveSource(w)
	return source, reason
}

// EachDeployment yields a source's successful production deployments finished before an instant, in order: the commit
// that each put into place, and when it finished. Of a source that is not read whole, it is of each environment the
// last before the snapshot's reach, and what finished since.
func EachDeployment(
	s *model.Snapshot, policy Policy, source model.Source, until time.Time, yield func(sha string, finished time.Time),
) {
	successful, _ := deploymentFacts(s, &policy, s.Reach).production(source, until)
	for _, d := range successful {
		yield(d.sha, d.finished)
	}
}

// deploymentFacts are the facts that tell which deployments there are, but not what they shipped.
func deploymentFacts(s *model.Snapshot, policy *Policy, reach time.Time) *facts {
	return &facts{
		snapshot: s, policy: policy, reach: reach, graph: newGraph(nil), gaps: gapsOf(s), read: readOf(s),
	}
}

func (f *facts) hasDeployment(source model.Source, w model.Window) bool {
	both := model.Window{Since: w.Before().Since, Until: w.Until}
	successful, _ := f.production(source, w.Until)
	for _, d := range successful {
		if both.Contains(d.finished) {
			return true
		}
	}
	return false
}

// deployed are the pass's deployments from the report's source.
func (p *Pass) deployed() *deployments {
	if p.deployments != nil {
		return p.deployments
	}
	d := &deployments{}
	d.successful, d.attempts = p.production(p.source, p.at())
	last := map[string]*deployment{}
	d.owners = make([]int32, len(p.graph.commits))
	for i := range d.owners {
		d.owners[i] = none
	}
	for i, dep := range d.successful {
		dep.index = i
		dep.shipsNothing = dep.shipsNothing || i == 0
		dep.commit = p.graph.find(dep.sha)
		if before := last[dep.environment]; before != nil {
			before.next = dep
			dep.rollback = p.isRollback(dep, before, d.owners)
		}
		last[dep.environment] = dep
		p.graph.claim(dep.commit, int32(i), d.owners)
	}
	p.deployments = d
	return d
}

// isRollback reports whether dep put a strict ancestor of what ran before it. owners are those of the deployments so
// far.
func (p *Pass) isRollback(dep, before *deployment, owners []int32) bool {
	if p.source != model.SourceDeployments && p.source != model.SourceWorkflow {
		return false
	}
	if dep.commit == none || before.commit == none {
		return false
	}
	// An ancestor was reached no later than its descendant: most deployments fail this at once, without a walk.
	if owners[dep.commit] == none || owners[dep.commit] > owners[before.commit] {
		return false
	}
	return p.graph.isAncestor(dep.commit, before.commit)
}

// shippedBy is the deployment that first reached a commit, nil if none did.
func (p *Pass) shippedBy(sha string) *deployment {
	d := p.deployed()
	commit := p.graph.find(sha)
	if commit == none || d.owners[commit] == none {
		return nil
	}
	return d.successful[d.owners[commit]]
}

// contains reports whether d's commit reaches a commit.
func (p *Pass) contains(d *deployment, commit int32) bool {
	return d.commit == commit || p.graph.isAncestor(commit, d.commit)
}

// production lists a source's successful production deployments finished before an instant, in order, and the attempts
// that ended before it.
func (f *facts) production(source model.Source, at time.Time) ([]*deployment, []attempt) {
	var successful []*deployment
	var attempts []attempt
	switch source {
	case model.SourceDeployments:
		successful, attempts = f.sinceReach(f.fromDeployments(at))
	case model.SourceWorkflow:
		successful, attempts = f.sinceReach(f.fromRuns(at))
	case model.SourceReleases:
		successful = f.fromReleases(at)
	case model.SourceTags:
		successful = f.fromTags(at)
	case model.SourceMerges:
		return f.fromMerges(at), nil
	}
	sort.SliceStable(successful, func(i, j int) bool {
		a, b := successful[i], successful[j]
		if !a.finished.Equal(b.finished) {
			return a.finished.Before(b.finished)
		}
		return lessRef(a.ref, b.ref)
	})
	return successful, attempts
}

// sinceReach keeps of each environment the last success before the reach, which ships nothing, and what finished since:
// an attempt that failed before it may not have been read, so it must not show that the source has deployments.
func (f *facts) sinceReach(all []*deployment, ended []attempt) ([]*deployment, []attempt) {
	attempts := ended[:0]
	for _, a := range ended {
		if !a.ended.Before(f.reach) {
			attempts = append(attempts, a)
		}
	}
	before := map[string]*deployment{}
	kept := all[:0]
	for _, d := range all {
		if !d.finished.Before(f.reach) {
			kept = append(kept, d)
			continue
		}
		last := before[d.environment]
		if last == nil || d.finished.After(last.finished) ||
			d.finished.Equal(last.finished) && lessRef(last.ref, d.ref) {
			before[d.environment] = d
		}
	}
	for _, d := range before {
		d.shipsNothing = true
		kept = append(kept, d)
	}
	return kept, attempts
}

func (f *facts) fromDeployments(at time.Time) (successful []*deployment, attempts []attempt) {
	for i := range f.snapshot.Deployments {
		d := &f.snapshot.Deployments[i]
		if !d.Created.Before(at) || !f.policy.Environments.Match(d.Environment) {
			continue
		}
		ref := model.Ref{
			Kind: model.RefDeployment, ID: d.ID, Title: d.Environment,
			URL: f.snapshot.Repository.URL + "/deployments/" + url.PathEscape(d.Environment),
		}
		// INACTIVE only marks one that was superseded
		// (https://docs.github.com/en/graphql/reference/enums#deploymentstatusstate).
		succeeded, failed := d.First("SUCCESS"), d.First("FAILURE", "ERROR")
		switch {
		case !succeeded.IsZero() && succeeded.Before(at):
			attempts = append(attempts, attempt{ref: ref, ended: succeeded, success: true})
			successful = append(successful, &deployment{
				ref: ref, environment: d.Environment, sha: d.SHA, finished: succeeded, statuses: d.Statuses,
			})
		case !failed.IsZero() && failed.Before(at):
			attempts = append(attempts, attempt{ref: ref, ended: failed})
		}
	}
	return successful, attempts
}

func (f *facts) fromRuns(at time.Time) (successful []*deployment, attempts []attempt) {
	for i := range f.snapshot.Runs {
		run := &f.snapshot.Runs[i]
		if !f.deploys(run) || run.Status != "completed" || !run.Created.Before(at) || !run.Updated.Before(at) {
			continue
		}
		ref := runRef(run)
		switch run.Conclusion {
		case "success":
			attempts = append(attempts, attempt{ref: ref, ended: run.Updated, success: true})
			successful = append(successful, &deployment{
				ref: ref, environment: run.Workflow, sha: run.SHA, finished: run.Updated,
			})
		case "failure", "timed_out", "startup_failure":
			attempts = append(attempts, attempt{ref: ref, ended: run.Updated})
		}
	}
	return successful, attempts
}

// deploys reports whether a run is a deployment for the source workflow.
func (f *facts) deploys(run *model.Run) bool {
	if run.Event == "pull_request" || run.Event == "pull_request_target" || !f.isProduction(run.TargetBranch()) {
		return false
	}
	for _, workflow := range f.policy.Workflows {
		if workflow == run.Workflow || workflow == path.Base(run.Workflow) {
			return true
		}
	}
	return false
}

func runRef(run *model.Run) model.Ref {
	return model.Ref{Kind: model.RefRun, ID: run.ID, URL: run.URL, Title: run.Name}
}

func (f *facts) fromReleases(at time.Time) (successful []*deployment) {
	for i := range f.snapshot.Releases {
		r := &f.snapshot.Releases[i]
		if r.Draft || r.Prerelease || r.Published.IsZero() || !r.Published.Before(at) {
			continue
		}
		successful = append(successful, &deployment{
			ref: model.Ref{Kind: model.RefRelease, ID: r.ID, Name: r.Tag, URL: r.URL, Title: r.Tag},
			sha: r.SHA, finished: r.Published,
		})
	}
	return successful
}

// A tag is a pre-release if it is a semantic version with a hyphen part (https://semver.org/#spec-item-9), or if its
// name ends in alpha, beta, rc, pre or dev and maybe a number.
var (
	semanticPrerelease = regexp.MustCompile(`(?:^|[^0-9A-Za-z.])v?\d+\.\d+\.\d+-[0-9A-Za-z.-]+(?:\+[0-9A-Za-z.-]+)?$`)
	namedPrerelease    = regexp.MustCompile(`(?i)(?:alpha|beta|rc|pre|dev)(?:[.-]?\d+)?$`)
)

// IsPrerelease reports whether a tag's name marks a pre-release.
func IsPrerelease(tag string) bool {
	return semanticPrerelease.MatchString(tag) || namedPrerelease.MatchString(tag)
}

func (f *facts) fromTags(at time.Time) (successful []*deployment) {
	for i := range f.snapshot.Tags {
		t := &f.snapshot.Tags[i]
		if t.Date.IsZero() || !t.Date.Before(at) || !f.policy.Tags.Match(t.Name) || IsPrerelease(t.Name) {
			continue
		}
		successful = append(successful, &deployment{
			ref: model.Ref{
				Kind: model.RefTag, Name: t.Name, Title: t.Name,
				URL: f.snapshot.Repository.URL + "/tree/" + escapePath(t.Name),
			},
			sha: t.SHA, finished: t.Date,
		})
	}
	return successful
}

// escapePath escapes each part of a slashed name for a URL.
func escapePath(name string) string {
	parts := strings.Split(name, "/")
	for i, part := range parts {
		parts[i] = url.PathEscape(part)
	}
	return strings.Join(parts, "/")
}

// fromMerges lists the commits of the production branches' first-parent lines, in the order of the line; several lines
// are woven together by the latest date so far on each.
func (f *facts) fromMerges(at time.Time) []*deployment {
	type step struct {
		d      *deployment
		latest time.Time
	}
	var steps []step
	seen := map[int32]bool{}
	for _, line := range f.lines {
		var latest time.Time
		for i := len(line) - 1; i >= 0; i-- {
			c := &f.graph.commits[line[i]]
			if !c.Committed.Before(at) {
				continue
			}
			latest = later(latest, c.Committed)
			if seen[line[i]] {
				continue
			}
			seen[line[i]] = true
			steps = append(steps, step{latest: latest, d: &deployment{
				ref: f.commitRef(c), sha: c.SHA, finished: c.Committed,
			}})
		}
	}
	if len(f.lines) > 1 {
		sort.SliceStable(steps, func(i, j int) bool { return steps[i].latest.Before(steps[j].latest) })
	}
	successful := make([]*deployment, len(steps))
	for i, s := range steps {
		successful[i] = s.d
	}
	return successful
}

func (f *facts) commitRef(c *model.Commit) model.Ref {
	return model.Ref{
		Kind: model.RefCommit, SHA: c.SHA, URL: f.snapshot.Repository.URL + "/commit/" + c.SHA, Title: headline(c.Message),
	}
}

// headline is the first line of a commit message.
func headline(message string) string {
	line, _, _ := strings.Cut(message, "\n")
	return line
}
