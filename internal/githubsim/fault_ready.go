package githubsim

import (
	"net/http"
	"strconv"
	"time"
)

// The failures that GitHub is known for, ready to be narrowed by the conditions of a Fault: by Path, Operation, Skip
// and Times.

const (
	serverErrorBody = `{"message":"Server Error"}`
	timeoutBody     = `{"message":"We couldn't respond to your request in time. Sorry about that. Please try ` +
		`resubmitting your request and contact us if the problem persists."}`
	wentWrongMessage = "Something went wrong while executing your query. This may be the result of a timeout, or it " +
		"could be a GitHub bug."
	secondaryBody = `{"documentation_url":"https://docs.github.com/free-pro-team@latest/rest/overview/` +
		`rate-limits-for-the-rest-api#about-secondary-rate-limits","message":"You have exceeded a secondary rate limit. ` +
		`Please wait a few minutes before you try again."}`
	pageBody = "<!DOCTYPE html>\n<html><head><title>Unicorn! · GitHub</title></head>" +
		"<body><p>We had issues producing the response to your request.</p></body></html>\n"
)

// PrimaryLimit refuses one request as if the primary limit were used up until so long after Options.Now.
func PrimaryLimit(reset time.Duration) Fault { return Fault{Spent: reset} }

// SecondaryLimit refuses one request with 403 for a secondary limit. Retry-After tells to wait so long, in whole
// seconds; with 0 there is no such header, and a minute is to be waited at least
// (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit).
func SecondaryLimit(after time.Duration) Fault { return secondaryLimit(http.StatusForbidden, after) }

// TooManyRequests is SecondaryLimit with 429 instead of 403: GitHub gives either.
func TooManyRequests(after time.Duration) Fault {
	return secondaryLimit(http.StatusTooManyRequests, after)
}

func secondaryLimit(status int, after time.Duration) Fault {
	f := Fault{Status: status, Body: secondaryBody}
	if after > 0 {
		f.Header = http.Header{"Retry-After": {strconv.Itoa(int((after + time.Second - 1) / time.Second))}}
	}
	return f
}

// BadGateway answers so many requests (negative: all) with 502. Of GraphQL it hits the queries of an operation; an
// empty operation means every request. GitHub answers so when a query took too long.
func BadGateway(operation string, times int) Fault {
	return Fault{Operation: operation, Times: times, Status: http.StatusBadGateway, Body: serverErrorBody}
}

// GatewayTimeout is BadGateway with 504, which says that GitHub's ten seconds were over.
func GatewayTimeout(operation string, times int) Fault {
	return Fault{Operation: operation, Times: times, Status: http.StatusGatewayTimeout, Body: timeoutBody}
}

// LargePages answers every request of an operation whose page is larger than size with 502, as GitHub does when the
// items of a page are rich.
func LargePages(operation string, size int) Fault {
	f := BadGateway(operation, -1)
	f.MaxPage = size
	return f
}

// ServerError answers one request with 500.
func ServerError() Fault { return Fault{Status: http.StatusInternalServerError, Body: serverErrorBody} }

// Unavailable answers one request with 503.
func Unavailable() Fault { return Fault{Status: http.StatusServiceUnavailable, Body: serverErrorBody} }

// ResourceLimits answers one query of an operation with status 200, all data but that at path, and an error of the type
// RESOURCE_LIMITS_EXCEEDED (https://github.blog/changelog/2025-09-01-graphql-api-resource-limits/).
func ResourceLimits(operation string, path ...any) Fault {
	return Fault{Operation: operation, Partial: &PartialError{
		Path: path, Type: "RESOURCE_LIMITS_EXCEEDED", Message: "Resource limits for this query exceeded.",
	}}
}

// Incomplete answers one query of an operation with status 200, all data but that at path, and an error without a type.
func Incomplete(operation string, path ...any) Fault {
	return Fault{Operation: operation, Partial: &PartialError{Path: path, Message: wentWrongMessage}}
}

// NoData answers one query of an operation with status 200, null and no error. GraphQL does not allow it.
func NoData(operation string) Fault { return Fault{Operation: operation, Body: `{"data":null}`} }

// Page answers one request with status 200 and a page for people.
func Page() Fault {
	return Fault{
		Status: http.StatusOK, Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}, Body: pageBody,
	}
}

// Dropped closes the connection of one request without an answer.
func Dropped() Fault { return Fault{Drop: true} }

// Truncated closes the connection of one request after so many bytes of the true answer; 1 at least.
func Truncated(bytes int) Fault { return Fault{Truncate: max(bytes, 1)} }

// RedirectTo sends one request to another URL, or to another path of this server.
func RedirectTo(url string) Fault { return Fault{Redirect: url} }
