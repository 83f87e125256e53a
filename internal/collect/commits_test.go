package collect

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kpi-gate/internal/githubsim"
	"kpi-gate/internal/model"
)

// objectID is the object ID of a drawn commit: its name in hexadecimal, filled up with f.
func objectID(name string) string {
	digits := hex.EncodeToString([]byte(name))
	return digits + strings.Repeat("f", 40-len(digits))
}

// drawnName is the name of an objectID.
func drawnName(oid string) string {
	name, err := hex.DecodeString(oid)
	if err != nil {
		return oid
	}
	return string(bytes.TrimRight(name, "\xff"))
}

// drawnWorld is a repository with the commits of a drawing; main is at the first of them.
func drawnWorld(text string) *githubsim.World {
	w := &githubsim.World{Repo: githubsim.Repo{Owner: "o", Name: "r", DefaultBranch: "main"}}
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		name := strings.Fields(line)[0]
		c := draw(line)[name]
		author := "mona"
		drawn := githubsim.Commit{
			OID: objectID(name), CommittedDate: c.Committed, AuthoredDate: c.Committed, Author: &author, MessageHeadline: name,
		}
		for _, parent := range c.Parents {
			drawn.Parents = append(drawn.Parents, objectID(parent))
		}
		w.Commits = append(w.Commits, drawn)
	}
	w.Branches = []githubsim.Branch{{Name: "main", OID: w.Commits[0].OID}}
	return w
}

// oneADay draws a line of n commits, m0 on day 0 up to the head.
func oneADay(n int) string {
	var b strings.Builder
	for i := n - 1; i > 0; i-- {
		fmt.Fprintf(&b, "m%d %d m%d\n", i, i, i-1)
	}
	b.WriteString("m0 0\n")
	return b.String()
}

// branchOf draws a branch of n commits, the first of which is on top of the commit of a day of main and of a later day.
func branchOf(name string, n, later, on int) string {
	var b strings.Builder
	for i := n; i > 1; i-- {
		fmt.Fprintf(&b, "%s%d %d %s%d\n", name, i, later+i, name, i-1)
	}
	fmt.Fprintf(&b, "%s1 %d m%d\n", name, later+1, on)
	return b.String()
}

// finished is a deployment of a commit on a day, with a reach at day 250.
func finished(name string, committed, finished int) deployedCommit {
	return deployedCommit{
		SHA: objectID(name), Committed: day(committed), Finished: day(finished), BeforeReach: finished < 250,
	}
}

// readCommits reads the commits and gives the branches, and all commits that were read or known by their drawn names.
func readCommits(t *testing.T, r *reading, deployed []deployedCommit) ([]model.Branch, map[string]bool) {
	t.Helper()
	branches, _, err := r.commits(context.Background(), r.beginCommits(context.Background()), deployed)
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	for sha, n := range r.walked.graph.nodes {
		if n.commit != nil {
			have[drawnName(sha)] = true
		}
	}
	return branches, have
}

