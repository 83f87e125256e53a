package github

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"
)

// TestWithDeadline: a client whose clock stands in another year keeps a deadline of that year.
func TestWithDeadline(t *testing.T) {
	t.Parallel()
	now := time.Date(2020, 1, 1, 12, 0, 0, 0, time.UTC)
	c := &Client{transport: &transport{now: func() time.Time { return now }}}
	ctx, cancel := c.WithDeadline(context.Background(), now.Add(time.Hour))
	if at, ok := ctx.Deadline(); !ok || !at.Equal(now.Add(time.Hour)) || ctx.Err() != nil {
		t.Errorf("it ends at %v, %v: %v", at, ok, ctx.Err())
	}
	cancel()
	if !errors.Is(ctx.Err(), context.Canceled) {
		t.Errorf("once cancelled: %v", ctx.Err())
	}
	ctx, cancel = c.WithDeadline(context.Background(), now)
	defer cancel()
	if request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://127.0.0.1", nil); err != nil ||
		!errors.Is(request.Context().Err(), context.DeadlineExceeded) {
		t.Errorf("at the deadline: %v", ctx.Err())
	}
}
