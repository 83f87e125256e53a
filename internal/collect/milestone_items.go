package collect

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/github"
	"kpi-gate/internal/model"
)

// milestoneItems is what is known to be in a milestone.
type milestoneItems struct {
	items []model.MilestoneItem
	// moving is true where any of it was touched since reading began: the milestone may have been counted before.
	moving bool
	// reused is how many of the items an earlier reading knew.
	reused int
}

// partMilestone is a milestone of which some items are known.
type partMilestone struct {
	model.Milestone
	// issues and pulls are how many more there are.
	issues, pulls int
}

// toldMilestones are those of the listed milestones of which everything that is in them is known, those of which all that
// was touched of late is, and the numbers of the others. That so much is known as GitHub counts says that it is
// everything: it counts what is in them when reading begins, and all that was put in since is known.
func (r *reading) toldMilestones(listed []*dueMilestoneNode) (
	told []model.Milestone, parts []partMilestone, numbers []int,
) {
	known := r.milestoneItems()
	for _, n := range listed {
		number := int(n.Number)
		in := known[number]
		part := partMilestone{model.Milestone{
			Number: number, Title: string(n.Title), URL: string(n.URL),
			Due: moment(n.DueOn), Created: second(n.CreatedAt.Time), Closed: moment(n.ClosedAt),
			Items: inNumbers(in.items),
		}, int(n.Issues.TotalCount), int(n.PullRequests.TotalCount)}
		for _, item := range in.items {
			if item.Kind == model.RefIssue {
				part.issues--
			} else {
				part.pulls--
			}
		}
		switch {
		case known == nil || in.moving || part.issues < 0 || part.pulls < 0:
			numbers = append(numbers, number)
		case part.issues == 0 && part.pulls == 0:
			told = append(told, part.Milestone)
			if in.reused == len(in.items) && r.knew(number) {
				r.reuse(1)
			}
		case in.reused == 0 && max(part.issues, part.pulls) <= largestPage:
			parts = append(parts, part)
		default:
			numbers = append(numbers, number)
		}
	}
	return told, parts, numbers
}

// inNumbers puts items into the order of their numbers, each once.
func inNumbers(items []model.MilestoneItem) []model.MilestoneItem {
	return sorted(items, func(i model.MilestoneItem) int { return i.Number })
}

// completeMilestones reads what is missing of milestones: what was left alone the longest, because all that was touched
// of late is known. A milestone of which not all that was counted is found so, because something in it has changed
// meanwhile, is among the incomplete.
func (r *reading) completeMilestones(ctx context.Context, parts []partMilestone) (
	completed []model.Milestone, incomplete []int, err error,
) {
	if len(parts) == 0 {
		return nil, nil, nil
	}
	byItsNumber, numbers := map[int]partMilestone{}, []int(nil)
	issues, pulls := 1, 1
	for _, part := range parts {
		byItsNumber[part.Number], numbers = part, append(numbers, part.Number)
		issues, pulls = max(issues, part.issues), max(pulls, part.pulls)
	}
	read, err := byNumber(ctx, r, numbers, numbered[untouchedNode, model.Milestone]{
		feed: model.Milestones, field: "milestone",
		most: min(maxMilestones, maxMilestoneItems/max(issues, pulls)),
		variables: func(variables map[string]any) {
			variables["issues"] = githubv4.Int(issues) //nolint:gosec // At most a page.
			variables["pulls"] = githubv4.Int(pulls)   //nolint:gosec // At most a page.
		},
		fact: func(ctx context.Context, n *untouchedNode) (model.Milestone, error) {
			part := byItsNumber[int(n.Number)]
			items, err := r.itemsOf(ctx, n.Issues.Nodes[:min(part.issues, len(n.Issues.Nodes))],
				n.PullRequests.Nodes[:min(part.pulls, len(n.PullRequests.Nodes))])
			part.Items = inNumbers(slices.Concat(part.Items, items))
			return part.Milestone, err
		},
	})
	for _, milestone := range read {
		part := byItsNumber[milestone.Number]
		if len(milestone.Items) == len(part.Items)+part.issues+part.pulls {
			completed = append(completed, milestone)
		} else {
			incomplete = append(incomplete, milestone.Number)
		}
	}
	var tooMuch *github.TimeoutError
	if errors.As(err, &tooMuch) {
		// Page by page, less is asked for at a time.
		return completed, without(numbers, completed, func(m *model.Milestone) int { return m.Number }), nil
	}
	// One that was listed and is not found was deleted meanwhile.
	return completed, incomplete, withoutHidden(err)
}

