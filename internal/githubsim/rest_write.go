package githubsim

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"unicode/utf8"
)

// writeRoute is one operation that writes.
type writeRoute struct {
	method, path string
	// status is that of an answer that is no refusal.
	status int
	answer func(*restCall) (any, error)
}

// writeRoutes are the operations that write. Each looks itself at what the token may do.
var writeRoutes = []writeRoute{
	{http.MethodPost, "/check-runs", http.StatusCreated, (*restCall).createCheckRun},
	{http.MethodPost, "/issues", http.StatusCreated, (*restCall).createIssue},
	{http.MethodPatch, "/issues/{number}", http.StatusOK, (*restCall).updateIssue},
	{http.MethodPost, "/issues/{number}/comments", http.StatusCreated, (*restCall).createComment},
	{http.MethodPost, "/issues/{number}/labels", http.StatusOK, (*restCall).addLabels},
	{http.MethodPatch, "/issues/comments/{comment}", http.StatusOK, (*restCall).updateComment},
	{http.MethodDelete, "/issues/comments/{comment}", http.StatusNoContent, (*restCall).deleteComment},
	{http.MethodPost, "/statuses/{sha}", http.StatusCreated, (*restCall).createStatus},
}

// writer is an operation that writes, with the server to itself: what it finds is what it changes.
func (s *Server) writer(answer func(*restCall) (any, error)) func(*restCall) (any, error) {
	return func(c *restCall) (any, error) {
		s.writing.Lock()
		defer s.writing.Unlock()
		c.api = s.served.Load().rest
		return answer(c)
	}
}

// maxText is the most characters of a comment and of an issue's text, maxOutput those of a check run's summary.
const (
	maxText   = 65_536
	maxOutput = 65_535
)

// permit refuses a token that may not write; accepted is what would have sufficed, in the words of the header
// X-Accepted-GitHub-Permissions.
func (c *restCall) permit(permission, accepted string) error {
	if c.api.server.mayWrite(permission) {
		return nil
	}
	return &restError{
		status: http.StatusForbidden, permission: accepted, message: "Resource not accessible by integration",
	}
}

// parse reads the body of the request.
func (c *restCall) parse(into any) error {
	text, err := io.ReadAll(io.LimitReader(c.Body, maxQueryBody))
	if err != nil {
		return refused(http.StatusBadRequest, "Problems reading the body")
	}
	if err := json.Unmarshal(text, into); err != nil {
		return refused(http.StatusBadRequest, "Problems parsing JSON")
	}
	return nil
}

// unfit is the answer to a field that is missing or has a value that GitHub does not take.
func unfit(resource, field, code, message string) *restError {
	return &restError{
		status: http.StatusUnprocessableEntity, message: "Validation Failed",
		invalid: &invalidField{Resource: resource, Field: field, Code: code, Message: message},
	}
}

// checkText refuses a text that is longer than GitHub takes, as it words that
// (https://github.com/telia-oss/github-pr-resource/issues/259).
func checkText(resource, field, text string, most int) error {
	if utf8.RuneCountInString(text) <= most {
		return nil
	}
	return unfit(resource, field, "unprocessable", fmt.Sprintf("Body is too long (maximum is %d characters)", most))
}
