package collect

import (
	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/github"
)

// deploymentPage is a page of deployments.
type deploymentPage = connection[deploymentNode]

// deploymentNode is a deployment.
type deploymentNode struct {
	ID githubv4.String
	// DatabaseID has 64 bits, more than GraphQL's Int promises.
	DatabaseID  int64
	Environment githubv4.String
	CommitOID   githubv4.String `graphql:"commitOid"`
	// Commit is null when the commit was deleted; commitOid remains.
	Commit    *struct{ CommittedDate *githubv4.DateTime }
	CreatedAt *githubv4.DateTime
	UpdatedAt *githubv4.DateTime
	Creator   *account
	// Statuses come in no order that GitHub documents. Twenty are enough for nearly all deployments.
	Statuses *connection[statusNode] `graphql:"statuses(first: 20)"`
}

// statusNode is a status of a deployment.
type statusNode struct {
	State     githubv4.String
	CreatedAt *githubv4.DateTime
}

// deploymentsQuery asks for deployments to any environment, newest first: GitHub has no filter by date. Beside them it
// can ask for a page of environments.
type deploymentsQuery struct {
	Repository struct {
		Deployments  deploymentPage               `graphql:"deployments(first: $first, after: $after, orderBy: $by)"`
		Environments *connection[environmentNode] `graphql:"environments(first: $first, after: $environmentsAfter) @include(if: $environments)"` //nolint:lll // One tag.
	} `graphql:"repository(owner: $owner, name: $name)"`
	RateLimit github.RateLimit
}

// environmentDeploymentsQuery asks for the deployments to the named environments, newest first.
type environmentDeploymentsQuery struct {
	Repository struct {
		Deployments deploymentPage `graphql:"deployments(environments: $in, first: $first, after: $after, orderBy: $by)"`
	} `graphql:"repository(owner: $owner, name: $name)"`
	RateLimit github.RateLimit
}

// environmentNode is an environment.
type environmentNode struct{ Name githubv4.String }

// environmentsQuery asks for the names of the environments.
type environmentsQuery struct {
	Repository struct {
		Environments connection[environmentNode] `graphql:"environments(first: $first, after: $after)"`
	} `graphql:"repository(owner: $owner, name: $name)"`
	RateLimit github.RateLimit
}

// deploymentUpdate asks when a deployment, or a status of it, last changed.
type deploymentUpdate struct {
	Deployment struct{ UpdatedAt *githubv4.DateTime } `graphql:"... on Deployment"`
}

// deploymentByID asks for a deployment.
type deploymentByID struct {
	Deployment deploymentNode `graphql:"... on Deployment"`
}
