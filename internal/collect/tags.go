package collect

import (
	"context"
	"fmt"
	"time"

	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/github"
	"kpi-gate/internal/model"
)

// tagsQuery asks for a page of tags.
type tagsQuery struct {
	Repository struct {
		Refs struct {
			TotalCount githubv4.Int
			Nodes      []struct {
				Name   githubv4.String
				Target *tagTarget
			}
			PageInfo pageInfo
		} `graphql:"refs(refPrefix: \"refs/tags/\", first: $first, after: $after)"`
	} `graphql:"repository(owner: $owner, name: $name)"`
	RateLimit github.RateLimit
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
	var kept []model.Tag
	read, size, variables := 0, largestPage, r.variables()
	defer func() { r.tell(model.Tags, read, read, true) }()
	for {
		var q tagsQuery
		if err := r.query(ctx, &q, variables, &size); err != nil {
			return kept, fmt.Errorf("reading the tags of %s: %w", r.repository.FullName(), err)
		}
		page := q.Repository.Refs
		for _, node := range page.Nodes {
			read++
			name := string(node.Name)
			if r.request.Tag != nil && !r.request.Tag(name) {
				continue
			}
			commit, tagged := node.Target.peel()
			if commit.OID == "" {
				continue
			}
			tag := model.Tag{Name: name, SHA: string(commit.OID), Date: tagged}
			committed := moment(commit.CommittedDate)
			r.commitDate(tag.SHA, committed)
			if tag.Date.IsZero() {
				tag.Date = committed
			}
			kept = append(kept, tag)
		}
		r.tell(model.Tags, read, int(page.TotalCount), false)
		if !page.PageInfo.HasNextPage {
			return kept, nil
		}
		variables["after"] = githubv4.NewString(page.PageInfo.EndCursor)
	}
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
