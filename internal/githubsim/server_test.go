package githubsim

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// send makes a GET request with the headers given as "Name: value".
func send(s http.Handler, path string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func TestAdmission(t *testing.T) {
	t.Parallel()
	const path = "/repos/octo/parcels"
	s := serverOf(t, octo(), Options{Token: "good"})
	open := serverOf(t, octo(), Options{})
	cases := []struct {
		name    string
		s       *Server
		headers []string
		status  int
		message string
	}{
		{"the token", s, []string{"User-Agent: t", "Authorization: Bearer good"}, 200, ""},
		{"the token, old scheme", s, []string{"User-Agent: t", "Authorization: token good"}, 200, ""},
		{"another token", s, []string{"User-Agent: t", "Authorization: Bearer bad"}, 401, "Bad credentials"},
		{"another scheme", s, []string{"User-Agent: t", "Authorization: Basic good"}, 401, "Bad credentials"},
		{"no token", s, []string{"User-Agent: t"}, 401, "Requires authentication"},
		{"any token", open, []string{"User-Agent: t", "Authorization: Bearer x"}, 200, ""},
		{"an empty token", open, []string{"User-Agent: t", "Authorization: Bearer "}, 401, "Bad credentials"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := send(c.s, path, c.headers...)
			var body struct{ Message, Status string }
			if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
				t.Fatal(err)
			}
			if w.Code != c.status || body.Message != c.message {
				t.Errorf("%d %q", w.Code, body.Message)
			}
			if c.message != "" && body.Status != fmt.Sprint(c.status) {
				t.Errorf("status in the body: %q", body.Status)
			}
		})
	}
	if w := send(s, path, "Authorization: Bearer good"); w.Code != http.StatusForbidden ||
		!strings.Contains(w.Body.String(), "User-Agent") {
		t.Errorf("without a name: %d %s", w.Code, w.Body)
	}
	if w := post(s, "bad", `{"query":"{viewer{login}}"}`); w.Code != http.StatusUnauthorized {
		t.Errorf("GraphQL with another token: %d", w.Code)
	}
	if w := post(s, "", `{"query":"{viewer{login}}"}`); w.Code != http.StatusUnauthorized {
		t.Errorf("GraphQL without a token: %d", w.Code)
	}
}

func TestUnknownPath(t *testing.T) {
	t.Parallel()
	w := send(serverOf(t, octo(), Options{}), "/nothing/here", "User-Agent: t", "Authorization: Bearer x")
	if w.Code != http.StatusNotFound {
		t.Errorf("status %d", w.Code)
	}
	want(t, json.RawMessage(w.Body.Bytes()),
		`{"message":"Not Found","documentation_url":"https://docs.github.com/rest","status":"404"}`)
}

