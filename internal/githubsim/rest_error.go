package githubsim

import (
	"fmt"
	"net/http"
)

// restError is an answer that GitHub gives instead of what was asked for.
type restError struct {
	status int
	// permission is what the token lacks, as the header X-Accepted-GitHub-Permissions names it.
	permission string
	message    string
	invalid    *invalidField
}

// invalidField says which parameter was refused (schema validation-error of GitHub's OpenAPI description).
type invalidField struct {
	Resource string `json:"resource"`
	Field    string `json:"field"`
	Code     string `json:"code"`
	Value    string `json:"value,omitempty"`
	Message  string `json:"message,omitempty"`
}

// detail is the entry in the list of errors. Dependabot's operations tell in words what others tell in fields (schema
// validation-error-simple).
func (f *invalidField) detail() any {
	if f.Resource == dependabotResource {
		return fmt.Sprintf("%s: %q is not a possible value", f.Field, f.Value)
	}
	return f
}

func (e *restError) Error() string { return fmt.Sprintf("%d: %s", e.status, e.message) }

// write answers with the error.
func (e *restError) write(w http.ResponseWriter) {
	const documentation = "https://docs.github.com/rest"
	switch {
	case e.permission != "":
		writeForbidden(w, e.permission)
	case e.invalid != nil:
		writeJSON(w, e.status, struct {
			Message       string `json:"message"`
			Errors        []any  `json:"errors"`
			Documentation string `json:"documentation_url"`
			Status        string `json:"status"`
		}{e.message, []any{e.invalid.detail()}, documentation, fmt.Sprint(e.status)})
	default:
		writeError(w, e.status, e.message, documentation)
	}
}

// refused is an answer with GitHub's usual body.
func refused(status int, message string) *restError {
	return &restError{status: status, message: message}
}

// notFound is GitHub's answer to whatever does not exist or may not be known to exist.
func notFound() *restError { return refused(http.StatusNotFound, "Not Found") }

// invalid is the answer to a parameter with a value that GitHub does not take.
func invalid(resource, field, value string) *restError {
	return &restError{
		status: http.StatusUnprocessableEntity, message: "Validation Failed",
		invalid: &invalidField{Resource: resource, Field: field, Code: "invalid", Value: value},
	}
}
