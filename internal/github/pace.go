package github

import (
	"context"
	"fmt"

	"golang.org/x/time/rate"
)

// MaxInFlight is the most requests that a client has under way at the same time. GitHub allows 100, REST and GraphQL
// together, for all that a token does, and asks for few
// (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits).
const MaxInFlight = 8

// The pace of a client: as many at once as the burst says, and then so many a second, which keeps any minute under
// GitHub's secondary limits of 900 points for REST, where a request that reads is one point and any other five, and of
// 2,000 points for GraphQL
// (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#calculating-points-for-the-secondary-rate-limit).
const (
	// RESTBurst and RESTPerSecond count points: 600 + 60 × 5 = 900 in a minute.
	RESTBurst     = 600
	RESTPerSecond = 5
	// GraphQLBurst and GraphQLPerSecond count points: 1,200 + 60 × 13 = 1,980 in a minute. A query is taken at its Price,
	// which is never less than the one point that it is there.
	GraphQLBurst     = 1200
	GraphQLPerSecond = 13
	// writePoints are those of a REST request that writes.
	writePoints = 5
)

// pace holds what each resource may still send.
type pace map[resource]*rate.Limiter

func newPace() pace {
	return pace{
		restResource:    rate.NewLimiter(RESTPerSecond, RESTBurst),
		graphqlResource: rate.NewLimiter(GraphQLPerSecond, GraphQLBurst),
	}
}

// keepPace waits until sending the request keeps the pace.
func (t *transport) keepPace(o *order) error {
	limiter := t.pace[o.resource]
	if limiter == nil {
		return nil
	}
	now := t.now()
	turn := limiter.ReserveN(now, min(o.points(), limiter.Burst()))
	delay := turn.DelayFrom(now)
	if delay <= 0 {
		return nil
	}
	if _, bounded := o.Context().Deadline(); bounded && !t.fits(o, delay) {
		turn.CancelAt(now)
		return fmt.Errorf("%s: staying under GitHub's secondary rate limits takes %v, longer than there is time for: %w",
			o.asked, delay, context.DeadlineExceeded)
	}
	return t.pause(o, delay)
}

// points is what the request takes from the secondary limit of its resource.
func (o *order) points() int {
	if o.resource == restResource && !o.repeatable() {
		return writePoints
	}
	return max(o.price, 1)
}
