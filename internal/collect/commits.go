package collect

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/model"
)

const (
	// historySize is how many commits are asked for at a time.
	historySize = 100
	// rootSize is how many commits of each root: most join the history of a branch within as many.
	rootSize = 30
)

// commits reads the production branches' heads, and of the commit graph what tells which changes each deployment
// shipped:
//   - every commit that a branch's head or a deployed commit reaches and no commit deployed before the reach does;
//   - the branches back to the reach, or only that where nothing was deployed;
//   - the way between any two deployed commits of which one may lie behind the other.
//
// What lies beyond may be there too. What finished at the end of the window or later does not count. deployed is in
// order of finish. A deployed commit that GitHub no longer has is left
// out: the deployment keeps its SHA.
func (r *reading) commits(ctx context.Context, deployed []deployedCommit) ([]model.Branch, []model.Commit, error) {
	defer r.tell(model.Commits, 0, 0, true)
	heads, err := r.heads(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("listing branches: %w", err)
	}
	var branches []model.Branch
	for _, head := range heads {
		branches = append(branches, model.Branch{Name: head.Name, Head: head.SHA})
	}
	if !r.request.Until.IsZero() {
		deployed = slices.DeleteFunc(slices.Clone(deployed), func(d deployedCommit) bool {
			return !d.Finished.Before(r.request.Until)
		})
	}
	merges := len(r.request.Sources) > 0 && r.request.Sources[0] == model.SourceMerges
	w := newCommitWalk(second(r.request.Reach), heads, deployed, merges)
	if err := r.walk(ctx, w); err != nil {
		return branches, w.commits(), err
	}
	r.walked, r.shippable, r.undone = w, w.brought(), w.reverted()
	if r.whole() {
		unread := slices.DeleteFunc(slices.Clone(r.undone), func(sha string) bool { return w.graph.commit(sha) != nil })
		if err := r.walkTo(ctx, w, unread); err != nil {
			return branches, w.commits(), err
		}
	}
	return branches, w.commits(), nil
}

// whole reports whether the source that reading stopped at is read whole, so that a revert can point at any of its
// deployments, however old.
func (r *reading) whole() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	whole := len(r.request.Sources) > 0 && r.request.Sources[0] == model.SourceMerges
	for _, o := range r.outcomes {
		switch o.feed {
		case model.Releases, model.Tags:
			whole = true
		case model.Deployments, model.DeployRuns:
			whole = false
		}
	}
	return whole
}

// walk reads what the walk asks for.
func (r *reading) walk(ctx context.Context, w *commitWalk) error {
	size, ofRoots := historySize, rootSize
	for {
		streams := w.next()
		if len(streams) == 0 {
			return nil
		}
		var err error
		if len(streams) == 1 && (streams[0].opened || streams[0].branch) {
			err = r.readHistory(ctx, w, streams[0], &size)
		} else {
			err = r.readRoots(ctx, w, streams, &ofRoots)
		}
		if err != nil {
			return err
		}
		for _, s := range streams {
			if err := r.askReached(ctx, w, w.stale(s)); err != nil {
				return err
			}
		}
		r.tell(model.Commits, len(w.graph.nodes), 0, false)
	}
}

// walkTo reads on to commits that what shipped since the reach reverts, so that the deployments that shipped those can be
// told. Reverts among what is read then are of no interest: they shipped before the reach.
func (r *reading) walkTo(ctx context.Context, w *commitWalk, commits []string) error {
	oldest := w.shipped
	for reverted := range slices.Chunk(commits, maxRoots) {
		size := 1
		pages, err := r.roots(ctx, reverted, &size)
		if err != nil {
			return err
		}
		for _, page := range pages[:len(reverted)] {
			if page == nil {
				continue
			}
			for _, c := range page.Commit.History.Nodes {
				if committed := second(c.CommittedDate.Time); committed.Before(oldest) {
					oldest = committed
				}
			}
		}
	}
	if !oldest.Before(w.shipped) {
		return nil
	}
	w.extend(oldest)
	return r.walk(ctx, w)
}

// readHistory reads a page of one history.
func (r *reading) readHistory(ctx context.Context, w *commitWalk, s *commitStream, size *int) error {
	var q historyQuery
	variables := r.variables()
	variables["oid"] = githubv4.GitObjectID(s.root)
	if s.opened {
		variables["after"] = githubv4.NewString(githubv4.String(s.cursor))
	}
	if err := r.query(ctx, &q, variables, size); err != nil {
		return fmt.Errorf("reading the history of %s: %w", s.root, err)
	}
	if q.Repository.Object == nil {
		w.read(s, nil, "", false)
		return nil
	}
	return r.take(ctx, w, s, q.Repository.Object.Commit.History)
}

