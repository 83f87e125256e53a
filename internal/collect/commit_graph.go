package collect

import (
	"slices"
	"time"

	"kpi-gate/internal/model"
)

// commitGraph is the part of a repository's commit graph that was read, and its edge: commits that are named as a
// parent or a root but were not read. A commit is painted when a deployment from before the reading's reach reaches it
// through what was read; nothing that is painted, and nothing below it, can still ship.
//
// What an earlier reading knew is taken in as soon as it is named, without being read.
//
// Every commit is added once and painted at most once, so the whole work is linear in the commits and edges read.
type commitGraph struct {
	nodes map[string]*graphNode
	// known are the commits that need not be read, gone those that GitHub is known not to have.
	known map[string]*model.Commit
	gone  map[string]bool
	// reaches holds the commits that a commit reaches although what lies between was not read, reachedBy the same the
	// other way round.
	reaches, reachedBy map[string][]string
	// unreached holds the commits that a commit was found not to reach.
	unreached map[string]map[string]bool
	// follow is the stream that awaits a parent of a known commit which is not known itself, where the history of the
	// stream given holds both.
	follow func(parent string, child *model.Commit, of *commitStream) *commitStream
	// taken is how many known commits were taken in.
	taken int
}

// graphNode is a commit of the graph. Exactly one of these holds: commit is set (it was read), stream is set (it is
// awaited), gone is true (GitHub has no such commit).
type graphNode struct {
	commit  *model.Commit
	stream  *commitStream
	gone    bool
	painted bool
	// wanted is true for a commit that has to be read though it is painted.
	wanted bool
	// unshipped is true for a commit that nothing which paints reaches, also not by what was not read.
	unshipped bool
	// committed is the committer date of a commit that was not read, zero where it is not known.
	committed time.Time
}

// at is the committer date, zero where it is not known.
func (n *graphNode) at() time.Time {
	if n.commit != nil {
		return n.commit.Committed
	}
	return n.committed
}

// missing reports whether the commit, if it is awaited, has to be read.
func (n *graphNode) missing() bool { return n.wanted || !n.painted }

// latest is the latest committer date that it can have, zero where nothing is known of it.
func (n *graphNode) latest() time.Time {
	if at := n.at(); !at.IsZero() || n.stream == nil {
		return at
	}
	return n.stream.front
}

func newCommitGraph() *commitGraph {
	return &commitGraph{
		nodes: map[string]*graphNode{}, gone: map[string]bool{}, reaches: map[string][]string{},
		reachedBy: map[string][]string{}, unreached: map[string]map[string]bool{},
	}
}

// commit returns a commit that was read, or nil.
func (g *commitGraph) commit(sha string) *model.Commit {
	if n := g.nodes[sha]; n != nil {
		return n.commit
	}
	return nil
}

// painted reports whether a commit, read or awaited, is painted.
func (g *commitGraph) painted(sha string) bool {
	n := g.nodes[sha]
	return n != nil && n.painted
}

// await puts a commit at the edge of the graph on behalf of the stream whose history holds it. A commit that is already
// in the graph stays as it is; one that is known is taken in, with all that is known below it.
func (g *commitGraph) await(sha string, stream *commitStream) {
	type named struct {
		sha   string
		child *model.Commit
	}
	var shipped []string
	for queue := []named{{sha: sha}}; len(queue) > 0; {
		at := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		if g.nodes[at.sha] != nil {
			continue
		}
		n := &graphNode{}
		g.nodes[at.sha] = n
		switch c := g.known[at.sha]; {
		case c != nil:
			n.commit = c
			g.taken++
			for _, parent := range c.Parents {
				queue = append(queue, named{parent, c})
			}
		case g.gone[at.sha]:
			n.gone = true
		case at.child != nil:
			g.hand(at.sha, n, g.follow(at.sha, at.child, stream))
		default:
			g.hand(at.sha, n, stream)
		}
		if slices.ContainsFunc(g.reachedBy[at.sha], g.painted) {
			shipped = append(shipped, at.sha)
		}
	}
	for _, sha := range shipped {
		g.paint(sha)
	}
}

// reach says that a commit reaches another although what lies between was not read.
func (g *commitGraph) reach(from, to string) {
	if slices.Contains(g.reaches[from], to) {
		return
	}
	g.reaches[from] = append(g.reaches[from], to)
	g.reachedBy[to] = append(g.reachedBy[to], from)
	if g.painted(from) {
		g.paint(to)
	}
}

