package github

import (
	"context"
	"time"
)

// WithDeadline is a context that ends at an instant of the clock that the client waits by: the requests made with it wait
// for nothing that would take longer. The function that it returns with it has to be called at the end, as that of
// context.WithDeadline.
func (c *Client) WithDeadline(ctx context.Context, at time.Time) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(ctx, at.Sub(c.Now()))
	return deadline{Context: ctx, at: at}, cancel
}

// deadline tells an instant of the client's clock, where a context of its own would tell one of the system's.
type deadline struct {
	context.Context
	at time.Time
}

func (d deadline) Deadline() (time.Time, bool) { return d.at, true }
