package github

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestWriteOnce: a write is not sent again whatever becomes of its answer, because GitHub may have acted on it; the same
// failures of a read are tried again.
func TestWriteOnce(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		reply reply
		want  func(error) bool
	}{
		{"the connection breaks", reply{drop: true}, as[*UnreachableError]},
		{"the answer breaks off", reply{status: 201, body: `{"id": 1`, drop: true}, as[*UnreachableError]},
		{"the answer is cut short", reply{status: 201, body: `{"id": 1`}, as[*UnreachableError]},
		{"the server fails", reply{status: 500}, as[*UnreachableError]},
		{"the gateway gives up", reply{status: 502}, as[*UnreachableError]},
		{"a proxy answers", reply{
			status: 200, body: "<html>", header: map[string]string{"Content-Type": "text/html"},
		}, as[*AnswerError]},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var written, read atomic.Int64
			c, p := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost {
					if body, err := io.ReadAll(r.Body); err != nil || !strings.Contains(string(body), "hello") {
						t.Errorf("body %q: %v", body, err)
					}
					written.Add(1)
				} else {
					read.Add(1)
				}
				tt.reply.write(w)
			})
			if err := comment(c); !tt.want(err) {
				t.Errorf("error %T %v", err, err)
			}
			if n := written.Load(); n != 1 || len(p.list) != 0 || c.Usage().Retries != 0 {
				t.Errorf("GitHub acted %d times, with waits %v, want once and none", n, p.list)
			}
			if err := getRepository(c); err == nil || read.Load() < 2 {
				t.Errorf("a read was sent %d times and came to %v, want several and an error", read.Load(), err)
			}
		})
	}
}

// as reports whether an error is one of a type.
func as[E error](err error) bool {
	var e E
	return errors.As(err, &e)
}

// TestWriteAfterRateLimit: what GitHub refused for a rate limit it has not carried out, so it is sent again, once the
// time is over, and whole.
func TestWriteAfterRateLimit(t *testing.T) {
	t.Parallel()
	answers := script(
		reply{status: 403, header: map[string]string{"Retry-After": "7"}, body: `{"message":"secondary rate limit"}`},
		reply{status: 201, body: `{"id": 1}`},
	)
	var bodies []string
	c, p := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		bodies = append(bodies, string(body))
		answers(w, r)
	})
	if err := comment(c); err != nil {
		t.Fatal(err)
	}
	if len(bodies) != 2 || bodies[0] != bodies[1] || len(p.list) != 1 || p.list[0] != 7*time.Second {
		t.Errorf("bodies %q, waits %v, want the same twice and 7s", bodies, p.list)
	}
}

// TestPaceOfWrites: 120 writes are the burst of 600 points; each of 20 more takes five points, and so a second.
func TestPaceOfWrites(t *testing.T) {
	t.Parallel()
	c, _ := over(t, func(*http.Request) (*http.Response, error) { return saying(`{"id":1}`), nil })
	for range RESTBurst/writePoints + 20 {
		if err := comment(c); err != nil {
			t.Fatal(err)
		}
	}
	if got := c.Usage().Waited; got < 19*time.Second || got > 21*time.Second {
		t.Errorf("waited %v, want about 20s", got)
	}
}

// TestWritePermission: where GitHub does not name what is missing, it follows from what was to be written.
func TestWritePermission(t *testing.T) {
	t.Parallel()
	tests := []struct{ method, path, header, want string }{
		{"POST", "repos/o/r/check-runs", "", "checks: write"},
		{"POST", "repos/o/r/statuses/abc", "", "statuses: write"},
		{"POST", "repos/o/r/issues", "", "issues: write"},
		{"PATCH", "repos/o/r/issues/7", "", "issues: write"},
		{"POST", "repos/o/r/issues/7/comments", "", "issues: write or pull-requests: write"},
		{"PATCH", "repos/o/r/issues/comments/7", "", "issues: write or pull-requests: write"},
		{"DELETE", "repos/o/r/issues/comments/7", "", "issues: write or pull-requests: write"},
		{"POST", "repos/o/r/issues/7/comments", "issues=write; pull_requests=write", "issues: write or pull-requests: write"},
		{"POST", "repos/o/r/check-runs", "checks=write,metadata=read", "checks: write and metadata: read"},
		{"POST", "repos/o/r/forks", "", ""},
		{"POST", "user/repos", "", ""},
		{"GET", "repos/o/r/issues", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.method+" "+tt.path+" "+tt.header, func(t *testing.T) {
			t.Parallel()
			c, _ := serve(t, script(reply{
				status: 403, body: `{"message":"Resource not accessible by integration"}`,
				header: map[string]string{"X-Accepted-GitHub-Permissions": tt.header},
			}))
			request, err := c.REST.NewRequest(tt.method, tt.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.REST.Do(context.Background(), request, nil)
			var refused *PermissionError
			if !errors.As(err, &refused) || refused.Permission != tt.want {
				t.Errorf("error %v, want one that names %q", err, tt.want)
			}
		})
	}
}
