package githubsim

import (
	"cmp"
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// issue is an issue.
type issue struct{ *Issue }

func (issue) kind() string { return "Issue" }

func (o issue) field(x *execution, name string, a arguments) (any, error) {
	switch name {
	case "id":
		return o.node(), nil
	case "databaseId":
		return derivedNumber(o.Number), nil
	case "number":
		return o.Number, nil
	case "title":
		return o.Title, nil
	case "body", "bodyText":
		return o.Body, nil
	case "url":
		return o.page(x), nil
	case "repository":
		return repository{}, nil
	case "parent":
		return nil, nil
	case "state":
		return o.State, nil
	case "stateReason":
		return o.reason(a.boolean("enableDuplicate")), nil
	case "closed":
		return o.State == "CLOSED", nil
	case "closedAt":
		return instantOrNull(o.ClosedAt), nil
	case "createdAt":
		return o.CreatedAt, nil
	case "updatedAt":
		return updatedIssue(o.Issue), nil
	case "author":
		return x.account(o.Author, o.AuthorType), nil
	case "viewerDidAuthor":
		return x.server.isViewer(o.Author, o.AuthorType), nil
	case "authorAssociation":
		return cmp.Or(o.AuthorAssociation, "NONE"), nil
	case "assignees":
		return x.accounts("UserConnection", o.Assignees), nil
	case "labels":
		return x.labels(o.Labels, a), nil
	case "milestone":
		return x.milestoneOf(o.Milestone), nil
	case "comments":
		return commentConnection(o.page(x), o.Comments, a), nil
	case "closedByPullRequestsReferences":
		return o.closers(x, a), nil
	case "timelineItems":
		return x.timeline("IssueTimelineItemsConnection", x.issueEvents(o.Issue), updatedIssue(o.Issue), a)
	}
	return nil, errUnserved
}

func (o issue) page(x *execution) string {
	return x.index.webURL() + "/issues/" + strconv.Itoa(o.Number)
}

// reason is why an issue is in its state. DUPLICATE is younger than the field: callers that do not ask for it see
// NOT_PLANNED (https://docs.github.com/en/graphql/reference/objects#issue).
func (o issue) reason(duplicates bool) any {
	if o.StateReason == "DUPLICATE" && !duplicates {
		return "NOT_PLANNED"
	}
	return textOrNull(o.StateReason)
}

// closers lists the pull requests that close the issue or are connected to it; those that are closed or merged only
// when the caller asks for them (https://docs.github.com/en/graphql/reference/objects#issue).
func (o issue) closers(x *execution, a arguments) *connection {
	var list []*Pull
	for _, n := range x.index.closedBy[o.Number] {
		p := x.index.pulls[n]
		if p.State != "OPEN" && !a.boolean("includeClosedPrs") {
			continue
		}
		if a.boolean("userLinkedOnly") && !slices.Contains(o.ConnectedPulls, n) {
			continue
		}
		list = append(list, p)
	}
	if a.boolean("orderByState") {
		rank := map[string]int{"OPEN": 0, "MERGED": 1, "CLOSED": 2}
		slices.SortStableFunc(list, func(p, q *Pull) int { return cmp.Compare(rank[p.State], rank[q.State]) })
	}
	return pullConnection(list)
}

// issues lists the repository's issues, or those of the milestone with a title.
func (x *execution) issues(a arguments, title *string) (any, error) {
	f := a.input("filterBy")
	since, err := f.instant("since")
	if err != nil {
		return nil, err
	}
	field, descending := a.order("orderBy")
	list := remember(x.index, listKey("issues", a, title), func() []*Issue {
		var list []*Issue
		for i := range x.index.world.Issues {
			issue := &x.index.world.Issues[i]
			if ofMilestone(issue.Milestone, title) && oneOf(a.list("states"), issue.State) &&
				anyLabel(a.list("labels"), issue.Labels) && !updatedIssue(issue).Before(since) && x.passes(issue, f) {
				list = append(list, issue)
			}
		}
		slices.SortFunc(list, func(i, j *Issue) int {
			order := i.CreatedAt.Compare(j.CreatedAt)
			switch field {
			case "UPDATED_AT":
				order = updatedIssue(i).Compare(updatedIssue(j))
			case "COMMENTS":
				order = cmp.Compare(len(i.Comments), len(j.Comments))
			}
			return cmp.Or(order, cmp.Compare(i.Number, j.Number))
		})
		if descending {
			slices.Reverse(list)
		}
		return list
	})
	return issueConnection(list), nil
}

func issueConnection(list []*Issue) *connection {
	return &connection{name: "IssueConnection", sequence: items(list, func(i *Issue) object { return issue{i} })}
}

// passes applies IssueFilters but for since (https://docs.github.com/en/graphql/reference/input-objects#issuefilters).
// Who is mentioned, and what the token's account is subscribed to, no world says: nothing passes those.
func (x *execution) passes(i *Issue, f arguments) bool {
	if !oneOf(f.list("states"), i.State) || f.text("mentioned") != "" || f.boolean("viewerSubscribed") {
		return false
	}
	for _, l := range f.list("labels") {
		if !anyLabel([]string{l}, i.Labels) {
			return false
		}
	}
	if by := f.text("createdBy"); by != "" && (i.Author == nil || !strings.EqualFold(*i.Author, by)) {
		return false
	}
	if f.has("assignee") {
		switch who := f.text("assignee"); who {
		case "":
			if len(i.Assignees) > 0 {
				return false
			}
		case "*":
			if len(i.Assignees) == 0 {
				return false
			}
		default:
			if !slices.ContainsFunc(i.Assignees, func(s string) bool { return strings.EqualFold(s, who) }) {
				return false
			}
		}
	}
	m := x.index.milestone(i.Milestone)
	return ofNumber(f, "milestoneNumber", m, func(m *Milestone) int64 { return int64(m.Number) }) &&
		ofNumber(f, "milestone", m, func(m *Milestone) int64 { return derivedID("milestone", strconv.Itoa(m.Number)) })
}

// ofNumber applies a filter of milestones: null is none, "*" any, a number the one that has it.
func ofNumber(f arguments, name string, m *Milestone, id func(*Milestone) int64) bool {
	switch wanted := f.text(name); {
	case !f.has(name):
		return true
	case wanted == "":
		return m == nil
	case wanted == "*":
		return m != nil
	default:
		return m != nil && wanted == strconv.FormatInt(id(m), 10)
	}
}

// oneOf reports whether a value is wanted; an empty list wants all.
func oneOf(wanted []string, value string) bool {
	return len(wanted) == 0 || slices.Contains(wanted, value)
}

// anyLabel reports whether one of the wanted labels is there, in any case; an empty list wants all.
func anyLabel(wanted, labels []string) bool {
	return len(wanted) == 0 || slices.ContainsFunc(wanted, func(w string) bool {
		return slices.ContainsFunc(labels, func(l string) bool { return strings.EqualFold(l, w) })
	})
}

func ofMilestone(of, title *string) bool { return title == nil || of != nil && *of == *title }

// listKey names a list by everything that decides what is in it and in which order.
func listKey(what string, a arguments, title *string) string {
	a = maps.Clone(a)
	for _, page := range []string{"first", "last", "after", "before"} {
		delete(a, page)
	}
	// Arguments came from JSON or from GraphQL literals: they always marshal.
	key, _ := json.Marshal(struct {
		What      string
		Arguments arguments
		Title     *string
	}{what, a, title})
	return string(key)
}

// comment is a comment on the page of an issue or pull request: the i-th of its author at its instant, so that it keeps
// its id when another is deleted.
type comment struct {
	Comment
	page string
	i    int
	// position is where it stands in the world's list.
	position int
}

func (comment) kind() string { return "IssueComment" }

// commentsOf is comments in order of time.
func commentsOf(page string, comments []Comment) []comment {
	list := make([]comment, len(comments))
	for i, c := range comments {
		list[i] = comment{Comment: c, page: page, position: i}
	}
	slices.SortStableFunc(list, func(a, b comment) int { return a.CreatedAt.Compare(b.CreatedAt) })
	for i := range list {
		for j := i - 1; j >= 0 && list[j].CreatedAt.Equal(list[i].CreatedAt); j-- {
			if loginOf(list[j].Author) == loginOf(list[i].Author) {
				list[i].i++
			}
		}
	}
	return list
}

func commentConnection(page string, comments []Comment, a arguments) *connection {
	list := commentsOf(page, comments)
	if _, descending := a.order("orderBy"); descending {
		slices.Reverse(list)
	}
	return &connection{name: "IssueCommentConnection", sequence: items(list, func(c comment) object { return c })}
}

func (o comment) field(x *execution, name string, _ arguments) (any, error) {
	id := o.id()
	switch name {
	case "id":
		return nodeID("IC", id), nil
	case "databaseId":
		if id > math.MaxInt32 {
			return nil, nil
		}
		return id, nil
	case "fullDatabaseId":
		return strconv.FormatInt(id, 10), nil
	case "viewerDidAuthor":
		return x.server.isViewer(o.Author, o.AuthorType), nil
	case "author":
		return x.account(o.Author, o.AuthorType), nil
	case "authorAssociation":
		return cmp.Or(o.AuthorAssociation, "NONE"), nil
	case "body", "bodyText":
		return o.Body, nil
	case "createdAt":
		return o.CreatedAt, nil
	case "updatedAt":
		return o.updated(), nil
	case "url":
		return o.page + "#issuecomment-" + strconv.FormatInt(id, 10), nil
	}
	return nil, errUnserved
}

// id is the comment's number.
func (o comment) id() int64 {
	return cmp.Or(o.ID, derivedID("comment", strings.Join(
		[]string{o.page, o.CreatedAt.UTC().String(), loginOf(o.Author), strconv.Itoa(o.i)}, " ")))
}

// updated is when a comment was last written.
func (c Comment) updated() time.Time {
	if c.UpdatedAt != nil {
		return *c.UpdatedAt
	}
	return c.CreatedAt
}
