package collect

import (
	"time"

	gogithub "github.com/google/go-github/v60/github"
	"github.com/shurcooL/githubv4"
)

// second is t in UTC, cut to the second, as a Snapshot keeps it.
func second(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }

// moment is a GraphQL time; null is the zero time.
func moment(t *githubv4.DateTime) time.Time {
	if t == nil {
		return time.Time{}
	}
	return second(t.Time)
}

// stamp is a REST time; null and an absent one are the zero time.
func stamp(t *gogithub.Timestamp) time.Time {
	if t == nil {
		return time.Time{}
	}
	return second(t.Time)
}
