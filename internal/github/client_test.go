package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shurcooL/githubv4"
)

// noon is the instant of every test.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// pauses records the waits of a client instead of waiting. The clock moves by each, and by nothing else.
type pauses struct {
	mu   sync.Mutex
	list []time.Duration
	now  time.Time
}

func (p *pauses) wait(ctx context.Context, d time.Duration) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.list = append(p.list, d)
	p.now = p.now.Add(d)
	return ctx.Err()
}

func (p *pauses) clock() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.now
}

// serve is a client of a server that answers as handler does.
func serve(t *testing.T, handler http.HandlerFunc) (*Client, *pauses) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return clientOf(t, server.URL)
}

// clientOf is a client of the host at address whose waits are recorded. Jitter takes nothing off.
func clientOf(t *testing.T, address string) (*Client, *pauses) {
	t.Helper()
	c, err := New(Options{Token: "s3cret", APIURL: address, UserAgent: "kpi-gate-test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c, virtual(c)
}

// virtual puts a client on a clock of its own. Jitter takes nothing off.
func virtual(c *Client) *pauses {
	p := &pauses{now: noon}
	c.transport.now, c.transport.wait = p.clock, p.wait
	c.transport.jitter = func(d time.Duration) time.Duration { return d }
	return p
}

// over is a client whose requests carry out does. Jitter takes nothing off.
func over(t *testing.T, carry roundTrip) (*Client, *pauses) {
	t.Helper()
	c, err := New(Options{Token: "s3cret", Transport: carry})
	if err != nil {
		t.Fatal(err)
	}
	return c, virtual(c)
}

// saying is an answer of status 200.
func saying(body string) *http.Response {
	return &http.Response{
		StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(body)),
		Header: http.Header{"Content-Type": {"application/json"}},
	}
}

// reply is one scripted answer.
type reply struct {
	status int
	header map[string]string
	body   string
	// drop closes the connection instead, after the given part of the body.
	drop bool
}

func (r reply) write(w http.ResponseWriter) {
	for name, value := range r.header {
		w.Header().Set(name, value)
	}
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
	}
	if r.drop && r.body == "" {
		panic(http.ErrAbortHandler)
	}
	if r.drop {
		// The announced length is never reached.
		w.Header().Set("Content-Length", fmt.Sprint(2*len(r.body)))
	}
	if r.status != 0 {
		w.WriteHeader(r.status)
	}
	_, _ = io.WriteString(w, r.body)
}

// script answers with the replies in turn; the last one goes on for ever.
func script(replies ...reply) http.HandlerFunc {
	var mu sync.Mutex
	next := 0
	return func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		r := replies[min(next, len(replies)-1)]
		next++
		mu.Unlock()
		r.write(w)
	}
}

// repositoryQuery is a small query.
type repositoryQuery struct {
	Repository struct {
		Name        githubv4.String
		Deployments struct {
			Nodes []struct {
				CommitOID githubv4.String `graphql:"commitOid"`
				Creator   *struct{ Login githubv4.String }
			}
		} `graphql:"deployments(first: 2)"`
	} `graphql:"repository(owner: \"o\", name: \"r\")"`
	RateLimit RateLimit
}

const goodAnswer = `{"data":{"repository":{"name":"r","deployments":{"nodes":[]}},
	"rateLimit":{"cost":3,"remaining":997}}}`

func getRepository(c *Client) error {
	_, _, err := c.REST.Repositories.Get(context.Background(), "o", "r")
	return err
}

func query(c *Client) error {
	var q repositoryQuery
	return c.Query(context.Background(), &q, nil)
}

func TestNew(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name          string
		api, graphql  string
		rest, queries string
	}{
		{"github.com", "", "", "https://api.github.com/", "https://api.github.com/graphql"},
		{
			"runner on github.com", "https://api.github.com", "https://api.github.com/graphql",
			"https://api.github.com/", "https://api.github.com/graphql",
		},
		{
			"enterprise server", "https://ghe.example.com/api/v3", "",
			"https://ghe.example.com/api/v3/", "https://ghe.example.com/api/graphql",
		},
		{
			"enterprise server by its host alone", "https://ghe.example.com", "",
			"https://ghe.example.com/api/v3/", "https://ghe.example.com/api/graphql",
		},
		{
			"data residency", "https://api.octocorp.ghe.com", "",
			"https://api.octocorp.ghe.com/", "https://api.octocorp.ghe.com/graphql",
		},
		{
			"both given", "http://127.0.0.1:8080", "http://127.0.0.1:8080/graphql",
			"http://127.0.0.1:8080/api/v3/", "http://127.0.0.1:8080/graphql",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, err := New(Options{APIURL: tt.api, GraphQLURL: tt.graphql})
			if err != nil {
				t.Fatal(err)
			}
			if got := c.REST.BaseURL.String(); got != tt.rest {
				t.Errorf("REST at %s, want %s", got, tt.rest)
			}
			if got := c.transport.graphql.String(); got != tt.queries {
				t.Errorf("GraphQL at %s, want %s", got, tt.queries)
			}
		})
	}
}