// notReach says that a commit does not reach another.
func (g *commitGraph) notReach(from, to string) {
	if g.unreached[from] == nil {
		g.unreached[from] = map[string]bool{}
	}
	g.unreached[from][to] = true
}

// below is what a commit is known to reach, read or not.
func (g *commitGraph) below(sha string) map[string]bool {
	below := map[string]bool{}
	for queue := []string{sha}; len(queue) > 0; {
		sha := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		if below[sha] {
			continue
		}
		below[sha] = true
		if c := g.commit(sha); c != nil {
			queue = append(queue, c.Parents...)
		}
		queue = append(queue, g.reaches[sha]...)
	}
	return below
}

// spare marks commits, and everything that reaches them by what was read, as unshipped.
func (g *commitGraph) spare(shas []string) {
	if len(shas) == 0 {
		return
	}
	children := map[string][]string{}
	for sha, n := range g.nodes {
		if n.commit != nil && !n.painted {
			for _, parent := range n.commit.Parents {
				children[parent] = append(children[parent], sha)
			}
		}
	}
	for queue := shas; len(queue) > 0; {
		n := g.nodes[queue[len(queue)-1]]
		above := children[queue[len(queue)-1]]
		queue = queue[:len(queue)-1]
		if !n.unshipped {
			n.unshipped = true
			queue = append(queue, above...)
		}
	}
}

// want says that an awaited commit has to be read though it may be painted.
func (g *commitGraph) want(sha string) {
	if n := g.nodes[sha]; n.stream != nil && !n.missing() {
		n.stream.missing++
	}
	g.nodes[sha].wanted = true
}

// add puts a commit that stream read into the graph, and its parents at the edge. It reports whether the commit is new.
// Of a commit that another stream read before, the stream of lower rank awaits the parents, so that one history is
// followed where several have joined; but a stream that begins below what is in the graph keeps its root until it is
// read, because what has joined that need not be read on to get there.
func (g *commitGraph) add(c model.Commit, stream *commitStream) bool {
	n := g.nodes[c.SHA]
	switch {
	case n == nil:
		n = &graphNode{}
		g.nodes[c.SHA] = n
	case n.commit != nil:
		for _, parent := range c.Parents {
			if p := g.nodes[parent]; p.stream != nil && stream.rank < p.stream.rank && (p.stream.opened || !p.stream.edge) {
				g.hand(parent, p, stream)
			}
		}
		// Which pull requests brought it may have changed since it was known.
		n.commit = &c
		return false
	case n.stream != nil:
		g.settle(c.SHA, n)
	}
	n.commit, n.gone = &c, false
	if slices.ContainsFunc(g.reachedBy[c.SHA], g.painted) {
		g.paint(c.SHA)
	}
	for _, parent := range c.Parents {
		g.await(parent, stream)
		if n.painted {
			g.paint(parent)
		}
	}
	return true
}

// hand lets a stream await a commit, instead of the one that did.
func (g *commitGraph) hand(sha string, n *graphNode, to *commitStream) {
	if n.stream != nil {
		g.settle(sha, n)
	}
	n.stream = to
	to.awaited[sha] = true
	if n.missing() {
		to.missing++
	}
}

// lose takes a commit off the edge because GitHub does not have it.
func (g *commitGraph) lose(sha string) {
	if n := g.nodes[sha]; n != nil && n.stream != nil {
		g.settle(sha, n)
		n.gone = true
	}
}

// drain loses everything that a stream read to its end still awaits: what its whole history does not hold is not
// there.
func (g *commitGraph) drain(stream *commitStream) {
	for sha := range stream.awaited {
		g.lose(sha)
	}
}

// settle takes a node off the list of what its stream awaits.
func (g *commitGraph) settle(sha string, n *graphNode) {
	delete(n.stream.awaited, sha)
	if n.missing() {
		n.stream.missing--
	}
	n.stream = nil
}

// paint paints a commit of the graph and everything below it. A commit that is not in the graph is left alone.
func (g *commitGraph) paint(sha string) {
	for queue := []string{sha}; len(queue) > 0; {
		sha := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		n := g.nodes[sha]
		if n == nil || n.painted {
			continue
		}
		n.painted = true
		if n.stream != nil && !n.wanted {
			n.stream.missing--
		}
		if n.commit != nil {
			queue = append(queue, n.commit.Parents...)
		}
		queue = append(queue, g.reaches[sha]...)
	}
}

// clear takes all paint off.
func (g *commitGraph) clear() {
	for _, n := range g.nodes {
		if n.painted && n.stream != nil && !n.wanted {
			n.stream.missing++
		}
		n.painted = false
	}
}
