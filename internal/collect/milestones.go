package collect

import (
	"context"
	"errors"
	"fmt"

	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/model"
)

// milestones reads the milestones that are due at or after the reach and before the end of the window, the latest
// first, each with all its issues and pull requests. What it read before an error is returned with it.
func (r *reading) milestones(ctx context.Context) (read []model.Milestone, err error) {
	defer func() { r.tell(model.Milestones, len(read), len(read), true) }()
	numbers, err := r.dueMilestones(ctx)
	read, whole := byNumber(ctx, r, numbers, numbered[milestoneNode, model.Milestone]{
		feed: model.Milestones,
		ask: func(ctx context.Context, variables map[string]any) ([maxNumbers]*milestoneNode, error) {
			var q milestonesByNumberQuery
			err := r.client.Query(ctx, &q, variables)
			return q.nodes(), err
		},
		fact: r.milestone,
	})
	// One that was listed and is not found was deleted meanwhile.
	return read, errors.Join(err, withoutHidden(whole))
}

// dueMilestones are the numbers of the milestones that are due in the time that matters, the latest first.
//
// Note: GitHub does not say whether milestones without a due date come before or after the others. After a due date
// before the reach there can only be earlier ones and those without.
func (r *reading) dueMilestones(ctx context.Context) ([]int, error) {
	var (
		q       dueMilestonesQuery
		numbers []int
	)
	size := largestPage
	err := r.pages(ctx, &q, r.variables(), &size, func() (pageInfo, error) {
		page := q.Repository.Milestones
		for _, n := range page.Nodes {
			if n.DueOn == nil {
				continue
			}
			due := second(n.DueOn.Time)
			if due.Before(r.request.Reach) {
				return pageInfo{}, nil
			}
			if due.Before(r.request.Until) {
				numbers = append(numbers, int(n.Number))
			}
		}
		return page.PageInfo, nil
	})
	return numbers, during("listing milestones", err)
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
	milestone := model.Milestone{
		Number: number, Title: string(n.Title), URL: string(n.URL),
		Due: moment(n.DueOn), Created: second(n.CreatedAt.Time), Closed: moment(n.ClosedAt),
	}
	for i := range issues {
		item, err := issues[i].item(model.RefIssue, restOfIssue(ctx, r, int(issues[i].Number), itemLabels),
			restOfIssue(ctx, r, int(issues[i].Number), itemEvents))
		if err != nil {
			return model.Milestone{}, err
		}
		milestone.Items = append(milestone.Items, item)
	}
	for i := range pulls {
		item, err := pulls[i].item(model.RefPullRequest, restOfPullRequest(ctx, r, int(pulls[i].Number), itemLabels),
			restOfPullRequest(ctx, r, int(pulls[i].Number), itemEvents))
		if err != nil {
			return model.Milestone{}, err
		}
		milestone.Items = append(milestone.Items, item)
	}
	milestone.Items = sorted(milestone.Items, func(i model.MilestoneItem) int { return i.Number })
	return milestone, nil
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