func TestNewRefusesAddress(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"api.github.com", "ftp://api.github.com", "https://u:s3cret@h/", "https://h:p", "/"} {
		_, err := New(Options{APIURL: address})
		if err == nil {
			t.Errorf("API URL %q: no error", address)
		} else if strings.Contains(err.Error(), "s3cret") {
			t.Errorf("API URL %q: the error shows the password: %v", address, err)
		}
	}
}

func TestRequestHeadersAndUsage(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header.Get("Authorization"); got != "Bearer s3cret" {
			t.Errorf("%s: Authorization %q", r.URL.Path, got)
		}
		if got := r.Header.Get("User-Agent"); got != "kpi-gate-test" {
			t.Errorf("%s: User-Agent %q", r.URL.Path, got)
		}
		body := `{"name":"r"}`
		if r.URL.Path == "/api/graphql" {
			body = goodAnswer
		}
		reply{body: body}.write(w)
	})
	for range 2 {
		if err := errors.Join(getRepository(c), query(c)); err != nil {
			t.Fatal(err)
		}
	}
	// Four requests, two of them queries of 3 points each.
	sent := int64(2*len(`{"name":"r"}`) + 2*len(goodAnswer))
	if got, want := c.Usage(), (Usage{Requests: 4, Points: 6, Bytes: sent}); got != want {
		t.Errorf("usage %+v, want %+v", got, want)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	const forbidden = `{"message":"Resource not accessible by integration"}`
	tests := []struct {
		name   string
		answer reply
		rest   bool
		check  func(error) string
	}{
		{"bad token", reply{status: 401, body: `{"message":"Bad credentials"}`}, true, func(err error) string {
			var e *AuthError
			return ifNot(errors.As(err, &e) && e.Message == "Bad credentials")
		}},
		{"missing permission", reply{
			status: 403, body: forbidden, header: map[string]string{"X-Accepted-GitHub-Permissions": "pull_requests=read"},
		}, true, func(err error) string {
			var e *PermissionError
			return ifNot(errors.As(err, &e) && e.Permission == "pull-requests: read")
		}},
		{"missing permission with the last request of the hour", reply{
			status: 403, body: forbidden, header: map[string]string{
				"X-Accepted-GitHub-Permissions": "actions=read",
				"X-RateLimit-Remaining":         "0", "X-RateLimit-Reset": epoch(30 * time.Minute),
			},
		}, true, func(err error) string {
			var e *PermissionError
			return ifNot(errors.As(err, &e) && e.Permission == "actions: read")
		}},
		{"not found", reply{status: 404, body: `{"message":"Not Found"}`}, true, func(err error) string {
			var e *NotFoundError
			return ifNot(errors.As(err, &e) && e.Asked == "GET /api/v3/repos/o/r")
		}},
		{
			"a proxy's page",
			reply{body: "<html>", header: map[string]string{"Content-Type": "text/html"}},
			true,
			func(err error) string {
				var e *AnswerError
				return ifNot(errors.As(err, &e) && strings.Contains(e.Detail, "a page instead of JSON"))
			},
		},
		{"GraphQL, a field forbidden", reply{
			body: `{"data":{"repository":{"deployments":null}},"errors":[{"type":"FORBIDDEN",` +
				`"path":["repository","deployments"],"message":"Resource not accessible by integration"}]}`,
		}, false, func(err error) string {
			var e *PermissionError
			return ifNot(errors.As(err, &e) && e.Permission == "deployments: read" &&
				e.Asked == "POST /api/graphql: repository.deployments")
		}},
		{"GraphQL, no such repository", reply{
			body: `{"data":{"repository":null},"errors":[{"type":"NOT_FOUND","path":["repository"],"message":"No"}]}`,
		}, false, func(err error) string {
			var e *NotFoundError
			return ifNot(errors.As(err, &e) && e.Path == "repository")
		}},
		{"GraphQL, resource limits", reply{
			body: `{"data":{"repository":{}},"errors":[{"type":"RESOURCE_LIMITS_EXCEEDED","message":"Too much"}]}`,
		}, false, func(err error) string {
			var e *TimeoutError
			return ifNot(errors.As(err, &e) && e.Message == "Too much")
		}},
		{"GraphQL, given up on", reply{
			body: `{"data":null,"errors":[{"message":"Something went wrong while executing your query. Please ..."}]}`,
		}, false, func(err error) string {
			var e *TimeoutError
			return ifNot(errors.As(err, &e))
		}},
		{"GraphQL, a page with a status of its own", reply{
			status: 418, body: strings.Repeat("<p>\x1b[31m", 100), header: map[string]string{"Content-Type": "text/html"},
		}, false, func(err error) string {
			// Foreign text is quoted and cut, so that it cannot take over a terminal or a log.
			var e *AnswerError
			return ifNot(errors.As(err, &e) && strings.HasPrefix(e.Detail, `"<p>\x1b[31m`) && len(e.Detail) < 300)
		}},
		{"GraphQL, undefined field", reply{
			body: `{"errors":[{"path":["query","repository","x"],"extensions":{"code":"x"},"message":"Field 'x'"}]}`,
		}, false, func(err error) string {
			var e *QueryError
			return ifNot(errors.As(err, &e) && e.Path == "query.repository.x" && e.Message == "Field 'x'")
		}},
		{"GraphQL, a node of the feed itself missing", reply{
			body: `{"data":{"repository":{"deployments":{"nodes":[null]}}},"errors":[{"type":"FORBIDDEN",` +
				`"path":["repository","deployments","nodes",0],"message":"no"}]}`,
		}, false, func(err error) string {
			var e *PermissionError
			return ifNot(errors.As(err, &e))
		}},
		{"GraphQL, a nested list forbidden", reply{
			// Null here would read as "no pull requests".
			body: `{"data":{"repository":{}},"errors":[{"type":"FORBIDDEN","path":` +
				`["repository","object","history","nodes",0,"associatedPullRequests"],"message":"no"}]}`,
		}, false, func(err error) string {
			var e *PermissionError
			return ifNot(errors.As(err, &e) && e.Permission == "pull-requests: read")
		}},
		{"GraphQL, a commit behind a pull request forbidden", reply{
			body: `{"data":{"repository":{}},"errors":[{"type":"FORBIDDEN","path":["repository","issues","nodes",0,` +
				`"closedByPullRequestsReferences","nodes",0,"mergeCommit"],"message":"no"}]}`,
		}, false, func(err error) string {
			var e *PermissionError
			return ifNot(errors.As(err, &e) && e.Permission == "contents: read")
		}},
		{"GraphQL, neither data nor errors", reply{body: `{}`}, false, func(err error) string {
			var e *AnswerError
			return ifNot(errors.As(err, &e))
		}},
		{"GraphQL, a list", reply{body: `[]`}, false, func(err error) string {
			var e *AnswerError
			return ifNot(errors.As(err, &e))
		}},
		{"GraphQL, bad request", reply{status: 400, body: `{"message":"A query is missing"}`}, false, func(err error) string {
			var e *AnswerError
			return ifNot(errors.As(err, &e) && e.Status == 400 && e.Detail == "A query is missing")
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, p := serve(t, script(tt.answer))
			var err error
			if tt.rest {
				err = getRepository(c)
			} else {
				err = query(c)
			}
			if err == nil {
				t.Fatal("no error")
			}
			if wrong := tt.check(err); wrong != "" {
				t.Errorf("%s: %T: %v", wrong, errors.Unwrap(err), err)
			}
			if text := err.Error(); strings.Contains(text, "s3cret") || !strings.Contains(text, "/api/") {
				t.Errorf("the error shows the token, or does not say what was asked: %v", err)
			}
			// Resource limits are answered by one retry, as timeouts are, and so is what is not the API's answer (status
			// 200); nothing else here may pass by itself.
			var (
				timeout *TimeoutError
				foreign *AnswerError
				want    int
			)
			if errors.As(err, &timeout) || errors.As(err, &foreign) && foreign.Status == http.StatusOK &&
				!strings.Contains(foreign.Detail, "not a GraphQL answer") {
				want = 1
			}
			if len(p.list) != want {
				t.Errorf("waited %v, want %d waits", p.list, want)
			}
		})
	}
}

