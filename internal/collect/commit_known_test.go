package collect

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kpi-gate/internal/githubsim"
	"kpi-gate/internal/model"
)

// again reads the commits as of a day with what an earlier reading left in the archive, which is written to a file and
// read back in between. It gives the requests that this took.
func again(
	t *testing.T, w *githubsim.World, opts githubsim.Options, req Request, at int, deployed []deployedCommit,
) (*reading, *model.Snapshot, func() int) {
	t.Helper()
	opts.Token, req.Until = "t", day(at)
	if len(req.Archive.RetainedWhole) > 0 || req.Archive.Snapshot != nil {
		var file bytes.Buffer
		err := WriteArchive(&file, req.Archive)
		read, readErr := ReadArchive(&file)
		if err := errors.Join(err, readErr); err != nil {
			t.Fatal(err)
		}
		*req.Archive = *read
	}
	r, requests := read(t, w, opts, req)
	r.asOf = day(at)
	r.recall()
	deployed = slices.Clone(deployed)
	for i := range deployed {
		deployed[i].BeforeReach = deployed[i].Finished.Before(req.Reach)
	}
	s := &model.Snapshot{Repository: r.repository, AsOf: r.asOf, Reach: req.Reach}
	var err error
	s.Branches, s.Commits, err = r.commits(context.Background(), r.beginCommits(context.Background()), deployed)
	r.end(model.Commits, len(s.Commits), err)
	s.Read, s.Gaps = r.report()
	r.keep(s)
	return r, s, requests
}

