package collect

import (
	"time"

	"kpi-gate/internal/model"
)

// ListLedger is what is noted of the list of issues, or of that of pull requests.
type ListLedger struct {
	// Total is how many there were, open and closed, however old.
	Total int
	// Hidden are numbers, in order, that a text names and that were looked up in vain: they are not in the list.
	Hidden []int
	// Typed is true where the types of issues were read.
	Typed bool
}

// PathLedger is what is noted of the files of pull requests.
type PathLedger struct {
	// Asked is true where they were read of every pull request. Unlisted are the numbers, in order, of those whose files
	// GitHub does not list whole.
	Asked    bool
	Unlisted []int
}

// PastIncidentLedger is what came of looking for an incident of long ago.
type PastIncidentLedger struct {
	// Asked is true where it was looked for. Number is what was found: of the issues that have the label of an incident,
	// the one that was left alone the longest. It is 0 where all of them were read with the other issues.
	Asked  bool
	Number int
}

// LinkLedger is what is noted of links.
type LinkLedger struct {
	// Closing are the issues that pull requests close, by the number of the pull request, as far as that was asked.
	Closing map[int][]int
}

// close notes the issues that a pull request closes.
func (l *LinkLedger) close(number int, issues []int) {
	if l.Closing == nil {
		l.Closing = map[int][]int{}
	}
	l.Closing[number] = issues
}

// CountLedger is what is noted of a list of which only the count tells whether all of it is known.
type CountLedger struct {
	// Hidden is how many more GitHub counted than it showed.
	Hidden int
	// Others are the global IDs of what the list showed and the reading left out.
	Others []string
}

// RunLedger is what is noted of the CI runs.
type RunLedger struct {
	// Until is the instant before which the runs were created that were read.
	Until time.Time
}

// DeployRunLedger is what is noted of the runs of the deploy workflows.
type DeployRunLedger struct {
	// Runs are those of the snapshot that are theirs, by workflow.
	Runs map[string][]int64
}

// DeploymentLedger is what is noted of the deployments.
type DeploymentLedger struct {
	// Environments are those whose deployments were read as far back as they matter.
	Environments []string
	// Named is true where GitHub listed the repository's environments.
	Named bool
}

// JobLedger is what is noted of the jobs.
type JobLedger struct {
	// Runs are those whose jobs are in the snapshot, as they were then, also those that had none.
	Runs map[int64]JobbedRun
}

// JobbedRun is the state of a run whose jobs were read.
type JobbedRun struct {
	Attempt int
	Updated time.Time
}

// CommitLedger is what is noted of the commits.
type CommitLedger struct {
	// Pulls is as of when it is known which pull requests brought each commit; zero: it is not.
	Pulls time.Time
	// Unread are commits that are named as parents and are not among the facts.
	Unread map[string]UnreadCommit
	// Reached are commits that a commit is known to reach although what lies between was not read.
	Reached map[string][]string
	// Unreached are commits that a commit was found not to reach.
	Unreached map[string][]string
	// Gone are commits that GitHub does not have.
	Gone []string
	// Looked are commits that were looked up by themselves.
	Looked []model.Commit
}

// UnreadCommit says how far the history that holds a commit was read without coming to it: to Front for certain, and to
// Tail if all clocks were right. It is not younger than that.
type UnreadCommit struct{ Front, Tail time.Time }
