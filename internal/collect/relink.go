package collect

import (
	"context"
	"fmt"
	"slices"

	"kpi-gate/internal/model"
)

// relink reads those issues again that an earlier reading knew, that nobody has touched since, and whose links may have
// changed all the same: merging a pull request, or editing its text, does not touch the issues that it is linked to.
//
// A pull request that was touched since is asked which issues it closes. Where pull requests are not read, and for
// those of other repositories, every link that was not merged may have been.
func (r *reading) relink(ctx context.Context, s *model.Snapshot) error {
	if !r.request.Issues || !r.asksLinks() || r.items.since.IsZero() ||
		r.failure(model.Issues) != nil || r.failure(model.Links) != nil {
		return nil
	}
	numbers, err := r.linkedSince(ctx, s)
	if err == nil {
		err = r.readLinksAgain(ctx, s, numbers)
	}
	if err != nil {
		r.end(model.Links, len(s.Issues), fmt.Errorf("looking for links that changed: %w", err))
	}
	return r.interrupted()
}

// linkedSince are the issues whose links may have changed since the earlier reading, whether they were read or not.
func (r *reading) linkedSince(ctx context.Context, s *model.Snapshot) ([]int, error) {
	var touched []*model.PullRequest
	whole := r.request.PullRequests && r.failure(model.PullRequests) == nil
	is := map[int]bool{}
	if whole {
		for i := range s.PullRequests {
			if pr := &s.PullRequests[i]; !pr.Updated.Before(r.items.since) {
				touched = append(touched, pr)
				is[pr.Number] = true
			}
		}
	}
	numbers, err := r.closedBy(ctx, touched)
	for _, pr := range touched {
		numbers = append(numbers, closes(pr.Body, true, s.Repository)...)
	}
	stale := func(link model.Link) bool {
		if link.Repository == "" && whole {
			return is[link.Number]
		}
		return link.Merged.IsZero()
	}
	for _, issue := range s.Issues {
		if slices.ContainsFunc(issue.Links, stale) {
			numbers = append(numbers, issue.Number)
		}
	}
	for number, issue := range r.items.rest {
		if slices.ContainsFunc(issue.Links, stale) {
			numbers = append(numbers, number)
		}
	}
	return numbers, err
}

// readLinksAgain reads those of the numbered issues again that were not read already. Those that the list no longer
// holds are forgotten: they are read if they are needed.
func (r *reading) readLinksAgain(ctx context.Context, s *model.Snapshot, numbers []int) error {
	place := map[int]int{}
	for i := range s.Issues {
		if _, read := r.items.milestones[s.Issues[i].Number]; !read {
			place[s.Issues[i].Number] = i
		}
	}
	for _, number := range numbers {
		delete(r.items.rest, number)
	}
	slices.Sort(numbers)
	numbers = slices.DeleteFunc(slices.Compact(numbers), func(number int) bool {
		_, ok := place[number]
		return !ok
	})
	again, err := r.issuesByNumber(ctx, numbers)
	for _, issue := range again {
		at := &s.Issues[place[issue.Number]]
		issue.Type = at.Type
		*at = issue
	}
	r.reuse(-len(again))
	return err
}
