package collect

import (
	"context"
	"fmt"
	"time"

	"kpi-gate/internal/model"
)

// deployedCommit is a commit that a successful production deployment put into place.
type deployedCommit struct {
	SHA string
	// Finished is when the deployment succeeded, Committed the commit's committer date (zero where the source does not
	// tell it).
	Finished, Committed time.Time
	// BeforeReach is true when it finished before the request's Reach: what it reaches has shipped already.
	BeforeReach bool
}

// sources reads the deployment sources into s, in turn, until one is enough. It returns what the source that reading
// stopped at deployed, in order of finish then ID; where none was enough, the first source's that deployed anything.
func (r *reading) sources(ctx context.Context, s *model.Snapshot) []deployedCommit {
	var first []deployedCommit
	for _, source := range r.request.Sources {
		deployed, whole := r.source(ctx, s, source)
		if r.interrupted() != nil {
			return nil
		}
		if !whole || r.request.Enough == nil || r.request.Enough(s, source) {
			return deployed
		}
		if len(first) == 0 {
			first = deployed
		}
	}
	return first
}

// source reads one deployment source into s and reports whether it could be read whole.
func (r *reading) source(ctx context.Context, s *model.Snapshot, source model.Source) ([]deployedCommit, bool) {
	var (
		feed model.Feed
		read int
		err  error
	)
	switch source {
	case model.SourceDeployments:
		feed = model.Deployments
		s.Deployments, err = r.deployments(ctx)
		read = len(s.Deployments)
	case model.SourceWorkflow:
		feed = model.DeployRuns
		s.Runs, err = r.deployRuns(ctx)
		read = len(s.Runs)
	case model.SourceReleases:
		feed = model.Releases
		s.Releases, err = r.releases(ctx)
		read = len(s.Releases)
	case model.SourceTags:
		feed = model.Tags
		s.Tags, err = r.tags(ctx)
		read = len(s.Tags)
	case model.SourceMerges:
		// Every commit on the production line is a deployment: the commits are the feed.
		r.merges = true
		return nil, true
	default:
		feed, err = model.Deployments, fmt.Errorf("unknown deployment source %q", source)
	}
	r.end(feed, read, err)
	return r.deployed(s, source), err == nil
}

// deployed are the commits that a source's deployments put into place, in order. A deployment whose commit GitHub does
// not name has none.
func (r *reading) deployed(s *model.Snapshot, source model.Source) []deployedCommit {
	if r.request.Deployed == nil {
		return nil
	}
	deployed := r.request.Deployed(s, source)
	r.recallCommitDates(deployed)
	var commits []deployedCommit
	for _, d := range deployed {
		if d.SHA != "" {
			commits = append(commits, deployedCommit{
				SHA: d.SHA, Finished: d.Finished, Committed: r.committed[d.SHA],
				BeforeReach: d.Finished.Before(r.request.Reach),
			})
		}
	}
	return commits
}

// recallCommitDates notes the committer dates of deployed commits that only an earlier reading was told.
func (r *reading) recallCommitDates(deployed []Deployed) {
	if r.earlier == nil {
		return
	}
	missing := map[string]bool{}
	for _, d := range deployed {
		missing[d.SHA] = r.committed[d.SHA].IsZero()
	}
	for _, facts := range []*model.Snapshot{r.earlier.Snapshot, r.earlier.Retained} {
		if facts == nil {
			continue
		}
		for i := range facts.Commits {
			if c := &facts.Commits[i]; missing[c.SHA] {
				r.commitDate(c.SHA, c.Committed)
			}
		}
	}
}

// commitDate notes a deployed commit's committer date.
func (r *reading) commitDate(sha string, at time.Time) {
	if sha != "" && !at.IsZero() {
		r.committed[sha] = at
	}
}
