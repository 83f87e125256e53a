package collect

import (
	"maps"
	"slices"
	"strings"
	"time"

	"kpi-gate/internal/model"
)

// reachQuestion is whether a commit reaches another.
type reachQuestion struct {
	from string
	to   *model.Commit
}

// reachAnswer is the answer to a reachQuestion.
type reachAnswer int

const (
	// untold is the answer that GitHub did not get to.
	untold reachAnswer = iota
	doesReach
	doesNotReach
)

// commitOracle is who tells a walk of commits without reading histories. lookUp finds commits, nil for one that GitHub
// does not have; ask answers questions in their order.
type commitOracle struct {
	lookUp func([]string) ([]*model.Commit, error)
	ask    func([]reachQuestion) ([]reachAnswer, error)
}

// maxQuestions is how many questions are put at a time: as many as cost no more than a few pages of history.
const maxQuestions = 4 * maxRoots

// resolve asks which of some commits have shipped, so that the history between need not be read. What has is painted.
// What nothing that paints reaches is read from there, if it was not and is far away. A commit that GitHub does not
// have is lost. What the answers leave open is found by reading on.
func (w *commitWalk) resolve(shas []string, oracle commitOracle) error {
	commits, err := w.lookUp(shas, oracle)
	if err != nil || len(commits) == 0 {
		return err
	}
	oldest := oldestOf(commits)
	if len(commits)+len(w.otherShippers(oldest)) <= maxRoots {
		// Both fit into one request.
		if err := w.askShipper(commits, oldest, oracle); err != nil {
			return err
		}
	} else if err := w.put(questions(w.shipper, commits), oracle); err != nil {
		return err
	}
	commits = slices.DeleteFunc(commits, func(c *model.Commit) bool {
		return w.graph.painted(c.SHA) || !w.graph.unreached[w.shipper][c.SHA]
	})
	if len(commits) == 0 {
		return nil
	}
	if err := w.askOthers(commits, oracle); err != nil {
		return err
	}
	w.conclude()
	far := slices.ContainsFunc(commits, func(c *model.Commit) bool { return w.pagesTo(c.Committed) > fewPages })
	for _, c := range commits {
		if n := w.graph.nodes[c.SHA]; far && n.stream != nil && n.unshipped {
			w.follow(c)
		}
	}
	return nil
}

// fewPages is how many pages it takes at least to find where branches begin otherwise than by reading on.
const fewPages = 3

// askShipper asks which commits the shipper reaches, and which of the others that paint, but for those from before an
// instant: what it reaches of these is of no interest besides it.
func (w *commitWalk) askShipper(commits []*model.Commit, oldest time.Time, oracle commitOracle) error {
	unasked := slices.DeleteFunc(w.otherShippers(oldest), func(sha string) bool { return w.asked[sha] })
	others, err := w.dated(unasked, oracle)
	if err != nil {
		return err
	}
	for _, other := range others {
		w.asked[other.SHA] = true
	}
	return w.put(questions(w.shipper, slices.Concat(commits, others)), oracle)
}

// askOthers asks which commits are reached by what paints besides the shipper, as long as that costs less than to read
// on to them.
func (w *commitWalk) askOthers(commits []*model.Commit, oracle commitOracle) error {
	oldest := oldestOf(commits)
	pages := w.pagesTo(oldest)
	others := w.otherShippers(oldest)
	if len(others) == 0 || len(others) > maxQuestions || requestsFor(len(others)) >= pages {
		return nil
	}
	if err := w.askShipper(nil, oldest, oracle); err != nil {
		return err
	}
	reaching, err := w.dated(w.otherShippers(oldest), oracle)
	if err != nil {
		return err
	}
	var asked []reachQuestion
	for _, other := range reaching {
		asked = append(asked, questions(other.SHA, slices.DeleteFunc(slices.Clone(commits), func(c *model.Commit) bool {
			return other.Committed.Before(c.Committed) || w.graph.unreached[other.SHA][c.SHA]
		}))...)
	}
	if len(asked) > maxQuestions || requestsFor(len(asked)) >= pages {
		return nil
	}
	return w.put(asked, oracle)
}

// oldestOf is the committer date of the oldest of some commits.
func oldestOf(commits []*model.Commit) time.Time {
	oldest := commits[0].Committed
	for _, c := range commits {
		oldest = earlier(oldest, c.Committed)
	}
	return oldest
}

// requestsFor is how many requests it takes to ask about as many commits.
func requestsFor(commits int) int { return (commits + maxRoots - 1) / maxRoots }

// questions ask which commits a commit reaches.
func questions(from string, commits []*model.Commit) []reachQuestion {
	questions := make([]reachQuestion, len(commits))
	for i, c := range commits {
		questions[i] = reachQuestion{from, c}
	}
	return questions
}

