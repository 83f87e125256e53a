package githubsim

import "time"

// firstMoment is the first instant of which a world tells, the zero time for one that tells of none.
func (w *World) firstMoment() time.Time {
	var first time.Time
	see := func(t time.Time) {
		if first.IsZero() || t.Before(first) {
			first = t
		}
	}
	for i := range w.Issues {
		see(w.Issues[i].CreatedAt)
	}
	for i := range w.Pulls {
		see(w.Pulls[i].CreatedAt)
	}
	for i := range w.Commits {
		see(w.Commits[i].CommittedDate)
	}
	for i := range w.Deployments {
		see(w.Deployments[i].CreatedAt)
	}
	for i := range w.Releases {
		see(w.Releases[i].CreatedAt)
	}
	return first
}

// lastMoment is the last instant of which a world tells, the zero time for one that tells of none.
func (w *World) lastMoment() time.Time {
	var l lastTouch
	for i := range w.Issues {
		l.see(updatedIssue(&w.Issues[i]))
	}
	for i := range w.Pulls {
		l.see(updatedPull(&w.Pulls[i]))
	}
	for i := range w.Commits {
		l.see(w.Commits[i].CommittedDate)
	}
	for i := range w.Deployments {
		l.see(w.Deployments[i].updated())
	}
	for i := range w.WorkflowRuns {
		l.see(w.WorkflowRuns[i].UpdatedAt)
	}
	for i := range w.Releases {
		l.see(w.Releases[i].updated())
	}
	return l.at
}
