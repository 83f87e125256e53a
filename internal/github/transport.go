package github

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"
)

// maxBody is the most that is read of one answer: far above GitHub's largest page, far below what exhausts a runner.
const maxBody = 64 << 20

// attemptTimeout ends an attempt that hangs. GitHub itself gives up after ten seconds
// (https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#timeouts).
const attemptTimeout = 30 * time.Second

// transport is the one http.RoundTripper under both libraries. Each attempt is sent with the token and counted, its
// answer read whole and judged; a failure that may pass is tried again after a wait that the request's context bounds.
//
// It returns GitHub's refusals as errors although a response came, because the GraphQL library keeps neither status nor
// headers of what it rejects.
//
// Note: go-retryablehttp and go-github-ratelimit were weighed. Neither looks into a GraphQL answer of status 200,
// bounds a wait by the context's deadline before it begins, or knows that a GraphQL POST may be repeated; with those
// written by hand, what remains of the libraries is a loop and a timer.
type transport struct {
	base      http.RoundTripper
	token     string
	userAgent string
	api       *url.URL
	graphql   *url.URL
	backoff   time.Duration
	patience  time.Duration
	maxBody   int64

	spending spending
	// waited is in nanoseconds.
	bytes, retries, waited atomic.Int64

	mu sync.Mutex
	// blocked holds, per resource, when GitHub will answer again after it refused for a rate limit.
	blocked map[resource]time.Time

	// now, wait and jitter are fields so that tests need neither a clock nor patience.
	now    func() time.Time
	wait   func(context.Context, time.Duration) error
	jitter func(time.Duration) time.Duration
}

// resource is one of GitHub's separate rate limits.
type resource string

const (
	restResource    resource = "rest"
	graphqlResource resource = "graphql"
)

func newTransport(base http.RoundTripper, opts Options, api, graphql *url.URL) *transport {
	backoff := opts.Backoff
	if backoff <= 0 {
		backoff = time.Second
	}
	now, wait := opts.Now, opts.Wait
	if now == nil {
		now = time.Now
	}
	if wait == nil {
		wait = waitFor
	}
	patience := opts.AttemptTimeout
	if patience <= 0 {
		patience = attemptTimeout
	}
	return &transport{
		base: base, token: opts.Token, userAgent: opts.UserAgent, api: api, graphql: graphql, backoff: backoff,
		maxBody: maxBody, blocked: map[resource]time.Time{},
		patience: patience, spending: spending{budget: opts.Budget},
		now: now, wait: wait, jitter: halfJitter,
	}
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

// answer is one response, read whole.
type answer struct {
	response *http.Response
	asked    string
	status   int
	body     []byte
}

// header is the value of a response header.
func (a *answer) header(name string) string { return a.response.Header.Get(name) }

// RoundTrip sends the request, again where that may help. See Client for its errors.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	asked := req.Method + " " + req.URL.Path
	body, err := takeBody(req)
	if err != nil {
		return nil, fmt.Errorf("%s: reading the request: %w", asked, err)
	}
	for retries := 0; ; retries++ {
		response, failure := t.attempt(req, asked, body)
		if failure == nil {
			return response, nil
		}
		if ctxErr := req.Context().Err(); ctxErr != nil {
			return nil, fmt.Errorf("%s: %w", asked, ctxErr)
		}
		delay, again := t.delay(req, failure, retries)
		if !again {
			return nil, failure
		}
		if err := t.wait(req.Context(), delay); err != nil {
			return nil, fmt.Errorf("%s: %w", asked, err)
		}
		t.retries.Add(1)
		t.waited.Add(int64(delay))
	}
}

// takeBody reads the request's body, so that every attempt can send it.
func takeBody(req *http.Request) ([]byte, error) {
	if req.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(req.Body)
	return body, errors.Join(err, req.Body.Close())
}

