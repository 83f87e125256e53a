package collect

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"kpi-gate/internal/model"
)

// mergedSince reads again which pull requests brought those commits that an earlier reading knew and that a pull
// request touched since then names: one that was merged after its commits were read brought them nevertheless.
//
// Note: GitHub names for a commit of the default branch only the pull request that introduced it, so what a pull
// request lists does not tell.
func (r *reading) mergedSince(ctx context.Context, s *model.Snapshot) error {
	c := r.commitReading
	since := c.known.pulls.Add(-overlap)
	touched := map[string]bool{}
	for i := range s.PullRequests {
		pr := &s.PullRequests[i]
		if pr.Merged.IsZero() || pr.Updated.Before(since) {
			continue
		}
		name := func(sha string) {
			known := c.known.commits[sha]
			if known != nil && c.walk.graph.commit(sha) == known && !slices.Contains(known.PullRequests, pr.Number) {
				touched[sha] = true
			}
		}
		name(pr.MergeCommit)
		for _, commit := range pr.Commits {
			name(commit.SHA)
		}
	}
	if len(touched) > 0 {
		if err := r.readAgain(ctx, c, slices.Sorted(maps.Keys(touched))); err != nil {
			r.end(model.Commits, len(s.Commits), fmt.Errorf("asking which pull requests brought known commits: %w", err))
			return r.interrupted()
		}
		s.Commits, r.shippable = c.walk.commits(), c.walk.brought()
	}
	c.known.pulls = r.asOf
	return nil
}

// readAgain reads commits of the graph once more. One that GitHub no longer has stays as it was.
func (r *reading) readAgain(ctx context.Context, c *commitReading, shas []string) error {
	for chunk := range slices.Chunk(shas, maxRoots) {
		size := 1
		pages, err := r.roots(ctx, chunk, &size)
		if err != nil {
			return err
		}
		for i, sha := range chunk {
			if pages[i] == nil || len(pages[i].Commit.History.Nodes) == 0 {
				continue
			}
			commit, err := r.commit(ctx, &pages[i].Commit.History.Nodes[0])
			if err != nil {
				return err
			}
			c.walk.graph.nodes[sha].commit = &commit
		}
	}
	return nil
}
