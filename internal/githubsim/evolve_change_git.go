package githubsim

import (
	"fmt"
	"slices"
	"time"
)

// ForcePush replaces the commits of an open pull request, where the world names them, by one that is written then on
// the same base. The old ones stay, as GitHub keeps them, but no branch reaches them.
func ForcePush(number int, at time.Time) Change {
	return change(at, func(w *World) {
		p := w.pull(number)
		if p == nil || p.State != "OPEN" || len(p.CommitOIDs)+len(p.Commits.List) == 0 {
			return
		}
		replaced := ""
		if len(p.CommitOIDs) > 0 {
			replaced = p.CommitOIDs[0]
		} else {
			replaced = p.Commits.List[0].OID
		}
		pushed := PullCommit{
			OID:          objectID(fmt.Sprintf("force-push %d %d", number, at.UnixNano())),
			AuthoredDate: at, CommittedDate: at, MessageHeadline: p.Title,
		}
		if p.HeadRefOID == pushed.OID {
			return
		}
		elsewhere := false
		c := Commit{
			OID: pushed.OID, AuthoredDate: at, CommittedDate: at, Author: p.Author, AuthorType: p.AuthorType,
			MessageHeadline: p.Title, OnDefaultBranch: &elsewhere,
		}
		if old := w.commit(replaced); old != nil {
			c.Parents = old.Parents
		}
		w.Commits = grown(w.Commits, c)
		for i := range w.Branches {
			if b := &w.Branches[i]; b.Name == p.HeadRefName && b.Name != w.Repo.DefaultBranch {
				b.OID = pushed.OID
			}
		}
		touched := later(updatedPull(p), at)
		setCommits(p, []PullCommit{pushed})
		p.UpdatedAt = &touched
	}, "the branch of #%d is pushed by force", number)
}

// MoveTag moves a tag to another commit. What is a release's commit follows from its tag, so that it changes without
// touching the release.
func MoveTag(name, oid string, at time.Time) Change {
	return change(at, func(w *World) {
		for i := range w.Tags {
			t := &w.Tags[i]
			if t.Name != name {
				continue
			}
			// A tag without an object of its own has no date but its commit's.
			annotated := t.Date != nil
			if old := w.commit(t.OID); annotated && old != nil {
				annotated = !t.Date.Equal(old.CommittedDate)
			}
			t.OID, t.Date = oid, nil
			if annotated {
				t.Date = &at
			}
		}
		for i := range w.Releases {
			if r := &w.Releases[i]; r.TagName == name && r.OID != "" {
				r.OID = oid
			}
		}
	}, "tag %s moves to %s", name, short(oid))
}

// DeleteTag deletes a tag; a release of it stays.
func DeleteTag(name string, at time.Time) Change {
	return change(at, func(w *World) {
		w.Tags = slices.DeleteFunc(w.Tags, func(t Tag) bool { return t.Name == name })
	}, "tag %s is deleted", name)
}

// PublishRelease publishes a draft, and makes its tag at a commit where there is none.
func PublishRelease(tag, oid string, at time.Time) Change {
	return change(at, func(w *World) {
		for i := range w.Releases {
			r := &w.Releases[i]
			if r.TagName != tag || !r.IsDraft {
				continue
			}
			r.IsDraft, r.PublishedAt, r.UpdatedAt, r.OID = false, &at, &at, oid
			if j := slices.IndexFunc(w.Tags, func(t Tag) bool { return t.Name == tag }); j >= 0 {
				r.OID = w.Tags[j].OID
			} else {
				w.Tags = grown(w.Tags, Tag{Name: tag, OID: oid, Date: &at})
			}
		}
	}, "release %s is published", tag)
}

// DeleteRelease deletes a release; its tag stays.
func DeleteRelease(tag string, at time.Time) Change {
	return change(at, func(w *World) {
		w.Releases = slices.DeleteFunc(w.Releases, func(r Release) bool { return r.TagName == tag })
	}, "release %s is deleted", tag)
}
