package githubsim

import (
	"errors"
	"fmt"
	"net/http"
	"path"
	"slices"
	"time"
)

// Fault is something that goes wrong with requests that match it. Conditions that are empty match everything; of what
// goes wrong one thing is set, or none of Drop, Hang, Truncate, Redirect, Spent and Partial, and the answer is Status,
// Header and Body.
type Fault struct {
	// Method and Path choose requests; Path is a pattern for path.Match, without "/api/v3": "/repos/*/*/actions/runs",
	// or "/graphql".
	Method, Path string
	// Operation chooses GraphQL queries by their name or by the name of a field that they select, such as
	// "deployments". A fault with an Operation matches no REST request.
	Operation string
	// MaxPage chooses requests for a page that is larger: by per_page of REST, by first or last of the outermost lists of
	// a query, of which the largest counts, and by the number of the ids that are looked up. 0: the page does not matter.
	MaxPage int
	// Skip lets that many matching requests through first; Times is how many are hit then: 0 means one, negative all.
	Skip, Times int

	// Drop closes the connection without an answer.
	Drop bool
	// Hang gives no answer until the client goes away.
	Hang bool
	// Truncate closes the connection after so many bytes of the body, whose whole length is announced: of Body or, where
	// neither Status nor Body are set, of the true answer. At least one byte is held back.
	Truncate int
	// Redirect sends the client to another URL, with Status or, by default, 301 for GET and 307 for other methods. A path
	// means this server; a URL without a query takes that of the request.
	Redirect string
	// Spent answers as if the primary limit were used up, to be reset so long after Options.Now: 403 by REST, 200 with an
	// error of the type RATE_LIMITED by GraphQL
	// (https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api#exceeding-the-rate-limit).
	Spent time.Duration
	// Status, Header and Body are the answer. A Status of 0 means 200.
	Status int
	Header http.Header
	Body   string
	// Partial answers a GraphQL query with all its data but one part, and an error.
	Partial *PartialError
}

// PartialError is an error that GitHub reports beside the data it could still give.
type PartialError struct {
	// Path is the place that becomes null, by the keys of the answer and the indexes of its lists, such as
	// {"repository", "deployments", "nodes", 3}. Where GitHub's schema allows no null the nearest place above becomes
	// null. An error without a Path leaves the data whole.
	Path []any
	// Type is GitHub's name for the error, such as RESOURCE_LIMITS_EXCEEDED or FORBIDDEN.
	Type, Message string
}

func (f Fault) validate() error {
	if _, err := path.Match(f.Path, "/"); err != nil {
		return fmt.Errorf("path %q: %w", f.Path, err)
	}
	if f.MaxPage < 0 || f.Skip < 0 || f.Truncate < 0 || f.Spent < 0 || f.Status < 0 {
		return errors.New("a page size, a count, a length, a duration and a status are not negative")
	}
	ways := 0
	for _, set := range []bool{f.Drop, f.Hang, f.Truncate > 0, f.Redirect != "", f.Spent > 0, f.Partial != nil} {
		if set {
			ways++
		}
	}
	answered := f.Status != 0 || f.Body != "" || f.Header != nil
	switch {
	case ways > 1:
		return errors.New("one request cannot go wrong in two ways")
	case f.Partial != nil && answered:
		return errors.New("a partial answer cannot also be replaced")
	case (f.Drop || f.Hang || f.Spent > 0) && answered:
		return errors.New("an answer that is not given, or is GitHub's own, cannot also be replaced")
	case f.Redirect != "" && f.Status != 0 && !slices.Contains(redirects, f.Status):
		return fmt.Errorf("status %d does not redirect", f.Status)
	case f.Status != 0 && (f.Status < 200 || f.Status > 599):
		return fmt.Errorf("status %d is none of an answer", f.Status)
	}
	for _, step := range pathOf(f.Partial) {
		switch step.(type) {
		case string, int:
		default:
			return fmt.Errorf("partial answer: path %v: %v is neither a key nor an index", f.Partial.Path, step)
		}
	}
	return nil
}

func pathOf(p *PartialError) []any {
	if p == nil {
		return nil
	}
	return p.Path
}

// asked is what faults choose a request by.
type asked struct {
	method, path string
	// selected is what a GraphQL query is called and selects; nil by REST.
	selected []string
	// page is the size of the page that is asked for; 0 where none is.
	page int
}

// matches reports whether the fault is meant for a request.
func (f Fault) matches(a asked) bool {
	if f.Method != "" && f.Method != a.method || a.page <= f.MaxPage && f.MaxPage > 0 {
		return false
	}
	if ok, err := path.Match(f.Path, a.path); f.Path != "" && (err != nil || !ok) {
		return false
	}
	if f.Operation != "" || f.Partial != nil {
		return a.selected != nil && (f.Operation == "" || slices.Contains(a.selected, f.Operation))
	}
	return true
}

// fault is what goes wrong with a request, nil if nothing does. The request counts for every fault before that one that
// it matches.
func (s *Server) fault(a asked) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, f := range s.opts.Faults {
		if !f.matches(a) {
			continue
		}
		n := s.hits[i]
		s.hits[i]++
		if n >= f.Skip && (f.Times < 0 || n < f.Skip+max(f.Times, 1)) {
			return &s.opts.Faults[i]
		}
	}
	return nil
}
