package collect

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kpi-gate/internal/githubsim"
	"kpi-gate/internal/model"
)

// TestMilestonesTold reads generated worlds twice: milestones alone, each by itself, and with the issues and pull requests
// that tell what is in them. Both give the same, and milestones are read by themselves only where the reach leaves out some
// of what is in them.
func TestMilestonesTold(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		for _, reach := range []int{150, 40} {
			t.Run(fmt.Sprintf("seed %d, %d days", seed, reach), func(t *testing.T) {
				t.Parallel()
				plan := githubsim.Plan{
					Seed: 70 + seed, Days: 150, PullRequests: 150, Issues: 150, Deployments: 20, Until: day(365), Failing: 0.1,
				}
				w := githubsim.Generate(plan)
				// A merge closes a pull request.
				for i := range w.Pulls {
					if p := &w.Pulls[i]; p.MergedAt != nil && len(p.ClosedEvents) == 0 {
						p.ClosedEvents = []githubsim.CloseEvent{{At: *p.MergedAt, Actor: p.MergedBy}}
					}
				}
				req := Request{Reach: plan.Until.AddDate(0, 0, -reach), Until: plan.Until, Milestones: true}
				alone, _ := collectOn(t, w, req)
				req.Issues, req.PullRequests, req.Comments, req.Links, req.Reviews = true, true, true, true, true
				told, server := collectOn(t, w, req)
				if len(alone.Gaps)+len(told.Gaps) > 0 {
					t.Fatalf("gaps %+v, %+v", alone.Gaps, told.Gaps)
				}
				if diff := cmp.Diff(alone.Milestones, told.Milestones, cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("(-each by itself +told by others):\n%s", diff)
				}
				items, byThemselves := map[model.RefKind]int{}, 0
				for _, milestone := range told.Milestones {
					for _, item := range milestone.Items {
						items[item.Kind] += len(item.Events)
					}
				}
				if items[model.RefIssue] == 0 || items[model.RefPullRequest] == 0 {
					t.Errorf("events of issues and pull requests in %d milestones: %v", len(told.Milestones), items)
				}
				for _, r := range server.Requests() {
					byThemselves += strings.Count(r.Query, "milestone(number: $number")
				}
				some := byThemselves > 0 && byThemselves < len(told.Milestones)
				if everything := reach == plan.Days; everything && byThemselves > 0 || !everything && !some {
					t.Errorf("%d of %d milestones were read by themselves", byThemselves, len(told.Milestones))
				}
			})
		}
	}
}

// TestMilestoneMoves reads a milestone that changes while it is read. When reading begins, two issues are in it, of which
// one was not touched since the reach.
func TestMilestoneMoves(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		// change happens once the repository and the list of milestones are read, late once the issues are too.
		change func(issues []githubsim.Issue)
		late   bool
		want   []int
	}{
		"nothing happens": {change: func([]githubsim.Issue) {}, want: []int{1, 2}},
		// Two are known then, as many as there were, and they are not all.
		"another is put in": {
			change: func(issues []githubsim.Issue) { issues[2].Milestone, issues[2].UpdatedAt = login("m1"), on(365) },
			want:   []int{1, 2, 3},
		},
		// What was left alone the longest is another one then.
		"the untouched one is touched": {
			change: func(issues []githubsim.Issue) { issues[0].UpdatedAt = on(365) }, late: true, want: []int{1, 2},
		},
		"the untouched one is taken out": {
			change: func(issues []githubsim.Issue) { issues[0].Milestone, issues[0].UpdatedAt = nil, on(365) }, late: true,
			want: []int{2},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := func() *githubsim.World {
				w := &githubsim.World{
					Milestones: []githubsim.Milestone{dueOn(1, 60)},
					Issues:     []githubsim.Issue{closedIssue(1, 30), closedIssue(2, 55), closedIssue(3, 55)},
				}
				w.Issues[0].Milestone, w.Issues[1].Milestone = login("m1"), login("m1")
				return w
			}
			first, then := world(), world()
			tt.change(then.Issues)
			r := readChanging(t, first, then, func(w http.ResponseWriter, req *http.Request, first, then http.Handler) {
				query, err := io.ReadAll(req.Body)
				if err != nil {
					t.Error(err)
				}
				req.Body = io.NopCloser(bytes.NewReader(query))
				opening := bytes.Contains(query, []byte("defaultBranchRef"))
				if opening || tt.late && !bytes.Contains(query, []byte("milestone(number: $number")) {
					first.ServeHTTP(w, req)
					return
				}
				then.ServeHTTP(w, req)
			}, Request{Reach: day(50), Until: day(90), Issues: true, PullRequests: true, Milestones: true})
			var s model.Snapshot
			if err := r.lists(context.Background(), &s); err != nil {
				t.Fatal(err)
			}
			var got []int
			for _, milestone := range s.Milestones {
				for _, item := range milestone.Items {
					got = append(got, item.Number)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("what is in the milestone (-want +got):\n%s", diff)
			}
		})
	}
}

// TestMilestonesTooMuch: where GitHub takes too long to tell what is missing of milestones, they are read page by page.
func TestMilestonesTooMuch(t *testing.T) {
	t.Parallel()
	w := listWorld()
	r := readChanging(t, w, w, func(w http.ResponseWriter, req *http.Request, world, _ http.Handler) {
		query, err := io.ReadAll(req.Body)
		if err != nil {
			t.Error(err)
		}
		if bytes.Contains(query, []byte("issues(first: $issues")) {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		req.Body = io.NopCloser(bytes.NewReader(query))
		world.ServeHTTP(w, req)
	}, listRequest())
	var got model.Snapshot
	if err := r.lists(context.Background(), &got); err != nil {
		t.Fatal(err)
	}
	want, _ := collectOn(t, w, listRequest())
	slices.SortFunc(got.Milestones, func(a, b model.Milestone) int { return a.Number - b.Number })
	err := r.failure(model.Milestones)
	if diff := cmp.Diff(want.Milestones, got.Milestones, cmpopts.EquateEmpty()); diff != "" || err != nil {
		t.Errorf("error %v (-in time +too late):\n%s", err, diff)
	}
}

// TestMilestonesWithoutLists: where the pull requests could not be read, milestones are read by themselves.
func TestMilestonesWithoutLists(t *testing.T) {
	t.Parallel()
	w := listWorld()
	req := listRequest()
	want, _ := collectOn(t, w, req)
	got, _ := collectOn(t, w, req, githubsim.Fault{
		Operation: "baseRefName", Times: -1,
		Body: `{"data":null,"errors":[{"type":"INTERNAL","message":"gone wrong"}]}`,
	})
	if _, failed := gapOf(got, model.PullRequests); !failed {
		t.Fatal("the pull requests were read")
	}
	if diff := cmp.Diff(want.Milestones, got.Milestones, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-with pull requests +without):\n%s", diff)
	}
}
