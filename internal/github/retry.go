package github

import (
	"errors"
	"net/http"
	"time"
)

const (
	// maxRetries bounds how often a request is repeated.
	maxRetries = 3
	// maxWait is the longest wait for a rate limit; what is longer is the user's to decide.
	maxWait = 60 * time.Second
)

// delay says whether to repeat a request that failed, and after which wait. retries is how often that was done already.
func (t *transport) delay(req *http.Request, failure error, retries int) (time.Duration, bool) {
	var (
		delay       time.Duration
		limit       *RateLimitError
		timeout     *TimeoutError
		unreachable *UnreachableError
	)
	switch {
	case errors.As(failure, &limit):
		// The request was not carried out: repeating is safe whatever it does.
		delay = max(limit.Reset.Sub(t.now()), 0)
		if retries >= maxRetries || delay > maxWait {
			return 0, false
		}
	case errors.As(failure, &timeout):
		// GitHub takes extra points for a query that timed out, so the reader's smaller page comes after one retry
		// (https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api#timeouts).
		if retries >= 1 {
			return 0, false
		}
		delay = t.jitter(t.backoff)
	case errors.As(failure, &unreachable):
		if retries >= maxRetries || !t.repeatable(req) {
			return 0, false
		}
		delay = t.jitter(t.backoff << retries)
	default:
		return 0, false
	}
	if deadline, ok := req.Context().Deadline(); ok && t.now().Add(delay).After(deadline) {
		return 0, false
	}
	return delay, true
}

// repeatable reports whether carrying the request out twice does no harm. Client sends no GraphQL mutations.
func (t *transport) repeatable(req *http.Request) bool {
	return req.Method == http.MethodGet || req.Method == http.MethodHead || t.resource(req.URL) == graphqlResource
}
