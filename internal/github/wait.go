package github

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"
)

// maxWait is the longest wait of a request without a deadline: the rate limits are those of an hour.
const maxWait = time.Hour

// waits adds up how long the client waited. Several requests that wait at the same time wait once.
type waits struct {
	mu    sync.Mutex
	until time.Time
	total time.Duration
}

// add counts a wait that began and ended at the given instants.
func (w *waits) add(from, to time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if from.Before(w.until) {
		from = w.until
	}
	if to.After(from) {
		w.total += to.Sub(from)
		w.until = to
	}
}

// sum is how long was waited so far.
func (w *waits) sum() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.total
}

// pause waits on behalf of a request.
func (t *transport) pause(o *order, d time.Duration) error {
	from := t.now()
	if err := t.wait(o.Context(), d); err != nil {
		return fmt.Errorf("%s: %w", o.asked, err)
	}
	t.waits.add(from, from.Add(d))
	return nil
}

// fits reports whether a request can wait that long: its context's deadline, by the client's own clock, must not come
// first.
func (t *transport) fits(o *order, d time.Duration) bool {
	if deadline, ok := o.Context().Deadline(); ok {
		return t.now().Add(d).Before(deadline)
	}
	return d <= maxWait
}

// ended is the error of a request whose time is over, nil while it is not.
func (t *transport) ended(o *order) error {
	err := o.Context().Err()
	if deadline, ok := o.Context().Deadline(); ok && err == nil && !t.now().Before(deadline) {
		// The client's clock need not be the one that ends the context.
		err = context.DeadlineExceeded
	}
	if err != nil {
		return fmt.Errorf("%s: %w", o.asked, err)
	}
	return nil
}

// waitFor waits for d or the end of ctx, whichever comes first.
func waitFor(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// halfJitter is a random length from d/2 to d, so that requests that failed together are not repeated together.
func halfJitter(d time.Duration) time.Duration {
	return d/2 + rand.N(d/2+1)
}
