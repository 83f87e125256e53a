// Package githubsim serves a World the way api.github.com serves a repository: REST and GraphQL with their pagination,
// limits, errors and permissions. It is what the demo reads and what the tests measure against. Nothing in it reads a
// clock, a file or the network: the same world and the same requests give the same answers.
package githubsim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Options says how the simulated host treats its callers.
type Options struct {
	// Token is the only token that is accepted; when it is empty, any token is (but none at all is not).
	Token string
	// Denied names permissions that the token lacks, by their names in a workflow's permissions key: "deployments",
	// "actions", "issues", "pull-requests", "contents", "vulnerability-alerts", "security-events", "checks", "statuses".
	// What ends in ": write", such as "pull-requests: write", may be read but not written.
	Denied []string
	// Off names features that the repository has turned off, as REST tells it: "dependabot-alerts", "code-scanning",
	// "issues".
	Off []string
	// Now is the instant that rate limits count from: they are reset an hour later.
	Now time.Time
	// RESTLimit and GraphQLLimit are the primary limits, in requests and in points an hour. 0 means 1,000, which is what
	// a workflow's own token has (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api).
	RESTLimit, GraphQLLimit int
	// Faults are what goes wrong, tried in order: the first one that matches a request decides its answer.
	Faults []Fault
	// Private makes the repository private whatever the world says.
	Private bool
	// Viewer is the login of the account that the token acts as; empty: github-actions[bot], as a workflow's own does.
	Viewer string
	// ReadOnly makes the token one that writes nothing, as that of a run for a pull request from a fork.
	ReadOnly bool
}

// The kinds of Request.
const (
	KindREST    = "rest"
	KindGraphQL = "graphql"
)

// Request is a request that was served, refused ones included.
type Request struct {
	// Kind is KindREST or KindGraphQL.
	Kind   string
	Method string
	// Path is the path without the "/api" or "/api/v3" of a GitHub Enterprise host.
	Path string
	// Query is the raw query string of a REST request, and the text of a GraphQL query.
	Query string
	// Status is the HTTP status of the answer, 0 when the connection was dropped.
	Status int
	// Cost is what the request took from its primary limit.
	Cost int
}

// Server is a simulated GitHub with one repository. It is safe for concurrent use.
type Server struct {
	// world is what was served at first; what is written makes new ones of it.
	world  *World
	opts   Options
	served atomic.Pointer[state]
	routes http.Handler
	graph  *graphQL

	// writing is held by who makes a new state.
	writing sync.Mutex
	written Written
	writes  int

	mu       sync.Mutex
	requests []Request
	used     map[string]int
	hits     []int
}

// state is the repository at one moment. It is not changed: a write puts another in its place.
type state struct {
	world *World
	index *index
	rest  *restAPI
}

// New serves w the way api.github.com does. The world must not change afterwards, and is not changed by what is written
// to the server.
func New(w *World, opts Options) (*Server, error) {
	if w == nil {
		return nil, errors.New("serving a simulated GitHub: no world")
	}
	if err := w.validate(); err != nil {
		return nil, fmt.Errorf("serving a simulated GitHub: %w", err)
	}
	for i, f := range opts.Faults {
		if err := f.validate(); err != nil {
			return nil, fmt.Errorf("serving a simulated GitHub: fault %d: %w", i, err)
		}
	}
	s := &Server{world: w, opts: opts, used: map[string]int{}, hits: make([]int, len(opts.Faults))}
	graph, err := newGraphQL(s)
	if err != nil {
		return nil, fmt.Errorf("serving a simulated GitHub: %w", err)
	}
	s.graph = graph
	s.routes = routeREST(s)
	s.serve(w)
	return s, nil
}

// serve puts a world in the place of the one that is served.
func (s *Server) serve(w *World) {
	ix := newIndex(w)
	s.served.Store(&state{world: w, index: ix, rest: newREST(s, w, ix)})
}

// Requests is every request served so far, in the order in which they were finished.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.requests...)
}

// ServeHTTP answers POST /graphql (on a GitHub Enterprise host /api/graphql) by GraphQL and everything else by REST,
// with or without the prefix /api/v3. A fault that drops the connection panics with http.ErrAbortHandler, which is how
// net/http lets a handler do so.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r = withBase(r)
	call := &call{ResponseWriter: w, Request: Request{
		Kind: KindREST, Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery,
	}}
	graphql := r.Method == http.MethodPost && r.URL.Path == "/graphql"
	if graphql {
		call.Kind, call.Query = KindGraphQL, ""
	}
	defer s.finish(call)
	s.setHeaders(call)
	if !s.admit(call, r) {
		return
	}
	if graphql {
		s.graph.serve(call, r)
		return
	}
	s.serveREST(call, r)
}

