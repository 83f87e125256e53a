package collect

import (
	"context"
	"fmt"

	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/github"
	"kpi-gate/internal/model"
)

// releasesQuery asks for a page of releases.
type releasesQuery struct {
	Repository struct {
		Releases struct {
			TotalCount githubv4.Int
			Nodes      []struct {
				DatabaseID int64
				TagName    githubv4.String
				// TagCommit is null for a draft whose tag does not exist yet, and for a tag that was deleted.
				TagCommit *struct {
					OID           githubv4.String `graphql:"oid"`
					CommittedDate *githubv4.DateTime
				}
				PublishedAt  *githubv4.DateTime
				IsDraft      githubv4.Boolean
				IsPrerelease githubv4.Boolean
				URL          githubv4.String
				Author       *account
			}
			PageInfo pageInfo
		} `graphql:"releases(first: $first, after: $after, orderBy: {field: CREATED_AT, direction: DESC})"`
	} `graphql:"repository(owner: $owner, name: $name)"`
	RateLimit github.RateLimit
}

// releases reads all releases: the order that GitHub offers is that of creation, which says nothing of publication.
func (r *reading) releases(ctx context.Context) ([]model.Release, error) {
	var all []model.Release
	size, variables := largestPage, r.variables()
	defer func() { r.tell(model.Releases, len(all), len(all), true) }()
	for {
		var q releasesQuery
		if err := r.query(ctx, &q, variables, &size); err != nil {
			return all, fmt.Errorf("reading the releases of %s: %w", r.repository.FullName(), err)
		}
		page := q.Repository.Releases
		for _, node := range page.Nodes {
			release := model.Release{
				ID:         node.DatabaseID,
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
				// The author's type is User, which cannot hold a bot: null is a bot as well as a deleted account, so it
				// says nothing (https://docs.github.com/en/graphql/reference/objects#release).
				release.Author = node.Author.actor()
			}
			all = append(all, release)
		}
		r.tell(model.Releases, len(all), int(page.TotalCount), false)
		if !page.PageInfo.HasNextPage {
			return all, nil
		}
		variables["after"] = githubv4.NewString(page.PageInfo.EndCursor)
	}
}
