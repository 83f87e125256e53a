package githubsim

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
)

// BenchmarkGenerate makes up the large world, and what serving it takes.
func BenchmarkGenerate(b *testing.B) {
	b.Run("world", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			Generate(LargePlan())
		}
	})
	w := Generate(LargePlan())
	b.Run("server", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := New(w, Options{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("past", func(b *testing.B) {
		b.ReportAllocs()
		at := LargePlan().filled().Until.AddDate(0, -3, 0)
		for b.Loop() {
			w.At(at)
		}
	})
}

// BenchmarkPages serves pages of the large world as a reader asks for them: the simulator shares its processors with the
// client that is measured.
func BenchmarkPages(b *testing.B) {
	w := Generate(LargePlan())
	s, err := New(w, Options{RESTLimit: 1 << 40, GraphQLLimit: 1 << 40})
	if err != nil {
		b.Fatal(err)
	}
	serve := func(b *testing.B, r *http.Request) {
		b.Helper()
		r.Header.Set("User-Agent", "bench")
		r.Header.Set("Authorization", "Bearer x")
		answer := httptest.NewRecorder()
		s.ServeHTTP(answer, r)
		if answer.Code != http.StatusOK || bytes.Contains(answer.Body.Bytes(), []byte(`"errors"`)) {
			b.Fatalf("%d %.500s", answer.Code, answer.Body)
		}
	}
	pulls := `{repository(owner:"octo-org",name:"parcel-tracker"){pullRequests(first:50,after:"` + plainCursors{}.write(4000) +
		`",orderBy:{field:UPDATED_AT,direction:DESC}){totalCount pageInfo{hasNextPage endCursor} nodes{number title body url
		createdAt updatedAt closedAt mergedAt isDraft state additions deletions changedFiles baseRefName headRefName
		author{login __typename} mergedBy{login __typename} mergeCommit{oid} labels(first:20){nodes{name}}
		milestone{number title} commits(first:1){totalCount nodes{commit{oid authoredDate committedDate}}}
		reviews(first:20){nodes{state submittedAt author{login __typename}}}
		comments(first:20){nodes{createdAt author{login __typename}}}
		closingIssuesReferences(first:10){nodes{number}}
		timelineItems(first:30,itemTypes:[READY_FOR_REVIEW_EVENT,CONVERT_TO_DRAFT_EVENT,REVIEW_REQUESTED_EVENT]){nodes{
		__typename ...on ReadyForReviewEvent{createdAt} ...on ConvertToDraftEvent{createdAt}}}}}}}`
	issues := `{repository(owner:"octo-org",name:"parcel-tracker"){issues(first:100,after:"` + plainCursors{}.write(4000) +
		`",orderBy:{field:UPDATED_AT,direction:DESC},filterBy:{since:"2025-07-01T00:00:00Z"}){totalCount
		pageInfo{hasNextPage endCursor} nodes{number title body url createdAt closedAt state stateReason(enableDuplicate:true)
		author{login __typename} labels(first:20){nodes{name}} milestone{number} comments(first:10){nodes{createdAt
		author{login __typename}}} timelineItems(first:30,itemTypes:[CLOSED_EVENT,REOPENED_EVENT,LABELED_EVENT,
		UNLABELED_EVENT,ASSIGNED_EVENT]){nodes{__typename ...on ClosedEvent{createdAt stateReason closer{__typename
		...on PullRequest{number}}} ...on LabeledEvent{createdAt label{name}}}}
		closedByPullRequestsReferences(first:10,includeClosedPrs:true){nodes{number}}}}}}`
	deployments := `{repository(owner:"octo-org",name:"parcel-tracker"){deployments(first:100,after:"` +
		plainCursors{}.write(1000) + `",orderBy:{field:CREATED_AT,direction:DESC}){pageInfo{hasNextPage endCursor}
		nodes{databaseId createdAt environment commitOid ref{name prefix} creator{login __typename} state task
		statuses(first:20){nodes{state createdAt}}}}}}`
	history := `{repository(owner:"octo-org",name:"parcel-tracker"){defaultBranchRef{target{...on Commit{history(first:100,after:"` +
		w.Branches[0].OID + ` 2000"){totalCount pageInfo{hasNextPage endCursor} nodes{oid committedDate authoredDate
		messageHeadline messageBody parents(first:10){nodes{oid}} author{name user{login}}
		associatedPullRequests(first:5){nodes{number}}}}}}}}}`
	for _, c := range []struct{ name, path, query string }{
		{"runs", "/actions/runs?per_page=100&page=5&branch=main&event=push&exclude_pull_requests=true&created=2025-09-01..2026-03-01", ""},
		{"runs of all", "/actions/runs?per_page=100&page=500", ""},
		{"issues by REST", "/issues?per_page=100&page=20&state=all", ""},
		{"pull requests", "", pulls},
		{"issues", "", issues},
		{"deployments", "", deployments},
		{"history", "", history},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			body, err := json.Marshal(map[string]string{"query": c.query})
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if c.path != "" {
					serve(b, httptest.NewRequest(http.MethodGet, "/repos/octo-org/parcel-tracker"+c.path, http.NoBody))
					continue
				}
				serve(b, httptest.NewRequest(http.MethodPost, "/graphql", bytes.NewReader(body)))
			}
		})
	}
	ids := make([]string, 0, 2000)
	for i := range cap(ids) {
		ids = append(ids, w.WorkflowRuns[i].node())
	}
	body, err := json.Marshal(map[string]any{"query": lookUps, "variables": map[string]any{"ids": ids[:100]}})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("ids", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			serve(b, httptest.NewRequest(http.MethodPost, "/graphql", bytes.NewReader(body)))
		}
	})
}

// lookUps looks up 2,000 objects, a hundred by each alias.
var lookUps = func() string {
	var b bytes.Buffer
	b.WriteString("query($ids:[ID!]!){")
	for i := range 20 {
		b.WriteByte(byte('a' + i))
		b.WriteString(":nodes(ids:$ids){...on WorkflowRun{id updatedAt}} ")
	}
	b.WriteString("}")
	return b.String()
}()
