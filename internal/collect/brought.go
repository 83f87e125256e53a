package collect

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"kpi-gate/internal/github"
	"kpi-gate/internal/model"
)

// maxNamed is how many items that one text names are looked up: anybody can write a text. What a merged pull request
// closed is found without it: GitHub lists that, or its closing touched the issue.
const maxNamed = 10

// brought reads what the facts read so far point at and what was not read with them, because it was last touched before
// the reach: pull requests whose commits can still ship (merged long ago, shipped since), what such pull requests revert,
// and the issues that they, or pull requests opened since, resolve. A feed that has failed already is not tried again.
func (r *reading) brought(ctx context.Context, s *model.Snapshot) error {
	if !r.request.PullRequests {
		return nil
	}
	if r.walked != nil && r.failure(model.PullRequests) == nil {
		if err := r.mergedSince(ctx, s); err != nil {
			return err
		}
		if err := r.pointedAt(ctx, s); err != nil {
			return err
		}
	}
	if !r.request.Issues || !r.asksLinks() || r.failure(model.Issues) != nil || r.failure(model.Links) != nil {
		return nil
	}
	err := r.failure(model.PullRequests)
	if err == nil {
		err = r.olderIssues(ctx, s)
	}
	if err != nil {
		r.end(model.Links, len(s.Issues), fmt.Errorf("looking for issues that older pull requests resolve: %w", err))
	}
	return r.interrupted()
}

// pointedAt reads the older pull requests that the commits and other pull requests point at.
func (r *reading) pointedAt(ctx context.Context, s *model.Snapshot) error {
	if err := r.olderPullRequests(ctx, s, r.shippable, false); err != nil {
		return err
	}
	reverted, err := r.reverted(ctx, s)
	if err != nil {
		return err
	}
	if err := r.olderPullRequests(ctx, s, reverted, true); err != nil {
		return err
	}
	return r.landed(ctx, s, reverted)
}

// failure is what kept a feed from being whole, nil while nothing has.
func (r *reading) failure(feed model.Feed) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, o := range r.outcomes {
		if o.feed == feed && o.err != nil {
			return o.err
		}
	}
	return nil
}

// olderPullRequests reads those of the numbers that are not in s. A number that somebody wrote down need not be a pull
// request's: written says so, and what GitHub does not find is then nothing that is missing.
func (r *reading) olderPullRequests(ctx context.Context, s *model.Snapshot, numbers []int, written bool) error {
	number := func(pr *model.PullRequest) int { return pr.Number }
	missing := without(numbers, s.PullRequests, number)
	if written {
		missing = r.pulls.unhidden(missing, r.before().PullRequests, &r.ledger.PullRequests)
	}
	if len(missing) == 0 {
		return nil
	}
	older, err := r.pullRequestsByNumber(ctx, missing)
	if written {
		r.ledger.PullRequests.hide(absent(missing, older, number, err))
		err = withoutHidden(err)
	}
	s.PullRequests = append(s.PullRequests, older...)
	r.end(model.PullRequests, len(s.PullRequests), err)
	return r.interrupted()
}

// without are the numbers, in order and each once, that no fact has.
func without[F any](numbers []int, facts []F, number func(*F) int) []int {
	have := make(map[int]bool, len(facts))
	for i := range facts {
		have[number(&facts[i])] = true
	}
	missing := slices.DeleteFunc(slices.Clone(numbers), func(n int) bool { return have[n] })
	slices.Sort(missing)
	return slices.Compact(missing)
}

// withoutHidden is an error without those of its parts that say that something does not exist.
func withoutHidden(err error) error {
	return errors.Join(slices.DeleteFunc(parts(err), func(err error) bool {
		var hidden *github.NotFoundError
		return errors.As(err, &hidden)
	})...)
}

// canShip reports whether a merged pull request landed with a commit that was read and had not shipped before the reach.
func (r *reading) canShip(pr *model.PullRequest) bool {
	return r.walked != nil && r.walked.ships() && !pr.Merged.IsZero() && r.walked.graph.commit(pr.MergeCommit) != nil &&
		!r.walked.graph.painted(pr.MergeCommit)
}

// reverted are the pull requests that changes which can still ship say they revert: by number in a body, or by a commit in
// a message. What a commit that was read brought is known; others are asked for.
func (r *reading) reverted(ctx context.Context, s *model.Snapshot) ([]int, error) {
	var numbers []int
	commits := slices.Clone(r.undone)
	known := map[string]bool{}
	for i := range s.PullRequests {
		pr := &s.PullRequests[i]
		for _, c := range pr.Commits {
			known[c.SHA] = true
		}
		if !r.canShip(pr) {
			continue
		}
		named := s.Repository.RevertedPullRequests(pr.Body)
		numbers = append(numbers, named[:min(len(named), maxNamed)]...)
		for _, c := range pr.Commits {
			commits = append(commits, wholeIDs(c.Message)...)
		}
	}
	slices.Sort(commits)
	commits = slices.DeleteFunc(slices.Compact(commits), func(sha string) bool {
		c := r.walked.graph.commit(sha)
		if c != nil {
			numbers = append(numbers, c.PullRequests...)
		}
		return known[sha] || c != nil
	})
	brought, err := r.broughtBy(ctx, commits)
	if err != nil {
		r.end(model.Commits, len(s.Commits), err)
	}
	return append(numbers, brought...), r.interrupted()
}

