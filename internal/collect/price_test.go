package collect

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"kpi-gate/internal/github"
	"kpi-gate/internal/githubsim"
	"kpi-gate/internal/model"
)

// sentQuery is a query that was sent, and what the answer says that it cost.
type sentQuery struct {
	Query     string         `json:"query"`
	Variables map[string]any `json:"variables"`
	cost      int
}

// listening is a transport that keeps what passes through it.
type listening struct {
	mu   sync.Mutex
	sent []sentQuery
}

func (l *listening) RoundTrip(r *http.Request) (*http.Response, error) {
	var a sentQuery
	if r.Method == http.MethodPost {
		body, err := io.ReadAll(r.Body)
		if err := errors.Join(err, json.Unmarshal(body, &a)); err != nil {
			return nil, err
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil || a.Query == "" {
		return response, err
	}
	body, err := io.ReadAll(response.Body)
	var answer struct {
		Data struct{ RateLimit struct{ Cost int } }
	}
	if err := errors.Join(err, response.Body.Close(), json.Unmarshal(body, &answer)); err != nil {
		return nil, err
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	a.cost = answer.Data.RateLimit.Cost
	l.mu.Lock()
	l.sent = append(l.sent, a)
	l.mu.Unlock()
	return response, nil
}

// TestPrices holds the client's price of every query that a plan, a reading and one that extends it send against the
// price that the simulated GitHub, which knows the schema, asks for it.
func TestPrices(t *testing.T) {
	t.Parallel()
	until := time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC)
	world := githubsim.Generate(githubsim.Plan{
		Seed: 220, Until: until, Days: 90, PullRequests: 60, Issues: 60, Deployments: 60, Runs: 150,
	})
	changes := githubsim.RandomChanges(world, 3, 200)
	for name, sources := range map[string][]model.Source{
		"deployments": {model.SourceDeployments},
		"releases":    {model.SourceReleases},
		"tags":        {model.SourceTags},
		"merges":      {model.SourceMerges},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			req := everything()
			req.Owner, req.Name = world.Repo.Owner, world.Repo.Name
			req.Sources, req.Reach, req.Incident = sources, until.AddDate(0, 0, -60), only("incident")
			req.Milestones, req.Paths, req.Vulnerabilities, req.CodeScanning = true, true, true, true
			req.Archive = &Archive{}
			for _, req.Until = range []time.Time{until.AddDate(0, 0, -10), until} {
				holdPrices(t, githubsim.Grow(world, changes, req.Until), req)
			}
		})
	}
}

// holdPrices plans a reading of a world and makes it.
func holdPrices(t *testing.T, world *githubsim.World, req Request) {
	t.Helper()
	server, err := githubsim.New(world, githubsim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	host := httptest.NewServer(server)
	t.Cleanup(host.Close)
	var l listening
	c, err := github.New(github.Options{
		Token: "t", APIURL: host.URL, UserAgent: "kpi-gate-test", Transport: &l, Now: func() time.Time { return req.Until },
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewPlan(context.Background(), c, req); err != nil {
		t.Fatal(err)
	}
	if _, err := Collect(context.Background(), c, req, nil); err != nil {
		t.Fatal(err)
	}
	if len(l.sent) < 6 {
		t.Fatalf("%d queries were sent", len(l.sent))
	}
	points := 0
	for _, a := range l.sent {
		price, err := github.Price(a.Query, a.Variables)
		if err != nil || price != a.cost {
			t.Errorf("%d points (%v) by the client's price, %d by GitHub's: %s", price, err, a.cost, a.Query)
		}
		points += a.cost
	}
	if got := c.Usage().Points; got != points {
		t.Errorf("usage says %d points, the answers %d", got, points)
	}
}
