package githubsim

import (
	"net/http"
	"net/url"
	"strings"
	"time"
)

// restCommit is a commit (schema commit).
type restCommit struct {
	URL         string          `json:"url"`
	SHA         string          `json:"sha"`
	NodeID      string          `json:"node_id"`
	HTMLURL     string          `json:"html_url"`
	CommentsURL string          `json:"comments_url"`
	Commit      restGitCommit   `json:"commit"`
	Author      *restUser       `json:"author"`
	Committer   *restUser       `json:"committer"`
	Parents     []restCommitRef `json:"parents"`
}

// restGitCommit is what git knows of a commit.
type restGitCommit struct {
	URL          string        `json:"url"`
	Author       *gitPerson    `json:"author"`
	Committer    *gitPerson    `json:"committer"`
	Message      string        `json:"message"`
	CommentCount int           `json:"comment_count"`
	Tree         restCommitRef `json:"tree"`
}

// gitPerson is an author or a committer, as git knows them.
type gitPerson struct {
	Name  string `json:"name"`
	Email string `json:"email"`
	Date  string `json:"date"`
}

// restCommitRef is a git object and its address.
type restCommitRef struct {
	SHA string `json:"sha"`
	URL string `json:"url"`
}

// commitRef points at a commit.
func (c *restCall) commitRef(oid string) restCommitRef {
	return restCommitRef{SHA: oid, URL: c.root + "/commits/" + oid}
}

// treeOf is a stable stand-in for the tree of a commit: a world holds no trees.
func treeOf(oid string) string { return objectID("tree " + oid) }

// person is the author of a commit, at one of its dates. A world knows no committers but the authors.
func person(commit *Commit, date time.Time) *gitPerson {
	name := ghostLogin
	if commit.Author != nil {
		name = *commit.Author
	}
	return &gitPerson{
		Name: name, Email: strings.ReplaceAll(name, " ", ".") + "@users.noreply.github.com", Date: at(date),
	}
}

// commitAuthor is the account of a commit's author. A world's commits name authors as git does: only a name that
// occurs elsewhere as a login is an account.
func (c *restCall) commitAuthor(commit *Commit) *restUser {
	if commit.Author == nil {
		return nil
	}
	name := strings.TrimSuffix(*commit.Author, "[bot]")
	if commit.AuthorType != "Bot" && c.api.index.accounts[name] == "" {
		return nil
	}
	return c.user(commit.Author, commit.AuthorType)
}

func (c *restCall) showCommit(commit *Commit) restCommit {
	account := c.commitAuthor(commit)
	tree := treeOf(commit.OID)
	shown := restCommit{
		URL: c.root + "/commits/" + commit.OID, SHA: commit.OID, NodeID: nodeID("C", derivedID("commit", commit.OID)),
		HTMLURL:     c.api.index.webURL() + "/commit/" + commit.OID,
		CommentsURL: c.root + "/commits/" + commit.OID + "/comments",
		Commit: restGitCommit{
			URL: c.root + "/git/commits/" + commit.OID, Author: person(commit, commit.AuthoredDate),
			Committer: person(commit, commit.CommittedDate), Message: commit.MessageHeadline,
			Tree: restCommitRef{SHA: tree, URL: c.root + "/git/trees/" + tree},
		},
		Author: account, Committer: account, Parents: []restCommitRef{},
	}
	for _, parent := range commit.Parents {
		shown.Parents = append(shown.Parents, c.commitRef(parent))
	}
	return shown
}

// listCommits answers GET /commits: those reachable from sha (a branch, a tag or a commit; by default the default
// branch), newest committer date first. The world knows no paths, so that a path is refused.
func (c *restCall) listCommits() (any, error) {
	if path := c.query.Get("path"); path != "" {
		return nil, invalid("Commit", "path", path)
	}
	since, err := c.instant("Commit", "since")
	if err != nil {
		return nil, err
	}
	until, err := c.instant("Commit", "until")
	if err != nil {
		return nil, err
	}
	if len(c.api.world.Commits) == 0 {
		return nil, refused(http.StatusConflict, "Git Repository is empty.")
	}
	start, ok := c.resolve(c.query.Get("sha"))
	if !ok {
		return nil, notFound()
	}
	author := c.query.Get("author")
	if author == "" {
		author = c.query.Get("committer")
	}
	walk := c.api.index.walk(start, since, until)
	var found []*Commit
	for i := range walk.count() {
		commit := walk.get(i)
		if author == "" || commit.Author != nil && sameLogin(*commit.Author, author) {
			found = append(found, commit)
		}
	}
	return pageOfList(c, found, c.showCommit)
}

// resolve finds the commit that a branch, a tag, an object id or the beginning of one (7 digits or more) names; an
// empty ref names the head of the default branch.
func (c *restCall) resolve(ref string) (*Commit, bool) {
	ix := c.api.index
	if ref == "" || ref == "HEAD" {
		ref = c.api.world.Repo.DefaultBranch
	}
	if commit, ok := ix.commits[ref]; ok {
		return commit, true
	}
	if commit, ok := ix.commits[ix.branch(branchName(ref))]; ok {
		return commit, true
	}
	if tag := ix.tags[strings.TrimPrefix(strings.TrimPrefix(ref, "refs/"), "tags/")]; tag != nil {
		commit, ok := ix.commits[tag.OID]
		return commit, ok
	}
	const shortest = 7
	if len(ref) < shortest {
		return nil, false
	}
	for i := range c.api.world.Commits {
		if strings.HasPrefix(c.api.world.Commits[i].OID, ref) {
			return &c.api.world.Commits[i], true
		}
	}
	return nil, false
}

// getCommit answers GET /commits/{ref}.
func (c *restCall) getCommit() (any, error) {
	ref := c.PathValue("ref")
	commit, ok := c.resolve(ref)
	if !ok {
		return nil, refused(http.StatusUnprocessableEntity, "No commit found for SHA: "+ref)
	}
	return c.showCommit(commit), nil
}

// restBranch is a branch (schema branch-with-protection); no branch is protected.
type restBranch struct {
	Name          string            `json:"name"`
	Commit        restCommit        `json:"commit"`
	Links         map[string]string `json:"_links"`
	Protected     bool              `json:"protected"`
	Protection    map[string]bool   `json:"protection"`
	ProtectionURL string            `json:"protection_url"`
}

// restShortBranch is a branch as the list gives it (schema short-branch).
type restShortBranch struct {
	Name      string        `json:"name"`
	Commit    restCommitRef `json:"commit"`
	Protected bool          `json:"protected"`
}

// listBranches answers GET /branches, by name.
func (c *restCall) listBranches() (any, error) {
	return pageOfList(c, c.api.index.branches, func(b Branch) restShortBranch {
		return restShortBranch{Name: b.Name, Commit: c.commitRef(b.OID)}
	})
}

// getBranch answers GET /branches/{branch}.
func (c *restCall) getBranch() (any, error) {
	name := c.PathValue("branch")
	commit, ok := c.api.index.commits[c.api.index.branch(name)]
	if !ok {
		return nil, refused(http.StatusNotFound, "Branch not found")
	}
	self := c.root + "/branches/" + url.PathEscape(name)
	return restBranch{
		Name: name, Commit: c.showCommit(commit),
		Links:      map[string]string{"self": self, "html": c.api.index.webURL() + "/tree/" + url.PathEscape(name)},
		Protection: map[string]bool{"enabled": false}, ProtectionURL: self + "/protection",
	}, nil
}
