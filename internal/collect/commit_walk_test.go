package collect

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kpi-gate/internal/model"
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
			// Only when the branch was read back to the reach is x looked up, which is not on it.
			pages: []string{"m6", "m6", "m6", "x"}, read: "m1 m2 m3 m4 m5 m6",
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
			// The first page of r2 is r2 r1, which sits on what was read of main.
			pages: []string{"m4", "m4", "m4", "r2"}, read: "m0 m1 m2 m3 m4 r1 r2",
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
			// m0 was deployed again on day 60: the way from m6 to m0 has to be known.
			graph: line, heads: []string{"m6"},
			deployed: []deployedCommit{
				deployed("m3", 48),
				{SHA: "m5", Finished: day(56), Committed: day(55)},
				{SHA: "m0", Finished: day(60), Committed: day(10)},
			},
			pages: []string{"m6", "m6", "m6", "m6"}, read: "m0 m1 m2 m3 m4 m5 m6",
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
			// The first page of m3 holds a commit since the reach, so a second follows. That of b2 joins what was read.
			pages: []string{"m3", "m3", "b2"}, read: "b1 b2 m0 m1 m2 m3",
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
			w := newCommitWalk(day(50), heads, knownCommits{})
			pages := graph.follow(w, 2)
			w.ship(tt.deployed, tt.merges)
			pages = append(pages, graph.follow(w, 2)...)
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
// that ships, and every answer to the question whether one deployed commit lies behind another. Then the graph grows,
// the branches move, more is deployed, and a second walk, which knows what the first one left, has to be as exact.
func TestCommitWalkIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		graph := drawn{}
		var shas []string
		grow := func(n int) {
			for range n {
				// Dates rise with the graph; parents are mostly recent, sometimes old, sometimes several.
				i := len(shas)
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
				graph[sha] = draw(fmt.Sprintf("%s %d %s", sha, 6*i, strings.Join(parents, " ")))[sha]
			}
		}
		grow(rapid.IntRange(1, 60).Draw(t, "commits"))
		var deployed []deployedCommit
		finished := day(120)
		deploy := func() {
			for _, sha := range rapid.SliceOfN(rapid.SampledFrom(shas), 0, 6).Draw(t, "deployed") {
				// A commit is deployed after it was made, at whatever age.
				finished = finished.AddDate(0, 0, 30)
				if made := graph[sha].Committed; made.After(finished) {
					finished = made
				}
				d := deployedCommit{SHA: sha, Finished: finished}
				if rapid.Bool().Draw(t, "dated") {
					d.Committed = graph[sha].Committed
				}
				deployed = append(deployed, d)
			}
		}
		deploy()
		heads := drawHeads(t, graph, shas)
		page := rapid.IntRange(1, 9).Draw(t, "page")
		first, _ := graph.walk(day(180), heads, deployed, knownCommits{}, page)
		checkWalk(t, graph, first)

		again, pages := graph.walk(day(180), heads, deployed, left(first), page)
		if len(pages) > 0 {
			t.Errorf("nothing has changed, and pages %v were read", pages)
		}
		checkWalk(t, graph, again)

		grow(rapid.IntRange(0, 30).Draw(t, "new commits"))
		deploy()
		if rapid.Bool().Draw(t, "moved") {
			heads = drawHeads(t, graph, shas)
		}
		reach := day(180 + rapid.IntRange(0, 150).Draw(t, "later"))
		if rapid.Bool().Draw(t, "only the last before the reach") {
			deployed = slices.DeleteFunc(deployed, func(d deployedCommit) bool {
				return d.Finished.Before(reach) && d != deployed[len(deployed)-1] && rapid.Bool().Draw(t, "replaced")
			})
		}
		cold, _ := graph.walk(reach, heads, deployed, knownCommits{}, page)
		checkWalk(t, graph, cold)
		warm, _ := graph.walk(reach, heads, deployed, left(again), page)
		checkWalk(t, graph, warm)
		if diff := cmp.Diff(unshipped(cold), unshipped(warm)); diff != "" {
			t.Errorf("not shipped before the reach (-cold +warm):\n%s", diff)
		}

		// What shipped was found out about for the last deployment before the reach. That of an older one reaches less.
		shipped := day(120 + rapid.IntRange(0, 60).Draw(t, "extended"))
		warm.extend(shipped)
		graph.follow(warm.commitWalk, page)
		for i := range warm.deployed {
			warm.deployed[i].BeforeReach = warm.deployed[i].Finished.Before(shipped)
		}
		read := drawn{}
		for _, c := range warm.commits() {
			read[c.SHA] = c
		}
		checkShipped(t, graph, read, warm)
	})
}

// drawHeads draws up to two branches.
func drawHeads(t *rapid.T, graph drawn, shas []string) []branchHead {
	var heads []branchHead
	for _, sha := range rapid.SliceOfNDistinct(rapid.SampledFrom(shas), 0, 2, rapid.ID).Draw(t, "heads") {
		heads = append(heads, branchHead{Name: sha, SHA: sha, Committed: graph[sha].Committed})
	}
	return heads
}