// TestCommitsAgain reads the commits twice, as of day 360 and as of day 361, with a reach at day 250 and day 251.
func TestCommitsAgain(t *testing.T) {
	t.Parallel()
	line := oneADay(350)
	main := []deployedCommit{finished("m200", 200, 200), finished("m300", 300, 300)}
	tests := map[string]struct {
		before, after *githubsim.World
		request       Request
		// deployed is what was deployed at the first time, since what was at the second.
		deployed, since []deployedCommit
		// cold and warm are the requests of the first time and the second, whole those of a second time that knows nothing.
		cold, warm, whole int
		// has are commits that the second time gives, lacks others that it does not.
		has, lacks string
	}{
		"nothing new": {
			before: drawnWorld(line), after: drawnWorld(line), deployed: main, cold: 2, warm: 0, whole: 2, has: "m349 m200",
		},
		"another commit": {
			before: drawnWorld(line), after: drawnWorld("m350 360 m349\n" + line), deployed: main,
			cold: 2, warm: 1, whole: 2, has: "m350 m349 m200",
		},
		"another deployment of what is known": {
			before: drawnWorld(line), after: drawnWorld(line),
			deployed: main, since: []deployedCommit{finished("m340", 340, 360)},
			cold: 2, warm: 0, whole: 2, has: "m349 m200",
		},
		"a rollback to what was not read": {
			before: drawnWorld(line), after: drawnWorld(line),
			deployed: main, since: []deployedCommit{finished("m140", 140, 360)},
			cold: 2, warm: 1, whole: 3, has: "m349 m140",
		},
		"many commits after the last known one": {
			// m459 to m360, and m359 to m260, which joins what is known.
			before: drawnWorld(line), after: drawnWorld(strings.Replace(oneADay(460), "m459 459", "m459 360", 1)),
			deployed: main, cold: 2, warm: 2, whole: 3, has: "m459 m200",
		},
		"a force push": {
			before: drawnWorld("x2 352 x1\nx1 351 m349\n" + line), after: drawnWorld("y1 353 m349\n" + line),
			deployed: main, cold: 2, warm: 1, whole: 2, has: "y1 m349 m200", lacks: "x1 x2",
		},
		"a force push away from what was deployed": {
			before:   drawnWorld("x2 352 x1\nx1 351 m349\n" + line),
			after:    drawnWorld("y1 353 m349\n" + line + "x2 352 x1\nx1 351 m349"),
			deployed: append(slices.Clone(main), finished("x2", 352, 352)),
			cold:     2, warm: 1, whole: 3, has: "y1 x2 x1 m349 m200",
		},
		"a deployed commit that is gone": {
			before: drawnWorld(line), after: drawnWorld("m350 360 m349\n" + line),
			deployed: append(slices.Clone(main), finished("gone", 330, 330)),
			cold:     3, warm: 1, whole: 3, has: "m349 m200", lacks: "gone",
		},
		"a branch begun long ago": {
			// That m200 reaches m20 was asked for the first time.
			before:   drawnWorld("m350 350 m349 s1\ns1 330 m20\n" + line),
			after:    drawnWorld("m351 360 m350\nm350 350 m349 s1\ns1 330 m20\n" + line),
			deployed: append(slices.Clone(main), finished("m350", 350, 350)),
			cold:     5, warm: 1, whole: 5, has: "m351 m350 s1 m200", lacks: "m20",
		},
		"another branch begun long ago": {
			// The first page of the second time ships, the next one is known; then m20's date, and whether m200 reaches it.
			before: drawnWorld(line), after: drawnWorld("m350 360 m349 s1\ns1 330 m20\n" + line),
			deployed: main, cold: 2, warm: 4, whole: 5, has: "m350 s1 m200", lacks: "m20",
		},
		"a release branch": {
			before: drawnWorld(line + "b1 320 m280"), after: drawnWorld(line + "b2 360 b1\nb1 320 m280"),
			deployed: append(slices.Clone(main), finished("b1", 320, 320)), since: []deployedCommit{finished("b2", 360, 360)},
			cold: 3, warm: 1, whole: 3, has: "b2 b1 m349 m200",
		},
		"several production branches": {
			before: drawnWorld(line), after: drawnWorld(line), deployed: main, request: Request{Branch: only("main")},
			// The list of branches may have changed.
			cold: 3, warm: 1, whole: 3, has: "m349 m200",
		},
		"merges": {
			before:  drawnWorld("m350 350 m349 s1\ns1 120 m100\n" + line),
			after:   drawnWorld("m351 360 m350\nm350 350 m349 s1\ns1 120 m100\n" + line),
			request: Request{Sources: []model.Source{model.SourceMerges}}, cold: 3, warm: 1, whole: 3, has: "m351 s1 m250",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			req := tt.request
			req.Reach, req.Archive = day(250), &Archive{}
			_, _, cold := again(t, tt.before, githubsim.Options{}, req, 360, tt.deployed)
			req.Reach = day(251)
			deployed := slices.Concat(tt.deployed, tt.since)
			_, s, warm := again(t, tt.after, githubsim.Options{}, req, 361, deployed)
			req.Archive = &Archive{}
			other, _, whole := again(t, tt.after, githubsim.Options{}, req, 361, deployed)
			if got, want := [3]int{cold(), warm(), whole()}, [3]int{tt.cold, tt.warm, tt.whole}; got != want {
				t.Errorf("requests cold, warm, whole: %v, want %v", got, want)
			}
			have := map[string]bool{}
			for _, c := range s.Commits {
				have[drawnName(c.SHA)] = true
			}
			for _, name := range strings.Fields(tt.has) {
				if !have[name] {
					t.Errorf("%s is not there", name)
				}
			}
			for _, name := range strings.Fields(tt.lacks) {
				if have[name] {
					t.Errorf("%s is there", name)
				}
			}
			for sha, n := range other.walked.graph.nodes {
				if n.commit != nil && !n.painted && !have[drawnName(sha)] {
					t.Errorf("%s, which can still ship, is not there", drawnName(sha))
				}
			}
		})
	}
}

