package collect

import (
	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/github"
)

// pullRequestNode is a pull request with the first page of what belongs to it
// (https://docs.github.com/en/graphql/reference/objects#pullrequest). The sizes hold nearly every pull request whole. A
// hundred such nodes cost three points, two more with their reviews and comments, which are left out where $reviews is
// false, one more with their files, which are left out where $paths is, and one more with the issues that they close,
// which are left out where $closing is.
type pullRequestNode struct {
	Number               githubv4.Int
	Title, Body          githubv4.String
	URL                  githubv4.String
	Author               *account
	AuthorAssociation    githubv4.String
	CreatedAt, UpdatedAt githubv4.DateTime
	ClosedAt, MergedAt   *githubv4.DateTime
	MergedBy             *account
	// MergeCommit is null until it was merged: the test merge before is another field.
	MergeCommit              *oid
	BaseRefName, HeadRefName githubv4.String
	IsDraft                  githubv4.Boolean
	Additions, Deletions     githubv4.Int

	Labels        connection[labelNode]             `graphql:"labels(first: 20)"`
	Commits       connection[pullRequestCommitNode] `graphql:"commits(first: 50)"`
	Reviews       connection[reviewNode]            `graphql:"reviews(first: 30) @include(if: $reviews)"`
	Comments      connection[commentNode]           `graphql:"comments(first: 30) @include(if: $reviews)"`
	TimelineItems connection[pullRequestEventNode]  `graphql:"timelineItems(first: 30, itemTypes: [READY_FOR_REVIEW_EVENT, CONVERT_TO_DRAFT_EVENT, LABELED_EVENT, UNLABELED_EVENT, ASSIGNED_EVENT, MILESTONED_EVENT, CLOSED_EVENT, REOPENED_EVENT])"` //nolint:lll // One tag.
	// Files is null where GitHub does not list them.
	Files *connection[changedFile] `graphql:"files(first: 100) @include(if: $paths)"`
	// Milestone is null where it is in none.
	Milestone *inMilestone `graphql:"milestone @include(if: $milestones)"`
	// ClosingIssuesReferences are the issues that it closes.
	ClosingIssuesReferences *connection[closingIssue] `graphql:"closingIssuesReferences(first: 50) @include(if: $closing)"`
}

// labelNode is a label as it is now.
type labelNode struct{ Name githubv4.String }

// pullRequestCommitNode is a commit of a pull request.
type pullRequestCommitNode struct {
	Commit struct {
		OID                         githubv4.String `graphql:"oid"`
		AuthoredDate, CommittedDate githubv4.DateTime
		Message                     githubv4.String
	}
}

// reviewNode is a review; SubmittedAt is null while it is pending, which only its author can see.
type reviewNode struct {
	Author            *account
	AuthorAssociation githubv4.String
	State             githubv4.String
	SubmittedAt       *githubv4.DateTime
}

// commentNode is a comment on an issue or pull request.
type commentNode struct {
	Author            *account
	AuthorAssociation githubv4.String
	CreatedAt         githubv4.DateTime
}

// happening is what every event has.
type happening struct {
	Actor     *account
	CreatedAt githubv4.DateTime
}

// labeling is a label put on or taken off.
type labeling struct {
	Actor     *account
	CreatedAt githubv4.DateTime
	Label     labelNode
}

// pullRequestEventNode is an entry of a pull request's timeline. Only the part that Typename names is meant.
type pullRequestEventNode struct {
	Typename       githubv4.String `graphql:"__typename"`
	ReadyForReview happening       `graphql:"... on ReadyForReviewEvent"`
	ConvertToDraft happening       `graphql:"... on ConvertToDraftEvent"`
	Labeled        labeling        `graphql:"... on LabeledEvent"`
	Unlabeled      labeling        `graphql:"... on UnlabeledEvent"`
	Assigned       happening       `graphql:"... on AssignedEvent"`
	Milestoned     happening       `graphql:"... on MilestonedEvent"`
	Closed         happening       `graphql:"... on ClosedEvent"`
	Reopened       happening       `graphql:"... on ReopenedEvent"`
}

