package githubsim

import (
	"testing"
)

// Who is who: null for a deleted account, a bot without its suffix wherever it appears.
func TestAccounts(t *testing.T) {
	t.Parallel()
	w := octo()
	w.Pulls = []Pull{
		{Number: 1, State: "OPEN", CreatedAt: day(1), Author: new("renovate[bot]")},
		{Number: 2, State: "OPEN", CreatedAt: day(2), Author: new("mirror"), AuthorType: "Bot"},
		{Number: 3, State: "OPEN", CreatedAt: day(3)},
		{
			Number: 4, State: "MERGED", CreatedAt: day(4), MergedAt: dayPointer(5), MergedBy: new("mirror"), Author: new("ann"),
			LabeledEvents: []LabelEvent{{Label: "bug", At: day(4)}, {Label: "x", At: day(5), Actor: new("renovate")}},
		},
	}
	s := serverOf(t, w, Options{})
	want(t, repo(t, s, `pullRequests(first:9){nodes{author{__typename login} mergedBy{__typename login}
	 timelineItems(first:9,itemTypes:LABELED_EVENT){nodes{...on LabeledEvent{actor{__typename login}}}}}}`),
		`{"pullRequests":{"nodes":[
		 {"author":{"__typename":"Bot","login":"renovate"},"mergedBy":null,"timelineItems":{"nodes":[]}},
		 {"author":{"__typename":"Bot","login":"mirror"},"mergedBy":null,"timelineItems":{"nodes":[]}},
		 {"author":null,"mergedBy":null,"timelineItems":{"nodes":[]}},
		 {"author":{"__typename":"User","login":"ann"},"mergedBy":{"__typename":"Bot","login":"mirror"},
		 "timelineItems":{"nodes":[
		  {"actor":null},{"actor":{"__typename":"Bot","login":"renovate"}}]}}]}}`)
}

func numbered(t *testing.T, s *Server, list, arguments, expected string) {
	t.Helper()
	nodes := repo(t, s, list+`(first:100`+arguments+`){nodes{number}}`)[list].(map[string]any)["nodes"].([]any)
	numbers := []any{}
	for _, n := range nodes {
		numbers = append(numbers, n.(map[string]any)["number"])
	}
	t.Run(list+arguments, func(t *testing.T) {
		t.Parallel()
		want(t, numbers, expected)
	})
}

func TestIssueFilters(t *testing.T) {
	t.Parallel()
	w := octo()
	w.Milestones = []Milestone{{Number: 5, Title: "next", State: "OPEN", CreatedAt: day(1)}}
	w.Issues = []Issue{
		{
			Number: 1, State: "OPEN", CreatedAt: day(1), Labels: []string{"Bug", "ui"},
			Author: new("ann"), Assignees: []string{"bob"},
		},
		{
			// Touched on day 9 by a comment, though the world does not say updatedAt.
			Number: 2, State: "CLOSED", CreatedAt: day(2), ClosedAt: dayPointer(3), Labels: []string{"bug"}, Author: new("bob"),
			Milestone: new("next"), Comments: []Comment{{CreatedAt: day(9)}, {CreatedAt: day(4)}},
		},
		{Number: 3, State: "OPEN", CreatedAt: day(3), UpdatedAt: dayPointer(5), Milestone: new("only named")},
	}
	s := serverOf(t, w, Options{})
	for arguments, expected := range map[string]string{
		``:                                   `[1,2,3]`,
		`,states:OPEN`:                       `[1,3]`,
		`,states:[CLOSED,OPEN],labels:"BUG"`: `[1,2]`,
		`,labels:["ui","bug"]`:               `[1,2]`,
		`,filterBy:{labels:["ui","bug"]}`:    `[1]`,
		`,filterBy:{states:CLOSED}`:          `[2]`,
		`,filterBy:{createdBy:"Ann"}`:        `[1]`,
		`,filterBy:{assignee:null}`:          `[2,3]`,
		`,filterBy:{assignee:"*"}`:           `[1]`,
		`,filterBy:{assignee:"bob"}`:         `[1]`,
		`,filterBy:{milestoneNumber:"5"}`:    `[2]`,
		`,filterBy:{milestoneNumber:"*"}`:    `[2,3]`,
		`,filterBy:{milestone:null}`:         `[1]`,
		`,filterBy:{mentioned:"ann"}`:        `[]`,
		`,filterBy:{viewerSubscribed:false}`: `[1,2,3]`,
		// since is inclusive and looks at the last update.
		`,filterBy:{since:"2026-01-05T00:00:00Z"}`:   `[2,3]`,
		`,filterBy:{since:"2026-01-05T00:00:01Z"}`:   `[2]`,
		`,orderBy:{field:UPDATED_AT,direction:ASC}`:  `[1,3,2]`,
		`,orderBy:{field:UPDATED_AT,direction:DESC}`: `[2,3,1]`,
		`,orderBy:{field:CREATED_AT,direction:DESC}`: `[3,2,1]`,
		`,orderBy:{field:COMMENTS,direction:DESC}`:   `[2,3,1]`,
	} {
		numbered(t, s, "issues", arguments, expected)
	}
	want(t, repo(t, s, `milestones(first:9){nodes{number title issues(first:9){nodes{number}}}}`),
		`{"milestones":{"nodes":[{"number":5,"title":"next","issues":{"nodes":[{"number":2}]}},
		 {"number":6,"title":"only named","issues":{"nodes":[{"number":3}]}}]}}`)
	a := ask(t, s, `{repository(owner:"octo",name:"parcels"){issues(first:1,filterBy:{since:"soon"}){totalCount}}}`, nil)
	if len(a.Errors) != 1 {
		t.Error(a.body)
	}
}

