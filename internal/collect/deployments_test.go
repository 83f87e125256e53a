package collect

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/github"
	"kpi-gate/internal/githubsim"
	"kpi-gate/internal/model"
)

// deployed is a deployment created at a time that succeeded five minutes later.
func deployed(id int, environment string, at time.Time) githubsim.Deployment {
	return githubsim.Deployment{
		ID: int64(id), SHA: sha(id), Environment: environment, CreatedAt: at,
		Statuses: []githubsim.DeploymentStatus{{State: "SUCCESS", CreatedAt: at.Add(5 * time.Minute)}},
	}
}

// daily is a world of 300 days, each with a deployment to production at 10:00 (IDs 1 to 300) and to staging at 9:00.
func daily() *githubsim.World {
	w := &githubsim.World{}
	for n := range 300 {
		w.Deployments = append(w.Deployments,
			deployed(1+n, "production", day(n).Add(10*time.Hour)),
			deployed(1001+n, "staging", day(n).Add(9*time.Hour)))
	}
	return w
}

// branches are deployments on one day, each to an environment of its own that comes before production in their order.
func branches(count, on int) []githubsim.Deployment {
	var deployments []githubsim.Deployment
	for n := range count {
		at := day(on).Add(time.Duration(n) * time.Minute)
		deployments = append(deployments, deployed(4001+n, fmt.Sprintf("branch-%03d", n), at))
	}
	return deployments
}

// TestDeploymentsStop: Reach is day 216, so production's last success before it finished on day 215, and nothing
// created before that time of day 184 can matter: those of days 185 to 299 are kept. A page of 100 holds 50 days: the
// first three go back to days 250, 200 and 150.
func TestDeploymentsStop(t *testing.T) {
	t.Parallel()
	forbidden := githubsim.Fault{
		Operation: "environments", Times: -1,
		Body: `{"data":{"repository":{"environments":null}},"errors":[{"type":"FORBIDDEN",` +
			`"path":["repository","environments"],"message":"Resource not accessible by integration"}]}`,
	}
	none := githubsim.Fault{
		Operation: "environments", Times: -1,
		Body: `{"data":{"repository":{"environments":{"nodes":[],"pageInfo":{"hasNextPage":false,"endCursor":null}}}}}`,
	}
	tests := []struct {
		name       string
		more       []githubsim.Deployment
		faults     []githubsim.Fault
		production func(string) bool
		// requests: one for the environments, which reading without a source does not open with, and the pages.
		requests, kept int
		oldest         int64
	}{
		{"one environment", nil, nil, only("production"), 1 + 3, 115, 186},
		// prod-eu last succeeded on day 20. The list of all ends two limits of approval before Reach, on day 154; then
		// prod-eu alone is read, on one page.
		{
			"a stale environment",
			[]githubsim.Deployment{deployed(2001, "prod-eu", day(20))},
			nil,
			only("production", "prod-eu"), 1 + 3 + 1, 116, 186,
		},
		// What never succeeded is read to the end of its list.
		{
			"an environment without a success",
			[]githubsim.Deployment{{ID: 2001, SHA: sha(1), Environment: "prod-eu", CreatedAt: day(20)}},
			nil, only("production", "prod-eu"), 1 + 3 + 1, 116, 186,
		},
		// Which environments there are is then known only from the whole list: 600 deployments.
		{"environments that may not be listed", nil, []githubsim.Fault{forbidden}, only("production"), 1 + 6, 115, 186},
		{"a plan without environments", nil, []githubsim.Fault{none}, only("production"), 1 + 6, 115, 186},
		// The second and third page of environments come with the first two of deployments, of which there are six.
		{
			"an environment for every branch",
			append(branches(250, 299), deployed(2001, "prod-eu", day(20))),
			nil,
			only("production", "prod-eu"), 1 + 6 + 1, 116, 186,
		},
		// Here deployments end with the third page, and environments have five.
		{
			"more environments than deployments",
			append(branches(450, 10), deployed(2001, "prod-eu", day(20))),
			nil,
			only("production", "prod-eu"), 1 + 3 + 1 + 1, 116, 186,
		},
		{"every environment counts", nil, nil, nil, 1 + 3, 230, 186},
		{"none is production", nil, nil, only("live"), 1 + 3, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := daily()
			w.Deployments = append(w.Deployments, tt.more...)
			r, requests := read(t, w, githubsim.Options{Faults: tt.faults}, Request{
				Reach: day(216), Until: day(300), Production: tt.production,
			})
			kept, err := r.deployments(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if got := requests(); got != tt.requests {
				t.Errorf("%d requests, want %d", got, tt.requests)
			}
			if len(kept) != tt.kept {
				t.Errorf("%d deployments, want %d", len(kept), tt.kept)
			}
			oldest := int64(0)
			for _, d := range kept {
				if oldest == 0 || d.ID < oldest {
					oldest = d.ID
				}
			}
			if oldest != tt.oldest {
				t.Errorf("the first deployment has ID %d, want %d", oldest, tt.oldest)
			}
		})
	}
}

