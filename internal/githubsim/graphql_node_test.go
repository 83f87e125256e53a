package githubsim

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// lookedUp has one of everything that has a global id.
func lookedUp() *World {
	w := octo()
	w.Commits = []Commit{{OID: "a1", AuthoredDate: day(1), CommittedDate: day(1)}}
	w.Branches = []Branch{{Name: "main", OID: "a1"}}
	w.Tags = []Tag{{Name: "v1", OID: "a1"}}
	w.Releases = []Release{{TagName: "v1", CreatedAt: day(1), PublishedAt: dayPointer(2), OID: "a1"}}
	w.Deployments = []Deployment{{
		ID: 7, SHA: "a1", Environment: "production", CreatedAt: day(1),
		Statuses: []DeploymentStatus{{State: "INACTIVE", CreatedAt: day(4)}, {State: "SUCCESS", CreatedAt: day(2)}},
	}}
	w.WorkflowRuns = []WorkflowRun{{
		ID: 9_000_000_001, RunNumber: 3, Event: "push", WorkflowID: 1, Status: "completed", CreatedAt: day(1),
		UpdatedAt: day(3),
	}}
	w.Milestones = []Milestone{{Number: 1, Title: "m", CreatedAt: day(1)}}
	w.Issues = []Issue{{Number: 1, State: "OPEN", CreatedAt: day(1)}}
	w.Pulls = []Pull{{Number: 2, State: "OPEN", CreatedAt: day(1)}}
	return w
}

// What REST calls node_id is GraphQL's id, and looking it up gives the same thing.
func TestNodes(t *testing.T) {
	t.Parallel()
	s := serverOf(t, lookedUp(), Options{})
	type nodeList []struct {
		ID string `json:"node_id"`
	}
	const root = "/repos/octo/parcels"
	ids := []string{
		fetched[struct {
			Runs nodeList `json:"workflow_runs"`
		}](t, s, root+"/actions/runs").Runs[0].ID,
		fetched[nodeList](t, s, root+"/deployments")[0].ID,
		fetched[nodeList](t, s, root+"/releases")[0].ID,
		fetched[nodeList](t, s, root+"/tags")[0].ID,
		fetched[nodeList](t, s, root+"/issues")[0].ID,
		fetched[nodeList](t, s, root+"/pulls")[0].ID,
		fetched[struct {
			ID string `json:"node_id"`
		}](t, s, root).ID,
		repo(t, s, `milestone(number:1){id}`)["milestone"].(map[string]any)["id"].(string),
		repo(t, s, `ref(qualifiedName:"main"){id}`)["ref"].(map[string]any)["id"].(string),
	}
	a := ask(t, s, `query($ids: [ID!]!){nodes(ids:$ids){id __typename
	 ...on WorkflowRun{databaseId createdAt updatedAt event runNumber url}
	 ...on Deployment{databaseId updatedAt environment}
	 ...on Release{tagName updatedAt}
	 ...on Ref{name target{oid}}
	 ...on Issue{number} ...on PullRequest{number} ...on Milestone{number} ...on Repository{name}}}`,
		map[string]any{"ids": ids})
	want(t, a.Errors, `null`)
	nodes := a.Data["nodes"].([]any)
	for i, n := range nodes {
		n := n.(map[string]any)
		if n["id"] != ids[i] {
			t.Errorf("asked for %s, got %v", ids[i], n)
		}
		delete(n, "id")
	}
	want(t, nodes, `[
	 {"__typename":"WorkflowRun","databaseId":9000000001,"createdAt":"2026-01-01T00:00:00Z",
	  "updatedAt":"2026-01-03T00:00:00Z","event":"push","runNumber":3,
	  "url":"https://github.com/octo/parcels/actions/runs/9000000001"},
	 {"__typename":"Deployment","databaseId":7,"updatedAt":"2026-01-04T00:00:00Z","environment":"production"},
	 {"__typename":"Release","tagName":"v1","updatedAt":"2026-01-02T00:00:00Z"},
	 {"__typename":"Ref","name":"v1","target":{"oid":"a1"}},
	 {"__typename":"PullRequest","number":2},{"__typename":"PullRequest","number":2},
	 {"__typename":"Repository","name":"parcels"},{"__typename":"Milestone","number":1},
	 {"__typename":"Ref","name":"main","target":{"oid":"a1"}}]`)
	one := ask(t, s, `query($id: ID!){node(id:$id){__typename}}`, map[string]any{"id": ids[0]})
	want(t, one.Data, `{"node":{"__typename":"WorkflowRun"}}`)
}

func TestUnknownNodes(t *testing.T) {
	t.Parallel()
	s := serverOf(t, lookedUp(), Options{})
	known := (&Deployment{ID: 7}).node()
	a := ask(t, s, `{now:nodes(ids:["gone","`+known+`","gone"]){id} node(id:"gone"){id}}`, nil)
	want(t, a.Data, `{"now":[null,{"id":"`+known+`"},null],"node":null}`)
	want(t, a.Errors, `[
	 {"type":"NOT_FOUND","path":["now",0],"locations":[{"line":1,"column":2}],
	  "message":"Could not resolve to a node with the global id of 'gone'"},
	 {"type":"NOT_FOUND","path":["now",2],"locations":[{"line":1,"column":2}],
	  "message":"Could not resolve to a node with the global id of 'gone'"},
	 {"type":"NOT_FOUND","path":["node"],"locations":[{"line":1,"column":49}],
	  "message":"Could not resolve to a node with the global id of 'gone'"}]`)

	many := func(n int) string { return strings.Join(slices.Repeat([]string{`"` + known + `"`}, n), ",") }
	if nodes := get(t, s, `{nodes(ids:[`+many(100)+`]){id}}`)["nodes"].([]any); len(nodes) != 100 {
		t.Errorf("%d nodes of 100", len(nodes))
	}
	a = ask(t, s, `{all:nodes(ids:[`+many(101)+`]){id}}`, nil)
	want(t, a.Data, `null`)
	want(t, a.Errors, `[{"type":"ARGUMENT_LIMIT","path":["all"],"locations":[{"line":1,"column":2}],
	 "message":"You may not provide more than 100 node ids; you provided 101."}]`)
}

