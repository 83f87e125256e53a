package github

import (
	"net/http"
	"strings"
)

// writePermissions name the permission of a workflow for what is written below a repository, by the parts of the path
// after its name; "*" stands for any one part
// (https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps).
var writePermissions = []struct{ path, permission string }{
	{"check-runs", "checks: write"},
	{"check-runs/*", "checks: write"},
	{"statuses/*", "statuses: write"},
	{"issues", "issues: write"},
	{"issues/*", "issues: write"},
	{"issues/*/comments", "issues: write or pull-requests: write"},
	{"issues/comments/*", "issues: write or pull-requests: write"},
}

// writes is the permission that a request takes which writes through REST; empty for any other.
func (o *order) writes() string {
	if o.resource != restResource || o.Method == http.MethodGet || o.Method == http.MethodHead {
		return ""
	}
	_, below, _ := strings.Cut(o.URL.Path, "/repos/")
	parts := strings.Split(below, "/")
	if len(parts) < 3 {
		return ""
	}
	// What is the same fits better than what a star stands for.
	best, literals := "", -1
	for _, known := range writePermissions {
		wanted := strings.Split(known.path, "/")
		if n := alike(wanted, parts[2:]); n > literals {
			best, literals = known.permission, n
		}
	}
	return best
}

// alike is how many parts of a path are those that are wanted, where the others fall to stars; -1 where it does not
// fit.
func alike(wanted, parts []string) int {
	if len(wanted) != len(parts) {
		return -1
	}
	same := 0
	for i, w := range wanted {
		switch w {
		case parts[i]:
			same++
		case "*":
		default:
			return -1
		}
	}
	return same
}
