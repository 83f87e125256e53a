package collect

import (
	"fmt"
	"reflect"

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

// maxRoots is how many commits are looked up in one query.
const maxRoots = 25

// rootsQuery asks for the first page of several histories: those of $oid0, $oid1, …
type rootsQuery struct{ query reflect.Value }

// newRootsQuery has a place for each of n roots, nil where GitHub does not have it.
//
// Note: githubv4 spells queries out from types, so that of a query with as many places as are needed is made here.
func newRootsQuery(n int) rootsQuery {
	return rootsQuery{newRepositoryQuery(places(n, reflect.TypeFor[*rootPage](), func(i int) string {
		return fmt.Sprintf("r%d: object(oid: $oid%d)", i, i)
	}))}
}

// pages are the places in order.
func (q rootsQuery) pages() []*rootPage { return placed[*rootPage](repositoryOf(q.query)) }

// reachedQuery asks several times what a commit reaches of a short while, however long ago that was: $oid0 from $since0
// to $until0, $oid1 from $since1 to $until1, …
type reachedQuery struct{ query reflect.Value }

// newReachedQuery has n places.
func newReachedQuery(n int) reachedQuery {
	fields := make([]reflect.StructField, n)
	for i := range fields {
		history := place(0, reflect.TypeFor[connection[oid]](),
			fmt.Sprintf("history(first: 100, since: $since%d, until: $until%d)", i, i))
		object := reflect.StructOf([]reflect.StructField{{
			Name: "Commit", Type: reflect.StructOf([]reflect.StructField{history}), Tag: `graphql:"... on Commit"`,
		}})
		fields[i] = place(i, reflect.PointerTo(object), fmt.Sprintf("h%d: object(oid: $oid%d)", i, i))
	}
	return reachedQuery{newRepositoryQuery(fields)}
}

// reached are the places in order; nil where GitHub does not have the commit that reaches.
func (q reachedQuery) reached() []*connection[oid] {
	of := repositoryOf(q.query)
	reached := make([]*connection[oid], of.NumField())
	for i := range reached {
		if object := of.Field(i); !object.IsNil() {
			reached[i] = &placed[connection[oid]](object.Elem().FieldByName("Commit"))[0]
		}
	}
	return reached
}

// places are the fields P0, P1, … of a type, each with what is asked for there.
func places(n int, of reflect.Type, asked func(i int) string) []reflect.StructField {
	fields := make([]reflect.StructField, n)
	for i := range fields {
		fields[i] = place(i, of, asked(i))
	}
	return fields
}

// place is the field Pi of a type, with what is asked for there.
func place(i int, of reflect.Type, asked string) reflect.StructField {
	return reflect.StructField{
		Name: fmt.Sprintf("P%d", i), Type: of, Tag: reflect.StructTag(fmt.Sprintf("graphql:%q", asked)),
	}
}

// placed are the values of a struct whose fields are places.
func placed[P any](of reflect.Value) []P {
	values := make([]P, of.NumField())
	for i := range values {
		reflect.ValueOf(&values[i]).Elem().Set(of.Field(i))
	}
	return values
}

// newRepositoryQuery points at a query that asks the repository for fields.
func newRepositoryQuery(fields []reflect.StructField) reflect.Value {
	return reflect.New(reflect.StructOf([]reflect.StructField{
		{
			Name: "Repository", Type: reflect.StructOf(fields),
			Tag: `graphql:"repository(owner: $owner, name: $name)"`,
		},
		{Name: "RateLimit", Type: reflect.TypeFor[github.RateLimit]()},
	}))
}

// repositoryOf is what a query asked of the repository.
func repositoryOf(query reflect.Value) reflect.Value { return query.Elem().FieldByName("Repository") }

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
