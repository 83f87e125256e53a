package githubsim

import (
	"cmp"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// The resources that have a primary limit of their own.
const (
	resourceCore    = "core"
	resourceGraphQL = "graphql"
)

const defaultLimit = 1000

// limit is the state of one primary limit.
type limit struct {
	Limit, Used, Remaining int
	Reset                  time.Time
}

// limit is the present state of a resource's primary limit. It never recovers: there is no clock here.
func (s *Server) limit(resource string) limit {
	l := limit{Limit: s.allowance(resource), Reset: s.opts.Now.Add(time.Hour)}
	s.mu.Lock()
	l.Used = s.used[resource]
	s.mu.Unlock()
	l.Remaining = max(l.Limit-l.Used, 0)
	return l
}

func (s *Server) allowance(resource string) int {
	if resource == resourceGraphQL {
		return cmp.Or(s.opts.GraphQLLimit, defaultLimit)
	}
	return cmp.Or(s.opts.RESTLimit, defaultLimit)
}

// spend charges a request to a primary limit and reports whether there was anything left. GitHub lets the request
// that crosses the limit through and refuses the next one.
func (s *Server) spend(c *call, resource string, cost int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.used[resource] >= s.allowance(resource) {
		return false
	}
	c.Cost = cost
	s.used[resource] += cost
	return true
}

// charge takes from a primary limit whatever is left of it.
func (s *Server) charge(c *call, resource string, cost int) {
	c.Cost = cost
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used[resource] += cost
}

func (s *Server) setHeaders(c *call) {
	s.mu.Lock()
	n := len(s.requests) + 1
	s.mu.Unlock()
	h := c.Header()
	h.Set("Server", "github.com")
	h.Set("X-GitHub-Media-Type", "github.v3; format=json")
	h.Set("X-GitHub-Request-Id", fmt.Sprintf("0000:0000:%06X:%06X:00000000", n, n))
}

// setLimitHeaders tells the state of a limit
// (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api).
func (s *Server) setLimitHeaders(w http.ResponseWriter, resource string) {
	l := s.limit(resource)
	h := w.Header()
	h.Set("X-RateLimit-Limit", strconv.Itoa(l.Limit))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(l.Remaining))
	h.Set("X-RateLimit-Used", strconv.Itoa(l.Used))
	h.Set("X-RateLimit-Reset", strconv.FormatInt(l.Reset.Unix(), 10))
	h.Set("X-RateLimit-Resource", resource)
}
