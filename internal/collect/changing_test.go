package collect

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"kpi-gate/internal/github"
	"kpi-gate/internal/githubsim"
)

// readChanging is a reading of a repository that changes while it is read: choose says which of two worlds answers a
// request. Requests come one after another.
func readChanging(
	t *testing.T, first, then *githubsim.World,
	choose func(w http.ResponseWriter, r *http.Request, first, then http.Handler), req Request,
) *reading {
	t.Helper()
	var hosts [2]http.Handler
	for i, w := range []*githubsim.World{first, then} {
		w.Repo = githubsim.Repo{Owner: "o", Name: "r", DefaultBranch: "main"}
		server, err := githubsim.New(w, githubsim.Options{Token: "t"})
		if err != nil {
			t.Fatal(err)
		}
		hosts[i] = server
	}
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		choose(w, r, hosts[0], hosts[1])
	}))
	t.Cleanup(host.Close)
	c, err := github.New(github.Options{Token: "t", APIURL: host.URL, UserAgent: "kpi-gate-test", Backoff: 1})
	if err != nil {
		t.Fatal(err)
	}
	req.Owner, req.Name = "o", "r"
	req.Reviews, req.Comments, req.Links, req.Events = true, true, true, ciEvents
	r := &reading{
		client: c, request: req, asOf: latestOf(req.Until, day(365)), committed: map[string]time.Time{},
		interrupted: func() error { return nil },
	}
	if err := r.preflight(context.Background()); err != nil {
		t.Fatal(err)
	}
	return r
}