// TestCommits reads histories of hundreds of commits. The reach is day 250, a page 100 commits.
func TestCommits(t *testing.T) {
	t.Parallel()
	line := oneADay(350)
	shipped := deployedCommit{SHA: objectID("m802"), Committed: day(802), Finished: day(802), BeforeReach: true}
	tests := map[string]struct {
		world    *githubsim.World
		request  Request
		deployed []deployedCommit
		requests int
		// commits is how many are read, among them the oldest and what else is listed in has, but nothing of lacks.
		commits    int
		has, lacks string
		branches   []model.Branch
	}{
		"linear": {
			world:    drawnWorld(line),
			deployed: []deployedCommit{finished("m200", 200, 200), finished("m300", 300, 300)},
			// m349 to m250, and m249 to m150, which holds m200.
			requests: 2, commits: 200, has: "m349 m150", lacks: "m149",
		},
		"no deployment": {
			world: drawnWorld(line),
			// m250 to m254 are the last of the first page: not older than the reach.
			requests: 2, commits: 200, has: "m349 m150", lacks: "m149",
		},
		"a rollback past the reach": {
			world: drawnWorld(line),
			deployed: []deployedCommit{
				finished("m200", 200, 200), finished("m300", 300, 300), finished("m20", 20, 310),
			},
			// Four pages: the last one, m49 to m0, holds m20.
			requests: 4, commits: 350, has: "m349 m20",
		},
		"a deployed commit that GitHub lost": {
			world: drawnWorld(line),
			deployed: []deployedCommit{
				finished("m200", 200, 200), finished("gone", 240, 240), finished("m300", 300, 300),
			},
			// gone is not on main, but might reach what was committed since m200.
			requests: 3, commits: 200, has: "m349 m150", lacks: "gone",
		},
		"a lost commit deployed since the reach": {
			world: drawnWorld(line),
			deployed: []deployedCommit{
				finished("m200", 200, 200), finished("gone", 260, 260), finished("m300", 300, 300),
			},
			requests: 3, commits: 200, has: "m349 m150", lacks: "gone",
		},
		"a release branch off main": {
			// b2 and b1 sit on m280, which is on the first page of main.
			world:    drawnWorld(line + "b2 330 b1\nb1 320 m280"),
			deployed: []deployedCommit{finished("m200", 200, 200), finished("b2", 330, 330)},
			// Two pages of main, one of the root: b2, b1, m280 to m183.
			requests: 3, commits: 202, has: "b2 b1 m349 m150", lacks: "m149",
		},
		"eight release branches at once": {
			world: drawnWorld(line + `
				b1 331 m280
				b2 332 m280
				b3 333 m280
				b4 334 m280
				b5 335 m280
				b6 336 m280
				b7 337 m280
				b8 338 m280`),
			deployed: []deployedCommit{
				finished("m200", 200, 200), finished("b1", 331, 331), finished("b2", 332, 332), finished("b3", 333, 333),
				finished("b4", 334, 334), finished("b5", 335, 335), finished("b6", 336, 336), finished("b7", 337, 337),
				finished("b8", 338, 338),
			},
			requests: 3, commits: 208, has: "b1 b2 b3 b4 b5 b6 b7 b8 m150", lacks: "m149",
		},
		"a stale branch merged late": {
			// s1 is from day 60 and sits on m50. On its page main ends at m150, so m50 is found two pages further down.
			world:    drawnWorld("m350 350 m349 s1\ns1 60 m50\n" + line),
			deployed: []deployedCommit{finished("m200", 200, 200), finished("m350", 350, 350)},
			requests: 4, commits: 352, has: "s1 m50 m0",
		},
		"a branch begun long ago": {
			// s1 sits on m20, eight pages further down. The third page holds nothing that was not shipped with m802, so
			// GitHub is asked for m20's date, and whether m802 reaches it.
			world:    drawnWorld("m1000 1000 m999 s1\ns1 980 m20\n" + oneADay(1000)),
			deployed: []deployedCommit{shipped, finished("m1000", 1000, 1000)},
			request:  Request{Reach: day(850)},
			requests: 5, commits: 300, has: "s1 m1000 m703", lacks: "m20",
		},
		"branches of long ago merged late": {
			// They are b2 and b1 on m280, and c1 on m200, months before the reach. The third page of main holds nothing that
			// was not shipped with m1802, so GitHub is asked for the dates of b2 and c1, and whether m1802 reaches them. It
			// does not, so they are read: b2 b1 m280 to m273, and c1 m200 to m192. Of these m1802 reaches m280 and m200.
			world: drawnWorld("m2000 2000 m1999 b2 c1\nb2 301 b1\nb1 300 m280\nc1 250 m200\n" + oneADay(2000)),
			deployed: []deployedCommit{
				{SHA: objectID("m1802"), Committed: day(1802), Finished: day(1802), BeforeReach: true},
				finished("m2000", 2000, 2000),
			},
			request:  Request{Reach: day(1850)},
			requests: 7, commits: 320, has: "m2000 b2 b1 c1 m280 m200", lacks: "m281 m1700",
		},
		"branches of long ago merged late, and a release branch": {
			// r1 was deployed before m1802 was: it does not reach what is asked about either, in one more request for both.
			world: drawnWorld(
				"m2000 2000 m1999 b2 c1\nr1 1700 m1699\nb2 301 b1\nb1 300 m280\nc1 250 m200\n" + oneADay(2000),
			),
			deployed: []deployedCommit{
				{SHA: objectID("r1"), Committed: day(1700), Finished: day(1801), BeforeReach: true},
				{SHA: objectID("m1802"), Committed: day(1802), Finished: day(1802), BeforeReach: true},
				finished("m2000", 2000, 2000),
			},
			request:  Request{Reach: day(1850)},
			requests: 9, commits: 320, has: "m2000 b2 b1 c1 m280 m200", lacks: "m281 r1",
		},
		"long branches of long ago merged late": {
			// After three pages, the dates and the first answer, ten commits of each branch are read, and none has shipped:
			// so are 100 of each from there. Two times it is asked which of these have.
			world: drawnWorld("m2000 2000 m1999 b40 c60\n" + branchOf("b", 40, 500, 300) + branchOf("c", 60, 700, 400) +
				oneADay(2000)),
			deployed: []deployedCommit{
				{SHA: objectID("m1802"), Committed: day(1802), Finished: day(1802), BeforeReach: true},
				finished("m2000", 2000, 2000),
			},
			request:  Request{Reach: day(1850)},
			requests: 10, commits: 520, has: "b40 b1 c60 c1 m300 m400", lacks: "m500 m1700",
		},
		"a branch begun from a commit that is gone": {
			world:    drawnWorld("m1000 1000 m999 s1\ns1 980 gone\n" + oneADay(1000)),
			deployed: []deployedCommit{shipped, finished("m1000", 1000, 1000)},
			request:  Request{Reach: day(850)},
			// There is nothing to ask about.
			requests: 4, commits: 300, has: "s1 m1000 m703", lacks: "gone",
		},
		"a second production branch": {
			world: func() *githubsim.World {
				w := drawnWorld(line + "b1 340 m300")
				w.Branches = append(
					w.Branches, githubsim.Branch{Name: "release/1", OID: objectID("b1")},
					githubsim.Branch{Name: "feature", OID: objectID("m300")},
				)
				return w
			}(),
			request:  Request{Branch: only("main", "release/1")},
			deployed: []deployedCommit{finished("m200", 200, 200), finished("m300", 300, 300)},
			// The branch's first page, b1 and m300 to m202, is before the reach; main's first one joins that. What is missing
			// of m200 is read of the branch: m201 to m102.
			requests: 4, commits: 249, has: "b1 m349 m102", lacks: "m101",
			branches: []model.Branch{
				{Name: "main", Head: objectID("m349")}, {Name: "release/1", Head: objectID("b1")},
			},
		},
		"an end of the window long ago": {
			world:    drawnWorld(line),
			request:  Request{Until: day(300)},
			deployed: []deployedCommit{finished("m200", 200, 200), finished("m280", 280, 280), finished("m320", 320, 320)},
			// One page, m349 to m250, finds what was the head then; m299 to m200 hold all the rest.
			requests: 2, commits: 100, has: "m299 m200", lacks: "m300 m199",
			branches: []model.Branch{{Name: "main", Head: objectID("m299")}},
		},
		"merges": {
			// s1 was merged on day 350 and sits on m100: m249, the line's last commit before the reach, reaches that.
			world:   drawnWorld("m350 350 m349 s1\ns1 120 m100\n" + line),
			request: Request{Sources: []model.Source{model.SourceMerges}},
			// m350 to m251, m250 to m151, then m150 to m51 with s1 in between.
			requests: 3, commits: 300, has: "s1 m100", lacks: "m50",
		},
		"a repository without commits": {
			world:    &githubsim.World{Repo: githubsim.Repo{Owner: "o", Name: "r"}},
			requests: 0, branches: []model.Branch{},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if tt.request.Reach.IsZero() {
				tt.request.Reach = day(250)
			}
			r, requests := read(t, tt.world, githubsim.Options{Token: "t"}, tt.request)
			branches, have := readCommits(t, r, tt.deployed)
			if got := requests(); got != tt.requests {
				t.Errorf("%d requests, want %d", got, tt.requests)
			}
			if len(have) != tt.commits {
				t.Errorf("%d commits, want %d", len(have), tt.commits)
			}
			for _, name := range strings.Fields(tt.has) {
				if !have[name] {
					t.Errorf("%s was not read", name)
				}
			}
			for _, name := range strings.Fields(tt.lacks) {
				if have[name] {
					t.Errorf("%s was read", name)
				}
			}
			if tt.branches == nil {
				tt.branches = []model.Branch{{Name: "main", Head: tt.world.Commits[0].OID}}
			}
			if diff := cmp.Diff(tt.branches, append([]model.Branch{}, branches...)); diff != "" {
				t.Errorf("branches (-want +got):\n%s", diff)
			}
		})
	}
}

