package github

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// FuzzJudge: whatever a server answers, judging it neither panics nor lets an error, or nothing, pass as what was asked
// for.
func FuzzJudge(f *testing.F) {
	const html = "text/html; charset=utf-8"
	f.Add(200, "application/json", "", []byte(goodAnswer), true, false)
	f.Add(200, "application/json", "", []byte(`{"data":null,"errors":[{"type":"RATE_LIMITED"}]}`), true, false)
	hidden := []byte(`{"data":{"a":1},"errors":[{"type":"FORBIDDEN","path":["a","nodes",0,"author"]}]}`)
	f.Add(200, "", "3", hidden, true, false)
	f.Add(200, "", "", []byte(`{"data":{"nodes":[null]},"errors":[{"type":"NOT_FOUND","path":["nodes",0]}]}`), true, true)
	f.Add(200, "application/json", "", []byte(`{"data":{},"errors":[{"path":[[],{},null,1e400]}]}`), true, false)
	f.Add(200, "application/json", "", []byte(`{"data":{"repository":null,"rateLimit":{"cost":-3}}}`), true, false)
	f.Add(200, html, "", []byte("<html>"), false, false)
	slower := []byte(`{"message":"secondary rate limit"}`)
	f.Add(403, "application/json", "Wed, 21 Oct 2015 07:28:00 GMT", slower, false, false)
	f.Add(502, html, "", []byte{}, false, false)
	f.Add(301, "", "", []byte{}, true, false)
	f.Fuzz(func(t *testing.T, status int, kind, after string, body []byte, graphql, lookup bool) {
		ctx := context.Background()
		if lookup {
			ctx = context.WithValue(ctx, lookupKey{}, true)
		}
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://h/list?per_page=100", nil)
		if err != nil {
			t.Fatal(err)
		}
		o := &order{Request: request, asked: "GET /list", resource: restResource}
		if graphql {
			o.resource, o.price = graphqlResource, 1
		}
		header := http.Header{"Content-Type": {kind}, "Retry-After": {after}, "X-Ratelimit-Remaining": {after}}
		a := &answer{asked: o.asked, status: status, body: body, response: &http.Response{Header: header}}
		v := a.judge(o)
		if v.cost < 0 || v.left.Remaining < 0 {
			t.Errorf("cost %d, %d left", v.cost, v.left.Remaining)
		}
		if v.limited != nil {
			var limit *RateLimitError
			tr := &transport{now: func() time.Time { return noon }}
			if err := tr.refused(a, o, 0, *v.limited); !errors.As(err, &limit) || limit.Reset.Before(noon) {
				t.Errorf("refused with %v", err)
			}
			return
		}
		if v.err != nil {
			if v.err.Error() == "" {
				t.Errorf("an error without words: %T", plain(v.err))
			}
			return
		}
		refused := []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusTooManyRequests}
		if status >= 500 || slices.Contains(refused, status) {
			t.Fatalf("status %d passes as an answer", status)
		}
		if status != http.StatusOK {
			return
		}
		if !json.Valid(v.body) || string(bytes.TrimSpace(v.body)) == "null" {
			t.Fatalf("handed on %q", v.body)
		}
		if !graphql {
			return
		}
		var got struct {
			Data   map[string]any
			Errors []any
		}
		if err := json.Unmarshal(v.body, &got); err != nil {
			t.Fatalf("handed on %q: %v", v.body, err)
		}
		if len(got.Errors) > 0 || len(got.Data) == 0 {
			t.Errorf("handed on %q", v.body)
		}
	})
}

