package collect

import (
	"context"
	"errors"
	"strings"
	"time"

	"kpi-gate/internal/github"
)

// reason says in one line what kept a feed from being read whole. Where no request was sent for it, or none could end,
// it does not matter which that was: the same cause has the same words for every feed.
func reason(err error) string {
	var budget *github.BudgetError
	switch {
	case errors.As(err, &budget):
		return budget.Spent() + ": " + advice(err)
	case isOver(err):
		return "the time for reading was over: " + advice(err)
	}
	return strings.Join(strings.Fields(err.Error()), " ")
}

// advice says what to change so that what failed with an error can be read; empty where that is not known. What is the
// same for several feeds is said in the same words.
func advice(err error) string {
	var (
		permission  *github.PermissionError
		auth        *github.AuthError
		limit       *github.RateLimitError
		budget      *github.BudgetError
		tooMuch     *github.TimeoutError
		unreachable *github.UnreachableError
		foreign     *github.AnswerError
		refused     *github.QueryError
	)
	switch {
	case errors.As(err, &permission) && permission.Permission != "":
		return "grant the token the permission " + permission.Permission
	case errors.As(err, &auth):
		return "give a token that is valid until the run ends"
	case errors.As(err, &limit):
		return "run again after " + limit.Reset.UTC().Format(time.RFC3339) + ", or use a token with a higher rate limit"
	case errors.As(err, &budget):
		return "raise the input budget, or keep a snapshot with the input cache"
	case isOver(err):
		return "raise the input timeout, or keep a snapshot with the input cache"
	case errors.As(err, &tooMuch):
		return "run again: GitHub did not manage even the smallest page in time"
	case errors.As(err, &foreign):
		return "run again; if that does not help, check GITHUB_API_URL, and what stands between the runner and GitHub"
	case errors.As(err, &unreachable), errors.As(err, &refused):
		return "run again; https://www.githubstatus.com says whether GitHub has trouble"
	default:
		return ""
	}
}

// isOver reports whether the request's Deadline had passed. A single request that went unanswered for too long has
// ended at a time of its own, which the client tells as an UnreachableError.
func isOver(err error) bool {
	var unreachable *github.UnreachableError
	return errors.Is(err, context.DeadlineExceeded) && !errors.As(err, &unreachable)
}