// serveREST applies faults and the primary limit, then answers.
func (s *Server) serveREST(c *call, r *http.Request) {
	f := s.fault(asked{method: c.Method, path: c.Path, page: pageAskedOfREST(r.URL.RawQuery)})
	if f != nil {
		if f.replaces() {
			s.replace(c, r, resourceCore, f)
			return
		}
		defer shortened(c, f.Truncate).send()
	}
	// Asking for the limits is free: https://docs.github.com/en/rest/rate-limit/rate-limit
	if c.Path != "/rate_limit" && !s.spend(c, resourceCore, 1) {
		s.setLimitHeaders(c, resourceCore)
		writeError(c, http.StatusForbidden, "API rate limit exceeded for installation ID 1.",
			"https://docs.github.com/rest/overview/rate-limits-for-the-rest-api")
		return
	}
	s.setLimitHeaders(c, resourceCore)
	s.routes.ServeHTTP(c, r)
}

// denied reports whether the token lacks a permission, by its name in Options.Denied.
func (s *Server) denied(permission string) bool {
	for _, d := range s.opts.Denied {
		if d == permission {
			return true
		}
	}
	return false
}

// private reports whether the repository is private.
func (s *Server) private() bool { return s.opts.Private || s.world.Repo.Private }

// isRepository reports whether owner/name is the world's repository. GitHub compares names without regard to case.
func (s *Server) isRepository(owner, name string) bool {
	return strings.EqualFold(owner, s.world.Repo.Owner) && strings.EqualFold(name, s.world.Repo.Name)
}

// call is one request on its way through the server.
type call struct {
	http.ResponseWriter
	Request
}

// Unwrap is the writer below, for http.ResponseController.
func (c *call) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// WriteHeader notes the status.
func (c *call) WriteHeader(status int) {
	c.Status = status
	c.ResponseWriter.WriteHeader(status)
}

// Write notes that an answer without a status is a 200.
func (c *call) Write(b []byte) (int, error) {
	if c.Status == 0 {
		c.Status = http.StatusOK
	}
	return c.ResponseWriter.Write(b)
}

func (s *Server) finish(c *call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, c.Request)
}

type baseKey struct{}

// withBase takes the prefix of a GitHub Enterprise host off the path and remembers it for baseURL.
func withBase(r *http.Request) *http.Request {
	base, path := "", r.URL.Path
	if rest, ok := strings.CutPrefix(path, "/api/v3"); ok && (rest == "" || rest[0] == '/') {
		base, path = "/api/v3", rest
		if rest == "/graphql" {
			path += "/" // There GraphQL is beside REST, not below it: this is no path of REST's.
		}
	} else if path == "/api/graphql" {
		base, path = "/api", "/graphql"
	}
	r = r.Clone(context.WithValue(r.Context(), baseKey{}, base))
	r.URL.Path, r.URL.RawPath = path, ""
	return r
}

// baseURL is the root of the API as the caller of a request addresses it, such as http://127.0.0.1:80/api/v3.
func baseURL(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	base, _ := r.Context().Value(baseKey{}).(string)
	return scheme + "://" + r.Host + base
}

// writeJSON answers with v. The values of this package always marshal; should one not, the caller sees a 500.
func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	writeBody(w, status, body)
}

// writeBody answers with JSON. A failed write means that the caller has gone: nobody is left to tell.
func writeBody(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// writeError answers with an error as GitHub's REST API shapes it.
func writeError(w http.ResponseWriter, status int, message, documentation string) {
	writeJSON(w, status, struct {
		Message       string `json:"message"`
		Documentation string `json:"documentation_url"`
		Status        string `json:"status"`
	}{message, documentation, fmt.Sprint(status)})
}

// writeNotFound answers 404 as GitHub does for a path that does not exist, or that the caller may not know of.
func writeNotFound(w http.ResponseWriter) {
	writeError(w, http.StatusNotFound, "Not Found", "https://docs.github.com/rest")
}

// writeForbidden answers 403 for a missing permission; accepted is what would have sufficed, such as "actions=read"
// (https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api).
func writeForbidden(w http.ResponseWriter, accepted string) {
	w.Header().Set("X-Accepted-GitHub-Permissions", accepted)
	writeError(w, http.StatusForbidden, "Resource not accessible by integration", "https://docs.github.com/rest")
}
