package githubsim

import (
	"net/http"
	"strings"
)

// admit refuses a caller without a name or a good token, as GitHub does, and reports whether the request may go on.
func (s *Server) admit(c *call, r *http.Request) bool {
	// https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api#user-agent-required
	if r.UserAgent() == "" {
		c.Header().Set("Content-Type", "text/html")
		c.WriteHeader(http.StatusForbidden)
		_, _ = c.Write([]byte("Request forbidden by administrative rules. " +
			"Please make sure your request has a User-Agent header " +
			"(https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-required). " +
			"Check https://developer.github.com for other possible causes.\n"))
		return false
	}
	token, sent := bearer(r)
	switch {
	case !sent && c.Kind == KindGraphQL:
		writeError(c, http.StatusUnauthorized, "This endpoint requires you to be authenticated.",
			"https://docs.github.com/graphql/guides/forming-calls-with-graphql#authenticating-with-graphql")
	case !sent:
		writeError(c, http.StatusUnauthorized, "Requires authentication", "https://docs.github.com/rest")
	case token == "" || s.opts.Token != "" && token != s.opts.Token:
		writeError(c, http.StatusUnauthorized, "Bad credentials", "https://docs.github.com/rest")
	default:
		return true
	}
	return false
}

// bearer is the token of a request: GitHub takes "Bearer" and "token", in any case.
func bearer(r *http.Request) (token string, sent bool) {
	scheme, token, _ := strings.Cut(strings.TrimSpace(r.Header.Get("Authorization")), " ")
	if !strings.EqualFold(scheme, "bearer") && !strings.EqualFold(scheme, "token") {
		return "", scheme != ""
	}
	return strings.TrimSpace(token), true
}
