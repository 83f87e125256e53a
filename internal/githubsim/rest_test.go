package githubsim

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// fetch sends GET target to a server; target may be a path below the repository, as "/pulls?state=all".
func fetch(t *testing.T, s http.Handler, target string) *httptest.ResponseRecorder {
	t.Helper()
	request := httptest.NewRequest(http.MethodGet, target, http.NoBody)
	request.Header.Set("Authorization", "Bearer t")
	request.Header.Set("User-Agent", "test")
	served := httptest.NewRecorder()
	s.ServeHTTP(served, request)
	return served
}

// fetched decodes an answer with status 200 that satisfies GitHub's description.
func fetched[T any](t *testing.T, s http.Handler, target string) T {
	t.Helper()
	obey(t, target, fetch(t, s, target))
	return decoded[T](t, s, target)
}

// decoded decodes an answer with status 200, whatever the description says: holding a thousand runs against it takes
// seconds.
func decoded[T any](t *testing.T, s http.Handler, target string) T {
	t.Helper()
	served := fetch(t, s, target)
	if served.Code != http.StatusOK {
		t.Fatalf("GET %s: %d %s", target, served.Code, served.Body)
	}
	var v T
	if err := json.Unmarshal(served.Body.Bytes(), &v); err != nil {
		t.Fatalf("GET %s: %v", target, err)
	}
	return v
}

// parcels is a small world with one of everything, and much missing.
func parcels() *World {
	login := func(s string) *string { return &s }
	first, second := strings.Repeat("a1", 20), strings.Repeat("b2", 20)
	return &World{
		Repo: Repo{Owner: "octo", Name: "parcels", DefaultBranch: "main"},
		Commits: []Commit{
			{OID: second, Parents: []string{first}, AuthoredDate: day(3), CommittedDate: day(4), Author: login("ann")},
			{OID: first, Parents: []string{}, AuthoredDate: day(1), CommittedDate: day(1), Author: login("A. Stranger")},
		},
		Branches: []Branch{{Name: "main", OID: second}, {Name: "release/1.0", OID: first, Files: map[string]string{"OLD.md": "old\n"}}},
		Tags:     []Tag{{Name: "v1.0.0", OID: first}, {Name: "v1.1.0", OID: second, Date: dayPointer(5)}},
		Releases: []Release{
			{TagName: "v1.0.0", Name: "One", CreatedAt: day(1), PublishedAt: dayPointer(2), OID: first, Author: login("ann")},
			{TagName: "v2.0.0", CreatedAt: day(6), IsDraft: true},
		},
		Milestones: []Milestone{
			{Number: 4, Title: "Soon", State: "CLOSED", DueOn: dayPointer(9), CreatedAt: day(1), ClosedAt: dayPointer(8)},
		},
		Pulls: []Pull{
			{
				Number: 2, Title: "Sort", State: "MERGED", CreatedAt: day(2), ClosedAt: dayPointer(4), MergedAt: dayPointer(4),
				Author: login("ann"), AuthorAssociation: "MEMBER", BaseRefName: "main", HeadRefName: "sort", HeadRefOID: first,
				MergedBy: login("dependabot"), MergeCommit: second, Additions: 3, Deletions: 1, ChangedFiles: 2,
				Labels: []string{"hotfix"}, Assignees: []string{"ann"}, Milestone: login("Soon"), Body: "Fixes #1",
				Comments: []Comment{{Author: login("ann"), CreatedAt: day(3)}},
			},
			{
				Number: 3, Title: "Bump", State: "OPEN", CreatedAt: day(5), Author: login("dependabot"), AuthorType: "Bot",
				BaseRefName: "main", HeadRefName: "bump", IsDraft: true,
			},
		},
		Issues: []Issue{
			{
				Number: 1, Title: "Wrong order", State: "CLOSED", StateReason: "COMPLETED", CreatedAt: day(1),
				ClosedAt: dayPointer(4), Author: nil, Labels: []string{"bug", "type: bug"}, IssueType: "Bug",
				ClosedEvents: []CloseEvent{{At: day(4), Actor: login("ann")}}, Milestone: login("Soon"),
			},
			{Number: 4, Title: "How?", State: "OPEN", CreatedAt: day(6), Author: login("bob"), Assignees: []string{"ann"}},
		},
		Deployments: []Deployment{
			{
				ID: 70, SHA: second, Ref: "main", Environment: "production", CreatedAt: day(5), Creator: login("ann"),
				IsProduction: true,
				Statuses: []DeploymentStatus{
					{State: "WAITING", CreatedAt: day(5)},
					{State: "SUCCESS", CreatedAt: day(6)},
					{State: "INACTIVE", CreatedAt: day(6)},
				},
			},
			{ID: 71, SHA: first, Environment: "staging", CreatedAt: day(4)},
		},
		Workflows: []Workflow{{ID: 8, Name: "CI", Path: ".github/workflows/ci.yml"}},
		WorkflowRuns: []WorkflowRun{
			{
				ID: 90, Name: "CI", WorkflowID: 8, Path: ".github/workflows/ci.yml", HeadBranch: "bump", HeadSHA: first,
				Event: "pull_request", Status: "completed", Conclusion: "success", RunAttempt: 2, RunNumber: 1,
				CreatedAt: day(5), RunStartedAt: dayPointer(6), UpdatedAt: day(7), Actor: login("dependabot"),
				Jobs: []Job{
					{
						ID: 900, Name: "build", Status: "completed", Conclusion: "success", CreatedAt: day(6),
						CompletedAt: dayPointer(7),
					},
					{ID: 901, Name: "test", Status: "queued", CreatedAt: day(6)},
				},
			},
			{
				ID: 91, Name: "Old", WorkflowID: 9, Path: ".github/workflows/old.yml", HeadSHA: strings.Repeat("c3", 20),
				Event: "schedule", Status: "in_progress", CreatedAt: day(6), UpdatedAt: day(6),
			},
		},
		Dependabot: []Alert{
			{
				Number: 1, State: "OPEN", Severity: "CRITICAL", CreatedAt: day(1), PackageName: "chi",
				GHSAID: "GHSA-aaaa-bbbb-cccc",
			},
			{
				Number: 2, State: "FIXED", Severity: "MODERATE", CreatedAt: day(2), FixedAt: dayPointer(3),
				PackageName: "pgx",
			},
			{Number: 3, State: "AUTO_DISMISSED", CreatedAt: day(3), DismissedAt: dayPointer(4), PackageName: "zap"},
		},
		CodeScanning: []Alert{
			{Number: 1, State: "open", Severity: "high", CreatedAt: day(1)},
			{Number: 2, State: "fixed", CreatedAt: day(2), FixedAt: dayPointer(3)},
			{Number: 3, State: "open", Severity: "warning", CreatedAt: day(3)},
		},
		Files: map[string]string{"README.md": "# Parcels\n", ".github/kpi-gate.yml": "window: 30d\n"},
	}
}

