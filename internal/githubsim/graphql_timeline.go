package githubsim

import (
	"slices"
	"strconv"
	"time"
)

// event is something that happened to an issue or pull request. Which fields are set follows from its kind.
type event struct {
	kindOf string
	// page is that of the issue or pull request; on is the object itself.
	page      string
	on        object
	at        time.Time
	actor     *string
	actorType string

	label, milestone   string
	assignee, reviewer *string
	closer             object
	reason             string
	merge              object
	base               string
	// other is the other side of a reference or connection; closes says that it will close this one.
	other  object
	closes bool
}

// itemTypes are the names that timelines know their items by, by kind.
var itemTypes = map[string]string{
	"AssignedEvent":        "ASSIGNED_EVENT",
	"ClosedEvent":          "CLOSED_EVENT",
	"ConnectedEvent":       "CONNECTED_EVENT",
	"ConvertToDraftEvent":  "CONVERT_TO_DRAFT_EVENT",
	"CrossReferencedEvent": "CROSS_REFERENCED_EVENT",
	"IssueComment":         "ISSUE_COMMENT",
	"LabeledEvent":         "LABELED_EVENT",
	"MergedEvent":          "MERGED_EVENT",
	"MilestonedEvent":      "MILESTONED_EVENT",
	"PullRequestCommit":    "PULL_REQUEST_COMMIT",
	"PullRequestReview":    "PULL_REQUEST_REVIEW",
	"ReadyForReviewEvent":  "READY_FOR_REVIEW_EVENT",
	"ReopenedEvent":        "REOPENED_EVENT",
	"ReviewRequestedEvent": "REVIEW_REQUESTED_EVENT",
	"UnlabeledEvent":       "UNLABELED_EVENT",
}

// happened is an item of a timeline and when it took its place there.
type happened struct {
	at   time.Time
	item object
}

// timeline lists what happened, oldest first, as far as the arguments ask for it.
func (x *execution) timeline(name string, all []happened, updated time.Time, a arguments) (any, error) {
	since, err := a.instant("since")
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(a, b happened) int { return a.at.Compare(b.at) })
	wanted := a.list("itemTypes")
	var list []object
	for _, h := range all {
		if !h.at.Before(since) && oneOf(wanted, itemTypes[h.item.kind()]) {
			list = append(list, h.item)
		}
	}
	skip, _ := a.integer("skip")
	return &connection{
		name:     name,
		sequence: items(list, func(o object) object { return o }),
		timeline: &timelineTotals{all: len(all), skip: max(skip, 0), updated: updated},
	}, nil
}

// chronicle gathers the events of one issue or pull request.
type chronicle struct {
	page string
	on   object
	list []happened
}

func (c *chronicle) add(e event) {
	e.page, e.on = c.page, c.on
	c.list = append(c.list, happened{e.at, e})
}

func (c *chronicle) events(kind string, events []Event) {
	for _, e := range events {
		c.add(event{
			kindOf: kind, at: e.At, actor: e.Actor, actorType: e.AuthorType,
			assignee: e.Assignee, reviewer: e.Reviewer, milestone: e.Title,
		})
	}
}

func (c *chronicle) labels(kind string, events []LabelEvent) {
	for _, e := range events {
		c.add(event{kindOf: kind, at: e.At, actor: e.Actor, actorType: e.AuthorType, label: e.Label})
	}
}

func (c *chronicle) comments(comments []Comment) {
	for _, o := range commentsOf(c.page, comments) {
		c.list = append(c.list, happened{o.CreatedAt, o})
	}
}

// connected adds the links made by hand. A world does not say when: not before both sides were there.
func (c *chronicle) connected(opened, otherOpened time.Time, other object) {
	c.add(event{kindOf: "ConnectedEvent", at: later(opened, otherOpened), other: other})
}

// issueEvents is all that happened to an issue.
func (x *execution) issueEvents(i *Issue) []happened {
	c := &chronicle{page: issue{i}.page(x), on: issue{i}}
	c.comments(i.Comments)
	c.labels("LabeledEvent", i.LabeledEvents)
	c.labels("UnlabeledEvent", i.UnlabeledEvents)
	c.events("AssignedEvent", i.AssignedEvents)
	c.events("MilestonedEvent", i.MilestonedEvents)
	c.events("ReopenedEvent", i.ReopenedEvents)
	last := -1
	for n, e := range i.ClosedEvents {
		if last < 0 || !e.At.Before(i.ClosedEvents[last].At) {
			last = n
		}
	}
	for n, e := range i.ClosedEvents {
		reason := e.StateReason
		// The issue's own reason is that of its last close.
		if reason == "" && n == last && i.State == "CLOSED" {
			reason = i.StateReason
		}
		c.add(event{
			kindOf: "ClosedEvent", at: e.At, actor: e.Actor, actorType: e.AuthorType, closer: x.closer(e), reason: reason,
		})
	}
	for _, n := range i.ConnectedPulls {
		if p := x.index.pulls[n]; p != nil {
			c.connected(i.CreatedAt, p.CreatedAt, pullRequest{p})
		}
	}
	for _, r := range x.index.references[i.Number] {
		c.add(event{
			kindOf: "CrossReferencedEvent", at: r.pull.CreatedAt, actor: r.pull.Author, actorType: r.pull.AuthorType,
			other: pullRequest{r.pull}, closes: r.closes && r.pull.BaseRefName == x.index.world.Repo.DefaultBranch,
		})
	}
	return c.list
}