// lookUp finds commits, and loses those that GitHub does not have.
func (w *commitWalk) lookUp(shas []string, oracle commitOracle) ([]*model.Commit, error) {
	commits, err := oracle.lookUp(shas)
	if err != nil {
		return nil, err
	}
	var found []*model.Commit
	for i, c := range commits {
		if c == nil {
			w.graph.lose(shas[i])
			continue
		}
		w.graph.nodes[c.SHA].committed = c.Committed
		found = append(found, c)
	}
	return found, nil
}

// dated gives commits by their dates, and looks up those whose date is not known.
func (w *commitWalk) dated(shas []string, oracle commitOracle) ([]*model.Commit, error) {
	var (
		dated   []*model.Commit
		undated []string
	)
	for _, sha := range shas {
		if at := w.graph.nodes[sha].at(); at.IsZero() {
			undated = append(undated, sha)
		} else {
			dated = append(dated, &model.Commit{SHA: sha, Committed: at})
		}
	}
	found, err := w.lookUp(undated, oracle)
	return append(dated, found...), err
}

// put asks questions, and notes the answers.
func (w *commitWalk) put(questions []reachQuestion, oracle commitOracle) error {
	if len(questions) == 0 {
		return nil
	}
	answers, err := oracle.ask(questions)
	for i, answer := range answers {
		switch q := questions[i]; answer {
		case doesReach:
			w.graph.reach(q.from, q.to.SHA)
		case doesNotReach:
			w.graph.notReach(q.from, q.to.SHA)
		case untold:
		}
	}
	return err
}

// otherShippers are the commits that paint besides the shipper, without those that it or another of them is known to
// reach, and without those from before an instant, which do not reach what is younger.
func (w *commitWalk) otherShippers(since time.Time) []string {
	var others []string
	covered := w.graph.below(w.shipper)
	for _, d := range slices.Backward(w.painters) {
		n := w.graph.nodes[d.SHA]
		if n == nil || n.gone || covered[d.SHA] {
			continue
		}
		if n.committed.IsZero() {
			n.committed = d.Committed
			if looked := w.looked[d.SHA]; looked != nil {
				n.committed = looked.Committed
			}
		}
		if !n.latest().Before(since) {
			others = append(others, d.SHA)
			for sha := range w.graph.below(d.SHA) {
				covered[sha] = true
			}
		}
	}
	return others
}

// conclude marks what is known to be reached by nothing that paints, and everything above it.
//
// Note: what one commit was found not to reach, another does not reach either if all that is unread below that is below
// the first too. So it need not be asked again for every deployment that follows.
func (w *commitWalk) conclude() {
	for _, n := range w.graph.nodes {
		n.unshipped = false
	}
	if w.shipper == "" || len(w.graph.unreached) == 0 {
		return
	}
	below := map[string]map[string]bool{}
	belowOf := func(sha string) map[string]bool {
		if below[sha] == nil {
			below[sha] = w.graph.below(sha)
		}
		return below[sha]
	}
	type pair struct{ from, by string }
	holds := map[pair]bool{}
	// follows reports whether a commit reaches nothing unread that another does not reach.
	follows := func(from, by string) bool {
		told, known := holds[pair{from, by}]
		if !known {
			told = true
			for sha := range belowOf(from) {
				if n := w.graph.nodes[sha]; n != nil && n.stream != nil && !belowOf(by)[sha] {
					told = false
					break
				}
			}
			holds[pair{from, by}] = told
		}
		return told
	}
	unreachedBy := map[string][]string{}
	for by, shas := range w.graph.unreached {
		for sha := range shas {
			if n := w.graph.nodes[sha]; n != nil && !n.painted && !n.gone {
				unreachedBy[sha] = append(unreachedBy[sha], by)
			}
		}
	}
	shippers := append(w.otherShippers(time.Time{}), w.shipper)
	var unshipped []string
	for sha, by := range unreachedBy {
		at := w.graph.nodes[sha].at()
		reachable := slices.ContainsFunc(shippers, func(shipper string) bool {
			if w.graph.nodes[shipper].latest().Before(at) || w.graph.unreached[shipper][sha] {
				return false
			}
			return !slices.ContainsFunc(by, func(by string) bool { return follows(shipper, by) })
		})
		if !reachable {
			unshipped = append(unshipped, sha)
		}
	}
	w.graph.spare(unshipped)
}

// follow reads on from a commit that nothing which has shipped reaches, apart from the history that awaits it.
func (w *commitWalk) follow(c *model.Commit) {
	n := w.graph.nodes[c.SHA]
	s := n.stream
	if s.root != c.SHA {
		s = w.stream(c.SHA, c.Committed)
		s.edge, s.branch = true, n.stream.branch && !n.stream.front.Before(w.reach)
		w.graph.hand(c.SHA, n, s)
	}
	if !s.opened {
		s.apart, s.short, s.front, s.tail = true, true, c.Committed, c.Committed
	}
}