// TestOpenAPI holds every operation against GitHub's description, over a world with gaps and over a whole one.
func TestOpenAPI(t *testing.T) {
	t.Parallel()
	small, demo := parcels(), Generate(DemoPlan())
	for _, world := range []*World{small, demo, {Repo: Repo{Owner: "o", Name: "empty"}}} {
		s := serverOf(t, world, Options{})
		repository := "/repos/" + world.Repo.Owner + "/" + world.Repo.Name
		for _, path := range []string{
			"", "/actions/runs?per_page=100", "/actions/workflows", "/code-scanning/alerts", "/dependabot/alerts",
			"/deployments?per_page=100", "/issues?state=all&per_page=100", "/pulls?state=all&per_page=100",
			"/releases?per_page=100", "/tags", "/branches/main", "/commits?per_page=100", "/commits/main", "/contents/",
			"/contents/README.md", "/contents/nowhere", "/issues/1", "/pulls/1", "/issues/2", "/pulls/2",
			"/issues/99999", "/pulls/99999", "/issues?state=sideways", "/pulls?sort=colour", "/commits/nothing",
			"/branches/nothing", "/deployments/1/statuses", "/issues?since=yesterday", "/dependabot/alerts?after=!",
			"/dependabot/alerts?state=bad",
		} {
			target := repository + path
			obey(t, target, fetch(t, s, target))
		}
		for _, d := range world.Deployments {
			target := fmt.Sprintf("%s/deployments/%d", repository, d.ID)
			obey(t, target, fetch(t, s, target))
			obey(t, target+"/statuses", fetch(t, s, target+"/statuses"))
		}
		for i := range min(len(world.WorkflowRuns), 20) {
			target := fmt.Sprintf("%s/actions/runs/%d", repository, world.WorkflowRuns[i].ID)
			obey(t, target, fetch(t, s, target))
			obey(t, target+"/jobs", fetch(t, s, target+"/jobs"))
		}
		obey(t, "/rate_limit", fetch(t, s, "/rate_limit"))
		obey(t, "/repos/o/other", fetch(t, s, "/repos/o/other"))
	}
	denied := serverOf(t, small, Options{Denied: []string{
		"actions", "contents", "deployments", "issues", "pull-requests", "security-events", "vulnerability-alerts",
	}})
	for _, path := range []string{"/contents/README.md", "/dependabot/alerts", "/code-scanning/alerts"} {
		obey(t, "/repos/octo/parcels"+path, fetch(t, denied, "/repos/octo/parcels"+path))
	}
}

