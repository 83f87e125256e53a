package githubsim

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// host serves s over loopback, as a client sees it that follows no redirects.
func host(t *testing.T, s http.Handler) func(ctx context.Context, method, path, body string) (*http.Response, error) {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	// A fresh connection each time: net/http would send again on one that it had used before.
	transport := &http.Transport{DisableKeepAlives: true}
	return func(ctx context.Context, method, path, body string) (*http.Response, error) {
		r, err := http.NewRequestWithContext(ctx, method, server.URL+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer x")
		return transport.RoundTrip(r)
	}
}

const (
	parcelsPath  = "/repos/octo/parcels"
	viewerQuery  = `{"query":"{viewer{login}}"}`
	viewerAnswer = `{"data":{"viewer":{"login":"github-actions[bot]"}}}`
)

// A truncated answer announces its whole length, sends less, and the next one is whole.
func TestTruncatedAnswers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name               string
		fault              Fault
		method, path, body string
		status, sent       int
	}{
		{"by REST", Truncated(10), http.MethodGet, parcelsPath, "", 200, 10},
		{"by GraphQL", Truncated(8), http.MethodPost, "/graphql", viewerQuery, 200, 8},
		{"all but one byte", Truncated(1 << 30), http.MethodPost, "/graphql", viewerQuery, 200, len(viewerAnswer) - 1},
		{"a scripted answer", Fault{Truncate: 3, Status: 500, Body: "sorry"}, http.MethodGet, parcelsPath, "", 500, 3},
		{"an error of GitHub's", Truncated(4), http.MethodGet, "/repos/octo/none", "", 404, 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := serverOf(t, octo(), Options{Faults: []Fault{c.fault}})
			ask := host(t, s)
			w, err := ask(t.Context(), c.method, c.path, c.body)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = w.Body.Close() }()
			got, err := io.ReadAll(w.Body)
			if !errors.Is(err, io.ErrUnexpectedEOF) || w.StatusCode != c.status || len(got) != c.sent ||
				w.ContentLength <= int64(c.sent) {
				t.Errorf("%d, %d of %d bytes, %v", w.StatusCode, len(got), w.ContentLength, err)
			}
			whole, err := ask(t.Context(), c.method, c.path, c.body)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = whole.Body.Close() }()
			if text, err := io.ReadAll(whole.Body); err != nil || len(text) <= c.sent && c.fault.Body == "" {
				t.Errorf("afterwards: %d bytes, %v", len(text), err)
			}
			if r := s.Requests(); len(r) != 2 || r[0].Status != c.status || r[0].Cost != 1 {
				t.Errorf("%+v", r)
			}
		})
	}
}

// A hanging request ends when its client goes, and not before.
func TestHangingRequests(t *testing.T) {
	t.Parallel()
	s := serverOf(t, octo(), Options{Faults: []Fault{{Hang: true, Times: 2}}})
	reached := make(chan struct{})
	ask := host(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reached <- struct{}{}
		s.ServeHTTP(w, r)
	}))
	for _, c := range []struct{ method, path, body string }{
		{http.MethodGet, parcelsPath, ""}, {http.MethodPost, "/graphql", viewerQuery + strings.Repeat(" ", 1<<16)},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() {
			w, err := ask(ctx, c.method, c.path, c.body)
			if err == nil {
				_ = w.Body.Close()
			}
			ended <- err
		}()
		<-reached
		select {
		case err := <-ended:
			t.Errorf("%s: ended by itself: %v", c.path, err)
			cancel()
			continue
		default:
		}
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", c.path, err)
		}
	}
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name               string
		fault              Fault
		method, path, body string
		status             int
		location           string
	}{
		{
			"a renamed repository", RedirectTo("/repositories/7"), http.MethodGet, parcelsPath + "?x=1", "", 301,
			"http://HOST/repositories/7?x=1",
		},
		{
			"another host", RedirectTo("https://evil.example/steal?y=2"), http.MethodGet, parcelsPath + "?x=1", "", 301,
			"https://evil.example/steal?y=2",
		},
		{
			"a query", RedirectTo("/graphql"), http.MethodPost, "/graphql", viewerQuery, 307, "http://HOST/graphql",
		},
		{
			"by a status",
			Fault{Redirect: "/a", Status: 302, Body: "gone"},
			http.MethodGet, parcelsPath, "", 302,
			"http://HOST/a",
		},
		{
			"a host of an enterprise", RedirectTo("/repositories/7"), http.MethodGet, "/api/v3" + parcelsPath, "", 301,
			"http://HOST/api/v3/repositories/7",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w, err := host(t, serverOf(t, octo(), Options{Faults: []Fault{c.fault}}))(t.Context(), c.method, c.path, c.body)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = w.Body.Close() }()
			location := strings.ReplaceAll(w.Header.Get("Location"), w.Request.URL.Host, "HOST")
			if w.StatusCode != c.status || location != c.location {
				t.Errorf("%d to %s", w.StatusCode, location)
			}
		})
	}
}

