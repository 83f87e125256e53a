package collect

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/github"
)

// askReached asks which commits what has shipped long reaches, and paints those, so that the history between need not be
// read. A commit that GitHub does not have is lost. Where GitHub's answer leaves a commit open, reading on tells.
func (r *reading) askReached(ctx context.Context, w *commitWalk, shas []string) error {
	for chunk := range slices.Chunk(shas, maxRoots) {
		size := 1
		pages, err := r.roots(ctx, chunk, &size)
		if err != nil {
			return err
		}
		var known []string
		var dates []time.Time
		for i, sha := range chunk {
			if pages[i] == nil || len(pages[i].Commit.History.Nodes) == 0 {
				w.graph.lose(sha)
				continue
			}
			known = append(known, sha)
			dates = append(dates, pages[i].Commit.History.Nodes[0].CommittedDate.Time)
		}
		if len(known) == 0 {
			continue
		}
		if err := r.askShipper(ctx, w, known, dates); err != nil {
			return err
		}
	}
	return nil
}

// askShipper paints those of up to maxRoots commits that the walk's shipper reaches; dates are their committer dates.
//
// Note: GraphQL compares branches only, and REST's comparison lists files and commits that nobody wants here. What the
// shipper's history holds of the second of a commit's date says as much, and eight commits fit into one query.
func (r *reading) askShipper(ctx context.Context, w *commitWalk, shas []string, dates []time.Time) error {
	var q reachedQuery
	variables := r.variables()
	delete(variables, "after")
	variables["oid"] = githubv4.GitObjectID(w.shipper)
	for i := range maxRoots {
		date := dates[min(i, len(dates)-1)]
		// Whether GitHub takes the bounds themselves in does not matter so.
		variables[fmt.Sprintf("since%d", i)] = githubv4.GitTimestamp{Time: date.Add(-time.Second)}
		variables[fmt.Sprintf("until%d", i)] = githubv4.GitTimestamp{Time: date.Add(time.Second)}
		variables[fmt.Sprintf("has%d", i)] = githubv4.Boolean(i < len(shas))
	}
	err := r.client.Query(ctx, &q, variables)
	var tooMuch *github.TimeoutError
	if errors.As(err, &tooMuch) {
		// What lies so far back that GitHub does not get there in time is found by reading on.
		return nil
	}
	if err != nil {
		return fmt.Errorf("asking what %s reaches: %w", w.shipper, err)
	}
	reached := q.reached()
	for i, sha := range shas {
		if reached[i] != nil && slices.Contains(reached[i].Nodes, oid{OID: githubv4.String(sha)}) {
			w.graph.paint(sha)
		}
	}
	return nil
}
