package collect

import (
	"context"
	"errors"
	"fmt"
	"strings"
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
		{&github.RateLimitError{Reset: reset}, "run again after 2026-06-01T12:00:00Z, or use a token with a higher rate limit"},
		{&github.BudgetError{}, "raise the input budget, or keep a snapshot with the input cache"},
		{context.DeadlineExceeded, "raise the input timeout, or keep a snapshot with the input cache"},
		// The end of the time cuts the connection.
		{
			&github.UnreachableError{Err: context.DeadlineExceeded},
			"raise the input timeout, or keep a snapshot with the input cache",
		},
		{&github.TimeoutError{}, "run again: GitHub did not manage even the smallest page in time"},
		{&github.UnreachableError{Status: 502}, "run again; https://www.githubstatus.com says whether GitHub has trouble"},
		{errors.New("something else"), ""},
	} {
		if got := advice(fmt.Errorf("reading issues: %w", test.err)); got != test.want {
			t.Errorf("%v: %q, want %q", test.err, got, test.want)
		}
	}
}

// What the budget's error says is what is advised, so that it need not be said twice.
func TestAdviceOnBudgetsIsThatOfTheError(t *testing.T) {
	t.Parallel()
	err := &github.BudgetError{Asked: "GET /a"}
	if said := err.Error(); !strings.Contains(said, advice(err)) {
		t.Errorf("%q does not say %q", said, advice(err))
	}
}
