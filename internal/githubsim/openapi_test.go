package githubsim

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

// describedAPI is GitHub's own description of its REST API, cut to what is served. Loading it takes a while: once for
// all tests.
var describedAPI = sync.OnceValues(func() (*openapi3.T, error) {
	text, err := os.ReadFile("testdata/openapi.json")
	if err != nil {
		return nil, err
	}
	return openapi3.NewLoader().LoadFromData(text)
})

// obey holds an answer to GET target against GitHub's description.
func obey(t *testing.T, target string, served *httptest.ResponseRecorder) {
	t.Helper()
	obeyTo(t, http.MethodGet, target, served)
}

// obeyTo holds an answer against GitHub's description: its status must be described, and its body must satisfy the
// schema for it.
func obeyTo(t *testing.T, method, target string, served *httptest.ResponseRecorder) {
	t.Helper()
	doc, err := describedAPI()
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	path := strings.TrimPrefix(u.Path, "/api/v3")
	if strings.HasSuffix(path, "/contents") { // the root directory: an empty path
		path += "/"
	}
	template := describedPath(doc, path)
	if template == "" || doc.Paths.Value(template).GetOperation(method) == nil {
		t.Fatalf("%s %s: not described", method, target)
	}
	request := httptest.NewRequest(method, target, http.NoBody)
	operation := doc.Paths.Value(template).GetOperation(method)
	err = openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{
			Request: request,
			Route:   &routers.Route{Spec: doc, Path: template, Method: method, Operation: operation},
		},
		Status:  served.Code,
		Header:  served.Header(),
		Body:    io.NopCloser(bytes.NewReader(served.Body.Bytes())),
		Options: &openapi3filter.Options{IncludeResponseStatus: true},
	})
	if err != nil {
		t.Errorf("%s %s: %d %.3000s\ndoes not satisfy GitHub's description: %v",
			method, target, served.Code, served.Body, err)
	}
}

// longNames are the parts of templates that may stand for several parts of a path.
var longNames = []string{"{path}", "{branch}", "{ref}"}

// describedPath is the template that describes a path: among those that fit, the one with the most literal parts.
// A path of a file and the name of a branch contain slashes, which a template cannot say.
func describedPath(doc *openapi3.T, path string) string {
	best, literals := "", -1
	parts := strings.Split(path, "/")
	for _, template := range doc.Paths.InMatchingOrder() {
		names := strings.Split(template, "/")
		if len(names) > len(parts) || len(names) < len(parts) && !slices.Contains(longNames, names[len(names)-1]) {
			continue
		}
		same, fits := 0, true
		for i, name := range names {
			switch {
			case name == parts[i]:
				same++
			case !strings.HasPrefix(name, "{"):
				fits = false
			}
		}
		if len(names) == len(parts) {
			same++
		}
		if fits && same > literals {
			best, literals = template, same
		}
	}
	return best
}