// openPullRequestsQuery asks for a page of what is open, the longest untouched first, and for how the whole list
// stands.
type openPullRequestsQuery struct {
	Repository struct {
		PullRequests connection[pullRequestNode] `graphql:"pullRequests(first: $first, after: $after, states: [OPEN], orderBy: {field: UPDATED_AT, direction: ASC})"` //nolint:lll // One tag.
		Newest       connection[listedNode]      `graphql:"newest: pullRequests(first: 1, orderBy: {field: UPDATED_AT, direction: DESC})"`                            //nolint:lll // One tag.
		Open         counted                     `graphql:"open: pullRequests(states: [OPEN])"`
		All          counted                     `graphql:"all: pullRequests"`
	} `graphql:"repository(owner: $owner, name: $name)"`
	RateLimit github.RateLimit
}

// updatedPullRequestsQuery asks for a page of all pull requests, the last touched first, and for how the whole list
// stands. GitHub has no filter by date.
type updatedPullRequestsQuery struct {
	Repository struct {
		PullRequests connection[pullRequestNode] `graphql:"pullRequests(first: $first, after: $after, orderBy: {field: UPDATED_AT, direction: DESC})"` //nolint:lll // One tag.
		Newest       connection[listedNode]      `graphql:"newest: pullRequests(first: 1, orderBy: {field: UPDATED_AT, direction: DESC})"`             //nolint:lll // One tag.
		Open         counted                     `graphql:"open: pullRequests(states: [OPEN])"`
		All          counted                     `graphql:"all: pullRequests"`
	} `graphql:"repository(owner: $owner, name: $name)"`
	RateLimit github.RateLimit
}

// closingPullRequest is a pull request and the issues that it closes: those it names with a keyword, if its base is the
// default branch, and those that were linked by hand. A hundred cost a point.
type closingPullRequest struct {
	Number                  githubv4.Int
	ClosingIssuesReferences connection[closingIssue] `graphql:"closingIssuesReferences(first: 50)"`
}

// closingIssue is an issue, of this repository or another, that a pull request closes.
type closingIssue struct {
	Number     githubv4.Int
	Repository repositoryName
}

// pullRequestRestQuery asks for a further page of one of the lists of a pull request; List holds that list alone.
type pullRequestRestQuery[List any] struct {
	Repository struct {
		PullRequest List `graphql:"pullRequest(number: $number)"`
	} `graphql:"repository(owner: $owner, name: $name)"`
	RateLimit github.RateLimit
}

// The lists of a pull request, each for a further page of it. Labels and comments serve issues as well.
type (
	moreClosing struct {
		ClosingIssuesReferences connection[closingIssue] `graphql:"closingIssuesReferences(first: $first, after: $after)"`
	}
	moreLabels struct {
		Labels connection[labelNode] `graphql:"labels(first: $first, after: $after)"`
	}
	moreFiles struct {
		Files connection[changedFile] `graphql:"files(first: $first, after: $after)"`
	}
	moreCommits struct {
		Commits connection[pullRequestCommitNode] `graphql:"commits(first: $first, after: $after)"`
	}
	moreReviews struct {
		Reviews connection[reviewNode] `graphql:"reviews(first: $first, after: $after)"`
	}
	moreComments struct {
		Comments connection[commentNode] `graphql:"comments(first: $first, after: $after)"`
	}
	morePullRequestEvents struct {
		TimelineItems connection[pullRequestEventNode] `graphql:"timelineItems(first: $first, after: $after, itemTypes: [READY_FOR_REVIEW_EVENT, CONVERT_TO_DRAFT_EVENT, LABELED_EVENT, UNLABELED_EVENT, ASSIGNED_EVENT, MILESTONED_EVENT, CLOSED_EVENT, REOPENED_EVENT])"` //nolint:lll // One tag.
	}
)
