package collect

import (
	"net/http"
	"testing"

	"kpi-gate/internal/githubsim"
	"kpi-gate/internal/model"
)

// TestGapsThatAreCuts: 250 issues were closed a day apart, of which a page holds 100, and 300 deployments to production
// of which one holds 50. A list that ends early is cut, but not one of which nothing was read, one that only adds to
// what an earlier reading left, or one of which a part of each fact is missing.
func TestGapsThatAreCuts(t *testing.T) {
	t.Parallel()
	refuse := func(operation string, skip int) githubsim.Fault {
		return githubsim.Fault{
			Operation: operation, Skip: skip, Times: -1, Body: `{"data":null,"errors":[{"type":"INTERNAL","message":"broken"}]}`,
		}
	}
	untyped := githubsim.Fault{Path: "/repos/*/*/issues", Status: http.StatusUnprocessableEntity, Times: -1, Body: "{}"}
	world := daily()
	for n := range 250 {
		world.Issues = append(world.Issues, closedIssue(1+n, 1+n))
	}
	issues := Request{Reach: day(20), Until: day(299), Issues: true}
	typed, commented := issues, issues
	typed.IssueTypes, commented.Comments = true, true
	deployments := Request{
		Reach: day(100), Until: day(300), Sources: []model.Source{model.SourceDeployments}, Deployed: succeeded,
	}
	tests := []struct {
		name    string
		request Request
		// again reads everything once before, and what is new then.
		again        bool
		fault        githubsim.Fault
		feed         model.Feed
		partial, cut bool
	}{
		{"issues", issues, false, refuse("stateReason", 1), model.Issues, true, true},
		{"issues with their types", typed, false, refuse("stateReason", 1), model.Issues, true, true},
		{"issues without their types", typed, false, untyped, model.Issues, true, false},
		{"no issues", issues, false, refuse("stateReason", 0), model.Issues, false, false},
		{"issues since", issues, true, refuse("stateReason", 0), model.Issues, true, false},
		{"deployments", deployments, false, refuse("deployments", 1), model.Deployments, true, true},
		{"deployments since", deployments, true, refuse("deployments", 0), model.Deployments, true, false},
		{"what is part of an issue", commented, false, refuse("stateReason", 1), model.Comments, true, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			request := tt.request
			if tt.again {
				request.Archive = &Archive{}
				collectOn(t, world, request)
				request.Until = request.Until.AddDate(0, 0, 1)
			}
			s, server := collectOn(t, world, request, tt.fault)
			gap, ok := gapOf(s, tt.feed)
			if !ok || gap.Partial != tt.partial || gap.Cut != tt.cut {
				t.Errorf("gap %+v of %+v\n%s", gap, s.Gaps, paths(server))
			}
		})
	}
}