func TestPullRequestFilters(t *testing.T) {
	t.Parallel()
	w := octo()
	w.Pulls = []Pull{
		{Number: 1, State: "OPEN", CreatedAt: day(1), BaseRefName: "main", HeadRefName: "a", Labels: []string{"hotfix"}},
		{Number: 2, State: "MERGED", CreatedAt: day(2), MergedAt: dayPointer(8), BaseRefName: "main"},
		{Number: 3, State: "CLOSED", CreatedAt: day(3), ClosedAt: dayPointer(4), BaseRefName: "next"},
	}
	s := serverOf(t, w, Options{})
	for arguments, expected := range map[string]string{
		``:                        `[1,2,3]`,
		`,states:[MERGED,CLOSED]`: `[2,3]`,
		`,baseRefName:"main"`:     `[1,2]`,
		`,headRefName:"a"`:        `[1]`,
		`,labels:["HOTFIX"]`:      `[1]`,
		`,orderBy:{field:UPDATED_AT,direction:DESC}`: `[2,3,1]`,
	} {
		numbered(t, s, "pullRequests", arguments, expected)
	}
}

// linked holds an issue, 1, that was closed twice and whose pull requests are linked in every way there is.
func linked() *World {
	w := octo()
	w.Commits = []Commit{{OID: "c1", AuthoredDate: day(1), CommittedDate: day(1)}}
	w.Issues = []Issue{
		{
			Number: 1, State: "CLOSED", StateReason: "DUPLICATE", CreatedAt: day(1), ClosedAt: dayPointer(20),
			ClosedByPulls: []int{10}, ConnectedPulls: []int{13, 99},
			ClosedEvents: []CloseEvent{
				{At: day(20), CommitID: "c1"},
				{At: day(8), CloserPull: 10, StateReason: "COMPLETED"},
				{At: day(15), CommitID: "gone"},
			},
			ReopenedEvents: []Event{{At: day(9), Actor: new("ann")}},
			Comments:       []Comment{{Author: new("bob"), CreatedAt: day(2), AuthorAssociation: "MEMBER"}},
		},
		{Number: 2, State: "OPEN", CreatedAt: day(1)},
	}
	w.Pulls = []Pull{
		{
			Number: 10, State: "MERGED", CreatedAt: day(5), MergedAt: dayPointer(8), MergeCommit: "c1",
			BaseRefName: "main", Body: "Closes: #1, see #2",
		},
		{Number: 11, State: "OPEN", CreatedAt: day(6), BaseRefName: "next", Body: "resolved octo/parcels#1"},
		{
			Number: 12, State: "OPEN", CreatedAt: day(7), BaseRefName: "main", ClosingIssues: []int{1, 77},
			Body: "fixes other/repo#2 and #11",
		},
		{
			Number: 13, State: "CLOSED", CreatedAt: day(12), ClosedAt: dayPointer(13),
			BaseRefName: "main", MergeCommit: "test-merge",
		},
	}
	return w
}

