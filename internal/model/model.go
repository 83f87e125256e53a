// Package model holds the facts about one repository at one instant, as GitHub tells them. It does no arithmetic and
// makes no judgement: what counts as production, a bug or the team is decided by the packages that read a Snapshot.
package model

import (
	"slices"
	"strings"
	"time"
)

// Ghost is the login of the account that GitHub shows in place of a deleted one. GraphQL answers null there; readers
// normalise null to Ghost, so that all deleted accounts are the same person.
const Ghost = "ghost"

// Snapshot is what was read of one repository. Every time is UTC, cut to the second. Facts that happened at or after
// the end of the window of a report may be present; whoever measures leaves them out.
type Snapshot struct {
	Repository Repository
	// AsOf is when reading began.
	AsOf time.Time
	// Until is the end of the window that it was read for: of what happened from then on, facts may be absent.
	Until time.Time
	// Reach is how far back the reading went (R in the KPI definitions): facts that can only matter before it are absent.
	Reach time.Time

	Deployments []Deployment
	Releases    []Release
	Tags        []Tag
	Branches    []Branch
	Commits     []Commit
	// Reached are, by the SHA of a commit, others that it is known to reach although what lies between was not read.
	Reached      map[string][]string
	PullRequests []PullRequest
	Issues       []Issue
	Milestones   []Milestone
	Runs         []Run
	Jobs         []Job
	// Vulnerabilities are Dependabot's alerts, CodeScanning those of code scanning.
	Vulnerabilities []Alert
	CodeScanning    []Alert

	// Read lists the feeds that were asked for. A feed that is neither here nor in Gaps was not wanted.
	Read []Feed
	// Gaps lists what could not be read. A feed with a Gap is incomplete, or absent.
	Gaps []Gap
	// Aside says why an earlier reading that was given was not used, in one line; empty where it was, or none was given.
	Aside string
	// Usage is what the reading cost.
	Usage Usage
}

// Feed is one stream of facts that GitHub serves.
type Feed string

// The feeds, by the names that reports use.
const (
	Deployments  Feed = "deployments"
	Releases     Feed = "releases"
	Tags         Feed = "tags"
	Commits      Feed = "commits"
	PullRequests Feed = "pull-requests"
	Issues       Feed = "issues"
	// Reviews are the reviews of the pull requests, and the comments in their conversations.
	Reviews Feed = "reviews"
	// Comments are the comments on the issues.
	Comments Feed = "comments"
	// Links is which pull requests are linked to the issues: part of reading issues that needs another permission.
	Links Feed = "links"
	// PastIncidents is whether there was an incident before the reach, where the issues that are read do not tell.
	PastIncidents Feed = "past-incidents"
	// Paths is which files the pull requests touch.
	Paths Feed = "paths"
	// Milestones are those with a due date, each with the issues and pull requests in it.
	Milestones Feed = "milestones"
	Runs       Feed = "runs"
	DeployRuns Feed = "deploy-runs"
	// Jobs are the jobs of the runs: a request for each run.
	Jobs Feed = "jobs"
	// VulnerabilityAlerts are Dependabot's.
	VulnerabilityAlerts Feed = "vulnerability-alerts"
	CodeScanningAlerts  Feed = "code-scanning-alerts"
)

// Words names the feed in a sentence: "pull requests" for pull-requests.
func (f Feed) Words() string { return strings.ReplaceAll(string(f), "-", " ") }

// Source is where a repository's production deployments are read from.
type Source string

// The sources, by the names that configurations use.
const (
	SourceDeployments Source = "deployments"
	SourceWorkflow    Source = "workflow"
	SourceReleases    Source = "releases"
	SourceTags        Source = "tags"
	SourceMerges      Source = "merges"
)

// Gap says that a feed was not read whole, and why.
type Gap struct {
	Feed Feed
	// Reason says what happened and what to do about it, in one line.
	Reason string
	// Permission is the workflow permission that is missing, such as "deployments: read"; empty for any other reason.
	Permission string
	// Advice says what to change so that it can be read, in a few words without a full stop; empty where that is not known.
	Advice string
	// Partial is true when some of the feed was read; false when none was.
	Partial bool
	// Cut is true where some of the feed was read and all that is wrong with it is that facts are missing: each that is
	// there was read whole, and now. It is not kept in snapshot files, which then say less than is known.
	Cut bool `json:"-"`
}

