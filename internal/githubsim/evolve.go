package githubsim

import (
	"slices"
	"time"
)

// At is the repository as it was just before t, as far as the times in a world tell: what happened at t or later is
// taken back. The world is not changed, and what At gives may be: they share nothing that a Change writes to. What only
// the last state tells (titles, bodies, sizes, who is a bot) is as it is at the end.
//
// Where a world does not know an earlier state, one that could have been is given: an earlier attempt of a run failed,
// and a pull request whose commits are all younger than t had one other commit.
func (w *World) At(t time.Time) *World {
	p := past{t: t, world: w, commits: make(map[string]*Commit, len(w.Commits))}
	for i := range w.Commits {
		p.commits[w.Commits[i].OID] = &w.Commits[i]
	}
	v := *w
	v.Milestones = each(before(w.Milestones, t, (*Milestone).began), p.milestone)
	p.milestones = make(map[string]bool, len(v.Milestones))
	for i := range v.Milestones {
		p.milestones[v.Milestones[i].Title] = true
	}
	v.Issues = each(before(w.Issues, t, (*Issue).began), p.issue)
	v.Pulls = each(before(w.Pulls, t, (*Pull).began), p.pull)
	v.Deployments = each(before(w.Deployments, t, (*Deployment).began), p.deployment)
	v.WorkflowRuns = each(before(w.WorkflowRuns, t, (*WorkflowRun).began), p.run)
	v.Dependabot = each(before(w.Dependabot, t, (*Alert).began), p.alert)
	v.CodeScanning = each(before(w.CodeScanning, t, (*Alert).began), p.alert)
	v.Releases = each(before(w.Releases, t, (*Release).began), p.release)
	v.Tags = slices.Clone(before(w.Tags, t, p.tagged))
	v.Branches = p.branches(v.Pulls)
	v.Commits = p.history(&v)
	return &v
}

// When things began to be.

func (m *Milestone) began() time.Time   { return m.CreatedAt }
func (i *Issue) began() time.Time       { return i.CreatedAt }
func (p *Pull) began() time.Time        { return p.CreatedAt }
func (d *Deployment) began() time.Time  { return d.CreatedAt }
func (r *WorkflowRun) began() time.Time { return r.CreatedAt }
func (a *Alert) began() time.Time       { return a.CreatedAt }
func (r *Release) began() time.Time     { return r.CreatedAt }

// before is what of a list had happened before t, in its order: the list itself where all of it had. Nothing that is
// appended to it reaches the list it came from.
func before[T any](list []T, t time.Time, at func(*T) time.Time) []T {
	first := slices.IndexFunc(list, func(e T) bool { return !at(&e).Before(t) })
	if first < 0 {
		return slices.Clip(list)
	}
	kept := slices.Clone(list[:first])
	for i := first + 1; i < len(list); i++ {
		if at(&list[i]).Before(t) {
			kept = append(kept, list[i])
		}
	}
	return kept
}

// each is a copy of a list in which every element was put back to its past.
func each[T any](list []T, back func(*T)) []T {
	list = slices.Clone(list)
	for i := range list {
		back(&list[i])
	}
	return list
}

// past puts things back to what they were just before t.
type past struct {
	t     time.Time
	world *World
	// commits are the world's, by object id; milestones are the titles of those that there were.
	commits    map[string]*Commit
	milestones map[string]bool
}

// had reports whether something had happened.
func (p *past) had(at *time.Time) bool { return at != nil && at.Before(p.t) }

func (p *past) milestone(m *Milestone) {
	if m.ClosedAt != nil && !p.had(m.ClosedAt) {
		m.State, m.ClosedAt = "OPEN", nil
	}
}

func (p *past) deployment(d *Deployment) {
	d.Statuses = before(d.Statuses, p.t, func(s *DeploymentStatus) time.Time { return s.CreatedAt })
}

func (p *past) alert(a *Alert) {
	if a.FixedAt != nil && !p.had(a.FixedAt) {
		a.State, a.FixedAt = "open", nil
	}
	if a.DismissedAt != nil && !p.had(a.DismissedAt) {
		a.State, a.DismissedAt = "open", nil
	}
}

// release takes back the publication and, before that, the last edit.
func (p *past) release(r *Release) {
	if r.UpdatedAt != nil && !p.had(r.UpdatedAt) {
		r.UpdatedAt = nil
	}
	if r.PublishedAt != nil && !p.had(r.PublishedAt) {
		r.IsDraft, r.PublishedAt = true, nil
	}
}
