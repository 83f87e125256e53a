package githubsim

import (
	"cmp"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// redirects are the statuses that GitHub redirects with
// (https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects).
var redirects = []int{
	http.StatusMovedPermanently, http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect,
}

// replaces reports whether the fault puts an answer, or none, in the place of the true one. What does not, changes it.
func (f *Fault) replaces() bool {
	return f.Partial == nil && (f.Truncate == 0 || f.Status != 0 || f.Body != "")
}

// replace gives the scripted answer. Nothing is left to do afterwards.
func (s *Server) replace(c *call, r *http.Request, resource string, f *Fault) {
	switch {
	case f.Drop:
		panic(http.ErrAbortHandler)
	case f.Hang:
		// The server sees a client go only once the request was read.
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	case f.Spent > 0:
		s.refuseSpent(c, resource, f)
		return
	}
	s.charge(c, resource, 1)
	s.setLimitHeaders(c, resource)
	c.Header().Set("Content-Type", "application/json; charset=utf-8")
	for name, values := range f.Header {
		c.Header()[http.CanonicalHeaderKey(name)] = slices.Clone(values)
	}
	switch {
	case f.Redirect != "":
		f.redirect(c, r)
	case f.Truncate > 0:
		whole := shortened(c, f.Truncate)
		c.WriteHeader(cmp.Or(f.Status, http.StatusOK))
		_, _ = c.Write([]byte(f.Body))
		whole.send()
	default:
		c.WriteHeader(cmp.Or(f.Status, http.StatusOK))
		_, _ = c.Write([]byte(f.Body))
	}
}

// refuseSpent refuses a request because the primary limit is used up; such a request costs nothing.
func (s *Server) refuseSpent(c *call, resource string, f *Fault) {
	s.setLimitHeaders(c, resource)
	h := c.Header()
	h.Set("X-RateLimit-Used", h.Get("X-RateLimit-Limit"))
	h.Set("X-RateLimit-Remaining", "0")
	h.Set("X-RateLimit-Reset", strconv.FormatInt(s.opts.Now.Add(f.Spent).Unix(), 10))
	const message = "API rate limit exceeded for installation ID 1."
	if resource == resourceGraphQL {
		s.graph.refuse(c, &queryError{Type: "RATE_LIMITED", Message: message})
		return
	}
	writeError(c, http.StatusForbidden, message, "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api")
}

// redirect sends the client elsewhere, in GitHub's words.
func (f *Fault) redirect(c *call, r *http.Request) {
	status := cmp.Or(f.Status, http.StatusTemporaryRedirect)
	if f.Status == 0 && r.Method == http.MethodGet {
		status = http.StatusMovedPermanently
	}
	target := f.Redirect
	if strings.HasPrefix(target, "/") {
		target = baseURL(r) + target
	}
	if u, err := url.Parse(target); err == nil && u.RawQuery == "" {
		u.RawQuery = r.URL.RawQuery
		target = u.String()
	}
	c.Header().Set("Location", target)
	if f.Body != "" {
		c.WriteHeader(status)
		_, _ = c.Write([]byte(f.Body))
		return
	}
	const documentation = "https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects"
	writeJSON(c, status, struct {
		Message       string `json:"message"`
		URL           string `json:"url"`
		Documentation string `json:"documentation_url"`
	}{http.StatusText(status), target, documentation})
}

// shortAnswer keeps an answer back so that its length is known before its beginning is sent.
type shortAnswer struct {
	http.ResponseWriter
	limit  int
	status int
	body   []byte
}

// shortened puts a shortAnswer between a call and its client; the caller sends it when the answer is complete.
func shortened(c *call, limit int) *shortAnswer {
	a := &shortAnswer{ResponseWriter: c.ResponseWriter, limit: limit}
	c.ResponseWriter = a
	return a
}

// WriteHeader notes the status.
func (a *shortAnswer) WriteHeader(status int) { a.status = status }

// Write keeps a part of the body back.
func (a *shortAnswer) Write(b []byte) (int, error) {
	a.body = append(a.body, b...)
	return len(b), nil
}

// send announces the whole body, sends its beginning and closes the connection. What the connection does not take,
// nobody is left to read.
func (a *shortAnswer) send() {
	w := a.ResponseWriter
	w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(cmp.Or(a.status, http.StatusOK))
	_, _ = w.Write(a.body[:max(min(a.limit, len(a.body)-1), 0)])
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}
