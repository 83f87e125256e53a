package github

import (
	"fmt"
	"strings"
	"time"
)

// AuthError says that GitHub does not accept the token.
type AuthError struct {
	// Asked is the method and path of the request.
	Asked string
	// Message is GitHub's.
	Message string
}

func (e *AuthError) Error() string {
	return fmt.Sprintf("%s: 401: GitHub refused the token (%s): give one that is valid", e.Asked, e.Message)
}

// PermissionError says that the token is good but may not do this.
type PermissionError struct {
	// Asked is the method and path of the request, for GraphQL with the path of the field.
	Asked string
	// Permission is what a workflow would have to grant, such as "deployments: read"; empty when GitHub does not say, and
	// it does not follow from what was asked.
	Permission string
	// Message is GitHub's.
	Message string
}

func (e *PermissionError) Error() string {
	if e.Permission == "" {
		return fmt.Sprintf("%s: forbidden: %s", e.Asked, e.Message)
	}
	return fmt.Sprintf("%s: forbidden: %s: grant the token the permission %s", e.Asked, e.Message, e.Permission)
}

// NotFoundError says that there is no such thing, or that the token cannot see it: GitHub does not tell which.
type NotFoundError struct {
	// Asked is the method and path of the request.
	Asked string
	// Path is the field that GraphQL could not resolve, such as "repository"; empty for REST.
	Path string
	// Message is GitHub's.
	Message string
}

func (e *NotFoundError) Error() string {
	what := e.Asked
	if e.Path != "" {
		what += ": " + e.Path
	}
	return fmt.Sprintf("%s: not found, or the token cannot see it: %s", what, e.Message)
}

// RateLimitError says that GitHub wants no more requests before Reset, and that waiting so long was not possible.
type RateLimitError struct {
	// Asked is the method and path of the request.
	Asked string
	// Secondary is true for the limits on how fast requests may follow each other, false for those of an hour
	// (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits).
	Secondary bool
	// Reset is when GitHub will answer again, UTC; never zero.
	Reset time.Time
	// Message is GitHub's.
	Message string
}

func (e *RateLimitError) Error() string {
	what := "the rate limit of the hour is used up"
	if e.Secondary {
		what = "too many requests at once (secondary rate limit)"
	}
	return fmt.Sprintf("%s: %s: %s: try again after %s", e.Asked, what, e.Message, e.Reset.Format(time.RFC3339))
}

// BudgetError says that a request was not sent because it could have exceeded the Budget of the Options.
type BudgetError struct {
	// Asked is the method and path of the request.
	Asked string
	// Budget is the client's, Used what was used of it when this was asked, requests under way included.
	Budget, Used Budget
	// Price is what the query would have cost in points, where these are what is spent; 0 where the requests are.
	Price int
}

func (e *BudgetError) Error() string {
	const advice = "raise the input budget, or keep a snapshot with the input cache"
	if e.Price > 0 {
		return fmt.Sprintf("%s: %s: %d are used, and this query takes %d: %s",
			e.Asked, e.Spent(), e.Used.Points, e.Price, advice)
	}
	return fmt.Sprintf("%s: %s: %d are used: %s", e.Asked, e.Spent(), e.Used.Requests, advice)
}

// Spent says which budget is spent: "the budget of 40 requests is spent".
func (e *BudgetError) Spent() string {
	n, noun := e.Budget.Requests, "request"
	if e.Price > 0 {
		n, noun = e.Budget.Points, "point"
	}
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("the budget of %d %s is spent", n, noun)
}

// TimeoutError says that a query, or a page of a REST list, asked for more than one answer can hold: 502 or 504 after
// ten seconds, retries included, an answer cut short by resource limits, or one longer than is read. A smaller page may
// succeed
// (https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api#timeouts,
// https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#timeouts).
type TimeoutError struct {
	// Asked is the method and path of the request.
	Asked string
	// Message is GitHub's.
	Message string
}

func (e *TimeoutError) Error() string {
	return fmt.Sprintf("%s: too much for one answer, or GitHub is overloaded: %s", e.Asked, e.Message)
}

// UnreachableError says that no usable answer came, retries included.
type UnreachableError struct {
	// Asked is the method and path of the request.
	Asked string
	// Status is the HTTP status of the last answer, 0 where the connection failed.
	Status int
	// Err is what the connection said, nil where an answer came.
	Err error
}

func (e *UnreachableError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: no usable answer from GitHub: %s", e.Asked, brief(e.Err.Error()))
	}
	return fmt.Sprintf("%s: GitHub failed with status %d: try again later", e.Asked, e.Status)
}

// Unwrap is the connection's error.
func (e *UnreachableError) Unwrap() error { return e.Err }

// QueryError is an error in a GraphQL answer that is none of the others.
type QueryError struct {
	// Asked is the method and path of the request.
	Asked string
	// Type is GitHub's name for the error, empty where it gives none.
	Type string
	// Path is the field, such as "repository.deployments"; empty for the query as a whole.
	Path string
	// Message is GitHub's.
	Message string
}

func (e *QueryError) Error() string {
	parts := []string{e.Asked}
	for _, part := range []string{e.Path, e.Type, e.Message} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ": ")
}

// AnswerError says that something answered, but not as GitHub's API does: a page instead of JSON, a body that is too
// large, or a status that the API does not use.
type AnswerError struct {
	// Asked is the method and path of the request.
	Asked string
	// Status is the HTTP status.
	Status int
	// Detail says what is wrong with the answer and what may be the cause.
	Detail string
}

func (e *AnswerError) Error() string {
	return fmt.Sprintf("%s: status %d: %s", e.Asked, e.Status, e.Detail)
}
