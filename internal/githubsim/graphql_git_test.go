package githubsim

import (
	"strings"
	"testing"
)

// forked is this history, by the day of the commit (a3 is authored on day 1, and a5 merges b4 into a3):
//
//	a1 ── a2 ── a3 ─────── a5   main
//	       └──────── b4 ──┘
//	 └──────────────────────── r6   release (not on main)
func forked() *World {
	w := octo()
	commit := func(oid string, d int, parents string) Commit {
		return Commit{
			OID: oid, AuthoredDate: day(d), CommittedDate: day(d), Parents: strings.Fields(parents), MessageHeadline: oid,
			Author: new("Ann B"),
		}
	}
	r6 := commit("r6r6r6", 6, "a1a1a1")
	r6.OnDefaultBranch = new(false)
	w.Commits = []Commit{
		r6, commit("a5a5a5", 5, "a3a3a3 b4b4b4"), commit("b4b4b4", 4, "a2a2a2"), commit("a3a3a3", 3, "a2a2a2"),
		commit("a2a2a2", 2, "a1a1a1"), commit("a1a1a1", 1, "older"),
	}
	w.Branches = []Branch{{Name: "release", OID: "r6r6r6"}}
	w.Tags = []Tag{
		{Name: "v1", OID: "a1a1a1", Date: dayPointer(9)},
		{Name: "v2", OID: "a2a2a2", Date: dayPointer(2)},
		{Name: "v3", OID: "gone", Date: dayPointer(3)},
		{Name: "v4", OID: "gone"},
	}
	w.Pulls = []Pull{
		{
			Number: 1, State: "MERGED", CreatedAt: day(2), MergedAt: dayPointer(5),
			MergeCommit: "a5a5a5", CommitOIDs: []string{"b4b4b4"},
		},
		{Number: 2, State: "OPEN", CreatedAt: day(1), CommitOIDs: []string{"b4b4b4"}},
		{Number: 3, State: "CLOSED", CreatedAt: day(3), ClosedAt: dayPointer(4), MergeCommit: "a5a5a5"},
		{
			Number: 4, State: "MERGED", CreatedAt: day(3), MergedAt: dayPointer(5),
			MergedCommits: []string{"a2a2a2", "a3a3a3"}, MergeCommit: "a3a3a3",
		},
	}
	w.Files = map[string]string{".github/kpi-gate.yml": "window: 30d\n"}
	return w
}

