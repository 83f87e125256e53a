package collect

import (
	"maps"
	"slices"
	"strings"
	"time"

	"kpi-gate/internal/model"
)

// maxRoots is how many roots are looked up in one query: as many as rootsQuery has places.
const maxRoots = 8

// skew is how many of the last commits of a page are looked at to tell how far back it went. History is ordered by
// committer date only as far as the dates agree with the graph, and committers set their own clocks. Git allows for as
// many (https://github.com/git/git/blob/v2.45.0/revision.c, SLOP).
const skew = 5

// commitStream is the history of one root, read page by page, newest commit first.
type commitStream struct {
	root string
	// rank is its place among the streams of a walk.
	rank int
	// branch is true for the head of a production branch, whose history is read back to the reach whatever was deployed.
	branch bool
	// front is the committer date down to which the history was read; before the first page the root's own, or the
	// latest that it can be.
	front time.Time
	// cursor is where the next page begins; opened is true after the first one, ended after the last.
	cursor        string
	opened, ended bool
	// awaited are the commits at the edge of the graph that this history holds; missing counts those that have to be
	// read.
	awaited map[string]bool
	missing int
	// idle is true when the last page held something new, but nothing that can still ship.
	idle bool
	// line is the next commit of the branch's first-parent line that was not looked at yet.
	line string
}

// commitWalk decides whose history to read next, until the graph answers every question that the deployments raise:
// what each of them shipped, and which of them lies behind another. It reads by date from the newest down, as git does
// to list what one commit has over another: the history that is read least far goes first, so that histories that join
// meet where they join.
type commitWalk struct {
	graph *commitGraph
	// streams has branches first, then what was deployed, latest finish first.
	streams []*commitStream
	// since holds what a deployment since the reach put into place.
	since    map[string]bool
	deployed []deployedCommit
	// reach is how far back branches are read whatever was deployed, shipped the instant before which what a deployment
	// put into place is painted.
	reach, shipped time.Time
	// merges is true when every commit on a production branch's line is a deployment.
	merges bool
	// oldest is the earliest committer date of what was deployed since the reach, zero without any.
	oldest time.Time
	// shipper is the latest of the commits that paint the others, asked what GitHub was already asked whether that
	// reaches it.
	shipper string
	asked   map[string]bool
}

// newCommitWalk plans to read the histories of the branches' heads and of the deployed commits, which are in order of
// finish. merges says that the commits on the branches' lines are the deployments.
func newCommitWalk(reach time.Time, heads []branchHead, deployed []deployedCommit, merges bool) *commitWalk {
	w := &commitWalk{
		graph: newCommitGraph(), since: map[string]bool{}, deployed: deployed, reach: reach,
		merges: merges && len(deployed) == 0, asked: map[string]bool{},
	}
	streams := map[string]*commitStream{}
	for _, head := range heads {
		if streams[head.SHA] == nil {
			s := w.follow(head.SHA, head.Committed)
			s.branch, s.line = true, head.SHA
			streams[head.SHA] = s
		}
	}
	for _, d := range slices.Backward(deployed) {
		s := streams[d.SHA]
		if s == nil {
			front := d.Committed
			if front.IsZero() {
				front = d.Finished
			}
			s = w.follow(d.SHA, front)
			streams[d.SHA] = s
		}
		if !d.BeforeReach {
			w.since[d.SHA] = true
			w.graph.want(d.SHA)
			w.age(d.Committed)
		}
	}
	w.paint(reach)
	return w
}

// follow adds a stream.
func (w *commitWalk) follow(root string, front time.Time) *commitStream {
	s := &commitStream{root: root, rank: len(w.streams), front: front, awaited: map[string]bool{}}
	w.streams = append(w.streams, s)
	w.graph.await(root, s)
	return s
}

// age notes the committer date of something that was deployed since the reach; a zero one is not known yet.
func (w *commitWalk) age(committed time.Time) {
	if !committed.IsZero() && (w.oldest.IsZero() || committed.Before(w.oldest)) {
		w.oldest = committed
	}
}

// paint paints what deployments before the reach put into place and finished before an instant, and the lines of the
// branches below that instant where merges are the deployments. Without any such deployment the first of all is the
// baseline, which ships nothing.
func (w *commitWalk) paint(shipped time.Time) {
	w.shipped, w.shipper = shipped, ""
	clear(w.asked)
	for _, d := range w.deployed {
		if d.BeforeReach && d.Finished.Before(shipped) {
			w.shipper = d.SHA
			w.graph.paint(d.SHA)
		}
	}
	if w.shipper == "" && len(w.deployed) > 0 {
		w.shipper = w.deployed[0].SHA
		w.graph.paint(w.shipper)
	}
	w.paintLines()
}

// paintLines follows the first-parent lines of the branches as far as they are known, and paints from where they pass
// the instant before which everything has shipped.
func (w *commitWalk) paintLines() {
	if !w.merges {
		return
	}
	for _, s := range w.streams {
		for s.line != "" {
			c := w.graph.commit(s.line)
			if c == nil {
				break
			}
			if c.Committed.Before(w.shipped) {
				w.graph.paint(s.line)
				if w.shipper == "" {
					w.shipper = s.line
				}
				break
			}
			s.line = ""
			if len(c.Parents) > 0 {
				s.line = c.Parents[0]
			}
		}
	}
}

