package collect

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kpi-gate/internal/githubsim"
	"kpi-gate/internal/model"
)

// shippedLate is small with pull request 1, merged on day 12 and shipped on day 13, and the issues that it resolved: 5
// by a keyword and 6 by hand. It also names issue 77, which there is not.
func shippedLate() *githubsim.World {
	w := small()
	w.Deployments = append(w.Deployments, deployed(1, "production", day(5)))
	w.Pulls[0].Body = "Fixes #5. Closes #1. Fixes #77, reverts o/r#88."
	w.Pulls[0].ClosingIssues = []int{5, 6}
	for _, number := range []int{5, 6, 7} {
		issue := closedIssue(number, 12)
		issue.IssueType = "Bug"
		w.Issues = append(w.Issues, issue)
	}
	return w
}

// lookups are those of the requests that look items up by their numbers.
func (w *warmth) lookups() []string {
	return slices.DeleteFunc(w.asked(), func(what string) bool {
		return !slices.Contains([]string{"issue", "pullRequest", "closing", "milestone"}, what)
	})
}

// TestWarmBrought: what was last touched before the reach and is pointed at comes from the earlier reading, and what is
// not there is not looked for again.
func TestWarmBrought(t *testing.T) {
	t.Parallel()
	touched := day(20).Add(1)
	tests := map[string]struct {
		change  func(*githubsim.World)
		lookups []string
		issues  []int
	}{
		"nothing": {change: func(*githubsim.World) {}, issues: []int{2, 5, 6}},
		// Touched, it is in the list.
		"an older issue is touched": {
			change: func(w *githubsim.World) { issueOf(w, 5).UpdatedAt, issueOf(w, 5).Title = &touched, "Edited" },
			issues: []int{2, 5, 6},
		},
		// That is asked which issues it closes, and so has to read one that it did not close before.
		"the pull request names another": {
			change: func(w *githubsim.World) {
				w.Pulls[0].Body, w.Pulls[0].UpdatedAt = "Fixes #5, fixes #7, fixes #77", &touched
			},
			lookups: []string{"closing", "issue"}, issues: []int{2, 5, 6, 7},
		},
		"what there was not is opened": {
			change: func(w *githubsim.World) {
				w.Issues = append(w.Issues, githubsim.Issue{Number: 77, State: "OPEN", CreatedAt: touched})
			},
			issues: []int{2, 5, 6, 77},
		},
		"a newer pull request names an old issue": {
			change: func(w *githubsim.World) {
				w.Pulls = append(w.Pulls, githubsim.Pull{
					Number: 90, State: "OPEN", Body: "closes #7", BaseRefName: "main", CreatedAt: touched, UpdatedAt: &touched,
				})
			},
			lookups: []string{"closing", "issue"}, issues: []int{2, 5, 6, 7},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before, after := shippedLate(), shippedLate()
			tt.change(after)
			req := everything()
			req.Reach, req.IssueTypes = day(13), true
			w := warm(t, before, after, req)
			if diff := cmp.Diff(tt.issues, issueNumbers(w.Issues)); diff != "" || len(w.Gaps) > 0 {
				t.Errorf("issues (-want +got):\n%s\ngaps %+v", diff, w.Gaps)
			}
			if diff := cmp.Diff(tt.lookups, w.lookups(), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("lookups (-want +got):\n%s", diff)
			}
		})
	}
}

// linked is a repository with issue 12, which nobody touches, and pull request 1 that it is linked to.
func linked() *githubsim.World {
	issue, pull := closedIssue(12, 60), openPull(1, 60)
	issue.State, issue.StateReason, issue.ClosedAt = "OPEN", "", nil
	issue.ClosedByPulls = []int{1}
	return &githubsim.World{
		Repo:   githubsim.Repo{Owner: "o", Name: "r", DefaultBranch: "main"},
		Issues: []githubsim.Issue{issue}, Pulls: []githubsim.Pull{pull},
	}
}

