package githubsim

import (
	"container/heap"
	"strings"
	"sync"
	"time"
)

// walk lists the commits that one commit reaches the way git log does: by a queue in order of committer date, newest
// first. It goes no further than it is asked to, because a page of history is small and a history is not.
type walk struct {
	commits      map[string]*Commit
	since, until time.Time

	mu    sync.Mutex
	queue commitQueue
	seen  map[string]bool
	order []*Commit
}

// walk starts from a commit that the world knows, or takes up a walk that was started before. Zero bounds are none;
// both are inclusive. As in git a commit older than since is not looked behind
// (https://git-scm.com/docs/git-log#_commit_limiting).
func (ix *index) walk(from *Commit, since, until time.Time) *walk {
	key := strings.Join([]string{from.OID, since.String(), until.String()}, " ")
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if w := ix.walks[key]; w != nil {
		return w
	}
	if len(ix.walks) >= memoSize {
		clear(ix.walks)
	}
	w := &walk{commits: ix.commits, since: since, until: until, seen: map[string]bool{}}
	w.push(from)
	ix.walks[key] = w
	return w
}

func (w *walk) push(c *Commit) {
	if c != nil && !w.seen[c.OID] {
		w.seen[c.OID] = true
		heap.Push(&w.queue, queued{c, len(w.seen)})
	}
}

// get is the i-th commit, nil past the end.
func (w *walk) get(i int) *Commit {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.advance(i + 1)
	if i >= len(w.order) {
		return nil
	}
	return w.order[i]
}

// count is the number of all commits.
func (w *walk) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.advance(len(w.commits))
	return len(w.order)
}

// advance walks until n commits are known, or none is left. Parents that the world does not list end a line.
func (w *walk) advance(n int) {
	for len(w.order) < n && len(w.queue) > 0 {
		c := heap.Pop(&w.queue).(queued).commit
		if !w.since.IsZero() && c.CommittedDate.Before(w.since) {
			continue
		}
		for _, p := range c.Parents {
			w.push(w.commits[p])
		}
		if w.until.IsZero() || !c.CommittedDate.After(w.until) {
			w.order = append(w.order, c)
		}
	}
}

// queued is a commit and when it was queued: of two of the same date git takes the one that was queued first.
type queued struct {
	commit *Commit
	turn   int
}

type commitQueue []queued

func (q commitQueue) Len() int { return len(q) }

func (q commitQueue) Less(i, j int) bool {
	a, b := q[i], q[j]
	if !a.commit.CommittedDate.Equal(b.commit.CommittedDate) {
		return a.commit.CommittedDate.After(b.commit.CommittedDate)
	}
	return a.turn < b.turn
}

func (q commitQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

func (q *commitQueue) Push(x any) { *q = append(*q, x.(queued)) }

func (q *commitQueue) Pop() any {
	old := *q
	last := old[len(old)-1]
	*q = old[:len(old)-1]
	return last
}
