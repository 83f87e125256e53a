package collect

import (
	"context"
	"errors"
	"fmt"

	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/model"
)

// milestones reads the milestones that are due at or after the reach and before the end of the window, each with all
// its issues and pull requests. One is read by itself only as far as the issues and pull requests that were read are not
// all that is in it. What it read before an error is returned with it.
func (r *reading) milestones(ctx context.Context) (read []model.Milestone, err error) {
	defer func() { r.tell(model.Milestones, len(read), len(read), true) }()
	due, err := r.dueMilestones(ctx)
	read, parts, numbers := r.toldMilestones(due)
	completed, incomplete, unread := r.completeMilestones(ctx, parts)
	read = append(read, completed...)
	if unread != nil {
		return read, errors.Join(err, unread)
	}
	page := milestonePage
	alone, whole := byNumber(ctx, r, append(numbers, incomplete...), numbered[milestoneNode, model.Milestone]{
		feed: model.Milestones, field: "milestone", most: maxMilestones, page: &page, fact: r.milestone,
	})
	// One that was listed and is not found was deleted meanwhile.
	return append(read, alone...), errors.Join(err, withoutHidden(whole))
}

// dueMilestones are the milestones that are due in the time that matters, the latest first.
//
// Note: GitHub does not say whether milestones without a due date come before or after the others. After a due date
// before the reach there can only be earlier ones and those without.
func (r *reading) dueMilestones(ctx context.Context) ([]*dueMilestoneNode, error) {
	var due []*dueMilestoneNode
	variables, size := r.variables(), largestPage
	variables["counts"] = r.asksMilestones()
	for page := r.opening.milestones; ; page = nil {
		if page == nil {
			var q dueMilestonesQuery
			if err := r.query(ctx, &q, variables, &size); err != nil {
				return due, during("listing milestones", err)
			}
			page = &q.Repository.Milestones
		}
		for i := range page.Nodes {
			n := &page.Nodes[i]
			if n.DueOn == nil {
				continue
			}
			on := second(n.DueOn.Time)
			if on.Before(r.request.Reach) {
				return due, nil
			}
			if on.Before(r.request.Until) {
				due = append(due, n)
			}
		}
		if !page.PageInfo.HasNextPage {
			return due, nil
		}
		if err := page.PageInfo.next(variables); err != nil {
			return due, err
		}
	}
}

// milestone is the milestone of a node, with what did not fit beside it.
func (r *reading) milestone(ctx context.Context, n *milestoneNode) (model.Milestone, error) {
	number := int(n.Number)
	issues, err := n.Issues.all(restOfMilestone(ctx, r, number,
		func(l *moreMilestoneIssues) connection[milestoneItemNode] { return l.Issues }))
	if err != nil {
		return model.Milestone{}, err
	}
	pulls, err := n.PullRequests.all(restOfMilestone(ctx, r, number,
		func(l *moreMilestonePullRequests) connection[milestoneItemNode] { return l.PullRequests }))
	if err != nil {
		return model.Milestone{}, err
	}
	items, err := r.itemsOf(ctx, issues, pulls)
	return model.Milestone{
		Number: number, Title: string(n.Title), URL: string(n.URL),
		Due: moment(n.DueOn), Created: second(n.CreatedAt.Time), Closed: moment(n.ClosedAt), Items: items,
	}, err
}

// itemsOf are the items of nodes, with what did not fit beside them, in the order of numbers; GitHub answers null for what
// it does not show.
func (r *reading) itemsOf(ctx context.Context, issues, pulls []milestoneItemNode) ([]model.MilestoneItem, error) {
	var items []model.MilestoneItem
	for i := range issues {
		if issues[i].Number == 0 {
			continue
		}
		item, err := issues[i].item(model.RefIssue, restOfIssue(ctx, r, int(issues[i].Number), itemLabels),
			restOfIssue(ctx, r, int(issues[i].Number), itemEvents))
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	for i := range pulls {
		if pulls[i].Number == 0 {
			continue
		}
		item, err := pulls[i].item(model.RefPullRequest, restOfPullRequest(ctx, r, int(pulls[i].Number), itemLabels),
			restOfPullRequest(ctx, r, int(pulls[i].Number), itemEvents))
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return inNumbers(items), nil
}

// The lists of an item of a milestone.
func itemLabels(l *moreLabels) connection[labelNode] { return l.Labels }

func itemEvents(l *moreMilestoneItemEvents) connection[milestoneItemEvent] { return l.TimelineItems }

// item is the item of a node, with what did not fit beside it, which the last two ask for.
func (n *milestoneItemNode) item(
	kind model.RefKind, restOfLabels func(githubv4.String) (connection[labelNode], error),
	restOfEvents func(githubv4.String) (connection[milestoneItemEvent], error),
) (model.MilestoneItem, error) {
	labels, err := n.Labels.all(restOfLabels)
	if err != nil {
		return model.MilestoneItem{}, err
	}
	events, err := n.TimelineItems.all(restOfEvents)
	return model.MilestoneItem{
		Kind: kind, Number: int(n.Number), Title: string(n.Title), URL: string(n.URL), Author: n.Author.actor(),
		Created: second(n.CreatedAt.Time), Closed: moment(n.ClosedAt), Labels: names(labels),
		Events: timeline(facts(events, (*milestoneItemEvent).event)),
	}, err
}

func (n *milestoneItemEvent) event() (model.Event, bool) {
	switch n.Typename {
	case "ClosedEvent":
		return n.Closed.event(model.Closed), true
	case "ReopenedEvent":
		return n.Reopened.event(model.Reopened), true
	case "LabeledEvent":
		return n.Labeled.event(model.Labeled), true
	case "UnlabeledEvent":
		return n.Unlabeled.event(model.Unlabeled), true
	}
	return model.Event{}, false
}

// restOfMilestone reads further pages of the list that pick finds.
func restOfMilestone[List any](
	ctx context.Context, r *reading, number int, pick func(*List) connection[milestoneItemNode],
) func(githubv4.String) (connection[milestoneItemNode], error) {
	size := nested
	return func(after githubv4.String) (connection[milestoneItemNode], error) {
		var q milestoneRestQuery[List]
		variables := r.variables()
		variables["number"] = githubv4.Int(number) //nolint:gosec // GitHub's own number.
		variables["after"] = &after
		err := r.query(ctx, &q, variables, &size)
		return pick(&q.Repository.Milestone), during(fmt.Sprintf("reading milestone %d", number), err)
	}
}