func TestHistory(t *testing.T) {
	t.Parallel()
	s := serverOf(t, forked(), Options{})
	oids := func(t *testing.T, root, arguments string) string {
		t.Helper()
		o := repo(t, s, `object(expression:"`+root+`"){...on Commit{history(`+arguments+`){nodes{oid}}}}`)["object"]
		var list []string
		for _, n := range o.(map[string]any)["history"].(map[string]any)["nodes"].([]any) {
			list = append(list, n.(map[string]any)["oid"].(string)[:2])
		}
		return strings.Join(list, " ")
	}
	for _, c := range []struct{ root, arguments, want string }{
		{"main", "first:9", "a5 b4 a3 a2 a1"},
		{"HEAD", "first:2", "a5 b4"},
		{"main", `first:2,after:"a5a5a5 1"`, "a3 a2"},
		{"main", `first:9,after:"a5a5a5 3"`, "a1"},
		{"main", `last:2`, "a2 a1"},
		{"release", "first:9", "r6 a1"},
		{"b4b4b4", "first:9", "b4 a2 a1"},
		{"main", `first:9,since:"2026-01-03T00:00:00Z"`, "a5 b4 a3"},
		{"main", `first:9,until:"2026-01-03T00:00:00Z"`, "a3 a2 a1"},
		{"main", `first:9,since:"2026-01-02T00:00:00Z",until:"2026-01-04T00:00:00Z"`, "b4 a3 a2"},
		{"main", `first:9,author:{emails:["nobody@example.org"]}`, ""},
		{"main", `first:1,author:{emails:["ann.b@users.noreply.github.com"]}`, "a5"},
	} {
		t.Run(c.root+" "+c.arguments, func(t *testing.T) {
			t.Parallel()
			if got := oids(t, c.root, c.arguments); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
	want(t, repo(t, s, `object(oid:"a5a5a5"){...on Commit{history(first:2){totalCount pageInfo{hasNextPage
	 endCursor}}}}`),
		`{"object":{"history":{"totalCount":5,"pageInfo":{"hasNextPage":true,"endCursor":"a5a5a5 1"}}}}`)
	for _, arguments := range []string{`after:"a3a3a3 1"`, `path:"a.go"`, `since:"yesterday"`} {
		if a := ask(t, s, `{repository(owner:"octo",name:"parcels"){object(oid:"a5a5a5"){...on
		 Commit{history(first:1,`+
			arguments+`){totalCount}}}}}`, nil); len(a.Errors) != 1 {
			t.Errorf("%s: %s", arguments, a.body)
		}
	}
}

func TestRefs(t *testing.T) {
	t.Parallel()
	s := serverOf(t, forked(), Options{})
	for selection, expected := range map[string]string{
		`defaultBranchRef{name prefix target{oid}}`: `{"defaultBranchRef":{"name":"main","prefix":"refs/heads/",
		 "target":{"oid":"a5a5a5"}}}`,
		`ref(qualifiedName:"refs/heads/release"){name target{...on Commit{parents(first:9){nodes{oid}}}}}`: `{"ref":
		 {"name":"release","target":{"parents":{"nodes":[{"oid":"a1a1a1"}]}}}}`,
		`a:ref(qualifiedName:"v1"){prefix} b:ref(qualifiedName:"heads/main"){name}
		 c:ref(qualifiedName:"v9"){name}`: `{
		 "a":{"prefix":"refs/tags/"},"b":{"name":"main"},"c":null}`,
		`refs(first:9,refPrefix:"refs/heads/"){nodes{name}}`: `{
		 "refs":{"nodes":[{"name":"main"},{"name":"release"}]}}`,
		`refs(first:9,refPrefix:"refs/heads/",query:"REL"){nodes{name}}`: `{
		 "refs":{"nodes":[{"name":"release"}]}}`,
		`refs(first:1,refPrefix:"refs/tags/",orderBy:{field:TAG_COMMIT_DATE,direction:DESC}){nodes{name}}`: `{
		 "refs":{"nodes":[{"name":"v1"}]}}`,
		// v1 was tagged on another day than it was committed, v3 and v4 name what is gone: objects. v2 is a plain name.
		`refs(first:9,refPrefix:"refs/tags/"){nodes{name target{__typename ...on Commit{oid} ...on Tag{tagger{date}
		 target{oid}}}}}`: `{
		 "refs":{"nodes":[
		 {"name":"v1","target":{"__typename":"Tag","tagger":{"date":"2026-01-09T00:00:00Z"},"target":{
		 "oid":"a1a1a1"}}},
		 {"name":"v2","target":{"__typename":"Commit","oid":"a2a2a2"}},
		 {"name":"v3","target":{"__typename":"Tag","tagger":{"date":"2026-01-03T00:00:00Z"},"target":{"oid":"gone"}}},
		 {"name":"v4","target":{"__typename":"Tag","tagger":null,"target":{"oid":"gone"}}}]}}`,
		`a:object(expression:"a3a3"){oid} b:object(oid:"a3a3a3"){oid} c:object(expression:"nothing"){oid}
		 d:object(oid:"a3"){oid}`: `{
		 "a":{"oid":"a3a3a3"},"b":{"oid":"a3a3a3"},"c":null,"d":null}`,
		`object(expression:"main:.github/kpi-gate.yml"){...on Blob{text byteSize isBinary}}
		 none:object(expression:"main:x"){oid}
		 noRef:object(expression:"x:.github/kpi-gate.yml"){oid}`: `{"object":{"text":"window: 30d\n","byteSize":12,
		 "isBinary":false},
		 "none":null,"noRef":null}`,
	} {
		t.Run(selection, func(t *testing.T) {
			t.Parallel()
			want(t, repo(t, s, selection), expected)
		})
	}
	want(t, repo(t, serverOf(t, octo(), Options{}), `defaultBranchRef{name}`), `{"defaultBranchRef":null}`)
}

func TestCommitAuthors(t *testing.T) {
	t.Parallel()
	w := octo()
	w.Commits = []Commit{
		{OID: "aaaa1", AuthoredDate: day(1), CommittedDate: day(4), Author: new("Ann B")},
		{OID: "aaaa2", AuthoredDate: day(1), CommittedDate: day(3), Author: new("ann"), Parents: []string{}},
		{OID: "aaaa3", AuthoredDate: day(1), CommittedDate: day(2), Author: new("renovate"), AuthorType: "Bot"},
		{OID: "aaaa4", AuthoredDate: day(1), CommittedDate: day(1)},
	}
	w.Issues = []Issue{{Number: 1, State: "OPEN", CreatedAt: day(1), Author: new("ann")}}
	s := serverOf(t, w, Options{})
	for oid, expected := range map[string]string{
		"aaaa1": `{"name":"Ann B","user":null}`,
		"aaaa2": `{"name":"ann","user":{"login":"ann"}}`,
		"aaaa3": `{"name":"renovate[bot]","user":null}`,
		"aaaa4": `{"name":"Unknown","user":null}`,
	} {
		o := repo(t, s, `object(oid:"`+oid+`"){...on Commit{author{name user{login}}}}`)["object"]
		want(t, o.(map[string]any)["author"], expected)
	}
}

// The pull request that was merged comes first; one that was closed has no merge commit, only that of a test merge.
func TestAssociatedPullRequests(t *testing.T) {
	t.Parallel()
	s := serverOf(t, forked(), Options{})
	for oid, expected := range map[string]string{
		"a5a5a5": `[{"number":1,"merged":true}]`,
		"b4b4b4": `[{"number":1,"merged":true},{"number":2,"merged":false}]`,
		"a2a2a2": `[{"number":4,"merged":true}]`,
		"a3a3a3": `[{"number":4,"merged":true}]`,
		"a1a1a1": `[]`,
	} {
		o := repo(t, s, `object(oid:"`+oid+`"){...on Commit{associatedPullRequests(first:5){nodes{number
		 merged}}}}`)["object"]
		want(t, o.(map[string]any)["associatedPullRequests"].(map[string]any)["nodes"], expected)
	}
}
