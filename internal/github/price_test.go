package github

import (
	"strings"
	"testing"

	"github.com/shurcooL/githubv4"
)

func TestPrice(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name      string
		query     string
		variables map[string]any
		want      int
	}{
		{"no connection is one point", `{viewer{login}}`, nil, 1},
		// GitHub's own example: 1 + 100 + 100 × 50 = 5,101 requests are 51 points.
		{
			"the documentation's example",
			`{viewer{repositories(first:100){edges{repository:node{
				issues(first:50){edges{node{labels(first:60){nodes{id}}}}}}}}}}`,
			nil, 51,
		},
		// Counting takes a request for each list too: 1 + 100 × 2 = 201.
		{"lists that are only counted", `{r{p(first:100){nodes{a{totalCount} b{totalCount}}}}}`, nil, 2},
		// Looking up is no list, but 3 × 100 of what is asked of each object are: 300 requests.
		{
			"what is looked up", `query($i:[ID!]!){nodes(ids:$i){... on D{a(first:100){nodes{b(first:1){x}}}}}}`,
			map[string]any{"i": []string{"x", "y", "z"}},
			3,
		},
		// 1 + 50 × 5 = 251 requests: 2.51 rounded.
		{
			"five lists in each of fifty",
			`{r{p(first:50){nodes{a(first:9){x} b(first:9){x} c(last:9){x} d(first:9){x} e(first:9){x}}}}}`, nil, 3,
		},
		// 1 + 49 = 50 requests: half a point is rounded up to one, 149 down to one, 150 up to two.
		{"half a point", `{r{p(first:49){nodes{a(first:1){x}}}}}`, nil, 1},
		{"just under one and a half", `{r{p(first:74){nodes{a(first:1){x} b(first:1){x}}}}}`, nil, 1},
		{"one and a half", `{r{q(first:1){x} p(first:74){nodes{a(first:1){x} b(first:1){x}}}}}`, nil, 2},
		// 1 + 100 × 2 = 201, and 2,001 with pages of a thousand.
		{
			"a size from a variable", `query($n:Int!){r{p(first:$n){nodes{a(first:1){x} b(first:1){x}}}}}`,
			map[string]any{"n": githubv4.Int(100)},
			2,
		},
		{"a size by default", `query($n:Int=100){r{p(first:$n){nodes{a(first:1){x} b(first:1){x}}}}}`, nil, 2},
		{
			"null for one of first and last", `query($n:Int,$m:Int){r{p(first:$n,last:$m){nodes{a(first:1){x} b(first:1){x}}}}}`,
			map[string]any{"n": (*githubv4.Int)(nil), "m": 100},
			2,
		},
		{
			"skipped lists",
			`query($y:Boolean!,$n:Boolean!){r{p(first:100){nodes{
				a(first:1)@include(if:$n){x} b(first:1)@skip(if:$y){x} c(first:1)@include(if:$y)@skip(if:$n){x}}}}}`,
			map[string]any{"y": githubv4.Boolean(true), "n": githubv4.Boolean(false)},
			1,
		},
		{
			"a skipped fragment",
			`query($n:Boolean!){r{p(first:100){nodes{a(first:1){x} ...on T @include(if:$n){b(first:1){x}}}}}}`,
			map[string]any{"n": false},
			1,
		},
		// The same field twice is one connection, under an alias or on another type it is another: 101, 201, 201.
		{"one list twice", `{r{p(first:100){nodes{a(first:1){x} a(first:1){y}}}}}`, nil, 1},
		{"one list under two names", `{r{p(first:100){nodes{a(first:1){x} b:a(first:1){y}}}}}`, nil, 2},
		{"a list on two types", `{r{p(first:100){nodes{...on A{a(first:1){x}} ...on B{a(first:1){x}}}}}}`, nil, 2},
		{
			"a list twice on one type",
			`{r{p(first:100){nodes{...on A{a(first:1){x}} ...F}}}} fragment F on A{a(first:1){y}}`,
			nil, 1,
		},
		// 1 + 100 + 10,000 + 1,000,000 and so on: far more than GitHub runs, and no overflow.
		{
			"too much",
			`{` + strings.Repeat(`a(first:100){`, 30) + `x` + strings.Repeat(`}`, 30) + `}`,
			nil, (tooMany + 50) / 100,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := Price(tt.query, tt.variables)
			if err != nil {
				t.Fatal(err)
			}
			if got != tt.want {
				t.Errorf("%d points, want %d", got, tt.want)
			}
		})
	}
}

func TestPriceRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, query string
		variables   map[string]any
	}{
		{"not a query", `{r{`, nil},
		{"nothing", ``, nil},
		{"two operations", `query a{r} query b{r}`, nil},
		{"no size", `query($n:Int){r{p(first:$n){x}}}`, nil},
		{"a size that is none", `{r{p(first:"many"){x}}}`, nil},
		{"a negative size", `{r{p(first:-1){x}}}`, nil},
		{"no such fragment", `{r{...F}}`, nil},
		{"a fragment in itself", `{r{...F}} fragment F on T{...F}`, nil},
		{"a fragment below itself", `{r{...F}} fragment F on T{a{...F}}`, nil},
		{"variables that are no JSON", `{r}`, map[string]any{"f": func() {}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got, err := Price(tt.query, tt.variables); err == nil {
				t.Errorf("%d points, want an error", got)
			}
		})
	}
}

// TestPriceOf prices a query that a struct spells out.
func TestPriceOf(t *testing.T) {
	t.Parallel()
	var q struct {
		Repository struct {
			Issues struct {
				Nodes []struct {
					Labels, Assignees struct{ TotalCount githubv4.Int } `graphql:"labels(first: 10)"`
				}
			} `graphql:"issues(first: $first)"`
		} `graphql:"repository(owner: $owner, name: \"r\")"`
	}
	variables := map[string]any{"first": githubv4.Int(50), "owner": githubv4.String("o")}
	// Both fields spell the same connection: 1 + 50 requests.
	if got, err := PriceOf(&q, variables); err != nil || got != 1 {
		t.Errorf("%d points and %v, want 1", got, err)
	}
	variables["first"] = githubv4.Int(100)
	var wide struct {
		Repository struct {
			Issues struct {
				Nodes []struct {
					Labels    struct{ TotalCount githubv4.Int } `graphql:"labels(first: 10)"`
					Assignees struct{ TotalCount githubv4.Int } `graphql:"assignees(first: 10)"`
				}
			} `graphql:"issues(first: $first)"`
		} `graphql:"repository(owner: $owner, name: \"r\")"`
	}
	if got, err := PriceOf(&wide, variables); err != nil || got != 2 {
		t.Errorf("%d points and %v, want 2", got, err)
	}
	if _, err := PriceOf(&wide, map[string]any{"owner": githubv4.String("o")}); err == nil {
		t.Error("a query whose page has no size was priced")
	}
}

// FuzzPrice: whatever text a query has, pricing it ends, and never says less than a point.
func FuzzPrice(f *testing.F) {
	f.Add(`{r{p(first:49){nodes{a(first:1){x}}}}}`, []byte(`{}`))
	f.Add(`query($n:Int=3){r{...F @skip(if:$s)}} fragment F on T{a(last:$n){...F}}`, []byte(`{"n":1e9,"s":true}`))
	f.Fuzz(func(t *testing.T, query string, variables []byte) {
		if got, err := priceOf(query, variables); err == nil && got < 1 {
			t.Errorf("%d points", got)
		}
	})
}