// TestLateApproval: deployment 2 was created after deployment 1, but finished long before it, because 1 waited for its
// approval. The last success before Reach is 1's, although going back in time 2 is met first, with a full page between.
func TestLateApproval(t *testing.T) {
	t.Parallel()
	w := &githubsim.World{}
	late := deployed(1, "production", day(100))
	late.Statuses[0].CreatedAt = day(129)
	w.Deployments = append(w.Deployments, late, deployed(2, "production", day(125)))
	for n := range 150 {
		w.Deployments = append(w.Deployments, deployed(1000+n, "staging", day(101).Add(time.Duration(n)*time.Hour)))
	}
	r, _ := read(t, w, githubsim.Options{}, Request{Reach: day(130), Until: day(160), Production: only("production")})
	deployed := r.sources(context.Background(), &model.Snapshot{})
	if deployed != nil {
		t.Fatalf("no source was asked for, got %v", deployed)
	}
	r.request.Sources = []model.Source{model.SourceDeployments}
	deployed = r.sources(context.Background(), &model.Snapshot{})
	if len(deployed) == 0 {
		t.Fatal("nothing was deployed")
	}
	want := deployedCommit{SHA: sha(1), Finished: day(129), BeforeReach: true}
	if diff := cmp.Diff(want, deployed[len(deployed)-1]); diff != "" {
		t.Errorf("last deployed commit (-want +got):\n%s", diff)
	}
}

func TestDeploymentFacts(t *testing.T) {
	t.Parallel()
	robot, at := "deployer", day(10)
	w := &githubsim.World{
		Commits: []githubsim.Commit{{OID: sha(1), AuthoredDate: day(8), CommittedDate: day(9)}},
		Deployments: []githubsim.Deployment{
			// The list of statuses is in no order, and a later FAILURE does not undo the success.
			{
				ID: 5_000_000_000, SHA: sha(1), Environment: "production", CreatedAt: at,
				Creator: &robot, AuthorType: "Bot",
				Statuses: []githubsim.DeploymentStatus{
					{State: "INACTIVE", CreatedAt: at.Add(4 * time.Minute)},
					{State: "IN_PROGRESS", CreatedAt: at.Add(1 * time.Minute)},
					{State: "FAILURE", CreatedAt: at.Add(3 * time.Minute)},
					{State: "SUCCESS", CreatedAt: at.Add(2*time.Minute + 500*time.Millisecond)},
				},
			},
			// Its commit is gone, and its creator too.
			{ID: 2, SHA: sha(9), Environment: "production", CreatedAt: at.Add(time.Hour)},
		},
	}
	// Thirty steps: the query sees twenty, so all are read again by REST, on one page.
	many := githubsim.Deployment{ID: 3, SHA: sha(1), Environment: "production", CreatedAt: at.Add(2 * time.Hour)}
	for n := range 30 {
		state := "IN_PROGRESS"
		if n == 29 {
			state = "SUCCESS"
		}
		many.Statuses = append(many.Statuses, githubsim.DeploymentStatus{
			State: state, CreatedAt: many.CreatedAt.Add(time.Duration(n) * time.Minute),
		})
	}
	w.Deployments = append(w.Deployments, many)

	r, requests := read(t, w, githubsim.Options{}, Request{Reach: day(0), Until: day(30), Sources: []model.Source{
		model.SourceDeployments,
	}})
	s := &model.Snapshot{}
	commits := r.sources(context.Background(), s)
	if got := requests(); got != 2 {
		t.Errorf("%d requests, want 2: deployments, the statuses of one", got)
	}
	arrange(s)
	if len(s.Deployments) != 3 {
		t.Fatalf("%d deployments, want 3", len(s.Deployments))
	}
	if got := s.Deployments[1].Statuses; len(got) != 30 || got[0].State != "IN_PROGRESS" || got[29].State != "SUCCESS" {
		t.Errorf("statuses of deployment 3: %v", got)
	}
	s.Deployments[1].Statuses = nil
	for i := range s.Deployments {
		if s.Deployments[i].NodeID == "" {
			t.Errorf("deployment %d has no global ID", s.Deployments[i].ID)
		}
		s.Deployments[i].NodeID = ""
	}
	ghost := model.Actor{Login: model.Ghost}
	want := []model.Deployment{
		{
			ID: 2, Environment: "production", SHA: sha(9), Created: at.Add(time.Hour), Updated: at.Add(time.Hour),
			Creator: ghost,
		},
		{
			ID: 3, Environment: "production", SHA: sha(1), Created: at.Add(2 * time.Hour), Updated: at.Add(149 * time.Minute),
			Creator: ghost,
		},
		{
			ID: 5_000_000_000, Environment: "production", SHA: sha(1), Created: at, Updated: at.Add(4 * time.Minute),
			Creator: model.Actor{Login: "deployer", Bot: true},
			Statuses: []model.DeploymentStatus{
				{State: "IN_PROGRESS", Created: at.Add(1 * time.Minute)},
				{State: "SUCCESS", Created: at.Add(2 * time.Minute)},
				{State: "FAILURE", Created: at.Add(3 * time.Minute)},
				{State: "INACTIVE", Created: at.Add(4 * time.Minute)},
			},
		},
	}
	if diff := cmp.Diff(want, s.Deployments); diff != "" {
		t.Errorf("deployments (-want +got):\n%s", diff)
	}
	wantCommits := []deployedCommit{
		{SHA: sha(1), Finished: at.Add(2 * time.Minute), Committed: day(9)},
		// The thirtieth status of deployment 3: two hours and 29 minutes.
		{SHA: sha(1), Finished: at.Add(149 * time.Minute), Committed: day(9)},
	}
	if diff := cmp.Diff(wantCommits, commits); diff != "" {
		t.Errorf("deployed commits (-want +got):\n%s", diff)
	}
}

