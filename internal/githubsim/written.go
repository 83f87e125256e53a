package githubsim

import (
	"slices"
	"time"
)

// Written is what was written to a server, as it stands, in the order in which it was made.
type Written struct {
	Comments  []WrittenComment
	Issues    []WrittenIssue
	CheckRuns []WrittenCheckRun
	Statuses  []WrittenStatus
}

// WrittenComment is a comment that was made or edited, and not deleted.
type WrittenComment struct {
	// Number is that of the issue or pull request.
	Number int
	ID     int64
	Body   string
	// Edits is how often it was edited.
	Edits int
}

// WrittenIssue is an issue that was opened or edited.
type WrittenIssue struct {
	Number      int
	Title, Body string
	// State is open or closed.
	State  string
	Labels []string
	Edits  int
}

// WrittenCheckRun is a check run that was made.
type WrittenCheckRun struct {
	ID                         int64
	Name, SHA, Conclusion      string
	Title, Summary, DetailsURL string
}

// WrittenStatus is a commit status that was made.
type WrittenStatus struct{ SHA, Context, State, Description, TargetURL string }

// Written is what was written so far.
func (s *Server) Written() Written {
	s.writing.Lock()
	defer s.writing.Unlock()
	return Written{
		Comments: slices.Clone(s.written.Comments), Issues: slices.Clone(s.written.Issues),
		CheckRuns: slices.Clone(s.written.CheckRuns), Statuses: slices.Clone(s.written.Statuses),
	}
}

// firstWrittenID is beyond 32 bits, as GitHub's own numbers of comments and check runs are.
const firstWrittenID = 4_000_000_000

// write changes what is served: by a change of a copy of the world, of which the lists of pull requests and issues may
// be written to. at is when that happens, and id a number for what is made. The caller holds s.writing.
func (s *Server) write(change func(w *World, at time.Time, id int64)) {
	s.writes++
	start := s.opts.Now
	if start.IsZero() {
		start = s.world.lastMoment()
	}
	w := *s.served.Load().world
	w.Pulls, w.Issues = slices.Clone(w.Pulls), slices.Clone(w.Issues)
	at := start.Add(time.Duration(s.writes) * time.Second).Truncate(time.Second)
	change(&w, at, firstWrittenID+int64(s.writes))
	s.serve(&w)
}
