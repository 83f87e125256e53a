package collect

import (
	"bytes"
	"context"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kpi-gate/internal/github"
	"kpi-gate/internal/githubsim"
	"kpi-gate/internal/model"
)

// tester is a test, or a property that is tested.
type tester interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Cleanup(func())
}

// collectOn reads a repository as it is at the end of the request's window, with a clock that stands there.
func collectOn(
	t tester, w *githubsim.World, req Request, faults ...githubsim.Fault,
) (*model.Snapshot, *githubsim.Server) {
	t.Helper()
	world := *w
	if world.Repo.Owner == "" {
		world.Repo = githubsim.Repo{Owner: "o", Name: "r", DefaultBranch: "main"}
	}
	if len(world.Commits) == 0 {
		world.Commits = []githubsim.Commit{{OID: sha(0), AuthoredDate: day(0), CommittedDate: day(0)}}
	}
	server, err := githubsim.New(&world, githubsim.Options{Faults: faults})
	if err != nil {
		t.Fatalf("%v", err)
	}
	host := httptest.NewServer(server)
	t.Cleanup(host.Close)
	c, err := github.New(github.Options{
		Token: "t", APIURL: host.URL, UserAgent: "kpi-gate-test", Backoff: 1,
		Now:  func() time.Time { return req.Until },
		Wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	if err != nil {
		t.Fatalf("%v", err)
	}
	req.Owner, req.Name = world.Repo.Owner, world.Repo.Name
	s, err := Collect(context.Background(), c, req, nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, paths(server))
	}
	return s, server
}

// warmth is what came of reading a world, changing it, and reading it again with what the first reading left.
type warmth struct {
	*model.Snapshot
	// archive is what the second reading left.
	archive *Archive
	// requests are those of the second reading, but for the one that it opened with.
	requests []githubsim.Request
}

// warm reads a world, then what it has become a day later, as warmed does.
func warm(t *testing.T, before, after *githubsim.World, req Request) warmth {
	t.Helper()
	req.Archive = &Archive{}
	collectOn(t, before, req)
	req.Until = req.Until.AddDate(0, 0, 1)
	return warmed(t, req.Archive, after, req)
}

// warmed reads a world with what an earlier reading left, which goes through a file, and without. Both have to give the
// same.
func warmed(t tester, left *Archive, after *githubsim.World, req Request) warmth {
	t.Helper()
	archive := &Archive{}
	if left.Snapshot != nil {
		var (
			file bytes.Buffer
			err  error
		)
		if err = WriteArchive(&file, left); err == nil {
			archive, err = ReadArchive(&file)
		}
		if err != nil {
			t.Fatalf("%v", err)
		}
	}
	req.Archive = nil
	cold, _ := collectOn(t, after, req)
	req.Archive = archive
	s, server := collectOn(t, after, req)
	// Of the commits it may know more: what lies beyond those that matter.
	needed := *s
	needed.Commits = slices.DeleteFunc(slices.Clone(s.Commits), func(c model.Commit) bool {
		return !slices.ContainsFunc(cold.Commits, func(o model.Commit) bool { return o.SHA == c.SHA })
	})
	if diff := cmp.Diff(cold, &needed, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(model.Snapshot{}, "Usage")); diff != "" {
		t.Errorf("not as a cold reading (-cold +warm):\n%s\n%s", diff, paths(server))
	}
	return warmth{s, req.Archive, server.Requests()[1:]}
}

// asked are the requests, each by what it asks for: the field of the repository, or what follows it in the path.
func (w *warmth) asked() []string {
	var asked []string
	for _, r := range w.requests {
		what := strings.TrimPrefix(r.Path, "/repos/o/r/")
		if r.Kind == githubsim.KindGraphQL {
			_, what, _ = strings.Cut(r.Query, "repository(owner: $owner, name: $name){")
			what = what[:strings.IndexAny(what, "({")]
			if alias, field, ok := strings.Cut(what, ": "); ok && alias == "p0" {
				what = field
			}
			if strings.Contains(r.Query, "{number,closingIssuesReferences") {
				what = "closing"
			}
		}
		asked = append(asked, what)
	}
	slices.Sort(asked)
	return asked
}

// listRequest asks for everything that lists of issues, pull requests, milestones and alerts tell.
func listRequest() Request {
	return Request{
		Reach: day(50), Until: day(100), PullRequests: true, Reviews: true, Paths: true, Issues: true, Comments: true,
		Links: true, IssueTypes: true, Incident: isIncident, Milestones: true, Vulnerabilities: true, CodeScanning: true,
	}
}

// listWorld has more of everything than one page holds: closed issues 1 to 110 and merged pull requests 201 to 310, all
// touched since day 50; open ones that nobody has touched since; incidents of long ago; milestones and alerts.
func listWorld() *githubsim.World {
	w := &githubsim.World{Repo: githubsim.Repo{Owner: "o", Name: "r", DefaultBranch: "main"}}
	for n := 1; n <= 110; n++ {
		issue, pull := closedIssue(n, 51+n%40), mergedPull(200+n, 51+n%40)
		issue.Labels, issue.Title, pull.Title = []string{"bug"}, fmt.Sprintf("Issue %d", n), fmt.Sprintf("Pull %d", n)
		issue.Comments = []githubsim.Comment{{Author: login("lisa"), CreatedAt: day(51 + n%40)}}
		pull.Paths, pull.MergeCommit = []string{fmt.Sprintf("f%d.go", n)}, sha(1000+n)
		w.Issues, w.Pulls = append(w.Issues, issue), append(w.Pulls, pull)
		at := day(1).Add(time.Duration(n) * time.Minute)
		w.Dependabot = append(w.Dependabot, openAlert(n, at))
		w.CodeScanning = append(w.CodeScanning, fixedAlert(n, at, day(51+n%40)))
	}
	for n := 131; n <= 133; n++ {
		open, pull := closedIssue(n, 20), openPull(200+n, 30)
		open.State, open.StateReason, open.ClosedAt = "OPEN", "", nil
		w.Issues, w.Pulls = append(w.Issues, open), append(w.Pulls, pull)
	}
	w.Issues = append(w.Issues,
		labelled(140, 30, "sev1"), closedIssue(141, 40), labelled(142, 35, "sev1"), closedIssue(150, 60))
	w.Milestones = []githubsim.Milestone{dueOn(1, 60), dueOn(2, 95), dueOn(3, 99), dueOn(4, 110)}
	w.Issues[0].Milestone, w.Pulls[0].Milestone = login("m1"), login("m1")
	issueOf(w, 131).Milestone, issueOf(w, 141).Milestone = login("m2"), login("m4")
	issueOf(w, 142).Milestone = login("m2")
	return w
}

// issueOf and pullOf are an issue and a pull request of a world, to be changed.
func issueOf(w *githubsim.World, number int) *githubsim.Issue {
	return &w.Issues[slices.IndexFunc(w.Issues, func(i githubsim.Issue) bool { return i.Number == number })]
}

func pullOf(w *githubsim.World, number int) *githubsim.Pull {
	return &w.Pulls[slices.IndexFunc(w.Pulls, func(p githubsim.Pull) bool { return p.Number == number })]
}

// lists are the requests that a reading needs at least: one for every list.
var lists = []string{"code-scanning/alerts", "dependabot/alerts", "issues", "pullRequests"}

// TestWarmLists changes listWorld, one thing at a time, after it was read: what is read then is as if it had never been
// read, and takes few requests.
func TestWarmLists(t *testing.T) {
	t.Parallel()
	touched := day(100).Add(12 * time.Hour)
	tests := map[string]struct {
		change func(*githubsim.World)
		// more are the requests beside one for every list; nil is none.
		more []string
		// cold says that the lists of issues or pull requests have to be read from the beginning.
		cold bool
	}{
		"nothing": {change: func(*githubsim.World) {}},
		"an issue and a pull request are opened": {
			change: func(w *githubsim.World) {
				issue, pull := closedIssue(400, 100), openPull(401, 100)
				issue.State, issue.StateReason, issue.ClosedAt, issue.UpdatedAt = "OPEN", "", nil, &touched
				issue.CreatedAt, pull.CreatedAt, pull.UpdatedAt = touched, touched, &touched
				issue.IssueType = "Bug"
				w.Issues, w.Pulls = append(w.Issues, issue), append(w.Pulls, pull)
			},
			more: []string{"closing", "issues"},
		},
		"more are touched than the first page holds": {
			change: func(w *githubsim.World) {
				for n := 1; n <= 60; n++ {
					issueOf(w, n).UpdatedAt, pullOf(w, 200+n).UpdatedAt = &touched, &touched
				}
			},
			// Of each a short page and another; and the types.
			more: []string{"closing", "issues", "issues", "pullRequests"},
		},
		"an old issue is reopened": {
			change: func(w *githubsim.World) {
				issue := issueOf(w, 141)
				issue.State, issue.StateReason, issue.ClosedAt, issue.UpdatedAt = "OPEN", "REOPENED", nil, &touched
				issue.ReopenedEvents = []githubsim.Event{{At: touched, Actor: login("lisa")}}
			},
			more: []string{"issues"},
		},
		"an open one that was left alone is closed": {
			change: func(w *githubsim.World) {
				issue, pull := issueOf(w, 132), pullOf(w, 332)
				issue.State, issue.StateReason, issue.ClosedAt, issue.UpdatedAt = "CLOSED", "COMPLETED", &touched, &touched
				pull.State, pull.ClosedAt, pull.UpdatedAt = "CLOSED", &touched, &touched
			},
			more: []string{"closing", "issues"},
		},
		"a late label": {
			change: func(w *githubsim.World) {
				issue := issueOf(w, 50)
				issue.Labels, issue.UpdatedAt = append(issue.Labels, "late"), &touched
				issue.LabeledEvents = []githubsim.LabelEvent{{Label: "late", At: touched}}
			},
			more: []string{"issues"},
		},
		"an old issue becomes an incident": {
			change: func(w *githubsim.World) {
				issue := issueOf(w, 141)
				issue.Labels, issue.UpdatedAt = []string{"outage"}, &touched
				issue.LabeledEvents = []githubsim.LabelEvent{{Label: "outage", At: touched}}
			},
			more: []string{"issues"},
		},
		"an edited title": {
			change: func(w *githubsim.World) {
				issueOf(w, 50).Title, issueOf(w, 50).UpdatedAt = "Edited", &touched
				pullOf(w, 250).Title, pullOf(w, 250).UpdatedAt = "Edited", &touched
			},
			more: []string{"closing", "issues"},
		},
		"a deleted comment": {
			change: func(w *githubsim.World) { issueOf(w, 50).Comments, issueOf(w, 50).UpdatedAt = nil, &touched },
			more:   []string{"issues"},
		},
		"a deleted issue that was closed": {
			change: func(w *githubsim.World) {
				w.Issues = slices.DeleteFunc(w.Issues, func(i githubsim.Issue) bool { return i.Number == 50 })
			},
			cold: true,
		},
		"a deleted issue that was open": {
			change: func(w *githubsim.World) {
				w.Issues = slices.DeleteFunc(w.Issues, func(i githubsim.Issue) bool { return i.Number == 131 })
			},
			cold: true,
		},
		// It keeps its date and has a new number.
		"an issue comes from another repository": {
			change: func(w *githubsim.World) {
				issue := closedIssue(500, 70)
				issue.UpdatedAt = &touched
				w.Issues = append(w.Issues, issue)
			},
			more: []string{"issues"},
		},
		"an issue comes and another goes": {
			change: func(w *githubsim.World) {
				issue := closedIssue(500, 70)
				issue.UpdatedAt = &touched
				w.Issues = slices.DeleteFunc(append(w.Issues, issue), func(i githubsim.Issue) bool { return i.Number == 50 })
			},
			cold: true,
		},
		"a label is renamed": {
			change: func(w *githubsim.World) {
				for i := range w.Issues {
					if slices.Contains(w.Issues[i].Labels, "bug") {
						w.Issues[i].Labels = []string{"defect"}
					}
				}
			},
			cold: true,
		},
		// One that is closed, and in milestone 2, is not among the issues that are read.
		"a label is renamed that old issues have": {
			change: func(w *githubsim.World) {
				issueOf(w, 140).Labels, issueOf(w, 142).Labels = []string{"severity: 1"}, []string{"severity: 1"}
			},
			cold: true,
		},
		"the incident of long ago is touched": {
			change: func(w *githubsim.World) { issueOf(w, 140).UpdatedAt = &touched },
			// It is among the others then, which tell enough.
			more: []string{"issues"},
		},
		"the incident of long ago is none": {
			change: func(w *githubsim.World) { issueOf(w, 140).UpdatedAt, issueOf(w, 140).Labels = &touched, nil },
			// Its type, and another incident.
			more: []string{"issues", "issues"},
		},
		"alerts are fixed and found": {
			change: func(w *githubsim.World) {
				w.Dependabot[10] = fixedAlert(11, w.Dependabot[10].CreatedAt, touched)
				w.CodeScanning = append(w.CodeScanning, openAlert(111, touched))
			},
		},
		"a milestone gets another title and date": {
			change: func(w *githubsim.World) {
				w.Milestones[0] = dueOn(1, 61)
				w.Milestones[0].Title = "renamed"
				w.Issues[0].Milestone, w.Pulls[0].Milestone = login("renamed"), login("renamed")
			},
		},
		"an issue is put into a milestone": {
			change: func(w *githubsim.World) { w.Issues[1].Milestone, w.Issues[1].UpdatedAt = login("m3"), &touched },
			more:   []string{"issues"},
		},
		"an issue is taken out of a milestone": {
			change: func(w *githubsim.World) { w.Issues[0].Milestone, w.Issues[0].UpdatedAt = nil, &touched },
			more:   []string{"issues"},
		},
		"an issue goes from one milestone to another": {
			change: func(w *githubsim.World) { issueOf(w, 131).Milestone, issueOf(w, 131).UpdatedAt = login("m1"), &touched },
			more:   []string{"issues"},
		},
		// The issue that is in it was closed before day 50, and so is not among those that are read.
		"a milestone is due that was not": {
			change: func(w *githubsim.World) { w.Milestones[3] = dueOn(4, 100) },
			more:   []string{"milestone"},
		},
		"a milestone is new and one is gone": {
			change: func(w *githubsim.World) {
				w.Milestones = append(w.Milestones[:2], dueOn(9, 98))
			},
		},
	}
	earlier := listRequest()
	earlier.Archive = &Archive{}
	collectOn(t, listWorld(), earlier)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			after, req := listWorld(), listRequest()
			tt.change(after)
			req.Until = req.Until.AddDate(0, 0, 1)
			w := warmed(t, earlier.Archive, after, req)
			if len(w.Gaps) > 0 {
				t.Errorf("gaps %+v", w.Gaps)
			}
			want := append(slices.Clone(lists), tt.more...)
			slices.Sort(want)
			if diff := cmp.Diff(want, w.asked()); diff != "" && !tt.cold {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
			// Of each 110 alerts, 100 are on the page that is read.
			facts := len(w.PullRequests) + len(w.Issues) + len(w.Milestones) + 2*10
			if name == "nothing" && w.Usage.Known != facts {
				t.Errorf("%d facts were known, want %d", w.Usage.Known, facts)
			}
			if tt.cold && len(w.requests) < 6 {
				t.Errorf("%d requests: nothing was read from the beginning", len(w.requests))
			}
		})
	}
}