// brought lists the pull requests that brought commits which are not painted.
func (w *commitWalk) brought() []int {
	var numbers []int
	for _, n := range w.graph.nodes {
		if n.commit != nil && !n.painted {
			numbers = append(numbers, n.commit.PullRequests...)
		}
	}
	slices.Sort(numbers)
	return slices.Compact(numbers)
}

// reverted lists the commits that a commit which is not painted reverts by its message, read or not.
func (w *commitWalk) reverted() []string {
	var reverted []string
	for _, n := range w.graph.nodes {
		if n.commit == nil || n.painted {
			continue
		}
		reverted = append(reverted, wholeIDs(n.commit.Message)...)
	}
	slices.Sort(reverted)
	return slices.Compact(reverted)
}

// extend takes the paint off what deployments since an instant put into place, so that it is read what they shipped.
func (w *commitWalk) extend(shipped time.Time) {
	w.graph.clear()
	w.paint(shipped)
}

// next is what to read a page of: one stream, or several roots that were not opened yet. It is empty when everything is
// known.
func (w *commitWalk) next() []*commitStream {
	var (
		needed bool
		// target is the newest date at which something is missing.
		target         time.Time
		newest, opened *commitStream
	)
	for _, s := range w.streams {
		missing := w.needed(s)
		if missing && (!needed || s.front.After(target)) {
			needed, target = true, s.front
		}
		if !missing && len(s.awaited) == 0 || s.ended {
			continue
		}
		if newest == nil || s.front.After(newest.front) {
			newest = s
		}
		if (s.opened || s.branch) && (opened == nil || s.front.After(opened.front)) {
			opened = s
		}
	}
	if !needed {
		return nil
	}
	// Where two stand at the same date, a history that is being read may hold the root that is not.
	if opened != nil && !newest.front.After(opened.front) {
		return []*commitStream{opened}
	}
	var roots []*commitStream
	for _, s := range w.streams {
		if s.opened || s.branch || s.ended || len(s.awaited) == 0 || opened != nil && !s.front.After(opened.front) {
			continue
		}
		if w.needed(s) || !s.front.Before(target) {
			roots = append(roots, s)
		}
	}
	slices.SortStableFunc(roots, func(a, b *commitStream) int { return b.front.Compare(a.front) })
	return roots[:min(len(roots), maxRoots)]
}

// needed reports whether the answer to some question still lies further down in a stream.
func (w *commitWalk) needed(s *commitStream) bool {
	switch {
	case s.ended:
		return false
	case s.branch && !s.front.Before(w.reach):
		return true
	case !w.merges && len(w.deployed) == 0:
		// Nothing was deployed, so nothing is to be said of what shipped.
		return false
	case s.missing > 0:
		return true
	}
	// A deployment may be a rollback to anything as old as the oldest commit deployed.
	return len(s.awaited) > 0 && !w.oldest.IsZero() && !s.front.Before(w.oldest)
}

// read takes in a page of a stream's history. cursor is where the next one begins; without more, the history has ended.
func (w *commitWalk) read(s *commitStream, page []model.Commit, cursor string, more bool) {
	s.opened, s.cursor = true, cursor
	fresh, ships := false, false
	for _, c := range page {
		if w.graph.add(c, s) {
			fresh = true
			ships = ships || !w.graph.painted(c.SHA)
		}
		if w.since[c.SHA] {
			w.age(c.Committed)
		}
	}
	for i, c := range page[max(0, len(page)-skew):] {
		if i == 0 || c.Committed.After(s.front) {
			s.front = c.Committed
		}
	}
	if len(page) == 0 || !more {
		s.ended = true
		w.graph.drain(s)
	} else if !fresh && len(s.awaited) <= maxRoots {
		w.split(s)
	}
	s.idle = fresh && !ships && !s.ended
	w.paintLines()
}

// maxStale is how many commits are asked about at most at a time: as many as cost no more than a few pages of history.
const maxStale = 4 * maxRoots

// stale lists what a stream still misses although it is only reading what has shipped: where branches begin that were
// merged long after. Each is listed once; none where there are too many to ask about.
func (w *commitWalk) stale(s *commitStream) []string {
	if !s.idle || s.missing > maxStale || w.shipper == "" {
		return nil
	}
	var stale []string
	for sha := range s.awaited {
		if !w.graph.painted(sha) && !w.asked[sha] {
			w.asked[sha] = true
			stale = append(stale, sha)
		}
	}
	slices.Sort(stale)
	return stale
}

// split follows what a stream still awaits from there instead. A page of nothing new says that the stream has joined a
// history which is read anyway, and what it awaits may lie far below.
func (w *commitWalk) split(s *commitStream) {
	for _, sha := range slices.Sorted(maps.Keys(s.awaited)) {
		if sha == s.root {
			continue
		}
		w.graph.hand(sha, w.graph.nodes[sha], w.follow(sha, s.front))
	}
}

// commits are all commits read, by SHA.
func (w *commitWalk) commits() []model.Commit {
	commits := make([]model.Commit, 0, len(w.graph.nodes))
	for _, n := range w.graph.nodes {
		if n.commit != nil {
			commits = append(commits, *n.commit)
		}
	}
	slices.SortFunc(commits, func(a, b model.Commit) int { return strings.Compare(a.SHA, b.SHA) })
	return commits
}