func ifNot(ok bool) string {
	if ok {
		return ""
	}
	return "not the error that was wanted"
}

func epoch(after time.Duration) string { return fmt.Sprint(noon.Add(after).Unix()) }

// TestHiddenLeaf: what a token may not see of a node's actor does not spoil the page.
func TestHiddenLeaf(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, script(reply{
		body: `{"data":{"repository":{"name":"r","deployments":{"nodes":[{"commitOid":"a","creator":null},` +
			`{"commitOid":"b","creator":{"login":"x"}}]}},"rateLimit":{"cost":1,"remaining":9}},` +
			`"errors":[{"type":"FORBIDDEN","path":["repository","deployments","nodes",0,"creator"],"message":"no"}]}`,
	}))
	var q repositoryQuery
	if err := c.Query(context.Background(), &q, nil); err != nil {
		t.Fatal(err)
	}
	nodes := q.Repository.Deployments.Nodes
	if len(nodes) != 2 || nodes[0].Creator != nil || nodes[1].Creator == nil || nodes[1].CommitOID != "b" {
		t.Errorf("nodes %+v", nodes)
	}
	if got := c.Usage().Points; got != 1 {
		t.Errorf("points %d, want 1", got)
	}
}

func TestRetries(t *testing.T) {
	t.Parallel()
	var (
		good        = reply{body: `{"name":"r"}`}
		goodQuery   = reply{body: goodAnswer}
		badGateway  = reply{status: 502, body: "<html>"}
		unavailable = reply{status: 503}
		limitedFor  = func(seconds string) reply {
			return reply{status: 429, header: map[string]string{"Retry-After": seconds}, body: `{"message":"slow down"}`}
		}
		limitedUntil = func(d time.Duration) reply {
			return reply{
				status: 403, body: `{"message":"API rate limit exceeded for installation ID 1."}`,
				header: map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": epoch(d)},
			}
		}
		limitedQuery = func(d time.Duration) reply {
			return reply{
				body:   `{"data":null,"errors":[{"type":"RATE_LIMITED","message":"API rate limit exceeded"}]}`,
				header: map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": epoch(d)},
			}
		}
		limit      = func(err error) bool { var e *RateLimitError; return errors.As(err, &e) }
		limitUntil = func(at time.Time) func(error) bool {
			return func(err error) bool { var e *RateLimitError; return errors.As(err, &e) && e.Reset.Equal(at) }
		}
		timeout     = func(err error) bool { var e *TimeoutError; return errors.As(err, &e) }
		unreachable = func(err error) bool { var e *UnreachableError; return errors.As(err, &e) }
		s           = time.Second
	)
	tests := []struct {
		name    string
		replies []reply
		call    func(*Client) error
		// failure is nil where the call must succeed.
		failure func(error) bool
		waits   []time.Duration
	}{
		{"unavailable twice", []reply{unavailable, unavailable, good}, getRepository, nil, []time.Duration{s, 2 * s}},
		{"unavailable for ever", []reply{unavailable}, getRepository, unreachable, []time.Duration{s, 2 * s, 4 * s}},
		{"dropped", []reply{{drop: true}, good}, getRepository, nil, []time.Duration{s}},
		{"broken off", []reply{{drop: true, body: `{"na`}, good}, getRepository, nil, []time.Duration{s}},
		{"cut short", []reply{{body: `{"na`}, good}, getRepository, nil, []time.Duration{s}},
		{"query dropped", []reply{{drop: true}, goodQuery}, query, nil, []time.Duration{s}},
		{"query timed out once", []reply{badGateway, goodQuery}, query, nil, []time.Duration{s}},
		{"query timed out twice", []reply{badGateway, {status: 504}, goodQuery}, query, timeout, []time.Duration{s}},
		{"REST timed out", []reply{badGateway, badGateway, good}, getRepository, nil, []time.Duration{s, 2 * s}},
		{"retry after", []reply{limitedFor("7"), good}, getRepository, nil, []time.Duration{7 * s}},
		{"retry after too long", []reply{limitedFor("3601")}, getRepository, limitUntil(noon.Add(3601 * s)), nil},
		{
			"retry after a date",
			[]reply{limitedFor(noon.Add(90 * s).Format(http.TimeFormat)), good},
			getRepository, nil,
			[]time.Duration{90 * s},
		},
		// No time named: a minute, the shortest that GitHub asks for.
		{
			"secondary limit",
			[]reply{{status: 403, body: `{"message":"You have exceeded a secondary rate limit"}`}, good},
			getRepository, nil,
			[]time.Duration{60 * s},
		},
		{
			"secondary limit for ever",
			[]reply{{status: 403, body: `{"message":"You have exceeded a secondary rate limit"}`}},
			// 60 + 120 + 240 s were waited; the next would be 480.
			getRepository, limitUntil(noon.Add((60 + 120 + 240 + 480) * s)),
			[]time.Duration{60 * s, 120 * s, 240 * s},
		},
		{
			"secondary limit whatever remains of the hour",
			[]reply{{
				status: 403, body: `{"message":"You have exceeded a secondary rate limit"}`,
				header: map[string]string{"X-RateLimit-Remaining": "700", "X-RateLimit-Reset": epoch(40 * time.Minute)},
			}, good},
			getRepository, nil,
			[]time.Duration{60 * s},
		},
		{
			"a reset that is over",
			[]reply{limitedUntil(-time.Hour), good},
			getRepository, nil,
			[]time.Duration{60 * s},
		},
		{
			"a list that times out",
			[]reply{badGateway, {status: 504}, badGateway, {body: `[]`}},
			listMany, timeout,
			[]time.Duration{s, 2 * s},
		},
		{"a list of one that times out", []reply{badGateway}, listOne, unreachable, []time.Duration{s, 2 * s, 4 * s}},
		{"a list that fails otherwise", []reply{unavailable}, listMany, unreachable, []time.Duration{s, 2 * s, 4 * s}},
		{
			"secondary limit by its header alone",
			[]reply{{status: 403, header: map[string]string{"Retry-After": "9"}}, good},
			getRepository, nil,
			[]time.Duration{9 * s},
		},
		// An answer that names no wait at all does not make four requests at once.
		{"retry after nothing", []reply{limitedFor("0"), good}, getRepository, nil, []time.Duration{60 * s}},
		// The reset is a whole second, so one more is waited: 20 + 1.
		{"primary limit", []reply{limitedUntil(20 * s), good}, getRepository, nil, []time.Duration{21 * s}},
		{
			"primary limit for long",
			[]reply{limitedUntil(40 * time.Minute), good},
			getRepository, nil,
			[]time.Duration{40*time.Minute + s},
		},
		{
			"primary limit for too long",
			[]reply{limitedUntil(time.Hour)},
			getRepository,
			limitUntil(noon.Add(time.Hour + s)), nil,
		},
		{"limits for ever", []reply{limitedFor("5")}, getRepository, limit, []time.Duration{5 * s, 5 * s, 5 * s}},
		{"GraphQL limit", []reply{limitedQuery(30 * s), goodQuery}, query, nil, []time.Duration{31 * s}},
		{"GraphQL limit for long", []reply{limitedQuery(time.Hour)}, query, limitUntil(noon.Add(time.Hour + s)), nil},
		{"GraphQL limit by its other name", []reply{
			{
				body: `{"errors":[{"type":"RATE_LIMIT","code":"graphql_rate_limit",` +
					`"message":"API rate limit already exceeded"}]}`,
				header: map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": epoch(30 * s)},
			},
			goodQuery,
		}, query, nil, []time.Duration{31 * s}},
		{"GraphQL secondary limit", []reply{
			{body: `{"message":"You have exceeded a secondary rate limit."}`, header: map[string]string{"Retry-After": "3"}},
			goodQuery,
		}, query, nil, []time.Duration{3 * s}},
		{"a write that failed", []reply{unavailable, good}, comment, unreachable, nil},
		{
			"a write that was not carried out",
			[]reply{limitedFor("2"), {status: 201, body: `{"id":1}`}},
			comment, nil,
			[]time.Duration{2 * s},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, p := serve(t, script(tt.replies...))
			err := tt.call(c)
			switch {
			case tt.failure == nil && err != nil:
				t.Errorf("unexpected error: %v", err)
			case tt.failure != nil && (err == nil || !tt.failure(err)):
				t.Errorf("not the error that was wanted: %v", err)
			}
			if !slices.Equal(p.list, tt.waits) {
				t.Errorf("waited %v, want %v", p.list, tt.waits)
			}
			waited := time.Duration(0)
			for _, wait := range tt.waits {
				waited += wait
			}
			if got := c.Usage(); got.Requests != len(tt.waits)+1 || got.Retries != len(tt.waits) || got.Waited != waited {
				t.Errorf("usage %+v, want %d requests, all but one of them again, after %v", got, len(tt.waits)+1, waited)
			}
		})
	}
}

