package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"kpi-gate/internal/config"
	"kpi-gate/internal/github"
)

// explain adds to an error what its reader can do about it, and takes the token out of it. ctx is that of the whole run:
// where it has ended, somebody interrupted it.
func explain(ctx context.Context, c config.Config, err error) error {
	var (
		auth        *github.AuthError
		missing     *github.NotFoundError
		unreachable *github.UnreachableError
		limited     *github.RateLimitError
		slow        *github.TimeoutError
	)
	advice := ""
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("interrupted while reading %s/%s; nothing was written", c.Owner, c.Name)
	case errors.As(err, &auth):
		advice = "the token is wrong or has expired; in a workflow, leave the input token out to use the workflow's own"
	case errors.As(err, &missing):
		advice = "check the name; a private repository needs a token that may read it (contents: read, pull-requests: read," +
			" issues: read, deployments: read, actions: read)"
	case errors.As(err, &limited) && limited.Secondary:
		advice = fmt.Sprintf("GitHub asks for a pause that does not fit into the timeout of %s: run again after the time"+
			" above, or raise the input timeout", c.Timeout)
	case errors.As(err, &limited):
		advice = "the token's hourly budget is spent: run again after the time above, or use a token of its own"
	case errors.As(err, &unreachable), errors.As(err, &slow):
		advice = "GitHub did not answer; check GITHUB_API_URL, the network and https://www.githubstatus.com, then run again"
	case errors.Is(err, context.DeadlineExceeded):
		advice = fmt.Sprintf("nothing could be read within the timeout of %s: raise the input timeout, or run again later",
			c.Timeout)
	}
	text := err.Error()
	if c.Token != "" {
		text = strings.ReplaceAll(text, c.Token, "***")
	}
	if advice == "" {
		return errors.New(text)
	}
	return fmt.Errorf("%s\n  %s", text, advice)
}
