package githubsim

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
)

// writeTo sends a body to a path below the repository.
func writeTo(t *testing.T, s http.Handler, method, below, body string) *httptest.ResponseRecorder {
	t.Helper()
	request := httptest.NewRequest(method, "/repos/octo/parcels"+below, strings.NewReader(body))
	request.Header.Set("Authorization", "Bearer t")
	request.Header.Set("User-Agent", "test")
	served := httptest.NewRecorder()
	s.ServeHTTP(served, request)
	return served
}

// answered decodes an answer that has the status and satisfies GitHub's description.
func answered[T any](t *testing.T, s http.Handler, method, below, body string, status int) T {
	t.Helper()
	served := writeTo(t, s, method, below, body)
	if served.Code != status {
		t.Fatalf("%s %s: %d %s, want %d", method, below, served.Code, served.Body, status)
	}
	obeyTo(t, method, "/repos/octo/parcels"+below, served)
	var v T
	if status != http.StatusNoContent {
		if err := json.Unmarshal(served.Body.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
	}
	return v
}

// head is a commit's name.
var head = strings.Repeat("c3", 20)

// TestWriteComments: what is written is there for REST and GraphQL at once, and the world that was given stays.
func TestWriteComments(t *testing.T) {
	t.Parallel()
	w := parcels()
	w.Pulls[0].Comments[0].Body = "By a person"
	s := serverOf(t, w, Options{Now: day(20)})
	first := answered[restComment](t, s, "POST", "/issues/2/comments", `{"body":"One"}`, 201)
	second := answered[restComment](t, s, "POST", "/issues/2/comments", `{"body":"Two"}`, 201)
	other := answered[restComment](t, s, "POST", "/issues/4/comments", `{"body":"Three"}`, 201)
	// Numbers beyond 32 bits are usual on GitHub; what is written later has a later time.
	if first.ID <= math.MaxInt32 || first.ID == second.ID || first.User.Login != "github-actions[bot]" ||
		first.CreatedAt >= second.CreatedAt ||
		!strings.HasSuffix(first.HTMLURL, fmt.Sprintf("/pull/2#issuecomment-%d", first.ID)) ||
		!strings.Contains(other.HTMLURL, "/issues/4#") {
		t.Errorf("comments %+v, %+v, %+v", first, second, other)
	}
	edited := answered[restComment](t, s, "PATCH", fmt.Sprintf("/issues/comments/%d", first.ID), `{"body":"Uno"}`, 200)
	if edited.ID != first.ID || edited.Body != "Uno" || edited.CreatedAt != first.CreatedAt ||
		edited.UpdatedAt == first.UpdatedAt {
		t.Errorf("edited %+v", edited)
	}
	answered[any](t, s, "DELETE", fmt.Sprintf("/issues/comments/%d", second.ID), "", 204)
	if served := writeTo(t, s, "DELETE", fmt.Sprintf("/issues/comments/%d", second.ID), ""); served.Code != 404 {
		t.Errorf("deleted twice: %d", served.Code)
	}
	var bodies []string
	for _, c := range fetched[[]restComment](t, s, "/repos/octo/parcels/issues/2/comments") {
		bodies = append(bodies, c.User.Login+": "+c.Body)
	}
	if want := []string{"ann: By a person", "github-actions[bot]: Uno"}; !slices.Equal(bodies, want) {
		t.Errorf("comments %q, want %q", bodies, want)
	}
	got := ask(t, s, `{repository(owner:"octo",name:"parcels"){pullRequest(number:2){comments(last:5){nodes{
		body databaseId fullDatabaseId viewerDidAuthor author{login}}}}}}`, nil)
	want(t, got.Data, fmt.Sprintf(`{"repository":{"pullRequest":{"comments":{"nodes":[
		{"body":"By a person","databaseId":%[2]d,"fullDatabaseId":"%[2]d","viewerDidAuthor":false,"author":{"login":"ann"}},
		{"body":"Uno","databaseId":null,"fullDatabaseId":"%[1]d","viewerDidAuthor":true,
			"author":{"login":"github-actions"}}]}}}}`, first.ID, commentsOf(
		"https://github.com/octo/parcels/pull/2", w.Pulls[0].Comments)[0].id()))
	if written := s.Written().Comments; len(written) != 2 || written[0].Body != "Uno" || written[0].Edits != 1 ||
		written[1].Number != 4 {
		t.Errorf("written %+v", written)
	}
	if len(w.Pulls[0].Comments) != 1 || len(w.Issues[1].Comments) != 0 {
		t.Error("the world that was given has changed")
	}
}

// TestEditWorldComment: a comment that the world was given can be edited and keeps its number.
func TestEditWorldComment(t *testing.T) {
	t.Parallel()
	s := serverOf(t, parcels(), Options{})
	before := fetched[[]restComment](t, s, "/repos/octo/parcels/issues/2/comments")[0]
	answered[restComment](t, s, "PATCH", fmt.Sprintf("/issues/comments/%d", before.ID), `{"body":"New"}`, 200)
	after := fetched[[]restComment](t, s, "/repos/octo/parcels/issues/2/comments")
	if len(after) != 1 || after[0].ID != before.ID || after[0].Body != "New" || after[0].User.Login != "ann" {
		t.Errorf("comments %+v", after)
	}
}

// TestAddLabels: labels come on top of those that a pull request or an issue has, each once.
func TestAddLabels(t *testing.T) {
	t.Parallel()
	s := serverOf(t, parcels(), Options{})
	for _, number := range []string{"2", "4"} { // a pull request, an issue
		before := fetched[restIssue](t, s, "/repos/octo/parcels/issues/"+number)
		added := answered[[]restLabel](t, s, "POST", "/issues/"+number+"/labels", `{"labels":["kpi-exempt","kpi-exempt"]}`, 200)
		after := fetched[restIssue](t, s, "/repos/octo/parcels/issues/"+number)
		if len(added) != len(before.Labels)+1 || len(after.Labels) != len(added) ||
			after.Labels[len(added)-1].Name != "kpi-exempt" {
			t.Errorf("#%s: %+v, then %+v", number, before.Labels, after.Labels)
		}
	}
	got := ask(t, s, `{repository(owner:"octo",name:"parcels"){pullRequest(number:2){labels(last:1){nodes{name}}}}}`, nil)
	want(t, got.Data, `{"repository":{"pullRequest":{"labels":{"nodes":[{"name":"kpi-exempt"}]}}}}`)
}

// TestWriteIssues: an issue is opened, edited, closed and opened again.
func TestWriteIssues(t *testing.T) {
	t.Parallel()
	w := parcels()
	s := serverOf(t, w, Options{Viewer: "robin"})
	made := answered[restIssue](t, s, "POST", "/issues", `{"title":"Report","body":"Red","labels":["kpi",{"name":"ops"}]}`, 201)
	// Numbers 1 to 4 are taken.
	if made.Number != 5 || made.User.Login != "robin" || made.State != "open" || len(made.Labels) != 2 {
		t.Errorf("issue %+v", made)
	}
	list := fetched[[]restIssue](t, s, "/repos/octo/parcels/issues?labels=ops")
	if len(list) != 1 || list[0].Number != 5 || *list[0].Body != "Red" {
		t.Errorf("issues %+v", list)
	}
	answered[restIssue](t, s, "PATCH", "/issues/5", `{"body":"Green"}`, 200)
	got := ask(t, s, `{repository(owner:"octo",name:"parcels"){issues(first:5,states:OPEN,labels:["KPI"]){nodes{
		number title body viewerDidAuthor}}issue(number:4){viewerDidAuthor}}}`, nil)
	want(t, got.Data, `{"repository":{"issues":{"nodes":[{"number":5,"title":"Report","body":"Green",
		"viewerDidAuthor":true}]},"issue":{"viewerDidAuthor":false}}}`)
	closed := answered[restIssue](t, s, "PATCH", "/issues/5", `{"state":"closed","state_reason":"not_planned"}`, 200)
	if closed.State != "closed" || *closed.StateReason != "not_planned" || closed.ClosedAt == nil ||
		closed.ClosedBy.Login != "robin" {
		t.Errorf("closed %+v", closed)
	}
	opened := answered[restIssue](t, s, "PATCH", "/issues/5", `{"state":"open","labels":[]}`, 200)
	if opened.State != "open" || opened.ClosedAt != nil || len(opened.Labels) != 0 {
		t.Errorf("opened %+v", opened)
	}
	if written := s.Written().Issues; len(written) != 1 || written[0].Edits != 3 || written[0].Body != "Green" {
		t.Errorf("written %+v", written)
	}
	if len(w.Issues) != 2 {
		t.Error("the world that was given has changed")
	}
}

// TestWriteChecks: a check run and a status are answered as GitHub does, and kept.
func TestWriteChecks(t *testing.T) {
	t.Parallel()
	s := serverOf(t, parcels(), Options{})
	run := answered[restCheckRun](t, s, "POST", "/check-runs", `{"name":"KPIs","head_sha":"`+head+`","status":"completed",
		"conclusion":"neutral","details_url":"https://x.example","output":{"title":"T","summary":"S"}}`, 201)
	if run.Name != "KPIs" || *run.Conclusion != "neutral" || run.CompletedAt == nil || *run.Output.Summary != "S" {
		t.Errorf("check run %+v", run)
	}
	if queued := answered[restCheckRun](t, s, "POST", "/check-runs", `{"name":"KPIs","head_sha":"`+head+`"}`, 201); queued.
		Status != "queued" || queued.Conclusion != nil {
		t.Errorf("check run %+v", queued)
	}
	status := answered[restStatus](t, s, "POST", "/statuses/"+head, `{"state":"error","description":"D"}`, 201)
	if status.Context != "default" || status.State != "error" || *status.Description != "D" {
		t.Errorf("status %+v", status)
	}
	written := s.Written()
	if len(written.CheckRuns) != 2 || written.CheckRuns[0] != (WrittenCheckRun{
		ID: run.ID, Name: "KPIs", SHA: head, Conclusion: "neutral", Title: "T", Summary: "S", DetailsURL: "https://x.example",
	}) {
		t.Errorf("written %+v", written.CheckRuns)
	}
	if len(written.Statuses) != 1 || written.Statuses[0] != (WrittenStatus{
		SHA: head, Context: "default", State: "error", Description: "D",
	}) {
		t.Errorf("written %+v", written.Statuses)
	}
}

// TestRefusedWrites: what GitHub does not take is refused with its words, and nothing is written.
func TestRefusedWrites(t *testing.T) {
	t.Parallel()
	long := func(n int) string { return strings.Repeat("é", n) }
	locked := parcels()
	locked.Pulls[0].Locked = true
	const comments, run = "/issues/2/comments", `{"name":"n","head_sha":"%s","status":"completed","conclusion":"%s"%s}`
	tests := []struct {
		name          string
		world         *World
		opts          Options
		method, below string
		body          string
		status        int
		// message is in the body, accepted in the header that names permissions.
		message, accepted string
	}{
		{
			"comment too long", nil,
			Options{},
			"POST", comments, `{"body":"` + long(65_537) + `"}`, 422,
			"Body is too long (maximum is 65536 characters)", "",
		},
		{"comment that just fits", nil, Options{}, "POST", comments, `{"body":"` + long(65_536) + `"}`, 201, "", ""},
		{"no text", nil, Options{}, "POST", comments, `{}`, 422, "missing_field", ""},
		{"no JSON", nil, Options{}, "POST", comments, `{"body`, 400, "Problems parsing JSON", ""},
		{"no such pull request", nil, Options{}, "POST", "/issues/99/comments", `{"body":"x"}`, 404, "Not Found", ""},
		{"no such comment", nil, Options{}, "PATCH", "/issues/comments/99", `{"body":"x"}`, 404, "Not Found", ""},
		{"locked", locked, Options{}, "POST", comments, `{"body":"x"}`, 403, "issue is locked", ""},
		{
			"comment denied", nil,
			Options{Denied: []string{"pull-requests: write"}},
			"POST", comments, `{"body":"x"}`, 403,
			"not accessible", "issues=write; pull_requests=write",
		},
		{
			"comment on an issue denied", nil,
			Options{Denied: []string{"issues: write"}},
			"POST", "/issues/4/comments",
			`{"body":"x"}`, 403, "not accessible", "issues=write; pull_requests=write",
		},
		{
			"another write denied", nil,
			Options{Denied: []string{"issues: write"}},
			"POST", comments, `{"body":"x"}`, 201,
			"", "",
		},
		{
			"read only", nil,
			Options{ReadOnly: true},
			"POST", comments, `{"body":"x"}`, 403, "not accessible",
			"issues=write; pull_requests=write",
		},
		{
			"issue denied", nil,
			Options{Denied: []string{"issues"}},
			"POST", "/issues", `{"title":"x"}`, 403,
			"not accessible", "issues=write",
		},
		{"issue without a title", nil, Options{}, "POST", "/issues", `{"body":"x"}`, 422, "missing_field", ""},
		{"issues off", nil, Options{Off: []string{"issues"}}, "POST", "/issues", `{"title":"x"}`, 410, "disabled", ""},
		{"unknown state", nil, Options{}, "PATCH", "/issues/4", `{"state":"done"}`, 422, "invalid", ""},
		{
			"check run denied", nil,
			Options{Denied: []string{"checks"}},
			"POST", "/check-runs",
			fmt.Sprintf(run, head, "success", ""), 403, "not accessible", "checks=write",
		},
		{
			"check run of no commit", nil,
			Options{},
			"POST", "/check-runs", fmt.Sprintf(run, "main", "success", ""), 422,
			"No commit found for SHA: main", "",
		},
		{"check run without a name", nil, Options{}, "POST", "/check-runs", `{"head_sha":"` + head + `"}`, 422, "name", ""},
		{
			"conclusion that is none", nil,
			Options{},
			"POST", "/check-runs", fmt.Sprintf(run, head, "fine", ""), 422,
			"conclusion", "",
		},
		{
			"output without a summary", nil,
			Options{},
			"POST", "/check-runs",
			fmt.Sprintf(run, head, "success", `,"output":{"title":"T"}`), 422, "output", "",
		},
		{
			"summary too long", nil,
			Options{},
			"POST", "/check-runs",
			fmt.Sprintf(run, head, "success", `,"output":{"title":"T","summary":"`+long(65_536)+`"}`), 422,
			"too long (maximum is 65535", "",
		},
		{
			"status denied", nil,
			Options{Denied: []string{"statuses: write"}},
			"POST", "/statuses/" + head,
			`{"state":"success"}`, 403, "not accessible", "statuses=write",
		},
		{
			"description too long", nil,
			Options{},
			"POST", "/statuses/" + head,
			`{"state":"success","description":"` + long(141) + `"}`, 422, "maximum is 140", "",
		},
		{"state that is none", nil, Options{}, "POST", "/statuses/" + head, `{"state":"neutral"}`, 422, "state", ""},
		{"method that is none", nil, Options{}, "PUT", comments, `{}`, 404, "Not Found", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := tt.world
			if w == nil {
				w = parcels()
			}
			s := serverOf(t, w, tt.opts)
			served := writeTo(t, s, tt.method, tt.below, tt.body)
			if served.Code != tt.status || !strings.Contains(served.Body.String(), tt.message) ||
				served.Header().Get("X-Accepted-Github-Permissions") != tt.accepted {
				t.Errorf("%d %.300s, permissions %q", served.Code, served.Body,
					served.Header().Get("X-Accepted-Github-Permissions"))
			}
			written := s.Written()
			count := len(written.Comments) + len(written.Issues) + len(written.CheckRuns) + len(written.Statuses)
			if (count == 1) != (tt.status == 201) {
				t.Errorf("written %+v", written)
			}
		})
	}
}

// TestWritesAtOnce: writes that come together are all kept, and readers see whole states.
func TestWritesAtOnce(t *testing.T) {
	t.Parallel()
	s := serverOf(t, parcels(), Options{})
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if served := writeTo(t, s, "POST", "/issues/2/comments", `{"body":"x"}`); served.Code != 201 {
				t.Errorf("%d %s", served.Code, served.Body)
			}
		})
		group.Go(func() {
			if served := fetch(t, s, "/repos/octo/parcels/issues/2/comments"); served.Code != 200 {
				t.Errorf("%d %s", served.Code, served.Body)
			}
		})
	}
	group.Wait()
	ids := map[int64]bool{}
	for _, c := range fetched[[]restComment](t, s, "/repos/octo/parcels/issues/2/comments") {
		ids[c.ID] = true
	}
	// The world's own, and eight.
	if len(ids) != 9 {
		t.Errorf("%d comments, want 9", len(ids))
	}
}
