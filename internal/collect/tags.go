package collect

import (
	"context"
	"slices"
	"time"

	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/github"
	"kpi-gate/internal/model"
)

// tagNode is a tag's ref.
type tagNode struct {
	ID     githubv4.String
	Name   githubv4.String
	Target *tagTarget
}

// tagsQuery asks for a page of tags, the newest first: those that came since an earlier reading are likely on the first
// page.
type tagsQuery struct {
	Repository struct {
		Refs struct {
			TotalCount githubv4.Int
			Nodes      []tagNode
			PageInfo   pageInfo
		} `graphql:"refs(refPrefix: \"refs/tags/\", first: $first, after: $after, orderBy: {field: TAG_COMMIT_DATE, direction: DESC})"` //nolint:lll // One tag.
	} `graphql:"repository(owner: $owner, name: $name)"`
	RateLimit github.RateLimit
}

// tagByID asks for a tag.
type tagByID struct {
	Ref tagNode `graphql:"... on Ref"`
}

// taggedCommit is a target that is a commit; all its fields are empty for any other.
type taggedCommit struct {
	OID           githubv4.String `graphql:"oid"`
	CommittedDate *githubv4.DateTime
}

// tagTarget is what a tag's ref points at: a commit for a lightweight tag, else a tag object. A tag of a tag is
// followed once more; a query has no way to follow tags without end.
type tagTarget struct {
	Commit taggedCommit `graphql:"... on Commit"`
	Tag    struct {
		Tagger *struct{ Date *githubv4.DateTime }
		Target *struct {
			Commit taggedCommit `graphql:"... on Commit"`
			Tag    struct {
				Target *struct {
					Commit taggedCommit `graphql:"... on Commit"`
				}
			} `graphql:"... on Tag"`
		}
	} `graphql:"... on Tag"`
}

// tags reads the tags that the request asks for. A tag that names no commit, but a tree or a file, is left out.
func (r *reading) tags(ctx context.Context) ([]model.Tag, error) {
	before := r.before().Tags
	var known []string
	if facts, _ := r.known(model.Tags); facts != nil {
		known = slices.Clone(before.Others)
		for _, tag := range facts.Tags {
			known = append(known, tag.NodeID)
		}
	}
	nodes, total, err := readCounted(ctx, r, countedList[tagNode]{
		feed: model.Tags, page: r.tagPage, lookUp: r.tagsByID, id: func(n *tagNode) string { return string(n.ID) },
	}, known, before.Hidden)
	var kept []model.Tag
	r.ledger.Tags = CountLedger{Hidden: total - len(nodes)}
	for _, node := range nodes {
		if tag, ok := r.tag(node); ok {
			kept = append(kept, tag)
		} else {
			r.ledger.Tags.Others = append(r.ledger.Tags.Others, string(node.ID))
		}
	}
	return kept, during("reading the tags of "+r.repository.FullName(), err)
}

// tagPage asks for a page of tags.
func (r *reading) tagPage(
	ctx context.Context, after *githubv4.String, size *int,
) (page connection[tagNode], total int, err error) {
	var q tagsQuery
	variables := r.variables()
	variables["after"] = after
	err = r.query(ctx, &q, variables, size)
	of := &q.Repository.Refs
	return connection[tagNode]{Nodes: of.Nodes, PageInfo: of.PageInfo}, int(of.TotalCount), err
}

// tagsByID asks for tags by their global IDs, which stay when a tag is moved.
func (r *reading) tagsByID(ctx context.Context, ids []string) ([]*tagNode, error) {
	found, err := lookUp[tagByID](ctx, r, ids, lookedUpAtOnce)
	nodes := make([]*tagNode, len(found))
	for i, node := range found {
		if node != nil {
			nodes[i] = &node.Ref
		}
	}
	return nodes, err
}

// tag is a tag as a Snapshot holds it, if the request asks for it.
func (r *reading) tag(node *tagNode) (tag model.Tag, ok bool) {
	name := string(node.Name)
	if r.request.Tag != nil && !r.request.Tag(name) {
		return tag, false
	}
	commit, tagged := node.Target.peel()
	if commit.OID == "" {
		return tag, false
	}
	committed := moment(commit.CommittedDate)
	r.commitDate(string(commit.OID), committed)
	if tagged.IsZero() {
		tagged = committed
	}
	return model.Tag{NodeID: string(node.ID), Name: name, SHA: string(commit.OID), Date: tagged}, true
}

// peel is the commit that a tag stands for, and the tagger's date: zero for a lightweight tag, and for one so old that
// it names no tagger.
func (t *tagTarget) peel() (taggedCommit, time.Time) {
	if t == nil {
		return taggedCommit{}, time.Time{}
	}
	var tagged time.Time
	if t.Tag.Tagger != nil {
		tagged = moment(t.Tag.Tagger.Date)
	}
	commit := t.Commit
	if inner := t.Tag.Target; inner != nil {
		commit = inner.Commit
		if deepest := inner.Tag.Target; deepest != nil {
			commit = deepest.Commit
		}
	}
	return commit, tagged
}
