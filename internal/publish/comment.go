package publish

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	gogithub "github.com/google/go-github/v60/github"
	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/github"
	"kpi-gate/internal/report"
)

const (
	// commentPage is how many comments are read at once, commentPages how many pages at most: 2,000 comments.
	commentPage  = 100
	commentPages = 20
)

// posted is what GraphQL gives of a comment and of an issue alike.
type posted struct {
	ViewerDidAuthor githubv4.Boolean
	Body            githubv4.String
	URL             githubv4.String
}

// isOurs reports whether this account wrote it for this gate. The marker alone proves nothing: anyone can copy it, and
// who does must neither be edited nor be taken for us.
func (o posted) isOurs(gate string) bool {
	m, ok := markerOf(string(o.Body))
	return bool(o.ViewerDidAuthor) && ok && m.gate == gate
}

// commentsQuery reads a page of the comments on a pull request, from the end on.
type commentsQuery struct {
	Repository struct {
		PullRequest struct {
			Comments struct {
				Nodes []struct {
					// FullDatabaseID is the number that REST knows a comment by. The younger ones do not fit into databaseId
					// (https://docs.github.com/en/graphql/reference/objects#issuecomment).
					FullDatabaseID githubv4.String `graphql:"fullDatabaseId"`
					posted
				}
				PageInfo struct {
					HasPreviousPage githubv4.Boolean
					StartCursor     *githubv4.String
				}
			} `graphql:"comments(last: $page, before: $before)"`
		} `graphql:"pullRequest(number: $number)"`
	} `graphql:"repository(owner: $owner, name: $name)"`
	RateLimit github.RateLimit
}

// comment keeps the comment on the pull request.
func (p *publisher) comment(ctx context.Context) report.Published {
	c := channel{to: "comment", noun: "comment", permission: "pull-requests: write"}
	if p.to.PullRequest == 0 {
		return because(c.to, notNeeded, "the run is not about a pull request")
	}
	return p.keep(ctx, sticky{
		channel: c, find: p.findComments, create: p.createComment, update: p.updateComment, remove: p.removeComment,
	})
}

// findComments reads the newest 2,000 comments. An older one is left where it is; a new one, which the next run finds,
// is more use at the end of so long a conversation.
func (p *publisher) findComments(ctx context.Context) ([]post, error) {
	var found []post
	before, gate := (*githubv4.String)(nil), digest(p.to.Gate)
	for range commentPages {
		var q commentsQuery
		err := p.client.Query(ctx, &q, map[string]any{
			"owner": githubv4.String(p.to.Owner), "name": githubv4.String(p.to.Name),
			"number": githubv4.Int(p.to.PullRequest), "page": githubv4.Int(commentPage), "before": before,
		})
		if err != nil {
			return nil, fmt.Errorf("looking for the comment of an earlier run: %w", err)
		}
		comments := q.Repository.PullRequest.Comments
		for _, c := range slices.Backward(comments.Nodes) {
			if !c.isOurs(gate) {
				continue
			}
			id, err := strconv.ParseInt(string(c.FullDatabaseID), 10, 64)
			if err != nil {
				return nil, fmt.Errorf("looking for the comment of an earlier run: its number: %w", err)
			}
			found = append(found, post{id: id, url: string(c.URL), body: string(c.Body)})
		}
		if before = comments.PageInfo.StartCursor; !bool(comments.PageInfo.HasPreviousPage) || before == nil {
			break
		}
	}
	slices.Reverse(found)
	return found, nil
}

// createComment posts a new comment
// (https://docs.github.com/en/rest/issues/comments#create-an-issue-comment).
func (p *publisher) createComment(ctx context.Context, body string) (string, error) {
	made, _, err := p.client.REST.Issues.CreateComment(
		ctx, p.to.Owner, p.to.Name, p.to.PullRequest, &gogithub.IssueComment{Body: &body})
	return made.GetHTMLURL(), err
}

// updateComment rewrites a comment, of which GitHub notifies nobody.
func (p *publisher) updateComment(ctx context.Context, id int64, body string) error {
	_, _, err := p.client.REST.Issues.EditComment(
		ctx, p.to.Owner, p.to.Name, id, &gogithub.IssueComment{Body: &body})
	return err
}

func (p *publisher) removeComment(ctx context.Context, id int64) error {
	_, err := p.client.REST.Issues.DeleteComment(ctx, p.to.Owner, p.to.Name, id)
	return err
}
