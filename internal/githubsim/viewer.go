package githubsim

import (
	"cmp"
	"strings"
)

// viewer is the login of the token's account.
func (s *Server) viewer() string { return cmp.Or(s.opts.Viewer, "github-actions[bot]") }

// viewerType is what kind of account it is.
func (s *Server) viewerType() string {
	if strings.HasSuffix(s.viewer(), "[bot]") {
		return "Bot"
	}
	return "User"
}

// isViewer reports whether an author is the token's account. A person may have the login that a bot has but for its
// "[bot]".
func (s *Server) isViewer(login *string, accountType string) bool {
	if login == nil {
		return false
	}
	isBot := accountType == "Bot" || strings.HasSuffix(*login, "[bot]")
	return isBot == (s.viewerType() == "Bot") && sameLogin(*login, s.viewer())
}

// mayWrite reports whether the token has a permission to write, by its name in a workflow.
func (s *Server) mayWrite(permission string) bool {
	return !s.opts.ReadOnly && !s.denied(permission) && !s.denied(permission+": write")
}
