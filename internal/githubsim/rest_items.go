package githubsim

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"time"
)

// restItem is an issue or a pull request: to GitHub a pull request is an issue with more to it, and both share one
// series of numbers. One of issue and pull is set.
type restItem struct {
	issue *Issue
	pull  *Pull

	number                        int
	title, body                   string
	author                        *string
	authorType, association       string
	labels, assignees             []string
	milestone                     *string
	created, updated              time.Time
	closed                        *time.Time
	comments                      int
	closes                        []CloseEvent
	state, stateReason, issueType string
}

// listItems are all issues and pull requests, newest first.
func (ix *index) listItems() []*restItem {
	w := ix.world
	items := make([]*restItem, 0, len(w.Issues)+len(w.Pulls))
	for i := range w.Issues {
		items = append(items, issueItem(&w.Issues[i]))
	}
	for i := range w.Pulls {
		items = append(items, pullItem(&w.Pulls[i]))
	}
	slices.SortStableFunc(items, func(x, y *restItem) int {
		return cmp.Or(y.created.Compare(x.created), cmp.Compare(y.number, x.number))
	})
	return items
}

func issueItem(i *Issue) *restItem {
	item := &restItem{
		issue: i, number: i.Number, title: i.Title, body: i.Body, author: i.Author, authorType: i.AuthorType,
		association: i.AuthorAssociation, labels: i.Labels, assignees: i.Assignees, milestone: i.Milestone,
		created: i.CreatedAt, closed: i.ClosedAt, comments: len(i.Comments), closes: i.ClosedEvents, state: "open",
		stateReason: restStateReason(i), issueType: i.IssueType,
	}
	if i.State == "CLOSED" {
		item.state = "closed"
	} else {
		item.closed = nil
	}
	item.updated = updatedIssue(i)
	return item
}

// restStateReason is an issue's state reason in REST's words; a world may leave out that a closed issue was completed.
func restStateReason(i *Issue) string {
	switch i.StateReason {
	case "NOT_PLANNED":
		return "not_planned"
	case "DUPLICATE":
		return "duplicate"
	case "REOPENED":
		return "reopened"
	case "COMPLETED":
		return "completed"
	}
	return ""
}

func pullItem(p *Pull) *restItem {
	item := &restItem{
		pull: p, number: p.Number, title: p.Title, body: p.Body, author: p.Author, authorType: p.AuthorType,
		association: p.AuthorAssociation, labels: p.Labels, assignees: p.Assignees, milestone: p.Milestone,
		created: p.CreatedAt, closed: p.ClosedAt, comments: len(p.Comments), closes: p.ClosedEvents, state: "closed",
	}
	switch {
	case p.State == "OPEN":
		item.state, item.closed = "open", nil
	case item.closed == nil:
		item.closed = p.MergedAt
	}
	item.updated = updatedPull(p)
	return item
}

// page is the address of its page.
func (i *restItem) page(ix *index) string {
	if i.pull != nil {
		return fmt.Sprintf("%s/pull/%d", ix.webURL(), i.number)
	}
	return fmt.Sprintf("%s/issues/%d", ix.webURL(), i.number)
}

// isLocked reports whether its conversation is locked.
func (i *restItem) isLocked() bool {
	return i.pull != nil && i.pull.Locked || i.issue != nil && i.issue.Locked
}

// node is the global id, which tells whether it is an issue or a pull request.
func (i *restItem) node() string {
	if i.pull != nil {
		return i.pull.node()
	}
	return i.issue.node()
}

// derivedNumber is the id of the issue or pull request with a number.
func derivedNumber(number int) int64 { return 1_000_000_000 + int64(number) }

// restLabel is a label of an issue or pull request.
type restLabel struct {
	ID          int64  `json:"id"`
	NodeID      string `json:"node_id"`
	URL         string `json:"url"`
	Name        string `json:"name"`
	Description string `json:"description"`
	Color       string `json:"color"`
	Default     bool   `json:"default"`
}

func (c *restCall) labels(names []string) []restLabel {
	labels := make([]restLabel, 0, len(names))
	for _, name := range names {
		id := derivedID("label", name)
		labels = append(labels, restLabel{
			ID: id, NodeID: nodeID("LA", id), URL: c.root + "/labels/" + url.PathEscape(name), Name: name,
			Color: "ededed",
		})
	}
	return labels
}

// restMilestone is a milestone (schema nullable-milestone). A world does not know who made it.
type restMilestone struct {
	URL          string    `json:"url"`
	HTMLURL      string    `json:"html_url"`
	LabelsURL    string    `json:"labels_url"`
	ID           int64     `json:"id"`
	NodeID       string    `json:"node_id"`
	Number       int       `json:"number"`
	Title        string    `json:"title"`
	Description  *string   `json:"description"`
	Creator      *restUser `json:"creator"`
	OpenIssues   int       `json:"open_issues"`
	ClosedIssues int       `json:"closed_issues"`
	State        string    `json:"state"`
	CreatedAt    string    `json:"created_at"`
	UpdatedAt    string    `json:"updated_at"`
	DueOn        *string   `json:"due_on"`
	ClosedAt     *string   `json:"closed_at"`
}

// milestone describes the milestone with a title; null when there is none.
func (c *restCall) milestone(title *string) *restMilestone {
	m := c.api.index.milestone(title)
	if m == nil {
		return nil
	}
	self := fmt.Sprintf("%s/milestones/%d", c.root, m.Number)
	id := derivedID("milestone", fmt.Sprint(m.Number))
	shown := &restMilestone{
		URL: self, HTMLURL: fmt.Sprintf("%s/milestone/%d", c.api.index.webURL(), m.Number), LabelsURL: self + "/labels",
		ID: id, NodeID: m.node(), Number: m.Number, Title: m.Title, State: "open", CreatedAt: at(m.CreatedAt),
		UpdatedAt: at(m.CreatedAt), DueOn: atOrNull(m.DueOn), ClosedAt: atOrNull(m.ClosedAt),
	}
	if m.State == "CLOSED" {
		shown.State = "closed"
	}
	if m.ClosedAt != nil {
		shown.UpdatedAt = at(*m.ClosedAt)
	}
	count := c.api.milestoneCounts()[m.Title]
	shown.OpenIssues, shown.ClosedIssues = count.open, count.closed
	return shown
}

// itemCount is how many items of a milestone are open and closed.
type itemCount struct{ open, closed int }

// countMilestones counts the items of every milestone.
func (a *restAPI) countMilestones() map[string]itemCount {
	counts := map[string]itemCount{}
	for _, item := range a.items() {
		if item.milestone == nil {
			continue
		}
		n := counts[*item.milestone]
		if item.state == "open" {
			n.open++
		} else {
			n.closed++
		}
		counts[*item.milestone] = n
	}
	return counts
}

// authorAssociation is the association of an author; NONE where the world does not say.
func authorAssociation(s string) string { return cmp.Or(s, "NONE") }