// A GitHub Enterprise host has its APIs below /api: /api/v3 and /api/graphql.
func TestEnterprisePaths(t *testing.T) {
	t.Parallel()
	s := serverOf(t, octo(), Options{})
	for _, path := range []string{"/repos/octo/parcels", "/api/v3/repos/octo/parcels"} {
		if w := send(s, path, "User-Agent: t", "Authorization: Bearer x"); w.Code != http.StatusOK {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	for _, path := range []string{"/graphql", "/api/graphql"} {
		r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(`{"query":"{viewer{login}}"}`))
		r.Header.Set("User-Agent", "t")
		r.Header.Set("Authorization", "Bearer x")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		want(t, json.RawMessage(w.Body.Bytes()), `{"data":{"viewer":{"login":"github-actions[bot]"}}}`)
	}
	var paths []string
	for _, r := range s.Requests() {
		paths = append(paths, r.Kind+" "+r.Path)
	}
	if expected := []string{
		"rest /repos/octo/parcels", "rest /repos/octo/parcels", "graphql /graphql", "graphql /graphql",
	}; !slices.Equal(paths, expected) {
		t.Errorf("requests %q", paths)
	}
}

func TestPrimaryLimits(t *testing.T) {
	t.Parallel()
	s := serverOf(t, octo(), Options{Now: day(1), RESTLimit: 2, GraphQLLimit: 1})
	const path = "/repos/octo/parcels?x=1"
	reset := fmt.Sprint(day(1).Unix() + 3600)
	for i, expected := range []string{"200 2 1 1 core", "200 2 0 2 core", "403 2 0 2 core"} {
		w := send(s, path, "User-Agent: t", "Authorization: Bearer x")
		h := w.Header()
		got := fmt.Sprintf("%d %s %s %s %s", w.Code, h.Get("X-RateLimit-Limit"), h.Get("X-RateLimit-Remaining"),
			h.Get("X-RateLimit-Used"), h.Get("X-RateLimit-Resource"))
		if got != expected || h.Get("X-RateLimit-Reset") != reset || h.Get("X-GitHub-Request-Id") == "" {
			t.Errorf("request %d: %q, reset %q", i, got, h.Get("X-RateLimit-Reset"))
		}
	}
	// Asking for the limits is free, even when nothing is left.
	if w := send(s, "/rate_limit", "User-Agent: t", "Authorization: Bearer x"); w.Code != http.StatusOK {
		t.Errorf("limits: %d %s", w.Code, w.Body)
	}
	if a := ask(t, s, `{viewer{login}}`, nil); len(a.Errors) > 0 {
		t.Errorf("within the limit: %s", a.body)
	}
	a := ask(t, s, `{viewer{login}}`, nil)
	if a.status != http.StatusOK || a.header.Get("X-RateLimit-Remaining") != "0" ||
		a.header.Get("X-RateLimit-Resource") != "graphql" || len(a.Errors) != 1 || a.Errors[0].Type != "RATE_LIMIT" {
		t.Errorf("past the limit: %d %v %s", a.status, a.header, a.body)
	}
	requests := s.Requests()
	if last := requests[len(requests)-1]; last != (Request{
		Kind: KindGraphQL, Method: "POST", Path: "/graphql", Query: `{viewer{login}}`, Status: 200, Cost: 0,
	}) {
		t.Errorf("%+v", last)
	}
	if first := requests[0]; first != (Request{
		Kind: KindREST, Method: "GET", Path: "/repos/octo/parcels", Query: "x=1", Status: 200, Cost: 1,
	}) {
		t.Errorf("%+v", first)
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	s := serverOf(t, fiveIssues(), Options{Faults: []Fault{
		{Path: "/repos/*/*", Skip: 1, Times: 2, Status: 502, Header: http.Header{"retry-after": {"3"}}, Body: "<html>"},
		{Operation: "slow", Status: 504, Body: "{}"},
		{Operation: "viewer", Times: -1, Partial: &PartialError{Type: "RESOURCE_LIMITS_EXCEEDED", Message: "too much"}},
		{
			Operation: "issues", Skip: 1, Partial: &PartialError{
				Type: "FORBIDDEN", Message: "no", Path: []any{"repository", "issues", "nodes", 1},
			},
		},
	}})
	var statuses []int
	for range 4 {
		w := send(s, "/repos/octo/parcels", "User-Agent: t", "Authorization: Bearer x")
		statuses = append(statuses, w.Code)
		if w.Code == 502 && (w.Header().Get("Retry-After") != "3" || w.Body.String() != "<html>") {
			t.Errorf("%v %s", w.Header(), w.Body)
		}
	}
	if !slices.Equal(statuses, []int{200, 502, 502, 200}) {
		t.Errorf("statuses %v", statuses)
	}
	slow := `{"query":"query slow{viewer{login}}"}`
	if w := post(s, "x", slow); w.Code != http.StatusGatewayTimeout {
		t.Errorf("first slow query: %d", w.Code)
	}
	for range 2 {
		want(t, json.RawMessage(post(s, "x", slow).Body.Bytes()), `{"data":{"viewer":{"login":"github-actions[bot]"}},
		 "errors":[{"type":"RESOURCE_LIMITS_EXCEEDED","message":"too much"}]}`)
	}
	query := `{repository(owner:"octo",name:"parcels"){issues(first:3){nodes{number}}}}`
	whole := `{"repository":{"issues":{"nodes":[{"number":1},{"number":2},{"number":3}]}}}`
	want(t, get(t, s, query), whole)
	a := ask(t, s, query, nil)
	want(t, a.Data, `{"repository":{"issues":{"nodes":[{"number":1},null,{"number":3}]}}}`)
	want(t, a.Errors, `[{"type":"FORBIDDEN","message":"no","path":["repository","issues","nodes",1],
	 "locations":[{"line":1,"column":58}]}]`)
	want(t, get(t, s, query), whole)
}

func TestDroppedConnection(t *testing.T) {
	t.Parallel()
	s := serverOf(t, octo(), Options{Faults: []Fault{{Drop: true}}})
	host := httptest.NewServer(s)
	defer host.Close()
	ask := func() (*http.Response, error) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, host.URL+"/repos/octo/parcels", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer x")
		// A fresh connection: net/http would retry on one that it had used before.
		return (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	}
	if answer, err := ask(); err == nil {
		t.Errorf("status %d", answer.StatusCode)
		_ = answer.Body.Close()
	}
	answer, err := ask()
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if r := s.Requests(); len(r) != 2 || r[0].Status != 0 || r[1].Status != http.StatusOK {
		t.Errorf("%+v", r)
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]Fault{
		"a bad pattern":       {Path: "["},
		"partial and dropped": {Drop: true, Partial: &PartialError{}},
		"a bad path":          {Partial: &PartialError{Path: []any{1.5}}},
	} {
		if _, err := New(octo(), Options{Faults: []Fault{f}}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := New(nil, Options{}); err == nil {
		t.Error("no world: no error")
	}
	var wrong *worldError
	if _, err := New(&World{}, Options{}); !errors.As(err, &wrong) {
		t.Errorf("a world without a name: %v", err)
	}
}
