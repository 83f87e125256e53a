package collect

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/github"
	"kpi-gate/internal/model"
)

// askReached finds out which commits have shipped.
func (r *reading) askReached(ctx context.Context, c *commitReading, shas []string) error {
	if len(shas) == 0 {
		return nil
	}
	return c.walk.resolve(shas, commitOracle{
		lookUp: func(shas []string) ([]*model.Commit, error) { return r.lookUp(ctx, c, shas) },
		ask: func(questions []reachQuestion) ([]reachAnswer, error) {
			var answers []reachAnswer
			for chunk := range slices.Chunk(questions, maxRoots) {
				told, err := r.askReaches(ctx, chunk)
				answers = append(answers, told...)
				if err != nil {
					return answers, err
				}
			}
			return answers, nil
		},
	})
}

// leastReached is the fewest questions for which it is worth while to ask again.
const leastReached = 5

// askReaches asks up to maxRoots questions.
//
// Note: GraphQL compares branches only, and REST's comparison lists files and commits that nobody wants here. What a
// commit's history holds of the second of another's date says as much, and many of these fit into one query.
func (r *reading) askReaches(ctx context.Context, questions []reachQuestion) ([]reachAnswer, error) {
	answers := make([]reachAnswer, len(questions))
	q := newReachedQuery(len(questions))
	variables := r.variables()
	delete(variables, "after")
	for i, question := range questions {
		variables[fmt.Sprintf("oid%d", i)] = githubv4.GitObjectID(question.from)
		// Whether GitHub takes the bounds themselves in does not matter so.
		at := question.to.Committed
		variables[fmt.Sprintf("since%d", i)] = githubv4.GitTimestamp{Time: at.Add(-time.Second)}
		variables[fmt.Sprintf("until%d", i)] = githubv4.GitTimestamp{Time: at.Add(time.Second)}
	}
	err := r.client.Query(ctx, q.query.Interface(), variables)
	var tooMuch *github.TimeoutError
	if errors.As(err, &tooMuch) {
		half := len(questions) / 2
		if half < leastReached {
			// What lies so far back that GitHub does not get there in time is found by reading on.
			return answers, nil
		}
		first, err := r.askReaches(ctx, questions[:half])
		if err != nil {
			return answers, err
		}
		last, err := r.askReaches(ctx, questions[half:])
		return append(first, last...), err
	}
	if err != nil {
		return nil, fmt.Errorf("asking what %s reaches: %w", questions[0].from, err)
	}
	for i, history := range q.reached() {
		names := func(sha string) bool { return slices.Contains(history.Nodes, oid{OID: githubv4.String(sha)}) }
		switch {
		case history == nil:
			// GitHub does not have it.
			answers[i] = doesNotReach
		case names(questions[i].to.SHA):
			answers[i] = doesReach
		case !bool(history.PageInfo.HasNextPage) && !names(""):
			// An answer that is cut short, or in which GitHub answers null for a commit, does not tell.
			answers[i] = doesNotReach
		}
	}
	return answers, nil
}
