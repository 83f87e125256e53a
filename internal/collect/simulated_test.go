package collect

import (
	"cmp"
	"context"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kpi-gate/internal/github"
	"kpi-gate/internal/githubsim"
	"kpi-gate/internal/model"
)

// day is the start of the n-th day of the worlds in these tests.
func day(n int) time.Time { return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n) }

// sha is the n-th commit of a world without a history.
func sha(n int) string { return fmt.Sprintf("%040x", n) }

// simulate is a client of a simulated GitHub that serves w, with a default branch if w has none. Its retries wait no
// longer than they must.
func simulate(t *testing.T, w *githubsim.World, opts githubsim.Options) (*github.Client, *githubsim.Server) {
	t.Helper()
	world := *w // Tests that run at the same time may share w.
	w = &world
	if w.Repo.Owner == "" {
		w.Repo = githubsim.Repo{Owner: "o", Name: "r", DefaultBranch: "main"}
	}
	if len(w.Commits) == 0 {
		w.Commits = []githubsim.Commit{{OID: sha(0), AuthoredDate: day(0), CommittedDate: day(0)}}
	}
	server, err := githubsim.New(w, opts)
	if err != nil {
		t.Fatal(err)
	}
	host := httptest.NewServer(server)
	t.Cleanup(host.Close)
	c, err := github.New(github.Options{Token: "t", APIURL: host.URL, UserAgent: "kpi-gate-test", Backoff: 1})
	if err != nil {
		t.Fatal(err)
	}
	return c, server
}

// read is a reading of a simulated repository whose preflight is done; the requests of that are not counted.
func read(t *testing.T, w *githubsim.World, opts githubsim.Options, req Request) (*reading, func() int) {
	t.Helper()
	c, server := simulate(t, w, opts)
	req.Owner, req.Name = cmp.Or(w.Repo.Owner, "o"), cmp.Or(w.Repo.Name, "r")
	req.Deployed = succeeded
	req.Reviews, req.Comments, req.Links = true, true, true
	if req.Events == nil {
		req.Events = ciEvents
	}
	r := &reading{
		client: c, request: req, asOf: cmp.Or(req.Until, day(365)), committed: map[string]time.Time{},
		interrupted: func() error { return nil },
	}
	if err := r.preflight(context.Background()); err != nil {
		t.Fatal(err)
	}
	before := len(server.Requests())
	return r, func() int { return len(server.Requests()) - before }
}

// ciEvents are the events whose runs these tests ask for.
var ciEvents = []string{"push", "schedule", "workflow_dispatch", model.MergeGroup}

// only is a condition that holds for the given names.
func only(names ...string) func(string) bool {
	return func(name string) bool {
		for _, n := range names {
			if n == name {
				return true
			}
		}
		return false
	}
}

// paths are the requests as short lines, for the messages of failed tests.
func paths(server *githubsim.Server) string {
	var lines []string
	for _, r := range server.Requests() {
		lines = append(lines, fmt.Sprintf("%s %s %d %.200s", r.Method, r.Path, r.Status, r.Query))
	}
	return strings.Join(lines, "\n")
}

// gapOf is the gap of a feed.
func gapOf(s *model.Snapshot, feed model.Feed) (model.Gap, bool) {
	for _, gap := range s.Gaps {
		if gap.Feed == feed {
			return gap, true
		}
	}
	return model.Gap{}, false
}

// latestOf is the later of two instants.
func latestOf(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
