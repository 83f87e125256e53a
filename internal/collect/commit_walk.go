package collect

import (
	"maps"
	"slices"
	"time"

	"kpi-gate/internal/model"
)

// skew is how many of the last commits of a page are looked at to tell how far back it went. History is ordered by
// committer date only as far as the dates agree with the graph, and committers set their own clocks. Git allows for as
// many (https://github.com/git/git/blob/v2.45.0/revision.c, SLOP).
const skew = 5

// commitStream is the history of one root, read page by page, newest commit first.
type commitStream struct {
	root string
	// rank is its place among the streams of a walk.
	rank int
	// branch is true where the history is that of a production branch, which is read back to the reach whatever was
	// deployed; edge where it begins below commits of the graph.
	// apart is true where it holds nothing that has shipped down to where it was read, so that the dates of what has do
	// not say when to read it; short where few commits are expected to.
	branch, edge, apart, short bool
	// front is the committer date down to which the history was read for certain: the newest of the last commits; tail
	// is where it ended if all clocks are right: the oldest. Before the first page both are the root's own date, or the
	// latest that it can be.
	front, tail time.Time
	// cursor is where the next page begins; opened is true after the first one.
	cursor string
	opened bool
	// awaited are the commits at the edge of the graph that this history holds: without any it has ended, or joined what
	// is known or read by others. missing counts those that have to be read.
	awaited map[string]bool
	missing int
	// idle is true when the last page held nothing new that can still ship, rest what was awaited then.
	idle bool
	rest []string
	// page is the time between the newest and the oldest commit of the last page.
	page time.Duration
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
	// unread are commits that an earlier walk left unread.
	unread map[string]UnreadCommit
	// reach is how far back branches are read whatever was deployed, shipped the instant before which what a deployment
	// put into place is painted, open the committer date of the oldest commit that is not painted, zero while other
	// questions come before.
	reach, shipped, open time.Time
	// merges is true when every commit on a production branch's line is a deployment.
	merges bool
	// oldest is the earliest committer date of what was deployed since the reach, zero without any.
	oldest time.Time
	// shipper is the latest of the commits that paint the others, asked what GitHub was already asked whether that
	// reaches it.
	shipper string
	asked   map[string]bool
	// painters are what was painted, with all that it reaches.
	painters []deployedCommit
	// looked are commits that were looked up by themselves.
	looked map[string]*model.Commit
}

// newCommitWalk plans to read the histories of the branches' heads back to the reach, as far as they are not known.
func newCommitWalk(reach time.Time, heads []branchHead, known knownCommits) *commitWalk {
	w := &commitWalk{
		graph: newCommitGraph(), since: map[string]bool{}, reach: reach, unread: known.unread, asked: map[string]bool{},
		looked: known.looked,
	}
	w.graph.known, w.graph.gone, w.graph.follow = known.commits, known.gone, w.below
	for from, reached := range known.reached {
		for _, to := range reached {
			w.graph.reach(from, to)
		}
	}
	for from, unreached := range known.unreached {
		for _, to := range unreached {
			w.graph.notReach(from, to)
		}
	}
	for _, head := range heads {
		if !slices.ContainsFunc(w.streams, func(s *commitStream) bool { return s.line == head.SHA }) {
			s := w.stream(head.SHA, head.Committed)
			s.branch, s.line = true, head.SHA
			w.graph.await(head.SHA, s)
		}
	}
	return w
}

// ship goes on to the histories of the deployed commits, which are in order of finish. merges says that the commits on
// the branches' lines are the deployments.
//
// Note: the branches come first because most of what is deployed lies on them, and need not be looked up then.
func (w *commitWalk) ship(deployed []deployedCommit, merges bool) {
	w.deployed, w.merges = deployed, merges && len(deployed) == 0
	followed := map[string]bool{}
	for _, d := range slices.Backward(deployed) {
		if !followed[d.SHA] {
			followed[d.SHA] = true
			front := d.Committed
			if front.IsZero() {
				front = d.Finished
			}
			w.graph.await(d.SHA, w.stream(d.SHA, front))
		}
		if d.BeforeReach {
			continue
		}
		w.since[d.SHA] = true
		w.graph.want(d.SHA)
		w.age(d.Committed)
		if c := w.graph.commit(d.SHA); c != nil {
			w.age(c.Committed)
		}
	}
	w.paint(w.reach)
}

