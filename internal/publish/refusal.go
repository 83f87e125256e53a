package publish

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	gogithub "github.com/google/go-github/v60/github"

	"kpi-gate/internal/github"
)

// channel is a way to tell a report.
type channel struct {
	// to is its name in the report, noun that for readers.
	to, noun string
	// permission is what a workflow has to grant for it.
	permission string
}

// readOnly says what no permission helps against
// (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#how-permissions-are-calculated-for-a-workflow-job).
const readOnly = "the token of a run for a pull request from a fork or by Dependabot can only read, whatever is " +
	"granted; the job summary has everything"

// unread says why it is not known what the channel has, and what to change.
func (c channel) unread(err error) string {
	var unreachable *github.UnreachableError
	if errors.As(err, &unreachable) {
		return err.Error()
	}
	return c.refusal(err)
}

// refusal says why the channel could not be written, and what to change.
func (c channel) refusal(err error) string {
	var (
		denied      *github.PermissionError
		missing     *github.NotFoundError
		unreachable *github.UnreachableError
		other       *gogithub.ErrorResponse
	)
	switch {
	case errors.As(err, &denied):
		return c.denied(denied.Message)
	case errors.As(err, &missing):
		return fmt.Sprintf("GitHub does not find what it belongs to, or the token cannot see it: grant the job the "+
			"permission %s; %s", c.permission, readOnly)
	case errors.As(err, &other):
		return c.refused(other)
	case errors.As(err, &unreachable):
		return fmt.Sprintf("%v; it was not tried again, because GitHub may have acted on it: the next run finds what is "+
			"there", unreachable)
	case errors.Is(err, context.DeadlineExceeded):
		return "there was no time left for it, because GitHub answers slowly: the job summary has everything, and the next " +
			"run tries again"
	case errors.Is(err, context.Canceled):
		return "the run was interrupted before it was told there: the next run tries again"
	}
	if typed := github.Refusal(err); typed != nil {
		return typed.Error()
	}
	return err.Error()
}

// denied words a 403.
func (c channel) denied(message string) string {
	switch {
	case strings.Contains(message, "locked"):
		return "the conversation is locked: unlock it, or go by the job summary, which has everything"
	case strings.Contains(message, "GitHub App"):
		// A personal access token cannot make check runs
		// (https://docs.github.com/en/rest/checks/runs#create-a-check-run).
		return fmt.Sprintf("GitHub takes a %s from apps alone: use the workflow's own token, with the permission %s",
			c.noun, c.permission)
	}
	return fmt.Sprintf("the token may not write it: grant the job the permission %s; %s", c.permission, readOnly)
}

// refused words what GitHub does not carry out although the token may.
func (c channel) refused(e *gogithub.ErrorResponse) string {
	said := e.Message
	for _, detail := range e.Errors {
		switch {
		case detail.Message != "":
			said += ": " + detail.Message
		case detail.Field != "":
			said += ": " + detail.Field + " is " + detail.Code
		}
	}
	said = cut(strings.Join(strings.Fields(strings.ToValidUTF8(said, "")), " "), maxSaid)
	switch {
	case e.Response != nil && e.Response.StatusCode == http.StatusGone:
		return fmt.Sprintf("the repository has no issues (%s): turn them on in its settings, or ask for no %s",
			said, c.noun)
	case strings.Contains(said, "locked"):
		return c.denied(said)
	case strings.Contains(said, "too long"):
		return fmt.Sprintf("GitHub finds it too long (%s); the job summary has everything", said)
	}
	return fmt.Sprintf("GitHub refused it: %s", said)
}

// maxSaid is how many characters of GitHub's words are repeated.
const maxSaid = 300