// knew reports whether an earlier reading knew a milestone.
func (r *reading) knew(number int) bool {
	facts, _ := r.known(model.Milestones)
	return facts != nil && slices.ContainsFunc(facts.Milestones, func(m model.Milestone) bool { return m.Number == number })
}

// milestoneItems is what is known to be in the milestones, by their numbers: the issues and pull requests that were read,
// which know their milestone, and of those that an earlier reading found in one what was not touched since. It is nil
// where these were not read whole.
func (r *reading) milestoneItems() map[int]milestoneItems {
	if !bool(r.asksMilestones()) || r.failure(model.PullRequests) != nil || r.failure(model.Issues) != nil {
		return nil
	}
	known := map[int]milestoneItems{}
	addRead(known, &r.items, func(i *model.Issue) model.MilestoneItem {
		return model.MilestoneItem{
			Kind: model.RefIssue, Number: i.Number, Title: i.Title, URL: i.URL, Author: i.Author,
			Created: i.Created, Closed: i.Closed, Labels: i.Labels, Events: milestoneEvents(i.Events),
		}
	}, func(i *model.Issue) bool { return !i.Updated.Before(r.asOf) })
	addRead(known, &r.pulls, func(p *model.PullRequest) model.MilestoneItem {
		return model.MilestoneItem{
			Kind: model.RefPullRequest, Number: p.Number, Title: p.Title, URL: p.URL, Author: p.Author,
			Created: p.Created, Closed: p.Closed, Labels: p.Labels, Events: milestoneEvents(p.Events),
		}
	}, func(p *model.PullRequest) bool { return !p.Updated.Before(r.asOf) })
	r.addUntouched(known)
	return known
}

// addRead adds the facts of a list that were read to the milestones that they are in.
func addRead[F any](
	known map[int]milestoneItems, list *listing[F], item func(*F) model.MilestoneItem, moving func(*F) bool,
) {
	for i := range list.facts {
		item := item(&list.facts[i])
		if number := list.milestones[item.Number]; number != 0 {
			in := known[number]
			in.items, in.moving = append(in.items, item), in.moving || moving(&list.facts[i])
			known[number] = in
		}
	}
}

// milestoneEvents are those of the events of an issue or pull request that are told of it in a milestone, and what is
// told of them there.
func milestoneEvents(events []model.Event) []model.Event {
	var told []model.Event
	for _, e := range events {
		switch e.Kind {
		case model.Closed, model.Reopened, model.Labeled, model.Unlabeled:
			e.Reason, e.Closer = "", 0
			told = append(told, e)
		}
	}
	return told
}

// addUntouched adds what an earlier reading found in its milestones and was not touched since: putting something into a
// milestone, or taking it out, touches it. What wears a label that the repository no longer has has another one now.
func (r *reading) addUntouched(known map[int]milestoneItems) {
	facts, through := r.known(model.Milestones)
	if facts == nil {
		return
	}
	since := second(through.Add(-overlap))
	if since.Before(r.request.Reach) || !readSince(&r.items, issueItem, since) ||
		!readSince(&r.pulls, pullRequestItem, since) {
		return
	}
	for _, milestone := range facts.Milestones {
		in := known[milestone.Number]
		for _, item := range milestone.Items {
			_, issue := r.items.milestones[item.Number]
			_, pull := r.pulls.milestones[item.Number]
			if !issue && !pull && r.hasLabels(item.Labels) {
				in.items = append(in.items, item)
				in.reused++
			}
		}
		known[milestone.Number] = in
	}
}

// readSince reports whether all of a list that was updated since an instant was read, and not taken from an earlier
// reading.
func readSince[F any](list *listing[F], of func(*F) item, since time.Time) bool {
	return !slices.ContainsFunc(list.facts, func(fact F) bool {
		_, read := list.milestones[of(&fact).number]
		return !read && !of(&fact).updated.Before(since)
	})
}
