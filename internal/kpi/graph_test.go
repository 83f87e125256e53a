package kpi

import (
	"testing"

	"kpi-gate/internal/model"
)

// d reaches b, which was read from a branch, by a way of which a part was not read: x is no commit of the graph.
//
//	d - x … b - a        c - b
func TestGraphReachesBeyondWhatWasRead(t *testing.T) {
	t.Parallel()
	commits := []model.Commit{
		{SHA: "a"},
		{SHA: "b", Parents: []string{"a"}},
		{SHA: "c", Parents: []string{"b"}},
		{SHA: "d", Parents: []string{"x"}},
	}
	for _, test := range []struct {
		reached map[string][]string
		below   string // of a, b and c, those that d reaches
	}{
		{nil, ""},
		{map[string][]string{"d": {"b", "y"}, "z": {"c"}}, "ab"},
	} {
		g := newGraph(commits, test.reached)
		owners := []int32{none, none, none, none}
		g.claim(g.find("d"), 7, owners)
		below, claimed := "", ""
		for _, sha := range []string{"a", "b", "c"} {
			if g.isAncestor(g.find(sha), g.find("d")) {
				below += sha
			}
			if owners[g.find(sha)] == 7 {
				claimed += sha
			}
		}
		if below != test.below || claimed != test.below {
			t.Errorf("%v: d reaches %q and claims %q, want %q", test.reached, below, claimed, test.below)
		}
		if line := g.line("d"); len(line) != 1 {
			t.Errorf("%v: the first-parent line of d is %v", test.reached, line)
		}
	}
}
