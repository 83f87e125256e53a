package kpi

import (
	"iter"

	"kpi-gate/internal/model"
)

// graph is the commit graph of a snapshot. A commit is its index in the snapshot; none stands for one that was not
// read.
type graph struct {
	commits []model.Commit
	index   map[string]int32
	parents [][]int32
	// beyond are commits that a commit reaches although what lies between was not read.
	beyond map[int32][]int32
	// ancestors remembers answers of isAncestor: rollbacks ask the same in every window.
	ancestors map[[2]int32]bool
}

const none int32 = -1

// newGraph is the graph of commits, of which some are known to reach others without what lies between.
func newGraph(commits []model.Commit, reached map[string][]string) *graph {
	g := &graph{
		beyond:    map[int32][]int32{},
		commits:   commits,
		index:     make(map[string]int32, len(commits)),
		parents:   make([][]int32, len(commits)),
		ancestors: map[[2]int32]bool{},
	}
	edges := 0
	for i, c := range commits {
		g.index[c.SHA] = int32(i)
		edges += len(c.Parents)
	}
	all := make([]int32, 0, edges)
	for i, c := range commits {
		start := len(all)
		for _, parent := range c.Parents {
			all = append(all, g.find(parent))
		}
		g.parents[i] = all[start:len(all):len(all)]
	}
	for from, others := range reached {
		at := g.find(from)
		for _, to := range others {
			if below := g.find(to); at != none && below != none {
				g.beyond[at] = append(g.beyond[at], below)
			}
		}
	}
	return g
}

// below yields what a commit reaches next, as far as it was read or is known.
func (g *graph) below(at int32) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		for _, next := range g.parents[at] {
			if next != none && !yield(next) {
				return
			}
		}
		for _, next := range g.beyond[at] {
			if !yield(next) {
				return
			}
		}
	}
}

// find returns the commit's index, or none.
func (g *graph) find(sha string) int32 {
	if i, ok := g.index[sha]; ok {
		return i
	}
	return none
}

// isAncestor reports whether a is reachable from b and is not b itself, as far as the commits were read.
func (g *graph) isAncestor(a, b int32) bool {
	if a == none || b == none || a == b {
		return false
	}
	key := [2]int32{a, b}
	if known, ok := g.ancestors[key]; ok {
		return known
	}
	found := false
	seen := map[int32]bool{b: true}
	for queue := []int32{b}; len(queue) > 0 && !found; {
		at := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for next := range g.below(at) {
			if next == a {
				found = true
			}
			if !seen[next] {
				seen[next] = true
				queue = append(queue, next)
			}
		}
	}
	g.ancestors[key] = found
	return found
}

// claim gives every commit reachable from start that nobody owns yet to owner.
func (g *graph) claim(start int32, owner int32, owners []int32) {
	if start == none || owners[start] != none {
		return
	}
	owners[start] = owner
	for queue := []int32{start}; len(queue) > 0; {
		at := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for next := range g.below(at) {
			if owners[next] == none {
				owners[next] = owner
				queue = append(queue, next)
			}
		}
	}
}

// line is the first-parent line that ends at head, newest first, as far as it was read.
func (g *graph) line(head string) []int32 {
	var line []int32
	seen := map[int32]bool{}
	for at := g.find(head); at != none && !seen[at]; {
		seen[at] = true
		line = append(line, at)
		if len(g.parents[at]) == 0 {
			break
		}
		at = g.parents[at][0]
	}
	return line
}