// stream adds a stream that awaits nothing yet; front is the latest date that its root can be of.
func (w *commitWalk) stream(root string, front time.Time) *commitStream {
	s := &commitStream{root: root, rank: len(w.streams), front: front, tail: front, awaited: map[string]bool{}}
	if unread, ok := w.unread[root]; ok {
		s.front, s.tail = earlier(front, unread.Front), earlier(front, unread.Tail)
	}
	w.streams = append(w.streams, s)
	return s
}

// earlier is the earlier of two instants.
func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// below adds a stream for a parent of a known commit that is not known itself.
func (w *commitWalk) below(parent string, child *model.Commit, of *commitStream) *commitStream {
	s := w.stream(parent, child.Committed)
	s.edge, s.branch = true, of.branch && !s.front.Before(w.reach)
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
	w.shipped, w.shipper, w.painters = shipped, "", nil
	clear(w.asked)
	for _, d := range w.deployed {
		if d.BeforeReach && d.Finished.Before(shipped) {
			w.shipper = d.SHA
			w.painters = append(w.painters, d)
			w.graph.paint(d.SHA)
		}
	}
	if w.shipper == "" && len(w.deployed) > 0 {
		w.shipper = w.deployed[0].SHA
		w.painters = append(w.painters, w.deployed[0])
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
				if !w.graph.painted(s.line) {
					w.painters = append(w.painters, deployedCommit{SHA: s.line, Committed: c.Committed})
				}
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

// ships reports whether anything is a deployment. Without one nothing is painted, and what is known of long ago, from an
// earlier reading, is not told from what matters.
func (w *commitWalk) ships() bool { return w.merges || len(w.deployed) > 0 }

// brought lists the pull requests that brought commits which are not painted; none where nothing was deployed.
func (w *commitWalk) brought() []int {
	var numbers []int
	for _, n := range w.graph.nodes {
		if n.commit != nil && !n.painted && w.ships() {
			numbers = append(numbers, n.commit.PullRequests...)
		}
	}
	slices.Sort(numbers)
	return slices.Compact(numbers)
}

// reverted lists the commits that a commit which is not painted reverts by its message, read or not; none where nothing
// was deployed.
func (w *commitWalk) reverted() []string {
	var reverted []string
	for _, n := range w.graph.nodes {
		if n.commit == nil || n.painted || !w.ships() {
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
	w.open = time.Time{}
	streams := w.nearest()
	if len(streams) == 0 {
		w.conclude()
		w.open = w.oldestOpen()
		streams = w.nearest()
	}
	return streams
}

// oldestOpen is the committer date of the oldest commit that was read, is not painted and is not known not to have
// shipped; zero where nothing is painted.
func (w *commitWalk) oldestOpen() time.Time {
	var oldest time.Time
	if w.shipper == "" {
		return oldest
	}
	for _, n := range w.graph.nodes {
		if n.commit != nil && !n.painted && !n.unshipped && (oldest.IsZero() || n.commit.Committed.Before(oldest)) {
			oldest = n.commit.Committed
		}
	}
	return oldest
}

// nearest is what to read a page of to get on with what is needed.
func (w *commitWalk) nearest() []*commitStream {
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
		if len(s.awaited) == 0 {
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
	if late := w.late(); len(late) > 0 {
		return late
	}
	// Where two stand at the same date, a history that is being read may hold the root that is not.
	if opened != nil && !newest.front.After(opened.front) {
		return []*commitStream{opened}
	}
	var roots []*commitStream
	for _, s := range w.streams {
		if s.opened || s.branch || len(s.awaited) == 0 || opened != nil && !s.front.After(opened.front) {
			continue
		}
		if w.needed(s) || !s.front.Before(target) {
			roots = append(roots, s)
		}
	}
	slices.SortStableFunc(roots, func(a, b *commitStream) int { return b.front.Compare(a.front) })
	if len(roots) < maxRoots {
		roots = append(roots, w.likely(roots)...)
	}
	return roots[:min(len(roots), maxRoots)]
}

// likely are the deployed commits besides some roots that will be looked up too unless what is read next holds them: it
// takes no further request to look them up at once.
func (w *commitWalk) likely(besides []*commitStream) []*commitStream {
	open := w.oldestOpen()
	if open.IsZero() {
		return nil
	}
	var roots []*commitStream
	for _, s := range w.streams {
		if !s.opened && !s.branch && !s.edge && len(s.awaited) > 0 && !s.front.Before(open) && !slices.Contains(besides, s) {
			roots = append(roots, s)
		}
	}
	slices.SortStableFunc(roots, func(a, b *commitStream) int { return b.front.Compare(a.front) })
	return roots
}

// needed reports whether the answer to some question still lies further down in a stream.
func (w *commitWalk) needed(s *commitStream) bool {
	switch {
	case len(s.awaited) == 0:
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
	if !w.oldest.IsZero() && !s.front.Before(w.oldest) {
		return true
	}
	// What has shipped may reach what seems not to have. The rest of a history that is being read does not reach what was
	// read of it.
	return !w.open.IsZero() && (s.tail.After(w.open) || !s.opened && !s.edge && s.tail.Equal(w.open))
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
	if last := page[max(0, len(page)-skew):]; len(last) > 0 {
		byDate := func(a, b model.Commit) int { return a.Committed.Compare(b.Committed) }
		s.page = page[0].Committed.Sub(last[len(last)-1].Committed)
		s.front, s.tail = slices.MaxFunc(last, byDate).Committed, slices.MinFunc(last, byDate).Committed
	}
	if len(page) == 0 || !more {
		w.graph.drain(s)
	}
	s.idle, s.rest = !ships, slices.Sorted(maps.Keys(s.awaited))
	if !fresh && len(s.awaited) <= maxSplit {
		w.split(s)
	}
	w.paintLines()
}

// maxStale is how many commits are asked about at most at a time: as many as cost no more than a few pages of history.
const maxStale = 2 * maxRoots

// maxSplit is how many commits a stream may await to be followed from these instead.
const maxSplit = 8

// stale lists what streams that were read still miss although they are only reading what has shipped, or is known: of
// branches that were merged long after, where they begin, or what they hold. Each is listed once; none where there are
// too many to ask about.
func (w *commitWalk) stale(streams []*commitStream) []string {
	if w.shipper == "" {
		return nil
	}
	var missing []string
	for _, s := range streams {
		if s.idle {
			missing = append(missing, s.rest...)
		}
	}
	return w.unasked(missing)
}

// staleRoots lists in the same way those roots, of streams that are to be read, at which what is known ends.
func (w *commitWalk) staleRoots(streams []*commitStream) []string {
	if w.shipper == "" {
		return nil
	}
	var roots []string
	for _, s := range streams {
		if s.edge && !s.apart && !s.opened {
			roots = append(roots, s.root)
		}
	}
	return w.unasked(roots)
}

// unasked are those of some commits that are missed and were not asked about, which they count as from now on; none
// where there are too many.
func (w *commitWalk) unasked(shas []string) []string {
	var stale []string
	for _, sha := range shas {
		if n := w.graph.nodes[sha]; n.stream != nil && !n.painted && !w.asked[sha] {
			stale = append(stale, sha)
		}
	}
	if len(stale) > maxStale {
		return nil
	}
	for _, sha := range stale {
		w.asked[sha] = true
	}
	return stale
}

// split follows what a stream still awaits from there instead. A page of nothing new says that the stream has joined a
// history which is read anyway, and what it awaits may lie far below.
func (w *commitWalk) split(s *commitStream) {
	for _, sha := range slices.Sorted(maps.Keys(s.awaited)) {
		if sha == s.root {
			continue
		}
		to := w.stream(sha, s.front)
		to.edge, to.branch = true, s.branch && !s.front.Before(w.reach)
		w.graph.hand(sha, w.graph.nodes[sha], to)
	}
}