// listMany reads a page of a list that could be smaller, listOne one that could not.
func listMany(c *Client) error { return list(c, "repos/o/r/issues?per_page=100") }

func listOne(c *Client) error { return list(c, "repos/o/r/issues?per_page=1") }

func list(c *Client, address string) error {
	request, err := c.REST.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	_, err = c.REST.Do(context.Background(), request, &[]any{})
	return err
}

// comment creates something, which must not happen twice.
func comment(c *Client) error {
	request, err := c.REST.NewRequest(http.MethodPost, "repos/o/r/issues/1/comments", map[string]string{"body": "hello"})
	if err != nil {
		return err
	}
	_, err = c.REST.Do(context.Background(), request, nil)
	return err
}

// TestRetriesSendTheBodyAgain: a query that is repeated is whole each time.
func TestRetriesSendTheBodyAgain(t *testing.T) {
	t.Parallel()
	var bodies []string
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		bodies = append(bodies, string(body))
		if len(bodies) == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		reply{body: goodAnswer}.write(w)
	})
	if err := query(c); err != nil {
		t.Fatal(err)
	}
	if len(bodies) != 2 || bodies[0] != bodies[1] || !json.Valid([]byte(bodies[0])) {
		t.Errorf("bodies %q", bodies)
	}
}

