package collect

import (
	"context"

	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/github"
	"kpi-gate/internal/model"
)

// releaseNode is a release.
type releaseNode struct {
	ID         githubv4.String
	DatabaseID int64
	TagName    githubv4.String
	// TagCommit is null for a draft whose tag does not exist yet, and for a tag that was deleted.
	TagCommit *struct {
		OID           githubv4.String `graphql:"oid"`
		CommittedDate *githubv4.DateTime
	}
	PublishedAt  *githubv4.DateTime
	UpdatedAt    *githubv4.DateTime
	IsDraft      githubv4.Boolean
	IsPrerelease githubv4.Boolean
	URL          githubv4.String
	Author       *account
}

// releasesQuery asks for a page of releases.
type releasesQuery struct {
	Repository struct {
		Releases struct {
			TotalCount githubv4.Int
			Nodes      []releaseNode
			PageInfo   pageInfo
		} `graphql:"releases(first: $first, after: $after, orderBy: {field: CREATED_AT, direction: DESC})"`
	} `graphql:"repository(owner: $owner, name: $name)"`
	RateLimit github.RateLimit
}

// releaseByID asks for a release. When it last changed would not do: its tag can be moved without touching it.
type releaseByID struct {
	Release releaseNode `graphql:"... on Release"`
}

// releases reads all releases: the order that GitHub offers is that of creation, which says nothing of publication.
func (r *reading) releases(ctx context.Context) ([]model.Release, error) {
	var known []string
	if facts, _ := r.known(model.Releases); facts != nil {
		for _, release := range facts.Releases {
			known = append(known, release.NodeID)
		}
	}
	nodes, total, err := readCounted(ctx, r, countedList[releaseNode]{
		feed: model.Releases, page: r.releasePage, lookUp: r.releasesByID,
		id: func(n *releaseNode) string { return string(n.ID) },
	}, known, r.before().Releases.Hidden)
	all := make([]model.Release, len(nodes))
	for i, node := range nodes {
		all[i] = r.release(node)
	}
	r.ledger.Releases.Hidden = total - len(nodes)
	return all, during("reading the releases of "+r.repository.FullName(), err)
}

// releasePage asks for a page of releases.
func (r *reading) releasePage(
	ctx context.Context, after *githubv4.String, size *int,
) (page connection[releaseNode], total int, err error) {
	var q releasesQuery
	variables := r.variables()
	variables["after"] = after
	err = r.query(ctx, &q, variables, size)
	of := &q.Repository.Releases
	return connection[releaseNode]{Nodes: of.Nodes, PageInfo: of.PageInfo}, int(of.TotalCount), err
}

// releasesByID asks for releases by their global IDs.
func (r *reading) releasesByID(ctx context.Context, ids []string) ([]*releaseNode, error) {
	found, err := lookUp[releaseByID](ctx, r, ids, lookedUpAtOnce)
	nodes := make([]*releaseNode, len(found))
	for i, node := range found {
		if node != nil {
			nodes[i] = &node.Release
		}
	}
	return nodes, err
}

// release is a release as a Snapshot holds it.
func (r *reading) release(node *releaseNode) model.Release {
	release := model.Release{
		ID:         node.DatabaseID,
		NodeID:     string(node.ID),
		Updated:    moment(node.UpdatedAt),
		Tag:        string(node.TagName),
		Published:  moment(node.PublishedAt),
		Draft:      bool(node.IsDraft),
		Prerelease: bool(node.IsPrerelease),
		URL:        string(node.URL),
	}
	if node.TagCommit != nil {
		release.SHA = string(node.TagCommit.OID)
		r.commitDate(release.SHA, moment(node.TagCommit.CommittedDate))
	}
	if node.Author != nil {
		// The author's type is User, which cannot hold a bot: null is a bot as well as a deleted account, so it says nothing
		// (https://docs.github.com/en/graphql/reference/objects#release).
		release.Author = node.Author.actor()
	}
	return release
}
