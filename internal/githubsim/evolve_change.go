package githubsim

import (
	"fmt"
	"slices"
	"time"
)

// Change is something that happens to a repository at an instant and that its last state does not tell: what was there
// before cannot be seen afterwards. One that finds nothing to change, because it is gone or not in such a state, does
// nothing.
type Change struct {
	At time.Time
	// What says what happens, for people.
	What string
	// Apply changes a world that At made: it writes to no list that it did not make itself.
	Apply func(*World)
}

// Grow is the repository as it was just before t when the changes happen besides: At(t), and on it the changes before
// t, in the order of time. A change of something to which the world has a later fact is applied after that fact; who
// wants it otherwise changes what is at rest by then, as RandomChanges does. The world is not changed.
func Grow(w *World, changes []Change, t time.Time) *World {
	v := w.At(t)
	sorted := slices.Clone(changes)
	slices.SortStableFunc(sorted, func(a, b Change) int { return a.At.Compare(b.At) })
	for _, c := range sorted {
		if c.At.Before(t) {
			c.Apply(v)
		}
	}
	return v
}

// change words a Change.
func change(at time.Time, apply func(*World), what string, args ...any) Change {
	return Change{At: at, What: fmt.Sprintf(what, args...), Apply: apply}
}

// grown is a list with one element more, sharing nothing with the list it came from.
func grown[T any](list []T, e T) []T { return append(slices.Clip(list), e) }

// issue finds an issue; nil if there is none.
func (w *World) issue(number int) *Issue {
	i := slices.IndexFunc(w.Issues, func(i Issue) bool { return i.Number == number })
	if i < 0 {
		return nil
	}
	return &w.Issues[i]
}

// pull finds a pull request; nil if there is none.
func (w *World) pull(number int) *Pull {
	i := slices.IndexFunc(w.Pulls, func(p Pull) bool { return p.Number == number })
	if i < 0 {
		return nil
	}
	return &w.Pulls[i]
}

// run finds a run; nil if there is none.
func (w *World) run(id int64) *WorkflowRun {
	i := slices.IndexFunc(w.WorkflowRuns, func(r WorkflowRun) bool { return r.ID == id })
	if i < 0 {
		return nil
	}
	return &w.WorkflowRuns[i]
}

// commit finds a commit; nil if there is none.
func (w *World) commit(oid string) *Commit {
	i := slices.IndexFunc(w.Commits, func(c Commit) bool { return c.OID == oid })
	if i < 0 {
		return nil
	}
	return &w.Commits[i]
}