func TestREST(t *testing.T) {
	t.Parallel()
	s := serverOf(t, parcels(), Options{})
	const repository = "/repos/octo/parcels"
	for _, c := range []struct {
		path string
		// want are fragments of the answer.
		want []string
	}{
		{"", []string{`"full_name":"octo/parcels"`, `"default_branch":"main"`, `"open_issues":2`, `"private":false`}},
		// Newest first; a run that only runs tell of has a workflow too.
		{"/actions/runs", []string{`{"total_count":2,"workflow_runs":[{"id":91,`}},
		{"/actions/runs/90", []string{
			`"run_attempt":2`, `"run_started_at":"2026-01-06T00:00:00Z"`, `/actions/runs/90/attempts/1"`,
			`"login":"dependabot[bot]"`, `"type":"Bot"`, `"pull_requests":[{"id":1000000003,"number":3,`,
		}},
		{"/actions/runs/90?exclude_pull_requests=true", []string{`"pull_requests":[]`}},
		{"/actions/runs/91", []string{`"head_branch":null`, `"conclusion":null`, `"login":"ghost"`, `"head_commit":null`}},
		{"/actions/runs/90/jobs", []string{
			`"total_count":2`, `"completed_at":"2026-01-07T00:00:00Z"`, `"started_at":"2026-01-06T00:00:00Z"`,
		}},
		{"/actions/workflows", []string{`"total_count":2`, `"id":8,`, `"id":9,`}},
		{"/actions/workflows/ci.yml", []string{`"id":8,`, `"state":"active"`}},
		{"/actions/workflows/ci.yml/runs", []string{`"total_count":1`, `"id":90,`}},
		{"/actions/workflows/9/runs", []string{`"total_count":1`, `"id":91,`}},
		{"/actions/runs?status=success", []string{`"total_count":1`, `"id":90,`}},
		{"/actions/runs?status=in_progress", []string{`"total_count":1`, `"id":91,`}},
		{"/actions/runs?event=schedule", []string{`"total_count":1`, `"id":91,`}},
		{"/actions/runs?branch=bump", []string{`"total_count":1`, `"id":90,`}},
		{"/actions/runs?actor=dependabot%5Bbot%5D", []string{`"total_count":1`, `"id":90,`}},
		{"/actions/runs?created=2026-01-06..2026-01-09", []string{`"total_count":1`, `"id":91,`}},
		{"/actions/runs?created=%3C2026-01-05", []string{`{"total_count":0,"workflow_runs":[]}`}},
		{"/branches", []string{`[{"name":"main","commit":{"sha":"b2b2`, `"name":"release/1.0"`}},
		{"/branches/release/1.0", []string{`"name":"release/1.0"`, `"sha":"a1a1`}},
		{"/commits", []string{`"sha":"b2b2`, `"parents":[{"sha":"a1a1`, `"login":"ann"`}},
		{"/commits?until=2026-01-02", []string{
			`[{"url":"http://example.com/repos/octo/parcels/commits/a1a1`, `"author":null`,
		}},
		{"/commits/v1.0.0", []string{`"sha":"a1a1`, `"name":"A. Stranger"`}},
		{"/commits/b2b2b2b", []string{`"sha":"b2b2`}},
		{"/contents/.github/kpi-gate.yml?ref=main", []string{`"encoding":"base64"`, `"content":"d2luZG93OiAzMGQK\n"`}},
		// What git itself names the file: printf 'window: 30d\n' | git hash-object --stdin
		{"/contents/.github/kpi-gate.yml", []string{`"sha":"ef280c6caceb8b2c22f928c2e6b0c2d172c0cf20"`, `"size":12`}},
		{"/contents/.github", []string{`[{"type":"file"`, `"path":".github/kpi-gate.yml"`}},
		{"/contents", []string{`"type":"dir"`, `"name":"README.md"`}},
		{"/contents/OLD.md?ref=release/1.0", []string{`"content":"b2xkCg==\n"`}},
		{"/contents/OLD.md?ref=v1.0.0", []string{`"content":"b2xkCg==\n"`}}, // the same commit by its tag
		{"/deployments", []string{`"id":71,`, `"ref":"a1a1`, `"production_environment":true`}},
		{"/deployments?environment=staging", []string{`"id":71,`}},
		// Newest first; of two at the same instant the one listed later. REST has no state "waiting".
		{"/deployments/70/statuses", []string{`"state":"inactive"`, `"state":"success"`, `"state":"pending"`}},
		{"/issues", []string{`"number":4,`, `"number":3,`, `"pull_request":{`}},
		{"/issues/1", []string{
			`"state_reason":"completed"`, `"user":{"login":"ghost"`, `"closed_by":{"login":"ann"`,
			`"name":"Bug"`, `"open_issues":0,"closed_issues":2`,
		}},
		{"/issues/2", []string{`/octo/parcels/pull/2"`, `"merged_at":"2026-01-04T00:00:00Z"`}},
		{"/pulls/2", []string{
			`"merged":true`, `"merge_commit_sha":"b2b2`, `"additions":3`, `"merged_by":{"login":"dependabot[bot]"`,
			`"author_association":"MEMBER"`, `"updated_at":"2026-01-04T00:00:00Z"`,
		}},
		{"/pulls", []string{`"number":3,`, `"draft":true`, `"merged_at":null`, `"author_association":"NONE"`}},
		{"/releases", []string{`"tag_name":"v2.0.0"`, `"published_at":null`, `"published_at":"2026-01-02T00:00:00Z"`}},
		{"/tags", []string{`[{"name":"v1.1.0"`}},
		{"/dependabot/alerts?state=open,auto_dismissed", []string{
			`"number":3`, `"auto_dismissed_at":"2026-01-04T00:00:00Z"`,
		}},
		{"/dependabot/alerts?severity=medium&state=fixed", []string{
			`[{"number":2,`, `"fixed_at":"2026-01-03T00:00:00Z"`,
		}},
		{"/code-scanning/alerts?state=closed", []string{`[{"number":2,`, `"state":"fixed"`}},
		{"/code-scanning/alerts?severity=high", []string{
			`[{"number":1,`, `"severity":null,"security_severity_level":"high"`,
		}},
		{"/code-scanning/alerts?severity=warning", []string{
			`[{"number":3,`, `"severity":"warning","security_severity_level":null`,
		}},
	} {
		t.Run(c.path, func(t *testing.T) {
			t.Parallel()
			text := string(fetched[json.RawMessage](t, s, repository+c.path))
			for _, part := range c.want {
				if !strings.Contains(text, part) {
					t.Errorf("no %s in %s", part, text)
				}
			}
		})
	}
}

