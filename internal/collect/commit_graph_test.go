package collect

import (
	"testing"

	"kpi-gate/internal/model"
)

// TestCommitGraphCounts follows what two streams await and miss while a graph is read:
//
//	c --- b --- a
//	 \--- s --- a
func TestCommitGraphCounts(t *testing.T) {
	t.Parallel()
	g := newCommitGraph()
	first := &commitStream{rank: 0, awaited: map[string]bool{}}
	second := &commitStream{rank: 1, awaited: map[string]bool{}}
	commit := func(sha string, parents ...string) model.Commit { return model.Commit{SHA: sha, Parents: parents} }
	check := func(when string, awaited1, missing1, awaited2, missing2 int) {
		t.Helper()
		got := [4]int{len(first.awaited), first.missing, len(second.awaited), second.missing}
		if want := [4]int{awaited1, missing1, awaited2, missing2}; got != want {
			t.Errorf("%s: got %v, want %v", when, got, want)
		}
	}
	g.await("c", first)
	g.await("s", second)
	check("two roots", 1, 1, 1, 1)
	g.add(commit("s", "a"), second)
	check("s names a", 1, 1, 1, 1)
	g.add(commit("c", "b", "s"), first)
	check("c names b; s is known", 1, 1, 1, 1)
	g.add(commit("s", "a"), first)
	check("the first stream holds s, so it awaits a", 2, 2, 0, 0)
	g.paint("s")
	check("s has shipped, and a with it", 2, 1, 0, 0)
	g.want("a")
	check("a is wanted although it has shipped", 2, 2, 0, 0)
	g.add(commit("b", "a", "x"), first)
	check("b names x", 2, 2, 0, 0)
	g.clear()
	check("without paint as with it", 2, 2, 0, 0)
	g.lose("x")
	check("GitHub does not have x", 1, 1, 0, 0)
	g.await("x", second)
	check("x is not awaited again", 1, 1, 0, 0)
	g.drain(first)
	check("at the end of its history nothing is awaited", 0, 0, 0, 0)
	if g.painted("c") || g.painted("s") || g.commit("a") != nil {
		t.Error("paint or commits are there that should not be")
	}
}
