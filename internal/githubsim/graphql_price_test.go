package githubsim

import (
	"net/http"
	"strings"
	"testing"
)

func TestPrice(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, selection string
		// cost and nodes are GitHub's arithmetic: requests ÷ 100, rounded, 1 at least; products of page sizes, summed.
		cost, nodes int
	}{
		{"no connection", `name`, 1, 0},
		{"no page", `issues{totalCount}`, 1, 0},
		{
			// The example of GitHub's documentation in another dress: 1 + 100 + 100·50 = 5,101 requests → 51 points;
			// 100 + 100·50 + 100·50·60 = 305,100 nodes.
			"three levels", `pullRequests(first:100){nodes{closingIssuesReferences(first:50){nodes{
			 labels(first:60){nodes{id}}}}}}`,
			51, 305_100,
		},
		{
			// 1 + 50·5 = 251 → 3 points; 50 + 50·(10+10+10+10+10) = 2,550 nodes.
			"five below one", `pullRequests(last:50){nodes{commits(first:10){totalCount} reviews(first:10){totalCount}
			 comments(first:10){totalCount} labels(first:10){totalCount} timelineItems(first:10){totalCount}}}`,
			3, 2_550,
		},
		{
			// The same connection in two fragments is one: 1 + 100 = 101 → 1 point; 100 + 100·20 = 2,100 nodes.
			"fragments", `...a ...on
			 Repository{deployments(first:100){nodes{statuses(first:20){nodes{id}}}}}`, 1, 2_100,
		},
		{
			// Under two aliases it is two: 2·101 → 2 points.
			"aliases", `a:deployments(first:100){nodes{statuses(first:20){nodes{id}}}}
			 b:deployments(first:100){nodes{statuses(first:20){nodes{id}}}}`, 2, 4_200,
		},
		{
			// What is left out costs nothing.
			"skipped", `pullRequests(first:100) @skip(if:true){nodes{commits(first:100){nodes{id}}}}`, 1, 0,
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := serverOf(t, octo(), Options{Now: day(1)})
			query := `{repository(owner:"octo",name:"parcels"){` + c.selection + `}
			 rateLimit{cost nodeCount limit remaining used resetAt}}`
			if strings.Contains(query, "...a") {
				query += ` fragment a on
				 Repository{deployments(first:100){nodes{statuses(first:20){nodes{createdAt}}}}}`
			}
			l := get(t, s, query)["rateLimit"].(map[string]any)
			if l["cost"] != float64(c.cost) || l["nodeCount"] != float64(c.nodes) {
				t.Errorf("cost %v, nodes %v; want %d, %d", l["cost"], l["nodeCount"], c.cost, c.nodes)
			}
			if l["limit"] != 1000.0 || l["used"] != l["cost"] || l["remaining"] != 1000-float64(c.cost) ||
				l["resetAt"] != "2026-01-01T01:00:00Z" {
				t.Errorf("%v", l)
			}
			if got := s.Requests()[0].Cost; got != c.cost {
				t.Errorf("charged %d", got)
			}
		})
	}
}

func TestDryRun(t *testing.T) {
	t.Parallel()
	s := serverOf(t, octo(), Options{})
	want(t, get(t, s, `{repository(owner:"octo",name:"parcels"){issues(first:100){nodes{labels(first:1){nodes{id}}
	 comments(first:1){nodes{id}}}}} rateLimit(dryRun:true){cost used}}`),
		// 1 + 100 + 100 = 201 → 2 points.
		`{"rateLimit":{"cost":2,"used":0}}`)
}

func TestNodeLimit(t *testing.T) {
	t.Parallel()
	s := serverOf(t, octo(), Options{})
	// 100 + 100·100 + 100·100·n: 500,000 lies between n = 48 and n = 49.
	query := func(n string) string {
		return `{repository(owner:"octo",name:"parcels"){pullRequests(first:100){nodes{closingIssuesReferences(first:100){
		 nodes{labels(first:` + n + `){nodes{id}}}}}}}}`
	}
	if a := ask(t, s, query("48"), nil); len(a.Errors) > 0 {
		t.Error(a.body)
	}
	a := ask(t, s, query("49"), nil)
	if a.status != http.StatusOK || a.Data != nil || len(a.Errors) != 1 || a.Errors[0].Type != "MAX_NODE_LIMIT_EXCEEDED" {
		t.Fatal(a.body)
	}
	const expected = "This query requests up to 500,100 possible nodes which exceeds the maximum limit of 500,000."
	if a.Errors[0].Message != expected {
		t.Errorf("%q", a.Errors[0].Message)
	}
}