// TestIssueLists works out by hand which of parcels' items each parameter keeps: issues 1 (closed, bug, type Bug,
// milestone 4) and 4 (open, assigned to ann), pull requests 2 (merged, milestone 4, assigned) and 3 (open, by a bot).
func TestIssueLists(t *testing.T) {
	t.Parallel()
	s := serverOf(t, parcels(), Options{})
	for _, c := range []struct {
		query string
		want  []int
	}{
		{"", []int{4, 3}},
		{"state=closed", []int{2, 1}},
		{"state=all", []int{4, 3, 2, 1}},
		{"state=all&direction=asc", []int{1, 2, 3, 4}},
		// Updated on the 4th (1: closed, 2: merged), the 5th (3: opened) and the 6th (4: opened); ties go by number.
		{"state=all&sort=updated", []int{4, 3, 2, 1}},
		{"state=all&sort=comments&direction=desc", []int{2, 4, 3, 1}},
		{"state=all&since=2026-01-05T00:00:00Z", []int{4, 3}},
		{"state=all&since=2026-01-05T00:00:01Z", []int{4}},
		{"state=all&labels=BUG", []int{1}},
		{"state=all&labels=bug,type:%20bug", []int{1}},
		{"state=all&labels=bug,hotfix", []int{}},
		{"state=all&type=bug", []int{1}},
		{"state=all&type=*", []int{1}},
		{"state=all&type=none", []int{4, 3, 2}},
		{"state=all&milestone=4", []int{2, 1}},
		{"state=all&milestone=*", []int{2, 1}},
		{"state=all&milestone=none", []int{4, 3}},
		{"state=all&assignee=ann", []int{4, 2}},
		{"state=all&assignee=none", []int{3, 1}},
		{"state=all&creator=dependabot%5Bbot%5D", []int{3}},
	} {
		t.Run(c.query, func(t *testing.T) {
			t.Parallel()
			got := []int{}
			for _, item := range fetched[[]restIssue](t, s, "/repos/octo/parcels/issues?"+c.query) {
				got = append(got, item.Number)
			}
			if fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("numbers %v, want %v", got, c.want)
			}
		})
	}
}

