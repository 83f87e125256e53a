package collect

import (
	"fmt"

	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/github"
	"kpi-gate/internal/model"
)

// oid is an object that is only named.
type oid struct {
	OID githubv4.String `graphql:"oid"`
}

// commitNode is a commit as git and GitHub know it
// (https://docs.github.com/en/graphql/reference/objects#commit).
type commitNode struct {
	OID                         githubv4.String `graphql:"oid"`
	Message                     githubv4.String
	AuthoredDate, CommittedDate githubv4.DateTime
	// Author's User is null where no account has the address.
	Author *struct {
		Name githubv4.String
		User *account
	}
	Parents                connection[oid]               `graphql:"parents(first: 10)"`
	AssociatedPullRequests connection[commitPullRequest] `graphql:"associatedPullRequests(first: 5)"`
}

// commitPullRequest is a pull request that a commit belongs to, merged or not, of this repository or a fork.
type commitPullRequest struct {
	Number     githubv4.Int
	Merged     githubv4.Boolean
	Repository repositoryName
}

// repositoryName is owner/name.
type repositoryName struct{ NameWithOwner githubv4.String }

// historyPage is a page of a commit's history, newest committer date first.
type historyPage struct {
	Commit struct {
		History connection[commitNode] `graphql:"history(first: $first, after: $after)"`
	} `graphql:"... on Commit"`
}

// historyQuery asks for a page of one history. Object is null when GitHub does not have it.
type historyQuery struct {
	Repository struct {
		Object *historyPage `graphql:"object(oid: $oid)"`
	} `graphql:"repository(owner: $owner, name: $name)"`
	RateLimit github.RateLimit
}

// rootPage is the first page of a commit's history.
type rootPage struct {
	Commit struct {
		History connection[commitNode] `graphql:"history(first: $first)"`
	} `graphql:"... on Commit"`
}

// rootsQuery asks for the first page of up to maxRoots histories.
//
// Note: githubv4 spells queries out from types, so the number of places is fixed; those without a root are left out of
// the answer by the directive.
type rootsQuery struct {
	Repository struct {
		R0 *rootPage `graphql:"r0: object(oid: $oid0) @include(if: $has0)"`
		R1 *rootPage `graphql:"r1: object(oid: $oid1) @include(if: $has1)"`
		R2 *rootPage `graphql:"r2: object(oid: $oid2) @include(if: $has2)"`
		R3 *rootPage `graphql:"r3: object(oid: $oid3) @include(if: $has3)"`
		R4 *rootPage `graphql:"r4: object(oid: $oid4) @include(if: $has4)"`
		R5 *rootPage `graphql:"r5: object(oid: $oid5) @include(if: $has5)"`
		R6 *rootPage `graphql:"r6: object(oid: $oid6) @include(if: $has6)"`
		R7 *rootPage `graphql:"r7: object(oid: $oid7) @include(if: $has7)"`
	} `graphql:"repository(owner: $owner, name: $name)"`
	RateLimit github.RateLimit
}

// pages are the places in order; nil where GitHub does not have the root.
func (q *rootsQuery) pages() [maxRoots]*rootPage {
	r := &q.Repository
	return [maxRoots]*rootPage{r.R0, r.R1, r.R2, r.R3, r.R4, r.R5, r.R6, r.R7}
}

// named is commits that are only named.
type named struct{ Nodes []oid }

