package github

import (
	"strconv"
	"sync"
	"time"
)

// Limits is what remains of the token's rate limits of the hour, by the latest answers
// (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#checking-the-status-of-your-rate-limit).
type Limits struct{ REST, GraphQL Limit }

// Limit is the state of one rate limit. REST counts requests, GraphQL points.
type Limit struct {
	// Known is false while no answer has told what remains, as on a host without limits.
	Known bool
	// Limit is what the hour began with, 0 where GitHub does not say; Remaining is what is left of it.
	Limit, Remaining int
	// Reset is when the limit is whole again, UTC; zero where GitHub does not say.
	Reset time.Time
}

// Limits is what the latest answers said. Others who use the token count too.
func (c *Client) Limits() Limits {
	s := &c.transport.standing
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.limits
}

// standing keeps the state of the limits.
type standing struct {
	mu     sync.Mutex
	limits Limits
}

// note takes the state of a limit from the headers of an answer, or else from what a query's field rateLimit told.
func (s *standing) note(a *answer, r resource, field Limit) {
	told := field
	if remaining, err := strconv.Atoi(a.header("X-Ratelimit-Remaining")); err == nil && remaining >= 0 {
		told = Limit{Known: true, Remaining: remaining}
		if limit, err := strconv.Atoi(a.header("X-Ratelimit-Limit")); err == nil && limit >= 0 {
			told.Limit = limit
		}
		if epoch, err := strconv.ParseInt(a.header("X-Ratelimit-Reset"), 10, 64); err == nil && epoch > 0 {
			told.Reset = time.Unix(epoch, 0).UTC()
		}
		if name := a.header("X-Ratelimit-Resource"); name != "" {
			r = resource(name)
		}
	}
	if !told.Known {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch r {
	case restResource:
		s.limits.REST = s.limits.REST.then(told)
	case graphqlResource:
		s.limits.GraphQL = s.limits.GraphQL.then(told)
	}
}

// sameHour is how far apart the resets may be that GitHub names within one hour.
const sameHour = time.Minute

// then is the state after an answer. Answers may come in another order than they were given: within an hour what
// remains only falls, and an hour that is over does not come back.
func (l Limit) then(told Limit) Limit {
	if !l.Known || l.Reset.IsZero() || told.Reset.IsZero() {
		return told
	}
	switch apart := told.Reset.Sub(l.Reset); {
	case apart > sameHour:
		return told
	case apart < -sameHour:
		return l
	}
	told.Remaining = min(told.Remaining, l.Remaining)
	return told
}
