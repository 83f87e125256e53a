package githubsim

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// RandomChanges are n changes of all kinds in the order of time, fewer where a world has too little to change; equal
// arguments give equal changes. Each is about something that nothing happens to afterwards in the world, at an instant
// before the world's last one, so that the order in which facts and changes happen is that of their times: as Grow goes
// on nothing is touched backwards.
func RandomChanges(w *World, seed uint64, n int) []Change {
	first, last := w.firstMoment(), w.lastMoment()
	d := changeDraw{world: w, rng: rand.New(rand.NewPCG(seed, uint64(len(w.Pulls)+len(w.Issues))))}
	kinds := []func(time.Time) []Change{
		d.ofIssue, d.ofIssue, d.ofPull, d.ofPull, d.ofRun, d.ofRun, d.ofDeployment, d.ofRelease,
	}
	const tries = 40
	length := last.Sub(first)
	for i := 0; i < n*tries && len(d.changes) < n && length > time.Second; i++ {
		at := first.Add(time.Duration(d.rng.Int64N(int64(length)))).Truncate(time.Second).UTC()
		d.changes = append(d.changes, kinds[d.rng.IntN(len(kinds))](at)...)
	}
	slices.SortStableFunc(d.changes, func(a, b Change) int { return a.At.Compare(b.At) })
	return d.changes[:min(n, len(d.changes))]
}

// changeDraw draws changes.
type changeDraw struct {
	world   *World
	rng     *rand.Rand
	changes []Change
}

// word draws one of several words.
func (d *changeDraw) word(words ...string) string { return words[d.rng.IntN(len(words))] }

// one draws one of a list that is at rest before an instant, nil if it draws another.
func one[T any](d *changeDraw, list []T, at time.Time, last func(*T) time.Time) *T {
	if len(list) == 0 {
		return nil
	}
	if e := &list[d.rng.IntN(len(list))]; last(e).Before(at) {
		return e
	}
	return nil
}

// newLabels are labels that come late.
var newLabels = []string{"bug", "incident", "sev1", "wontfix", "customer-escalation"}

func (d *changeDraw) ofIssue(at time.Time) []Change {
	i := one(d, d.world.Issues, at, updatedIssue)
	if i == nil {
		return nil
	}
	switch d.rng.IntN(8) {
	case 0:
		return []Change{EditTitle(i.Number, fmt.Sprintf("%s (%d)", i.Title, d.rng.IntN(1000)), at)}
	case 1:
		return []Change{AddLabel(i.Number, d.word(newLabels...), at)}
	case 2:
		if len(i.Labels) > 0 {
			return []Change{RemoveLabel(i.Number, d.word(i.Labels...), at)}
		}
		return []Change{AddLabel(i.Number, d.word(newLabels...), at)}
	case 3, 4:
		return []Change{Reopen(i.Number, at)}
	case 5:
		return []Change{Close(i.Number, at)}
	case 6:
		return []Change{DeleteComment(i.Number, at)}
	}
	return []Change{DeleteIssue(i.Number, at)}
}

func (d *changeDraw) ofPull(at time.Time) []Change {
	p := one(d, d.world.Pulls, at, updatedPull)
	if p == nil {
		return nil
	}
	switch d.rng.IntN(6) {
	case 0:
		return []Change{EditTitle(p.Number, d.word("Revert: ", "Hotfix: ", "")+p.Title+d.word("", "!"), at)}
	case 1:
		return []Change{AddLabel(p.Number, d.word("hotfix", "documentation"), at)}
	case 2:
		return []Change{DeleteComment(p.Number, at)}
	case 3:
		return []Change{Reopen(p.Number, at)}
	case 4:
		return []Change{Close(p.Number, at)}
	}
	return []Change{ForcePush(p.Number, at)}
}

// rerunFor is how long after its first attempt a run can be run again
// (https://docs.github.com/en/actions/how-tos/manage-workflow-runs/re-run-workflows-and-jobs).
const rerunFor = 30 * 24 * time.Hour

func (d *changeDraw) ofRun(at time.Time) []Change {
	r := one(d, d.world.WorkflowRuns, at, func(r *WorkflowRun) time.Time { return r.UpdatedAt })
	switch {
	case r == nil || r.Status != "completed" || at.Sub(r.CreatedAt) >= rerunFor:
		return nil
	case d.rng.IntN(5) == 0:
		return []Change{DeleteRun(r.ID, at)}
	}
	ends := at.Add(time.Minute + time.Duration(d.rng.IntN(40))*time.Minute)
	return []Change{Rerun(r.ID, at), FinishRun(r.ID, d.word("success", "failure", "cancelled"), ends)}
}

func (d *changeDraw) ofDeployment(at time.Time) []Change {
	t := one(d, d.world.Deployments, at, (*Deployment).updated)
	switch {
	case t == nil:
		return nil
	case d.rng.IntN(8) == 0:
		return []Change{DeleteDeployment(t.ID, at)}
	}
	return []Change{AddStatus(t.ID, d.word("FAILURE", "INACTIVE", "SUCCESS", "ERROR"), at)}
}

// ofRelease changes a release or its tag.
func (d *changeDraw) ofRelease(at time.Time) []Change {
	r := one(d, d.world.Releases, at, (*Release).updated)
	if r == nil {
		return nil
	}
	c := one(d, d.world.Commits, at, func(c *Commit) time.Time { return c.CommittedDate })
	switch {
	case r.IsDraft && c != nil:
		return []Change{PublishRelease(r.TagName, c.OID, at)}
	case r.IsDraft:
		return nil
	}
	switch d.rng.IntN(4) {
	case 0:
		return []Change{DeleteTag(r.TagName, at)}
	case 1:
		return []Change{DeleteRelease(r.TagName, at)}
	}
	if c == nil {
		return nil
	}
	return []Change{MoveTag(r.TagName, c.OID, at)}
}