// reachedQuery asks, up to maxRoots times, what a commit reaches of a short while, however long ago that was.
type reachedQuery struct {
	Repository struct {
		Object *struct {
			Commit struct {
				H0 *named `graphql:"h0: history(first: 100, since: $since0, until: $until0) @include(if: $has0)"`
				H1 *named `graphql:"h1: history(first: 100, since: $since1, until: $until1) @include(if: $has1)"`
				H2 *named `graphql:"h2: history(first: 100, since: $since2, until: $until2) @include(if: $has2)"`
				H3 *named `graphql:"h3: history(first: 100, since: $since3, until: $until3) @include(if: $has3)"`
				H4 *named `graphql:"h4: history(first: 100, since: $since4, until: $until4) @include(if: $has4)"`
				H5 *named `graphql:"h5: history(first: 100, since: $since5, until: $until5) @include(if: $has5)"`
				H6 *named `graphql:"h6: history(first: 100, since: $since6, until: $until6) @include(if: $has6)"`
				H7 *named `graphql:"h7: history(first: 100, since: $since7, until: $until7) @include(if: $has7)"`
			} `graphql:"... on Commit"`
		} `graphql:"object(oid: $oid)"`
	} `graphql:"repository(owner: $owner, name: $name)"`
	RateLimit github.RateLimit
}

// reached are the places in order; none where GitHub does not have the commit.
func (q *reachedQuery) reached() [maxRoots]*named {
	if q.Repository.Object == nil {
		return [maxRoots]*named{}
	}
	c := &q.Repository.Object.Commit
	return [maxRoots]*named{c.H0, c.H1, c.H2, c.H3, c.H4, c.H5, c.H6, c.H7}
}

// commitRestQuery asks for what did not fit beside a commit: the parents of a great merge, many pull requests.
type commitRestQuery struct {
	Repository struct {
		Object *struct {
			Commit struct {
				Parents                connection[oid]               `graphql:"parents(first: $first, after: $parents)"`
				AssociatedPullRequests connection[commitPullRequest] `graphql:"associatedPullRequests(first: $first, after: $pulls)"`
			} `graphql:"... on Commit"`
		} `graphql:"object(oid: $oid)"`
	} `graphql:"repository(owner: $owner, name: $name)"`
	RateLimit github.RateLimit
}

// setRoots puts the roots into the variables of a rootsQuery. A place without a root names the first one, because an
// object ID may not be empty even where it is not used.
func setRoots(variables map[string]any, roots []string) {
	for i := range maxRoots {
		root := roots[0]
		if i < len(roots) {
			root = roots[i]
		}
		variables[fmt.Sprintf("oid%d", i)] = githubv4.GitObjectID(root)
		variables[fmt.Sprintf("has%d", i)] = githubv4.Boolean(i < len(roots))
	}
}

// lineQuery asks for a page of a history, only for how it hangs together.
type lineQuery struct {
	Repository struct {
		Object *struct {
			Commit struct {
				History connection[lineNode] `graphql:"history(first: $first, after: $after)"`
			} `graphql:"... on Commit"`
		} `graphql:"object(oid: $oid)"`
	} `graphql:"repository(owner: $owner, name: $name)"`
	RateLimit github.RateLimit
}

// lineNode is a commit with its first parent.
type lineNode struct {
	OID           githubv4.String `graphql:"oid"`
	CommittedDate githubv4.DateTime
	Parents       struct{ Nodes []oid } `graphql:"parents(first: 1)"`
}

// headNode is a branch and the commit at its head.
type headNode struct {
	Name   githubv4.String
	Target struct {
		OID    githubv4.String                           `graphql:"oid"`
		Commit struct{ CommittedDate githubv4.DateTime } `graphql:"... on Commit"`
	}
}

// defaultHeadQuery asks for the default branch, null in a repository without commits.
type defaultHeadQuery struct {
	Repository struct {
		DefaultBranchRef *headNode
	} `graphql:"repository(owner: $owner, name: $name)"`
	RateLimit github.RateLimit
}

// headsQuery asks for a page of all branches.
type headsQuery struct {
	Repository struct {
		Refs connection[headNode] `graphql:"refs(refPrefix: \"refs/heads/\", first: $first, after: $after)"`
	} `graphql:"repository(owner: $owner, name: $name)"`
	RateLimit github.RateLimit
}

// author is who wrote the commit: the account, or the name where none is known.
func (n *commitNode) author() model.Actor {
	switch {
	case n.Author == nil:
		return model.Actor{}
	case n.Author.User != nil:
		return n.Author.User.actor()
	}
	return namedActor(string(n.Author.Name), false)
}
