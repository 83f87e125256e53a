package githubsim

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// issue takes back what happened to an issue.
func (p *past) issue(i *Issue) {
	was := *i
	i.State, i.StateReason, i.ClosedAt = p.issueState(&was)
	i.Labels = p.labels(was.Labels, was.LabeledEvents, was.UnlabeledEvents)
	i.Assignees = p.assignees(was.Assignees, was.AssignedEvents)
	i.Milestone = p.inMilestone(was.Milestone, was.MilestonedEvents)
	i.LabeledEvents, i.UnlabeledEvents = p.labelEvents(was.LabeledEvents), p.labelEvents(was.UnlabeledEvents)
	i.AssignedEvents, i.MilestonedEvents = p.events(was.AssignedEvents), p.events(was.MilestonedEvents)
	i.ReopenedEvents, i.ClosedEvents = p.events(was.ReopenedEvents), p.closes(was.ClosedEvents)
	i.Comments = p.comments(was.Comments)
	if i.UpdatedAt != nil && !p.had(i.UpdatedAt) {
		i.UpdatedAt = nil
		last := updatedIssue(i)
		i.UpdatedAt = &last
	}
}

// issueState is the state that the last close or reopening left.
func (p *past) issueState(i *Issue) (state, reason string, closed *time.Time) {
	if p.had(i.ClosedAt) {
		return i.State, i.StateReason, i.ClosedAt
	}
	last, reopened := p.lastTurn(i.ClosedEvents, i.ReopenedEvents)
	switch {
	case last != nil:
		at := last.At
		return "CLOSED", last.StateReason, &at
	case i.State == "OPEN" && reopened:
		return "OPEN", i.StateReason, nil
	case reopened:
		return "OPEN", "REOPENED", nil
	case i.State == "OPEN" && len(i.ReopenedEvents) == 0:
		return "OPEN", i.StateReason, nil
	}
	return "OPEN", "", nil
}

// lastTurn is the close that was the last to happen, nil where there was none or it was undone; reopened reports
// whether one was.
func (p *past) lastTurn(closes []CloseEvent, reopenings []Event) (last *CloseEvent, reopened bool) {
	for i := range closes {
		if c := &closes[i]; c.At.Before(p.t) && (last == nil || !c.At.Before(last.At)) {
			last = c
		}
	}
	for _, e := range reopenings {
		if e.At.Before(p.t) {
			reopened = true
			if last != nil && !e.At.Before(last.At) {
				last = nil
			}
		}
	}
	return last, reopened
}

// pull takes back what happened to a pull request.
func (p *past) pull(r *Pull) {
	was := *r
	p.pullState(r, &was)
	p.pullCommits(r, &was)
	r.IsDraft = p.isDraft(&was)
	r.Labels = p.labels(was.Labels, was.LabeledEvents, was.UnlabeledEvents)
	r.Assignees = p.assignees(was.Assignees, was.AssignedEvents)
	r.Milestone = p.inMilestone(was.Milestone, was.MilestonedEvents)
	r.LabeledEvents, r.UnlabeledEvents = p.labelEvents(was.LabeledEvents), p.labelEvents(was.UnlabeledEvents)
	r.AssignedEvents, r.MilestonedEvents = p.events(was.AssignedEvents), p.events(was.MilestonedEvents)
	r.ReadyForReviewEvents = p.events(was.ReadyForReviewEvents)
	r.ConvertToDraftEvents = p.events(was.ConvertToDraftEvents)
	r.ReviewRequestedEvents = p.events(was.ReviewRequestedEvents)
	r.ReopenedEvents, r.ClosedEvents = p.events(was.ReopenedEvents), p.closes(was.ClosedEvents)
	r.Comments, r.ReviewComments = p.comments(was.Comments), p.comments(was.ReviewComments)
	// A review that was not submitted yet is seen by nobody.
	r.Reviews = slices.Clip(was.Reviews)
	if slices.ContainsFunc(was.Reviews, p.toCome) {
		r.Reviews = slices.DeleteFunc(slices.Clone(was.Reviews), p.toCome)
	}
	if r.UpdatedAt != nil && !p.had(r.UpdatedAt) {
		r.UpdatedAt = nil
		l := lastTouch{updatedPull(r)}
		for _, oid := range r.CommitOIDs {
			if c := p.commits[oid]; c != nil && c.CommittedDate.Before(p.t) {
				l.see(c.CommittedDate)
			}
		}
		r.UpdatedAt = &l.at
	}
}

// toCome reports whether a review was submitted later.
func (p *past) toCome(r Review) bool { return r.SubmittedAt != nil && !r.SubmittedAt.Before(p.t) }

func (p *past) pullState(r, was *Pull) {
	if p.had(was.MergedAt) || was.MergedAt == nil && p.had(was.ClosedAt) {
		return
	}
	r.State, r.ClosedAt = "OPEN", nil
	if was.MergedAt != nil {
		r.MergedAt, r.MergedBy, r.MergeCommit, r.MergedCommits = nil, nil, "", nil
	}
	if last, _ := p.lastTurn(was.ClosedEvents, was.ReopenedEvents); last != nil {
		at := last.At
		r.State, r.ClosedAt = "CLOSED", &at
	}
}

