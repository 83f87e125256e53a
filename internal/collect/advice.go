package collect

import (
	"context"
	"errors"
	"time"

	"kpi-gate/internal/github"
)

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
	case errors.Is(err, context.DeadlineExceeded):
		// Before an unanswered request, which the end of the time may have made so.
		return "raise the input timeout, or keep a snapshot with the input cache"
	case errors.As(err, &tooMuch):
		return "run again: GitHub did not manage even the smallest page in time"
	case errors.As(err, &unreachable):
		return "run again; https://www.githubstatus.com says whether GitHub has trouble"
	default:
		return ""
	}
}