// TestPullLists: parcels has pull requests 2 (merged: two days from opening to last change) and 3 (open, no change).
func TestPullLists(t *testing.T) {
	t.Parallel()
	s := serverOf(t, parcels(), Options{})
	for _, c := range []struct {
		query string
		want  []int
	}{
		{"", []int{3}},
		{"state=all", []int{3, 2}},
		// Sorted by anything but creation, the default direction is ascending.
		{"state=all&sort=updated", []int{2, 3}},
		{"state=all&sort=updated&direction=desc", []int{3, 2}},
		{"state=all&sort=popularity&direction=desc", []int{2, 3}},
		{"state=all&sort=long-running&direction=desc", []int{2, 3}},
		{"state=all&base=main", []int{3, 2}},
		{"state=all&base=develop", []int{}},
		{"state=all&head=octo:bump", []int{3}},
	} {
		t.Run(c.query, func(t *testing.T) {
			t.Parallel()
			got := []int{}
			for _, p := range fetched[[]restPull](t, s, "/repos/octo/parcels/pulls?"+c.query) {
				got = append(got, p.Number)
			}
			if fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("numbers %v, want %v", got, c.want)
			}
		})
	}
}

func TestRESTRefusals(t *testing.T) {
	t.Parallel()
	s := serverOf(t, parcels(), Options{})
	for _, c := range []struct {
		path   string
		status int
		want   string
	}{
		{
			"/repos/octo/elsewhere", 404,
			`{"message":"Not Found","documentation_url":"https://docs.github.com/rest","status":"404"}`,
		},
		{"/repos/octo/parcels/stargazers", 404, `"Not Found"`},
		{"/user", 404, `"Not Found"`},
		{"/repos/octo/parcels/actions/runs/5", 404, `"Not Found"`},
		{"/repos/octo/parcels/actions/runs/last", 404, `"Not Found"`},
		{"/repos/octo/parcels/actions/workflows/none.yml/runs", 404, `"Not Found"`},
		{"/repos/octo/parcels/deployments/5", 404, `"Not Found"`},
		{"/repos/octo/parcels/pulls/1", 404, `"Not Found"`}, // an issue
		{"/repos/octo/parcels/contents/README.md?ref=nowhere", 404, `No commit found for the ref nowhere`},
		{"/repos/octo/parcels/contents/README.md?ref=release/1.0", 404, `"Not Found"`},
		{"/repos/octo/parcels/branches/nowhere", 404, `Branch not found`},
		{"/repos/octo/parcels/commits/nowhere", 422, `No commit found for SHA: nowhere`},
		{"/repos/octo/parcels/commits?path=README.md", 422, `"field":"path"`},
		{"/repos/octo/parcels/actions/runs?status=fine", 422, `"field":"status","code":"invalid","value":"fine"`},
		{"/repos/octo/parcels/actions/runs?created=then", 422, `"field":"created"`},
		{"/repos/octo/parcels/issues?milestone=soon", 422, `"field":"milestone"`},
		{"/repos/octo/parcels/issues?state=merged", 422, `"message":"Validation Failed"`},
		{"/repos/octo/parcels/dependabot/alerts?after=x", 400, `Invalid cursor`},
		{"/repos/octo/parcels/issues?labels=%zz", 400, `Problems parsing`},
	} {
		t.Run(c.path, func(t *testing.T) {
			t.Parallel()
			served := fetch(t, s, c.path)
			if served.Code != c.status || !strings.Contains(served.Body.String(), c.want) {
				t.Errorf("%d %s, want %d %s", served.Code, served.Body, c.status, c.want)
			}
		})
	}
}

