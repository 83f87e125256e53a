package github

import (
	"path"
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
	if o.resource != restResource || o.repeatable() {
		return ""
	}
	_, below, _ := strings.Cut(o.URL.Path, "/repos/")
	parts := strings.SplitN(below, "/", 3)
	if len(parts) < 3 {
		return ""
	}
	for _, known := range writePermissions {
		if fits, err := path.Match(known.path, parts[2]); err == nil && fits {
			return known.permission
		}
	}
	return ""
}