// walked is a walk that has ended, and what it was about.
type walked struct {
	*commitWalk
	reach    time.Time
	heads    []branchHead
	deployed []deployedCommit
}

// walk walks through a drawn graph, and gives the pages that were read too.
func (d drawn) walk(
	reach time.Time, heads []branchHead, deployed []deployedCommit, known knownCommits, page int,
) (walked, []string) {
	deployed = slices.Clone(deployed)
	for i := range deployed {
		deployed[i].BeforeReach = deployed[i].Finished.Before(reach)
	}
	w := newCommitWalk(reach, heads, known)
	pages := d.follow(w, page)
	w.ship(deployed, false)
	return walked{w, reach, heads, deployed}, append(pages, d.follow(w, page)...)
}

// left is what a walk leaves for the next one.
func left(w walked) knownCommits {
	known := knownCommits{
		commits: map[string]*model.Commit{}, unread: w.unreadBelow(), reached: w.reached(), unreached: w.unreached(), looked: w.looked, gone: map[string]bool{},
	}
	for _, c := range w.commits() {
		known.commits[c.SHA] = &c
	}
	for _, sha := range w.lost() {
		known.gone[sha] = true
	}
	return known
}

// unshipped are the commits that a walk read and did not find to have shipped before the reach, where anything has.
func unshipped(w walked) []string {
	var shas []string
	for sha, n := range w.graph.nodes {
		if n.commit != nil && !n.painted && len(w.deployed) > 0 {
			shas = append(shas, sha)
		}
	}
	slices.Sort(shas)
	return shas
}

// checkWalk requires of what a walk leaves that every answer is that of the whole graph.
func checkWalk(t *rapid.T, graph drawn, w walked) {
	read := drawn{}
	for _, c := range w.commits() {
		read[c.SHA] = c
	}
	checkShipped(t, graph, read, w)
	for _, d := range w.deployed {
		if _, ok := read[d.SHA]; !ok && !d.BeforeReach {
			t.Errorf("%s was deployed since the reach and is not known", d.SHA)
		}
	}
	for _, old := range w.deployed {
		for _, young := range w.deployed {
			if old.BeforeReach {
				continue
			}
			want, got := graph.reaches(young.SHA)[old.SHA], read.reaches(young.SHA)[old.SHA]
			if want != got {
				t.Errorf("%s reaches %s: got %v, want %v", young.SHA, old.SHA, got, want)
			}
		}
	}
	for _, head := range w.heads {
		for sha := head.SHA; !graph[sha].Committed.Before(w.reach); {
			if _, ok := read[sha]; !ok {
				t.Errorf("%s, on the line of %s since the reach, is not known", sha, head.Name)
			}
			if len(graph[sha].Parents) == 0 {
				break
			}
			sha = graph[sha].Parents[0]
		}
	}
}

// checkShipped requires that everything was read that a head or a deployed commit reaches and no commit deployed before
// the reach does (without any such, not the first deployed), and that nothing else seems not to have shipped.
func checkShipped(t *rapid.T, graph, read drawn, w walked) {
	if len(w.deployed) == 0 {
		return
	}
	shipped, before := map[string]bool{}, false
	for _, d := range w.deployed {
		before = before || d.BeforeReach
	}
	for i, d := range w.deployed {
		if d.BeforeReach || !before && i == 0 {
			for sha := range graph.reaches(d.SHA) {
				shipped[sha] = true
			}
		}
	}
	roots := []string{}
	for _, head := range w.heads {
		roots = append(roots, head.SHA)
	}
	for _, d := range w.deployed {
		roots = append(roots, d.SHA)
	}
	for _, root := range roots {
		for sha := range graph.reaches(root) {
			if _, ok := read[sha]; !ok && !shipped[sha] {
				t.Errorf("%s, reached by %s and not yet shipped, was not read", sha, root)
			}
		}
	}
	for _, sha := range unshipped(w) {
		if shipped[sha] {
			t.Errorf("%s has shipped, and seems not to have", sha)
		}
	}
	told := map[string]bool{}
	for _, d := range w.deployed {
		if !d.BeforeReach && before {
			break
		}
		maps.Copy(told, w.tell(read, d.SHA))
		if !before {
			break
		}
	}
	for sha := range read {
		if shipped[sha] && !told[sha] {
			t.Errorf("%s has shipped, and what was read does not tell", sha)
		}
	}
}

// tell is what a commit reaches, as whoever is given the commits that were read, and what is known beyond them, can tell.
func (w walked) tell(read drawn, root string) map[string]bool {
	told, beyond := map[string]bool{}, w.reached()
	for queue := []string{root}; len(queue) > 0; {
		sha := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		if told[sha] {
			continue
		}
		told[sha] = true
		queue = append(append(queue, read[sha].Parents...), beyond[sha]...)
	}
	return told
}