// TestDeploymentsPageTooBig: GitHub gives up on pages of 100 and of 50, each tried twice, and answers those of 25.
func TestDeploymentsPageTooBig(t *testing.T) {
	t.Parallel()
	w := &githubsim.World{}
	for n := range 60 {
		w.Deployments = append(w.Deployments, deployed(1+n, "production", day(n)))
	}
	r, requests := read(t, w, githubsim.Options{Faults: []githubsim.Fault{
		{Operation: "deployments", Status: 502, Body: "<html>", Times: 4},
	}}, Request{Reach: day(0), Until: day(60)})
	kept, err := r.deployments(context.Background())
	if err != nil || len(kept) != 60 {
		t.Errorf("%d deployments, want 60; error %v", len(kept), err)
	}
	// One for the environments, 2 + 2 refused, then 60 deployments by 25: 3 pages.
	if got := requests(); got != 1+4+3 {
		t.Errorf("%d requests, want 8", got)
	}
}

// TestDeploymentsCutShort: what was read before a failure is handed out, with the failure.
func TestDeploymentsCutShort(t *testing.T) {
	t.Parallel()
	r, _ := read(t, daily(), githubsim.Options{Faults: []githubsim.Fault{
		{Operation: "deployments", Skip: 1, Partial: &githubsim.PartialError{
			Path: []any{"repository", "deployments"}, Type: "INTERNAL", Message: "Something broke",
		}},
	}}, Request{Reach: day(216), Until: day(300), Production: only("production")})
	kept, err := r.deployments(context.Background())
	var failed *github.QueryError
	if !errors.As(err, &failed) || !strings.Contains(err.Error(), "reading the deployments of o/r") {
		t.Errorf("error %v", err)
	}
	if len(kept) != 50 {
		t.Errorf("%d deployments of the first page, want 50", len(kept))
	}
}

// TestDeploymentsWithoutCommits: a token without contents: read still learns what was deployed when.
func TestDeploymentsWithoutCommits(t *testing.T) {
	t.Parallel()
	w := &githubsim.World{Deployments: []githubsim.Deployment{deployed(1, "production", day(100))}}
	r, _ := read(t, w, githubsim.Options{Faults: []githubsim.Fault{{
		Operation: "commitOid", Partial: &githubsim.PartialError{
			Path: []any{"repository", "deployments", "nodes", 0, "commit"}, Type: "FORBIDDEN",
			Message: "Resource not accessible by integration",
		},
	}}}, Request{Reach: day(90), Until: day(110)})
	deployments, err := r.deployments(context.Background())
	if err != nil || len(deployments) != 1 || deployments[0].SHA != sha(1) {
		t.Errorf("deployments %+v, error %v", deployments, err)
	}
}

// TestEnvironmentsThatDoNotMove: a list of environments that gives the same place to go on from twice ends with an error.
func TestEnvironmentsThatDoNotMove(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		more := asked.Add(1) < 9
		if _, err := fmt.Fprintf(w, `{"data":{"repository":{"environments":{"nodes":[{"name":"production"}],`+
			`"pageInfo":{"hasNextPage":%t,"endCursor":"a"}}}}}`, more); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(host.Close)
	c, err := github.New(github.Options{Token: "t", APIURL: host.URL, UserAgent: "kpi-gate-test", Backoff: 1})
	if err != nil {
		t.Fatal(err)
	}
	l := newDeploymentList(&reading{client: c, repository: model.Repository{Owner: "o", Name: "r"}})
	l.moreEnvironments = githubv4.NewString("a")
	if err := l.otherEnvironments(context.Background()); err == nil || !strings.Contains(err.Error(), "twice") {
		t.Errorf("the error is %v after %d requests", err, asked.Load())
	}
}
