package collect

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/github"
	"kpi-gate/internal/githubsim"
	"kpi-gate/internal/model"
)

// candidateWorld has a pull request of a fork that closes a bug, one of a bot, and issues.
func candidateWorld() *githubsim.World {
	return &githubsim.World{
		Repo: githubsim.Repo{Owner: "o", Name: "r", DefaultBranch: "main"},
		Issues: []githubsim.Issue{
			{Number: 1, Title: "Lost parcels", State: "OPEN", CreatedAt: day(1), Labels: []string{"bug", "sev1"}},
			{Number: 2, Title: "Old", State: "CLOSED", CreatedAt: day(1), ClosedAt: new(day(3)), Labels: []string{"incident"}},
			{Number: 3, Title: "Not its own", State: "OPEN", CreatedAt: day(1)},
		},
		Pulls: []githubsim.Pull{
			{
				Number: 7, Title: "Find them", Body: "Fixes #1, fixes #2", State: "OPEN", CreatedAt: day(2), Author: new("ann"),
				BaseRefName: "release/1.0", HeadRefName: "fix", HeadRefOID: sha(7), Fork: true,
				Labels: []string{"hotfix", "docs"}, Paths: []string{"docs/new.md", "docs/a.md"},
				Renamed: map[string]string{"docs/new.md": "src/old.go"}, ClosingIssues: []int{1, 2},
			},
			{
				Number: 8, Title: "Bump", State: "OPEN", CreatedAt: day(2), Author: new("dependabot[bot]"), AuthorType: "Bot",
				BaseRefName: "main", HeadRefName: "bump", HeadRefOID: sha(8),
			},
		},
	}
}

func TestReadCandidate(t *testing.T) {
	t.Parallel()
	c, server := simulate(t, candidateWorld(), githubsim.Options{})
	want := &model.Candidate{
		Number: 7, Title: "Find them", Body: "Fixes #1, fixes #2", URL: "https://github.com/o/r/pull/7",
		Author: model.Actor{Login: "ann"}, Head: "fix", HeadSHA: sha(7), Fork: true, Base: "release/1.0",
		Labels: []string{"hotfix", "docs"},
		// The old name of what was moved counts: it is no change of docs alone.
		Paths: []string{"docs/a.md", "docs/new.md", "src/old.go"}, PathsKnown: true,
		Closes: []model.Issue{
			{Number: 1, Title: "Lost parcels", URL: "https://github.com/o/r/issues/1", Labels: []string{"bug", "sev1"}},
			{
				Number: 2, Title: "Old", URL: "https://github.com/o/r/issues/2", Closed: day(3),
				Labels: []string{"incident"},
			},
		},
		ClosesKnown: true,
	}
	got, err := ReadCandidate(context.Background(), c, "o", "r", 7, true)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(server.Requests()) != 2 {
		t.Errorf("%d requests, want one for the files and one for the rest:\n%s", len(server.Requests()), paths(server))
	}

	want = &model.Candidate{
		Number: 8, Title: "Bump", URL: "https://github.com/o/r/pull/8", Author: model.Actor{Login: "dependabot", Bot: true},
		Head: "bump", HeadSHA: sha(8), Base: "main", ClosesKnown: true,
	}
	got, err = ReadCandidate(context.Background(), c, "o", "r", 8, false)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(server.Requests()) != 3 {
		t.Errorf("%d requests, want one more:\n%s", len(server.Requests()), paths(server))
	}
}

// named are n names.
func named(format string, n int) []string {
	var names []string
	for i := range n {
		names = append(names, fmt.Sprintf(format, i))
	}
	return names
}

