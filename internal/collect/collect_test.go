package collect

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kpi-gate/internal/github"
	"kpi-gate/internal/githubsim"
	"kpi-gate/internal/model"
)

// small is a repository with a little of everything: two commits on main, of which a pull request brought the second.
func small() *githubsim.World {
	return &githubsim.World{
		Repo:     githubsim.Repo{Owner: "o", Name: "r", DefaultBranch: "main"},
		Branches: []githubsim.Branch{{Name: "main", OID: sha(2)}},
		Commits: []githubsim.Commit{
			{OID: sha(2), Parents: []string{sha(1)}, AuthoredDate: day(12), CommittedDate: day(12), Author: ptr("ann")},
			{OID: sha(1), AuthoredDate: day(1), CommittedDate: day(1), Author: ptr("ann")},
		},
		Pulls: []githubsim.Pull{{
			Number: 1, Title: "One", State: "MERGED", CreatedAt: day(11), UpdatedAt: ptr(day(12)), MergedAt: ptr(day(12)),
			ClosedAt: ptr(day(12)), Author: ptr("ann"), BaseRefName: "main", HeadRefName: "one", MergeCommit: sha(2),
		}},
		Issues: []githubsim.Issue{{
			Number: 2, Title: "Two", State: "OPEN", CreatedAt: day(11), UpdatedAt: ptr(day(11)), Author: ptr("bob"),
		}},
		Deployments:  []githubsim.Deployment{deployed(2, "production", day(13))},
		Workflows:    workflows(),
		WorkflowRuns: []githubsim.WorkflowRun{ran(1, "push", day(12))},
	}
}

// everything asks for all feeds of small.
func everything() Request {
	return Request{
		Owner: "o", Name: "r", Reach: day(10), Until: day(20), Sources: []model.Source{model.SourceDeployments},
		Deployed: succeeded,
		CI:       true, PullRequests: true, Issues: true, Commits: true, Reviews: true, Comments: true, Links: true,
		Events: ciEvents,
	}
}