// late are streams to read a page of, apart from the other histories, that follow what was merged long after.
func (w *commitWalk) late() []*commitStream {
	var roots, opened []*commitStream
	for _, s := range w.streams {
		switch {
		case !s.apart || s.missing == 0:
		case s.opened:
			opened = append(opened, s)
		default:
			roots = append(roots, s)
		}
	}
	if len(roots) == 0 && len(opened) > 0 {
		roots = w.further(opened)
	}
	slices.SortStableFunc(roots, func(a, b *commitStream) int { return b.front.Compare(a.front) })
	return roots[:min(len(roots), maxRoots)]
}

// further are streams, of their own if there are several, for what is missing below what is known not to have shipped.
func (w *commitWalk) further(of []*commitStream) []*commitStream {
	missing := map[string]*commitStream{}
	for _, n := range w.graph.nodes {
		if n.commit == nil || !n.unshipped {
			continue
		}
		for _, parent := range n.commit.Parents {
			if p := w.graph.nodes[parent]; p.stream != nil && p.missing() && slices.Contains(of, p.stream) {
				missing[parent] = p.stream
			}
		}
	}
	if len(missing) == 1 {
		return slices.Collect(maps.Values(missing))
	}
	var roots []*commitStream
	for _, sha := range slices.Sorted(maps.Keys(missing)) {
		s := missing[sha]
		to := w.stream(sha, s.front)
		to.edge, to.apart, to.branch = true, true, s.branch && !s.front.Before(w.reach)
		w.graph.hand(sha, w.graph.nodes[sha], to)
		roots = append(roots, to)
	}
	return roots
}

// reading is the stream that has been read least far; nil while a branch is not read back to the reach.
func (w *commitWalk) reading() *commitStream {
	var next *commitStream
	for _, s := range w.streams {
		if len(s.awaited) == 0 {
			continue
		}
		if s.branch && !s.front.Before(w.reach) {
			return nil
		}
		if s.opened && (next == nil || s.tail.After(next.tail)) {
			next = s
		}
	}
	return next
}

// pagesTo is how many pages it may take to read on to an instant, judged by the last one.
func (w *commitWalk) pagesTo(at time.Time) int {
	next := w.reading()
	if next == nil || next.page <= 0 || !at.Before(next.tail) {
		return 0
	}
	return int(next.tail.Sub(at)/next.page) + 1
}

// loose lists commits to ask about whether they have shipped, of those that were read and are older than what is read
// next: by reading on it would be found out only at their dates. None where that takes fewer requests, or there are too
// many.
//
// What has shipped of a branch is its older end, so where there are few branches each is asked at several places, and
// where there are many it is halved.
func (w *commitWalk) loose() []string {
	if w.shipper == "" {
		return nil
	}
	w.conclude()
	next := w.reading()
	if next == nil {
		return nil
	}
	var open []*graphNode
	for sha, n := range w.graph.nodes {
		if n.commit != nil && !n.painted && !n.unshipped && !w.asked[sha] && n.commit.Committed.Before(next.tail) {
			open = append(open, n)
		}
	}
	if len(open) == 0 {
		return nil
	}
	slices.SortFunc(open, func(a, b *graphNode) int {
		if c := b.commit.Committed.Compare(a.commit.Committed); c != 0 {
			return c
		}
		return strings.Compare(a.commit.SHA, b.commit.SHA)
	})
	shas := spread(open)
	if len(shas) > maxQuestions || w.pagesTo(open[len(open)-1].commit.Committed) <= 2*requestsFor(len(shas)) {
		return nil
	}
	for _, sha := range shas {
		w.asked[sha] = true
	}
	return shas
}

// spread picks of some commits, which are in order of date, the newest and the oldest of each branch and others at
// equal distances between.
func spread(open []*graphNode) []string {
	left := map[string]*graphNode{}
	for _, n := range open {
		left[n.commit.SHA] = n
	}
	var branches [][]string
	for _, n := range open {
		var branch []string
		for n != nil && left[n.commit.SHA] != nil {
			delete(left, n.commit.SHA)
			branch = append(branch, n.commit.SHA)
			var parent *graphNode
			for _, sha := range n.commit.Parents {
				if parent == nil {
					parent = left[sha]
				}
			}
			n = parent
		}
		if len(branch) > 0 {
			branches = append(branches, branch)
		}
	}
	each := max(3, maxRoots/len(branches))
	var picked []string
	for _, branch := range branches {
		last, n := len(branch)-1, min(each, len(branch))
		for i := range n {
			picked = append(picked, branch[i*last/max(n-1, 1)])
		}
	}
	return picked
}
