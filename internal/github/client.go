// Package github speaks to one GitHub host: REST through go-github, GraphQL through githubv4, both over one transport
// that authenticates, counts, waits, retries and turns what GitHub refuses into typed errors. It knows nothing of what
// is read. What is written goes through REST, each write at most once; GraphQL is for queries alone, no mutations.
package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	gogithub "github.com/google/go-github/v60/github"
	"github.com/shurcooL/githubv4"
)

// The API of github.com, where Options name no other.
const (
	DefaultAPIURL     = "https://api.github.com"
	DefaultGraphQLURL = "https://api.github.com/graphql"
)

// Options say which host to speak to, and as whom.
type Options struct {
	// Token is sent to the API's own hosts and to no other; empty sends none.
	Token string
	// APIURL and GraphQLURL are what a workflow has in GITHUB_API_URL and GITHUB_GRAPHQL_URL
	// (https://docs.github.com/en/actions/reference/workflows-and-actions/variables). An empty APIURL is github.com's;
	// an empty GraphQLURL is the one that belongs to APIURL.
	APIURL, GraphQLURL string
	// Transport carries the requests; nil is http.DefaultTransport's settings with connections of its own.
	Transport http.RoundTripper
	// UserAgent names the program to GitHub, which refuses requests without one.
	UserAgent string
	// Backoff is the wait before the first retry of a failed request, doubled before each further one; 0 is one second.
	Backoff time.Duration
	// AttemptTimeout ends an attempt that hangs; 0 is 30 seconds. It runs on the real clock.
	AttemptTimeout time.Duration
	// Budget bounds what is sent: a request that could exceed it is not sent, and fails with a BudgetError.
	Budget Budget
	// Spent is what another client has spent of the budget; it counts in Usage too.
	Spent Budget
	// Now and Wait are the clock that the client waits by; nil is the real one. Wait returns after the given length, or
	// with the context's error once that ends.
	Now  func() time.Time
	Wait func(context.Context, time.Duration) error
}

// Client reads from one GitHub host, and writes to it. It is safe for concurrent use.
//
// A read that fails is repeated where that may help. A write is repeated only where GitHub refused it for a rate limit:
// after any other failure it may have been carried out all the same.
//
// Both libraries report a refusal by the typed errors of this package (errors.As finds them): AuthError,
// PermissionError, NotFoundError, RateLimitError, BudgetError, TimeoutError, UnreachableError, QueryError and
// AnswerError.
// go-github's own ErrorResponse remains for what is left, such as 422.
type Client struct {
	// REST follows GitHub's redirects, but never with the token to another host.
	REST      *gogithub.Client
	graphql   *githubv4.Client
	transport *transport
}

// New returns a client for one API host. It sends nothing.
func New(opts Options) (*Client, error) {
	if opts.Budget.Requests < 0 || opts.Budget.Points < 0 {
		return nil, fmt.Errorf("budget of %d requests and %d points: want numbers above 0, or 0 for no bound",
			opts.Budget.Requests, opts.Budget.Points)
	}
	api := opts.APIURL
	if api == "" {
		api = DefaultAPIURL
	}
	apiURL, err := endpoint("API URL", api)
	if err != nil {
		return nil, err
	}
	graphql := opts.GraphQLURL
	if graphql == "" {
		graphql = graphQLBeside(apiURL)
	}
	graphqlURL, err := endpoint("GraphQL URL", graphql)
	if err != nil {
		return nil, err
	}
	base := opts.Transport
	if base == nil {
		base = http.DefaultTransport
		if standard, ok := base.(*http.Transport); ok {
			own := standard.Clone()
			own.MaxIdleConnsPerHost = MaxInFlight
			base = own
		}
	}
	t := newTransport(base, opts, apiURL, graphqlURL)
	client := &http.Client{Transport: t, CheckRedirect: t.redirect}
	rest, err := gogithub.NewClient(client).WithEnterpriseURLs(apiURL.String(), apiURL.String())
	if err != nil {
		return nil, fmt.Errorf("API URL %q: %w", api, err)
	}
	return &Client{REST: rest, graphql: githubv4.NewEnterpriseClient(graphqlURL.String(), client), transport: t}, nil
}

// Query sends the query that q, a pointer to a struct in githubv4's manner, spells out, and fills q with the answer.
// A q without a field "RateLimit RateLimit" counts with its Price. What GitHub may not show at a single leaf
// below a list's node (an actor, the closer of an issue) stays the zero value; any other error in the answer makes
// Query fail, with q not filled.
func (c *Client) Query(ctx context.Context, q any, variables map[string]any) error {
	err := c.graphql.Query(ctx, q, variables)
	if refused := Refusal(err); refused != nil {
		return refused
	}
	if err != nil {
		return fmt.Errorf("reading the GraphQL answer: %w", err)
	}
	return nil
}

// QueryFound is Query for lookups: a place of the answer that GitHub does not find is null, where Query fails with a
// NotFoundError. A place is a field of the query or of the repository, an element of a list that such a field is, or a
// file of a commit.
func (c *Client) QueryFound(ctx context.Context, q any, variables map[string]any) error {
	return c.Query(context.WithValue(ctx, lookupKey{}, true), q, variables)
}

// lookupKey marks the context of QueryFound.
type lookupKey struct{}

// Refusal is the typed error in what a call of either library returned, without the method and address that Go's client
// puts before it, which it says itself; nil where the call was answered.
func Refusal(err error) error {
	var transported *url.Error
	if errors.As(err, &transported) {
		return transported.Err
	}
	return nil
}

// Close closes the connections that no request uses. The client stays usable.
func (c *Client) Close() {
	if base, ok := c.transport.base.(interface{ CloseIdleConnections() }); ok {
		base.CloseIdleConnections()
	}
}

// Now is the instant by the clock that the client waits by.
func (c *Client) Now() time.Time { return c.transport.now() }

// endpoint parses an absolute http or https URL.
func endpoint(what, text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s %q: %w", what, text, err)
	case u.Host == "" || (u.Scheme != "https" && u.Scheme != "http"):
		return nil, fmt.Errorf("%s %q: want an absolute URL such as %s", what, text, DefaultAPIURL)
	case u.User != nil:
		return nil, fmt.Errorf("%s: want no user or password in the URL", what)
	}
	return u, nil
}

// graphQLBeside is the GraphQL endpoint of the host whose REST root is api: /api/graphql beside /api/v3 on GitHub
// Enterprise Server, /graphql on an API host of its own
// (https://docs.github.com/en/enterprise-server@latest/graphql/guides/forming-calls-with-graphql).
func graphQLBeside(api *url.URL) string {
	u := *api
	path := strings.TrimSuffix(u.Path, "/")
	switch {
	case strings.HasSuffix(path, "/api/v3"):
		u.Path = strings.TrimSuffix(path, "v3") + "graphql"
	case path == "" && !strings.HasPrefix(u.Host, "api.") && !strings.Contains(u.Host, ".api."):
		// go-github adds /api/v3/ to such a host.
		u.Path = "/api/graphql"
	default:
		u.Path = path + "/graphql"
	}
	return u.String()
}
