package collect

import (
	"maps"
	"slices"
	"strings"
	"time"

	"kpi-gate/internal/model"
)

// knownCommits is what an earlier reading knew of the commits. A commit never changes; only which pull requests brought
// it does.
type knownCommits struct {
	commits map[string]*model.Commit
	gone    map[string]bool
	// reached and unreached are what a commit reaches, and does not reach, although what lies between was not read.
	reached   map[string][]string
	unreached map[string][]string
	unread    map[string]UnreadCommit
	// looked are commits that were looked up by themselves.
	looked map[string]*model.Commit
	// pulls is as of when it is known which pull requests brought all of these.
	pulls time.Time
}

// knownCommits takes up what an earlier reading left, whole or not: as far as it goes, it is true.
func (r *reading) knownCommits() knownCommits {
	known := knownCommits{
		commits: map[string]*model.Commit{}, gone: map[string]bool{}, looked: map[string]*model.Commit{}, pulls: r.asOf,
	}
	ledger := &r.before().Commits
	// A pull request that was merged since and last touched before the reach is not read.
	lost := r.request.PullRequests && ledger.Pulls.Add(-overlap).Before(second(r.request.Reach))
	if ledger.Pulls.IsZero() || lost {
		return known
	}
	known.reached, known.unreached = ledger.Reached, ledger.Unreached
	known.unread, known.pulls = ledger.Unread, ledger.Pulls
	take := func(into map[string]*model.Commit, commits []model.Commit, through time.Time) {
		for i := range commits {
			// GitHub takes a while to say which pull request brought a commit.
			if c := &commits[i]; c.Committed.Before(through.Add(-overlap)) {
				into[c.SHA] = c
			}
		}
	}
	if retained := r.earlier.Retained; retained != nil {
		take(known.commits, retained.Commits, r.earlier.RetainedWhole[model.Commits].Through)
	}
	take(known.commits, r.earlier.Snapshot.Commits, r.earlier.Snapshot.AsOf)
	take(known.looked, ledger.Looked, r.earlier.Snapshot.AsOf)
	for _, sha := range ledger.Gone {
		known.gone[sha] = true
	}
	return known
}

// noteCommits leaves in the ledger what a later reading has to know of the commits besides them.
func (r *reading) noteCommits() {
	c := r.commitReading
	if c == nil || c.walk == nil {
		return
	}
	r.ledger.Commits = CommitLedger{
		Pulls: c.known.pulls, Unread: c.walk.unreadBelow(), Reached: c.walk.reached(), Unreached: c.walk.unreached(),
		Gone: c.walk.lost(),
	}
	for _, d := range c.walk.painters {
		// By their dates it is known what they do not reach.
		if c.known.looked[d.SHA] != nil {
			c.looked[d.SHA] = true
		}
	}
	for _, sha := range slices.Sorted(maps.Keys(c.looked)) {
		if commit := c.find(sha); commit != nil {
			r.ledger.Commits.Looked = append(r.ledger.Commits.Looked, *commit)
		} else if c.known.gone[sha] {
			r.ledger.Commits.Gone = append(r.ledger.Commits.Gone, sha)
		}
	}
	slices.Sort(r.ledger.Commits.Gone)
	r.ledger.Commits.Gone = slices.Compact(r.ledger.Commits.Gone)
}

// farBelow is how much older than all that matters a commit is of which the graph has no need any more. It is long
// because committers set their own clocks, and because a pull request can be merged long after its commits were
// shipped.
const farBelow = 90 * 24 * time.Hour

// commits are the commits of the graph, by SHA, without those that are far below all that matters: what has shipped
// long ago, and reaches nothing else.
func (w *commitWalk) commits() []model.Commit {
	kept := w.kept()
	commits := make([]model.Commit, 0, len(w.graph.nodes))
	for sha, n := range w.graph.nodes {
		if n.commit != nil && (kept == nil || kept[sha]) {
			commits = append(commits, *n.commit)
		}
	}
	slices.SortFunc(commits, func(a, b model.Commit) int { return strings.Compare(a.SHA, b.SHA) })
	return commits
}