func TestIssueLinks(t *testing.T) {
	t.Parallel()
	s := serverOf(t, linked(), Options{})
	cases := map[string]string{
		// Without includeClosedPrs GitHub leaves out what is merged or closed.
		`issue(number:1){closedByPullRequestsReferences(first:9){nodes{number}}}`: `{"issue":
		 {"closedByPullRequestsReferences":{"nodes":[{"number":12}]}}}`,
		`issue(number:1){closedByPullRequestsReferences(first:9,includeClosedPrs:true){nodes{number}}}`: `{"issue":
		 {"closedByPullRequestsReferences":{"nodes":[{"number":10},{"number":12},{"number":13}]}}}`,
		`issue(number:1){closedByPullRequestsReferences(first:9,includeClosedPrs:true,orderByState:true){nodes{state}}}`: `{
		 "issue":
		 {"closedByPullRequestsReferences":{"nodes":[{"state":"OPEN"},{"state":"MERGED"},{"state":"CLOSED"}]}}}`,
		`issue(number:1){closedByPullRequestsReferences(first:9,includeClosedPrs:true,userLinkedOnly:true){
		 nodes{number}}}`: `{
		 "issue":
		 {"closedByPullRequestsReferences":{"nodes":[{"number":13}]}}}`,
		`pullRequest(number:13){closingIssuesReferences(first:9,userLinkedOnly:true){nodes{number}}
		 timelineItems(first:9,itemTypes:CONNECTED_EVENT){nodes{...on ConnectedEvent{subject{...on
		 Issue{number}}}}}}`: `{"pullRequest":
		 {"closingIssuesReferences":{"nodes":[{"number":1}]},"timelineItems":{"nodes":[{"subject":{"number":1}}]}}}`,
		// A connection counts from when both sides were there: pull request 13 was opened on the 12th.
		`issue(number:1){timelineItems(first:9,itemTypes:[CONNECTED_EVENT]){nodes{...on ConnectedEvent{createdAt
		 source{__typename} subject{...on PullRequest{number}}}}}}`: `{"issue":{"timelineItems":{"nodes":[
		 {"createdAt":"2026-01-12T00:00:00Z","source":{"__typename":"Issue"},"subject":{"number":13}}]}}}`,
		// 10 closes it by a keyword; 11 would, were its base the default branch; 12 is linked without a word.
		`issue(number:1){timelineItems(first:9,itemTypes:[CROSS_REFERENCED_EVENT]){nodes{...on CrossReferencedEvent{
		 willCloseTarget source{...on PullRequest{number}}}}}}`: `{"issue":{"timelineItems":{"nodes":[
		 {"willCloseTarget":true,"source":{"number":10}},{"willCloseTarget":false,"source":{"number":11}},
		 {"willCloseTarget":false,"source":{"number":12}}]}}}`,
		// A mention without a keyword closes nothing; another repository's number is not ours.
		`issue(number:2){timelineItems(first:9){nodes{...on CrossReferencedEvent{willCloseTarget source{...on
		 PullRequest{
		 number}}}}}}`: `{"issue":{"timelineItems":{"nodes":[{"willCloseTarget":false,"source":{"number":10}}]}}}`,
	}
	for selection, expected := range cases {
		t.Run(selection, func(t *testing.T) {
			t.Parallel()
			want(t, repo(t, s, selection), expected)
		})
	}
}