// TestCommitsReachedTimesOut: GitHub does not get back to m20 in time, asked twice what m802 reaches of that day. So the
// history is read on to m20: ten pages of 100, of which the tenth is m102 to m3.
func TestCommitsReachedTimesOut(t *testing.T) {
	t.Parallel()
	r, requests := read(t, drawnWorld("m1000 1000 m999 s1\ns1 980 m20\n"+oneADay(1000)), githubsim.Options{
		// Three pages and the look-up of m20 come before.
		Token: "t", Faults: []githubsim.Fault{{Operation: "history", Skip: 4, Times: 2, Status: http.StatusBadGateway}},
	}, Request{Reach: day(850)})
	_, commits := readCommits(t, r, []deployedCommit{
		{SHA: objectID("m802"), Finished: day(802), Committed: day(802), BeforeReach: true}, finished("m1000", 1000, 1000),
	})
	if want := 3 + 1 + 2 + 7; requests() != want || len(commits) != 1000 {
		t.Errorf("%d requests for %d commits, want %d for 1000", requests(), len(commits), want)
	}
}

// TestRootsSmallerPages: 30 commits of each root are too much, and then 15; the 7 that worked are where the next begins.
func TestRootsSmallerPages(t *testing.T) {
	t.Parallel()
	r, _ := read(t, drawnWorld(oneADay(50)), githubsim.Options{
		Token: "t", Faults: []githubsim.Fault{{Operation: "history", Times: 4, Status: http.StatusBadGateway}},
	}, Request{})
	size := 30
	pages, err := r.roots(context.Background(), []string{objectID("m49"), objectID("m20")}, &size)
	if err != nil {
		t.Fatal(err)
	}
	if size != 7 || len(pages[0].Commit.History.Nodes) != 7 || len(pages[1].Commit.History.Nodes) != 7 {
		t.Errorf("size %d after pages of %d and %d, want 7 each", size,
			len(pages[0].Commit.History.Nodes), len(pages[1].Commit.History.Nodes))
	}
}

