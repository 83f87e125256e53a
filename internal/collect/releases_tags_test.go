package collect

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kpi-gate/internal/githubsim"
	"kpi-gate/internal/model"
)

func ptr[T any](v T) *T { return &v }

func TestReleases(t *testing.T) {
	t.Parallel()
	w := &githubsim.World{
		Commits: []githubsim.Commit{
			{OID: sha(2), Parents: []string{sha(1)}, AuthoredDate: day(2), CommittedDate: day(2)},
			{OID: sha(1), AuthoredDate: day(1), CommittedDate: day(1)},
		},
		Releases: []githubsim.Release{
			{TagName: "v1", OID: sha(1), CreatedAt: day(1), PublishedAt: ptr(day(20)), Author: ptr("ann")},
			{TagName: "v2", OID: sha(2), CreatedAt: day(2), PublishedAt: ptr(day(10))},
			{TagName: "v3-rc1", OID: sha(2), CreatedAt: day(3), PublishedAt: ptr(day(11)), IsPrerelease: true},
			{TagName: "v3", CreatedAt: day(4), IsDraft: true},
		},
	}
	r, _ := read(t, w, githubsim.Options{}, Request{
		Reach: day(15), Until: day(30), Sources: []model.Source{model.SourceReleases},
	})
	s := &model.Snapshot{}
	commits := r.sources(context.Background(), s)
	got := map[string]model.Release{}
	for _, release := range s.Releases {
		if release.ID == 0 || release.NodeID == "" || release.URL == "" {
			t.Errorf("release %s without IDs or URL: %+v", release.Tag, release)
		}
		release.ID, release.NodeID, release.URL = 0, "", ""
		got[release.Tag] = release
	}
	want := map[string]model.Release{
		"v1": {Tag: "v1", SHA: sha(1), Published: day(20), Updated: day(20), Author: model.Actor{Login: "ann"}},
		// No author is shown: a deleted account, or a bot. Neither is said.
		"v2":     {Tag: "v2", SHA: sha(2), Published: day(10), Updated: day(10)},
		"v3-rc1": {Tag: "v3-rc1", SHA: sha(2), Published: day(11), Updated: day(11), Prerelease: true},
		"v3":     {Tag: "v3", Updated: day(4), Draft: true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("releases (-want +got):\n%s", diff)
	}
	// Publication decides, not creation: v2 came before v1, and before Reach.
	wantCommits := []deployedCommit{
		{SHA: sha(2), Finished: day(10), Committed: day(2), BeforeReach: true},
		{SHA: sha(1), Finished: day(20), Committed: day(1)},
	}
	if diff := cmp.Diff(wantCommits, commits); diff != "" {
		t.Errorf("deployed commits (-want +got):\n%s", diff)
	}
}

func TestTags(t *testing.T) {
	t.Parallel()
	w := &githubsim.World{
		Commits: []githubsim.Commit{{OID: sha(1), AuthoredDate: day(1), CommittedDate: day(1)}},
		Tags: []githubsim.Tag{
			{Name: "v1", OID: sha(1)},                         // lightweight
			{Name: "v1.1", OID: sha(1), Date: ptr(day(5))},    // annotated
			{Name: "nightly", OID: sha(1), Date: ptr(day(6))}, // not asked for
		},
	}
	for n := range 130 {
		w.Tags = append(w.Tags, githubsim.Tag{Name: fmt.Sprintf("old-%03d", n), OID: sha(1)})
	}
	asked := only("v1", "v1.1")
	r, requests := read(t, w, githubsim.Options{}, Request{
		Reach: day(3), Until: day(30), Sources: []model.Source{model.SourceTags}, Tag: asked,
	})
	var told []string
	r.progress = func(feed model.Feed, read, total int, done bool) {
		told = append(told, fmt.Sprintf("%s %d/%d %t", feed, read, total, done))
	}
	s := &model.Snapshot{}
	commits := r.sources(context.Background(), s)
	arrange(s)
	for i := range s.Tags {
		if s.Tags[i].NodeID == "" {
			t.Errorf("tag %s has no global ID", s.Tags[i].Name)
		}
		s.Tags[i].NodeID = ""
	}
	want := []model.Tag{{Name: "v1", SHA: sha(1), Date: day(1)}, {Name: "v1.1", SHA: sha(1), Date: day(5)}}
	if diff := cmp.Diff(want, s.Tags); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
	wantCommits := []deployedCommit{
		{SHA: sha(1), Finished: day(1), Committed: day(1), BeforeReach: true},
		{SHA: sha(1), Finished: day(5), Committed: day(1)},
	}
	if diff := cmp.Diff(wantCommits, commits); diff != "" {
		t.Errorf("deployed commits (-want +got):\n%s", diff)
	}
	// 133 tags are two pages.
	if got := requests(); got != 2 {
		t.Errorf("%d requests, want 2", got)
	}
	wantTold := []string{"tags 100/133 false", "tags 133/133 false", "tags 133/133 true"}
	if diff := cmp.Diff(wantTold, told); diff != "" {
		t.Errorf("progress (-want +got):\n%s", diff)
	}
}

func TestPeel(t *testing.T) {
	t.Parallel()
	type inner = struct {
		Commit taggedCommit `graphql:"... on Commit"`
	}
	var nested tagTarget
	nested.Tag.Target = &struct {
		Commit taggedCommit `graphql:"... on Commit"`
		Tag    struct {
			Target *struct {
				Commit taggedCommit `graphql:"... on Commit"`
			}
		} `graphql:"... on Tag"`
	}{}
	nested.Tag.Target.Tag.Target = &inner{Commit: taggedCommit{OID: "c"}}
	if commit, tagged := nested.peel(); commit.OID != "c" || !tagged.Equal(time.Time{}) {
		t.Errorf("tag of a tag of c without a tagger: %q at %v", commit.OID, tagged)
	}
	var missing *tagTarget
	if commit, _ := missing.peel(); commit.OID != "" {
		t.Errorf("a ref without a target: %q", commit.OID)
	}
}