// A node takes the permission that its list takes; the others stay readable.
func TestForbiddenNodes(t *testing.T) {
	t.Parallel()
	nodes := []struct{ permission, id string }{
		{"actions", (&WorkflowRun{ID: 9_000_000_001}).node()},
		{"deployments", (&Deployment{ID: 7}).node()},
		{"contents", (&Release{TagName: "v1"}).node()},
		{"contents", ref{tagsPrefix, "v1"}.node()},
		{"issues", (&Issue{Number: 1}).node()},
		{"pull-requests", (&Pull{Number: 2}).node()},
	}
	var ids []string
	for _, n := range nodes {
		ids = append(ids, n.id)
	}
	for _, denied := range []string{"actions", "deployments", "contents", "issues", "pull-requests"} {
		s := serverOf(t, lookedUp(), Options{Denied: []string{denied}})
		a := ask(t, s, `query($ids: [ID!]!){nodes(ids:$ids){id}}`, map[string]any{"ids": ids})
		var refused []string
		for _, e := range a.Errors {
			refused = append(refused, fmt.Sprint(e.Type, e.Path))
		}
		var expected []string
		for i, n := range nodes {
			forbidden := n.permission == denied
			if forbidden {
				expected = append(expected, fmt.Sprintf("FORBIDDEN[nodes %d]", i))
			}
			if got := a.Data["nodes"].([]any)[i]; (got == nil) != forbidden {
				t.Errorf("without %s: node %d is %v", denied, i, got)
			}
		}
		if !slices.Equal(refused, expected) {
			t.Errorf("without %s: %q, want %q", denied, refused, expected)
		}
	}
}

// Objects that are looked up are counted as nodes but make no request of their own; what is below them is read for
// each: 100 ids with statuses are 100 requests, one point, and 100 + 100·20 nodes.
func TestPriceOfNodes(t *testing.T) {
	t.Parallel()
	s := serverOf(t, lookedUp(), Options{})
	ids := slices.Repeat([]string{(&Deployment{ID: 7}).node()}, 100)
	for _, c := range []struct{ selection, expected string }{
		{`nodes(ids:$ids){id}`, `{"cost":1,"nodeCount":100}`},
		{`nodes(ids:$ids){...on Deployment{statuses(first:20){nodes{state}}}}`, `{"cost":1,"nodeCount":2100}`},
		{`a:nodes(ids:$ids){...on Deployment{statuses(first:20){nodes{state}}}}
		  b:nodes(ids:$ids){...on Deployment{statuses(first:20){nodes{state}}}}`, `{"cost":2,"nodeCount":4200}`},
	} {
		a := ask(t, s, `query($ids: [ID!]!){`+c.selection+` rateLimit{cost nodeCount}}`, map[string]any{"ids": ids})
		want(t, a.Data["rateLimit"], c.expected)
	}
}

func TestReleaseUpdated(t *testing.T) {
	t.Parallel()
	w := octo()
	w.Releases = []Release{
		{TagName: "draft", CreatedAt: day(1), IsDraft: true, OID: "a"},
		{TagName: "published", CreatedAt: day(1), PublishedAt: dayPointer(2), OID: "a"},
		{TagName: "edited", CreatedAt: day(1), PublishedAt: dayPointer(2), UpdatedAt: dayPointer(3), OID: "a"},
	}
	s := serverOf(t, w, Options{})
	want(t, repo(t, s, `releases(first:3,orderBy:{field:NAME,direction:ASC}){totalCount nodes{tagName updatedAt}}`),
		`{"releases":{"totalCount":3,"nodes":[{"tagName":"draft","updatedAt":"2026-01-01T00:00:00Z"},
		 {"tagName":"published","updatedAt":"2026-01-02T00:00:00Z"},{"tagName":"edited","updatedAt":"2026-01-03T00:00:00Z"}]}}`)
}

// Every list tells its whole length, whatever the page.
func TestTotals(t *testing.T) {
	t.Parallel()
	w := lookedUp()
	w.Repo.DefaultBranch = "main"
	w.Issues = append(w.Issues, Issue{Number: 3, State: "CLOSED", CreatedAt: day(2), ClosedAt: dayPointer(5)})
	s := serverOf(t, w, Options{})
	want(t, repo(t, s, `pullRequests{totalCount} issues{totalCount}
	 closed:issues(filterBy:{states:CLOSED}){totalCount} recent:issues(filterBy:{since:"2026-01-05T00:00:00Z"}){totalCount}
	 deployments(first:1){totalCount} releases{totalCount} milestones{totalCount}
	 refs(refPrefix:"refs/tags/",first:1,orderBy:{field:TAG_COMMIT_DATE,direction:DESC}){totalCount nodes{name}}
	 defaultBranchRef{target{...on Commit{history{totalCount}}}}`),
		`{"pullRequests":{"totalCount":1},"issues":{"totalCount":2},"closed":{"totalCount":1},"recent":{"totalCount":1},
		 "deployments":{"totalCount":1},"releases":{"totalCount":1},"milestones":{"totalCount":1},
		 "refs":{"totalCount":1,"nodes":[{"name":"v1"}]},"defaultBranchRef":{"target":{"history":{"totalCount":1}}}}`)
}