// TestCommitsMergedLateAgain: b2, b1 and c1 are of long before the reach, and that m1802 reaches none of them was asked
// the first time. So it is known of what was deployed after m1802 too, as far as what was read says what is between.
func TestCommitsMergedLateAgain(t *testing.T) {
	t.Parallel()
	graph := "m2000 2000 m1999 b2 c1\nb2 301 b1\nb1 300 m280\nc1 250 m200\n" + oneADay(2000)
	older := deployedCommit{SHA: objectID("m1802"), Committed: day(1802), Finished: day(1802)}
	later := deployedCommit{SHA: objectID("m1852"), Committed: day(1852), Finished: day(1852)}
	req := Request{Reach: day(1850), Archive: &Archive{}}
	for i, tt := range []struct {
		graph             string
		reach, at, wanted int
		deployed          []deployedCommit
	}{
		{graph, 1850, 2010, 7, []deployedCommit{older, later}},
		{graph, 1850, 2010, 0, []deployedCommit{older, later}},
		{graph, 1853, 2013, 0, []deployedCommit{older, later}},
		{graph, 1853, 2013, 0, []deployedCommit{later}},
		{"m2001 2012 m2000\n" + graph, 1853, 2014, 1, []deployedCommit{later}},
	} {
		req.Reach = day(tt.reach)
		r, _, requests := again(t, drawnWorld(tt.graph), githubsim.Options{}, req, tt.at, tt.deployed)
		if requests() != tt.wanted {
			t.Errorf("reading %d: %d requests, want %d", i, requests(), tt.wanted)
		}
		for _, name := range []string{"b2", "b1", "c1"} {
			if r.walked.graph.commit(objectID(name)) == nil || r.walked.graph.painted(objectID(name)) {
				t.Errorf("reading %d: %s can ship, and is not there or seems to have shipped", i, name)
			}
		}
	}
}

// TestCommitsGoOn: what a reading that failed has read of the commits is not read again.
func TestCommitsGoOn(t *testing.T) {
	t.Parallel()
	w, req := drawnWorld(oneADay(550)), Request{Reach: day(250), Archive: &Archive{}}
	broken := githubsim.Options{Faults: []githubsim.Fault{{
		Operation: "history", Skip: 2, Times: -1,
		Body: `{"data":null,"errors":[{"type":"INTERNAL","message":"gone wrong"}]}`,
	}}}
	_, s, _ := again(t, w, broken, req, 600, nil)
	if len(s.Gaps) != 1 || len(s.Commits) != 200 {
		t.Fatalf("%d gaps and %d commits, want 1 and 200", len(s.Gaps), len(s.Commits))
	}
	r, s, requests := again(t, w, githubsim.Options{}, req, 601, nil)
	// m349 to m250, and m249 to m150: what was read ends at m350.
	if len(s.Gaps) != 0 || requests() != 2 || r.reused.Load() != 200 {
		t.Errorf("gaps %v after %d requests with %d commits known, want none after 2 with 200",
			s.Gaps, requests(), r.reused.Load())
	}
}

// TestCommitsOfLongAgo: which pull requests brought what was read before the reach cannot be told any more.
func TestCommitsOfLongAgo(t *testing.T) {
	t.Parallel()
	req := Request{Reach: day(250), PullRequests: true, Archive: &Archive{}}
	again(t, drawnWorld(oneADay(350)), githubsim.Options{}, req, 350, nil)
	req.Reach = day(351)
	r, s, requests := again(t, drawnWorld("m350 450 m349\n"+oneADay(350)), githubsim.Options{}, req, 451, nil)
	if requests() != 1 || r.reused.Load() != 0 || len(s.Commits) != 90 {
		// The page is m350 to m251; m260 and older are far below the reach.
		t.Errorf("%d requests for %d commits, %d known; want 1 for 90, none known",
			requests(), len(s.Commits), r.reused.Load())
	}
}

