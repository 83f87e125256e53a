package github

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// serveWithin is a client with a budget of a server that answers as the replies say.
func serveWithin(t *testing.T, budget Budget, replies ...reply) *Client {
	t.Helper()
	server := httptest.NewServer(script(replies...))
	t.Cleanup(server.Close)
	p := &pauses{now: noon}
	c, err := New(Options{APIURL: server.URL, Budget: budget, Now: p.clock, Wait: p.wait})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestBudgetOfRequests(t *testing.T) {
	t.Parallel()
	// One request that fails once, and one that is redirected, are four; the fifth is not sent.
	c := serveWithin(t, Budget{Requests: 4},
		reply{status: 503}, reply{body: `{"name":"r"}`},
		reply{status: 301, header: map[string]string{"Location": "/api/v3/repositories/7"}}, reply{body: `{"name":"r"}`})
	if err := errors.Join(getRepository(c), getRepository(c)); err != nil {
		t.Fatal(err)
	}
	err := getRepository(c)
	var spent *BudgetError
	if !errors.As(err, &spent) || spent.Used.Requests != 4 || spent.Price != 0 {
		t.Fatalf("error %v, want a BudgetError after 4 requests", err)
	}
	for _, want := range []string{
		"GET /api/v3/repos/o/r", "budget of 4 requests", "4 are used", "input budget", "input cache",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q: %v", want, err)
		}
	}
	if got := c.Usage().Requests; got != 4 {
		t.Errorf("%d requests, want 4", got)
	}
}

// TestBudgetEndsRetries: what the budget does not cover is not sent again either.
func TestBudgetEndsRetries(t *testing.T) {
	t.Parallel()
	c := serveWithin(t, Budget{Requests: 2}, reply{status: 503})
	var spent *BudgetError
	if err := getRepository(c); !errors.As(err, &spent) {
		t.Errorf("error %v, want a BudgetError", err)
	}
	if got := c.Usage().Requests; got != 2 {
		t.Errorf("%d requests, want 2", got)
	}
}

// wide is a query of 2 points by its text: 1 + 2 × 100 requests.
type wide struct {
	Repository struct {
		Issues struct {
			Nodes []struct {
				Labels    struct{ TotalCount int } `graphql:"labels(first: 1)"`
				Assignees struct{ TotalCount int } `graphql:"assignees(first: 1)"`
			}
		} `graphql:"issues(first: 100)"`
	} `graphql:"repository(owner: \"o\", name: \"r\")"`
	RateLimit RateLimit
}

func queryWide(c *Client) error {
	var q wide
	return c.Query(context.Background(), &q, nil)
}

const emptyPage = `{"data":{"repository":{"issues":{"nodes":[]}}`

func TestBudgetOfPoints(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		answer reply
		// whole is how many queries a budget of 5 points is enough for, and used what they cost.
		whole, used int
	}{
		// 2 + 2, and the third could cost 2 more than the 1 that is left.
		{"as priced", reply{body: emptyPage + `,"rateLimit":{"cost":2,"remaining":9}}}`}, 2, 4},
		// Answers that say the query was cheaper leave more: 1 + 1 + 1 + 1, and a fifth may cost 2 of the 1 left.
		{"cheaper than priced", reply{body: emptyPage + `,"rateLimit":{"cost":1,"remaining":9}}}`}, 4, 4},
		{"dearer than priced", reply{body: emptyPage + `,"rateLimit":{"cost":4,"remaining":9}}}`}, 1, 4},
		{"not said", reply{body: emptyPage + `,"rateLimit":null}}`}, 2, 4},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := serveWithin(t, Budget{Points: 5}, tt.answer)
			for range tt.whole {
				if err := queryWide(c); err != nil {
					t.Fatal(err)
				}
			}
			err := queryWide(c)
			var spent *BudgetError
			if !errors.As(err, &spent) || spent.Price != 2 || spent.Used.Points != tt.used {
				t.Fatalf("error %v, want a BudgetError", err)
			}
			if !strings.Contains(err.Error(), "budget of 5 points is spent: 4 are used, and this query takes 2") {
				t.Errorf("the error does not say which budget: %v", err)
			}
			if got := c.Usage(); got.Points != tt.used || got.Requests != tt.whole {
				t.Errorf("usage %+v, want %d points and %d requests", got, tt.used, tt.whole)
			}
		})
	}
}

// TestBudgetOfRefusedQueries: a query that GitHub did not look at leaves the points as they were.
func TestBudgetOfRefusedQueries(t *testing.T) {
	t.Parallel()
	c := serveWithin(t, Budget{Points: 2},
		reply{status: 403, body: `{"message":"Resource not accessible by integration"}`},
		reply{body: emptyPage + `,"rateLimit":{"cost":2,"remaining":9}}}`})
	var refused *PermissionError
	if err := queryWide(c); !errors.As(err, &refused) {
		t.Fatalf("error %v, want a PermissionError", err)
	}
	if err := queryWide(c); err != nil {
		t.Fatal(err)
	}
}

// TestBudgetTogether: requests that are under way at the same time do not overshoot together.
func TestBudgetTogether(t *testing.T) {
	t.Parallel()
	c := serveWithin(t, Budget{Requests: 50, Points: 20},
		reply{body: emptyPage + `,"rateLimit":{"cost":2,"remaining":9}}}`})
	var group sync.WaitGroup
	refused := make(chan error, 60)
	for range 30 {
		group.Go(func() { refused <- queryWide(c) })
		group.Go(func() { refused <- getRepository(c) })
	}
	group.Wait()
	close(refused)
	failed := 0
	for err := range refused {
		var spent *BudgetError
		switch {
		case errors.As(err, &spent) && spent.Price > 0:
			failed++
		case err != nil:
			t.Error(err)
		}
	}
	// Ten of the 30 queries of 2 points, and all the others.
	if got := c.Usage(); got.Points != 20 || got.Requests != 40 || failed != 20 {
		t.Errorf("usage %+v after %d refusals, want 20 points, 40 requests and 20 refusals", got, failed)
	}
}

func TestNewRefusesBudget(t *testing.T) {
	t.Parallel()
	for _, budget := range []Budget{{Requests: -1}, {Points: -1}} {
		if _, err := New(Options{Budget: budget}); err == nil {
			t.Errorf("budget %+v: no error", budget)
		}
	}
}