// Lists that are longer than a page.
func TestReadCandidateOfMany(t *testing.T) {
	t.Parallel()
	w := candidateWorld()
	p := &w.Pulls[0]
	p.Labels, p.Paths, p.Renamed = named("label %03d", 230), named("src/%04d.go", 250), nil
	w.Issues[0].Labels = named("label %03d", 101)
	c, server := simulate(t, w, githubsim.Options{})
	got, err := ReadCandidate(context.Background(), c, "o", "r", 7, true)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(p.Labels, got.Labels); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(w.Issues[0].Labels, got.Closes[0].Labels); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(p.Paths, got.Paths); diff != "" || !got.PathsKnown {
		t.Errorf("known %t: %s", got.PathsKnown, diff)
	}
	// Files 100 + 100 + 50, labels 100 + 100 + 30 of which the first with the rest, labels of the issue 100 + 1 likewise.
	if want := 3 + 1 + 2 + 1; len(server.Requests()) != want {
		t.Errorf("%d requests, want %d:\n%s", len(server.Requests()), want, paths(server))
	}
}

// Files that are counted but not listed make the list no whole one.
func TestReadCandidateOfUnlistedFiles(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		files, counted, read int
		known                bool
	}{
		"all":          {files: 2999, read: 2999, known: true},
		"as many":      {files: 3000, read: 3000},
		"too many":     {files: 3001, read: 3000},
		"counted only": {counted: 4},
		"a part":       {files: 1, counted: 4, read: 1},
		"none":         {known: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := candidateWorld()
			w.Pulls[0].Paths, w.Pulls[0].Renamed, w.Pulls[0].ChangedFiles = named("docs/%04d.md", test.files), nil, test.counted
			c, _ := simulate(t, w, githubsim.Options{})
			got, err := ReadCandidate(context.Background(), c, "o", "r", 7, true)
			if err != nil || got.PathsKnown != test.known || len(got.Paths) != test.read {
				t.Fatalf("%d files, known %t, error %v; want %d, %t", len(got.Paths), got.PathsKnown, err, test.read, test.known)
			}
		})
	}
}

