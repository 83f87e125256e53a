package githubsim

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// repository is the world's repository.
type repository struct{}

func (repository) kind() string { return "Repository" }

func (repository) field(x *execution, name string, a arguments) (any, error) {
	r := x.server.world.Repo
	switch name {
	case "id":
		return repositoryNode(r), nil
	case "databaseId":
		return derivedID("repository", r.Owner+"/"+r.Name), nil
	case "name":
		return r.Name, nil
	case "nameWithOwner":
		return r.Owner + "/" + r.Name, nil
	case "owner":
		return account{cmp.Or(x.index.accounts[r.Owner], "Organization"), r.Owner}, nil
	case "url":
		return x.index.webURL(), nil
	case "isPrivate":
		return x.server.private(), nil
	case "isArchived", "isFork":
		return false, nil
	case "isEmpty":
		return len(x.index.branches) == 0, nil
	case "createdAt":
		return x.index.created, nil
	case "defaultBranchRef":
		if oid := x.index.branch(r.DefaultBranch); oid != "" {
			return ref{prefix: "refs/heads/", name: r.DefaultBranch}, nil
		}
		return nil, nil
	case "ref":
		return x.ref(a.text("qualifiedName")), nil
	case "refs":
		return x.refs(a), nil
	case "object":
		return x.gitObject(a)
	case "environments":
		return x.environments(a), nil
	case "deployments":
		return x.deployments(a), nil
	case "release":
		return x.release(a.text("tagName")), nil
	case "releases":
		return x.releases(a), nil
	case "issue":
		n, _ := a.integer("number")
		if i := x.index.issues[n]; i != nil {
			return issue{i}, nil
		}
		return nil, unresolved("Issue", n)
	case "issues":
		return x.issues(a, nil)
	case "pullRequest":
		n, _ := a.integer("number")
		if p := x.index.pulls[n]; p != nil {
			return pullRequest{p}, nil
		}
		return nil, unresolved("PullRequest", n)
	case "pullRequests":
		return x.pullRequests(a, nil), nil
	case "labels":
		return x.labels(matching(x.index.labels, a.text("query")), a), nil
	case "milestone":
		n, _ := a.integer("number")
		for i := range x.index.milestones {
			if x.index.milestones[i].Number == n {
				return milestone{&x.index.milestones[i]}, nil
			}
		}
		return nil, unresolved("Milestone", n)
	case "milestones":
		return x.milestones(a), nil
	case "vulnerabilityAlerts":
		return x.alerts(a), nil
	}
	return nil, errUnserved
}

func unresolved(kind string, n int) error {
	return &queryError{
		Type: "NOT_FOUND", Message: fmt.Sprintf("Could not resolve to a %s with the number of %d.", kind, n),
	}
}

// webURL is the repository's page.
func (ix *index) webURL() string {
	return "https://github.com/" + ix.world.Repo.Owner + "/" + ix.world.Repo.Name
}

// runURL is the page of a run.
func (ix *index) runURL(r *WorkflowRun) string {
	return ix.webURL() + "/actions/runs/" + strconv.FormatInt(r.ID, 10)
}

// matching is the names that contain a text.
func matching(names []string, text string) []string {
	if text == "" {
		return names
	}
	var found []string
	for _, n := range names {
		if strings.Contains(strings.ToLower(n), strings.ToLower(text)) {
			found = append(found, n)
		}
	}
	return found
}

// environment is a place that something was deployed to.
type environment struct{ name string }

func (environment) kind() string { return "Environment" }

func (x *execution) environments(a arguments) *connection {
	names := slices.Clone(x.index.environments)
	if only := a.list("names"); len(only) > 0 {
		names = slices.DeleteFunc(names, func(n string) bool { return !slices.Contains(only, n) })
	}
	if _, descending := a.order("orderBy"); descending {
		slices.Reverse(names)
	}
	return &connection{
		name:     "EnvironmentConnection",
		sequence: items(names, func(n string) object { return environment{n} }),
	}
}

func (o environment) field(_ *execution, name string, _ arguments) (any, error) {
	id := derivedID("environment", o.name)
	switch name {
	case "id":
		return nodeID("EN", id), nil
	case "databaseId":
		return id, nil
	case "name":
		return o.name, nil
	}
	return nil, errUnserved
}
