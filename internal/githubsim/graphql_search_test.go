package githubsim

import (
	"fmt"
	"strings"
	"testing"
)

func TestSearch(t *testing.T) {
	t.Parallel()
	w := octo()
	w.Issues = []Issue{
		{Number: 1, State: "OPEN", CreatedAt: day(1), UpdatedAt: dayPointer(9)},
		{Number: 2, State: "CLOSED", CreatedAt: day(2), ClosedAt: dayPointer(4)},
		{Number: 3, State: "OPEN", CreatedAt: day(3)},
	}
	w.Pulls = []Pull{
		{Number: 4, State: "MERGED", CreatedAt: day(4), MergedAt: dayPointer(6)},
		{Number: 5, State: "OPEN", CreatedAt: day(5)},
	}
	s := serverOf(t, w, Options{})
	for query, expected := range map[string]int{
		"repo:octo/parcels":                                             5,
		"repo:Octo/Parcels is:issue":                                    3,
		"repo:octo/parcels is:pr":                                       2,
		"repo:octo/parcels is:issue is:open":                            2,
		"repo:octo/parcels is:pr is:closed":                             1,
		"repo:octo/parcels is:issue updated:>=2026-01-04":               2,
		"repo:octo/parcels is:issue updated:>=2026-01-04T00:00:01Z":     1,
		"repo:octo/parcels is:pr created:>=2026-01-05T00:00:00Z":        1,
		"repo:octo/parcels created:2026-01-02..2026-01-04":              3,
		"repo:octo/other is:issue":                                      0,
		"repo:octo/parcels is:issue is:pr":                              0,
		"  repo:octo/parcels   is:pr updated:>=2026-01-06T00:00:00Z   ": 1,
	} {
		a := ask(t, s, `query($q: String!){search(type:ISSUE,query:$q,first:1){issueCount}}`, map[string]any{"q": query})
		if got := a.Data["search"].(map[string]any)["issueCount"]; got != float64(expected) || len(a.Errors) > 0 {
			t.Errorf("%q: %v %v, want %d", query, got, a.Errors, expected)
		}
	}
	want(t, get(t, s, `{search(type:ISSUE,query:"is:closed",first:5){wikiCount nodes{...on Issue{number}
	 ...on PullRequest{number}}}}`), `{"search":{"wikiCount":0,"nodes":[{"number":4},{"number":2}]}}`)
	for _, query := range []string{"is:locked", "words", "author:ann", "updated:>=never", "-is:pr"} {
		a := ask(t, s, `query($q: String!){search(type:ISSUE,query:$q){issueCount}}`, map[string]any{"q": query})
		if len(a.Errors) != 1 || !strings.Contains(a.Errors[0].Message, fmt.Sprintf("cannot search for %q", query)) {
			t.Errorf("%q: %s", query, a.body)
		}
	}
	if a := ask(t, s, `{search(type:USER,query:"ann"){userCount}}`, nil); len(a.Errors) != 1 {
		t.Errorf("users: %s", a.body)
	}
	blind := serverOf(t, w, Options{Denied: []string{"issues"}})
	want(t, get(t, blind, `{search(type:ISSUE,query:"repo:octo/parcels"){issueCount}}`), `{"search":{"issueCount":2}}`)
}

// A search gives a thousand results at most, and counts them all.
func TestSearchIsCapped(t *testing.T) {
	t.Parallel()
	w := octo()
	for n := range 1001 {
		w.Issues = append(w.Issues, Issue{Number: n + 1, State: "OPEN", CreatedAt: day(1)})
	}
	s := serverOf(t, w, Options{})
	cursor := plainCursors{}.write(999)
	want(t, get(t, s, `{search(type:ISSUE,query:"is:issue",first:1,after:"`+cursor+`"){issueCount nodes{__typename}
	 pageInfo{hasNextPage}}}`), `{"search":{"issueCount":1001,"nodes":[],"pageInfo":{"hasNextPage":false}}}`)
}
