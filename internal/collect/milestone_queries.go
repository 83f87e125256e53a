package collect

import (
	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/github"
)

// dueMilestonesQuery asks for a page of milestones, the latest due first.
type dueMilestonesQuery struct {
	Repository struct {
		Milestones connection[dueMilestoneNode] `graphql:"milestones(first: $first, after: $after, orderBy: {field: DUE_DATE, direction: DESC})"` //nolint:lll // One tag.
	} `graphql:"repository(owner: $owner, name: $name)"`
	RateLimit github.RateLimit
}

// dueMilestoneNode is a milestone and how much is in it; DueOn is null for one without a due date. A hundred cost a
// point, with the counts, which are left out where $counts is false, two. These have a page size although they need
// none: what a query costs can then be told from its text.
type dueMilestoneNode struct {
	Number       githubv4.Int
	Title        githubv4.String
	URL          githubv4.String
	DueOn        *githubv4.DateTime
	CreatedAt    githubv4.DateTime
	ClosedAt     *githubv4.DateTime
	Issues       counted `graphql:"issues(first: 1) @include(if: $counts)"`
	PullRequests counted `graphql:"pullRequests(first: 1) @include(if: $counts)"`
}

// milestonePage is how many issues, and how many pull requests, are asked for with a milestone.
const milestonePage = 25

// milestoneNode is a milestone with the first page of what is in it
// (https://docs.github.com/en/graphql/reference/objects#milestone). One costs a point, ten together cost ten: each has
// two lists, and two for every item of them.
type milestoneNode struct {
	Number    githubv4.Int
	Title     githubv4.String
	URL       githubv4.String
	DueOn     *githubv4.DateTime
	CreatedAt githubv4.DateTime
	ClosedAt  *githubv4.DateTime

	// By creation, oldest first: what is put into the milestone while it is read mostly comes after what was read.
	Issues       connection[milestoneItemNode] `graphql:"issues(first: $page, orderBy: {field: CREATED_AT, direction: ASC})"`
	PullRequests connection[milestoneItemNode] `graphql:"pullRequests(first: $page, orderBy: {field: CREATED_AT, direction: ASC})"` //nolint:lll // One tag.
}

// untouchedNode is a milestone with what is in it that was left alone the longest. What one costs follows from how many
// items are asked for: two lists for each.
type untouchedNode struct {
	Number       githubv4.Int
	Issues       itemNodes `graphql:"issues(first: $issues, orderBy: {field: UPDATED_AT, direction: ASC})"`
	PullRequests itemNodes `graphql:"pullRequests(first: $pulls, orderBy: {field: UPDATED_AT, direction: ASC})"`
}

// itemNodes are items of a milestone.
type itemNodes struct{ Nodes []milestoneItemNode }

// milestoneItemNode is an issue or a pull request: what is asked for, both have. A merge closes a pull request, and has
// its ClosedEvent too.
type milestoneItemNode struct {
	Number        githubv4.Int
	Title         githubv4.String
	URL           githubv4.String
	Author        *account
	CreatedAt     githubv4.DateTime
	ClosedAt      *githubv4.DateTime
	Labels        connection[labelNode]          `graphql:"labels(first: 20)"`
	TimelineItems connection[milestoneItemEvent] `graphql:"timelineItems(first: 20, itemTypes: [CLOSED_EVENT, REOPENED_EVENT, LABELED_EVENT, UNLABELED_EVENT])"` //nolint:lll // One tag.
}

// milestoneItemEvent is an entry of the timeline of an item. Only the part that Typename names is meant.
type milestoneItemEvent struct {
	Typename  githubv4.String `graphql:"__typename"`
	Closed    happening       `graphql:"... on ClosedEvent"`
	Reopened  happening       `graphql:"... on ReopenedEvent"`
	Labeled   labeling        `graphql:"... on LabeledEvent"`
	Unlabeled labeling        `graphql:"... on UnlabeledEvent"`
}

// milestoneRestQuery asks for a further page of one of the lists of a milestone; List holds that list alone.
type milestoneRestQuery[List any] struct {
	Repository struct {
		Milestone List `graphql:"milestone(number: $number)"`
	} `graphql:"repository(owner: $owner, name: $name)"`
	RateLimit github.RateLimit
}

// The lists of a milestone, and that of an item in one, each for a further page of it.
type (
	moreMilestoneIssues struct {
		Issues connection[milestoneItemNode] `graphql:"issues(first: $first, after: $after, orderBy: {field: CREATED_AT, direction: ASC})"` //nolint:lll // One tag.
	}
	moreMilestonePullRequests struct {
		PullRequests connection[milestoneItemNode] `graphql:"pullRequests(first: $first, after: $after, orderBy: {field: CREATED_AT, direction: ASC})"` //nolint:lll // One tag.
	}
	moreMilestoneItemEvents struct {
		TimelineItems connection[milestoneItemEvent] `graphql:"timelineItems(first: $first, after: $after, itemTypes: [CLOSED_EVENT, REOPENED_EVENT, LABELED_EVENT, UNLABELED_EVENT])"` //nolint:lll // One tag.
	}
)