// TestForeignAnswers: what is not the API's answer is asked for once more, and then named for what it may be.
func TestForeignAnswers(t *testing.T) {
	t.Parallel()
	kind := func(kind string) map[string]string { return map[string]string{"Content-Type": kind} }
	tests := []struct {
		name   string
		answer reply
		call   func(*Client) error
		detail string
	}{
		{"a page", reply{body: "<html>", header: kind("text/html")}, getRepository, "a page instead of JSON"},
		{"a page for a query", reply{body: "<html>", header: kind("text/html")}, query, "a page instead of JSON"},
		{"a text", reply{body: "{}", header: kind("text/plain")}, getRepository, `"text/plain" instead of JSON`},
		{"nothing said of the form", reply{body: "<html>", header: kind("?")}, getRepository, "neither JSON nor said to be"},
		{"null", reply{body: "null\n"}, getRepository, "null instead of what was asked for"},
		{"a query's data null", reply{body: `{"data":null}`}, query, "without data"},
		{"a query's data empty", reply{body: `{"data":{}}`}, query, "without data"},
		{
			"a query's field null, and no word why",
			reply{body: `{"data":{"rateLimit":null,"repository":null}}`},
			query,
			`null for "repository"`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, p := serve(t, script(tt.answer))
			var e *AnswerError
			if err := tt.call(c); !errors.As(err, &e) || !bytes.Contains([]byte(e.Detail), []byte(tt.detail)) {
				t.Errorf("error %v, want an AnswerError: %s", err, tt.detail)
			}
			if got := c.Usage(); got.Requests != 2 || !slices.Equal(p.list, []time.Duration{time.Second}) {
				t.Errorf("%d requests and waits %v, want 2 and one second", got.Requests, p.list)
			}
			// One that passes does no harm.
			good := reply{body: goodAnswer}
			if c, _ := serve(t, script(tt.answer, good)); tt.call(c) != nil {
				t.Error("the answer after it was not taken")
			}
		})
	}
}

// TestNullLeaves: what a query may have null is handed on: the limits of a host that has none, what a lookup does not
// find, a body that has another form than JSON because it was asked for.
func TestNullLeaves(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, script(reply{
		body: `{"data":{"repository":{"name":"r","deployments":{"nodes":[]}},"rateLimit":null}}`,
	}))
	if err := query(c); err != nil {
		t.Error(err)
	}
	c, _ = serve(t, script(reply{
		body: `{"data":{"node":null,"rateLimit":null},"errors":[{"type":"NOT_FOUND","path":["node"],"message":"gone"}]}`,
	}))
	var lookup struct {
		Node      *struct{ ID string } `graphql:"node(id: \"x\")"`
		RateLimit *RateLimit
	}
	if err := c.QueryFound(context.Background(), &lookup, nil); err != nil || lookup.Node != nil {
		t.Errorf("%v and node %+v", err, lookup.Node)
	}
	c, _ = serve(t, script(reply{body: "diff --git", header: map[string]string{"Content-Type": "text/plain"}}))
	request, err := c.REST.NewRequest(http.MethodGet, "repos/o/r/compare/a...b", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept", "application/vnd.github.diff")
	recorder := httptest.NewRecorder()
	if _, err := c.REST.Do(context.Background(), request, recorder); err != nil || recorder.Body.String() != "diff --git" {
		t.Errorf("%v and %q", err, recorder.Body.String())
	}
}

// TestLongWords: whatever answers, an error stays one line that a report has room for.
func TestLongWords(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("so long\n", 1<<16)
	said := func(format string) string {
		text, err := json.Marshal(long)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf(format, text)
	}
	tests := []struct {
		name   string
		answer reply
		call   func(*Client) error
	}{
		{"token", reply{status: 401, body: said(`{"message":%s}`)}, getRepository},
		{"permission", reply{status: 403, body: said(`{"message":%s}`)}, getRepository},
		{"not found", reply{status: 404, body: said(`{"message":%s}`)}, getRepository},
		{
			"permissions",
			reply{status: 403, header: map[string]string{
				"X-Accepted-GitHub-Permissions": strings.Repeat("contents=read,", 1<<14),
			}},
			getRepository,
		},
		{"limit", reply{status: 429, header: map[string]string{"Retry-After": "7200"}, body: said(`{"message":%s}`)}, query},
		{"form", reply{body: "x", header: map[string]string{"Content-Type": "a/" + strings.Repeat("b", 1<<16)}}, query},
		{"error", reply{body: said(`{"errors":[{"message":%[1]s,"type":%[1]s,"path":[%[1]s]}]}`)}, query},
		{"error of a field", reply{body: said(`{"errors":[{"message":%[1]s,"type":"FORBIDDEN","path":[%[1]s]}]}`)}, query},
		{"error of limits", reply{body: said(`{"errors":[{"message":%[1]s,"type":"RESOURCE_LIMITS_EXCEEDED"}]}`)}, query},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, _ := serve(t, script(tt.answer))
			err := tt.call(c)
			if err == nil || len(err.Error()) > 2000 || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %.2100v", err)
			}
		})
	}
}
