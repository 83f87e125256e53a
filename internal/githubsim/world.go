package githubsim

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// World is everything that a simulated GitHub knows about one repository. Every field but Repo is optional; what is
// missing is unknown: null in an answer, or an empty list. Lists may be in any order.
type World struct {
	Repo         Repo          `json:"repo"`
	Commits      []Commit      `json:"commits,omitempty"`
	Tags         []Tag         `json:"tags,omitempty"`
	Releases     []Release     `json:"releases,omitempty"`
	Branches     []Branch      `json:"branches,omitempty"`
	Pulls        []Pull        `json:"pulls,omitempty"`
	Issues       []Issue       `json:"issues,omitempty"`
	Milestones   []Milestone   `json:"milestones,omitempty"`
	Deployments  []Deployment  `json:"deployments,omitempty"`
	Workflows    []Workflow    `json:"workflows,omitempty"`
	WorkflowRuns []WorkflowRun `json:"workflowRuns,omitempty"`
	Dependabot   []Alert       `json:"dependabotAlerts,omitempty"`
	CodeScanning []Alert       `json:"codeScanningAlerts,omitempty"`
	// Files are the files of the default branch, by path, and of every commit that no branch with files of its own has as
	// its head.
	Files map[string]string `json:"files,omitempty"`
	// Modes are git's modes, in octal, of those among all files that are not plain ones: 100755 (can be run), 120000 (a
	// symbolic link: its text is what it points to) or 160000 (a submodule: its text is the id of a commit elsewhere).
	Modes map[string]string `json:"modes,omitempty"`
}

// Repo identifies the repository. A repository without commits has an empty DefaultBranch.
type Repo struct {
	Owner         string     `json:"owner"`
	Name          string     `json:"name"`
	DefaultBranch string     `json:"defaultBranch"`
	CreatedAt     *time.Time `json:"createdAt,omitempty"`
	Private       bool       `json:"private,omitempty"`
}

// Commit is a commit. OnDefaultBranch is nil or true unless only another branch reaches it.
type Commit struct {
	OID             string    `json:"oid"`
	Parents         []string  `json:"parents"`
	AuthoredDate    time.Time `json:"authoredDate"`
	CommittedDate   time.Time `json:"committedDate"`
	Author          *string   `json:"author"`
	AuthorType      string    `json:"authorType,omitempty"`
	MessageHeadline string    `json:"message_headline"`
	MessageBody     string    `json:"message_body,omitempty"`
	OnDefaultBranch *bool     `json:"onDefaultBranch,omitempty"`
}

// Message is the whole message: git separates the headline from the body by an empty line.
func (c *Commit) Message() string { return joinMessage(c.MessageHeadline, c.MessageBody) }

func joinMessage(headline, body string) string {
	if body == "" {
		return headline
	}
	return headline + "\n\n" + body
}

// Tag is a tag; Date is the tagger's or, for a lightweight tag, the commit's.
type Tag struct {
	Name string     `json:"name"`
	OID  string     `json:"oid"`
	Date *time.Time `json:"date,omitempty"`
}

// Release is a release.
type Release struct {
	TagName      string     `json:"tagName"`
	Name         string     `json:"name"`
	CreatedAt    time.Time  `json:"createdAt"`
	PublishedAt  *time.Time `json:"publishedAt"`
	UpdatedAt    *time.Time `json:"updatedAt,omitempty"`
	IsDraft      bool       `json:"isDraft"`
	IsPrerelease bool       `json:"isPrerelease"`
	OID          string     `json:"oid"`
	Author       *string    `json:"author,omitempty"`
	AuthorType   string     `json:"authorType,omitempty"`
}

// Branch is a branch and its head.
type Branch struct {
	Name string `json:"name"`
	OID  string `json:"oid"`
	// Files are its files, by path; nil: those of the World. An empty list is a branch without files.
	Files map[string]string `json:"files,omitzero"`
}

