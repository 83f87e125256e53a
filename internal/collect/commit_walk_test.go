package collect

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestCommitWalk draws graphs newest commit first and reads them two commits a page. The reach is day 50.
func TestCommitWalk(t *testing.T) {
	t.Parallel()
	// A deployment finished on the day of its commit, unless a case says otherwise.
	deployed := func(sha string, committed int) deployedCommit {
		return deployedCommit{
			SHA: sha, Finished: day(committed), Committed: day(committed), BeforeReach: committed < 50,
		}
	}
	line := `
		m6 60 m5
		m5 55 m4
		m4 52 m3
		m3 48 m2
		m2 45 m1
		m1 40 m0
		m0 10`
	tests := map[string]struct {
		graph    string
		heads    []string
		deployed []deployedCommit
		merges   bool
		pages    []string
		read     string
	}{
		"no deployment: the branch back to the reach": {
			// m6 m5, then m4 m3: m3 is before day 50, but with so few commits the newest of the page, m4, counts.
			graph: line, heads: []string{"m6"},
			pages: []string{"m6", "m6", "m6"}, read: "m1 m2 m3 m4 m5 m6",
		},
		"linear: down to the last deployment before the reach": {
			graph: line, heads: []string{"m6"}, deployed: []deployedCommit{deployed("m3", 48), deployed("m5", 55)},
			// After the second page m2 is awaited, but painted; m4 keeps the branch above the reach.
			pages: []string{"m6", "m6", "m6"}, read: "m1 m2 m3 m4 m5 m6",
		},
		"the first deployment of all is the baseline": {
			graph: line, heads: []string{"m6"}, deployed: []deployedCommit{deployed("m4", 52), deployed("m6", 60)},
			pages: []string{"m6", "m6", "m6"}, read: "m1 m2 m3 m4 m5 m6",
		},
		"what was deployed long ago need not be read": {
			graph: line, heads: []string{"m6"}, deployed: []deployedCommit{deployed("m0", 10), deployed("m5", 55)},
			// After the third page only m0 is awaited.
			pages: []string{"m6", "m6", "m6"}, read: "m1 m2 m3 m4 m5 m6",
		},
		"a deployed commit that is gone": {
			graph: line, heads: []string{"m6"},
			deployed: []deployedCommit{deployed("m3", 48), deployed("x", 56), deployed("m6", 60)},
			// The branch passes day 56 on its second page; only then is x known not to be on it.
			pages: []string{"m6", "m6", "x", "m6"}, read: "m1 m2 m3 m4 m5 m6",
		},
		"merge commits: both sides": {
			graph: `
				m4 60 m3 s2
				m3 58 m2
				s2 57 s1
				s1 54 m1
				m2 52 m1
				m1 45 m0
				m0 40`,
			heads: []string{"m4"}, deployed: []deployedCommit{deployed("m1", 45), deployed("m4", 60)},
			// m4 m3, s2 s1, m2 m1: then m0 is awaited, but painted, and day 52 is after the reach.
			pages: []string{"m4", "m4", "m4", "m4"}, read: "m0 m1 m2 m3 m4 s1 s2",
		},
		"a release branch off main": {
			graph: `
				r2 61 r1
				m4 60 m3
				m3 58 m2
				r1 56 m2
				m2 54 m1
				m1 45 m0
				m0 40`,
			heads: []string{"m4"}, deployed: []deployedCommit{deployed("m1", 45), deployed("r2", 61)},
			// r2 is newer than the head, so it is not on main. Its second page, m2 m1, is on main already.
			pages: []string{"r2", "r2", "m4", "m4", "m4"}, read: "m0 m1 m2 m3 m4 r1 r2",
		},
		"a stale branch merged late": {
			graph: `
				m4 60 m3 s1
				m3 58 m2
				m2 45 m1
				m1 30 m0
				s1 20 m0
				m0 10`,
			heads: []string{"m4"}, deployed: []deployedCommit{deployed("m2", 45), deployed("m4", 60)},
			// s1 is from day 20: it is only on the third page, and the commit that it began from on none before.
			pages: []string{"m4", "m4", "m4"}, read: "m0 m1 m2 m3 m4 s1",
		},
		"a rollback past the reach": {
			// m0 was deployed again on day 60: the way from m6 to m0 has to be known. Page 3 of m6 names m0 as parent.
			graph: line, heads: []string{"m6"},
			deployed: []deployedCommit{
				deployed("m3", 48),
				{SHA: "m5", Finished: day(56), Committed: day(55)},
				{SHA: "m0", Finished: day(60), Committed: day(10)},
			},
			pages: []string{"m6", "m6", "m6", "m0"}, read: "m0 m1 m2 m3 m4 m5 m6",
		},
		"a rollback of what was deployed before the reach from another branch": {
			// r1 ran before the reach, then m1 again: whether m1 lies behind r1 is to be told.
			graph: `
				m3 52 m2
				m2 49 m1
				r1 47 m1
				m1 30 m0
				m0 10`,
			heads: []string{"m3"},
			deployed: []deployedCommit{
				deployed("r1", 47), {SHA: "m1", Finished: day(60), Committed: day(30)},
			},
			pages: []string{"m3", "m3", "r1"}, read: "m0 m1 m2 m3 r1",
		},
		"merges: from the line's last commit before the reach down everything has shipped": {
			graph: `
				m3 60 m2 s1
				s1 53 m0
				m2 52 m1
				m1 45 m0
				m0 40 l
				l 1`,
			heads: []string{"m3"}, merges: true,
			// s1 waits for m0, which m1 paints: l is of no interest.
			pages: []string{"m3", "m3", "m3"}, read: "l m0 m1 m2 m3 s1",
		},
		"a second production branch": {
			graph: `
				m3 60 m2
				b2 58 b1
				b1 40 m1
				m2 52 m1
				m1 45 m0
				m0 40`,
			heads: []string{"m3", "b2"}, deployed: []deployedCommit{deployed("m1", 45), deployed("m3", 60)},
			// The first page of each holds a commit since the reach, so a second follows.
			pages: []string{"m3", "m3", "b2", "b2"}, read: "b1 b2 m0 m1 m2 m3",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			graph := draw(tt.graph)
			var heads []branchHead
			for _, head := range tt.heads {
				heads = append(heads, branchHead{Name: head, SHA: head, Committed: graph[head].Committed})
			}
			w := newCommitWalk(day(50), heads, tt.deployed, tt.merges)
			pages := graph.follow(w, 2)
			if diff := cmp.Diff(tt.pages, pages); diff != "" {
				t.Errorf("pages (-want +got):\n%s", diff)
			}
			var read []string
			for _, c := range w.commits() {
				read = append(read, c.SHA)
			}
			if diff := cmp.Diff(tt.read, strings.Join(read, " ")); diff != "" {
				t.Errorf("commits (-want +got):\n%s", diff)
			}
		})
	}
}