// A spent limit tells when it is reset, costs nothing, and says so in each API's own way.
func TestSpentLimit(t *testing.T) {
	t.Parallel()
	s := serverOf(t, octo(), Options{Now: day(1), Faults: []Fault{{Spent: 5 * time.Minute, Times: 2}}})
	reset := strconv.FormatInt(day(1).Add(5*time.Minute).Unix(), 10)
	rest := send(s, parcelsPath, "User-Agent: t", "Authorization: Bearer x")
	query := post(s, "x", viewerQuery)
	for _, w := range []*httptest.ResponseRecorder{rest, query} {
		h := w.Header()
		if h.Get("X-RateLimit-Remaining") != "0" || h.Get("X-RateLimit-Used") != "1000" ||
			h.Get("X-RateLimit-Reset") != reset {
			t.Errorf("%v", h)
		}
	}
	if rest.Code != http.StatusForbidden || !strings.Contains(rest.Body.String(), "API rate limit exceeded") {
		t.Errorf("%d %s", rest.Code, rest.Body)
	}
	want(t, json.RawMessage(query.Body.Bytes()),
		`{"errors":[{"type":"RATE_LIMITED","message":"API rate limit exceeded for installation ID 1."}]}`)
	if w := send(s, parcelsPath, "User-Agent: t", "Authorization: Bearer x"); w.Code != http.StatusOK ||
		w.Header().Get("X-RateLimit-Used") != "1" || query.Code != http.StatusOK {
		t.Errorf("afterwards: %d, used %s", w.Code, w.Header().Get("X-RateLimit-Used"))
	}
}

// Faults of large pages leave small ones alone.
func TestFaultsByPage(t *testing.T) {
	t.Parallel()
	w := fiveIssues()
	many := func(n int) string {
		return strings.Join(slices.Repeat([]string{`"` + (&Issue{Number: 1}).node() + `"`}, n), ",")
	}
	for _, c := range []struct {
		name, query string
		variables   map[string]any
		hit         bool
	}{
		{"too large", `{repository(owner:"octo",name:"parcels"){issues(first:51){nodes{number}}}}`, nil, true},
		{"large enough", `{repository(owner:"octo",name:"parcels"){issues(first:50){nodes{number}}}}`, nil, false},
		{"from the end", `{repository(owner:"octo",name:"parcels"){issues(last:51){nodes{number}}}}`, nil, true},
		{
			"by a variable", `query($n:Int!){repository(owner:"octo",name:"parcels"){issues(first:$n){nodes{number}}}}`,
			map[string]any{"n": 60},
			true,
		},
		{
			"only the outermost list counts",
			`{repository(owner:"octo",name:"parcels"){issues(first:9){nodes{labels(first:99){nodes{id}}}}}}`, nil, false,
		},
		{
			"the largest of the outermost",
			`{repository(owner:"octo",name:"parcels"){issues(first:9){totalCount}
			 ...on Repository{labels(first:80){totalCount}}}}`, nil, true,
		},
		{
			"what is left out does not count",
			`{repository(owner:"octo",name:"parcels"){name issues(first:99) @skip(if:true){nodes{id}}}}`, nil, false,
		},
		{"ids", `{a:nodes(ids:[` + many(26) + `]){id} b:nodes(ids:[` + many(25) + `]){id}}`, nil, true},
		{"few ids", `{a:nodes(ids:[` + many(25) + `]){id} b:nodes(ids:[` + many(25) + `]){id}}`, nil, false},
		{"no list", `{viewer{login}}`, nil, false},
	} {
		s := serverOf(t, w, Options{Faults: []Fault{LargePages("", 50)}})
		body, err := json.Marshal(map[string]any{"query": c.query, "variables": c.variables})
		if err != nil {
			t.Fatal(err)
		}
		if got := post(s, "x", string(body)); (got.Code == http.StatusBadGateway) != c.hit || strings.Contains(
			got.Body.String(), "errors") {
			t.Errorf("%s: %d %s", c.name, got.Code, got.Body)
		}
	}
	s := serverOf(t, w, Options{Faults: []Fault{LargePages("", 50)}})
	for query, status := range map[string]int{
		"?per_page=51": 502, "?per_page=50": 200, "": 200, "?per_page=500": 502, "?per_page=x": 200, "?per_page=51&%zz": 400,
	} {
		if got := send(s, parcelsPath+"/issues"+query, "User-Agent: t", "Authorization: Bearer x"); got.Code != status {
			t.Errorf("%q: %d", query, got.Code)
		}
	}
}