// Pull is a pull request.
type Pull struct {
	Number            int        `json:"number"`
	Title             string     `json:"title"`
	Body              string     `json:"body,omitempty"`
	State             string     `json:"state"`
	IsDraft           bool       `json:"isDraft,omitempty"`
	CreatedAt         time.Time  `json:"createdAt"`
	ClosedAt          *time.Time `json:"closedAt,omitempty"`
	MergedAt          *time.Time `json:"mergedAt,omitempty"`
	UpdatedAt         *time.Time `json:"updatedAt,omitempty"`
	Author            *string    `json:"author"`
	AuthorType        string     `json:"authorType,omitempty"`
	AuthorAssociation string     `json:"authorAssociation,omitempty"`
	Labels            []string   `json:"labels,omitempty"`
	Assignees         []string   `json:"assignees,omitempty"`
	Milestone         *string    `json:"milestone,omitempty"`
	Locked            bool       `json:"locked,omitempty"`
	BaseRefName       string     `json:"baseRefName"`
	HeadRefName       string     `json:"headRefName,omitempty"`
	HeadRefOID        string     `json:"headRefOid,omitempty"`
	// Fork is true where the head is a branch of a fork, which its author owns.
	Fork        bool    `json:"fork,omitempty"`
	MergedBy    *string `json:"mergedBy,omitempty"`
	MergeCommit string  `json:"mergeCommit,omitempty"`
	// MergedCommits are the commits that a rebase merge put on the base branch, oldest first.
	MergedCommits           []string    `json:"mergedCommits,omitempty"`
	FirstCommitAuthoredDate *time.Time  `json:"firstCommitAuthoredDate,omitempty"`
	Commits                 PullCommits `json:"commits,omitzero"`
	// CommitOIDs are its commits, oldest first.
	CommitOIDs []string `json:"commitOids,omitempty"`
	Additions  int      `json:"additions,omitempty"`
	Deletions  int      `json:"deletions,omitempty"`
	// ChangedFiles may be left to the count of Paths. Files without Paths are unknown: their list is null.
	ChangedFiles int      `json:"changedFiles,omitempty"`
	Paths        []string `json:"paths,omitempty"`
	// Renamed holds the old paths of those files that it renames, by the new ones.
	Renamed               map[string]string `json:"renamed,omitempty"`
	Reviews               []Review          `json:"reviews,omitempty"`
	ReviewComments        []Comment         `json:"reviewComments,omitempty"`
	Comments              []Comment         `json:"comments,omitempty"`
	ClosingIssues         []int             `json:"closingIssues,omitempty"`
	ReadyForReviewEvents  []Event           `json:"readyForReviewEvents,omitempty"`
	ConvertToDraftEvents  []Event           `json:"convertToDraftEvents,omitempty"`
	ReviewRequestedEvents []Event           `json:"reviewRequestedEvents,omitempty"`
	LabeledEvents         []LabelEvent      `json:"labeledEvents,omitempty"`
	UnlabeledEvents       []LabelEvent      `json:"unlabeledEvents,omitempty"`
	AssignedEvents        []Event           `json:"assignedEvents,omitempty"`
	MilestonedEvents      []Event           `json:"milestonedEvents,omitempty"`
	ClosedEvents          []CloseEvent      `json:"closedEvents,omitempty"`
	ReopenedEvents        []Event           `json:"reopenedEvents,omitempty"`
}

// headOID is the commit at its head, made up where the world does not say.
func (p *Pull) headOID() string {
	return cmp.Or(p.HeadRefOID, objectID("head "+strconv.Itoa(p.Number)))
}

// changedFiles is how many files it touches.
func (p *Pull) changedFiles() int { return cmp.Or(p.ChangedFiles, len(p.Paths)) }

// PullCommits is either a count or the commits themselves: a world file holds one or the other.
type PullCommits struct {
	Count int
	List  []PullCommit
}