func TestCloses(t *testing.T) {
	t.Parallel()
	s := serverOf(t, linked(), Options{})
	// The first close was by a pull request, the second by a commit that is gone; the last has the issue's reason. A merge
	// commit as the closer stays a commit.
	want(t, repo(t, s, `issue(number:1){stateReason all:stateReason(enableDuplicate:true)
	 timelineItems(first:9,itemTypes:
	 [CLOSED_EVENT,REOPENED_EVENT]){totalCount filteredCount pageCount nodes{__typename ...on
	 ClosedEvent{stateReason closer{
	 ...on Commit{oid} ...on PullRequest{number}}} ...on ReopenedEvent{actor{login}}}}}`),
		// All in all: a comment, three closes, a reopening, three references, a connection.
		`{"issue":{"stateReason":"NOT_PLANNED","all":"DUPLICATE","timelineItems":{"totalCount":9,"filteredCount":4,
		 "pageCount":4,"nodes":[
		 {"__typename":"ClosedEvent","stateReason":"COMPLETED","closer":{"number":10}},
		 {"__typename":"ReopenedEvent","actor":{"login":"ann"}},
		 {"__typename":"ClosedEvent","stateReason":null,"closer":{"oid":"gone"}},
		 {"__typename":"ClosedEvent","stateReason":"DUPLICATE","closer":{"oid":"c1"}}]}}}`)
	// A world that knows when an issue was closed, but not how, has no such event.
	w := octo()
	w.Issues = []Issue{{Number: 1, State: "CLOSED", CreatedAt: day(1), ClosedAt: dayPointer(2)}}
	want(t, repo(t, serverOf(t, w, Options{}), `issue(number:1){closed closedAt stateReason
	 timelineItems(first:9){totalCount}}`),
		`{"issue":{"closed":true,"closedAt":"2026-01-02T00:00:00Z","stateReason":null,"timelineItems":{
		 "totalCount":0}}}`)
}

func TestTimelinePages(t *testing.T) {
	t.Parallel()
	s := serverOf(t, linked(), Options{})
	// Four events are closes or the reopening, on the 8th, 9th, 15th and 20th.
	items := `itemTypes:[CLOSED_EVENT,REOPENED_EVENT]`
	for arguments, expected := range map[string]string{
		`first:1`:                              `[4,1,["2026-01-08T00:00:00Z"]]`,
		`first:1,skip:2`:                       `[4,1,["2026-01-15T00:00:00Z"]]`,
		`last:1`:                               `[4,1,["2026-01-20T00:00:00Z"]]`,
		`first:9,since:"2026-01-15T00:00:00Z"`: `[2,2,["2026-01-15T00:00:00Z","2026-01-20T00:00:00Z"]]`,
		`first:1,after:"Y3Vyc29yOnYyOjE="`:     `[2,1,["2026-01-15T00:00:00Z"]]`,
	} {
		t.Run(arguments, func(t *testing.T) {
			t.Parallel()
			c := repo(t, s, `issue(number:1){timelineItems(`+items+`,`+arguments+`){filteredCount pageCount nodes{
			 ...on ClosedEvent{createdAt} ...on
			 ReopenedEvent{createdAt}}}}`)["issue"].(map[string]any)["timelineItems"].(map[string]any)
			times := []any{}
			for _, n := range c["nodes"].([]any) {
				times = append(times, n.(map[string]any)["createdAt"])
			}
			want(t, []any{c["filteredCount"], c["pageCount"], times}, expected)
		})
	}
}

func TestPullRequestCommits(t *testing.T) {
	t.Parallel()
	w := octo()
	w.Commits = []Commit{{OID: "c1", AuthoredDate: day(1), CommittedDate: day(2), MessageHeadline: "a", MessageBody: "b"}}
	w.Pulls = []Pull{
		{
			Number: 1, State: "OPEN", CreatedAt: day(9), CommitOIDs: []string{"gone", "c1", "lost"},
			FirstCommitAuthoredDate: dayPointer(3),
		},
		{Number: 2, State: "OPEN", CreatedAt: day(9), Commits: PullCommits{List: []PullCommit{
			{OID: "p1", AuthoredDate: day(4), CommittedDate: day(5), MessageHeadline: "m"},
		}}},
		{Number: 3, State: "OPEN", CreatedAt: day(9), FirstCommitAuthoredDate: dayPointer(6), Commits: PullCommits{Count: 2}},
		{Number: 4, State: "OPEN", CreatedAt: day(9)},
	}
	s := serverOf(t, w, Options{})
	want(t, repo(t, s, `pullRequests(first:9){nodes{commits(first:9){totalCount nodes{commit{authoredDate
	 message}}}}}`),
		`{"pullRequests":{"nodes":[
		 {"commits":{"totalCount":3,"nodes":[{"commit":{"authoredDate":"2026-01-03T00:00:00Z","message":""}},
		  {"commit":{"authoredDate":"2026-01-01T00:00:00Z","message":"a\n\nb"}},
		  {"commit":{"authoredDate":"2026-01-09T00:00:00Z","message":""}}]}},
		 {"commits":{"totalCount":1,"nodes":[{"commit":{"authoredDate":"2026-01-04T00:00:00Z","message":"m"}}]}},
		 {"commits":{"totalCount":2,"nodes":[{"commit":{"authoredDate":"2026-01-06T00:00:00Z","message":""}},
		  {"commit":{"authoredDate":"2026-01-09T00:00:00Z","message":""}}]}},
		 {"commits":{"totalCount":0,"nodes":[]}}]}}`)
}

