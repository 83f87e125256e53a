package githubsim

import "testing"

// The files of a pull request: named, none, counted only, and counted apart from what is named.
func TestPullRequestFiles(t *testing.T) {
	t.Parallel()
	w := octo()
	w.Pulls = []Pull{
		{Number: 1, State: "OPEN", CreatedAt: day(1), Paths: []string{"api/a.go", "docs/b.md", "web/c.ts"}},
		{Number: 2, State: "OPEN", CreatedAt: day(2)},
		{Number: 3, State: "OPEN", CreatedAt: day(3), ChangedFiles: 4},
		{Number: 4, State: "OPEN", CreatedAt: day(4), ChangedFiles: 4, Paths: []string{"api/a.go"}},
	}
	want(t, repo(t, serverOf(t, w, Options{}), `pullRequests(first:9){nodes{
	 changedFiles files(first:2){totalCount nodes{path additions deletions} pageInfo{hasNextPage}}}}`),
		`{"pullRequests":{"nodes":[
		 {"changedFiles":3,"files":{"totalCount":3,"nodes":[
		  {"path":"api/a.go","additions":0,"deletions":0},{"path":"docs/b.md","additions":0,"deletions":0}],
		  "pageInfo":{"hasNextPage":true}}},
		 {"changedFiles":0,"files":{"totalCount":0,"nodes":[],"pageInfo":{"hasNextPage":false}}},
		 {"changedFiles":4,"files":null},
		 {"changedFiles":4,"files":{"totalCount":1,"nodes":[{"path":"api/a.go","additions":0,"deletions":0}],
		  "pageInfo":{"hasNextPage":false}}}]}}`)
}

// What a pull request changes is contents: a token may see the one and not the other.
func TestPullRequestFilesForbidden(t *testing.T) {
	t.Parallel()
	w := octo()
	w.Pulls = []Pull{{Number: 1, State: "OPEN", CreatedAt: day(1), Paths: []string{"api/a.go"}}}
	s := serverOf(t, w, Options{Denied: []string{"contents"}})
	a := ask(t, s, `{repository(owner:"octo",name:"parcels"){pullRequest(number:1){number files(first:1){nodes{path}}}}}`, nil)
	want(t, a.Data, `{"repository":{"pullRequest":{"number":1,"files":null}}}`)
	if len(a.Errors) != 1 || a.Errors[0].Type != "FORBIDDEN" {
		t.Errorf("errors %+v, want one about a permission", a.Errors)
	}
}
