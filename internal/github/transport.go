package github

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

// maxBody is the most that is read of one answer: far above GitHub's largest page, far below what exhausts a runner.
const maxBody = 64 << 20

// attemptTimeout ends an attempt that hangs. GitHub itself gives up after ten seconds
// (https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#timeouts).
const attemptTimeout = 30 * time.Second

// transport is the one http.RoundTripper under both libraries. An attempt is paid for from the budget, waits for its
// turn, is sent with the token, read whole and judged; a failure that may pass is tried again after a wait that the
// request's context bounds.
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
	standing standing
	holds    holds
	pace     pace
	waits    waits
	// inFlight has one element for each request that is under way.
	inFlight chan struct{}

	bytes, retries atomic.Int64

	// now, wait and jitter are fields so that tests need neither a clock nor patience.
	now    func() time.Time
	wait   func(context.Context, time.Duration) error
	jitter func(time.Duration) time.Duration
}

// resource is one of GitHub's separate rate limits, by the name in the header X-RateLimit-Resource.
type resource string

const (
	restResource    resource = "core"
	graphqlResource resource = "graphql"
	// elsewhere is another host's, to which a redirect led: a download perhaps. Neither the token nor the API's
	// conventions go there.
	elsewhere resource = ""
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
		patience: patience, maxBody: maxBody, spending: spending{budget: opts.Budget, used: opts.Spent}, pace: newPace(),
		inFlight: make(chan struct{}, MaxInFlight), now: now, wait: wait, jitter: halfJitter,
	}
}

// order is a request on its way through the transport.
type order struct {
	*http.Request
	// asked is the method and path.
	asked string
	// body is what every attempt sends.
	body     []byte
	resource resource
	// price is in points, 0 for REST.
	price int
	// retries is how often it was tried again; cleared is until when it has waited because GitHub wanted that.
	retries int
	cleared time.Time
}

// take makes an order of a request.
func (t *transport) take(req *http.Request) (*order, error) {
	o := &order{Request: req, asked: req.Method + " " + req.URL.Path, resource: t.resource(req.URL)}
	var err error
	if o.body, err = takeBody(req); err != nil {
		return nil, fmt.Errorf("%s: reading the request: %w", o.asked, err)
	}
	if o.resource == graphqlResource {
		if o.price, err = priceOfBody(o.body); err != nil {
			return nil, fmt.Errorf("%s: %w", o.asked, err)
		}
	}
	return o, nil
}

// takeBody reads the request's body, so that every attempt can send it.
func takeBody(req *http.Request) ([]byte, error) {
	if req.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(req.Body)
	return body, errors.Join(err, req.Body.Close())
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
	o, err := t.take(req)
	if err != nil {
		return nil, err
	}
	for {
		response, failure := t.attempt(o)
		if failure == nil {
			return response, nil
		}
		if err := t.ended(o); err != nil {
			return nil, err
		}
		again, err := t.again(o, failure)
		if err != nil {
			return nil, err
		}
		if !again {
			return nil, plain(failure)
		}
		o.retries++
	}
}

// attempt pays for the request, waits for its turn, sends it once and judges the answer.
func (t *transport) attempt(o *order) (*http.Response, error) {
	if err := t.spending.reserve(o.asked, o.price); err != nil {
		return nil, err
	}
	if err := t.admit(o); err != nil {
		t.spending.release(o.price)
		return nil, err
	}
	era := t.holds.now()
	a, err := t.send(o)
	<-t.inFlight
	if err != nil {
		// GitHub may have run the query all the same.
		t.spending.settle(o.price, o.price)
		return nil, err
	}
	if o.resource == elsewhere {
		return a.fromElsewhere(o)
	}
	v := a.judge(o)
	t.spending.settle(o.price, v.cost)
	t.standing.note(a, o.resource, v.left)
	if v.limited != nil {
		return nil, t.refused(a, o, era, *v.limited)
	}
	t.holds.answered(era)
	if v.err != nil {
		return nil, v.err
	}
	return a.hand(v.body), nil
}