// Usage counts what a reading cost.
type Usage struct {
	// Requests counts HTTP requests sent, retries included.
	Requests int
	// GraphQLPoints sums the cost that GitHub reported for each GraphQL query.
	GraphQLPoints int
	// Bytes counts the answers, decompressed.
	Bytes int64
	// Retries counts the requests that had to be sent again, Waited how long was waited before these.
	Retries int
	Waited  time.Duration
	// Known counts the facts that came from an earlier reading and were not read again.
	Known int
}

// Repository identifies a repository.
type Repository struct {
	// ID is GitHub's databaseId, which a repository keeps when it is renamed; 0 where GitHub does not say.
	ID          int64
	Owner, Name string
	// DefaultBranch is empty when the repository has no commits.
	DefaultBranch string
	// URL is the repository's page, without a slash at its end.
	URL string
}

// FullName is owner/name.
func (r Repository) FullName() string { return r.Owner + "/" + r.Name }

// Actor is who did something. The zero Actor means that GitHub does not say (not that the account is deleted).
type Actor struct {
	// Login never carries the suffix "[bot]"; a deleted account is Ghost.
	Login string
	// Bot is true when GitHub's type for the account is Bot, or its login had the suffix "[bot]".
	Bot bool
}

// Association is an author's relation to the repository, as GitHub's CommentAuthorAssociation names it
// (https://docs.github.com/en/graphql/reference/enums#commentauthorassociation).
type Association string

// Deployment is one attempt to put one commit into one environment.
type Deployment struct {
	// ID is GitHub's databaseId, NodeID its global one, by which GraphQL finds it again.
	ID          int64
	NodeID      string
	Environment string
	SHA         string
	// Updated is when it, or one of its statuses, last changed.
	Created, Updated time.Time
	Creator          Actor
	// Statuses is the whole history, oldest first.
	Statuses []DeploymentStatus
}

// First is when the deployment first had one of the states, the zero time if it never had.
func (d Deployment) First(states ...string) time.Time {
	for _, s := range d.Statuses {
		if slices.Contains(states, s.State) {
			return s.Created
		}
	}
	return time.Time{}
}

// DeploymentStatus is one step in a deployment's life.
type DeploymentStatus struct {
	// State is GitHub's DeploymentStatusState: SUCCESS, FAILURE, ERROR, INACTIVE, IN_PROGRESS, PENDING, QUEUED, WAITING.
	State   string
	Created time.Time
}

// Release is a release; Published is zero for a draft.
type Release struct {
	ID int64
	// NodeID is GitHub's global ID, Updated when the release last changed.
	NodeID  string
	Updated time.Time
	// Tag is the tag's name; SHA is the commit that it names, empty when GitHub does not say.
	Tag, SHA          string
	Published         time.Time
	Draft, Prerelease bool
	Author            Actor
	URL               string
}

// Tag is a tag and the commit that it names.
type Tag struct {
	// NodeID is GitHub's global ID of the ref.
	NodeID    string
	Name, SHA string
	// Date is the tagger's date, for a lightweight tag the commit's committer date.
	Date time.Time
}

// Branch is a branch that the reading followed, and its head.
type Branch struct{ Name, Head string }

// Commit is a commit.
type Commit struct {
	SHA string
	// Parents are in git's order: the first parent is the line that the commit continues.
	Parents             []string
	Authored, Committed time.Time
	// Author's Login is the author's name when no account is known for the address.
	Author  Actor
	Message string
	// PullRequests are the numbers of the merged pull requests that GitHub says brought this commit.
	PullRequests []int
}