// A hundred issues are read; that there are more is told.
func TestReadCandidateOfManyIssues(t *testing.T) {
	t.Parallel()
	for _, count := range []int{100, 101} {
		t.Run(fmt.Sprint(count), func(t *testing.T) {
			t.Parallel()
			w := candidateWorld()
			w.Issues, w.Pulls[0].ClosingIssues = nil, nil
			for i := range count {
				w.Issues = append(w.Issues, githubsim.Issue{Number: 100 + i, State: "OPEN", CreatedAt: day(1)})
				w.Pulls[0].ClosingIssues = append(w.Pulls[0].ClosingIssues, 100+i)
			}
			c, _ := simulate(t, w, githubsim.Options{})
			got, err := ReadCandidate(context.Background(), c, "o", "r", 7, false)
			if err != nil || len(got.Closes) != 100 || got.ClosesKnown != (count == 100) {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}

// What the token may not see of the issues does not hold up the rest: an exemption by label needs none of them.
func TestReadCandidateWithoutIssues(t *testing.T) {
	t.Parallel()
	hidden := func(kind string, path ...any) githubsim.Options {
		return githubsim.Options{Faults: []githubsim.Fault{{
			Path: "/graphql", Partial: &githubsim.PartialError{Type: kind, Path: path, Message: "hidden"},
		}}}
	}
	references := []any{"repository", "pullRequest", "closingIssuesReferences"}
	for name, options := range map[string]githubsim.Options{
		"no permission":   {Denied: []string{"issues"}},
		"one is not seen": hidden("NOT_FOUND", append(references, "nodes", 1)...),
		"its repository":  hidden("FORBIDDEN", append(references, "nodes", 1, "repository")...),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, _ := simulate(t, candidateWorld(), options)
			got, err := ReadCandidate(context.Background(), c, "o", "r", 7, true)
			if err != nil {
				t.Fatal(err)
			}
			if got.ClosesKnown || got.Closes != nil || len(got.Labels) != 2 || !got.PathsKnown {
				t.Errorf("%+v; want everything but the issues", got)
			}
		})
	}
}

// An issue of another repository is none of this one's, whatever its number; one that GitHub does not show is not known.
func TestReadCandidateClosesForeignIssue(t *testing.T) {
	t.Parallel()
	answer := `{"data":{"repository":{"nameWithOwner":"New/Name","pullRequest":{"number":7,"title":"","body":"","url":"",
	 "author":null,"headRefName":"h","headRefOid":"x","isCrossRepository":false,"baseRefName":"main","changedFiles":1,
	 "labels":{"nodes":[],"pageInfo":{"hasNextPage":false,"endCursor":null}},
	 "closingIssuesReferences":{"pageInfo":{"hasNextPage":false,"endCursor":null},"nodes":[
	  {"number":1,"title":"","url":"","closedAt":null,"repository":{"nameWithOwner":"evil/bugs"},
	   "labels":{"nodes":[{"name":"bug"}],"pageInfo":{"hasNextPage":false,"endCursor":null}}},
	  {"number":2,"title":"","url":"","closedAt":null,"repository":{"nameWithOwner":"new/name"},
	   "labels":{"nodes":[],"pageInfo":{"hasNextPage":false,"endCursor":null}}},
	  null]}}},"rateLimit":{"cost":1,"remaining":9}}}`
	c, _ := simulate(t, candidateWorld(), githubsim.Options{Faults: []githubsim.Fault{{Path: "/graphql", Body: answer}}})
	got, err := ReadCandidate(context.Background(), c, "o", "r", 7, false)
	if err != nil || len(got.Closes) != 1 || got.Closes[0].Number != 2 || got.Author.Login != model.Ghost {
		t.Errorf("%+v, %v; want issue 2 alone, by %s", got, err, model.Ghost)
	}
	if got.ClosesKnown {
		t.Error("that may not be all that it closes")
	}
}

// Whatever cannot be read is an error, not a pull request without labels or files.
func TestReadCandidateFails(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		options githubsim.Options
		number  int
		want    string
	}{
		"no such number":    {number: 9, want: "reading pull request #9 of o/r: listing its files: "},
		"an issue's number": {number: 1, want: "not found"},
		"no permission":     {githubsim.Options{Denied: []string{"pull-requests"}}, 7, "pull-requests: read"},
		"no files": {
			githubsim.Options{Faults: []githubsim.Fault{
				{Path: "/repos/o/r/pulls/7/files", Status: 422, Body: `{"message":"no"}`},
			}},
			7, "listing its files",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, _ := simulate(t, candidateWorld(), test.options)
			got, err := ReadCandidate(context.Background(), c, "o", "r", test.number, true)
			if err == nil || got != nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%+v, %v; want an error that says %q", got, err, test.want)
			}
		})
	}
	c, _ := simulate(t, candidateWorld(), githubsim.Options{})
	var missing *github.NotFoundError
	if _, err := ReadCandidate(context.Background(), c, "o", "r", 9, false); !errors.As(err, &missing) {
		t.Errorf("error %v, want a NotFoundError", err)
	}
}

// A page of files that is too much for one answer is read in smaller ones.
func TestReadCandidateOfHeavyFiles(t *testing.T) {
	t.Parallel()
	w := candidateWorld()
	w.Pulls[0].Paths, w.Pulls[0].Renamed = named("src/%03d.go", 130), nil
	c, _ := simulate(t, w, githubsim.Options{Faults: []githubsim.Fault{
		{Path: "/repos/*/*/pulls/*/files", MaxPage: 50, Times: -1, Status: 502},
	}})
	got, err := ReadCandidate(context.Background(), c, "o", "r", 7, true)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(w.Pulls[0].Paths, got.Paths); diff != "" || !got.PathsKnown {
		t.Error(diff)
	}
}

// 1 for the labels, 1 for the issues and 100 for the labels of these: 102 requests, so 1 point.
func TestPriceOfReadCandidate(t *testing.T) {
	t.Parallel()
	price, err := github.PriceOf(&candidateQuery{}, map[string]any{
		"owner": githubv4.String("o"), "name": githubv4.String("r"), "number": githubv4.Int(1),
		"closing": githubv4.Boolean(true),
	})
	if err != nil || price != 1 {
		t.Errorf("%d points (%v), want 1", price, err)
	}
}