func TestRESTEmptyRepository(t *testing.T) {
	t.Parallel()
	s := serverOf(t, &World{Repo: Repo{Owner: "o", Name: "n"}}, Options{})
	if served := fetch(t, s, "/repos/o/n/commits"); served.Code != http.StatusConflict {
		t.Errorf("commits of an empty repository: %d %s, want 409", served.Code, served.Body)
	}
	if got := fetched[[]restIssue](t, s, "/repos/o/n/issues"); len(got) != 0 {
		t.Errorf("issues of an empty repository: %v", got)
	}
}

func TestRESTPermissions(t *testing.T) {
	t.Parallel()
	for permission, c := range map[string]struct{ path, accepted string }{
		"actions":              {"/actions/runs", "actions=read"},
		"contents":             {"/releases", "contents=read"},
		"deployments":          {"/deployments", "deployments=read"},
		"issues":               {"/issues", "issues=read"},
		"pull-requests":        {"/pulls", "pull_requests=read"},
		"security-events":      {"/code-scanning/alerts", "security_events=read"},
		"vulnerability-alerts": {"/dependabot/alerts", "vulnerability_alerts=read"},
	} {
		t.Run(permission, func(t *testing.T) {
			t.Parallel()
			s := serverOf(t, parcels(), Options{Denied: []string{permission}})
			served := fetch(t, s, "/repos/octo/parcels"+c.path)
			if served.Code != http.StatusForbidden ||
				!strings.Contains(served.Body.String(), "Resource not accessible by integration") {
				t.Errorf("%d %s, want 403", served.Code, served.Body)
			}
			if got := served.Header().Get("X-Accepted-GitHub-Permissions"); got != c.accepted {
				t.Errorf("X-Accepted-GitHub-Permissions: %q, want %q", got, c.accepted)
			}
			if served := fetch(t, s, "/repos/octo/parcels"); served.Code != http.StatusOK {
				t.Errorf("the repository itself: %d, want 200", served.Code)
			}
		})
	}
}

// TestFeaturesOff: what is turned off is refused in GitHub's words, which its description allows.
func TestFeaturesOff(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		feature, path string
		private       bool
		status        int
		want          string
	}{
		{"dependabot-alerts", "/dependabot/alerts", false, 403, "Dependabot alerts are disabled for this repository."},
		{"code-scanning", "/code-scanning/alerts", false, 404, "no analysis found"},
		{
			"code-scanning", "/code-scanning/alerts", true, 403,
			"Code Security must be enabled for this repository to use code scanning.",
		},
	} {
		t.Run(c.want, func(t *testing.T) {
			t.Parallel()
			s := serverOf(t, parcels(), Options{Off: []string{c.feature}, Private: c.private})
			target := "/repos/octo/parcels" + c.path
			served := fetch(t, s, target)
			if served.Code != c.status || !strings.Contains(served.Body.String(), c.want) {
				t.Errorf("%d %s, want %d %s", served.Code, served.Body, c.status, c.want)
			}
			obey(t, target, served)
		})
	}
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC)
	s := serverOf(t, parcels(), Options{Now: now, RESTLimit: 50})
	fetch(t, s, "/repos/octo/parcels")
	got := decoded[struct{ Rate restLimit }](t, s, "/rate_limit").Rate
	// One request of fifty was spent; asking for the limit is free; the hour ends at 01:00.
	want := restLimit{Limit: 50, Used: 1, Remaining: 49, Reset: now.Add(time.Hour).Unix(), Resource: "core"}
	if got != want {
		t.Errorf("rate %+v, want %+v", got, want)
	}
}

// TestContentLines: 100 bytes are 136 characters of base64, in lines of 60, 60 and 16.
func TestContentLines(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("0123456789", 10)
	w := parcels()
	w.Files["long"] = text
	got := fetched[struct{ Content string }](t, serverOf(t, w, Options{}), "/repos/octo/parcels/contents/long").Content
	lines := strings.Split(got, "\n")
	if len(lines) != 4 || len(lines[0]) != 60 || len(lines[1]) != 60 || len(lines[2]) != 16 || lines[3] != "" {
		t.Errorf("lines %q", lines)
	}
	decoded, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(got, "\n", ""))
	if err != nil || string(decoded) != text {
		t.Errorf("decoded %q, %v", decoded, err)
	}
}