// UnmarshalJSON reads a number or a list.
func (p *PullCommits) UnmarshalJSON(data []byte) error {
	if err := json.Unmarshal(data, &p.Count); err == nil {
		return nil
	}
	if err := json.Unmarshal(data, &p.List); err != nil {
		return fmt.Errorf("commits of a pull request: neither a count nor a list of commits: %w", err)
	}
	p.Count = len(p.List)
	return nil
}

// MarshalJSON writes the list where there is one, else the count.
func (p PullCommits) MarshalJSON() ([]byte, error) {
	if p.List != nil {
		return json.Marshal(p.List)
	}
	return json.Marshal(p.Count)
}

// PullCommit is a commit of a pull request before merging. Message may be missing.
type PullCommit struct {
	OID             string    `json:"oid"`
	AuthoredDate    time.Time `json:"authoredDate"`
	CommittedDate   time.Time `json:"committedDate"`
	MessageHeadline string    `json:"message_headline,omitempty"`
	MessageBody     string    `json:"message_body,omitempty"`
}

// Review is a review; SubmittedAt is nil for one that is pending.
type Review struct {
	Author            *string    `json:"author"`
	AuthorType        string     `json:"authorType,omitempty"`
	AuthorAssociation string     `json:"authorAssociation,omitempty"`
	State             string     `json:"state"`
	SubmittedAt       *time.Time `json:"submittedAt"`
}

// Comment is a comment.
type Comment struct {
	Author            *string   `json:"author"`
	AuthorType        string    `json:"authorType,omitempty"`
	AuthorAssociation string    `json:"authorAssociation,omitempty"`
	CreatedAt         time.Time `json:"createdAt"`
	// ID may be left to the simulation; Body may be unknown, which is empty.
	ID        int64      `json:"id,omitempty"`
	Body      string     `json:"body,omitempty"`
	UpdatedAt *time.Time `json:"updatedAt,omitempty"`
}

// Event is an entry of a timeline.
type Event struct {
	At         time.Time `json:"at"`
	Actor      *string   `json:"actor,omitempty"`
	AuthorType string    `json:"authorType,omitempty"`
	Assignee   *string   `json:"assignee,omitempty"`
	Reviewer   *string   `json:"reviewer,omitempty"`
	Title      string    `json:"title,omitempty"`
}

// LabelEvent says that a label was put on or taken off.
type LabelEvent struct {
	Label      string    `json:"label"`
	At         time.Time `json:"at"`
	Actor      *string   `json:"actor,omitempty"`
	AuthorType string    `json:"authorType,omitempty"`
}

// CloseEvent says that something was closed, and by which commit or pull request.
type CloseEvent struct {
	At          time.Time `json:"at"`
	Actor       *string   `json:"actor,omitempty"`
	AuthorType  string    `json:"authorType,omitempty"`
	CommitID    string    `json:"commitId,omitempty"`
	CloserPull  int       `json:"closerPull,omitempty"`
	StateReason string    `json:"stateReason,omitempty"`
}

// Issue is an issue.
type Issue struct {
	Number            int          `json:"number"`
	Title             string       `json:"title"`
	Body              string       `json:"body,omitempty"`
	State             string       `json:"state"`
	StateReason       string       `json:"stateReason,omitempty"`
	CreatedAt         time.Time    `json:"createdAt"`
	ClosedAt          *time.Time   `json:"closedAt,omitempty"`
	UpdatedAt         *time.Time   `json:"updatedAt,omitempty"`
	Author            *string      `json:"author"`
	AuthorType        string       `json:"authorType,omitempty"`
	AuthorAssociation string       `json:"authorAssociation,omitempty"`
	Labels            []string     `json:"labels,omitempty"`
	Assignees         []string     `json:"assignees,omitempty"`
	Milestone         *string      `json:"milestone,omitempty"`
	Locked            bool         `json:"locked,omitempty"`
	IssueType         string       `json:"issueType,omitempty"`
	LabeledEvents     []LabelEvent `json:"labeledEvents,omitempty"`
	UnlabeledEvents   []LabelEvent `json:"unlabeledEvents,omitempty"`
	AssignedEvents    []Event      `json:"assignedEvents,omitempty"`
	MilestonedEvents  []Event      `json:"milestonedEvents,omitempty"`
	ClosedEvents      []CloseEvent `json:"closedEvents,omitempty"`
	ReopenedEvents    []Event      `json:"reopenedEvents,omitempty"`
	Comments          []Comment    `json:"comments,omitempty"`
	ClosedByPulls     []int        `json:"closedByPulls,omitempty"`
	ConnectedPulls    []int        `json:"connectedPulls,omitempty"`
}

