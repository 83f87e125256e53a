package cli

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"go.uber.org/goleak"

	"kpi-gate/internal/collect"
	"kpi-gate/internal/config"
	"kpi-gate/internal/github"
	"kpi-gate/internal/githubsim"
	"kpi-gate/internal/model"
	"kpi-gate/internal/report"
)

// TestMain sees that no reading leaves anything running.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// look is a look at a simulated repository as the program takes it.
type look struct {
	settings config.Settings
	options  githubsim.Options
	at       time.Time
	// archive is what is extended; nil: nothing.
	archive *collect.Archive
}

// take reads a world and reports it.
func (l look) take(ctx context.Context, t *testing.T, w *githubsim.World) (*model.Snapshot, *report.Report, error) {
	t.Helper()
	l.options.Now = l.at
	if l.options.RESTLimit == 0 {
		l.options.RESTLimit, l.options.GraphQLLimit = 1<<20, 1<<20
	}
	server, err := githubsim.New(w, l.options)
	if err != nil {
		t.Fatal(err)
	}
	host := httptest.NewServer(server)
	defer host.Close()
	defer host.CloseClientConnections()
	l.settings.Token, l.settings.Repository = "t", w.Repo.Owner+"/"+w.Repo.Name
	c, err := config.Resolve(l.settings, nil, l.at)
	if err != nil {
		t.Fatal(err)
	}
	virtual := githubsim.NewClock(l.at)
	client, err := github.New(github.Options{
		Token: c.Token, APIURL: host.URL, UserAgent: "kpi-gate-test", Now: virtual.Now, Wait: virtual.Wait,
		Budget: github.Budget{Requests: c.Budget.Requests, Points: c.Budget.Points},
	})
	if err != nil {
		t.Fatal(err)
	}
	wanted := request(c, l.at)
	wanted.Archive = l.archive
	s, err := collect.Collect(ctx, client, wanted, nil)
	if err != nil {
		return nil, nil, err
	}
	return s, report.Build(judged(c, &reading{snapshot: s})), nil
}
