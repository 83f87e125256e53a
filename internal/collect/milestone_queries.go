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

// dueMilestoneNode is a milestone; DueOn is null for one without a due date.
type dueMilestoneNode struct {
	Number githubv4.Int
	DueOn  *githubv4.DateTime
}

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
	Issues       connection[milestoneItemNode] `graphql:"issues(first: 25, orderBy: {field: CREATED_AT, direction: ASC})"`
	PullRequests connection[milestoneItemNode] `graphql:"pullRequests(first: 25, orderBy: {field: CREATED_AT, direction: ASC})"` //nolint:lll // One tag.
}

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

// milestonesByNumberQuery asks for up to maxNumbers milestones.
type milestonesByNumberQuery struct {
	Repository struct {
		M0 *milestoneNode `graphql:"m0: milestone(number: $number0)"`
		M1 *milestoneNode `graphql:"m1: milestone(number: $number1) @include(if: $has1)"`
		M2 *milestoneNode `graphql:"m2: milestone(number: $number2) @include(if: $has2)"`
		M3 *milestoneNode `graphql:"m3: milestone(number: $number3) @include(if: $has3)"`
		M4 *milestoneNode `graphql:"m4: milestone(number: $number4) @include(if: $has4)"`
		M5 *milestoneNode `graphql:"m5: milestone(number: $number5) @include(if: $has5)"`
		M6 *milestoneNode `graphql:"m6: milestone(number: $number6) @include(if: $has6)"`
		M7 *milestoneNode `graphql:"m7: milestone(number: $number7) @include(if: $has7)"`
		M8 *milestoneNode `graphql:"m8: milestone(number: $number8) @include(if: $has8)"`
		M9 *milestoneNode `graphql:"m9: milestone(number: $number9) @include(if: $has9)"`
	} `graphql:"repository(owner: $owner, name: $name)"`
	RateLimit github.RateLimit
}

// nodes are the places in order.
func (q *milestonesByNumberQuery) nodes() [maxNumbers]*milestoneNode {
	r := &q.Repository
	return [maxNumbers]*milestoneNode{r.M0, r.M1, r.M2, r.M3, r.M4, r.M5, r.M6, r.M7, r.M8, r.M9}
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
