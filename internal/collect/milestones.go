package collect

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/model"
)

// milestones reads the milestones that are due at or after the reach and before the end of the window, each with all
// its issues and pull requests. One that an earlier reading knew is read again only where it or what is in it has
// changed since. What it read before an error is returned with it.
func (r *reading) milestones(ctx context.Context) (read []model.Milestone, err error) {
	defer func() { r.tell(model.Milestones, len(read), len(read), true) }()
	due, err := r.dueMilestones(ctx)
	read, numbers := r.knownMilestones(due)
	r.reuse(len(read))
	page := milestoneItems
	again, whole := byNumber(ctx, r, numbers, numbered[milestoneNode, model.Milestone]{
		feed: model.Milestones, field: "milestone", most: maxMilestones, page: &page, fact: r.milestone,
	})
	// One that was listed and is not found was deleted meanwhile.
	return append(read, again...), errors.Join(err, withoutHidden(whole))
}

// dueMilestones are the milestones that are due in the time that matters, the latest first.
//
// Note: GitHub does not say whether milestones without a due date come before or after the others. After a due date
// before the reach there can only be earlier ones and those without.
func (r *reading) dueMilestones(ctx context.Context) ([]*dueMilestoneNode, error) {
	var due []*dueMilestoneNode
	variables, size := r.variables(), largestPage
	variables["counts"] = githubv4.Boolean(r.extends())
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
		variables["after"] = githubv4.NewString(page.PageInfo.EndCursor)
	}
}

// knownMilestones are those of the listed milestones that an earlier reading knew, and in which nothing has changed
// since, and the numbers of the others.
func (r *reading) knownMilestones(listed []*dueMilestoneNode) (had []model.Milestone, numbers []int) {
	facts, through := r.known(model.Milestones)
	before := map[int]model.Milestone{}
	var touched touchedItems
	if facts != nil {
		var told bool
		if touched, told = r.touchedSince(second(through.Add(-overlap))); told {
			for _, m := range facts.Milestones {
				before[m.Number] = m
			}
		}
	}
	for _, n := range listed {
		number := int(n.Number)
		milestone, ok := before[number]
		if !ok || len(milestone.Items) != int(n.Issues.TotalCount+n.PullRequests.TotalCount) || touched.milestones[number] ||
			slices.ContainsFunc(milestone.Items, func(i model.MilestoneItem) bool {
				return touched.numbers[i.Number] || !r.hasLabels(i.Labels)
			}) {
			numbers = append(numbers, number)
			continue
		}
		milestone.Title, milestone.URL = string(n.Title), string(n.URL)
		milestone.Due, milestone.Closed = moment(n.DueOn), moment(n.ClosedAt)
		had = append(had, milestone)
	}
	return had, numbers
}

// touchedItems are the numbers of issues and pull requests that were touched, and the milestones that these are in now.
type touchedItems struct{ numbers, milestones map[int]bool }

// touchedSince are the issues and pull requests that were updated since an instant; false means that this is not known.
func (r *reading) touchedSince(since time.Time) (touchedItems, bool) {
	touched := touchedItems{map[int]bool{}, map[int]bool{}}
	if !r.request.PullRequests || !r.request.Issues || since.Before(r.request.Reach) ||
		r.failure(model.PullRequests) != nil || r.failure(model.Issues) != nil {
		return touched, false
	}
	return touched, touch(&touched, &r.pulls, pullRequestItem, since) && touch(&touched, &r.items, issueItem, since)
}

// touch adds what of a list was updated since an instant. It reports whether all of that was read, and so is known to
// be in which milestone.
func touch[F any](touched *touchedItems, list *listing[F], of func(*F) item, since time.Time) bool {
	for i := range list.facts {
		fact := of(&list.facts[i])
		if fact.updated.Before(since) {
			continue
		}
		milestone, read := list.milestones[fact.number]
		if !read {
			return false
		}
		touched.numbers[fact.number], touched.milestones[milestone] = true, true
	}
	return true
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