// TestUsedUpBudget: who was refused for an hour asks no more, and a REST limit does not stop queries.
func TestUsedUpBudget(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/graphql" {
			reply{body: goodAnswer}.write(w)
			return
		}
		reply{status: 403, body: `{"message":"API rate limit exceeded"}`, header: map[string]string{
			"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": epoch(time.Hour),
		}}.write(w)
	})
	for range 3 {
		var limit *RateLimitError
		if err := getRepository(c); !errors.As(err, &limit) || !limit.Reset.Equal(noon.Add(time.Hour+time.Second)) {
			t.Fatalf("not a rate limit until one o'clock: %v", err)
		}
	}
	if err := query(c); err != nil {
		t.Fatal(err)
	}
	// One refused request and one query: the second and third were not sent.
	if got := c.Usage().Requests; got != 2 {
		t.Errorf("%d requests, want 2", got)
	}
}

// TestLastOfTheHour: an answer that says none remain is a good answer, and the next request is GitHub's to refuse.
func TestLastOfTheHour(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, script(reply{body: `{"name":"r"}`, header: map[string]string{
		"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": epoch(time.Hour),
	}}))
	if err := errors.Join(getRepository(c), getRepository(c)); err != nil {
		t.Fatal(err)
	}
}

// endless is a body that never ends.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	e.read += len(p)
	return len(p), nil
}

func (e *endless) Close() error { return nil }

func TestEndlessAnswer(t *testing.T) {
	t.Parallel()
	body := &endless{}
	c, err := New(Options{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: body}, nil
	})})
	if err != nil {
		t.Fatal(err)
	}
	c.transport.maxBody = 1000
	var answer *AnswerError
	if err := getRepository(c); !errors.As(err, &answer) {
		t.Errorf("error %v, want an AnswerError", err)
	}
	if body.read > 1001 {
		t.Errorf("read %d bytes of an endless answer", body.read)
	}
	// A query can ask for less at a time.
	var tooMuch *TimeoutError
	if err := query(c); !errors.As(err, &tooMuch) {
		t.Errorf("error %v, want a TimeoutError", err)
	}
}

func TestAcceptedPermissions(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"":                                "",
		"deployments=read":                "deployments: read",
		"pull_requests=read":              "pull-requests: read",
		"issues=read; pull_requests=read": "issues: read or pull-requests: read",
		"contents=read,actions=read":      "contents: read and actions: read",
		"nonsense":                        "",
	} {
		if got := accepted(header); got != want {
			t.Errorf("accepted(%q) = %q, want %q", header, got, want)
		}
	}
}