// Milestone is a milestone.
type Milestone struct {
	Number    int        `json:"number"`
	Title     string     `json:"title"`
	State     string     `json:"state"`
	DueOn     *time.Time `json:"dueOn,omitempty"`
	CreatedAt time.Time  `json:"createdAt"`
	ClosedAt  *time.Time `json:"closedAt,omitempty"`
}

// Deployment is a deployment with its status history, in any order.
type Deployment struct {
	ID           int64              `json:"id"`
	SHA          string             `json:"sha"`
	Ref          string             `json:"ref,omitempty"`
	Environment  string             `json:"environment"`
	Task         string             `json:"task,omitempty"`
	CreatedAt    time.Time          `json:"createdAt"`
	Creator      *string            `json:"creator,omitempty"`
	AuthorType   string             `json:"authorType,omitempty"`
	IsProduction bool               `json:"isProduction,omitempty"`
	IsTransient  bool               `json:"isTransient,omitempty"`
	Statuses     []DeploymentStatus `json:"statuses,omitempty"`
}

// DeploymentStatus is one status of a deployment.
type DeploymentStatus struct {
	State       string    `json:"state"`
	CreatedAt   time.Time `json:"createdAt"`
	Description string    `json:"description,omitempty"`
}

// Workflow is a workflow file.
type Workflow struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	Path  string `json:"path"`
	State string `json:"state,omitempty"`
}

// WorkflowRun is the latest attempt of a run.
type WorkflowRun struct {
	ID           int64      `json:"id"`
	Name         string     `json:"name"`
	WorkflowID   int64      `json:"workflowId"`
	Path         string     `json:"path"`
	HeadBranch   string     `json:"headBranch"`
	HeadSHA      string     `json:"headSha"`
	Event        string     `json:"event"`
	Status       string     `json:"status"`
	Conclusion   string     `json:"conclusion,omitempty"`
	RunAttempt   int        `json:"runAttempt"`
	RunNumber    int        `json:"runNumber"`
	CreatedAt    time.Time  `json:"createdAt"`
	RunStartedAt *time.Time `json:"runStartedAt,omitempty"`
	UpdatedAt    time.Time  `json:"updatedAt"`
	Actor        *string    `json:"actor,omitempty"`
	AuthorType   string     `json:"authorType,omitempty"`
	Jobs         []Job      `json:"jobs,omitempty"`
	// Attempts are the earlier attempts. GitHub lists a run once, by its latest attempt, and so does the server.
	Attempts []json.RawMessage `json:"attempts,omitempty"`
}

// Job is a job of a run.
type Job struct {
	ID          int64      `json:"id"`
	Name        string     `json:"name"`
	Status      string     `json:"status"`
	Conclusion  string     `json:"conclusion,omitempty"`
	CreatedAt   time.Time  `json:"createdAt"`
	StartedAt   *time.Time `json:"startedAt,omitempty"`
	CompletedAt *time.Time `json:"completedAt,omitempty"`
}

// Alert is a Dependabot or code-scanning alert.
type Alert struct {
	Number      int        `json:"number"`
	State       string     `json:"state"`
	Severity    string     `json:"severity,omitempty"`
	CreatedAt   time.Time  `json:"createdAt"`
	FixedAt     *time.Time `json:"fixedAt,omitempty"`
	DismissedAt *time.Time `json:"dismissedAt,omitempty"`
	PackageName string     `json:"packageName,omitempty"`
	GHSAID      string     `json:"ghsaId,omitempty"`
}
