package collect

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/github"
	"kpi-gate/internal/model"
)

const (
	// historySize is how many commits are asked for at a time.
	historySize = 100
	// rootsSize is how many commits of all roots together are asked for at a time, leastRoot how many of each at least:
	// most join the history of a branch within as many.
	rootsSize, leastRoot = 200, 10
)

// commitReading is the reading of the commits. What belongs to it is used by one goroutine at a time.
type commitReading struct {
	walk     *commitWalk
	branches []model.Branch
	known    knownCommits
	// looked are the commits that were looked up by themselves, found or not.
	looked map[string]bool
	// history and roots are how many commits to ask for at a time, of one history and of all roots together.
	history, roots int
	// begun is closed when the branches have been read, err what kept them from being read.
	begun chan struct{}
	err   error
}

// beginCommits begins to read the production branches back to the reach, which does not depend on what was deployed:
// the chain of their pages takes the longest. It has ended when begun is closed.
func (r *reading) beginCommits(ctx context.Context) *commitReading {
	c := &commitReading{
		looked: map[string]bool{}, history: historySize, roots: rootsSize, begun: make(chan struct{}),
	}
	r.commitReading = c
	go func() {
		defer close(c.begun)
		c.err = r.readBranches(ctx, c)
	}()
	return c
}

// readBranches reads the production branches' heads, and their histories back to the reach.
func (r *reading) readBranches(ctx context.Context, c *commitReading) error {
	c.known = r.knownCommits()
	heads, err := r.heads(ctx, c.known)
	if err != nil {
		return fmt.Errorf("listing branches: %w", err)
	}
	for _, head := range heads {
		c.branches = append(c.branches, model.Branch{Name: head.Name, Head: head.SHA})
	}
	c.walk = newCommitWalk(second(r.request.Reach), heads, c.known)
	return r.walk(ctx, c)
}

// commits gives the production branches' heads, and of the commit graph what tells which changes each deployment
// shipped:
//   - every commit that a branch's head or a deployed commit reaches and no commit deployed before the reach does;
//   - the branches back to the reach, or only that where nothing was deployed;
//   - the way between any two deployed commits of which one may lie behind the other.
//
// What lies beyond may be there too. What finished at the end of the window or later does not count. deployed is in
// order of finish. A deployed commit that GitHub no longer has is left out: the deployment keeps its SHA.
func (r *reading) commits(
	ctx context.Context, c *commitReading, deployed []deployedCommit,
) ([]model.Branch, []model.Commit, error) {
	defer r.tell(model.Commits, 0, 0, true)
	<-c.begun
	if c.walk == nil {
		return nil, nil, c.err
	}
	err := c.err
	if err == nil {
		err = r.readShipped(ctx, c, deployed)
	}
	commits := c.walk.commits()
	r.reuse(c.walk.graph.taken)
	return c.branches, commits, err
}

