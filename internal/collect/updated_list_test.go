package collect

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/githubsim"
	"kpi-gate/internal/model"
)

// TestOpenOnesMoveUp: 240 pull requests are open and untouched. While the second page of them is on its way, the first
// is touched: 101 is on neither page.
func TestOpenOnesMoveUp(t *testing.T) {
	t.Parallel()
	var before []githubsim.Pull
	for n := 1; n <= 240; n++ {
		before = append(before, openPull(n, 20))
	}
	after := append([]githubsim.Pull{}, before...)
	after[0] = openPull(1, 60)
	requests := 0
	r := readChanging(t, &githubsim.World{Pulls: before}, &githubsim.World{Pulls: after},
		func(w http.ResponseWriter, req *http.Request, first, then http.Handler) {
			// The repository, what was updated since the reach, and the first page of what is open.
			if requests++; requests <= 3 {
				first.ServeHTTP(w, req)
				return
			}
			then.ServeHTTP(w, req)
		}, Request{Reach: day(50)})
	got, err := r.pullRequests(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(upTo(240), numbersOf(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !got[0].Updated.Equal(day(60)) {
		t.Errorf("pull request 1 is as it was on %v", got[0].Updated)
	}
	// The repository, the list, three pages of open ones, the front, and the three pages again.
	if requests != 1+1+3+1+3 {
		t.Errorf("%d requests, want 9", requests)
	}
}

// scripted is a list whose pages tests make up: what is open comes on pages of one.
func scripted(updated func() updatedPage[model.Issue], open []model.Issue, answer func() updatedPage[model.Issue]) (
	list updatedList[model.Issue, model.Issue],
) {
	list.feed = model.Issues
	list.updated = func(context.Context, time.Time, *githubv4.String, *int) (updatedPage[model.Issue], error) {
		return updated(), nil
	}
	list.open = func(_ context.Context, after *githubv4.String, _ *int) (updatedPage[model.Issue], error) {
		n := 0
		if after != nil {
			n = len(*after)
		}
		page := answer()
		page.Nodes = open[n : n+1]
		page.PageInfo = pageInfo{HasNextPage: n+1 < len(open), EndCursor: githubv4.String(strings.Repeat("x", n+1))}
		return page, nil
	}
	list.key = func(i *model.Issue) listedKey { return listedKey{i.Number, i.Updated} }
	list.milestone = func(*model.Issue) int { return 0 }
	list.fact = func(_ context.Context, i *model.Issue) (model.Issue, error) { return *i, nil }
	list.of = issueItem
	return list
}

// TestOpenOnesNeverRest: something is touched each time, and one that is open never shows: whether it was missed or
// GitHub keeps it back cannot be known.
func TestOpenOnesNeverRest(t *testing.T) {
	t.Parallel()
	asked := 0
	touched := func() updatedPage[model.Issue] {
		asked++
		front := model.Issue{Number: 9, Created: day(1), Updated: day(60).Add(time.Duration(asked) * time.Second)}
		return updatedPage[model.Issue]{
			connection: connection[model.Issue]{Nodes: []model.Issue{front}}, newest: listedKey{9, front.Updated}, open: 4,
		}
	}
	list := scripted(touched, []model.Issue{{Number: 1, Updated: day(1)}, {Number: 2, Updated: day(2)}}, touched)
	r := &reading{request: Request{Reach: day(50)}, asOf: day(90)}
	got, err := readUpdated(context.Background(), r, list, knownList[model.Issue]{})
	if err == nil || !strings.Contains(err.Error(), "changed each of the 3 times") {
		t.Errorf("error %v", err)
	}
	if diff := cmp.Diff([]int{1, 2, 9}, issueNumbers(got.facts)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// The list, then three times two pages of open ones and the front.
	if asked != 1+3*(2+1) {
		t.Errorf("%d requests, want 10", asked)
	}
}

// TestSameSecond: an item that is touched in the second in which reading began may have another behind it that was
// touched in that second too, and after the first page was read. The front is read again.
func TestSameSecond(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		asOf     time.Time
		requests int
	}{"long ago": {day(61), 2}, "just now": {day(60), 3}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked := 0
			list := scripted(func() updatedPage[model.Issue] {
				asked++
				page := updatedPage[model.Issue]{newest: listedKey{1, day(60)}}
				page.Nodes = []model.Issue{{Number: asked, Closed: day(60), Updated: day(61 - asked)}}
				if asked == 3 {
					page.Nodes[0].Updated = day(60)
				}
				page.PageInfo.HasNextPage = asked == 1
				return page
			}, nil, nil)
			r := &reading{request: Request{Reach: day(50)}, asOf: tt.asOf}
			got, err := readUpdated(context.Background(), r, list, knownList[model.Issue]{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(upTo(tt.requests), issueNumbers(got.facts)); diff != "" || asked != tt.requests {
				t.Errorf("%d requests, want %d; (-want +got):\n%s", asked, tt.requests, diff)
			}
		})
	}
}
