package collect

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"kpi-gate/internal/model"
)

// Archive is what a reading leaves for a later one, which then reads only what is new or may have changed.
type Archive struct {
	// Scope is that of the request.
	Scope map[string]string
	// Snapshot is what was read. It is nil in an empty Archive.
	Snapshot *model.Snapshot
	// Whole says of each feed that was read whole how far back, and as of when.
	Whole map[model.Feed]Coverage
	// Retained are facts of feeds that this reading could not read whole and an earlier one could, as of what RetainedWhole
	// says; nil where there are none.
	Retained      *model.Snapshot
	RetainedWhole map[model.Feed]Coverage
	// Ledger is what else a later reading has to know.
	Ledger Ledger
}

// Coverage says of a feed that everything that matters from Reach on was known as of Through.
type Coverage struct{ Reach, Through time.Time }

// Ledger is what a reading notes beside the facts, for a later one: how much there was of a list, what is not there.
type Ledger struct {
	// Issues and PullRequests are the lists' own.
	Issues, PullRequests ListLedger
	Paths                PathLedger
	PastIncident         PastIncidentLedger
	Links                LinkLedger
	Releases, Tags       CountLedger
	Deployments          DeploymentLedger
	Runs                 RunLedger
	DeployRuns           DeployRunLedger
	Jobs                 JobLedger
	Commits              CommitLedger
}

// recall takes up the request's archive if it can be extended, and says why where it cannot: what was read of another
// repository, or for other settings, says nothing here.
func (r *reading) recall() {
	a := r.request.Archive
	if a == nil || a.Snapshot == nil {
		return
	}
	had, is := a.Snapshot.Repository, r.repository
	switch {
	case had.ID != is.ID || !strings.EqualFold(had.FullName(), is.FullName()):
		r.aside = fmt.Sprintf("it is of %s (ID %d), not of %s (ID %d)", had.FullName(), had.ID, is.FullName(), is.ID)
	case had.DefaultBranch != is.DefaultBranch:
		r.aside = fmt.Sprintf("the default branch was %q and is %q", had.DefaultBranch, is.DefaultBranch)
	case a.Snapshot.AsOf.After(r.asOf):
		r.aside = fmt.Sprintf("it was read at %s, which is later than now", a.Snapshot.AsOf.Format(time.RFC3339))
	case isBefore(a.Snapshot.Until, a.Snapshot.AsOf.Add(-overlap)) && !isBefore(r.request.Until, a.Snapshot.Until.Add(1)):
		r.aside = fmt.Sprintf("it was read at %s for a window that ended at %s: what happened in between may be missing",
			a.Snapshot.AsOf.Format(time.RFC3339), a.Snapshot.Until.Format(time.RFC3339))
	default:
		if changed := Differences(a.Scope, r.request.Scope); len(changed) > 0 {
			r.aside = "it was read for other settings: " + strings.Join(changed, ", ")
			return
		}
		r.earlier = a
	}
}

// isBefore reports whether an end of a window is before an instant; the zero end is none.
func isBefore(until, instant time.Time) bool { return !until.IsZero() && until.Before(instant) }

// Differences are the names, in order, that two scopes do not have the same value for.
func Differences(a, b map[string]string) []string {
	names := map[string]bool{}
	for _, scope := range []map[string]string{a, b} {
		for name := range scope {
			if had, ok := a[name]; !ok || had != b[name] {
				names[name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// known is what an earlier reading knew of a feed, as of through: at least all that matters from this request's reach on.
// It is nil where there was none, or one that did not go back so far.
func (r *reading) known(feed model.Feed) (facts *model.Snapshot, through time.Time) {
	if r.earlier == nil {
		return nil, time.Time{}
	}
	for _, at := range []struct {
		facts *model.Snapshot
		whole map[model.Feed]Coverage
	}{{r.earlier.Snapshot, r.earlier.Whole}, {r.earlier.Retained, r.earlier.RetainedWhole}} {
		c, ok := at.whole[feed]
		if !ok || at.facts == nil || c.Reach.After(second(r.request.Reach)) {
			continue
		}
		if missing := func(part model.Feed) bool { return at.whole[part] != c }; !slices.ContainsFunc(r.partsOf(feed), missing) {
			return at.facts, c.Through
		}
	}
	return nil, time.Time{}
}

// partsOf are the feeds that are parts of the facts of another, as far as they are wanted: without them a fact that is
// known is not whole. Whether the files of pull requests are known, the ledger tells: of some, GitHub never lists all.
func (r *reading) partsOf(feed model.Feed) []model.Feed {
	var parts []model.Feed
	switch feed {
	case model.PullRequests:
		if r.request.Reviews {
			parts = append(parts, model.Reviews)
		}
	case model.Issues:
		if r.request.Comments {
			parts = append(parts, model.Comments)
		}
		if r.asksLinks() {
			parts = append(parts, model.Links)
		}
	}
	return parts
}

// before is the ledger of the earlier reading; empty where there was none.
func (r *reading) before() *Ledger {
	if r.earlier == nil {
		return &Ledger{}
	}
	return &r.earlier.Ledger
}

// reuse counts facts that were not read again.
func (r *reading) reuse(n int) { r.reused.Add(int64(n)) }

// overlap is how much before the end of the earlier reading a list is read again: what changed at that time may not have
// been served yet.
const overlap = 5 * time.Minute

// keep leaves in the request's archive what was read. Of a feed that was not read whole now, or not wanted, what was known
// of it before stays for the next time.
func (r *reading) keep(s *model.Snapshot) {
	a := r.request.Archive
	if a == nil {
		return
	}
	r.noteCommits()
	kept := Archive{
		Scope: r.request.Scope, Snapshot: s, Whole: map[model.Feed]Coverage{}, RetainedWhole: map[model.Feed]Coverage{},
		Ledger: r.ledger,
	}
	for _, feed := range s.Read {
		if r.failure(feed) == nil {
			kept.Whole[feed] = Coverage{Reach: s.Reach, Through: s.AsOf}
		}
	}
	for _, feed := range r.earlier.feeds() {
		if _, whole := kept.Whole[feed]; whole {
			continue
		}
		if facts, _ := r.known(feed); facts != nil {
			retain(&kept, r.earlier, feed, facts)
		}
	}
	*a = kept
}

// feeds are the feeds that an archive knows whole, in order; none of nil.
func (a *Archive) feeds() []model.Feed {
	if a == nil {
		return nil
	}
	feeds := slices.AppendSeq(slices.Collect(maps.Keys(a.Whole)), maps.Keys(a.RetainedWhole))
	slices.Sort(feeds)
	return slices.Compact(feeds)
}