// TestWarmLinks changes a pull request that is linked to an issue without touching the issue.
func TestWarmLinks(t *testing.T) {
	t.Parallel()
	touched := day(100).Add(1)
	merge := func(w *githubsim.World) {
		p := pullOf(w, 1)
		p.State, p.MergedAt, p.ClosedAt, p.UpdatedAt, p.MergeCommit = "MERGED", &touched, &touched, &touched, sha(9)
	}
	tests := map[string]struct {
		change  func(*githubsim.World)
		without func(*Request)
		lookups []string
		want    []model.Link
	}{
		"nothing": {
			change: func(*githubsim.World) {},
			want:   []model.Link{{Number: 1, Author: model.Actor{Login: "mona"}, Created: day(1)}},
		},
		"it is merged": {
			change: merge, lookups: []string{"closing", "issue"},
			want: []model.Link{{
				Number: 1, Author: model.Actor{Login: "mona"}, Created: day(1), Merged: second(touched), MergeCommit: sha(9),
			}},
		},
		"it is merged, and pull requests are not read": {
			change: merge, without: func(req *Request) { req.PullRequests = false }, lookups: []string{"issue"},
			want: []model.Link{{
				Number: 1, Author: model.Actor{Login: "mona"}, Created: day(1), Merged: second(touched), MergeCommit: sha(9),
			}},
		},
		"it is edited so that it names the issue no more": {
			change: func(w *githubsim.World) {
				issueOf(w, 12).ClosedByPulls, pullOf(w, 1).UpdatedAt = nil, &touched
			},
			lookups: []string{"closing", "issue"},
		},
		"links are not asked for": {
			change: merge, without: func(req *Request) { req.Links = false },
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before, after := linked(), linked()
			tt.change(after)
			req := listRequest()
			if tt.without != nil {
				tt.without(&req)
			}
			w := warm(t, before, after, req)
			if diff := cmp.Diff(tt.want, w.Issues[0].Links); diff != "" || len(w.Gaps) > 0 {
				t.Errorf("links (-want +got):\n%s\ngaps %+v", diff, w.Gaps)
			}
			if diff := cmp.Diff(tt.lookups, w.lookups(), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("lookups (-want +got):\n%s", diff)
			}
		})
	}
}

// TestForeignLinks: whether a pull request of another repository was merged meanwhile, only the issue tells.
func TestForeignLinks(t *testing.T) {
	t.Parallel()
	foreign := model.Link{Repository: "a/b", Number: 4}
	merged := foreign
	merged.Merged = day(70)
	for name, tt := range map[string]struct {
		link model.Link
		want []int
	}{"open": {foreign, []int{12}}, "merged": {merged, nil}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, _ := read(t, linked(), githubsim.Options{}, listRequest())
			r.items.since = day(99)
			s := &model.Snapshot{Issues: []model.Issue{{Number: 12, Links: []model.Link{tt.link}}}}
			got, err := r.linkedSince(context.Background(), s)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("issues (-want +got):\n%s", diff)
			}
		})
	}
}

// TestWarmOtherWants: what an earlier reading left serves a later one that asks for less, and not one that asks for
// more.
func TestWarmOtherWants(t *testing.T) {
	t.Parallel()
	all := listRequest()
	bare := listRequest()
	bare.Reviews, bare.Comments, bare.Links, bare.Paths, bare.IssueTypes = false, false, false, false, false
	bare.Incident = nil
	for name, tt := range map[string]struct {
		first, then Request
		requests    int
	}{
		"less": {all, bare, len(lists)},
		// Two pages of each list, the open ones, the types of both, a past incident; the alerts are known.
		"more": {bare, all, 2 + 2*3 + 2 + 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.first.Archive = &Archive{}
			collectOn(t, listWorld(), tt.first)
			tt.then.Until = tt.then.Until.AddDate(0, 0, 1)
			w := warmed(t, tt.first.Archive, listWorld(), tt.then)
			if len(w.requests) != tt.requests || len(w.Gaps) > 0 {
				t.Errorf("%d requests, want %d: %v\ngaps %+v", len(w.requests), tt.requests, w.asked(), w.Gaps)
			}
		})
	}
}

// TestWarmFails: where a list cannot be read, what is known of it is told with a Gap, and kept for the next time.
func TestWarmFails(t *testing.T) {
	t.Parallel()
	req := listRequest()
	req.Archive = &Archive{}
	collectOn(t, listWorld(), req)
	s, _ := collectOn(t, listWorld(), req, githubsim.Fault{
		Operation: "stateReason", Times: -1, Body: `{"data":null,"errors":[{"type":"INTERNAL","message":"gone wrong"}]}`,
	})
	for _, feed := range []model.Feed{model.Issues, model.Comments, model.Links} {
		if gap, ok := gapOf(s, feed); !ok || !gap.Partial {
			t.Errorf("gap of %s: %+v, want a partial one", feed, gap)
		}
	}
	if _, ok := gapOf(s, model.PullRequests); ok || len(s.Issues) != 114 {
		t.Errorf("%d issues, gaps %+v", len(s.Issues), s.Gaps)
	}
	after := listWorld()
	touched := day(100).Add(1)
	issueOf(after, 50).Title, issueOf(after, 50).UpdatedAt = "Edited", &touched
	req.Until = req.Until.AddDate(0, 0, 1)
	w := warmed(t, req.Archive, after, req)
	// The type of the edited one. The past incident is known, although it was not looked for when the issues failed.
	if len(w.requests) != len(lists)+1 || len(w.Gaps) > 0 {
		t.Errorf("requests %v, gaps %+v", w.asked(), w.Gaps)
	}
}