// broughtBy are the pull requests that brought commits, as far as GitHub has these.
func (r *reading) broughtBy(ctx context.Context, commits []string) ([]int, error) {
	looked, err := r.lookUp(ctx, r.commitReading, commits)
	var numbers []int
	for _, c := range looked {
		if c != nil {
			numbers = append(numbers, c.PullRequests...)
		}
	}
	return numbers, err
}

// wholeIDs are the commits that a message says it reverts by their whole object IDs, which is what git revert writes.
// The beginning of one cannot be looked up.
func wholeIDs(message string) []string {
	const whole = 40
	return slices.DeleteFunc(model.RevertedCommits(message), func(sha string) bool { return len(sha) != whole })
}

// landed reads on to the commits that landed the numbered pull requests, where the source's deployments of that time are
// known, so that it can be told which of them shipped it.
func (r *reading) landed(ctx context.Context, s *model.Snapshot, numbers []int) error {
	if !r.whole() {
		return nil
	}
	var commits []string
	for _, pr := range s.PullRequests {
		if slices.Contains(numbers, pr.Number) && pr.MergeCommit != "" && r.walked.graph.commit(pr.MergeCommit) == nil {
			commits = append(commits, pr.MergeCommit)
		}
	}
	if len(commits) == 0 {
		return nil
	}
	err := r.walkTo(ctx, commits)
	s.Commits = r.walked.commits()
	r.end(model.Commits, len(s.Commits), err)
	return r.interrupted()
}

// olderIssues reads the issues not in s that are resolved by pull requests which can still ship or were opened since the
// reach: closed and last touched before it, while what is measured of them may happen after.
func (r *reading) olderIssues(ctx context.Context, s *model.Snapshot) error {
	var (
		numbers []int
		linking []*model.PullRequest
	)
	for i := range s.PullRequests {
		pr := &s.PullRequests[i]
		ships := r.canShip(pr)
		if !ships && pr.Created.Before(s.Reach) {
			continue
		}
		named := closes(pr.Body, true, s.Repository)
		numbers = append(numbers, named[:min(len(named), maxNamed)]...)
		// A link made by hand stands in no body. Making it touches the issue, so that only a link to a pull request opened
		// before the reach can have been missed.
		if ships && pr.Created.Before(s.Reach) {
			linking = append(linking, pr)
		}
	}
	linked, err := r.closedBy(ctx, linking)
	if err != nil {
		return err
	}
	number := func(i *model.Issue) int { return i.Number }
	missing := without(append(numbers, linked...), s.Issues, number)
	missing = r.items.unhidden(missing, r.before().Issues, &r.ledger.Issues)
	// Of a past incident the type is not known.
	delete(r.items.rest, r.before().PastIncident.Number)
	had, missing := takeKnown(r, missing, r.items.rest)
	s.Issues = append(s.Issues, had...)
	if len(missing) == 0 {
		return nil
	}
	older, err := r.issuesByNumber(ctx, missing)
	r.ledger.Issues.hide(absent(missing, older, number, err))
	s.Issues = append(s.Issues, older...)
	if err := withoutHidden(err); err != nil || !r.request.IssueTypes {
		return err
	}
	return r.typeOlder(ctx, s.Issues[len(s.Issues)-len(older):])
}

// closedBy are the issues of this repository that pull requests close. It asks those that this reading has not asked, but
// for those that an earlier one asked and that were not touched since.
func (r *reading) closedBy(ctx context.Context, pulls []*model.PullRequest) ([]int, error) {
	_, through := r.known(model.Links)
	before := r.before().Links.Closing
	var closed, ask []int
	for _, pr := range pulls {
		had, ok := r.ledger.Links.Closing[pr.Number]
		if !ok && pr.Updated.Before(through.Add(-overlap)) {
			had, ok = before[pr.Number]
		}
		if !ok {
			ask = append(ask, pr.Number)
			continue
		}
		r.ledger.Links.close(pr.Number, had)
		closed = append(closed, had...)
	}
	lists, err := byNumber(ctx, r, ask, numbered[closingPullRequest, []int]{
		feed: model.PullRequests, field: "pullRequest", most: largestPage,
		fact: func(ctx context.Context, n *closingPullRequest) ([]int, error) {
			return r.closing(ctx, int(n.Number), n.ClosingIssuesReferences)
		},
	})
	return append(closed, slices.Concat(lists...)...), err
}

// closing are the issues of this repository that a pull request closes, which it notes: those of a page, and of the pages
// after it.
func (r *reading) closing(ctx context.Context, number int, page connection[closingIssue]) ([]int, error) {
	nodes, err := page.all(restOfPullRequest(ctx, r, number,
		func(l *moreClosing) connection[closingIssue] { return l.ClosingIssuesReferences }))
	if err != nil {
		return nil, err
	}
	issues := facts(nodes, func(i *closingIssue) (int, bool) { return int(i.Number), r.isOwn(i.Repository) })
	r.ledger.Links.close(number, issues)
	return issues, nil
}

// typeOlder sets the types of issues that were last touched before the reach.
func (r *reading) typeOlder(ctx context.Context, issues []model.Issue) error {
	var since time.Time
	for _, issue := range issues {
		if since.IsZero() || issue.Updated.Before(since) {
			since = issue.Updated
		}
	}
	if since.IsZero() {
		return nil
	}
	types, err := r.issueTypes(ctx, issues, since)
	for i := range issues {
		issues[i].Type = types[issues[i].Number]
	}
	return err
}