// admit waits until GitHub may be asked, and then for a place among the requests in flight. The caller gives the place
// back.
func (t *transport) admit(o *order) error {
	if err := t.keepPace(o); err != nil {
		return err
	}
	for {
		if err := t.await(o); err != nil {
			return err
		}
		select {
		case t.inFlight <- struct{}{}:
		case <-o.Context().Done():
			return fmt.Errorf("%s: %w", o.asked, o.Context().Err())
		}
		// In the meantime another request may have been refused, or the time of this one may have ended.
		err := t.ended(o)
		if err == nil && !t.held(o) {
			return nil
		}
		<-t.inFlight
		if err != nil {
			return err
		}
	}
}

// send sends a copy of the request and reads the answer.
func (t *transport) send(o *order) (*answer, error) {
	ctx, cancel := context.WithTimeout(o.Context(), t.patience)
	defer cancel()
	sent := o.Clone(ctx)
	if o.body != nil {
		sent.Body = io.NopCloser(bytes.NewReader(o.body))
		sent.ContentLength = int64(len(o.body))
	}
	t.dress(sent, o.resource)
	t.spending.sent()
	if o.retries > 0 {
		t.retries.Add(1)
	}
	response, err := t.base.RoundTrip(sent)
	if err != nil {
		return nil, &passing{error: &UnreachableError{Asked: o.asked, Err: t.hang(ctx, o, err)}, retries: maxRetries}
	}
	read, err := io.ReadAll(io.LimitReader(response.Body, t.maxBody+1))
	t.bytes.Add(int64(len(read)))
	if err := errors.Join(err, response.Body.Close()); err != nil {
		err = fmt.Errorf("the answer broke off: %w", t.hang(ctx, o, err))
		return nil, &passing{
			error:   &UnreachableError{Asked: o.asked, Status: response.StatusCode, Err: err},
			retries: maxRetries,
		}
	}
	if int64(len(read)) > t.maxBody {
		detail := fmt.Sprintf("the answer is longer than %d bytes", t.maxBody)
		if o.divisible() {
			return nil, &TimeoutError{Asked: o.asked, Message: detail} // A smaller page has a shorter answer.
		}
		return nil, &AnswerError{Asked: o.asked, Status: response.StatusCode, Detail: detail}
	}
	response.Request = o.Request
	return &answer{response: response, asked: o.asked, status: response.StatusCode, body: t.redact(read)}, nil
}

// dress puts on a request what goes with it: the token and the name of the program on the API's own hosts, nothing at
// all elsewhere.
func (t *transport) dress(sent *http.Request, r resource) {
	if r == elsewhere {
		sent.Header = http.Header{}
		return
	}
	sent.Header.Del("Authorization")
	if t.token != "" {
		sent.Header.Set("Authorization", "Bearer "+t.token)
	}
	if t.userAgent != "" {
		sent.Header.Set("User-Agent", t.userAgent)
	}
}

// hang words an error that came of the attempt taking too long, which is not the end of the request's own time.
func (t *transport) hang(attempt context.Context, o *order, err error) error {
	if attempt.Err() != nil && o.Context().Err() == nil {
		return fmt.Errorf("no whole answer within %v", t.patience)
	}
	return err
}

// hand is the response with the given body in place of the one that was read.
//
// Note: go-github refuses by itself to send a request once an answer said that none remain. Without these headers it
// leaves waiting, and the error, to this transport.
func (a *answer) hand(body []byte) *http.Response {
	a.response.Header.Del("X-Ratelimit-Remaining")
	a.response.Header.Del("X-Ratelimit-Reset")
	a.response.Body = io.NopCloser(bytes.NewReader(body))
	a.response.ContentLength = int64(len(body))
	return a.response
}

// resource is the rate limit that a request to u counts on.
func (t *transport) resource(u *url.URL) resource {
	switch {
	case sameOrigin(u, t.graphql) && u.Path == t.graphql.Path:
		return graphqlResource
	case sameOrigin(u, t.api), sameOrigin(u, t.graphql):
		return restResource
	}
	return elsewhere
}

// sameOrigin reports whether two addresses have the same scheme, host and port.
func sameOrigin(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && port(a) == port(b)
}

// port is the port of an address, also where it is not written out.
func port(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	}
	return "80"
}
