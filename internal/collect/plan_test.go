package collect

import (
	"context"
	"strings"
	"testing"

	"kpi-gate/internal/github"
	"kpi-gate/internal/githubsim"
	"kpi-gate/internal/model"
)

// planned asks for all of the demo's repository, as a run without settings does.
func planned() Request {
	until := githubsim.DemoPlan().Until
	return Request{
		Owner: "octo-org", Name: "parcel-tracker", Reach: until.AddDate(0, 0, -84), Until: until,
		Sources:    []model.Source{model.SourceDeployments, model.SourceReleases, model.SourceTags},
		Production: only("production"), Deployed: succeeded, Commits: true, CI: true, Events: ciEvents,
		Enough:       func(s *model.Snapshot, _ model.Source) bool { return len(s.Deployments) > 0 },
		PullRequests: true, Reviews: true, Issues: true, Comments: true, Links: true, IssueTypes: true, Milestones: true,
		Incident: only("incident"), Vulnerabilities: true, CodeScanning: true,
	}
}

// TestPlan holds a plan against what the reading that it is of takes: from nothing, and from what that left.
func TestPlan(t *testing.T) {
	t.Parallel()
	world := githubsim.Generate(githubsim.DemoPlan())
	c, _ := simulate(t, world, githubsim.Options{RESTLimit: 5000, GraphQLLimit: 4000})
	req := planned()
	req.Archive = &Archive{}
	for _, run := range []string{"cold", "warm"} {
		before := c.Usage()
		plan, err := NewPlan(context.Background(), c, req)
		if err != nil {
			t.Fatal(err)
		}
		if asked := c.Usage().Since(before); asked != plan.Asked || asked.Requests != 3 {
			t.Errorf("%s: %+v were asked, the plan says %+v", run, asked, plan.Asked)
		}
		if l := plan.Limits; l.REST.Limit != 5000 || l.GraphQL.Limit != 4000 || l.GraphQL.Remaining == 0 {
			t.Errorf("%s: limits %+v", run, l)
		}
		s, err := Collect(context.Background(), c, req, nil)
		if err != nil {
			t.Fatal(err)
		}
		// A few requests go to what only the facts tell: older items that others name, commits on branches, more types.
		requests, points := plan.Cost()
		if off := s.Usage.Requests - requests; off < -5 || off > 5 {
			t.Errorf("%s: %d requests, planned %d: %+v", run, s.Usage.Requests, requests, plan.Steps)
		}
		if off := s.Usage.GraphQLPoints - points; off < -8 || off > 8 {
			t.Errorf("%s: %d points, planned %d: %+v", run, s.Usage.GraphQLPoints, points, plan.Steps)
		}
		for _, step := range plan.Steps {
			if of := model.Feed(step.Name); step.Known != (run == "warm" && (of == IssueTypesStep || s.Read != nil &&
				req.Archive.Whole[of] != Coverage{})) {
				t.Errorf("%s: %s is known: %t", run, step.Name, step.Known)
			}
			if step.Fallback != (step.Name == string(model.Releases) || step.Name == string(model.Tags)) {
				t.Errorf("%s: %s is a fallback: %t", run, step.Name, step.Fallback)
			}
		}
	}
}

// TestPlanForbidden: what the token may not count is said to be unknown, and why.
func TestPlanForbidden(t *testing.T) {
	t.Parallel()
	c, _ := simulate(t, githubsim.Generate(githubsim.DemoPlan()),
		githubsim.Options{Private: true, Denied: []string{"issues", "actions"}})
	plan, err := NewPlan(context.Background(), c, planned())
	if err != nil {
		t.Fatal(err)
	}
	unknown := map[string]string{}
	for _, step := range plan.Steps {
		unknown[step.Name] = step.Unknown
	}
	for step, permission := range map[string]string{"issues": "issues: read", "runs": "actions: read"} {
		if !strings.Contains(unknown[step], permission) {
			t.Errorf("of %s it says %q", step, unknown[step])
		}
	}
}

// TestPlanFails: where the repository cannot be seen there is no plan.
func TestPlanFails(t *testing.T) {
	t.Parallel()
	c, _ := simulate(t, small(), githubsim.Options{})
	req := planned()
	plan, err := NewPlan(context.Background(), c, req)
	if missing := new(*github.NotFoundError); plan != nil || err == nil || !strings.Contains(err.Error(), "octo-org") {
		t.Errorf("%v, %v, want %T", plan, err, *missing)
	}
}
