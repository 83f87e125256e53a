package collect

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"kpi-gate/internal/github"
)

func TestAdvice(t *testing.T) {
	t.Parallel()
	reset := time.Date(2026, 6, 1, 14, 0, 0, 0, time.FixedZone("", 2*60*60))
	for _, test := range []struct {
		err  error
		want string
	}{
		{&github.PermissionError{Permission: "issues: read"}, "grant the token the permission issues: read"},
		{&github.PermissionError{Message: "Forbidden"}, ""},
		{&github.AuthError{}, "give a token that is valid until the run ends"},
		{
			&github.RateLimitError{Reset: reset},
			"run again after 2026-06-01T12:00:00Z, or use a token with a higher rate limit",
		},
		{&github.BudgetError{}, "raise the input budget, or keep a snapshot with the input cache"},
		{context.DeadlineExceeded, "raise the input timeout, or keep a snapshot with the input cache"},
		// One request went unanswered for too long.
		{
			&github.UnreachableError{Err: context.DeadlineExceeded},
			"run again; https://www.githubstatus.com says whether GitHub has trouble",
		},
		{&github.TimeoutError{}, "run again: GitHub did not manage even the smallest page in time"},
		{&github.UnreachableError{Status: 502}, "run again; https://www.githubstatus.com says whether GitHub has trouble"},
		{
			&github.QueryError{Message: "gone wrong"},
			"run again; https://www.githubstatus.com says whether GitHub has trouble",
		},
		{
			&github.AnswerError{Status: 200, Detail: "a page instead of JSON"},
			"run again; if that does not help, check GITHUB_API_URL, and what stands between the runner and GitHub",
		},
		{errors.New("something else"), ""},
	} {
		if got := advice(fmt.Errorf("reading issues: %w", test.err)); got != test.want {
			t.Errorf("%v: %q, want %q", test.err, got, test.want)
		}
	}
}

// A spent budget and the end of the time are the same cause for every feed, whatever was to be asked next; of any other
// error the whole text is told, in one line.
func TestReason(t *testing.T) {
	t.Parallel()
	const save = "or keep a snapshot with the input cache"
	spent := github.Budget{Requests: 40, Points: 30}
	for _, test := range []struct {
		err  error
		want string
	}{
		{
			&github.BudgetError{Asked: "GET /a", Budget: spent},
			"the budget of 40 requests is spent: raise the input budget, " + save,
		},
		{
			&github.BudgetError{Asked: "POST /graphql", Budget: spent, Price: 2},
			"the budget of 30 points is spent: raise the input budget, " + save,
		},
		{
			&github.BudgetError{Asked: "GET /a", Budget: github.Budget{Requests: 1}},
			"the budget of 1 request is spent: raise the input budget, " + save,
		},
		{
			fmt.Errorf("GET /a: %w", context.DeadlineExceeded),
			"the time for reading was over: raise the input timeout, " + save,
		},
		{errors.New("listing\n tags"), "reading issues: listing tags"},
	} {
		if got := reason(fmt.Errorf("reading issues: %w", test.err)); got != test.want {
			t.Errorf("%v: %q, want %q", test.err, got, test.want)
		}
	}
}