// closer is what closed something, nil for a person's click. A commit stays a commit, even where it is the merge
// commit of a pull request.
func (x *execution) closer(e CloseEvent) object {
	if p := x.index.pulls[e.CloserPull]; p != nil {
		return pullRequest{p}
	}
	if e.CommitID != "" {
		return x.commitOrBare(e.CommitID, e.At)
	}
	return nil
}

// pullEvents is all that happened to a pull request.
func (x *execution) pullEvents(o pullRequest) []happened {
	c := &chronicle{page: o.page(x), on: o}
	for _, commit := range x.commitsOf(o.Pull) {
		c.list = append(c.list, happened{commit.CommittedDate, pullRequestCommit{commit, o}})
	}
	for _, r := range o.reviewsOf() {
		if r.SubmittedAt != nil {
			c.list = append(c.list, happened{*r.SubmittedAt, r})
		}
	}
	c.comments(o.Comments)
	c.labels("LabeledEvent", o.LabeledEvents)
	c.labels("UnlabeledEvent", o.UnlabeledEvents)
	c.events("AssignedEvent", o.AssignedEvents)
	c.events("MilestonedEvent", o.MilestonedEvents)
	c.events("ReadyForReviewEvent", o.ReadyForReviewEvents)
	c.events("ConvertToDraftEvent", o.ConvertToDraftEvents)
	c.events("ReviewRequestedEvent", o.ReviewRequestedEvents)
	c.events("ReopenedEvent", o.ReopenedEvents)
	for _, n := range x.index.closing[o.Number] {
		if i := x.index.issues[n]; slices.Contains(i.ConnectedPulls, o.Number) {
			c.connected(o.CreatedAt, i.CreatedAt, issue{i})
		}
	}
	if o.MergedAt != nil {
		e := event{kindOf: "MergedEvent", at: *o.MergedAt, actor: o.MergedBy, base: o.BaseRefName}
		if o.MergeCommit != "" {
			e.merge = x.commitOrBare(o.MergeCommit, *o.MergedAt)
		}
		c.add(e)
	}
	for _, e := range o.ClosedEvents {
		c.add(event{kindOf: "ClosedEvent", at: e.At, actor: e.Actor, actorType: e.AuthorType, closer: x.closer(e)})
	}
	return c.list
}

func (o event) kind() string { return o.kindOf }

func (o event) field(x *execution, name string, _ arguments) (any, error) {
	id := derivedID("event", o.page+" "+o.kindOf+" "+o.at.String()+" "+o.label+o.milestone+loginOf(o.assignee))
	switch name {
	case "id":
		return nodeID("E", id), nil
	case "url":
		return o.page + "#event-" + strconv.FormatInt(id, 10), nil
	case "createdAt", "referencedAt":
		return o.at, nil
	case "actor":
		return x.account(o.actor, o.actorType), nil
	case "label":
		return label(o.label), nil
	case "milestoneTitle":
		return o.milestone, nil
	case "assignee":
		return x.account(o.assignee, ""), nil
	case "requestedReviewer":
		return x.account(o.reviewer, ""), nil
	case "closer":
		return objectOrNull(o.closer), nil
	case "stateReason":
		if o.kindOf == "ReopenedEvent" && o.on.kind() == "Issue" {
			return "REOPENED", nil
		}
		return textOrNull(o.reason), nil
	case "commit":
		return objectOrNull(o.merge), nil
	case "mergeRefName":
		return o.base, nil
	case "isCrossRepository":
		return false, nil
	case "willCloseTarget":
		return o.closes, nil
	case "target":
		return o.on, nil
	case "source":
		// A reference comes from the other side; a connection is told from this one.
		if o.kindOf == "CrossReferencedEvent" {
			return o.other, nil
		}
		return o.on, nil
	case "subject":
		return o.other, nil
	}
	return nil, errUnserved
}

// objectOrNull makes GraphQL's null of a nil object.
func objectOrNull(o object) any {
	if o == nil {
		return nil
	}
	return o
}
