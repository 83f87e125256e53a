package collect

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/github"
	"kpi-gate/internal/model"
)

// maxNumbers is how many items are looked up by their numbers in one query: as many as the queries have places.
const maxNumbers = 10

// numbered is how to read items by their numbers: N is what GitHub answers for one, F the fact it becomes.
type numbered[N, F any] struct {
	feed model.Feed
	// ask puts the query whose places are filled by setNumbers.
	ask  func(context.Context, map[string]any) ([maxNumbers]*N, error)
	fact func(context.Context, *N) (F, error)
}

// byNumber reads the items of the given numbers, in that order. One that GitHub does not show is an error beside the
// others.
func byNumber[N, F any](ctx context.Context, r *reading, numbers []int, how numbered[N, F]) ([]F, error) {
	var (
		read []F
		errs []error
	)
	for chunk := range slices.Chunk(numbers, maxNumbers) {
		some, err := few(ctx, r, chunk, how)
		read = append(read, some...)
		var hidden *github.NotFoundError
		if err != nil {
			errs = append(errs, err)
			if !errors.As(err, &hidden) {
				break
			}
		}
		r.tell(how.feed, len(read), len(numbers), false)
	}
	return read, errors.Join(errs...)
}

// few reads up to maxNumbers items. Where they are too much for one answer, or one is hidden, which spoils the answer for
// all, they are asked for in halves.
func few[N, F any](ctx context.Context, r *reading, numbers []int, how numbered[N, F]) ([]F, error) {
	variables := r.variables()
	delete(variables, "after")
	setNumbers(variables, numbers)
	nodes, err := how.ask(ctx, variables)
	var (
		hidden  *github.NotFoundError
		tooMuch *github.TimeoutError
	)
	switch {
	case (errors.As(err, &hidden) || errors.As(err, &tooMuch)) && len(numbers) > 1:
		half := len(numbers) / 2
		first, err1 := few(ctx, r, numbers[:half], how)
		last, err2 := few(ctx, r, numbers[half:], how)
		return append(first, last...), errors.Join(err1, err2)
	case err != nil:
		return nil, fmt.Errorf("reading %s %v: %w", how.feed, numbers, err)
	}
	var read []F
	for _, n := range nodes {
		if n == nil {
			continue
		}
		fact, err := how.fact(ctx, n)
		if err != nil {
			return read, err
		}
		read = append(read, fact)
	}
	return read, nil
}

// setNumbers fills the places of a query: $number0 to $number9, and $has1 to $has9 for those that are used.
func setNumbers(variables map[string]any, numbers []int) {
	for i := range maxNumbers {
		number := numbers[min(i, len(numbers)-1)]
		variables[fmt.Sprintf("number%d", i)] = githubv4.Int(number) //nolint:gosec // GitHub's own numbers.
		if i > 0 {
			variables[fmt.Sprintf("has%d", i)] = githubv4.Boolean(i < len(numbers))
		}
	}
}
