package github

import (
	"fmt"
	"net/http"
)

// maxRedirects is how many redirects are followed in a row.
const maxRedirects = 10

// redirect decides, for http.Client, whether to follow a redirect. A read follows it, to another host without the
// token; what has a body goes nowhere but to the API's own hosts, a query to the GraphQL endpoint alone, and is not
// turned into a GET.
func (t *transport) redirect(next *http.Request, via []*http.Request) error {
	first := via[0]
	refusal := &AnswerError{Asked: first.Method + " " + first.URL.Path}
	if next.Response != nil {
		refusal.Status = next.Response.StatusCode
	}
	reads := first.Method == http.MethodGet || first.Method == http.MethodHead
	switch {
	case len(via) > maxRedirects:
		refusal.Detail = fmt.Sprintf("redirected more than %d times: the API URL may be wrong", maxRedirects)
	case !reads && next.Method != first.Method:
		refusal.Detail = "redirected in a way that only reads can follow: " + suspicion
	case !reads && t.resource(next.URL) == elsewhere:
		refusal.Detail = fmt.Sprintf("redirected to another host, %q, which is not told what is asked",
			brief(next.URL.Host))
	case !reads && t.resource(next.URL) != t.resource(first.URL):
		refusal.Detail = fmt.Sprintf("redirected to %q, which answers other questions: %s", brief(next.URL.Path), suspicion)
	default:
		return nil
	}
	return refusal
}