// readShipped reads on to what tells what was shipped.
func (r *reading) readShipped(ctx context.Context, c *commitReading, deployed []deployedCommit) error {
	if !r.request.Until.IsZero() {
		deployed = slices.DeleteFunc(slices.Clone(deployed), func(d deployedCommit) bool {
			return !d.Finished.Before(r.request.Until)
		})
	}
	c.walk.ship(deployed, len(r.request.Sources) > 0 && r.request.Sources[0] == model.SourceMerges)
	if err := r.walk(ctx, c); err != nil {
		return err
	}
	r.walked, r.shippable, r.undone = c.walk, c.walk.brought(), c.walk.reverted()
	if !r.whole() {
		return nil
	}
	return r.walkTo(ctx, slices.DeleteFunc(slices.Clone(r.undone), func(sha string) bool {
		return c.walk.graph.commit(sha) != nil
	}))
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
func (r *reading) walk(ctx context.Context, c *commitReading) error {
	w := c.walk
	for {
		streams := w.next()
		if len(streams) == 0 {
			return nil
		}
		if roots := w.staleRoots(streams); len(roots) > 0 {
			if err := r.askReached(ctx, c, roots); err != nil {
				return err
			}
			continue
		}
		if loose := w.loose(); len(loose) > 0 {
			if err := r.askReached(ctx, c, loose); err != nil {
				return err
			}
			continue
		}
		var err error
		if len(streams) == 1 && (streams[0].opened || streams[0].branch) {
			err = r.readHistory(ctx, c, streams[0])
		} else {
			err = r.readRoots(ctx, c, streams)
		}
		if err != nil {
			return err
		}
		if err := r.askReached(ctx, c, w.stale(streams)); err != nil {
			return err
		}
		r.tell(model.Commits, len(w.graph.nodes), 0, false)
	}
}

// walkTo reads on to commits that what shipped since the reach reverts, so that the deployments that shipped those can
// be told. Reverts among what is read then are of no interest: they shipped before the reach.
func (r *reading) walkTo(ctx context.Context, commits []string) error {
	c := r.commitReading
	reverted, err := r.lookUp(ctx, c, commits)
	if err != nil {
		return err
	}
	oldest := c.walk.shipped
	for _, commit := range reverted {
		if commit != nil && commit.Committed.Before(oldest) {
			oldest = commit.Committed
		}
	}
	if !oldest.Before(c.walk.shipped) {
		return nil
	}
	c.walk.extend(oldest)
	return r.walk(ctx, c)
}

// readHistory reads a page of one history.
func (r *reading) readHistory(ctx context.Context, c *commitReading, s *commitStream) error {
	var q historyQuery
	variables := r.variables()
	variables["oid"] = githubv4.GitObjectID(s.root)
	if s.opened {
		variables["after"] = githubv4.NewString(githubv4.String(s.cursor))
	}
	if err := r.query(ctx, &q, variables, &c.history); err != nil {
		return fmt.Errorf("reading the history of %s: %w", s.root, err)
	}
	if q.Repository.Object == nil {
		c.walk.read(s, nil, "", false)
		return nil
	}
	return r.take(ctx, c.walk, s, q.Repository.Object.Commit.History)
}

// readRoots reads the first page of several histories.
func (r *reading) readRoots(ctx context.Context, c *commitReading, streams []*commitStream) error {
	roots := make([]string, len(streams))
	for i, s := range streams {
		roots[i] = s.root
	}
	asked := min(max(c.roots/len(roots), leastRoot), c.history)
	if !slices.ContainsFunc(streams, func(s *commitStream) bool { return !s.short }) {
		asked = min(leastRoot, asked)
	}
	size := asked
	pages, err := r.roots(ctx, roots, &size)
	if size < asked {
		c.roots = size * len(roots)
	}
	if err != nil {
		return err
	}
	for i, s := range streams {
		if pages[i] == nil {
			c.walk.read(s, nil, "", false)
			continue
		}
		if err := r.take(ctx, c.walk, s, pages[i].Commit.History); err != nil {
			return err
		}
	}
	return nil
}

// roots asks for the first commits of up to maxRoots histories, *size of each at most, which it sets as query does; nil
// stands for a root that GitHub does not have. Where one commit of each is too much, it asks in halves.
func (r *reading) roots(ctx context.Context, roots []string, size *int) ([]*rootPage, error) {
	q := newRootsQuery(len(roots))
	variables := r.variables()
	delete(variables, "after")
	for i, root := range roots {
		variables[fmt.Sprintf("oid%d", i)] = githubv4.GitObjectID(root)
	}
	err := r.query(ctx, q.query.Interface(), variables, size)
	var tooMuch *github.TimeoutError
	switch {
	case errors.As(err, &tooMuch) && len(roots) > 1:
		half := len(roots) / 2
		first, err := r.roots(ctx, roots[:half], size)
		if err != nil {
			return nil, err
		}
		last, err := r.roots(ctx, roots[half:], size)
		return append(first, last...), err
	case err != nil:
		return nil, fmt.Errorf("looking up commits %s: %w", strings.Join(roots, ", "), err)
	}
	return q.pages(), nil
}

// find is a commit that was known, or looked up before; nil where there is none.
func (c *commitReading) find(sha string) *model.Commit {
	if commit := c.walk.graph.commit(sha); commit != nil {
		return commit
	}
	if commit := c.known.commits[sha]; commit != nil {
		return commit
	}
	return c.known.looked[sha]
}

// lookUp finds commits by themselves, without what they reach; nil stands for one that GitHub does not have.
func (r *reading) lookUp(ctx context.Context, c *commitReading, shas []string) ([]*model.Commit, error) {
	var missing []string
	for _, sha := range shas {
		c.looked[sha] = true
		if c.find(sha) == nil && !c.known.gone[sha] {
			missing = append(missing, sha)
		}
	}
	for chunk := range slices.Chunk(missing, maxRoots) {
		size := 1
		pages, err := r.roots(ctx, chunk, &size)
		if err != nil {
			return nil, err
		}
		for i, sha := range chunk {
			if pages[i] == nil || len(pages[i].Commit.History.Nodes) == 0 {
				c.known.gone[sha] = true
				continue
			}
			commit, err := r.commit(ctx, &pages[i].Commit.History.Nodes[0])
			if err != nil {
				return nil, err
			}
			c.known.looked[sha] = &commit
		}
	}
	found := make([]*model.Commit, len(shas))
	for i, sha := range shas {
		found[i] = c.find(sha)
	}
	return found, nil
}

// take hands a page of a history to the walk.
func (r *reading) take(ctx context.Context, w *commitWalk, s *commitStream, page connection[commitNode]) error {
	commits := make([]model.Commit, 0, len(page.Nodes))
	for i := range page.Nodes {
		if page.Nodes[i].OID == "" {
			// GitHub answers null for an element that it fails to show. What that reaches would count as not there.
			return fmt.Errorf("reading the history of %s: GitHub left out one of its commits; try again", s.root)
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
