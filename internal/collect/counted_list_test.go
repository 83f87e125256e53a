package collect

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"kpi-gate/internal/githubsim"
	"kpi-gate/internal/model"
)

// sourceOnly asks for what one source has, of tags those that begin with a v.
func sourceOnly(source model.Source, until time.Time) Request {
	return Request{
		Reach: day(100), Until: until, Sources: []model.Source{source}, Deployed: succeeded,
		Tag: func(name string) bool { return name[0] == 'v' },
	}
}

// released are 250 releases, one a day, each of a tag of its own and of a commit of its own. Every fifth tag is not asked
// for.
func released() *githubsim.World {
	w := &githubsim.World{}
	for n := range 250 {
		name := fmt.Sprintf("v%d", n)
		if n%5 == 0 {
			name = fmt.Sprintf("nightly-%d", n)
		}
		w.Releases = append(w.Releases, githubsim.Release{
			TagName: name, OID: sha(1 + n), CreatedAt: day(n), PublishedAt: ptr(day(n)),
		})
		w.Tags = append(w.Tags, githubsim.Tag{Name: name, OID: sha(1 + n), Date: ptr(day(n))})
		w.Commits = append(w.Commits, githubsim.Commit{OID: sha(1 + n), AuthoredDate: day(n), CommittedDate: day(n)})
		if n > 0 {
			w.Commits[n].Parents = []string{sha(n)}
		}
	}
	slices.Reverse(w.Commits)
	return w
}

// changed is a copy of a world with other releases and tags.
func changed(change func(*githubsim.World)) *githubsim.World {
	w := released()
	change(w)
	return w
}

func TestReleasesAndTagsAgain(t *testing.T) {
	t.Parallel()
	const releases, tags = model.SourceReleases, model.SourceTags
	tests := []struct {
		name   string
		source model.Source
		then   func(*githubsim.World)
		// The first page and a question about the others are two requests, all pages of the list three.
		requests int
	}{
		{"nothing new", releases, func(*githubsim.World) {}, 2},
		{"a release", releases, func(w *githubsim.World) {
			w.Releases = append(w.Releases, githubsim.Release{
				TagName: "v250", OID: sha(250), CreatedAt: day(250), PublishedAt: ptr(day(250)),
			})
		}, 2},
		{"a draft is published", releases, func(w *githubsim.World) {
			w.Releases[11].IsDraft, w.Releases[11].PublishedAt = false, ptr(day(250))
		}, 2},
		{"a release is deleted", releases, func(w *githubsim.World) { w.Releases = slices.Delete(w.Releases, 30, 31) }, 2},
		// Its tag moves, and the release itself is not touched.
		{"the tag of a release moves", releases, func(w *githubsim.World) { w.Releases[21].OID = sha(200) }, 2},
		// It is not on the first page, so that the count does not come out.
		{"an old release comes back", releases, func(w *githubsim.World) {
			w.Releases = append(w.Releases, githubsim.Release{
				TagName: "v20.1", OID: sha(21), CreatedAt: day(20), PublishedAt: ptr(day(250)),
			})
		}, 4},
		{"nothing new", tags, func(*githubsim.World) {}, 2},
		{"a tag", tags, func(w *githubsim.World) {
			w.Tags = append(w.Tags, githubsim.Tag{Name: "v250", OID: sha(250), Date: ptr(day(250))})
		}, 2},
		{"a tag moves", tags, func(w *githubsim.World) { w.Tags[21] = githubsim.Tag{Name: w.Tags[21].Name, OID: sha(200)} }, 2},
		{"a tag is deleted", tags, func(w *githubsim.World) { w.Tags = slices.Delete(w.Tags, 31, 32) }, 2},
		// A tag that is not asked for goes, and one of an old commit comes: there are as many as before.
		{"a tag of an old commit", tags, func(w *githubsim.World) {
			w.Tags = slices.Delete(w.Tags, 30, 31)
			w.Tags = append(w.Tags, githubsim.Tag{Name: "v20.1", OID: sha(21), Date: ptr(day(20))})
		}, 4},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%s/%s", tt.source, tt.name), func(t *testing.T) {
			t.Parallel()
			first := changed(func(w *githubsim.World) {
				w.Releases[11].IsDraft, w.Releases[11].PublishedAt = true, nil
			})
			then := changed(func(w *githubsim.World) {
				w.Releases[11].IsDraft, w.Releases[11].PublishedAt = true, nil
				tt.then(w)
			})
			_, requests := readAgain(t, first, then, sourceOnly(tt.source, day(251)), sourceOnly(tt.source, day(252)),
				githubsim.Options{})
			if len(requests) != tt.requests {
				t.Errorf("%d requests, want %d\n%s", len(requests), tt.requests, asked(requests))
			}
		})
	}
}

// TestTagsUnconfirmed: where the token may not look up a tag by its ID, all pages are read.
func TestTagsUnconfirmed(t *testing.T) {
	t.Parallel()
	_, requests := readAgain(t, released(), released(), sourceOnly(model.SourceTags, day(251)),
		sourceOnly(model.SourceTags, day(252)),
		githubsim.Options{Faults: []githubsim.Fault{{Operation: "nodes", Skip: 1, Partial: &githubsim.PartialError{
			Path: []any{"nodes0", 3}, Type: "FORBIDDEN", Message: "Resource not accessible by integration",
		}}}})
	if len(requests) != 4 {
		t.Errorf("%d requests, want 4\n%s", len(requests), asked(requests))
	}
}

// TestCommitDatesRecalled: the committer date of a deployed commit comes from what an earlier reading knew, where the
// deployment is not read again.
func TestCommitDatesRecalled(t *testing.T) {
	t.Parallel()
	w := &githubsim.World{Deployments: []githubsim.Deployment{deployed(1, "production", day(10))}}
	r, _ := read(t, w, githubsim.Options{}, Request{Reach: day(5), Until: day(20)})
	r.earlier = &Archive{Snapshot: &model.Snapshot{Commits: []model.Commit{
		{SHA: sha(1), Committed: day(9)}, {SHA: sha(2), Committed: day(8)},
	}}}
	r.request.Sources = []model.Source{model.SourceDeployments}
	deployed := r.sources(context.Background(), &model.Snapshot{})
	if len(deployed) != 1 || !deployed[0].Committed.Equal(day(9)) {
		t.Errorf("deployed commits %+v", deployed)
	}
}
