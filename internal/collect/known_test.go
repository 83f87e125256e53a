package collect

import (
	"bytes"
	"context"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kpi-gate/internal/github"
	"kpi-gate/internal/githubsim"
	"kpi-gate/internal/model"
)

// readAt reads a repository when the request's window ends. It returns the requests after the opening one.
func readAt(
	t *testing.T, w *githubsim.World, req Request, opts githubsim.Options,
) (*model.Snapshot, []githubsim.Request) {
	t.Helper()
	world := *w // Tests that run at the same time may share w.
	if world.Repo.Owner == "" {
		world.Repo = githubsim.Repo{Owner: "o", Name: "r", DefaultBranch: "main"}
	}
	if len(world.Commits) == 0 {
		world.Commits = []githubsim.Commit{{OID: sha(0), AuthoredDate: day(0), CommittedDate: day(0)}}
	}
	server, err := githubsim.New(&world, opts)
	if err != nil {
		t.Fatal(err)
	}
	host := httptest.NewServer(server)
	t.Cleanup(host.Close)
	now := req.Until
	c, err := github.New(github.Options{
		Token: "t", APIURL: host.URL, UserAgent: "kpi-gate-test", Backoff: 1, Now: func() time.Time { return now },
		Wait: func(ctx context.Context, d time.Duration) error {
			now = now.Add(d)
			return ctx.Err()
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	req.Owner, req.Name = world.Repo.Owner, world.Repo.Name
	s, err := Collect(context.Background(), c, req, nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, paths(server))
	}
	return s, server.Requests()[1:]
}

// kept is what a reading leaves, as it comes from a snapshot file.
func kept(t *testing.T, w *githubsim.World, req Request) *Archive {
	t.Helper()
	req.Archive = &Archive{}
	if s, _ := readAt(t, w, req, githubsim.Options{}); len(s.Gaps) > 0 {
		t.Fatalf("gaps %+v", s.Gaps)
	}
	var file bytes.Buffer
	if err := WriteArchive(&file, req.Archive); err != nil {
		t.Fatal(err)
	}
	a, err := ReadArchive(&file)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// readAgain reads a repository as it was first, then as it is then, once with what the first reading left and once without
// it: the two have to be alike. It returns the snapshot and the requests of the reading that knew.
func readAgain(
	t *testing.T, first, then *githubsim.World, earlier, req Request, opts githubsim.Options,
) (*model.Snapshot, []githubsim.Request) {
	t.Helper()
	a := kept(t, first, earlier)
	cold, _ := readAt(t, then, req, githubsim.Options{})
	req.Archive = a
	s, requests := readAt(t, then, req, opts)
	differ := cmp.Diff(cold, s, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(model.Snapshot{}, "Usage"))
	if differ != "" {
		t.Errorf("with an earlier reading (-without +with):\n%s\n%s", differ, asked(requests))
	}
	return s, requests
}

// asked are requests as short lines.
func asked(requests []githubsim.Request) string {
	var lines []string
	for _, r := range requests {
		lines = append(lines, fmt.Sprintf("%s %s %d %.200s", r.Method, r.Path, r.Status, r.Query))
	}
	return strings.Join(lines, "\n")
}
