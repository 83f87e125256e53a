package collect

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kpi-gate/internal/githubsim"
	"kpi-gate/internal/model"
)

// touching is a pull request merged on a day that touches files.
func touching(number, n int, paths ...string) githubsim.Pull {
	pull := mergedPull(number, n)
	pull.Paths = paths
	return pull
}

// files are n paths in api/.
func files(n int) []string {
	var paths []string
	for i := range n {
		paths = append(paths, fmt.Sprintf("api/%04d.go", i))
	}
	return paths
}

func pathsOf(pulls []model.PullRequest) map[int][]string {
	paths := map[int][]string{}
	for _, p := range pulls {
		paths[p.Number] = p.Paths
	}
	return paths
}

// TestPaths reads the files of all pull requests, with the pages that follow the first.
func TestPaths(t *testing.T) {
	t.Parallel()
	open := openPull(3, 20)
	open.Paths = []string{"web/a.ts"}
	w := &githubsim.World{Pulls: []githubsim.Pull{
		touching(1, 60), touching(2, 60, "docs/a.md", "api/b.go"), open, touching(4, 60, files(250)...),
		touching(5, 20, "old.go"),
	}}
	for _, asked := range []bool{true, false} {
		r, requests := read(t, w, githubsim.Options{Token: "t"}, Request{Reach: day(50), PullRequests: true, Reviews: true, Paths: asked})
		got, err := r.pullRequests(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		want := map[int][]string{1: nil, 2: {"docs/a.md", "api/b.go"}, 3: {"web/a.ts"}, 4: files(250)}
		// Those updated, the open one that was not, and 150 more files in two pages.
		wanted := 4
		if !asked {
			want, wanted = map[int][]string{1: nil, 2: nil, 3: nil, 4: nil}, 2
		}
		if diff := cmp.Diff(want, pathsOf(got)); diff != "" {
			t.Errorf("asked: %v (-want +got):\n%s", asked, diff)
		}
		if requests() != wanted {
			t.Errorf("asked: %v: %d requests, want %d", asked, requests(), wanted)
		}
	}
}

// TestPullRequestsCost: a page of a hundred costs three points, reviews and files more, where they are asked for.
func TestPullRequestsCost(t *testing.T) {
	t.Parallel()
	for with, points := range map[struct{ reviews, paths bool }]int{
		{false, false}: 3, {true, false}: 5, {false, true}: 4, {true, true}: 6,
	} {
		c, server := simulate(t, small(), githubsim.Options{})
		req := Request{
			Owner: "o", Name: "r", Reach: day(10), Until: day(20), PullRequests: true,
			Reviews: with.reviews, Paths: with.paths,
		}
		if _, err := Collect(context.Background(), c, req, nil); err != nil {
			t.Fatal(err)
		}
		// The preflight, and the list.
		var costs []int
		for _, request := range server.Requests() {
			costs = append(costs, request.Cost)
		}
		if want := []int{1, points}; !slices.Equal(costs, want) {
			t.Errorf("%+v: costs %v, want %v", with, costs, want)
		}
	}
}

// TestPathsOfBrought: the pull request that was merged before Reach and shipped after has its files too.
func TestPathsOfBrought(t *testing.T) {
	t.Parallel()
	w := small()
	w.Deployments = append(w.Deployments, deployed(1, "production", day(5)))
	w.Pulls[0].Paths = []string{"api/a.go"}
	c, server := simulate(t, w, githubsim.Options{})
	req := everything()
	req.Reach, req.Paths = day(13), true
	s, err := Collect(context.Background(), c, req, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[int][]string{1: {"api/a.go"}}, pathsOf(s.PullRequests)); diff != "" || len(s.Gaps) > 0 {
		t.Errorf("(-want +got):\n%s\ngaps %+v\n%s", diff, s.Gaps, paths(server))
	}
	if !slices.Contains(s.Read, model.Paths) {
		t.Errorf("feeds %v, want the paths among them", s.Read)
	}
}

// TestPathsMissing: what hides the files of pull requests does not hide these.
func TestPathsMissing(t *testing.T) {
	t.Parallel()
	// Pages of 100, 50, 25, 12, 6, 3 and 1, each asked for twice.
	tooSlow := githubsim.Fault{Operation: "files", Times: 14, Status: http.StatusGatewayTimeout}
	tests := map[string]struct {
		pulls []githubsim.Pull
		opts  githubsim.Options
		want  model.Gap
		// read is how many pull requests are read all the same.
		read int
	}{
		"the token may not see contents": {
			pulls: []githubsim.Pull{touching(1, 60, "a.go"), touching(2, 60, "b.go")},
			opts:  githubsim.Options{Denied: []string{"contents"}, Private: true},
			want: model.Gap{
				Feed: model.Paths, Permission: "contents: read", Reason: "grant the token the permission contents: read",
			},
			read: 2,
		},
		"GitHub does not list them": {
			pulls: []githubsim.Pull{touching(1, 60, "a.go"), {
				Number: 2, State: "OPEN", CreatedAt: day(60), ChangedFiles: 7,
			}},
			want: model.Gap{Feed: model.Paths, Partial: true, Reason: "does not list all files of pull request #2"},
			read: 2,
		},
		"GitHub lists no more than it does": {
			pulls: []githubsim.Pull{touching(1, 60, files(3000)...)},
			want:  model.Gap{Feed: model.Paths, Partial: true, Reason: "does not list all files of pull request #1"},
			read:  1,
		},
		"GitHub takes too long to list them": {
			pulls: []githubsim.Pull{touching(1, 60, "a.go")},
			opts:  githubsim.Options{Faults: []githubsim.Fault{tooSlow}},
			want:  model.Gap{Feed: model.Paths, Reason: "reading the files of pull requests"},
			read:  1,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, server := simulate(t, &githubsim.World{Pulls: tt.pulls}, tt.opts)
			s, err := Collect(context.Background(), c, Request{
				Owner: "o", Name: "r", Reach: day(50), Until: day(90), PullRequests: true, Reviews: true, Paths: true,
			}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if len(s.PullRequests) != tt.read || len(s.Gaps) != 1 {
				t.Fatalf("%d pull requests, gaps %+v; want %d and one\n%s", len(s.PullRequests), s.Gaps, tt.read, paths(server))
			}
			got := s.Gaps[0]
			if !strings.Contains(got.Reason, tt.want.Reason) {
				t.Errorf("reason %q, want %q in it", got.Reason, tt.want.Reason)
			}
			if got.Reason, got.Advice = tt.want.Reason, ""; got != tt.want {
				t.Errorf("gap %+v, want %+v", got, tt.want)
			}
		})
	}
}

// TestPathsListedLater: of what is read twice, the last answer counts.
func TestPathsListedLater(t *testing.T) {
	t.Parallel()
	open := openPull(1, 200)
	open.ChangedFiles = 1
	listed := open
	listed.Paths, listed.UpdatedAt = []string{"a.go"}, on(210)
	first, then := []githubsim.Pull{open}, []githubsim.Pull{listed}
	for n := 2; n <= 120; n++ {
		pull := touching(n, 60, "b.go")
		first, then = append(first, pull), append(then, pull)
	}
	requests := 0
	r := readChanging(t, &githubsim.World{Pulls: first}, &githubsim.World{Pulls: then},
		func(w http.ResponseWriter, req *http.Request, first, then http.Handler) {
			// The repository and the first page of two.
			if requests++; requests <= 2 {
				first.ServeHTTP(w, req)
				return
			}
			then.ServeHTTP(w, req)
		}, Request{Reach: day(50), Until: day(90), PullRequests: true, Reviews: true, Paths: true})
	got, err := r.pullRequests(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a.go"}, got[0].Paths); diff != "" || r.unlisted[1] {
		t.Errorf("(-want +got):\n%s\nnot listed whole: %v", diff, r.unlisted)
	}
}

// TestPathsWithoutPullRequests: where the pull requests themselves cannot be read, that alone is the gap.
func TestPathsWithoutPullRequests(t *testing.T) {
	t.Parallel()
	c, server := simulate(t, small(), githubsim.Options{Denied: []string{"pull-requests"}, Private: true})
	req := everything()
	req.Paths = true
	s, err := Collect(context.Background(), c, req, nil)
	if err != nil {
		t.Fatal(err)
	}
	if gap, ok := gapOf(s, model.PullRequests); !ok || gap.Permission != "pull-requests: read" {
		t.Errorf("gap %+v, want one for the pull requests\n%s", gap, paths(server))
	}
	if gap, ok := gapOf(s, model.Paths); ok {
		t.Errorf("gap %+v beside that of the pull requests", gap)
	}
}

func TestPullRequestList(t *testing.T) {
	t.Parallel()
	for want, numbers := range map[string][]int{
		"pull request #7":                             {7},
		"pull requests #7, #8":                        {7, 8},
		"pull requests #1, #2, #3, #4, #5":            upTo(5),
		"pull requests #1, #2, #3, #4, #5 and 2 more": upTo(7),
	} {
		if got := pullRequestList(numbers); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
