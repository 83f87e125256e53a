package github

import (
	"errors"
	"net/http"
	"strconv"
)

const (
	// maxRetries bounds how often a request is repeated.
	maxRetries = 3
	// listRetries bounds how often a REST list that GitHub did not finish in time is repeated before its reader is asked
	// for a smaller page.
	listRetries = 2
	// queryRetries bounds the same for a query. GitHub takes extra points for one that timed out, so the smaller page
	// comes after one retry
	// (https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api#timeouts).
	queryRetries = 1
	// pageRetries bounds how often an answer that is not the API's is asked for again: a proxy's page may be gone soon,
	// but with a wrong address it stays.
	pageRetries = 1
)

// passing is a failure that may pass: the request may be sent again, at most that many times.
type passing struct {
	error
	retries int
	// refused is true when GitHub did not carry the request out and said when to come back; the next attempt waits for
	// that by itself.
	refused bool
}

func (p *passing) Unwrap() error { return p.error }

// plain is the failure as it is told.
func plain(failure error) error {
	var p *passing
	if errors.As(failure, &p) {
		return p.error
	}
	return failure
}

// again reports whether to send a request that failed once more, after the wait that there has to be. Its error is that
// of the wait.
func (t *transport) again(o *order, failure error) (bool, error) {
	var p *passing
	if !errors.As(failure, &p) || o.retries >= p.retries {
		return false, nil
	}
	if p.refused {
		return true, nil
	}
	delay := t.jitter(t.backoff << o.retries)
	if !o.repeatable() || !t.fits(o, delay) {
		return false, nil
	}
	if err := t.pause(o, delay); err != nil {
		return false, err
	}
	return true, nil
}

// repeatable reports whether the request only reads: carrying it out twice does no harm. Client sends no GraphQL
// mutations.
func (o *order) repeatable() bool {
	return o.Method == http.MethodGet || o.Method == http.MethodHead || o.resource == graphqlResource
}

// divisible reports whether the request asks for a page that can be made smaller.
func (o *order) divisible() bool {
	if o.resource == graphqlResource {
		return true
	}
	size, err := strconv.Atoi(o.URL.Query().Get("per_page"))
	return err == nil && size > 1 && o.repeatable()
}