// readRoots reads the first page of several histories.
func (r *reading) readRoots(ctx context.Context, w *commitWalk, streams []*commitStream, size *int) error {
	roots := make([]string, len(streams))
	for i, s := range streams {
		roots[i] = s.root
	}
	pages, err := r.roots(ctx, roots, size)
	if err != nil {
		return err
	}
	for i, s := range streams {
		if pages[i] == nil {
			w.read(s, nil, "", false)
			continue
		}
		if err := r.take(ctx, w, s, pages[i].Commit.History); err != nil {
			return err
		}
	}
	return nil
}

// roots asks for the first commits of up to maxRoots histories, *size of each at most, which it sets as query does; nil
// stands for a root that GitHub does not have.
func (r *reading) roots(ctx context.Context, roots []string, size *int) ([maxRoots]*rootPage, error) {
	var q rootsQuery
	variables := r.variables()
	delete(variables, "after")
	setRoots(variables, roots)
	if err := r.query(ctx, &q, variables, size); err != nil {
		return q.pages(), fmt.Errorf("looking up commits %s: %w", strings.Join(roots, ", "), err)
	}
	return q.pages(), nil
}

// take hands a page of a history to the walk.
func (r *reading) take(ctx context.Context, w *commitWalk, s *commitStream, page connection[commitNode]) error {
	commits := make([]model.Commit, 0, len(page.Nodes))
	for i := range page.Nodes {
		if page.Nodes[i].OID == "" {
			// GitHub answers null for an element that it fails to show.
			continue
		}
		c, err := r.commit(ctx, &page.Nodes[i])
		if err != nil {
			return err
		}
		commits = append(commits, c)
	}
	w.read(s, commits, string(page.PageInfo.EndCursor), bool(page.PageInfo.HasNextPage))
	return nil
}

// commit is the commit of a node, with the parents and pull requests that did not fit beside it.
func (r *reading) commit(ctx context.Context, n *commitNode) (model.Commit, error) {
	c := model.Commit{
		SHA:       string(n.OID),
		Authored:  second(n.AuthoredDate.Time),
		Committed: second(n.CommittedDate.Time),
		Author:    n.author(),
		Message:   string(n.Message),
	}
	rest := func(parents, pulls githubv4.String) (*commitRestQuery, error) {
		var q commitRestQuery
		variables := r.variables()
		delete(variables, "after")
		variables["oid"] = githubv4.GitObjectID(n.OID)
		variables["parents"], variables["pulls"] = optional(parents), optional(pulls)
		size := nested
		if err := r.query(ctx, &q, variables, &size); err != nil {
			return nil, fmt.Errorf("reading commit %s: %w", n.OID, err)
		}
		if q.Repository.Object == nil {
			return nil, fmt.Errorf("reading commit %s: GitHub no longer has it", n.OID)
		}
		return &q, nil
	}
	parents, err := n.Parents.all(func(after githubv4.String) (connection[oid], error) {
		q, err := rest(after, "")
		if err != nil {
			return connection[oid]{}, err
		}
		return q.Repository.Object.Commit.Parents, nil
	})
	if err != nil {
		return c, err
	}
	for _, parent := range parents {
		c.Parents = append(c.Parents, string(parent.OID))
	}
	pulls, err := n.AssociatedPullRequests.all(func(after githubv4.String) (connection[commitPullRequest], error) {
		q, err := rest("", after)
		if err != nil {
			return connection[commitPullRequest]{}, err
		}
		return q.Repository.Object.Commit.AssociatedPullRequests, nil
	})
	if err != nil {
		return c, err
	}
	for _, pull := range pulls {
		if bool(pull.Merged) && r.isOwn(pull.Repository) {
			c.PullRequests = append(c.PullRequests, int(pull.Number))
		}
	}
	return c, nil
}

// optional is a cursor, null for an empty one.
func optional(cursor githubv4.String) *githubv4.String {
	if cursor == "" {
		return nil
	}
	return &cursor
}

// isOwn reports whether a name is that of the repository being read. GitHub compares names without regard to case.
func (r *reading) isOwn(name repositoryName) bool {
	return strings.EqualFold(string(name.NameWithOwner), r.repository.FullName())
}

// branchHead is a branch and the commit at its head as of the end of the window.
type branchHead struct {
	Name, SHA string
	Committed time.Time
}
