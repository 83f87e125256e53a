package collect

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kpi-gate/internal/githubsim"
	"kpi-gate/internal/model"
)

// deploymentsOnly asks for the deployments to production and to what begins so.
func deploymentsOnly(reach, until time.Time) Request {
	return Request{
		Reach: reach, Until: until, Sources: []model.Source{model.SourceDeployments}, Deployed: succeeded,
		Production: only("production", "production-eu"),
	}
}

// redeployed is a copy of a world whose deployments are changed.
func redeployed(w *githubsim.World, change func([]githubsim.Deployment) []githubsim.Deployment) *githubsim.World {
	changed := *w
	changed.Deployments = change(slices.Clone(w.Deployments))
	return &changed
}

// deploymentOf is the place of a deployment by its ID.
func deploymentOf(deployments []githubsim.Deployment, id int64) int {
	return slices.IndexFunc(deployments, func(d githubsim.Deployment) bool { return d.ID == id })
}

// status gives a deployment another status.
func status(deployments []githubsim.Deployment, id int64, state string, at time.Time) {
	d := &deployments[deploymentOf(deployments, id)]
	d.Statuses = append(slices.Clone(d.Statuses), githubsim.DeploymentStatus{State: state, CreatedAt: at})
}

func TestDeploymentsAgain(t *testing.T) {
	t.Parallel()
	same := func(deployments []githubsim.Deployment) []githubsim.Deployment { return deployments }
	tests := []struct {
		name string
		// The first reading is at day 300, the second so many days and two hours later; Reach is day 216 at first.
		days     int
		then     func([]githubsim.Deployment) []githubsim.Deployment
		requests int
	}{
		// The latest deployments, and one question about the known ones that are not among them.
		{"nothing new", 0, same, 2},
		{"a later reach", 30, same, 2},
		{"a deployment", 0, func(deployments []githubsim.Deployment) []githubsim.Deployment {
			return append(deployments, deployed(301, "production", day(300).Add(time.Hour)))
		}, 2},
		{"one changed its state", 0, func(deployments []githubsim.Deployment) []githubsim.Deployment {
			status(deployments, 200, "INACTIVE", day(300).Add(time.Hour))
			return deployments
		}, 3},
		{"one was deleted", 0, func(deployments []githubsim.Deployment) []githubsim.Deployment {
			i := deploymentOf(deployments, 200)
			return slices.Delete(deployments, i, i+1)
		}, 2},
		// The last success before Reach is that of day 215, whose deployment is deleted, so that those of day 183 matter.
		{"what was in production was deleted", 0, func(deployments []githubsim.Deployment) []githubsim.Deployment {
			i := deploymentOf(deployments, 216)
			return slices.Delete(deployments, i, i+1)
		}, 2 + 2},
		// An environment that is new to the list, with a deployment of long ago.
		{"another environment", 0, func(deployments []githubsim.Deployment) []githubsim.Deployment {
			return append(deployments, deployed(3001, "production-eu", day(20)))
		}, 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			first := daily()
			then := redeployed(first, tt.then)
			_, requests := readAgain(t, first, then, deploymentsOnly(day(216), day(300)),
				deploymentsOnly(day(216+tt.days), day(300+tt.days).Add(2*time.Hour)), githubsim.Options{})
			if len(requests) != tt.requests {
				t.Errorf("%d requests, want %d\n%s", len(requests), tt.requests, asked(requests))
			}
		})
	}
}

// TestDeploymentsAgainOfManyEnvironments: what has a hundred environments before production is not asked for those again.
// One that comes after these, and is new, is found by its first deployment, in every later reading.
func TestDeploymentsAgainOfManyEnvironments(t *testing.T) {
	t.Parallel()
	at := func(days int) Request { return deploymentsOnly(day(216), day(300+days)) }
	world := daily()
	world.Deployments = append(world.Deployments, branches(150, 10)...)
	archive := kept(t, world, at(0))
	for n, step := range []struct {
		then     []githubsim.Deployment
		requests int
	}{
		{nil, 2},
		// Of an environment that is new, all deployments are read.
		{[]githubsim.Deployment{deployed(3001, "production-eu", day(301))}, 3},
		{[]githubsim.Deployment{deployed(3002, "production-eu", day(302))}, 2},
	} {
		world = redeployed(world, func(all []githubsim.Deployment) []githubsim.Deployment { return append(all, step.then...) })
		cold, _ := readAt(t, world, at(n+1), githubsim.Options{})
		req := at(n + 1)
		req.Archive = archive
		warm, requests := readAt(t, world, req, githubsim.Options{})
		if diff := cmp.Diff(cold.Deployments, warm.Deployments); diff != "" || len(requests) != step.requests {
			t.Errorf("step %d: %d requests, want %d; (-cold +warm):\n%s\n%s", n, len(requests), step.requests, diff, asked(requests))
		}
		if ledger := req.Archive.Ledger.Deployments; !ledger.Named {
			t.Errorf("step %d: the environments are not named", n)
		}
	}
}