// PullRequest is a pull request.
type PullRequest struct {
	Number      int
	Title, Body string
	URL         string
	Author      Actor
	Association Association
	// Created is when it was opened. Closed is zero while open; Merged is zero unless merged, and then Closed is set too.
	Created, Updated, Closed, Merged time.Time
	MergedBy                         Actor
	// MergeCommit is the commit that landed it on Base: the merge commit, the squashed one, or the last rebased one.
	MergeCommit string
	// Base and Head are branch names.
	Base, Head           string
	Draft                bool
	Additions, Deletions int
	Labels               []string
	// Paths are the files that it touches, by their new names; empty unless the feed Paths was read.
	Paths []string
	// Commits are in the order of GitHub's commits connection.
	Commits []PullRequestCommit
	// Reviews holds the submitted ones.
	Reviews  []Review
	Comments []Comment
	// Events is its timeline, oldest first.
	Events []Event
}

// Candidate is the open pull request that a gate is asked about, as it is now.
type Candidate struct {
	Number      int
	Title, Body string
	URL         string
	Author      Actor
	// Head is the branch that it comes from, HeadSHA the commit there; Fork is true where these are in another repository.
	// Base is the branch that it is to be merged into.
	Head, HeadSHA string
	Fork          bool
	Base          string
	Labels        []string
	// Paths are the files that it changes, by their new names, and of renamed ones the old names too. PathsKnown is true
	// where these are all of them.
	Paths      []string
	PathsKnown bool
	// Closes are the issues of this repository that merging it closes, with number, title, URL, labels, and when they were
	// closed. ClosesKnown is true where these are all of them.
	Closes      []Issue
	ClosesKnown bool
}

// PullRequestCommit is a commit of a pull request, as it was before merging.
type PullRequestCommit struct {
	SHA                 string
	Authored, Committed time.Time
	Message             string
}

// Review is a submitted review.
type Review struct {
	Author      Actor
	Association Association
	// State is GitHub's PullRequestReviewState: APPROVED, CHANGES_REQUESTED, COMMENTED or DISMISSED.
	State     string
	Submitted time.Time
}

// Comment is a comment on an issue or in a pull request's conversation.
type Comment struct {
	Author      Actor
	Association Association
	Created     time.Time
}

// EventKind names what happened to an issue or pull request.
type EventKind string

// The events that are read, by the names of GitHub's timeline items.
const (
	Labeled        EventKind = "labeled"
	Unlabeled      EventKind = "unlabeled"
	Assigned       EventKind = "assigned"
	Milestoned     EventKind = "milestoned"
	Closed         EventKind = "closed"
	Reopened       EventKind = "reopened"
	ReadyForReview EventKind = "ready-for-review"
	ConvertToDraft EventKind = "convert-to-draft"
)

// Event is one entry of a timeline.
type Event struct {
	Kind  EventKind
	At    time.Time
	Actor Actor
	// Label is set for Labeled and Unlabeled.
	Label string
	// Reason is set for Closed where GitHub says it: COMPLETED, NOT_PLANNED or DUPLICATE.
	Reason string
	// Closer is the number of the pull request of this repository that closed an issue, 0 for any other closer.
	Closer int
}

// Issue is an issue.
type Issue struct {
	Number      int
	Title, Body string
	URL         string
	Author      Actor
	Association Association
	// Closed is its last close, zero while open.
	Created, Updated, Closed time.Time
	// Reason is why it is closed: COMPLETED, NOT_PLANNED, DUPLICATE, or empty when GitHub does not say.
	Reason string
	Labels []string
	// Type is the name of its issue type, empty without one.
	Type     string
	Comments []Comment
	// Events is its timeline, oldest first.
	Events []Event
	// Links are the pull requests that close it, are connected to it, or name it with a closing keyword, each once.
	Links []Link
}

// Link is a pull request as an issue knows it.
type Link struct {
	// Repository is owner/name where the pull request is not of this repository, else empty.
	Repository string
	Number     int
	Author     Actor
	// Created is when the pull request was opened, Linked when it was linked to the issue (zero: GitHub does not say).
	Created, Linked, Merged time.Time
	MergeCommit             string
}

// Milestone is a milestone that is due at some time.
type Milestone struct {
	Number int
	Title  string
	URL    string
	// Due is the instant that GitHub keeps for its due day; Closed is zero while it is open.
	Due, Created, Closed time.Time
	// Items are the issues and pull requests in it today.
	Items []MilestoneItem
}

