package githubsim

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"reflect"
	"testing"
	"time"
)

// answer is what a GraphQL query gave.
type answer struct {
	Data   map[string]any
	Errors []queryError
	status int
	header http.Header
	body   string
}

func serverOf(t *testing.T, w *World, opts Options) *Server {
	t.Helper()
	s, err := New(w, opts)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func post(s http.Handler, token, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/graphql", bytes.NewReader([]byte(body)))
	r.Header.Set("User-Agent", "test")
	if token != "" {
		r.Header.Set("Authorization", "bearer "+token)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func ask(t *testing.T, s http.Handler, query string, variables map[string]any) answer {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	w := post(s, "token", string(body))
	a := answer{status: w.Code, header: w.Header(), body: w.Body.String()}
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
		t.Fatalf("status %d, body %q: %v", w.Code, w.Body, err)
	}
	return a
}

// get asks and wants no errors.
func get(t *testing.T, s http.Handler, query string) map[string]any {
	t.Helper()
	a := ask(t, s, query, nil)
	if len(a.Errors) > 0 {
		t.Fatalf("%s\n%s", query, a.body)
	}
	return a.Data
}

// repo asks about the repository octo/parcels.
func repo(t *testing.T, s http.Handler, selection string) map[string]any {
	t.Helper()
	return get(t, s, `{repository(owner:"octo",name:"parcels"){`+selection+`}}`)["repository"].(map[string]any)
}

// want compares with JSON, so that expectations read like answers.
func want(t *testing.T, got any, expected string) {
	t.Helper()
	var e any
	if err := json.Unmarshal([]byte(expected), &e); err != nil {
		t.Fatalf("%s: %v", expected, err)
	}
	b, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	var g any
	if err := json.Unmarshal(b, &g); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(g, e) {
		t.Errorf("got  %s\nwant %s", b, expected)
	}
}

// day is midnight of a day of January 2026.
func day(n int) time.Time { return time.Date(2026, 1, n, 0, 0, 0, 0, time.UTC) }

func dayPointer(n int) *time.Time {
	d := day(n)
	return &d
}

func octo() *World {
	return &World{Repo: Repo{Owner: "octo", Name: "parcels", DefaultBranch: "main", CreatedAt: dayPointer(1)}}
}

func TestSelections(t *testing.T) {
	t.Parallel()
	w := octo()
	w.Issues = []Issue{{Number: 7, Title: "a <b>", State: "OPEN", CreatedAt: day(2), Author: new("ann")}}
	s := serverOf(t, w, Options{})
	cases := []struct {
		name, query string
		variables   map[string]any
		want        string
	}{
		{
			"aliases", `{a:repository(owner:"octo",name:"parcels"){n:name}
			 b:repository(owner:"OCTO",name:"Parcels"){name}}`,
			nil, `{"a":{"n":"parcels"},"b":{"name":"parcels"}}`,
		},
		{
			"fragments and typename",
			`query{repository(owner:"octo",name:"parcels"){...r issue(number:7){...on Issue{title} __typename author{
			 __typename login ...on Bot{databaseId} ...on Actor{url}}}}} fragment r on Repository{name owner{login}}`,
			nil, `{"repository":{"name":"parcels","owner":{"login":"octo"},"issue":{"title":"a <b>",
			 "__typename":"Issue",
			 "author":{"__typename":"User","login":"ann","url":"https://github.com/ann"}}}}`,
		},
		{
			"the same field twice is merged",
			`{repository(owner:"octo",name:"parcels"){issue(number:7){number} issue(number:7){title}}}`,
			nil, `{"repository":{"issue":{"number":7,"title":"a <b>"}}}`,
		},
		{
			"variables and their defaults",
			`query q($o:String!,$n:String="parcels",$i:Int!){repository(owner:$o,name:$n){issue(number:$i){number}}}`,
			map[string]any{"o": "octo", "i": 7},
			`{"repository":{"issue":{"number":7}}}`,
		},
		{
			"skip and include",
			`query($y:Boolean!,$n:Boolean!){repository(owner:"octo",name:"parcels"){name @include(if:$y) url
			 @include(if:$n)
			 isFork @skip(if:$y) isArchived @skip(if:$n) ... @include(if:$n){createdAt}}}`,
			map[string]any{"y": true, "n": false},
			`{"repository":{"name":"parcels","isArchived":false}}`,
		},
		{
			"the token's own account", `{viewer{login}}`, nil, `{"viewer":{"login":"github-actions[bot]"}}`,
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := ask(t, s, c.query, c.variables)
			if len(a.Errors) > 0 {
				t.Fatal(a.body)
			}
			want(t, a.Data, c.want)
		})
	}
}

func TestRefusedQueries(t *testing.T) {
	t.Parallel()
	s := serverOf(t, octo(), Options{})
	cases := []struct {
		name, query string
		variables   map[string]any
		want        string
	}{
		{
			"undefined field", "{\n  repository(owner:\"octo\",name:\"parcels\") { pushedDate }\n}", nil,
			`[{"path":["query","repository","pushedDate"],"extensions":{"code":"undefinedField",
			 "typeName":"Repository",
			 "fieldName":"pushedDate"},"locations":[{"line":2,"column":45}],
			 "message":"Field 'pushedDate' doesn't exist on type 'Repository'"}]`,
		},
		{
			"undefined field in a fragment of a named query",
			"query q {repository(owner:\"octo\",name:\"parcels\"){...f}}\n" +
				"fragment f on Repository {ref(qualifiedName:\"main\"){...on Ref{x}}}",
			nil,
			`[{"path":["fragment f","ref","... on Ref","x"],"extensions":{"code":"undefinedField","typeName":"Ref",
			 "fieldName":"x"},"locations":[{"line":2,"column":63}],
			 "message":"Field 'x' doesn't exist on type 'Ref'"}]`,
		},
		{
			"unknown argument", `{repository(owner:"octo",name:"parcels"){issue(number:1,since:2){id}}}`, nil,
			`[{"path":["query","repository","issue","since"],"extensions":{"code":"argumentNotAccepted",
			 "name":"issue",
			 "typeName":"Field","argumentName":"since"},"locations":[{"line":1,"column":57}],
			 "message":"Field 'issue' doesn't accept argument 'since'"}]`,
		},
		{
			"wrong variable", `query($n:Int!){repository(owner:"octo",name:"parcels"){issue(number:$n){id}}}`,
			map[string]any{"n": "seven"},
			`[{"extensions":{"problems":[{"path":[],"explanation":"cannot use string as Int"}]},
			 "message":"Variable $n of type Int! was provided invalid value"}]`,
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := ask(t, s, c.query, c.variables)
			if a.status != http.StatusOK || a.Data != nil {
				t.Errorf("status %d, data %v", a.status, a.Data)
			}
			want(t, a.Errors, c.want)
		})
	}
	for name, query := range map[string]string{
		"mutation":         `mutation{addStar(input:{starrableId:"x"}){clientMutationId}}`,
		"syntax":           `{repository(`,
		"leaf with fields": `{viewer{login{x}}}`,
		"object without":   `{viewer}`,
		"fragment loop":    `{...a} fragment a on Query{...a}`,
		"unused variable":  `query($x:Int){viewer{login}}`,
		"wrong enum":       `{repository(owner:"octo",name:"parcels"){issues(first:1,states:MERGED){totalCount}}}`,
		"huge number":      `{repository(owner:"octo",name:"parcels"){issue(number:99999999999999999999){id}}}`,
		"impossible type":  `{repository(owner:"octo",name:"parcels"){...on Issue{id}}}`,
		"two operations":   `query a{viewer{login}} query b{viewer{login}}`,
		"introspection":    `{__schema{queryType{name}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if a := ask(t, s, query, nil); a.status != http.StatusOK || len(a.Errors) == 0 || a.Data != nil {
				t.Errorf("status %d: %s", a.status, a.body)
			}
		})
	}
}

// Any text comes through as it is.
func TestTexts(t *testing.T) {
	t.Parallel()
	for _, title := range []string{
		"", "plain", `"quoted" \ back`, "<b>&amp;</b>", "tab\tline\nbell\a", "Grüße 日本 🎉", "\u2028", "~\x7f",
	} {
		w := octo()
		w.Issues = []Issue{{Number: 1, Title: title, State: "OPEN", CreatedAt: day(1)}}
		got := repo(t, serverOf(t, w, Options{}), `issue(number:1){title}`)["issue"].(map[string]any)["title"]
		if got != title {
			t.Errorf("%q came as %q", title, got)
		}
	}
}

func TestNotAQuery(t *testing.T) {
	t.Parallel()
	s := serverOf(t, octo(), Options{})
	if w := post(s, "token", `{"query":`); w.Code != http.StatusBadRequest {
		t.Errorf("broken JSON: status %d", w.Code)
	}
	w := post(s, "token", `{}`)
	want(t, json.RawMessage(w.Body.Bytes()),
		`{"errors":[{"message":"A query attribute must be specified and must be a string."}]}`)
}

func TestUnknownRepository(t *testing.T) {
	t.Parallel()
	a := ask(t, serverOf(t, octo(), Options{}), `{repository(owner:"octo",name:"x"){name}}`, nil)
	want(t, a.Data, `{"repository":null}`)
	want(t, a.Errors, `[{"type":"NOT_FOUND","path":["repository"],"locations":[{"line":1,"column":2}],
	 "message":"Could not resolve to a Repository with the name 'octo/x'."}]`)
}

// GitHub reports a missing permission at the field, and its schema then decides how far up null goes: deployments may
// not be null, so the repository is; a closer may, so only that is.
func TestForbidden(t *testing.T) {
	t.Parallel()
	w := octo()
	w.Commits = []Commit{{OID: "a1", AuthoredDate: day(1), CommittedDate: day(1)}}
	w.Files = map[string]string{"README.md": "# Parcels\n"}
	w.Deployments = []Deployment{{ID: 1, SHA: "a1", Environment: "production", CreatedAt: day(1)}}
	w.Pulls = []Pull{{Number: 1, State: "OPEN", CreatedAt: day(1)}}
	w.Issues = []Issue{{Number: 2, State: "CLOSED", CreatedAt: day(1), ClosedAt: dayPointer(3), ClosedEvents: []CloseEvent{
		{At: day(3), CloserPull: 1},
	}}}
	cases := []struct{ denied, selection, data, path string }{
		{"deployments", `deployments(first:1){totalCount}`, `{"repository":null}`, `["repository","deployments"]`},
		{"issues", `name issues(first:1){totalCount}`, `{"repository":null}`, `["repository","issues"]`},
		{"issues", `name issue(number:2){id}`, `{"repository":{"name":"parcels","issue":null}}`, `["repository",
		 "issue"]`},
		{"pull-requests", `pr:pullRequest(number:1){id}`, `{"repository":{"pr":null}}`, `["repository","pr"]`},
		{"contents", `object(expression:"main"){oid}`, `{"repository":{"object":null}}`, `["repository","object"]`},
		{
			"contents", `defaultBranchRef{name target{oid ...on Commit{file(path:"README.md"){mode}}}}`,
			`{"repository":{"defaultBranchRef":{"name":"main","target":{"oid":"a1","file":null}}}}`,
			`["repository","defaultBranchRef","target","file"]`,
		},
		{"contents", `refs(first:1,refPrefix:"refs/tags/"){totalCount}`, `{"repository":{
		 "refs":null}}`, `["repository","refs"]`},
		{"contents", `releases(first:1){totalCount}`, `{"repository":null}`, `["repository","releases"]`},
		{
			"vulnerability-alerts", `vulnerabilityAlerts(first:1){totalCount}`, `{"repository":{
			 "vulnerabilityAlerts":null}}`,
			`["repository","vulnerabilityAlerts"]`,
		},
		{
			"pull-requests", `issue(number:2){timelineItems(first:1){nodes{...on ClosedEvent{createdAt
			 closer{__typename}}}}}`,
			`{"repository":{"issue":{"timelineItems":{"nodes":[{"createdAt":"2026-01-03T00:00:00Z",
			 "closer":null}]}}}}`,
			`["repository","issue","timelineItems","nodes",0,"closer"]`,
		},
	}
	for _, c := range cases {
		t.Run(c.denied+" "+c.selection, func(t *testing.T) {
			t.Parallel()
			query := `{repository(owner:"octo",name:"parcels"){` + c.selection + `}}`
			a := ask(t, serverOf(t, w, Options{Denied: []string{c.denied}}), query, nil)
			want(t, a.Data, c.data)
			if len(a.Errors) != 1 || a.Errors[0].Type != "FORBIDDEN" ||
				a.Errors[0].Message != "Resource not accessible by integration" {
				t.Fatal(a.body)
			}
			want(t, a.Errors[0].Path, c.path)
			if a := ask(t, serverOf(t, w, Options{}), query, nil); len(a.Errors) > 0 {
				t.Errorf("without the denial: %s", a.body)
			}
		})
	}
}
