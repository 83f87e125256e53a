package github

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

func TestTokenStaysOnTheAPIHosts(t *testing.T) {
	t.Parallel()
	var elsewhere []http.Header
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		elsewhere = append(elsewhere, r.Header)
		reply{body: `{"name":"r"}`}.write(w)
	}))
	t.Cleanup(other.Close)
	var home []string
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		home = append(home, r.URL.Path+" "+r.Header.Get("Authorization"))
		if r.URL.Path == "/api/v3/repos/o/r" {
			http.Redirect(w, r, "/api/v3/repositories/7", http.StatusMovedPermanently)
			return
		}
		http.Redirect(w, r, other.URL+"/moved", http.StatusFound)
	})
	if err := getRepository(c); err != nil {
		t.Fatal(err)
	}
	// A renamed repository redirects within the host, where the token is needed; then away from it, where it is not.
	want := []string{"/api/v3/repos/o/r Bearer s3cret", "/api/v3/repositories/7 Bearer s3cret"}
	if !slices.Equal(home, want) {
		t.Errorf("at the API: %q, want %q", home, want)
	}
	if len(elsewhere) != 1 {
		t.Fatalf("%d requests elsewhere, want 1", len(elsewhere))
	}
	for _, name := range []string{"Authorization", "Cookie", "Referer", "Accept", "X-Github-Api-Version"} {
		if got := elsewhere[0].Get(name); got != "" {
			t.Errorf("elsewhere: %s: %q", name, got)
		}
	}
	if got := elsewhere[0].Get("User-Agent"); strings.Contains(got, "kpi-gate") {
		t.Errorf("elsewhere: User-Agent %q", got)
	}
}

// TestAnswersFromElsewhere: what a redirect leads to away from the API's hosts has to be JSON where JSON was asked for.
func TestAnswersFromElsewhere(t *testing.T) {
	t.Parallel()
	html := map[string]string{"Content-Type": "text/html"}
	tests := []struct {
		name   string
		answer reply
		says   string
	}{
		{"nothing", reply{}, "cut short"},
		{"null", reply{body: "null"}, "null instead of what was asked for"},
		{"a page", reply{body: "<html>", header: html}, "a page instead of JSON"},
		{"part of it", reply{body: `{"na`}, "cut short"},
		{"the answer", reply{body: `{"name":"r"}`}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			other := httptest.NewServer(script(tt.answer))
			t.Cleanup(other.Close)
			c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, other.URL, http.StatusFound)
			})
			err := getRepository(c)
			if tt.says == "" && err != nil || tt.says != "" && (Refusal(err) == nil || !strings.Contains(err.Error(), tt.says)) {
				t.Errorf("error %v, want one of the client's that says %q", err, tt.says)
			}
		})
	}
}

func TestRedirectLoop(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, r.URL.Path, http.StatusFound)
	})
	err := getRepository(c)
	var e *AnswerError
	if !errors.As(err, &e) || e.Status != http.StatusFound || !strings.Contains(e.Detail, "more than 10 times") {
		t.Errorf("error %v, want an AnswerError", err)
	}
	if got := c.Usage().Requests; got != maxRedirects+1 {
		t.Errorf("%d requests, want %d", got, maxRedirects+1)
	}
}

// TestQueryRedirected: a query goes on within the API's hosts, whole, where its method is kept, and nowhere else.
func TestQueryRedirected(t *testing.T) {
	t.Parallel()
	tests := []struct {
		status int
		// to is a path of the API's host; empty is another host.
		to     string
		detail string
	}{
		{http.StatusTemporaryRedirect, "/api/graphql", ""},
		{http.StatusPermanentRedirect, "/api/graphql", ""},
		{http.StatusMovedPermanently, "/api/graphql", "only reads can follow"},
		{http.StatusFound, "/api/graphql", "only reads can follow"},
		{http.StatusSeeOther, "/api/graphql", "only reads can follow"},
		{http.StatusTemporaryRedirect, "", "redirected to another host"},
		{http.StatusPermanentRedirect, "", "redirected to another host"},
		// Its answer would not be judged as that of a query.
		{http.StatusTemporaryRedirect, "/api/v3/graphql", `redirected to "/api/v3/graphql"`},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%d to %q", tt.status, tt.to), func(t *testing.T) {
			t.Parallel()
			other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
				t.Error("another host was asked")
			}))
			t.Cleanup(other.Close)
			var bodies []string
			c, p := serve(t, func(w http.ResponseWriter, r *http.Request) {
				body, err := io.ReadAll(r.Body)
				if err != nil {
					t.Error(err)
				}
				bodies = append(bodies, r.Method+" "+r.Header.Get("Authorization")+" "+string(body))
				switch {
				case len(bodies) > 1:
					reply{body: goodAnswer}.write(w)
				case tt.to == "":
					http.Redirect(w, r, other.URL, tt.status)
				default:
					http.Redirect(w, r, tt.to, tt.status)
				}
			})
			err := query(c)
			if tt.detail == "" {
				if err != nil || len(bodies) != 2 || bodies[0] != bodies[1] || !strings.Contains(bodies[1], "Bearer s3cret") {
					t.Errorf("error %v, sent %q", err, bodies)
				}
				// The redirect cost nothing.
				if got := c.Usage().Points; got != 3 {
					t.Errorf("%d points, want 3", got)
				}
				return
			}
			var e *AnswerError
			if !errors.As(err, &e) || e.Status != tt.status || !strings.Contains(e.Detail, tt.detail) {
				t.Errorf("error %v, want an AnswerError: %s", err, tt.detail)
			}
			if len(bodies) != 1 || len(p.list) != 0 {
				t.Errorf("%d requests, waits %v", len(bodies), p.list)
			}
		})
	}
}