func TestCollect(t *testing.T) {
	t.Parallel()
	c, server := simulate(t, small(), githubsim.Options{})
	var mu sync.Mutex
	ended := map[model.Feed]bool{}
	s, err := Collect(context.Background(), c, everything(), func(feed model.Feed, _, _ int, done bool) {
		mu.Lock()
		defer mu.Unlock()
		ended[feed] = ended[feed] || done
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Gaps) > 0 {
		t.Errorf("gaps %+v", s.Gaps)
	}
	feeds := []model.Feed{model.Commits, model.Deployments, model.Issues, model.PullRequests, model.Runs}
	// Comments and links come with the issues, reviews with the pull requests.
	parts := []model.Feed{model.Comments, model.Links, model.Reviews}
	if diff := cmp.Diff(slices.Sorted(slices.Values(slices.Concat(feeds, parts))), s.Read); diff != "" {
		t.Errorf("feeds (-want +got):\n%s", diff)
	}
	for _, feed := range feeds {
		if !ended[feed] {
			t.Errorf("progress was not told that %s ended", feed)
		}
	}
	counts := map[model.Feed]int{
		model.Commits: len(s.Commits), model.Deployments: len(s.Deployments), model.Issues: len(s.Issues),
		model.PullRequests: len(s.PullRequests), model.Runs: len(s.Runs),
	}
	want := map[model.Feed]int{
		model.Commits: 2, model.Deployments: 1, model.Issues: 1, model.PullRequests: 1, model.Runs: 1,
	}
	if diff := cmp.Diff(want, counts); diff != "" {
		t.Errorf("facts (-want +got):\n%s", diff)
	}
	if s.Repository.FullName() != "o/r" || s.Repository.DefaultBranch != "main" || s.Repository.URL == "" {
		t.Errorf("repository %+v", s.Repository)
	}
	cost := 0
	for _, request := range server.Requests() {
		if request.Kind == githubsim.KindGraphQL {
			cost += request.Cost
		}
	}
	usage := model.Usage{Requests: len(server.Requests()), GraphQLPoints: cost, Bytes: s.Usage.Bytes}
	if s.Usage != usage || s.Usage.Bytes == 0 {
		t.Errorf("usage %+v, want %+v, and some bytes\n%s", s.Usage, usage, paths(server))
	}
}

// TestFeedForbidden: what one permission hides does not hide another.
func TestFeedForbidden(t *testing.T) {
	t.Parallel()
	tests := []struct {
		permission string
		feed       model.Feed
		named      string
	}{
		{"deployments", model.Deployments, "deployments: read"},
		{"actions", model.Runs, "actions: read"},
		{"issues", model.Issues, "issues: read"},
		{"pull-requests", model.PullRequests, "pull-requests: read"},
	}
	for _, tt := range tests {
		t.Run(tt.permission, func(t *testing.T) {
			t.Parallel()
			c, _ := simulate(t, small(), githubsim.Options{Denied: []string{tt.permission}, Private: true})
			s, err := Collect(context.Background(), c, everything(), nil)
			if err != nil {
				t.Fatal(err)
			}
			gap, ok := gapOf(s, tt.feed)
			if !ok || gap.Permission != tt.named || gap.Partial || !strings.Contains(gap.Reason, tt.named) {
				t.Errorf("gap %+v, want one for %s", gap, tt.named)
			}
			for _, feed := range []model.Feed{model.Deployments, model.Runs} {
				if _, missing := gapOf(s, feed); feed != tt.feed && missing {
					t.Errorf("%s is missing as well: %+v", feed, s.Gaps)
				}
			}
		})
	}
}

func TestCollectFails(t *testing.T) {
	t.Parallel()
	down := func(operation string, path string) githubsim.Fault {
		return githubsim.Fault{Operation: operation, Path: path, Status: 503, Times: -1}
	}
	tests := []struct {
		name string
		opts githubsim.Options
		req  func(*Request)
		want func(error) bool
	}{
		{"bad token", githubsim.Options{Token: "another"}, nil, func(err error) bool {
			var e *github.AuthError
			return errors.As(err, &e)
		}},
		{"no such repository", githubsim.Options{}, func(r *Request) { r.Name = "nothing" }, func(err error) bool {
			var e *github.NotFoundError
			return errors.As(err, &e)
		}},
		// The preflight succeeds and then everything breaks down.
		{"GitHub is down", githubsim.Options{Faults: []githubsim.Fault{
			{Path: "/graphql", Skip: 1, Status: 503, Times: -1}, down("", "/repos/*/*/actions/runs"),
		}}, nil, func(err error) bool {
			var e *github.UnreachableError
			return errors.As(err, &e) && e.Status == 503
		}},
		// The preflight's point is all there was.
		{
			"budget spent",
			githubsim.Options{GraphQLLimit: 1, Now: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)},
			func(r *Request) { r.CI = false },
			func(err error) bool {
				var e *github.RateLimitError
				return errors.As(err, &e) && !e.Reset.IsZero()
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, server := simulate(t, small(), tt.opts)
			req := everything()
			if tt.req != nil {
				tt.req(&req)
			}
			s, err := Collect(context.Background(), c, req, nil)
			if err == nil || !tt.want(err) || s != nil {
				t.Errorf("snapshot %v, error %v\n%s", s != nil, err, paths(server))
			}
		})
	}
}

func TestCollectCancelled(t *testing.T) {
	t.Parallel()
	c, _ := simulate(t, small(), githubsim.Options{})
	ctx, cancel := context.WithCancel(context.Background())
	s, err := Collect(ctx, c, everything(), func(model.Feed, int, int, bool) { cancel() })
	if !errors.Is(err, context.Canceled) || s != nil {
		t.Errorf("snapshot %v, error %v", s != nil, err)
	}
}

// TestBrought: pull request 1 was merged, and last touched, before Reach. It shipped after, with a deployment that was not
// the first, so it is read all the same.
func TestBrought(t *testing.T) {
	t.Parallel()
	w := small()
	w.Deployments = append(w.Deployments, deployed(1, "production", day(5)))
	c, server := simulate(t, w, githubsim.Options{})
	req := everything()
	req.Reach = day(13)
	s, err := Collect(context.Background(), c, req, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.PullRequests) != 1 || s.PullRequests[0].Number != 1 || s.PullRequests[0].MergeCommit != sha(2) {
		t.Errorf("pull requests %+v\n%s", s.PullRequests, paths(server))
	}
}