// kept is the commits that are worth keeping; nil where all are.
func (w *commitWalk) kept() map[string]bool {
	matters := w.reach
	for _, at := range []time.Time{w.oldest, w.shipped, w.oldestOpen()} {
		if !at.IsZero() && at.Before(matters) {
			matters = at
		}
	}
	matters = matters.Add(-farBelow)
	ships := w.merges || len(w.deployed) > 0
	children := map[string][]string{}
	var queue []string
	far := false
	for sha, n := range w.graph.nodes {
		if n.commit == nil {
			continue
		}
		for _, parent := range n.commit.Parents {
			children[parent] = append(children[parent], sha)
			if ships && !n.painted && w.graph.painted(parent) {
				// By what way it has shipped must not be forgotten.
				queue = append(queue, parent)
			}
		}
		if ships && !n.painted || n.wanted || !n.commit.Committed.Before(matters) {
			queue = append(queue, sha)
		} else {
			far = true
		}
	}
	if !far {
		return nil
	}
	for from, reached := range w.graph.reaches {
		named := func(sha string) bool { return w.graph.nodes[sha] != nil }
		if w.graph.commit(from) != nil && slices.ContainsFunc(reached, named) {
			queue = append(queue, from)
		}
	}
	for _, s := range w.streams {
		if s.line == "" {
			continue
		}
		queue = append(queue, s.root)
		if w.merges {
			// The last merge before the reach is what the first one since is measured against.
			queue = append(queue, s.line)
		}
	}
	kept := map[string]bool{}
	for len(queue) > 0 {
		sha := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		if !kept[sha] {
			kept[sha] = true
			queue = append(queue, children[sha]...)
		}
	}
	return kept
}

// unreadBelow are the commits that a kept commit names as its parents, or a deployment names, and that are not kept.
func (w *commitWalk) unreadBelow() map[string]UnreadCommit {
	unread := map[string]UnreadCommit{}
	kept := w.kept()
	for _, d := range w.deployed {
		if c := w.graph.commit(d.SHA); c != nil && kept != nil && !kept[d.SHA] {
			unread[d.SHA] = UnreadCommit{c.Committed, c.Committed}
		}
	}
	for sha, n := range w.graph.nodes {
		if n.commit == nil || kept != nil && !kept[sha] {
			continue
		}
		for _, parent := range n.commit.Parents {
			switch p := w.graph.nodes[parent]; {
			case p.stream != nil:
				unread[parent] = UnreadCommit{p.stream.front, p.stream.tail}
			case p.commit != nil && kept != nil && !kept[parent]:
				unread[parent] = UnreadCommit{p.commit.Committed, p.commit.Committed}
			}
		}
	}
	return unread
}

// reached is what the graph knows to be reached although what lies between was not read, or is not kept, as far as it
// is of use.
func (w *commitWalk) reached() map[string][]string {
	reached := map[string][]string{}
	for from, all := range w.graph.reaches {
		for _, to := range all {
			if w.graph.nodes[from] != nil && w.graph.nodes[to] != nil {
				reached[from] = append(reached[from], to)
			}
		}
	}
	if len(w.graph.unreached) > 0 {
		// What a commit does not reach, what paints below it does not either.
		kept := w.kept()
		for _, from := range append(w.otherShippers(time.Time{}), w.shipper) {
			below := w.graph.below(from)
			for _, d := range w.painters {
				if below[d.SHA] && d.SHA != from && kept != nil && !kept[d.SHA] {
					reached[from] = append(reached[from], d.SHA)
				}
			}
		}
	}
	for from, all := range reached {
		slices.Sort(all)
		reached[from] = slices.Compact(all)
	}
	return reached
}

// unreached is what commits were found not to reach, as far as it is of use.
func (w *commitWalk) unreached() map[string][]string {
	unreached := map[string][]string{}
	for from, all := range w.graph.unreached {
		for to := range all {
			if n := w.graph.nodes[to]; w.graph.nodes[from] != nil && n != nil && !n.painted {
				unreached[from] = append(unreached[from], to)
			}
		}
		slices.Sort(unreached[from])
	}
	return unreached
}

// lost are the commits of the graph that GitHub does not have.
func (w *commitWalk) lost() []string {
	var lost []string
	for sha, n := range w.graph.nodes {
		if n.gone {
			lost = append(lost, sha)
		}
	}
	return lost
}
