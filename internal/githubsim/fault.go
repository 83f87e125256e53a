package githubsim

import (
	"errors"
	"fmt"
	"net/http"
	"path"
	"slices"
)

// Fault is something that goes wrong with requests that match it. Conditions that are empty match everything.
type Fault struct {
	// Method and Path choose requests; Path is a pattern for path.Match, without "/api/v3": "/repos/*/*/actions/runs",
	// or "/graphql".
	Method, Path string
	// Operation chooses GraphQL queries by their name or by the name of a field that they select, such as
	// "deployments". A fault with an Operation matches no REST request.
	Operation string
	// Skip lets that many matching requests through first; Times is how many are hit then: 0 means one, negative all.
	Skip, Times int

	// Drop closes the connection without an answer.
	Drop bool
	// Status, Header and Body are the answer. A Status of 0 means 200.
	Status int
	Header http.Header
	Body   string
	// Partial answers a GraphQL query with all its data but one part, and an error. It excludes the fields above.
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
	if f.Partial != nil && (f.Drop || f.Status != 0 || f.Body != "" || f.Header != nil) {
		return errors.New("a partial answer cannot also be dropped or replaced")
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

// matches reports whether the fault is meant for a request; selected is what a GraphQL query is called and selects.
func (f Fault) matches(method, requestPath string, selected []string) bool {
	if f.Method != "" && f.Method != method {
		return false
	}
	if ok, err := path.Match(f.Path, requestPath); f.Path != "" && (err != nil || !ok) {
		return false
	}
	if f.Operation != "" || f.Partial != nil {
		return selected != nil && (f.Operation == "" || slices.Contains(selected, f.Operation))
	}
	return true
}

// fault is what goes wrong with a request, nil if nothing does. It counts the request for every fault it matches.
func (s *Server) fault(method, requestPath string, selected []string) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, f := range s.opts.Faults {
		if !f.matches(method, requestPath, selected) {
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

// answer gives the scripted answer. Nothing is left to do afterwards.
func (f *Fault) answer(c *call) {
	if f.Drop {
		panic(http.ErrAbortHandler)
	}
	c.Header().Set("Content-Type", "application/json; charset=utf-8")
	for name, values := range f.Header {
		c.Header()[http.CanonicalHeaderKey(name)] = slices.Clone(values)
	}
	status := f.Status
	if status == 0 {
		status = http.StatusOK
	}
	c.WriteHeader(status)
	_, _ = c.Write([]byte(f.Body))
}