// TestIssuesWithoutLinks: a token without pull-requests: read still reads the issues, and says that the links are missing.
func TestIssuesWithoutLinks(t *testing.T) {
	t.Parallel()
	w := small()
	w.Issues[0].ClosedByPulls = []int{1}
	c, server := simulate(t, w, githubsim.Options{Denied: []string{"pull-requests"}, Private: true})
	s, err := Collect(context.Background(), c, everything(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, missing := gapOf(s, model.Issues); missing || len(s.Issues) != 1 {
		t.Errorf("issues %+v, gaps %+v\n%s", s.Issues, s.Gaps, paths(server))
	}
	if gap, ok := gapOf(s, model.Links); !ok || gap.Permission != "pull-requests: read" || gap.Partial {
		t.Errorf("gap %+v, want one for the links", gap)
	}
}

// TestPreflightForbidden: a token without contents: read learns the default branch by REST.
func TestPreflightForbidden(t *testing.T) {
	t.Parallel()
	c, server := simulate(t, small(), githubsim.Options{Faults: []githubsim.Fault{{
		Operation: "defaultBranchRef", Partial: &githubsim.PartialError{
			Path: []any{"repository", "defaultBranchRef"}, Type: "FORBIDDEN", Message: "Resource not accessible by integration",
		},
	}}})
	s, err := Collect(context.Background(), c, everything(), nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, paths(server))
	}
	if s.Repository.DefaultBranch != "main" || s.Repository.FullName() != "o/r" || s.Repository.URL == "" {
		t.Errorf("repository %+v", s.Repository)
	}
}

// TestOlderIssues: issues 5 and 6 were closed, and last touched, before Reach by pull request 1, which shipped after: the
// one it names with a keyword, and the one that was linked by hand. Issue 7 has nothing to do with it.
func TestOlderIssues(t *testing.T) {
	t.Parallel()
	w := small()
	w.Deployments = append(w.Deployments, deployed(1, "production", day(5)))
	w.Pulls[0].Body = "Fixes #5. Closes #1."
	w.Pulls[0].ClosingIssues = []int{5, 6}
	for _, number := range []int{5, 6, 7} {
		w.Issues = append(w.Issues, githubsim.Issue{
			Number: number, State: "CLOSED", StateReason: "COMPLETED", CreatedAt: day(2), ClosedAt: ptr(day(12)),
			UpdatedAt: ptr(day(12)), Author: ptr("bob"), IssueType: "Bug",
		})
	}
	c, server := simulate(t, w, githubsim.Options{})
	req := everything()
	req.Reach, req.IssueTypes = day(13), true
	s, err := Collect(context.Background(), c, req, nil)
	if err != nil {
		t.Fatal(err)
	}
	var numbers []int
	for _, issue := range s.Issues {
		numbers = append(numbers, issue.Number)
		if issue.Number != 2 && issue.Type != "Bug" {
			t.Errorf("issue %d has the type %q", issue.Number, issue.Type)
		}
	}
	// Issue 2 is open. Pull request 1 is no issue: that its own text says it closes one of that number is no gap.
	if diff := cmp.Diff([]int{2, 5, 6}, numbers); diff != "" || len(s.Gaps) > 0 {
		t.Errorf("issues (-want +got):\n%s\ngaps %+v\n%s", diff, s.Gaps, paths(server))
	}
}

// TestOlderIssuesAreAllRead: a pull request that shipped after Reach closes more issues than one page holds.
func TestOlderIssuesAreAllRead(t *testing.T) {
	t.Parallel()
	w := small()
	w.Deployments = append(w.Deployments, deployed(1, "production", day(5)))
	for number := 10; number < 70; number++ {
		w.Pulls[0].ClosingIssues = append(w.Pulls[0].ClosingIssues, number)
		w.Issues = append(w.Issues, githubsim.Issue{
			Number: number, State: "CLOSED", StateReason: "COMPLETED", CreatedAt: day(2), ClosedAt: ptr(day(12)),
			UpdatedAt: ptr(day(12)), Author: ptr("bob"),
		})
	}
	c, server := simulate(t, w, githubsim.Options{})
	req := everything()
	req.Reach = day(13)
	s, err := Collect(context.Background(), c, req, nil)
	if err != nil {
		t.Fatal(err)
	}
	// Issue 2 is open; 10 to 69 are the 60 that were closed.
	if len(s.Issues) != 61 || len(s.Gaps) > 0 {
		t.Errorf("%d issues, gaps %+v\n%s", len(s.Issues), s.Gaps, paths(server))
	}
	// The pull request is read by its number, with the first of them; the page with the others is asked for by itself.
	asked := 0
	for _, r := range server.Requests() {
		asked += strings.Count(r.Query, "{number,closingIssuesReferences") + strings.Count(r.Query, "){closingIssuesReferences")
	}
	if asked != 1 {
		t.Errorf("%d requests for what it closes, want 1\n%s", asked, paths(server))
	}
}

// TestOlderIssuesUnknown: where pull requests could not be read, which older issues they resolve is not known either.
func TestOlderIssuesUnknown(t *testing.T) {
	t.Parallel()
	c, server := simulate(t, small(), githubsim.Options{Faults: []githubsim.Fault{{
		Operation: "mergedBy", Times: -1, Partial: &githubsim.PartialError{
			Path: []any{"repository", "pullRequests"}, Type: "SOMETHING_ELSE", Message: "no",
		},
	}}})
	s, err := Collect(context.Background(), c, everything(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, missing := gapOf(s, model.Issues); missing {
		t.Errorf("gaps %+v: the issues themselves were read\n%s", s.Gaps, paths(server))
	}
	if gap, ok := gapOf(s, model.Links); !ok || !gap.Partial {
		t.Errorf("gaps %+v, want one for a part of the links\n%s", s.Gaps, paths(server))
	}
}

// TestBroughtByRevert: pull request 3 ships in the reach and says that it reverts pull request 1, which shipped long ago,
// and #99, which there is not. What there is not is no gap.
func TestBroughtByRevert(t *testing.T) {
	t.Parallel()
	w := small()
	w.Commits = append([]githubsim.Commit{{
		OID: sha(3), Parents: []string{sha(2)}, AuthoredDate: day(15), CommittedDate: day(15), Author: ptr("ann"),
	}}, w.Commits...)
	w.Branches[0].OID = sha(3)
	w.Pulls = append(w.Pulls, githubsim.Pull{
		Number: 3, Title: "Back", Body: "Reverts #99, reverts o/r#1", State: "MERGED", CreatedAt: day(15),
		UpdatedAt: ptr(day(15)), MergedAt: ptr(day(15)), ClosedAt: ptr(day(15)), Author: ptr("ann"), BaseRefName: "main",
		HeadRefName: "back", MergeCommit: sha(3),
	})
	w.Releases = []githubsim.Release{
		{TagName: "v0", OID: sha(1), CreatedAt: day(2), PublishedAt: ptr(day(2))},
		{TagName: "v1", OID: sha(2), CreatedAt: day(13), PublishedAt: ptr(day(13))},
		{TagName: "v2", OID: sha(3), CreatedAt: day(16), PublishedAt: ptr(day(16))},
	}
	for _, source := range []model.Source{model.SourceDeployments, model.SourceReleases} {
		c, server := simulate(t, w, githubsim.Options{})
		req := everything()
		req.Reach, req.Sources = day(14), []model.Source{source}
		s, err := Collect(context.Background(), c, req, nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(s.PullRequests) != 2 || len(s.Gaps) != 0 {
			t.Errorf("%s: pull requests %+v, gaps %+v\n%s", source, s.PullRequests, s.Gaps, paths(server))
		}
		// Where all deployments are known, the commit that landed pull request 1 is known too.
		if known := slices.ContainsFunc(s.Commits, func(c model.Commit) bool { return c.SHA == sha(2) }); !known {
			t.Errorf("%s: commits %+v lack what was reverted", source, s.Commits)
		}
	}
}

// succeeded is what the sources that the tests use deployed.
func succeeded(s *model.Snapshot, source model.Source) []Deployed {
	var deployed []Deployed
	switch source {
	case model.SourceDeployments:
		for _, d := range s.Deployments {
			if at := d.First("SUCCESS"); !at.IsZero() {
				deployed = append(deployed, Deployed{SHA: d.SHA, Finished: at})
			}
		}
	case model.SourceWorkflow:
		for _, run := range s.Runs {
			if run.Conclusion == "success" {
				deployed = append(deployed, Deployed{SHA: run.SHA, Finished: run.Updated})
			}
		}
	case model.SourceReleases:
		for _, release := range s.Releases {
			if !release.Draft && !release.Prerelease {
				deployed = append(deployed, Deployed{SHA: release.SHA, Finished: release.Published})
			}
		}
	case model.SourceTags:
		for _, tag := range s.Tags {
			deployed = append(deployed, Deployed{SHA: tag.SHA, Finished: tag.Date})
		}
	}
	slices.SortFunc(deployed, func(a, b Deployed) int { return a.Finished.Compare(b.Finished) })
	return deployed
}

// TestSourcesInTurn: the first source that is enough is used, and none after it is read.
func TestSourcesInTurn(t *testing.T) {
	t.Parallel()
	w := small()
	w.Releases = []githubsim.Release{{TagName: "v1", OID: sha(1), CreatedAt: day(2), PublishedAt: ptr(day(15))}}
	w.Tags = []githubsim.Tag{{Name: "v1", OID: sha(1)}}
	all := []model.Source{model.SourceDeployments, model.SourceReleases, model.SourceTags}
	enough := func(wanted model.Source) func(*model.Snapshot, model.Source) bool {
		return func(_ *model.Snapshot, source model.Source) bool { return source == wanted }
	}
	one := func(n int, at time.Time) []deployedCommit {
		return []deployedCommit{{SHA: sha(n), Finished: at, Committed: map[int]time.Time{1: day(1), 2: day(12)}[n]}}
	}
	tests := []struct {
		name   string
		enough func(*model.Snapshot, model.Source) bool
		feeds  []model.Feed
		want   []deployedCommit
	}{
		{"no condition", nil, []model.Feed{model.Deployments}, one(2, day(13).Add(5*time.Minute))},
		{"the second", enough(model.SourceReleases), []model.Feed{model.Deployments, model.Releases}, one(1, day(15))},
		// None is: the commits are read for the first that deployed anything.
		{"none", enough(""), []model.Feed{model.Deployments, model.Releases, model.Tags}, one(2, day(13).Add(5*time.Minute))},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r, _ := read(t, w, githubsim.Options{}, Request{Reach: day(10), Until: day(20), Sources: all, Enough: tt.enough})
			got := r.sources(context.Background(), &model.Snapshot{})
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("deployed commits (-want +got):\n%s", diff)
			}
			feeds, gaps := r.report()
			if diff := cmp.Diff(tt.feeds, feeds); diff != "" || len(gaps) > 0 {
				t.Errorf("feeds (-want +got):\n%s\ngaps %+v", diff, gaps)
			}
		})
	}
}

func TestNamedActor(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		got  model.Actor
		want model.Actor
	}{
		{"deleted", (*account)(nil).actor(), model.Actor{Login: "ghost"}},
		{"user", (&account{Login: "ann", Typename: "User"}).actor(), model.Actor{Login: "ann"}},
		{"bot", (&account{Login: "dependabot", Typename: "Bot"}).actor(), model.Actor{Login: "dependabot", Bot: true}},
		{"bot by its suffix", namedActor("dependabot[bot]", false), model.Actor{Login: "dependabot", Bot: true}},
		{"a robot is no bot", namedActor("robot", false), model.Actor{Login: "robot"}},
		{"not said", userActor(nil), model.Actor{}},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, tt.got, tt.want)
		}
	}
}
