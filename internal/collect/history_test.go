package collect

import (
	"container/heap"
	"strconv"
	"strings"

	"kpi-gate/internal/model"
)

// drawn is a small commit graph by SHA.
type drawn map[string]model.Commit

// draw reads a graph: a commit per line, as its SHA, the day it was committed, and its parents. Days of the tests are
// those of the function day.
func draw(text string) drawn {
	d := drawn{}
	for line := range strings.Lines(strings.TrimSpace(text)) {
		fields := strings.Fields(line)
		n, err := strconv.Atoi(fields[1])
		if err != nil {
			panic(err)
		}
		d[fields[0]] = model.Commit{SHA: fields[0], Committed: day(n), Parents: fields[2:]}
	}
	return d
}

// byDate is a heap of commits, the newest first and those of the same date by SHA.
type byDate []model.Commit

func (h byDate) Len() int { return len(h) }

func (h byDate) Less(i, j int) bool {
	if !h[i].Committed.Equal(h[j].Committed) {
		return h[i].Committed.After(h[j].Committed)
	}
	return h[i].SHA < h[j].SHA
}

func (h byDate) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *byDate) Push(x any)   { *h = append(*h, x.(model.Commit)) }

func (h *byDate) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

// history lists what root reaches as git log does: of the commits whose child was listed, the newest comes next.
func (d drawn) history(root string) []model.Commit {
	var listed []model.Commit
	queue, seen := &byDate{}, map[string]bool{}
	see := func(sha string) {
		if c, ok := d[sha]; ok && !seen[sha] {
			seen[sha] = true
			heap.Push(queue, c)
		}
	}
	see(root)
	for queue.Len() > 0 {
		c := heap.Pop(queue).(model.Commit)
		listed = append(listed, c)
		for _, parent := range c.Parents {
			see(parent)
		}
	}
	return listed
}

// reaches is the set of SHAs that a root reaches.
func (d drawn) reaches(root string) map[string]bool {
	set := map[string]bool{}
	for _, c := range d.history(root) {
		set[c.SHA] = true
	}
	return set
}

// follow does what the walk asks for, on pages of the given size. It returns the roots of the pages read, in order;
// those read at once joined by a plus sign, and what the walk's shipper was asked to reach after a question mark.
func (d drawn) follow(w *commitWalk, size int) []string {
	var pages []string
	for {
		streams := w.next()
		if len(streams) == 0 {
			return pages
		}
		ask := func(shas []string) {
			if err := w.resolve(shas, d.oracle(w, &pages)); err != nil {
				panic(err)
			}
		}
		if stale := w.staleRoots(streams); len(stale) > 0 {
			ask(stale)
			continue
		}
		if loose := w.loose(); len(loose) > 0 {
			ask(loose)
			continue
		}
		var roots []string
		for _, s := range streams {
			roots = append(roots, s.root)
			history := d.history(s.root)
			from := 0
			if s.cursor != "" {
				from, _ = strconv.Atoi(s.cursor)
			}
			to := min(from+size, len(history))
			w.read(s, history[from:to], strconv.Itoa(to), to < len(history))
		}
		pages = append(pages, strings.Join(roots, "+"))
		if stale := w.stale(streams); len(stale) > 0 {
			ask(stale)
		}
	}
}

// oracle answers every question, and notes in pages what was asked.
func (d drawn) oracle(w *commitWalk, pages *[]string) commitOracle {
	return commitOracle{
		lookUp: func(shas []string) ([]*model.Commit, error) {
			found := make([]*model.Commit, len(shas))
			for i, sha := range shas {
				if c, ok := d[sha]; ok {
					found[i] = &c
				}
			}
			return found, nil
		},
		ask: func(questions []reachQuestion) ([]reachAnswer, error) {
			answers := make([]reachAnswer, len(questions))
			for i, q := range questions {
				asked := "?" + q.to.SHA
				if q.from != w.shipper {
					asked = q.from + asked
				}
				*pages = append(*pages, asked)
				answers[i] = doesNotReach
				if d.reaches(q.from)[q.to.SHA] {
					answers[i] = doesReach
				}
			}
			return answers, nil
		},
	}
}
