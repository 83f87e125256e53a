package githubsim

import (
	"encoding/json"
	"maps"
)

// webHost is where GitHub shows to people what its API serves.
const webHost = "https://github.com"

// fullName is owner/name.
func (a *restAPI) fullName() string { return a.world.Repo.Owner + "/" + a.world.Repo.Name }

// getRepository answers GET /repos/{owner}/{repo} (schema full-repository).
func (c *restCall) getRepository() (any, error) { return c.repository(), nil }

// repository describes the repository whole.
func (c *restCall) repository() map[string]any {
	w := c.api.world
	open := 0
	for _, item := range c.api.items() {
		if item.state == "open" {
			open++
		}
	}
	pushed := c.api.index.created
	for i := range w.Commits {
		if w.Commits[i].CommittedDate.After(pushed) {
			pushed = w.Commits[i].CommittedDate
		}
	}
	repository := c.minimalRepository()
	maps.Copy(repository, map[string]any{
		"clone_url": c.api.index.webURL() + ".git", "git_url": "git://github.com/" + c.api.fullName() + ".git",
		"ssh_url": "git@github.com:" + c.api.fullName() + ".git", "svn_url": c.api.index.webURL(), "mirror_url": nil,
		"homepage": nil, "language": nil, "license": nil, "size": len(w.Commits), "default_branch": c.defaultBranch(),
		"forks": 0, "forks_count": 0, "stargazers_count": 0, "watchers": 0, "watchers_count": 0,
		"network_count": 0, "subscribers_count": 0, "open_issues": open, "open_issues_count": open,
		"has_issues": true, "has_projects": false, "has_wiki": false, "has_pages": false, "has_discussions": false,
		"has_downloads": false, "archived": false, "disabled": false, "is_template": false, "topics": []string{},
		"pushed_at": at(pushed), "created_at": at(c.api.index.created), "updated_at": at(pushed),
		"allow_rebase_merge": true, "allow_squash_merge": true, "allow_merge_commit": true,
		"visibility": map[bool]string{true: "private", false: "public"}[c.api.server.private()],
		"permissions": map[string]bool{
			"admin": false, "maintain": false, "push": false, "triage": false, "pull": true,
		},
	})
	return repository
}

// defaultBranch is the name that REST gives: a repository without commits has one already.
func (c *restCall) defaultBranch() string {
	if name := c.api.world.Repo.DefaultBranch; name != "" {
		return name
	}
	return "main"
}

// minimalRepository describes the repository as runs do (schema minimal-repository).
func (c *restCall) minimalRepository() map[string]any {
	id := c.repositoryID()
	description := map[string]any{
		"id": id, "node_id": repositoryNode(c.api.world.Repo), "name": c.api.world.Repo.Name, "full_name": c.api.fullName(),
		"private": c.api.server.private(), "fork": false, "description": nil,
		"owner": c.account(c.api.world.Repo.Owner, "Organization"), "html_url": c.api.index.webURL(), "url": c.root,
	}
	for key, path := range repositoryAddresses {
		description[key] = c.root + path
	}
	return description
}

// repositoryID is the repository's number.
func (c *restCall) repositoryID() int64 { return derivedID("repository", c.api.fullName()) }

// minimalRepositoryJSON is minimalRepository marshalled: a page of runs repeats it two hundred times.
func (c *restCall) minimalRepositoryJSON() (json.RawMessage, error) {
	return json.Marshal(c.minimalRepository())
}

// repositoryAddresses are the addresses in a repository's description, below its own.
var repositoryAddresses = map[string]string{
	"archive_url":       "/{archive_format}{/ref}",
	"assignees_url":     "/assignees{/user}",
	"blobs_url":         "/git/blobs{/sha}",
	"branches_url":      "/branches{/branch}",
	"collaborators_url": "/collaborators{/collaborator}",
	"comments_url":      "/comments{/number}",
	"commits_url":       "/commits{/sha}",
	"compare_url":       "/compare/{base}...{head}",
	"contents_url":      "/contents/{+path}",
	"contributors_url":  "/contributors",
	"deployments_url":   "/deployments",
	"downloads_url":     "/downloads",
	"events_url":        "/events",
	"forks_url":         "/forks",
	"git_commits_url":   "/git/commits{/sha}",
	"git_refs_url":      "/git/refs{/sha}",
	"git_tags_url":      "/git/tags{/sha}",
	"hooks_url":         "/hooks",
	"issue_comment_url": "/issues/comments{/number}",
	"issue_events_url":  "/issues/events{/number}",
	"issues_url":        "/issues{/number}",
	"keys_url":          "/keys{/key_id}",
	"labels_url":        "/labels{/name}",
	"languages_url":     "/languages",
	"merges_url":        "/merges",
	"milestones_url":    "/milestones{/number}",
	"notifications_url": "/notifications{?since,all,participating}",
	"pulls_url":         "/pulls{/number}",
	"releases_url":      "/releases{/id}",
	"stargazers_url":    "/stargazers",
	"statuses_url":      "/statuses/{sha}",
	"subscribers_url":   "/subscribers",
	"subscription_url":  "/subscription",
	"tags_url":          "/tags",
	"teams_url":         "/teams",
	"trees_url":         "/git/trees{/sha}",
}
