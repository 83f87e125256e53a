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

// askReached asks which commits what has shipped long reaches, and paints those, so that the history between need not
// be read. A commit that GitHub does not have is lost. Where GitHub's answer leaves a commit open, reading on tells.
func (r *reading) askReached(ctx context.Context, c *commitReading, shas []string) error {
	looked, err := r.lookUp(ctx, c, shas)
	if err != nil {
		return err
	}
	var known []*model.Commit
	for i, sha := range shas {
		if looked[i] == nil {
			c.walk.graph.lose(sha)
			continue
		}
		known = append(known, looked[i])
	}
	for chunk := range slices.Chunk(known, maxRoots) {
		if err := r.askShipper(ctx, c.walk, chunk); err != nil {
			return err
		}
	}
	return nil
}

// leastReached is the fewest commits for which it is worth while to ask again.
const leastReached = 5

// askShipper paints those of up to maxRoots commits that the walk's shipper reaches.
//
// Note: GraphQL compares branches only, and REST's comparison lists files and commits that nobody wants here. What the
// shipper's history holds of the second of a commit's date says as much, and many commits fit into one query.
func (r *reading) askShipper(ctx context.Context, w *commitWalk, commits []*model.Commit) error {
	q := newReachedQuery(len(commits))
	variables := r.variables()
	delete(variables, "after")
	variables["oid"] = githubv4.GitObjectID(w.shipper)
	for i, c := range commits {
		// Whether GitHub takes the bounds themselves in does not matter so.
		variables[fmt.Sprintf("since%d", i)] = githubv4.GitTimestamp{Time: c.Committed.Add(-time.Second)}
		variables[fmt.Sprintf("until%d", i)] = githubv4.GitTimestamp{Time: c.Committed.Add(time.Second)}
	}
	err := r.client.Query(ctx, q.query.Interface(), variables)
	var tooMuch *github.TimeoutError
	if errors.As(err, &tooMuch) {
		if half := len(commits) / 2; half >= leastReached {
			return errors.Join(r.askShipper(ctx, w, commits[:half]), r.askShipper(ctx, w, commits[half:]))
		}
		// What lies so far back that GitHub does not get there in time is found by reading on.
		return nil
	}
	if err != nil {
		return fmt.Errorf("asking what %s reaches: %w", w.shipper, err)
	}
	for i, history := range q.reached() {
		if history != nil && slices.Contains(history.Nodes, oid{OID: githubv4.String(commits[i].SHA)}) {
			w.graph.reach(w.shipper, commits[i].SHA)
		}
	}
	return nil
}