// Each of the ready-made faults looks as GitHub does.
func TestReadyFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		fault  Fault
		status int
		header string
		body   string
	}{
		{"secondary limit", SecondaryLimit(90 * time.Second), 403, "Retry-After: 90", "exceeded a secondary rate limit"},
		{"part of a second", SecondaryLimit(time.Millisecond), 403, "Retry-After: 1", "exceeded a secondary rate limit"},
		{"secondary limit without a time", SecondaryLimit(0), 403, "Retry-After: ", "exceeded a secondary rate limit"},
		{"too many requests", TooManyRequests(0), 429, "Retry-After: ", "exceeded a secondary rate limit"},
		{"bad gateway", BadGateway("viewer", 1), 502, "", "Server Error"},
		{"gateway timeout", GatewayTimeout("viewer", 1), 504, "", "in time"},
		{"server error", ServerError(), 500, "", "Server Error"},
		{"unavailable", Unavailable(), 503, "", "Server Error"},
		{"resource limits", ResourceLimits("viewer", "viewer", "login"), 200, "", "RESOURCE_LIMITS_EXCEEDED"},
		{"incomplete", Incomplete("viewer"), 200, "", "Something went wrong"},
		{"no data", NoData("viewer"), 200, "", `{"data":null}`},
		{"page", Page(), 200, "Content-Type: text/html; charset=utf-8", "<!DOCTYPE html>"},
	} {
		s := serverOf(t, octo(), Options{Faults: []Fault{c.fault}})
		w := post(s, "x", viewerQuery)
		name, value, _ := strings.Cut(c.header, ": ")
		if w.Code != c.status || name != "" && w.Header().Get(name) != value || !strings.Contains(w.Body.String(), c.body) {
			t.Errorf("%s: %d %v %s", c.name, w.Code, w.Header(), w.Body)
		}
		if w := post(s, "x", viewerQuery); w.Body.String() != viewerAnswer {
			t.Errorf("%s, afterwards: %s", c.name, w.Body)
		}
	}
}

// TestFaultsByField: a field that the variables of a query leave out is none that it selects.
func TestFaultsByField(t *testing.T) {
	t.Parallel()
	s, err := New(&World{Repo: Repo{Owner: "o", Name: "r"}}, Options{Faults: []Fault{
		{Operation: "labels", Times: -1, Status: http.StatusBadGateway},
	}})
	if err != nil {
		t.Fatal(err)
	}
	const query = `query($with: Boolean!) { repository(owner: "o", name: "r") {
		name, issues(first: 1) @include(if: $with) { nodes { labels(first: 1) { totalCount } } } } }`
	for with, want := range map[bool]int{true: http.StatusBadGateway, false: http.StatusOK} {
		body, err := json.Marshal(map[string]any{"query": query, "variables": map[string]any{"with": with}})
		if err != nil {
			t.Fatal(err)
		}
		if got := post(s, "t", string(body)).Code; got != want {
			t.Errorf("with labels %t: status %d, want %d", with, got, want)
		}
	}
	// A query that is refused names what is no directive at all.
	unknown := `{"query": "{ repository(owner: \"o\", name: \"r\") { labels(first: 1) @nothing { totalCount } } }"}`
	if got := post(s, "t", unknown).Code; got != http.StatusBadGateway {
		t.Errorf("an unknown directive: status %d", got)
	}
}
