package github

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"
)

// TestPace sends twice what a minute allows and looks at every minute of it.
func TestPace(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		call func(*Client) error
		body string
		// points is what a request counts in the minute; most is what a minute may have by GitHub's rule.
		points, requests, most int
		waited                 time.Duration
	}{
		// The burst, and (1,800 − 600) ÷ 5 seconds for the rest.
		{"REST", getRepository, `{"name":"r"}`, 1, 1800, 900, 240 * time.Second},
		// 4,000 points: (4,000 − 1,200) ÷ 13 = 215.4 seconds.
		{
			"queries", queryWide, emptyPage + `,"rateLimit":{"cost":2,"remaining":9}}}`, 2, 2000, 2000,
			216 * time.Second,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var times []time.Time
			var p *pauses
			c, p := over(t, func(*http.Request) (*http.Response, error) {
				times = append(times, p.clock())
				return saying(tt.body), nil
			})
			for range tt.requests {
				if err := tt.call(c); err != nil {
					t.Fatal(err)
				}
			}
			first := 0
			for last := range times {
				for times[last].Sub(times[first]) >= time.Minute {
					first++
				}
				if sum := (last - first + 1) * tt.points; sum > tt.most {
					t.Fatalf("%d in the minute that ends with request %d, want at most %d", sum, last, tt.most)
				}
			}
			if got := c.Usage().Waited; got > tt.waited || got < tt.waited-2*time.Second {
				t.Errorf("waited %v, want about %v", got, tt.waited)
			}
		})
	}
}

// TestPaceWithinTheDeadline: what cannot have its turn in time is not waited for.
func TestPaceWithinTheDeadline(t *testing.T) {
	t.Parallel()
	c, p := over(t, func(*http.Request) (*http.Response, error) { return saying(`{"name":"r"}`), nil })
	p.now = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
	ctx, cancel := context.WithDeadline(context.Background(), p.now.Add(100*time.Millisecond))
	defer cancel()
	for range RESTBurst {
		if _, _, err := c.REST.Repositories.Get(ctx, "o", "r"); err != nil {
			t.Fatal(err)
		}
	}
	_, _, err := c.REST.Repositories.Get(ctx, "o", "r")
	if !errors.Is(err, context.DeadlineExceeded) || len(p.list) != 0 {
		t.Errorf("error %v and waits %v, want the deadline and none", err, p.list)
	}
	// The turn that was not used is the next one's: a fifth of a second.
	if err := getRepository(c); err != nil || c.Usage().Waited != time.Second/RESTPerSecond {
		t.Errorf("error %v after %v", err, c.Usage().Waited)
	}
}

// TestInFlight: of many requests at once, MaxInFlight are under way; who stops waiting for a place has sent nothing.
func TestInFlight(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	under, most := 0, 0
	arrived, leave := make(chan struct{}), make(chan struct{})
	c, _ := over(t, func(*http.Request) (*http.Response, error) {
		mu.Lock()
		under++
		most = max(most, under)
		mu.Unlock()
		arrived <- struct{}{}
		<-leave
		mu.Lock()
		under--
		mu.Unlock()
		return saying(`{"name":"r"}`), nil
	})
	var group sync.WaitGroup
	for range 3 * MaxInFlight {
		group.Go(func() {
			if err := getRepository(c); err != nil {
				t.Error(err)
			}
		})
	}
	for range MaxInFlight {
		<-arrived
	}
	ctx, cancel := context.WithCancel(context.Background())
	group.Go(func() {
		if _, _, err := c.REST.Repositories.Get(ctx, "o", "r"); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v, want one that wraps context.Canceled", err)
		}
	})
	cancel()
	close(leave)
	for range 2 * MaxInFlight {
		<-arrived
	}
	group.Wait()
	if got := c.Usage().Requests; most != MaxInFlight || got != 3*MaxInFlight {
		t.Errorf("%d at once and %d in all, want %d and %d", most, got, MaxInFlight, 3*MaxInFlight)
	}
}
