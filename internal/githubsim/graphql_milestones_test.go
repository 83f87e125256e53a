package githubsim

import "testing"

// Milestones by their due dates: those without one come last, or first in the other direction.
func TestMilestonesByDueDate(t *testing.T) {
	t.Parallel()
	w := octo()
	w.Milestones = []Milestone{
		{Number: 1, Title: "someday", CreatedAt: day(1)},
		{Number: 2, Title: "late", CreatedAt: day(1), DueOn: dayPointer(9)},
		{Number: 3, Title: "soon", CreatedAt: day(1), DueOn: dayPointer(4), ClosedAt: dayPointer(5)},
	}
	w.Issues = []Issue{
		{Number: 10, State: "OPEN", CreatedAt: day(1), Milestone: new("soon")},
		{
			Number: 11, State: "CLOSED", CreatedAt: day(2), ClosedAt: dayPointer(6), Milestone: new("soon"),
			ClosedEvents:   []CloseEvent{{At: day(3)}, {At: day(6)}},
			ReopenedEvents: []Event{{At: day(5)}},
		},
	}
	w.Pulls = []Pull{{Number: 12, State: "OPEN", CreatedAt: day(3), Milestone: new("soon")}}
	s := serverOf(t, w, Options{})
	numbered(t, s, "milestones", `,orderBy:{field:DUE_DATE,direction:ASC}`, `[3,2,1]`)
	numbered(t, s, "milestones", `,orderBy:{field:DUE_DATE,direction:DESC}`, `[1,2,3]`)
	want(t, repo(t, s, `milestone(number:3){dueOn closedAt
	 issues(first:9,orderBy:{field:CREATED_AT,direction:ASC}){nodes{
	  number timelineItems(first:9,itemTypes:[CLOSED_EVENT,REOPENED_EVENT]){nodes{__typename}}}}
	 pullRequests(first:9){nodes{number}}}`),
		`{"milestone":{"dueOn":"2026-01-04T00:00:00Z","closedAt":"2026-01-05T00:00:00Z",
		 "issues":{"nodes":[{"number":10,"timelineItems":{"nodes":[]}},{"number":11,"timelineItems":{"nodes":[
		  {"__typename":"ClosedEvent"},{"__typename":"ReopenedEvent"},{"__typename":"ClosedEvent"}]}}]},
		 "pullRequests":{"nodes":[{"number":12}]}}}`)
}