// MilestoneItem is an issue or a pull request in a milestone.
type MilestoneItem struct {
	// Kind is RefIssue or RefPullRequest.
	Kind   RefKind
	Number int
	Title  string
	URL    string
	Author Actor
	// Closed is its last close, zero while open.
	Created, Closed time.Time
	Labels          []string
	// Events are its closings, its reopenings and what became of its labels, oldest first.
	Events []Event
}

// Alert is a security alert on the default branch.
type Alert struct {
	Number int
	// Title is the package that is vulnerable, or the rule that was broken.
	Title string
	URL   string
	// Severity is low, medium, high or critical; code scanning also has note, warning and error for rules that are not
	// about security. It is empty where GitHub does not say.
	Severity string
	// Fixed and Dismissed (by hand or automatically) are zero while it is not. Updated is when it last changed.
	Created, Updated, Fixed, Dismissed time.Time
}

// Job is a job of a run's latest attempt.
type Job struct {
	ID  int64
	Run int64
	// Name is the job's name.
	Name string
	URL  string
	// Conclusion is empty until it has ended.
	Conclusion string
	// Started is zero while it waits.
	Created, Started time.Time
}

// Run is the latest attempt of a workflow run.
type Run struct {
	// ID is GitHub's databaseId, NodeID its global one, by which GraphQL finds it again.
	ID     int64
	NodeID string
	// Workflow is the path of the workflow file, Name its name.
	Workflow, Name string
	Branch, SHA    string
	// Event is what triggered it: push, pull_request, schedule, …
	Event string
	// Status is GitHub's run status; Conclusion is empty until it is "completed".
	Status, Conclusion string
	// Attempt is 1 for a run that was never re-run.
	Attempt                   int
	Created, Started, Updated time.Time
	Actor                     Actor
	URL                       string
}

// MergeGroup is the event of a merge queue, whose runs are on a ref of their own.
const MergeGroup = "merge_group"

// TargetBranch is the branch that the run belongs to: that of the run, and for a merge group the one that its ref
// names: gh-readonly-queue/main/pr-7-0123abc is queued for main. It is empty for any other ref of a merge group.
func (r Run) TargetBranch() string {
	if r.Event != MergeGroup {
		return r.Branch
	}
	queued, ok := strings.CutPrefix(r.Branch, "gh-readonly-queue/")
	slash := strings.LastIndexByte(queued, '/')
	if !ok || slash < 0 {
		return ""
	}
	return queued[:slash]
}

// RefKind says what an item behind a figure is.
type RefKind string

// The kinds of items.
const (
	RefPullRequest RefKind = "pull-request"
	RefIssue       RefKind = "issue"
	RefDeployment  RefKind = "deployment"
	RefRun         RefKind = "run"
	RefCommit      RefKind = "commit"
	RefRelease     RefKind = "release"
	RefTag         RefKind = "tag"
	RefMilestone   RefKind = "milestone"
	RefJob         RefKind = "job"
	RefAlert       RefKind = "alert"
)

// Ref points at one item of a repository. Which of Number, ID, SHA and Name is set follows from Kind: Number for pull
// requests, issues and milestones, ID for deployments, runs, jobs and alerts, SHA for commits, Name (the tag) for
// releases and tags.
type Ref struct {
	Kind   RefKind
	Number int
	ID     int64
	SHA    string
	Name   string
	URL    string
	// Title is text from the repository: never to be shown unescaped.
	Title string
}

// Window is the half-open interval [Since, Until).
type Window struct{ Since, Until time.Time }

// Contains reports whether t lies in the window; the zero time never does.
func (w Window) Contains(t time.Time) bool {
	return !t.IsZero() && !t.Before(w.Since) && t.Before(w.Until)
}

// Length is how long the window is.
func (w Window) Length() time.Duration { return w.Until.Sub(w.Since) }

// Before is the window of the same length that ends where w begins.
func (w Window) Before() Window { return Window{Since: w.Since.Add(-w.Length()), Until: w.Since} }