// attempt sends the request once and judges the answer.
func (t *transport) attempt(req *http.Request, asked string, body []byte) (*http.Response, error) {
	if !t.toAPI(req.URL) {
		// A redirect led elsewhere, to a download perhaps: neither the token nor the API's conventions go with it.
		if err := t.spending.reserve(asked, 0); err != nil {
			return nil, err
		}
		a, err := t.send(req, asked, body)
		if err != nil {
			return nil, err
		}
		return a.hand(a.body), nil
	}
	spent := t.resource(req.URL)
	if err := t.open(spent, asked); err != nil {
		return nil, err
	}
	price := 0
	if spent == graphqlResource {
		var err error
		if price, err = priceOfBody(body); err != nil {
			return nil, fmt.Errorf("%s: %w", asked, err)
		}
	}
	if err := t.spending.reserve(asked, price); err != nil {
		return nil, err
	}
	a, err := t.send(req, asked, body)
	if err != nil {
		t.spending.settle(price, price)
		return nil, err
	}
	handed, cost, err := t.judge(a, spent, price)
	t.spending.settle(price, cost)
	var limit *limited
	if errors.As(err, &limit) {
		return nil, t.block(a, spent, limit.message)
	}
	if err != nil {
		return nil, err
	}
	// Note: go-github refuses by itself to send a request once an answer said that none remain. Without these headers it
	// leaves waiting, and the error, to this transport.
	a.response.Header.Del("X-Ratelimit-Remaining")
	a.response.Header.Del("X-Ratelimit-Reset")
	return a.hand(handed), nil
}

// send sends a copy of the request and reads the answer.
func (t *transport) send(req *http.Request, asked string, body []byte) (_ *answer, err error) {
	ctx, cancel := context.WithTimeout(req.Context(), t.patience)
	defer cancel()
	sent := req.Clone(ctx)
	if body != nil {
		sent.Body = io.NopCloser(bytes.NewReader(body))
		sent.ContentLength = int64(len(body))
	}
	sent.Header.Del("Authorization")
	if t.token != "" && t.toAPI(req.URL) {
		sent.Header.Set("Authorization", "Bearer "+t.token)
	}
	if t.userAgent != "" {
		sent.Header.Set("User-Agent", t.userAgent)
	}
	t.spending.sent()
	response, err := t.base.RoundTrip(sent)
	if err != nil {
		return nil, &UnreachableError{Asked: asked, Err: err}
	}
	read, err := io.ReadAll(io.LimitReader(response.Body, t.maxBody+1))
	if err := errors.Join(err, response.Body.Close()); err != nil {
		return nil, &UnreachableError{
			Asked: asked, Status: response.StatusCode, Err: fmt.Errorf("the answer broke off: %w", err),
		}
	}
	t.bytes.Add(int64(len(read)))
	if int64(len(read)) > t.maxBody {
		detail := fmt.Sprintf("the answer is longer than %d bytes", t.maxBody)
		if t.resource(req.URL) == graphqlResource {
			return nil, &TimeoutError{Asked: asked, Message: detail} // A smaller page has a shorter answer.
		}
		return nil, &AnswerError{Asked: asked, Status: response.StatusCode, Detail: detail}
	}
	response.Request = req
	return &answer{response: response, asked: asked, status: response.StatusCode, body: read}, nil
}

// hand is the response with the given body in place of the one that was read.
func (a *answer) hand(body []byte) *http.Response {
	a.response.Body = io.NopCloser(bytes.NewReader(body))
	a.response.ContentLength = int64(len(body))
	return a.response
}

// toAPI reports whether u is on the API's own hosts, by the scheme that was configured.
func (t *transport) toAPI(u *url.URL) bool {
	return sameOrigin(u, t.api) || sameOrigin(u, t.graphql)
}

func sameOrigin(a, b *url.URL) bool { return a.Scheme == b.Scheme && a.Host == b.Host }

// resource is the rate limit that a request to u counts on.
func (t *transport) resource(u *url.URL) resource {
	if sameOrigin(u, t.graphql) && u.Path == t.graphql.Path {
		return graphqlResource
	}
	return restResource
}
