package collect

import (
	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/github"
)

// issueNode is an issue with the first page of what belongs to it
// (https://docs.github.com/en/graphql/reference/objects#issue). A hundred such nodes cost four points, without comments
// and links two. Comments are left out where $comments is false, what shows pull requests where $links is.
type issueNode struct {
	Number               githubv4.Int
	Title, Body          githubv4.String
	URL                  githubv4.String
	Author               *account
	AuthorAssociation    githubv4.String
	CreatedAt, UpdatedAt githubv4.DateTime
	ClosedAt             *githubv4.DateTime
	// StateReason tells a duplicate from NOT_PLANNED only where it is asked to.
	StateReason githubv4.String `graphql:"stateReason(enableDuplicate: true)"`

	Labels        connection[labelNode]      `graphql:"labels(first: 20)"`
	Comments      connection[commentNode]    `graphql:"comments(first: 30) @include(if: $comments)"`
	TimelineItems connection[issueEventNode] `graphql:"timelineItems(first: 30, itemTypes: [LABELED_EVENT, UNLABELED_EVENT, ASSIGNED_EVENT, MILESTONED_EVENT, CLOSED_EVENT, REOPENED_EVENT, CONNECTED_EVENT, DISCONNECTED_EVENT, CROSS_REFERENCED_EVENT])"` //nolint:lll // One tag.
	// ClosedByPullRequestsReferences leaves out merged pull requests unless it is asked for closed ones.
	ClosedByPullRequestsReferences connection[linkedPullRequest] `graphql:"closedByPullRequestsReferences(first: 10, includeClosedPrs: true) @include(if: $links)"`
	// Milestone is null where it is in none.
	Milestone *inMilestone `graphql:"milestone @include(if: $milestones)"`
}

// inMilestone is the milestone that an issue or pull request is in.
type inMilestone struct{ Number githubv4.Int }

// number is its number, 0 for none.
func (m *inMilestone) number() int {
	if m == nil {
		return 0
	}
	return int(m.Number)
}

// linkedPullRequest is a pull request as an issue names it, of this repository or another.
type linkedPullRequest struct {
	Number      githubv4.Int
	Author      *account
	CreatedAt   githubv4.DateTime
	MergedAt    *githubv4.DateTime
	MergeCommit *oid
	Repository  repositoryName
}

// linkedSubject is an issue or a pull request; only the latter matters. It is zero where GitHub does not show it.
type linkedSubject struct {
	Typename    githubv4.String   `graphql:"__typename"`
	PullRequest linkedPullRequest `graphql:"... on PullRequest"`
}

// issueEventNode is an entry of an issue's timeline. Only the part that Typename names is meant.
type issueEventNode struct {
	Typename   githubv4.String `graphql:"__typename"`
	Labeled    labeling        `graphql:"... on LabeledEvent"`
	Unlabeled  labeling        `graphql:"... on UnlabeledEvent"`
	Assigned   happening       `graphql:"... on AssignedEvent"`
	Milestoned happening       `graphql:"... on MilestonedEvent"`
	Reopened   happening       `graphql:"... on ReopenedEvent"`
	Closed     struct {
		Actor       *account
		CreatedAt   githubv4.DateTime
		StateReason githubv4.String
		// Closer is a commit, a project or a pull request, null where somebody closed the issue by hand.
		Closer linkedSubject `graphql:"closer: closer @include(if: $links)"`
	} `graphql:"... on ClosedEvent"`
	Connected       connecting `graphql:"... on ConnectedEvent @include(if: $links)"`
	Disconnected    connecting `graphql:"... on DisconnectedEvent @include(if: $links)"`
	CrossReferenced struct {
		CreatedAt       githubv4.DateTime
		WillCloseTarget githubv4.Boolean
		Source          struct {
			Typename    githubv4.String                `graphql:"__typename"`
			PullRequest linkedPullRequest              `graphql:"... on PullRequest"`
			Text        struct{ Body githubv4.String } `graphql:"... on PullRequest"`
		}
	} `graphql:"... on CrossReferencedEvent @include(if: $links)"`
}

// connecting says that an issue and a pull request were linked, or unlinked, by hand. Of source and subject, one is the
// issue and the other the pull request.
type connecting struct {
	CreatedAt       githubv4.DateTime
	Source, Subject linkedSubject
}

// openIssuesQuery asks for a page of what is open, the longest untouched first, and for how the whole list stands.
type openIssuesQuery struct {
	Repository struct {
		Issues connection[issueNode]  `graphql:"issues(first: $first, after: $after, states: [OPEN], orderBy: {field: UPDATED_AT, direction: ASC})"` //nolint:lll // One tag.
		Newest connection[listedNode] `graphql:"newest: issues(first: 1, orderBy: {field: UPDATED_AT, direction: DESC})"`
		Open   counted                `graphql:"open: issues(states: [OPEN])"`
		All    counted                `graphql:"all: issues"`
	} `graphql:"repository(owner: $owner, name: $name)"`
	RateLimit github.RateLimit
}

// updatedIssuesQuery asks for a page of what was updated at or after an instant, the last touched first, and for how
// the whole list stands.
type updatedIssuesQuery struct {
	Repository struct {
		Issues connection[issueNode]  `graphql:"issues(first: $first, after: $after, filterBy: {since: $since}, orderBy: {field: UPDATED_AT, direction: DESC})"` //nolint:lll // One tag.
		Newest connection[listedNode] `graphql:"newest: issues(first: 1, orderBy: {field: UPDATED_AT, direction: DESC})"`
		Open   counted                `graphql:"open: issues(states: [OPEN])"`
		All    counted                `graphql:"all: issues"`
	} `graphql:"repository(owner: $owner, name: $name)"`
	RateLimit github.RateLimit
}

// issueRestQuery asks for a further page of one of the lists of an issue; List holds that list alone.
type issueRestQuery[List any] struct {
	Repository struct {
		Issue List `graphql:"issue(number: $number)"`
	} `graphql:"repository(owner: $owner, name: $name)"`
	RateLimit github.RateLimit
}

// The lists that only issues have, each for a further page of it.
type (
	moreIssueEvents struct {
		TimelineItems connection[issueEventNode] `graphql:"timelineItems(first: $first, after: $after, itemTypes: [LABELED_EVENT, UNLABELED_EVENT, ASSIGNED_EVENT, MILESTONED_EVENT, CLOSED_EVENT, REOPENED_EVENT, CONNECTED_EVENT, DISCONNECTED_EVENT, CROSS_REFERENCED_EVENT])"` //nolint:lll // One tag.
	}
	moreClosedBy struct {
		ClosedByPullRequestsReferences connection[linkedPullRequest] `graphql:"closedByPullRequestsReferences(first: $first, after: $after, includeClosedPrs: true)"` //nolint:lll // One tag.
	}
)
