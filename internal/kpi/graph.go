package kpi

import "kpi-gate/internal/model"

// graph is the commit graph of a snapshot. A commit is its index in the snapshot; none stands for one that was not
// read.
type graph struct {
	commits []model.Commit
	index   map[string]int32
	parents [][]int32
	// ancestors remembers answers of isAncestor: rollbacks ask the same in every window.
	ancestors map[[2]int32]bool
}

const none int32 = -1

func newGraph(commits []model.Commit) *graph {
	g := &graph{
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
	return g
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
		for _, parent := range g.parents[at] {
			if parent == a {
				found = true
			}
			if parent != none && !seen[parent] {
				seen[parent] = true
				queue = append(queue, parent)
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
		for _, parent := range g.parents[at] {
			if parent != none && owners[parent] == none {
				owners[parent] = owner
				queue = append(queue, parent)
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