func TestReviews(t *testing.T) {
	t.Parallel()
	w := octo()
	w.Pulls = []Pull{{
		Number: 1, State: "CLOSED", CreatedAt: day(1), ClosedAt: dayPointer(9), MergeCommit: "test-merge",
		MergedBy: new("ann"),
		Reviews: []Review{
			{Author: new("bob"), State: "COMMENTED", SubmittedAt: dayPointer(4)},
			{Author: new("bob"), State: "APPROVED", SubmittedAt: dayPointer(3)},
			{State: "CHANGES_REQUESTED", SubmittedAt: dayPointer(2)},
			{Author: new("eve"), State: "PENDING"},
		},
	}}
	s := serverOf(t, w, Options{})
	// What is not merged has no merge commit and no merger, though REST names the commit of the test merge.
	want(t, repo(t, s, `pullRequest(number:1){merged mergeCommit{oid} mergedBy{login} potentialMergeCommit{oid}
	 reviews(first:9){nodes{state submittedAt author{login}}} approved:reviews(first:9,states:APPROVED){totalCount}
	 bobs:reviews(first:9,author:"Bob"){totalCount} latestReviews(first:9){nodes{state}}
	 latestOpinionatedReviews(first:9){nodes{state}} timelineItems(first:9){nodes{__typename}}}`),
		`{"pullRequest":{"merged":false,"mergeCommit":null,"mergedBy":null,"potentialMergeCommit":null,"reviews":{
		 "nodes":[
		 {"state":"CHANGES_REQUESTED","submittedAt":"2026-01-02T00:00:00Z","author":null},
		 {"state":"APPROVED","submittedAt":"2026-01-03T00:00:00Z","author":{"login":"bob"}},
		 {"state":"COMMENTED","submittedAt":"2026-01-04T00:00:00Z","author":{"login":"bob"}},
		 {"state":"PENDING","submittedAt":null,"author":{"login":"eve"}}]},"approved":{"totalCount":1},"bobs":{
		 "totalCount":2},
		 "latestReviews":{"nodes":[{"state":"CHANGES_REQUESTED"},{"state":"COMMENTED"}]},
		 "latestOpinionatedReviews":{"nodes":[{"state":"CHANGES_REQUESTED"},{"state":"APPROVED"}]},
		 "timelineItems":{"nodes":[{"__typename":"PullRequestReview"},{"__typename":"PullRequestReview"},
		 {"__typename":"PullRequestReview"}]}}}`)
}

