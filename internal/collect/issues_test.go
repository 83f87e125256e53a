package collect

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kpi-gate/internal/github"
	"kpi-gate/internal/githubsim"
	"kpi-gate/internal/model"
)

// closedIssue is an issue closed, and last touched, on a day.
func closedIssue(number, n int) githubsim.Issue {
	return githubsim.Issue{
		Number: number, State: "CLOSED", StateReason: "COMPLETED", Author: login("mona"), CreatedAt: day(n - 1),
		ClosedAt: on(n), UpdatedAt: on(n),
	}
}

func issueNumbers(issues []model.Issue) []int {
	var numbers []int
	for _, i := range issues {
		numbers = append(numbers, i.Number)
	}
	return numbers
}

// TestIssueFields reads one issue with all that can happen to it.
func TestIssueFields(t *testing.T) {
	t.Parallel()
	w := &githubsim.World{
		Issues: []githubsim.Issue{{
			Number: 3, Title: "Lost parcel", Body: "Where?", State: "CLOSED", StateReason: "DUPLICATE", CreatedAt: day(10),
			ClosedAt: on(20), UpdatedAt: on(60), Author: nil, AuthorAssociation: "NONE", Labels: []string{"bug"},
			LabeledEvents:    []githubsim.LabelEvent{{Label: "bug", At: day(11), Actor: login("lisa")}},
			UnlabeledEvents:  []githubsim.LabelEvent{{Label: "question", At: day(12), Actor: login("lisa")}},
			AssignedEvents:   []githubsim.Event{{At: day(13), Actor: nil, Assignee: login("lisa")}},
			MilestonedEvents: []githubsim.Event{{At: day(14), Actor: login("planner"), AuthorType: "Bot", Title: "v1"}},
			ClosedEvents: []githubsim.CloseEvent{
				{At: day(20), Actor: login("lisa")},
				{At: day(16), Actor: login("lisa"), CloserPull: 7, StateReason: "COMPLETED"},
			},
			ReopenedEvents: []githubsim.Event{{At: day(18), Actor: login("mona")}},
			Comments: []githubsim.Comment{
				{Author: login("lisa"), AuthorAssociation: "MEMBER", CreatedAt: day(11)},
				{Author: nil, AuthorAssociation: "NONE", CreatedAt: day(12)},
			},
		}},
		Pulls: []githubsim.Pull{mergedPull(7, 16)},
	}
	w.Pulls[0].MergeCommit = sha(7)
	r, _ := read(t, w, githubsim.Options{Token: "t"}, Request{Reach: day(50)})
	got, err := r.issues(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	lisa, ghost := model.Actor{Login: "lisa"}, model.Actor{Login: model.Ghost}
	want := []model.Issue{{
		Number: 3, Title: "Lost parcel", Body: "Where?", URL: "https://github.com/o/r/issues/3",
		Author: ghost, Association: "NONE", Created: day(10), Updated: day(60), Closed: day(20), Reason: "DUPLICATE",
		Labels: []string{"bug"},
		Comments: []model.Comment{
			{Author: lisa, Association: "MEMBER", Created: day(11)},
			{Author: ghost, Association: "NONE", Created: day(12)},
		},
		Events: []model.Event{
			{Kind: model.Labeled, At: day(11), Actor: lisa, Label: "bug"},
			{Kind: model.Unlabeled, At: day(12), Actor: lisa, Label: "question"},
			{Kind: model.Assigned, At: day(13), Actor: ghost},
			{Kind: model.Milestoned, At: day(14), Actor: model.Actor{Login: "planner", Bot: true}},
			{Kind: model.Closed, At: day(16), Actor: lisa, Reason: "COMPLETED", Closer: 7},
			{Kind: model.Reopened, At: day(18), Actor: model.Actor{Login: "mona"}},
			{Kind: model.Closed, At: day(20), Actor: lisa, Reason: "DUPLICATE"},
		},
		// Nothing but the closing tells of the pull request.
		Links: []model.Link{{
			Number: 7, Author: model.Actor{Login: "mona"}, Created: day(15), Linked: day(16),
			Merged: day(16), MergeCommit: sha(7),
		}},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestIssuesChosen reads what is open or was updated since day 50.
func TestIssuesChosen(t *testing.T) {
	t.Parallel()
	open := closedIssue(3, 20)
	open.State, open.StateReason, open.ClosedAt = "OPEN", "REOPENED", nil
	w := &githubsim.World{Issues: []githubsim.Issue{closedIssue(1, 49), closedIssue(2, 50), open}}
	for n := 10; n < 140; n++ {
		w.Issues = append(w.Issues, closedIssue(n, 50+n))
	}
	r, requests := read(t, w, githubsim.Options{Token: "t"}, Request{Reach: day(50)})
	got, err := r.issues(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	want := append([]int{2, 3}, upTo(139)[9:]...)
	if diff := cmp.Diff(want, issueNumbers(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got[1].Reason != "" {
		t.Errorf("an open issue has the reason %q to be closed", got[1].Reason)
	}
	// 131 updated ones are two pages, of which the second tells that nothing was touched meanwhile; then the open one.
	if requests() != 3 {
		t.Errorf("%d requests, want 3", requests())
	}
}

// TestIssueLists follows every list of an issue to its end.
func TestIssueLists(t *testing.T) {
	t.Parallel()
	w := &githubsim.World{Issues: []githubsim.Issue{closedIssue(1000, 60)}}
	issue := &w.Issues[0]
	for i := range 120 {
		at := day(20).Add(time.Duration(i) * time.Minute)
		issue.Labels = append(issue.Labels, "label-"+sha(i))
		issue.Comments = append(issue.Comments, githubsim.Comment{CreatedAt: at})
		issue.LabeledEvents = append(issue.LabeledEvents, githubsim.LabelEvent{Label: "label-" + sha(i), At: at})
		w.Pulls = append(w.Pulls, mergedPull(i+1, 10))
		issue.ClosedByPulls = append(issue.ClosedByPulls, i+1)
	}
	r, requests := read(t, w, githubsim.Options{Token: "t"}, Request{Reach: day(50)})
	got, err := r.issues(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	i := got[0]
	if len(i.Labels) != 120 || len(i.Comments) != 120 || len(i.Events) != 120 || len(i.Links) != 120 {
		t.Errorf("%d labels, %d comments, %d events, %d links; want 120 of each",
			len(i.Labels), len(i.Comments), len(i.Events), len(i.Links))
	}
	// The list; then 100 more labels and 90 comments, a page each, and 110 links, two. 120 labelings leave 90.
	if requests() != 6 {
		t.Errorf("%d requests, want 6", requests())
	}
}

// TestIssueTypes takes the types from REST; what has none, and what is a pull request, has none.
func TestIssueTypes(t *testing.T) {
	t.Parallel()
	bug, task, plain := closedIssue(1, 60), closedIssue(2, 20), closedIssue(3, 60)
	bug.IssueType, task.IssueType = "Bug", "Task"
	task.State, task.StateReason, task.ClosedAt = "OPEN", "", nil
	w := &githubsim.World{Issues: []githubsim.Issue{bug, task, plain}, Pulls: []githubsim.Pull{mergedPull(4, 60)}}
	for n := 100; n < 250; n++ {
		issue := closedIssue(n, 70)
		issue.IssueType = "Feature"
		w.Issues = append(w.Issues, issue)
	}
	r, requests := read(t, w, githubsim.Options{Token: "t"}, Request{Reach: day(50), IssueTypes: true})
	issues, err := r.issues(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	types := map[string]int{}
	for _, issue := range issues {
		types[issue.Type]++
	}
	if diff := cmp.Diff(map[string]int{"Bug": 1, "Task": 1, "Feature": 150, "": 1}, types); diff != "" {
		t.Errorf("types (-want +got):\n%s", diff)
	}
	if issues[0].Type != "Bug" || issues[1].Type != "Task" || issues[2].Type != "" {
		t.Errorf("got types %q, %q, %q", issues[0].Type, issues[1].Type, issues[2].Type)
	}
	// Two pages of issues and one of open ones; the open one's type, and 151 of those updated since the reach.
	if requests() != 6 {
		t.Errorf("%d requests, want 6", requests())
	}
}

// TestIssueTypesOfTouched: where all open issues were updated since the reach, these are not listed again for their types.
func TestIssueTypesOfTouched(t *testing.T) {
	t.Parallel()
	bug, task := closedIssue(1, 60), closedIssue(2, 70)
	bug.IssueType, task.IssueType = "Bug", "Task"
	task.State, task.StateReason, task.ClosedAt = "OPEN", "", nil
	r, requests := read(t, &githubsim.World{Issues: []githubsim.Issue{bug, task}}, githubsim.Options{Token: "t"},
		Request{Reach: day(50), IssueTypes: true})
	issues, err := r.issues(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if len(issues) != 2 || issues[0].Type != "Bug" || issues[1].Type != "Task" || requests() != 2 {
		t.Errorf("%d requests, want 2: %+v", requests(), issues)
	}
}

// TestIssueTypesOfOldHost reads from a host that does not know issue types: it lists everything, pull requests too.
func TestIssueTypesOfOldHost(t *testing.T) {
	t.Parallel()
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		body := `[{"number":1},{"number":2,"pull_request":{},"type":{"name":"Bug"}},{"number":3,"type":null},` +
			`{"number":4,"type":{"name":"Bug"}}]`
		if _, err := w.Write([]byte(body)); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(host.Close)
	c, err := github.New(github.Options{Token: "t", APIURL: host.URL, UserAgent: "kpi-gate-test", Backoff: 1})
	if err != nil {
		t.Fatal(err)
	}
	r := &reading{client: c, repository: model.Repository{Owner: "o", Name: "r"}}
	types, err := r.issueTypes(context.Background(), []model.Issue{{Number: 4}}, r.request.Reach)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[int]string{4: "Bug"}, types); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestIssuesWithoutTypes keeps the issues when their types cannot be read.
func TestIssuesWithoutTypes(t *testing.T) {
	t.Parallel()
	w := &githubsim.World{Issues: []githubsim.Issue{closedIssue(1, 60)}}
	r, _ := read(t, w, githubsim.Options{Token: "t", Faults: []githubsim.Fault{{
		Path: "/repos/*/*/issues", Status: http.StatusUnprocessableEntity, Body: `{"message":"Validation Failed"}`,
	}}}, Request{Reach: day(50), IssueTypes: true})
	got, err := r.issues(context.Background())
	if err == nil || !strings.Contains(err.Error(), "listing issue types") {
		t.Errorf("got error %v, want one about types", err)
	}
	if len(got) != 1 {
		t.Errorf("%d issues, want 1", len(got))
	}
}
