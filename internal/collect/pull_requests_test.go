package collect

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kpi-gate/internal/githubsim"
	"kpi-gate/internal/model"
)

// on is a pointer to the n-th day.
func on(n int) *time.Time {
	t := day(n)
	return &t
}

func login(name string) *string { return &name }

// mergedPull is a pull request merged, and last touched, on a day.
func mergedPull(number, n int) githubsim.Pull {
	return githubsim.Pull{
		Number: number, State: "MERGED", BaseRefName: "main", Author: login("mona"),
		CreatedAt: day(n - 1), ClosedAt: on(n), MergedAt: on(n), UpdatedAt: on(n),
	}
}

// openPull is a pull request that is open and was last touched on a day.
func openPull(number, n int) githubsim.Pull {
	return githubsim.Pull{
		Number: number, State: "OPEN", BaseRefName: "main", Author: login("mona"), CreatedAt: day(1), UpdatedAt: on(n),
	}
}

func numbersOf(pulls []model.PullRequest) []int {
	var numbers []int
	for _, p := range pulls {
		numbers = append(numbers, p.Number)
	}
	return numbers
}

// TestPullRequestFields reads one pull request with all that can happen to it.
func TestPullRequestFields(t *testing.T) {
	t.Parallel()
	w := &githubsim.World{Pulls: []githubsim.Pull{{
		Number: 7, Title: "Track parcels", Body: "Closes #3", State: "MERGED", CreatedAt: day(10), ClosedAt: on(14),
		MergedAt: on(14), UpdatedAt: on(15), Author: nil, AuthorAssociation: "CONTRIBUTOR", Labels: []string{"hotfix", "ui"},
		BaseRefName: "main", HeadRefName: "hotfix/1", MergedBy: login("hubot"), MergeCommit: sha(99),
		Additions: 5, Deletions: 2,
		Commits: githubsim.PullCommits{List: []githubsim.PullCommit{
			{OID: sha(1), AuthoredDate: day(8), CommittedDate: day(9), MessageHeadline: "one"},
			{OID: sha(2), AuthoredDate: day(9), CommittedDate: day(9), MessageHeadline: "two"},
		}},
		Reviews: []githubsim.Review{
			{Author: nil, AuthorAssociation: "NONE", State: "COMMENTED", SubmittedAt: on(12)},
			{Author: login("lisa"), AuthorAssociation: "MEMBER", State: "APPROVED", SubmittedAt: on(13)},
			{Author: login("lisa"), AuthorAssociation: "MEMBER", State: "PENDING"},
		},
		Comments: []githubsim.Comment{{
			Author: login("ci-robot"), AuthorType: "Bot", AuthorAssociation: "NONE", CreatedAt: day(11),
		}},
		ReadyForReviewEvents: []githubsim.Event{{At: day(12), Actor: login("mona")}},
		ConvertToDraftEvents: []githubsim.Event{{At: day(11), Actor: nil}},
		LabeledEvents:        []githubsim.LabelEvent{{Label: "ui", At: day(10), Actor: login("mona")}},
		UnlabeledEvents:      []githubsim.LabelEvent{{Label: "wip", At: day(13), Actor: login("lisa")}},
		AssignedEvents:       []githubsim.Event{{At: day(12).Add(time.Hour), Actor: login("lisa"), Assignee: login("mona")}},
		MilestonedEvents:     []githubsim.Event{{At: day(13), Actor: login("lisa"), Title: "v1"}},
		ClosedEvents:         []githubsim.CloseEvent{{At: day(14), Actor: login("hubot")}},
		ReopenedEvents:       []githubsim.Event{{At: day(9), Actor: login("mona")}},
	}}}
	r, _ := read(t, w, githubsim.Options{Token: "t"}, Request{Reach: day(0)})
	got, err := r.pullRequests(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	mona, lisa, ghost := model.Actor{Login: "mona"}, model.Actor{Login: "lisa"}, model.Actor{Login: model.Ghost}
	want := []model.PullRequest{{
		Number: 7, Title: "Track parcels", Body: "Closes #3", URL: "https://github.com/o/r/pull/7",
		Author: ghost, Association: "CONTRIBUTOR", Created: day(10), Updated: day(15), Closed: day(14), Merged: day(14),
		MergedBy: model.Actor{Login: "hubot"}, MergeCommit: sha(99), Base: "main", Head: "hotfix/1",
		Additions: 5, Deletions: 2,
		Labels: []string{"hotfix", "ui"},
		Commits: []model.PullRequestCommit{
			{SHA: sha(1), Authored: day(8), Committed: day(9), Message: "one"},
			{SHA: sha(2), Authored: day(9), Committed: day(9), Message: "two"},
		},
		Reviews: []model.Review{
			{Author: ghost, Association: "NONE", State: "COMMENTED", Submitted: day(12)},
			{Author: lisa, Association: "MEMBER", State: "APPROVED", Submitted: day(13)},
		},
		Comments: []model.Comment{
			{Author: model.Actor{Login: "ci-robot", Bot: true}, Association: "NONE", Created: day(11)},
		},
		Events: []model.Event{
			{Kind: model.Reopened, At: day(9), Actor: mona},
			{Kind: model.Labeled, At: day(10), Actor: mona, Label: "ui"},
			{Kind: model.ConvertToDraft, At: day(11), Actor: ghost},
			{Kind: model.ReadyForReview, At: day(12), Actor: mona},
			{Kind: model.Assigned, At: day(12).Add(time.Hour), Actor: lisa},
			{Kind: model.Unlabeled, At: day(13), Actor: lisa, Label: "wip"},
			{Kind: model.Milestoned, At: day(13), Actor: lisa},
			{Kind: model.Closed, At: day(14), Actor: model.Actor{Login: "hubot"}},
		},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestPullRequestsChosen reads what is open or was updated since day 50.
func TestPullRequestsChosen(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		pulls    []githubsim.Pull
		want     []int
		requests int
	}{
		"none": {requests: 1},
		"open ones however old, closed ones since the reach": {
			pulls: []githubsim.Pull{mergedPull(1, 49), mergedPull(2, 50), openPull(3, 20), openPull(4, 60)},
			want:  []int{2, 3, 4}, requests: 2,
		},
		"240 open and untouched": {
			// What was updated since is one page, which tells that there are open ones beside; these are three pages.
			pulls: func() (pulls []githubsim.Pull) {
				for n := 1; n <= 240; n++ {
					pulls = append(pulls, openPull(n, 20))
				}
				return append(pulls, mergedPull(241, 60))
			}(),
			want: upTo(241), requests: 4,
		},
		"120 open ones of which most were touched": {
			// What was updated since are two pages, the second of which tells that nothing was touched meanwhile. The longest
			// untouched come first: the page with the one touched on day 50 is the last of that list.
			pulls: func() (pulls []githubsim.Pull) {
				for n := 1; n <= 120; n++ {
					pulls = append(pulls, openPull(n, 48+n))
				}
				return pulls
			}(),
			want: upTo(120), requests: 3,
		},
		"120 open ones, all touched": {
			pulls: func() (pulls []githubsim.Pull) {
				for n := 1; n <= 120; n++ {
					pulls = append(pulls, openPull(n, 50+n))
				}
				return pulls
			}(),
			want: upTo(120), requests: 2,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, requests := read(t, &githubsim.World{Pulls: tt.pulls}, githubsim.Options{Token: "t"}, Request{Reach: day(50)})
			got, err := r.pullRequests(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, numbersOf(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if requests() != tt.requests {
				t.Errorf("%d requests, want %d", requests(), tt.requests)
			}
		})
	}
}

// upTo is 1 to n.
func upTo(n int) []int {
	var numbers []int
	for i := 1; i <= n; i++ {
		numbers = append(numbers, i)
	}
	return numbers
}

// TestPullRequestsDrift touches the pull request at the end of the list while its first page is read: it moves to the
// beginning, which was read already.
func TestPullRequestsDrift(t *testing.T) {
	t.Parallel()
	var before, after []githubsim.Pull
	for n := 1; n <= 120; n++ {
		before = append(before, mergedPull(n, 200-n))
		after = append(after, mergedPull(n, 200-n))
	}
	after[119].UpdatedAt, after[119].Title = on(210), "touched"
	served := 0
	host := func(w http.ResponseWriter, r *http.Request, first, then http.Handler) {
		// Preflight and the first page see the list as it was.
		if served++; served <= 2 {
			first.ServeHTTP(w, r)
			return
		}
		then.ServeHTTP(w, r)
	}
	r := readChanging(t, &githubsim.World{Pulls: before}, &githubsim.World{Pulls: after}, host, Request{Reach: day(50)})
	got, err := r.pullRequests(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(upTo(120), numbersOf(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got[119].Title != "touched" {
		t.Errorf("pull request 120 is not as it was read last: %+v", got[119])
	}
	// Two pages, and the front again.
	if served != 4 {
		t.Errorf("%d requests, want 4", served)
	}
}

// TestPullRequestLists follows every list of a pull request to its end: 120 entries are the page beside it and one or
// two more. None of them may be lost or come twice.
func TestPullRequestLists(t *testing.T) {
	t.Parallel()
	pull := mergedPull(1, 60)
	for i := range 120 {
		at := day(20).Add(time.Duration(i) * time.Minute)
		pull.Labels = append(pull.Labels, "label-"+sha(i))
		pull.Commits.List = append(pull.Commits.List, githubsim.PullCommit{OID: sha(i), AuthoredDate: at, CommittedDate: at})
		pull.Reviews = append(pull.Reviews, githubsim.Review{State: "COMMENTED", SubmittedAt: &at})
		pull.Comments = append(pull.Comments, githubsim.Comment{CreatedAt: at})
		pull.LabeledEvents = append(pull.LabeledEvents, githubsim.LabelEvent{Label: "label-" + sha(i), At: at})
	}
	r, requests := read(t, &githubsim.World{Pulls: []githubsim.Pull{pull}}, githubsim.Options{Token: "t"},
		Request{Reach: day(50)})
	got, err := r.pullRequests(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	p := got[0]
	if len(p.Labels) != 120 || len(p.Commits) != 120 || len(p.Reviews) != 120 || len(p.Comments) != 120 ||
		len(p.Events) != 120 {
		t.Errorf("%d labels, %d commits, %d reviews, %d comments, %d events; want 120 of each",
			len(p.Labels), len(p.Commits), len(p.Reviews), len(p.Comments), len(p.Events))
	}
	for i := range 120 {
		at := day(20).Add(time.Duration(i) * time.Minute)
		if p.Commits[i].SHA != sha(i) || !p.Comments[i].Created.Equal(at) || !p.Reviews[i].Submitted.Equal(at) ||
			!p.Events[i].At.Equal(at) {
			t.Fatalf("entry %d is out of order", i)
		}
	}
	// The list; then 100 more labels, 70 commits, 90 reviews, 90 comments and 90 events, a page each.
	if requests() != 6 {
		t.Errorf("%d requests, want 6", requests())
	}
}

// TestPullRequestsSmallerPages lets a page time out, its repetition too: 50 at a time work then, and stay.
func TestPullRequestsSmallerPages(t *testing.T) {
	t.Parallel()
	var pulls []githubsim.Pull
	for n := 1; n <= 120; n++ {
		pulls = append(pulls, mergedPull(n, 60))
	}
	r, requests := read(t, &githubsim.World{Pulls: pulls}, githubsim.Options{
		Token: "t", Faults: []githubsim.Fault{{
			Operation: "pullRequests", Times: 2, Status: http.StatusGatewayTimeout,
		}},
	}, Request{Reach: day(50)})
	got, err := r.pullRequests(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(upTo(120), numbersOf(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// Two failures, three pages of 50.
	if requests() != 5 {
		t.Errorf("%d requests, want 5", requests())
	}
}

// TestPullRequestsPartial keeps the first page when the second fails.
func TestPullRequestsPartial(t *testing.T) {
	t.Parallel()
	var pulls []githubsim.Pull
	for n := 1; n <= 120; n++ {
		pulls = append(pulls, mergedPull(n, 200-n))
	}
	r, _ := read(t, &githubsim.World{Pulls: pulls}, githubsim.Options{
		Token: "t", Faults: []githubsim.Fault{{
			Operation: "pullRequests", Skip: 1, Times: -1,
			Body: `{"data":null,"errors":[{"type":"INTERNAL","message":"gone wrong"}]}`,
		}},
	}, Request{Reach: day(50)})
	got, err := r.pullRequests(context.Background())
	if err == nil || !strings.Contains(err.Error(), "listing pull requests") {
		t.Errorf("got error %v, want one about the list", err)
	}
	if diff := cmp.Diff(upTo(100), numbersOf(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestPullRequestsByNumber asks for fifty at a time; a hidden one is an error beside the others.
func TestPullRequestsByNumber(t *testing.T) {
	t.Parallel()
	var pulls []githubsim.Pull
	for n := 1; n <= 120; n++ {
		pulls = append(pulls, mergedPull(n, 60))
	}
	tests := map[string]struct {
		numbers  []int
		faults   []githubsim.Fault
		want     []int
		requests int
		err      string
	}{
		"none":  {},
		"three": {numbers: []int{5, 2, 9}, want: []int{5, 2, 9}, requests: 1},
		// Fifty, fifty and twenty.
		"a hundred and twenty": {numbers: upTo(120), want: upTo(120), requests: 3},
		"one is hidden":        {numbers: []int{1, 999, 2, 3}, want: []int{1, 2, 3}, requests: 1, err: "999"},
		// Twice the same, then two at a time.
		"too many for one answer": {
			numbers: upTo(4), want: upTo(4), requests: 4,
			faults: []githubsim.Fault{{Operation: "pullRequest", Times: 2, Status: http.StatusBadGateway}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, requests := read(t, &githubsim.World{Pulls: pulls}, githubsim.Options{Token: "t", Faults: tt.faults}, Request{})
			got, err := r.pullRequestsByNumber(context.Background(), tt.numbers)
			if (err != nil) != (tt.err != "") || err != nil && !strings.Contains(err.Error(), tt.err) {
				t.Errorf("got error %v, want one with %q", err, tt.err)
			}
			if diff := cmp.Diff(tt.want, numbersOf(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if requests() != tt.requests {
				t.Errorf("%d requests, want %d", requests(), tt.requests)
			}
		})
	}
}