// TestCommitsMergedSince: a branch was deployed before it was merged, so who brought its commits is asked again. What
// nobody has touched is not asked for, and where pull requests could not be read, that is left to the next reading.
func TestCommitsMergedSince(t *testing.T) {
	t.Parallel()
	graph := "b1 320 m280\n" + oneADay(450)
	main := func(w *githubsim.World, head string) *githubsim.World {
		w.Branches[0].OID = objectID(head)
		return w
	}
	deployed := []deployedCommit{finished("m200", 200, 200), finished("b1", 320, 320)}
	req := Request{Reach: day(250), Archive: &Archive{}}
	again(t, main(drawnWorld(graph), "m350"), githubsim.Options{}, req, 360, deployed)

	// The page is m450 to m351.
	after := main(drawnWorld("m450 450 m449 b1\n"+graph), "m450")
	merged := day(450)
	after.Pulls = []githubsim.Pull{{
		Number: 7, State: "MERGED", CreatedAt: day(319), ClosedAt: &merged, MergedAt: &merged, BaseRefName: "main",
		MergeCommit: objectID("m450"), CommitOIDs: []string{objectID("b1")},
	}}
	pulls := []model.PullRequest{{
		Number: 7, Merged: merged, Updated: merged, MergeCommit: objectID("m350"),
		Commits: []model.PullRequestCommit{{SHA: objectID("b1")}},
	}, {
		Number: 3, Merged: day(300), Updated: day(300), MergeCommit: objectID("m300"),
	}}
	broughtBy := func(s *model.Snapshot) []int {
		i := slices.IndexFunc(s.Commits, func(c model.Commit) bool { return c.SHA == objectID("b1") })
		return s.Commits[i].PullRequests
	}
	// Twice the pull requests cannot be read.
	for _, at := range []int{462, 463} {
		r, s, _ := again(t, after, githubsim.Options{}, req, at, deployed)
		if got := broughtBy(s); got != nil || !r.ledger.Commits.Pulls.Equal(day(360)) {
			t.Errorf("b1 was brought by %v as of %v, want nobody as of day 360", got, r.ledger.Commits.Pulls)
		}
	}
	r, s, requests := again(t, after, githubsim.Options{}, req, 464, deployed)
	s.PullRequests = pulls
	if err := r.mergedSince(context.Background(), s); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{7}, broughtBy(s)); diff != "" {
		t.Errorf("b1 was brought by (-want +got):\n%s", diff)
	}
	r.keep(s)
	if requests() != 1 || !r.ledger.Commits.Pulls.Equal(day(464)) || !slices.Equal(r.shippable, []int{7}) {
		t.Errorf("%d requests; pull requests as of %v, %v can ship; want 1, day 464, 7",
			requests(), r.ledger.Commits.Pulls, r.shippable)
	}
	// By then it is known.
	r, s, requests = again(t, after, githubsim.Options{}, req, 465, deployed)
	s.PullRequests = pulls
	if err := r.mergedSince(context.Background(), s); err != nil || requests() != 0 {
		t.Errorf("%d requests and error %v, want none", requests(), err)
	}
}

// TestCommitsRevertedAgain: what a message says is reverted is looked up once, found or not.
func TestCommitsRevertedAgain(t *testing.T) {
	t.Parallel()
	w, req := drawnWorld(oneADay(350)), Request{Reach: day(250), Archive: &Archive{}}
	w.Commits[349-340].MessageBody = "This reverts commit " + objectID("m120") + "."
	w.Commits[349-341].MessageBody = "This reverts commit " + objectID("gone") + "."
	merged := day(120)
	w.Pulls = []githubsim.Pull{{
		Number: 5, State: "MERGED", CreatedAt: day(119), ClosedAt: &merged, MergedAt: &merged, BaseRefName: "main",
		MergeCommit: objectID("m120"),
	}}
	for i, want := range []int{3, 0} {
		r, s, requests := again(t, w, githubsim.Options{}, req, 360+i, []deployedCommit{finished("m200", 200, 200)})
		numbers, err := r.broughtBy(context.Background(), r.undone)
		if err != nil {
			t.Fatal(err)
		}
		r.keep(s)
		if diff := cmp.Diff([]int{5}, numbers); diff != "" || requests() != want {
			t.Errorf("time %d: %d requests, want %d; brought by (-want +got):\n%s", i, requests(), want, diff)
		}
	}
}

// TestRootsInHalves: where one commit of each of four roots is too much, two at a time are asked for.
func TestRootsInHalves(t *testing.T) {
	t.Parallel()
	r, requests := read(t, drawnWorld(oneADay(50)), githubsim.Options{
		Token: "t", Faults: []githubsim.Fault{{Operation: "history", Times: 4, Status: http.StatusBadGateway}},
	}, Request{})
	size := 2
	names := []string{"m49", "m20", "m10", "m5"}
	var roots []string
	for _, name := range names {
		roots = append(roots, objectID(name))
	}
	pages, err := r.roots(context.Background(), roots, &size)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, page := range pages {
		got = append(got, drawnName(string(page.Commit.History.Nodes[0].OID)))
	}
	if diff := cmp.Diff(names, got); diff != "" || requests() != 6 {
		t.Errorf("%d requests, want 6; roots (-want +got):\n%s", requests(), diff)
	}
}
