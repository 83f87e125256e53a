package github

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestWaitsFitTheDeadline(t *testing.T) {
	t.Parallel()
	c, p := serve(t, script(reply{status: 429, header: map[string]string{"Retry-After": "30"}}))
	// A deadline in the past would end the request before it began; the clock of the client is the test's own.
	p.now = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
	// Thirty seconds fit neither into 20 nor, with something to do after them, into 30.
	for _, left := range []time.Duration{20 * time.Second, 30 * time.Second} {
		ctx, cancel := context.WithDeadline(context.Background(), p.now.Add(left))
		_, _, err := c.REST.Repositories.Get(ctx, "o", "r")
		cancel()
		var limit *RateLimitError
		if !errors.As(err, &limit) || len(p.list) != 0 {
			t.Errorf("30 s do not fit into %v: waited %v, error %v", left, p.list, err)
		}
	}
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	c, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		cancel()
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	var q repositoryQuery
	err := c.Query(ctx, &q, nil)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want one that wraps context.Canceled", err)
	}
	if got := c.Usage().Requests; got != 1 {
		t.Errorf("%d requests after cancelling, want 1", got)
	}
}

// TestWaitsWithinTheDeadline: a wait that ends in time is made, however long it is.
func TestWaitsWithinTheDeadline(t *testing.T) {
	t.Parallel()
	c, p := serve(t, script(
		reply{status: 429, header: map[string]string{"Retry-After": "7200"}}, reply{body: `{"name":"r"}`},
	))
	p.now = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
	ctx, cancel := context.WithDeadline(context.Background(), p.now.Add(2*time.Hour+time.Second))
	defer cancel()
	_, _, err := c.REST.Repositories.Get(ctx, "o", "r")
	if want := []time.Duration{2 * time.Hour}; err != nil || !slices.Equal(p.list, want) {
		t.Errorf("waited %v, want %v; error %v", p.list, want, err)
	}
}

// TestDeadlineByTheClientsClock: the time of a request can end by the client's clock, though the context has not
// noticed.
func TestDeadlineByTheClientsClock(t *testing.T) {
	t.Parallel()
	var p *pauses
	c, p := over(t, func(*http.Request) (*http.Response, error) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.now = p.now.Add(time.Hour) // The request takes that long, and fails.
		return nil, errors.New("broken pipe")
	})
	p.now = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
	ctx, cancel := context.WithDeadline(context.Background(), p.now.Add(30*time.Minute))
	defer cancel()
	_, _, err := c.REST.Repositories.Get(ctx, "o", "r")
	if !errors.Is(err, context.DeadlineExceeded) || c.Usage().Requests != 1 {
		t.Errorf("error %v after %d requests, want the deadline after one", err, c.Usage().Requests)
	}
	// A request that begins after the deadline is not sent.
	if _, _, err := c.REST.Repositories.Get(ctx, "o", "r"); !errors.Is(err, context.DeadlineExceeded) || len(p.list) != 0 {
		t.Errorf("error %v and waits %v", err, p.list)
	}
	if got := c.Usage().Requests; got != 1 {
		t.Errorf("%d requests, want 1", got)
	}
}

// TestHangingAttempt: an attempt that takes too long is tried again, and is not the end of the request's own time.
func TestHangingAttempt(t *testing.T) {
	t.Parallel()
	c, err := New(Options{AttemptTimeout: 1, Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	})})
	if err != nil {
		t.Fatal(err)
	}
	p := virtual(c)
	err = getRepository(c)
	var unreachable *UnreachableError
	if !errors.As(err, &unreachable) || errors.Is(err, context.DeadlineExceeded) ||
		!strings.Contains(err.Error(), "no whole answer within 1ns") {
		t.Errorf("error %v, want an UnreachableError that names the length", err)
	}
	if want := []time.Duration{time.Second, 2 * time.Second, 4 * time.Second}; !slices.Equal(p.list, want) {
		t.Errorf("waited %v, want %v", p.list, want)
	}
}

// TestWaitsTogether: requests that wait at the same time have waited once.
func TestWaitsTogether(t *testing.T) {
	t.Parallel()
	at := func(s int) time.Time { return noon.Add(time.Duration(s) * time.Second) }
	var w waits
	// 0 to 10, 5 to 12 within and beyond it, 6 to 8 inside, 20 to 21: 13 seconds.
	for _, wait := range [][2]int{{0, 10}, {5, 12}, {6, 8}, {20, 21}} {
		w.add(at(wait[0]), at(wait[1]))
	}
	if got := w.sum(); got != 13*time.Second {
		t.Errorf("waited %v, want 13 s", got)
	}
}

func TestWaitFor(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	if err := waitFor(ctx, 0); err != nil {
		t.Errorf("no wait at all: %v", err)
	}
	cancel()
	if err := waitFor(ctx, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("an hour under a cancelled context: %v", err)
	}
}

func TestHalfJitter(t *testing.T) {
	t.Parallel()
	for _, d := range []time.Duration{0, 1, 2, time.Second} {
		for range 100 {
			if got := halfJitter(d); got < d/2 || got > d {
				t.Fatalf("halfJitter(%v) = %v", d, got)
			}
		}
	}
}