// pullCommits takes back what was pushed later. A merged pull request has all its commits, whatever their dates.
func (p *past) pullCommits(r, was *Pull) {
	if p.had(was.MergedAt) {
		return
	}
	r.Commits.List = before(was.Commits.List, p.t, func(c *PullCommit) time.Time { return c.CommittedDate })
	r.CommitOIDs = before(was.CommitOIDs, p.t, func(oid *string) time.Time {
		if c := p.commits[*oid]; c != nil {
			return c.CommittedDate
		}
		return was.CreatedAt
	})
	if was.Commits.List != nil {
		r.Commits.Count = len(r.Commits.List)
		if was.CommitOIDs != nil && len(r.Commits.List) < len(was.Commits.List) {
			r.CommitOIDs = nil
			for _, c := range r.Commits.List {
				r.CommitOIDs = append(r.CommitOIDs, c.OID)
			}
		}
	}
	switch {
	case len(was.CommitOIDs) == 0 && len(was.Commits.List) == 0:
		return
	case len(r.CommitOIDs) == 0 && len(r.Commits.List) == 0:
		replaced := PullCommit{
			OID: objectID("replaced " + strconv.Itoa(was.Number)), AuthoredDate: was.CreatedAt, CommittedDate: was.CreatedAt,
			MessageHeadline: was.Title,
		}
		setCommits(r, []PullCommit{replaced})
	case len(r.CommitOIDs) < len(was.CommitOIDs):
		r.HeadRefOID = r.CommitOIDs[len(r.CommitOIDs)-1]
	case len(r.Commits.List) < len(was.Commits.List):
		r.HeadRefOID = r.Commits.List[len(r.Commits.List)-1].OID
	}
}

// setCommits makes commits those of a pull request; there is one at least.
func setCommits(r *Pull, commits []PullCommit) {
	r.Commits = PullCommits{Count: len(commits), List: commits}
	r.CommitOIDs = nil
	for _, c := range commits {
		r.CommitOIDs = append(r.CommitOIDs, c.OID)
	}
	first := commits[0].AuthoredDate
	r.FirstCommitAuthoredDate, r.HeadRefOID = &first, commits[len(commits)-1].OID
}

// isDraft is what the next turn after t turned.
func (p *past) isDraft(r *Pull) bool {
	draft, next := r.IsDraft, time.Time{}
	see := func(events []Event, was bool) {
		for _, e := range events {
			if !e.At.Before(p.t) && (next.IsZero() || e.At.Before(next)) {
				draft, next = was, e.At
			}
		}
	}
	see(r.ReadyForReviewEvents, true)
	see(r.ConvertToDraftEvents, false)
	return draft
}

// labels undoes what was put on and taken off since: of each label the next event after t tells whether it was there.
func (p *past) labels(now []string, on, off []LabelEvent) []string {
	type turn struct {
		at  time.Time
		was bool
	}
	next := map[string]turn{}
	var names []string
	see := func(events []LabelEvent, was bool) {
		for _, e := range events {
			if e.At.Before(p.t) {
				continue
			}
			key := strings.ToLower(e.Label)
			if n, ok := next[key]; !ok || e.At.Before(n.at) {
				next[key] = turn{e.At, was}
			}
			names = append(names, e.Label)
		}
	}
	see(on, false)
	see(off, true)
	if len(next) == 0 {
		return slices.Clip(now)
	}
	labels := slices.DeleteFunc(slices.Clone(now), func(l string) bool {
		n, ok := next[strings.ToLower(l)]
		return ok && !n.was
	})
	for _, name := range names {
		if next[strings.ToLower(name)].was && !anyLabel([]string{name}, labels) {
			labels = append(labels, name)
		}
	}
	if len(labels) == 0 {
		return nil
	}
	return labels
}

// assignees are those that were assigned by then. A world does not tell of assignments that were undone.
func (p *past) assignees(now []string, events []Event) []string {
	toCome := func(login string) bool {
		later := false
		for _, e := range events {
			if loginOf(e.Assignee) == login {
				if e.At.Before(p.t) {
					return false
				}
				later = true
			}
		}
		return later
	}
	if !slices.ContainsFunc(now, toCome) {
		return slices.Clip(now)
	}
	list := slices.DeleteFunc(slices.Clone(now), toCome)
	if len(list) == 0 {
		return nil
	}
	return list
}

// inMilestone is the milestone that something was in: the one that it was put into last. What no event tells of was in
// it as long as there was the milestone.
func (p *past) inMilestone(now *string, events []Event) *string {
	if now == nil {
		return nil
	}
	known := slices.ContainsFunc(p.world.Milestones, func(m Milestone) bool { return m.Title == *now })
	if known && !p.milestones[*now] {
		now = nil
	}
	var last *Event
	toCome := false
	for i := range events {
		switch e := &events[i]; {
		case !e.At.Before(p.t):
			toCome = true
		case last == nil || !e.At.Before(last.At):
			last = e
		}
	}
	if !toCome {
		return now
	}
	if last == nil {
		return nil
	}
	title := last.Title
	return &title
}

func (p *past) events(list []Event) []Event {
	return none(before(list, p.t, func(e *Event) time.Time { return e.At }))
}

func (p *past) labelEvents(list []LabelEvent) []LabelEvent {
	return none(before(list, p.t, func(e *LabelEvent) time.Time { return e.At }))
}

func (p *past) closes(list []CloseEvent) []CloseEvent {
	return none(before(list, p.t, func(e *CloseEvent) time.Time { return e.At }))
}

func (p *past) comments(list []Comment) []Comment {
	return none(before(list, p.t, func(c *Comment) time.Time { return c.CreatedAt }))
}

// none is nil for an empty list, as a world that was never given one has it.
func none[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}
