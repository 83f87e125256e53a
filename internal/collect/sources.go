package collect

import (
	"cmp"
	"context"
	"fmt"
	"slices"
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
		if ctx.Err() != nil {
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
		feed     model.Feed
		read     int
		err      error
		deployed []finish
	)
	switch source {
	case model.SourceDeployments:
		feed = model.Deployments
		s.Deployments, err = r.deployments(ctx)
		read, deployed = len(s.Deployments), deploymentFinishes(s.Deployments)
	case model.SourceWorkflow:
		feed = model.DeployRuns
		s.Runs, err = r.deployRuns(ctx)
		read, deployed = len(s.Runs), runFinishes(s.Runs)
	case model.SourceReleases:
		feed = model.Releases
		s.Releases, err = r.releases(ctx)
		read, deployed = len(s.Releases), releaseFinishes(s.Releases)
	case model.SourceTags:
		feed = model.Tags
		s.Tags, err = r.tags(ctx)
		read, deployed = len(s.Tags), tagFinishes(s.Tags)
	case model.SourceMerges:
		// Every commit on the production line is a deployment: the commits are the feed.
		return nil, true
	default:
		feed, err = model.Deployments, fmt.Errorf("unknown deployment source %q", source)
	}
	r.end(feed, read, err)
	return r.deployedCommits(deployed), err == nil
}

// finish is a successful deployment of any source, with what orders it among others: the ID or, for tags, the name.
type finish struct {
	sha  string
	at   time.Time
	id   int64
	name string
	// environment is set for the sources of which only each environment's last finish before Reach counts.
	environment string
}

// deployedCommits are the commits of the finishes, in their order. A finish whose commit GitHub does not name is no
// deployed commit.
func (r *reading) deployedCommits(finishes []finish) []deployedCommit {
	slices.SortFunc(finishes, func(a, b finish) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.id, b.id), cmp.Compare(a.name, b.name))
	})
	before := map[string]int{}
	for i, f := range finishes {
		if f.environment != "" && f.at.Before(r.request.Reach) {
			before[f.environment] = i
		}
	}
	var commits []deployedCommit
	for i, f := range finishes {
		// What was rolled back before the reach can ship again.
		superseded := f.environment != "" && f.at.Before(r.request.Reach) && before[f.environment] != i
		if f.sha == "" || superseded {
			continue
		}
		commits = append(commits, deployedCommit{
			SHA: f.sha, Finished: f.at, Committed: r.committed[f.sha], BeforeReach: f.at.Before(r.request.Reach),
		})
	}
	return commits
}

// deploymentFinishes are the deployments that ever succeeded. A later INACTIVE only marks one that was superseded, so
// the first SUCCESS is when it finished (https://docs.github.com/en/graphql/reference/enums#deploymentstatusstate).
func deploymentFinishes(deployments []model.Deployment) []finish {
	var finishes []finish
	for _, d := range deployments {
		if at := d.First("SUCCESS"); !at.IsZero() {
			finishes = append(finishes, finish{sha: d.SHA, at: at, id: d.ID, environment: d.Environment})
		}
	}
	return finishes
}

// runFinishes are the deploy runs that succeeded.
func runFinishes(runs []model.Run) []finish {
	var finishes []finish
	for _, run := range runs {
		if run.Conclusion == "success" {
			finishes = append(finishes, finish{sha: run.SHA, at: run.Updated, id: run.ID, environment: run.Workflow})
		}
	}
	return finishes
}

// releaseFinishes are the published releases that are no pre-releases.
func releaseFinishes(releases []model.Release) []finish {
	var finishes []finish
	for _, release := range releases {
		if !release.Draft && !release.Prerelease && !release.Published.IsZero() {
			finishes = append(finishes, finish{sha: release.SHA, at: release.Published, id: release.ID})
		}
	}
	return finishes
}

// tagFinishes are all tags: which of them count was decided when they were read.
func tagFinishes(tags []model.Tag) []finish {
	var finishes []finish
	for _, tag := range tags {
		if !tag.Date.IsZero() {
			finishes = append(finishes, finish{sha: tag.SHA, at: tag.Date, name: tag.Name})
		}
	}
	return finishes
}

// commitDate notes a deployed commit's committer date.
func (r *reading) commitDate(sha string, at time.Time) {
	if sha != "" && !at.IsZero() {
		r.committed[sha] = at
	}
}
