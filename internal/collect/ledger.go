package collect

import (
	"time"

	"kpi-gate/internal/model"
)

// ListLedger is what is noted of the list of issues, or of that of pull requests.
type ListLedger struct {
	// Total is how many there were, open and closed, however old.
	Total int
	// Hidden are numbers that were looked up and are not in the list.
	Hidden []int
}

// MilestoneLedger is what is noted of the milestones.
type MilestoneLedger struct {
	// Items is how many issues and pull requests were in each milestone, by its number.
	Items map[int]int
}

// PastIncidentLedger is what came of looking for an incident of long ago.
type PastIncidentLedger struct {
	// Asked is true where it was looked for. Number is the issue that was left alone the longest, 0 where there was none.
	Asked  bool
	Number int
}

// LinkLedger is what is noted of links.
type LinkLedger struct {
	// Closing are the issues that pull requests close, by the number of the pull request, as far as that was asked.
	Closing map[int][]int
}

// CountLedger says how many there were of what a list cannot tell to be complete.
type CountLedger struct{ Total int }

// DeployRunLedger says which runs of the snapshot are of the deploy workflows.
type DeployRunLedger struct{ Runs []int64 }

// CommitLedger is what is noted of the commits.
type CommitLedger struct {
	// Pulls is as of when it is known which pull requests brought each commit; zero: it is not.
	Pulls time.Time
	// Unread are commits that are named as parents and are not among the facts.
	Unread map[string]UnreadCommit
	// Reached are commits that a commit is known to reach although what lies between was not read.
	Reached map[string][]string
	// Gone are commits that GitHub does not have.
	Gone []string
	// Looked are commits that were looked up by themselves.
	Looked []model.Commit
}

// UnreadCommit says how far the history that holds a commit was read without coming to it: to Front for certain, and to
// Tail if all clocks were right. It is not younger than that.
type UnreadCommit struct{ Front, Tail time.Time }