// TestCommitsReverted reads on to a commit that was reverted after the reach, where the source's older deployments are
// known: m340 reverts m120, which shipped with m150.
func TestCommitsReverted(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		source   model.Feed
		requests int
		commits  int
	}{
		// The head, m349 to m250, m249 to m150, m120's date, m149 to m50: the last holds m100, which finished before
		// day 120.
		"tags": {source: model.Tags, requests: 4, commits: 300},
		// Of deployments only the last one before the reach is known.
		"deployments": {source: model.Deployments, requests: 2, commits: 200},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := drawnWorld(oneADay(350))
			w.Commits[349-340].MessageBody = "This reverts commit " + objectID("m120") + "."
			// What shipped before the reach does not matter, whatever it reverts.
			w.Commits[349-190].MessageBody = "This reverts commit " + objectID("m10") + "."
			r, requests := read(t, w, githubsim.Options{Token: "t"}, Request{Reach: day(250)})
			r.end(tt.source, 5, nil)
			_, commits := readCommits(t, r, []deployedCommit{
				finished("m100", 100, 100), finished("m150", 150, 150), finished("m240", 240, 240),
				finished("m345", 345, 345),
			})
			if requests() != tt.requests || len(commits) != tt.commits {
				t.Errorf("%d requests for %d commits, want %d for %d", requests(), len(commits), tt.requests, tt.commits)
			}
		})
	}
}

