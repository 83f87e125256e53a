package githubsim

import "github.com/vektah/gqlparser/v2/ast"

// kindPermissions are the permissions that it takes to see an object, by its type.
var kindPermissions = map[string]string{
	"Deployment":                   "deployments",
	"Issue":                        "issues",
	"PullRequest":                  "pull-requests",
	"Release":                      "contents",
	"RepositoryVulnerabilityAlert": "vulnerability-alerts",
	"WorkflowRun":                  "actions",
}

// connectionPermissions are the same for lists: GitHub refuses the list whole, even an empty one.
var connectionPermissions = map[string]string{
	"CommitHistoryConnection":                "contents",
	"DeploymentConnection":                   "deployments",
	"IssueConnection":                        "issues",
	"PullRequestChangedFileConnection":       "contents",
	"PullRequestConnection":                  "pull-requests",
	"RefConnection":                          "contents",
	"ReleaseConnection":                      "contents",
	"RepositoryVulnerabilityAlertConnection": "vulnerability-alerts",
}

// permissionFor is the permission that it takes to ask an object of some kind for a field, "" for none.
func permissionFor(kind string, f *ast.FieldDefinition) string {
	switch {
	case kind == "Repository" && (f.Name == "object" || f.Name == "ref"),
		kind == "Commit" && (f.Name == "file" || f.Name == "tree"):
		return "contents"
	}
	return connectionPermissions[f.Type.Name()]
}

// errForbidden is how GraphQL reports a missing permission. GitHub answers with status 200 and sets the nearest
// nullable place to null.
func errForbidden() error {
	return &queryError{
		Type: "FORBIDDEN", Message: "Resource not accessible by integration",
		Extensions: map[string]any{"saml_failure": false},
	}
}