// TestDeploymentsAgainOfFew: where all are on one page, that is all that is asked for.
func TestDeploymentsAgainOfFew(t *testing.T) {
	t.Parallel()
	first := &githubsim.World{}
	for n := range 90 {
		first.Deployments = append(first.Deployments, deployed(1+n, "production", day(n)))
	}
	then := redeployed(first, func(deployments []githubsim.Deployment) []githubsim.Deployment {
		status(deployments, 20, "FAILURE", day(91))
		return slices.Delete(deployments, 40, 41)
	})
	_, requests := readAgain(t, first, then, deploymentsOnly(day(30), day(90)), deploymentsOnly(day(31), day(92)),
		githubsim.Options{})
	if len(requests) != 1 {
		t.Errorf("%d requests, want 1\n%s", len(requests), asked(requests))
	}
}

// TestDeploymentsUnconfirmed: where the token may not look up a deployment by its ID, all are read as if none were known.
func TestDeploymentsUnconfirmed(t *testing.T) {
	t.Parallel()
	_, requests := readAgain(t, daily(), daily(), deploymentsOnly(day(216), day(300)), deploymentsOnly(day(216), day(301)),
		githubsim.Options{Faults: []githubsim.Fault{{Operation: "nodes", Skip: 2, Partial: &githubsim.PartialError{
			Path: []any{"nodes0", 3}, Type: "FORBIDDEN", Message: "Resource not accessible by integration",
		}}}})
	// The first page, the question, and three pages.
	if len(requests) != 5 {
		t.Errorf("%d requests, want 5\n%s", len(requests), asked(requests))
	}
}

// TestDeploymentsNotConfirmed: where it cannot be asked what became of the known deployments, they stay as they were, and
// the feed has a gap. The next reading still has what the first one knew.
func TestDeploymentsNotConfirmed(t *testing.T) {
	t.Parallel()
	req := deploymentsOnly(day(216), day(301))
	req.Archive = kept(t, daily(), deploymentsOnly(day(216), day(300)))
	s, requests := readAt(t, daily(), req, githubsim.Options{Faults: []githubsim.Fault{
		{Operation: "nodes", Skip: 2, Times: -1, Status: 503},
	}})
	gap, ok := gapOf(s, model.Deployments)
	if !ok || !gap.Partial || len(s.Deployments) != 115 {
		t.Errorf("%d deployments, gap %+v\n%s", len(s.Deployments), gap, asked(requests))
	}
	cold, _ := readAt(t, daily(), deploymentsOnly(day(216), day(302)), githubsim.Options{})
	again := deploymentsOnly(day(216), day(302))
	again.Archive = req.Archive
	s, requests = readAt(t, daily(), again, githubsim.Options{})
	if diff := cmp.Diff(cold.Deployments, s.Deployments); diff != "" || len(requests) != 2 {
		t.Errorf("%d requests, want 2; deployments (-cold +warm):\n%s", len(requests), diff)
	}
}

// TestLongWait: a deployment that took longer than any approval does not move what matters: whether a page happens to hold
// it makes no difference.
func TestLongWait(t *testing.T) {
	t.Parallel()
	w := daily()
	status(w.Deployments, 150, "IN_PROGRESS", day(149).Add(11*time.Hour))
	i := deploymentOf(w.Deployments, 150)
	w.Deployments[i].Statuses = []githubsim.DeploymentStatus{{State: "SUCCESS", CreatedAt: day(215).Add(23 * time.Hour)}}
	s, _ := readAt(t, w, deploymentsOnly(day(216), day(300)), githubsim.Options{})
	if len(s.Deployments) != 115 || s.Deployments[0].ID != 186 {
		t.Errorf("%d deployments from %d on, want 115 from 186 on", len(s.Deployments), s.Deployments[0].ID)
	}
}