// TestCommit reads what GraphQL tells of commits: a great merge with a bot's name, a squashed one by an account.
func TestCommit(t *testing.T) {
	t.Parallel()
	var parents, sides strings.Builder
	for i := range 12 {
		fmt.Fprintf(&parents, " s%02d", i)
		fmt.Fprintf(&sides, "s%02d 1\n", i)
	}
	w := drawnWorld("m2 4 m1\nm1 3" + parents.String() + "\n" + sides.String())
	bot, at := "renovate[bot]", day(3)
	w.Commits[1].Author, w.Commits[1].MessageHeadline, w.Commits[1].MessageBody = &bot, "Merge", "all of it"
	w.Commits[0].AuthoredDate = day(2)
	// Six merged pull requests and one that is open hold m1: more than fit beside a commit. m2 is pull request 9.
	for n := 1; n <= 7; n++ {
		pull := githubsim.Pull{
			Number: n, State: "MERGED", CreatedAt: day(1), ClosedAt: &at, MergedAt: &at, BaseRefName: "main",
			CommitOIDs: []string{objectID("m1")},
		}
		if n == 4 {
			pull.State, pull.ClosedAt, pull.MergedAt = "OPEN", nil, nil
		}
		w.Pulls = append(w.Pulls, pull)
	}
	mona := "mona"
	w.Pulls = append(w.Pulls, githubsim.Pull{
		Number: 9, State: "MERGED", Author: &mona, CreatedAt: day(1), ClosedAt: &at, MergedAt: &at, BaseRefName: "main",
		MergeCommit: objectID("m2"),
	})
	r, requests := read(t, w, githubsim.Options{Token: "t"}, Request{Reach: day(0)})
	_, commits, err := r.commits(context.Background(), r.beginCommits(context.Background()), nil)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]model.Commit{}
	for _, c := range commits {
		got[drawnName(c.SHA)] = c
	}
	var twelve []string
	for i := range 12 {
		twelve = append(twelve, objectID(fmt.Sprintf("s%02d", i)))
	}
	want := model.Commit{
		SHA: objectID("m1"), Parents: twelve, Authored: day(3), Committed: day(3),
		Author: model.Actor{Login: "renovate", Bot: true}, Message: "Merge\n\nall of it",
		PullRequests: []int{1, 2, 3, 5, 6, 7},
	}
	if diff := cmp.Diff(want, got["m1"]); diff != "" {
		t.Errorf("m1 (-want +got):\n%s", diff)
	}
	want = model.Commit{
		SHA: objectID("m2"), Parents: []string{objectID("m1")}, Authored: day(2), Committed: day(4),
		Author: model.Actor{Login: "mona"}, Message: "m2", PullRequests: []int{9},
	}
	if diff := cmp.Diff(want, got["m2"]); diff != "" {
		t.Errorf("m2 (-want +got):\n%s", diff)
	}
	// The head, one page, the other parents of m1, its other pull requests.
	if requests() != 3 {
		t.Errorf("%d requests, want 3", requests())
	}
}

// TestCommitsSmallerPages lets the first history page time out, its repetition too, and then works with 50 at a time.
func TestCommitsSmallerPages(t *testing.T) {
	t.Parallel()
	r, requests := read(t, drawnWorld(oneADay(350)), githubsim.Options{
		Token: "t", Faults: []githubsim.Fault{{Operation: "history", Times: 2, Status: http.StatusBadGateway}},
	}, Request{Reach: day(250)})
	_, commits, err := r.commits(context.Background(), r.beginCommits(context.Background()), nil)
	if err != nil {
		t.Fatal(err)
	}
	// The head, two failures, then m349 to m200 in pages of 50: the second ends at m250.
	if requests() != 5 || len(commits) != 150 {
		t.Errorf("%d requests for %d commits, want 5 for 150", requests(), len(commits))
	}
}

// TestCommitsPartial keeps what was read before an error.
func TestCommitsPartial(t *testing.T) {
	t.Parallel()
	r, _ := read(t, drawnWorld(oneADay(350)), githubsim.Options{
		Token: "t", Faults: []githubsim.Fault{{
			Operation: "history", Skip: 1, Times: -1,
			Body: `{"data":null,"errors":[{"type":"INTERNAL","message":"gone wrong"}]}`,
		}},
	}, Request{Reach: day(250)})
	branches, commits, err := r.commits(context.Background(), r.beginCommits(context.Background()), nil)
	if err == nil || !strings.Contains(err.Error(), "gone wrong") {
		t.Errorf("got error %v, want GitHub's", err)
	}
	if len(branches) != 1 || len(commits) != 100 {
		t.Errorf("%d branches and %d commits, want 1 and 100", len(branches), len(commits))
	}
}
