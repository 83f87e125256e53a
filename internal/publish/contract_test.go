package publish

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"kpi-gate/internal/github"
	"kpi-gate/internal/githubsim"
)

// operations are how GitHub's description names what is written.
var operations = []struct {
	method, template string
	path             *regexp.Regexp
}{
	{"POST", "/repos/{owner}/{repo}/check-runs", regexp.MustCompile(`/check-runs$`)},
	{"POST", "/repos/{owner}/{repo}/statuses/{sha}", regexp.MustCompile(`/statuses/\w+$`)},
	{"POST", "/repos/{owner}/{repo}/issues", regexp.MustCompile(`/issues$`)},
	{"PATCH", "/repos/{owner}/{repo}/issues/{issue_number}", regexp.MustCompile(`/issues/\d+$`)},
	{"POST", "/repos/{owner}/{repo}/issues/{issue_number}/comments", regexp.MustCompile(`/issues/\d+/comments$`)},
	{"PATCH", "/repos/{owner}/{repo}/issues/comments/{comment_id}", regexp.MustCompile(`/issues/comments/\d+$`)},
	{"DELETE", "/repos/{owner}/{repo}/issues/comments/{comment_id}", regexp.MustCompile(`/issues/comments/\d+$`)},
}

// TestRequestsObeyTheDescription: whatever is written satisfies GitHub's own description of its API, and each of the
// operations is among it.
func TestRequestsObeyTheDescription(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../githubsim/testdata/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		t.Fatal(err)
	}
	w, body := octo(), issueBody(t)
	for i := range 2 {
		w.Issues = append(w.Issues, githubsim.Issue{
			Number: 20 + i, State: "OPEN", Author: ptr("github-actions[bot]"), AuthorType: "Bot", Body: body, CreatedAt: noon,
		})
		w.Pulls[0].Comments = append(w.Pulls[0].Comments, githubsim.Comment{
			Author: ptr("github-actions[bot]"), AuthorType: "Bot", Body: body, CreatedAt: noon,
		})
	}
	server, err := githubsim.New(w, githubsim.Options{Now: noon})
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var seen []string
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		for _, o := range operations {
			if r.Method != o.method || !o.path.MatchString(r.URL.Path) {
				continue
			}
			request := r.Clone(context.Background())
			request.Body = io.NopCloser(bytes.NewReader(sent))
			operation := doc.Paths.Value(o.template).GetOperation(o.method)
			if err := openapi3filter.ValidateRequestBody(context.Background(), &openapi3filter.RequestValidationInput{
				Request: request,
				Route:   &routers.Route{Spec: doc, Path: o.template, Method: o.method, Operation: operation},
			}, requestBody(operation)); err != nil {
				t.Errorf("%s %s: %.300s: %v", r.Method, r.URL.Path, sent, err)
			}
			mu.Lock()
			seen = append(seen, o.method+" "+o.template)
			mu.Unlock()
		}
		r.Body = io.NopCloser(bytes.NewReader(sent))
		server.ServeHTTP(w, r)
	}))
	t.Cleanup(host.Close)
	c, err := github.New(github.Options{Token: "t", APIURL: host.URL, UserAgent: "kpi-gate-test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	other := onPull()
	other.Gate = "another"
	elsewhere := onSchedule()
	elsewhere.Gate = "another"
	asked := Asked{Comment: true, CheckRun: "a", Status: "b", Issue: "c"}
	for _, to := range []Target{onPull(), other, onSchedule(), elsewhere} {
		for _, told := range Publish(context.Background(), c, to, asked, reportOf("breached", "warned")) {
			if told.State == "failed" {
				t.Errorf("%s: %s", told.To, *told.Reason)
			}
		}
	}
	for _, o := range operations {
		if !slices.Contains(seen, o.method+" "+o.template) {
			t.Errorf("%s %s was not sent", o.method, o.template)
		}
	}
}

// requestBody is what an operation takes; nothing for one that takes none.
func requestBody(o *openapi3.Operation) *openapi3.RequestBody {
	if o.RequestBody == nil {
		return openapi3.NewRequestBody()
	}
	return o.RequestBody.Value
}
