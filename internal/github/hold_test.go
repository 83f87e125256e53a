package github

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestSecondaryLimitHoldsAll: while one request waits for a secondary limit, no other is sent, of whatever kind.
func TestSecondaryLimitHoldsAll(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	sent := 0
	c, p := over(t, func(r *http.Request) (*http.Response, error) {
		mu.Lock()
		defer mu.Unlock()
		sent++
		if sent == 1 {
			refusal := saying(`{"message":"You have exceeded a secondary rate limit"}`)
			refusal.StatusCode = http.StatusTooManyRequests
			refusal.Header.Set("Retry-After", "30")
			return refusal, nil
		}
		if strings.HasSuffix(r.URL.Path, "/graphql") {
			return saying(goodAnswer), nil
		}
		return saying(`{"name":"r"}`), nil
	})
	// The first wait is that of the refused request; those after it that of the others. None ends before all have begun.
	waiting, over := make(chan time.Duration), make(chan struct{})
	c.transport.wait = func(_ context.Context, d time.Duration) error {
		waiting <- d
		<-over
		return nil
	}
	var group sync.WaitGroup
	group.Go(func() {
		if err := getRepository(c); err != nil {
			t.Error(err)
		}
	})
	delays := []time.Duration{<-waiting}
	for _, call := range []func(*Client) error{query, getRepository} {
		group.Go(func() {
			if err := call(c); err != nil {
				t.Error(err)
			}
		})
		delays = append(delays, <-waiting)
	}
	mu.Lock()
	if sent != 1 {
		t.Errorf("%d requests were sent while GitHub wanted none", sent-1)
	}
	mu.Unlock()
	p.mu.Lock()
	p.now = p.now.Add(30 * time.Second)
	p.mu.Unlock()
	close(over)
	group.Wait()
	for _, d := range delays {
		if d != 30*time.Second {
			t.Errorf("waits %v, want 30 s each", delays)
		}
	}
	if got := c.Usage(); got.Requests != 4 || got.Retries != 1 || got.Waited != 30*time.Second {
		t.Errorf("usage %+v, want 4 requests, one of them again, after 30 s", got)
	}
}

// TestRefusedTogether: requests that were under way together are refused for one reason, which counts once.
func TestRefusedTogether(t *testing.T) {
	t.Parallel()
	var h holds
	secondary := hold{secondary: true}
	for range MaxInFlight {
		if got, rounds := h.add(restResource, 0, noon, secondary); !got.until.Equal(noon.Add(time.Minute)) || rounds != 1 {
			t.Errorf("held until %v after %d rounds, want a minute and one", got.until, rounds)
		}
	}
	// The next round doubles, the one after it again; an answer from before the refusal ends nothing, a later one does.
	minute := func(n int) time.Time { return noon.Add(time.Duration(n) * time.Minute) }
	if got, _ := h.add(graphqlResource, h.now(), minute(1), secondary); !got.until.Equal(minute(3)) {
		t.Errorf("held until %v, want 12:03", got.until)
	}
	h.answered(1)
	if got, _ := h.add(restResource, h.now(), minute(3), secondary); !got.until.Equal(minute(7)) {
		t.Errorf("held until %v, want 12:07", got.until)
	}
	h.answered(h.now())
	if got, _ := h.add(restResource, h.now(), minute(8), secondary); !got.until.Equal(minute(9)) {
		t.Errorf("held until %v, want 12:09", got.until)
	}
}

// TestKindsOfLimit: the error tells the limit of the hour from the others, and when to come back.
func TestKindsOfLimit(t *testing.T) {
	t.Parallel()
	remaining := func(n string) map[string]string {
		return map[string]string{"X-RateLimit-Remaining": n, "X-RateLimit-Reset": epoch(2 * time.Hour)}
	}
	hours := map[string]string{"Retry-After": "7200"}
	tests := []struct {
		name      string
		answer    reply
		call      func(*Client) error
		secondary bool
		says      string
	}{
		{
			"hour",
			reply{status: 403, header: remaining("0"), body: `{"message":"API rate limit exceeded for user ID 1."}`},
			getRepository, false, "the rate limit of the hour is used up: API rate limit exceeded for user ID 1.: try again" +
				" after 2026-03-01T14:00:01Z",
		},
		{"hour, 429", reply{status: 429, header: remaining("0")}, getRepository, false, "of the hour"},
		{
			"hour, query",
			reply{header: remaining("0"), body: `{"errors":[{"type":"RATE_LIMITED","message":"API rate limit"}]}`},
			query, false, "try again after 2026-03-01T14:00:01Z",
		},
		{
			"hour, query, whatever the header says",
			reply{header: remaining("1"), body: `{"errors":[{"type":"RATE_LIMITED","message":"limit"}]}`},
			query, false, "of the hour",
		},
		{
			"secondary",
			reply{status: 403, header: hours, body: `{"message":"You have exceeded a secondary rate limit."}`},
			getRepository, true, "secondary rate limit): You have exceeded a secondary rate limit.: try again after" +
				" 2026-03-01T14:00:00Z",
		},
		{"secondary by its header", reply{status: 429, header: hours}, getRepository, true, "2026-03-01T14:00:00Z"},
		{
			"secondary by its old name",
			reply{status: 403, header: hours, body: `{"message":"abuse detection mechanism"}`},
			getRepository, true, "secondary rate limit",
		},
		{
			"secondary, query",
			reply{header: hours, body: `{"message":"You have exceeded a secondary rate limit"}`},
			query, true, "2026-03-01T14:00:00Z",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, _ := serve(t, script(tt.answer))
			err := tt.call(c)
			var limit *RateLimitError
			if !errors.As(err, &limit) || limit.Secondary != tt.secondary || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("error %v, want a RateLimitError, secondary %t, that says %q", err, tt.secondary, tt.says)
			}
			if got := c.Usage(); got.Requests != 1 || got.Points != 0 {
				t.Errorf("usage %+v, want one request that cost nothing", got)
			}
		})
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	tests := []struct {
		header string
		want   time.Duration
		ok     bool
	}{
		{"", 0, false},
		{"soon", 0, false},
		{"-1", 0, false},
		{"-9000000000000000000", 0, false},
		{"0", 0, false},
		{"17", 17 * time.Second, true},
		{"9000000000000000000", longestPause, true},
		{noon.Add(2 * time.Minute).Format(http.TimeFormat), 2 * time.Minute, true},
		{noon.Add(-time.Minute).Format(http.TimeFormat), 0, false},
		{noon.AddDate(500, 0, 0).Format(http.TimeFormat), longestPause, true},
	}
	for _, tt := range tests {
		if got, ok := retryAfter(tt.header, noon); got != tt.want || ok != tt.ok {
			t.Errorf("retryAfter(%q) = %v, %t, want %v, %t", tt.header, got, ok, tt.want, tt.ok)
		}
	}
}