// TestCommitWalkIsExact draws random graphs and deployments and holds what was read against the whole graph: everything
// that ships, and every answer to the question whether one deployed commit lies behind another.
func TestCommitWalkIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const reach = 60
		graph := drawn{}
		var shas []string
		for i := range rapid.IntRange(1, 60).Draw(t, "commits") {
			// Dates rise with the graph; parents are mostly recent, sometimes old, sometimes several.
			var parents []string
			for range rapid.IntRange(0, 3).Draw(t, "parents") {
				if i == 0 {
					break
				}
				back := rapid.IntRange(1, min(i, rapid.SampledFrom([]int{2, 5, 60}).Draw(t, "span"))).Draw(t, "back")
				if parent := shas[i-back]; !slices.Contains(parents, parent) {
					parents = append(parents, parent)
				}
			}
			sha := fmt.Sprintf("c%02d", i)
			shas = append(shas, sha)
			graph[sha] = draw(fmt.Sprintf("%s %d %s", sha, 2*i, strings.Join(parents, " ")))[sha]
		}
		anyCommit := rapid.SampledFrom(shas)
		var heads []branchHead
		for _, sha := range rapid.SliceOfNDistinct(anyCommit, 0, 2, rapid.ID).Draw(t, "heads") {
			heads = append(heads, branchHead{Name: sha, SHA: sha, Committed: graph[sha].Committed})
		}
		var deployed []deployedCommit
		finished := day(40)
		for _, sha := range rapid.SliceOfN(anyCommit, 0, 6).Draw(t, "deployed") {
			// A commit is deployed after it was made, at whatever age.
			finished = finished.AddDate(0, 0, 10)
			if made := graph[sha].Committed; made.After(finished) {
				finished = made
			}
			d := deployedCommit{SHA: sha, Finished: finished, BeforeReach: finished.Before(day(reach))}
			if rapid.Bool().Draw(t, "dated") {
				d.Committed = graph[sha].Committed
			}
			deployed = append(deployed, d)
		}
		w := newCommitWalk(day(reach), heads, deployed, false)
		graph.follow(w, rapid.IntRange(1, 9).Draw(t, "page"))
		read := drawn{}
		for _, c := range w.commits() {
			read[c.SHA] = c
		}
		checkShipped(t, graph, read, heads, deployed)
		for _, d := range deployed {
			if _, ok := read[d.SHA]; !ok && !d.BeforeReach {
				t.Errorf("%s was deployed since the reach and is not known", d.SHA)
			}
		}
		for _, old := range deployed {
			for _, young := range deployed {
				if old.BeforeReach {
					continue
				}
				want, got := graph.reaches(young.SHA)[old.SHA], read.reaches(young.SHA)[old.SHA]
				if want != got {
					t.Errorf("%s reaches %s: got %v, want %v", young.SHA, old.SHA, got, want)
				}
			}
		}
		for _, head := range heads {
			for sha := head.SHA; !graph[sha].Committed.Before(day(reach)); {
				if _, ok := read[sha]; !ok {
					t.Errorf("%s, on the line of %s since the reach, is not known", sha, head.Name)
				}
				if len(graph[sha].Parents) == 0 {
					break
				}
				sha = graph[sha].Parents[0]
			}
		}
	})
}

// checkShipped requires that everything was read that a head or a deployed commit reaches and no commit deployed before
// the reach does (without any such, not the first deployed).
func checkShipped(t *rapid.T, graph, read drawn, heads []branchHead, deployed []deployedCommit) {
	if len(deployed) == 0 {
		return
	}
	shipped, before := map[string]bool{}, false
	for _, d := range deployed {
		before = before || d.BeforeReach
	}
	for i, d := range deployed {
		if d.BeforeReach || !before && i == 0 {
			for sha := range graph.reaches(d.SHA) {
				shipped[sha] = true
			}
		}
	}
	roots := []string{}
	for _, head := range heads {
		roots = append(roots, head.SHA)
	}
	for _, d := range deployed {
		roots = append(roots, d.SHA)
	}
	for _, root := range roots {
		for sha := range graph.reaches(root) {
			if _, ok := read[sha]; !ok && !shipped[sha] {
				t.Errorf("%s, reached by %s and not yet shipped, was not read", sha, root)
			}
		}
	}
}
