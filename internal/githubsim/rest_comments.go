package githubsim

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// restComment is a comment (schema issue-comment).
type restComment struct {
	ID                int64     `json:"id"`
	NodeID            string    `json:"node_id"`
	URL               string    `json:"url"`
	HTMLURL           string    `json:"html_url"`
	IssueURL          string    `json:"issue_url"`
	Body              string    `json:"body"`
	User              *restUser `json:"user"`
	CreatedAt         string    `json:"created_at"`
	UpdatedAt         string    `json:"updated_at"`
	AuthorAssociation string    `json:"author_association"`
}

func (c *restCall) showComment(number int, o comment) restComment {
	id := o.id()
	return restComment{
		ID: id, NodeID: nodeID("IC", id), URL: fmt.Sprintf("%s/issues/comments/%d", c.root, id),
		HTMLURL:  fmt.Sprintf("%s#issuecomment-%d", o.page, id),
		IssueURL: fmt.Sprintf("%s/issues/%d", c.root, number), Body: o.Body, User: c.user(o.Author, o.AuthorType),
		CreatedAt: at(o.CreatedAt), UpdatedAt: at(o.updated()), AuthorAssociation: authorAssociation(o.AuthorAssociation),
	}
}

// listComments are those on an issue or a pull request, in order of time.
func (i *restItem) listComments(ix *index) []comment {
	if i.pull != nil {
		return commentsOf(i.page(ix), i.pull.Comments)
	}
	return commentsOf(i.page(ix), i.issue.Comments)
}

// listComments answers GET /issues/{number}/comments, the oldest first
// (https://docs.github.com/en/rest/issues/comments#list-issue-comments).
func (c *restCall) listComments() (any, error) {
	item, err := c.item()
	if err != nil {
		return nil, err
	}
	return pageOfList(c, item.listComments(c.api.index), func(o comment) restComment {
		return c.showComment(item.number, o)
	})
}

// comment is the comment in the path, and what it is on.
func (c *restCall) comment() (*restItem, comment, error) {
	id, err := c.id("comment")
	if err != nil {
		return nil, comment{}, err
	}
	for _, item := range c.api.items() {
		for _, o := range item.listComments(c.api.index) {
			if o.id() == id {
				return item, o, nil
			}
		}
	}
	return nil, comment{}, notFound()
}

// eitherPermission is what it takes to write a comment or a label, as the header names it: either will do.
const eitherPermission = "issues=write; pull_requests=write"

// permitOn refuses a token that may not write comments and labels on an issue or on a pull request.
func (c *restCall) permitOn(on *restItem) error {
	if on.pull != nil {
		return c.permit("pull-requests", eitherPermission)
	}
	return c.permit("issues", eitherPermission)
}

// commentBody is the text in the body of the request.
func (c *restCall) commentBody() (string, error) {
	var asked struct{ Body *string }
	if err := c.parse(&asked); err != nil {
		return "", err
	}
	if asked.Body == nil || strings.TrimSpace(*asked.Body) == "" {
		return "", unfit("IssueComment", "body", "missing_field", "")
	}
	return *asked.Body, checkText("IssueComment", "data", *asked.Body, maxText)
}

// createComment answers POST /issues/{number}/comments
// (https://docs.github.com/en/rest/issues/comments#create-an-issue-comment).
func (c *restCall) createComment() (any, error) {
	item, err := c.item()
	if err != nil {
		return nil, err
	}
	if err := c.permitOn(item); err != nil {
		return nil, err
	}
	if item.isLocked() {
		// https://github.com/probot/stale/issues/25
		return nil, refused(http.StatusForbidden, "Unable to create comment because issue is locked.")
	}
	body, err := c.commentBody()
	if err != nil {
		return nil, err
	}
	s := c.api.server
	viewer := s.viewer()
	made := Comment{Author: &viewer, AuthorType: s.viewerType(), Body: body}
	s.write(func(w *World, at time.Time, id int64) {
		made.ID, made.CreatedAt = id, at
		editComments(w, item.number, at, func(list []Comment) []Comment { return append(list, made) })
		s.written.Comments = append(s.written.Comments, WrittenComment{Number: item.number, ID: id, Body: body})
	})
	return c.showComment(item.number, comment{Comment: made, page: item.page(c.api.index)}), nil
}

// updateComment answers PATCH /issues/comments/{comment}.
func (c *restCall) updateComment() (any, error) {
	item, found, err := c.comment()
	if err != nil {
		return nil, err
	}
	if err := c.permitOn(item); err != nil {
		return nil, err
	}
	body, err := c.commentBody()
	if err != nil {
		return nil, err
	}
	s, id := c.api.server, found.id()
	s.write(func(w *World, at time.Time, _ int64) {
		edited := found.Comment
		edited.ID, edited.Body, edited.UpdatedAt = id, body, &at
		editComments(w, item.number, at, func(list []Comment) []Comment {
			list[found.position] = edited
			return list
		})
		found.Comment = edited
		i := slices.IndexFunc(s.written.Comments, func(w WrittenComment) bool { return w.ID == id })
		if i < 0 {
			i = len(s.written.Comments)
			s.written.Comments = append(s.written.Comments, WrittenComment{Number: item.number, ID: id})
		}
		s.written.Comments[i].Body = body
		s.written.Comments[i].Edits++
	})
	return c.showComment(item.number, found), nil
}

// deleteComment answers DELETE /issues/comments/{comment}.
func (c *restCall) deleteComment() (any, error) {
	item, found, err := c.comment()
	if err != nil {
		return nil, err
	}
	if err := c.permitOn(item); err != nil {
		return nil, err
	}
	s, id := c.api.server, found.id()
	s.write(func(w *World, at time.Time, _ int64) {
		editComments(w, item.number, at, func(list []Comment) []Comment {
			return slices.Delete(list, found.position, found.position+1)
		})
		s.written.Comments = slices.DeleteFunc(s.written.Comments, func(w WrittenComment) bool { return w.ID == id })
	})
	return nil, nil
}

// editComments changes a copy of the comments on an issue or pull request, which that touches.
func editComments(w *World, number int, at time.Time, edit func([]Comment) []Comment) {
	if p := w.pull(number); p != nil {
		p.Comments, p.UpdatedAt = edit(slices.Clone(p.Comments)), &at
		return
	}
	i := w.issue(number)
	i.Comments, i.UpdatedAt = edit(slices.Clone(i.Comments)), &at
}
