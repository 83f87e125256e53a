package collect

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/github"
	"kpi-gate/internal/model"
)

const (
	// maxNumbers is how many issues or pull requests are looked up by their numbers in one query.
	maxNumbers = 50
	// maxMilestones is how many milestones are: each has long lists of its own. maxMilestoneItems is how many issues, or
	// pull requests, of them are asked for in one query.
	maxMilestones, maxMilestoneItems = 10, 250
)

// numbered is how to read items by their numbers: N is what GitHub answers for one, F the fact it becomes.
type numbered[N, F any] struct {
	feed model.Feed
	// field is the field of a repository that takes a number, most how many to look up in one query.
	field string
	most  int
	// variables sets the variables of N; nil where it has none.
	variables func(map[string]any)
	// page is the variable $page of N, how much of its own lists to ask for at a time, which gets smaller where one item
	// alone is too much for an answer; nil where N does not have it.
	page *int
	fact func(context.Context, *N) (F, error)
}

// byNumber reads the items of the given numbers, in that order. One that GitHub does not show is an error beside the
// others.
func byNumber[N, F any](ctx context.Context, r *reading, numbers []int, how numbered[N, F]) ([]F, error) {
	var (
		read []F
		errs []error
	)
	// limit is as many as one answer holds.
	limit := how.most
	for size := limit; len(numbers) > 0; {
		some := numbers[:min(size, len(numbers))]
		nodes, err := askNumbers(ctx, r, some, how)
		var (
			tooMuch *github.TimeoutError
			hidden  *github.NotFoundError
		)
		switch {
		case errors.As(err, &tooMuch) && len(some) > 1:
			limit = len(some) / 2
			size = limit
			continue
		case errors.As(err, &tooMuch) && how.page != nil && *how.page > 1:
			*how.page /= 2
			continue
		case errors.As(err, &hidden) && len(some) > 1:
			// Something below one of them is not found, which spoils the answer for all.
			size = len(some) / 2
			continue
		case err != nil:
			errs = append(errs, fmt.Errorf("reading %s %v: %w", how.feed, some, err))
			if hidden == nil {
				return read, errors.Join(errs...)
			}
			nodes, size = nil, limit
		}
		for i, n := range nodes {
			if n == nil {
				errs = append(errs, fmt.Errorf("reading %s: %w", how.feed, &github.NotFoundError{
					Asked: fmt.Sprintf("%s %d", how.field, some[i]), Message: "there is none of that number",
				}))
				continue
			}
			fact, err := how.fact(ctx, n)
			if err != nil {
				return read, errors.Join(append(errs, err)...)
			}
			read = append(read, fact)
		}
		numbers = numbers[len(some):]
		r.tell(how.feed, len(read), len(read)+len(numbers), false)
	}
	return read, errors.Join(errs...)
}

// askNumbers asks for the items of all given numbers at once; nil stands for one that GitHub does not find.
//
// Note: githubv4 spells a query from a type, so there is a type for every count of places.
func askNumbers[N, F any](ctx context.Context, r *reading, numbers []int, how numbered[N, F]) ([]*N, error) {
	variables := r.variables()
	delete(variables, "after")
	if how.variables != nil {
		how.variables(variables)
	}
	if how.page != nil {
		variables["page"] = githubv4.Int(*how.page) //nolint:gosec // At most largestPage.
	}
	for i, number := range numbers {
		variables[fmt.Sprintf("number%d", i)] = githubv4.Int(number) //nolint:gosec // GitHub's own numbers.
	}
	q := newRepositoryQuery(places(len(numbers), reflect.TypeFor[*N](), func(i int) string {
		return fmt.Sprintf("p%d: %s(number: $number%d)", i, how.field, i)
	}))
	if err := r.client.QueryFound(ctx, q.Interface(), variables); err != nil {
		return nil, err
	}
	return placed[*N](repositoryOf(q)), nil
}

// absent are the numbers of which byNumber gave no fact although nothing went wrong but that GitHub does not show them.
func absent[F any](numbers []int, read []F, number func(*F) int, err error) []int {
	if withoutHidden(err) != nil {
		return nil
	}
	return without(numbers, read, number)
}

// takeKnown takes from facts of an earlier reading those of the given numbers, in that order, and tells which numbers
// are left.
func takeKnown[F any](r *reading, numbers []int, facts map[int]F) (taken []F, left []int) {
	for _, number := range numbers {
		if fact, ok := facts[number]; ok {
			taken = append(taken, fact)
		} else {
			left = append(left, number)
		}
	}
	r.reuse(len(taken))
	return taken, left
}

// unhidden are those of the numbers that an earlier reading, which this one extends, did not look up in vain; the
// others are noted again. Nothing appears under a number that was in vain without having been created since, and what
// was created since was read with the list.
func (l *listing[F]) unhidden(numbers []int, before ListLedger, now *ListLedger) []int {
	if l.since.IsZero() {
		return numbers
	}
	return slices.DeleteFunc(numbers, func(number int) bool {
		hidden := slices.Contains(before.Hidden, number)
		if hidden {
			now.hide([]int{number})
		}
		return hidden
	})
}

// hide notes numbers that were looked up in vain.
func (l *ListLedger) hide(numbers []int) {
	l.Hidden = append(l.Hidden, numbers...)
	slices.Sort(l.Hidden)
	l.Hidden = slices.Compact(l.Hidden)
}