// A deployment that succeeded is ACTIVE while no newer one of its environment did, and INACTIVE after that.
func TestDeployments(t *testing.T) {
	t.Parallel()
	w := octo()
	w.Commits = []Commit{{OID: "c1", AuthoredDate: day(1), CommittedDate: day(1)}}
	success := func(d int) []DeploymentStatus {
		return []DeploymentStatus{{State: "success", CreatedAt: day(d)}, {State: "QUEUED", CreatedAt: day(d - 1)}}
	}
	w.Deployments = []Deployment{
		{
			ID: 5_000_000_000, SHA: "c1", Environment: "production", CreatedAt: day(4), Statuses: success(5),
			Ref: "main", Creator: new("bot[bot]"),
		},
		{ID: 1, SHA: "gone", Environment: "production", CreatedAt: day(2), Statuses: success(3)},
		{
			ID: 2, SHA: "c1", Environment: "staging", CreatedAt: day(3),
			Statuses: []DeploymentStatus{{State: "FAILURE", CreatedAt: day(3)}},
		},
		{ID: 3, SHA: "c1", Environment: "staging", CreatedAt: day(5)},
	}
	s := serverOf(t, w, Options{Now: day(6)})
	want(t, repo(t, s, `deployments(first:9){nodes{databaseId state commitOid commit{oid} ref{name}
	 creator{__typename login}
	 latestStatus{state} statuses(first:1){totalCount nodes{state createdAt}}}}`), `{"deployments":{"nodes":[
	 {"databaseId":1,"state":"INACTIVE","commitOid":"gone","commit":null,"ref":null,"creator":{"__typename":"User",
	 "login":"ghost"},
	  "latestStatus":{"state":"SUCCESS"},"statuses":{"totalCount":2,"nodes":[{"state":"SUCCESS",
	 "createdAt":"2026-01-03T00:00:00Z"}]}},
	 {"databaseId":2,"state":"FAILURE","commitOid":"c1","commit":{"oid":"c1"},"ref":null,"creator":{
	 "__typename":"User","login":"ghost"},
	  "latestStatus":{"state":"FAILURE"},"statuses":{"totalCount":1,"nodes":[{"state":"FAILURE",
	 "createdAt":"2026-01-03T00:00:00Z"}]}},
	 {"databaseId":5000000000,"state":"ACTIVE","commitOid":"c1","commit":{"oid":"c1"},"ref":{"name":"main"},
	  "creator":{"__typename":"Bot","login":"bot"},
	  "latestStatus":{"state":"SUCCESS"},"statuses":{"totalCount":2,"nodes":[{"state":"SUCCESS",
	 "createdAt":"2026-01-05T00:00:00Z"}]}},
	 {"databaseId":3,"state":"ABANDONED","commitOid":"c1","commit":{"oid":"c1"},"ref":null,"creator":{
	 "__typename":"User","login":"ghost"},
	  "latestStatus":null,"statuses":{"totalCount":0,"nodes":[]}}]}}`)
	want(t, repo(t, s, `deployments(first:1,environments:["staging"],orderBy:{field:CREATED_AT,direction:DESC}){totalCount
	 nodes{databaseId}} environments(first:9){nodes{name}}`), `{"deployments":{"totalCount":2,"nodes":[{
	 "databaseId":3}]},
	 "environments":{"nodes":[{"name":"production"},{"name":"staging"}]}}`)
}

func TestReleasesAndAlerts(t *testing.T) {
	t.Parallel()
	w := octo()
	w.Tags = []Tag{{Name: "v1", OID: "gone", Date: dayPointer(2)}}
	w.Releases = []Release{
		{TagName: "v2", CreatedAt: day(4), IsDraft: true},
		{TagName: "v1", Name: "One", CreatedAt: day(2), PublishedAt: dayPointer(3), OID: "gone", Author: new("ci[bot]")},
	}
	w.Dependabot = []Alert{
		{
			Number: 2, State: "auto_dismissed", Severity: "medium", CreatedAt: day(1), DismissedAt: dayPointer(2),
			PackageName: "p",
		},
		{Number: 1, State: "OPEN", Severity: "critical", CreatedAt: day(1), GHSAID: "GHSA-1"},
	}
	s := serverOf(t, w, Options{})
	want(t, repo(t, s, `releases(first:9,orderBy:{field:CREATED_AT,direction:DESC}){nodes{tagName name isDraft
	 publishedAt
	 tag{name} tagCommit{oid} author{login}}}`), `{"releases":{"nodes":[
	 {"tagName":"v2","name":null,"isDraft":true,"publishedAt":null,"tag":null,"tagCommit":null,"author":null},
	 {"tagName":"v1","name":"One","isDraft":false,"publishedAt":"2026-01-03T00:00:00Z","tag":{"name":"v1"},
	  "tagCommit":{"oid":"gone"},"author":{"login":"ci[bot]"}}]}}`)
	want(t, repo(t, s, `vulnerabilityAlerts(first:9){nodes{number state dismissedAt autoDismissedAt
	 securityVulnerability{severity package{name}} securityAdvisory{ghsaId}}}
	 open:vulnerabilityAlerts(states:OPEN){totalCount}`),
		`{"vulnerabilityAlerts":{"nodes":[
		 {"number":1,"state":"OPEN","dismissedAt":null,"autoDismissedAt":null,
		  "securityVulnerability":{"severity":"CRITICAL","package":{"name":""}},"securityAdvisory":{
		 "ghsaId":"GHSA-1"}},
		 {"number":2,"state":"AUTO_DISMISSED","dismissedAt":null,"autoDismissedAt":"2026-01-02T00:00:00Z",
		  "securityVulnerability":{"severity":"MODERATE","package":{"name":"p"}},"securityAdvisory":{"ghsaId":""}}]},
		 "open":{"totalCount":1}}`)
}
