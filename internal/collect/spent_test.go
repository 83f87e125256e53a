package collect

import (
	"context"
	"errors"
	"net/http/httptest"
	"testing"
	"time"

	"kpi-gate/internal/github"
	"kpi-gate/internal/githubsim"
)

// TestNothingBeforeTheBudgetWasSpent: a reading that got no further than the repository is an error, even where the first
// request told that there is none of something; one that got further is a snapshot with gaps.
func TestNothingBeforeTheBudgetWasSpent(t *testing.T) {
	t.Parallel()
	for requests, whole := range map[int]bool{1: false, 4: true} {
		_, server := simulate(t, small(), githubsim.Options{})
		host := httptest.NewServer(server)
		t.Cleanup(host.Close)
		c, err := github.New(github.Options{
			Token: "t", UserAgent: "kpi-gate-test", APIURL: host.URL, Budget: github.Budget{Requests: requests},
		})
		if err != nil {
			t.Fatal(err)
		}
		req := everything()
		req.Milestones = true
		s, err := Collect(context.Background(), c, req, nil)
		var spent *github.BudgetError
		if whole && (err != nil || len(s.Gaps) == 0) || !whole && (s != nil || !errors.As(err, &spent)) {
			t.Errorf("after %d requests: %v, %v", requests, s, err)
		}
	}
}

// TestNothingBeforeTheTimeWasOver: the same where the deadline has passed.
func TestNothingBeforeTheTimeWasOver(t *testing.T) {
	t.Parallel()
	c, _ := simulate(t, small(), githubsim.Options{})
	req := everything()
	req.Deadline = c.Now().Add(-time.Second)
	if s, err := Collect(context.Background(), c, req, nil); s != nil || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, %v", s, err)
	}
}
