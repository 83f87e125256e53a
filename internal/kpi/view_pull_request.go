package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// pullRequest is a pull request as it stood at the instant of a pass. Times are zero for what had not happened.
type pullRequest struct {
	*model.PullRequest
	merged, closed time.Time
	draft          bool
	// start is where its clock starts, ready when it became ready for review, contact when it was first answered.
	start, ready, contact time.Time
}

func (pr *pullRequest) open() bool { return pr.closed.IsZero() }

func (pr *pullRequest) ref() model.Ref { return pullRequestRef(pr.PullRequest) }

func pullRequestRef(pr *model.PullRequest) model.Ref {
	return model.Ref{Kind: model.RefPullRequest, Number: pr.Number, URL: pr.URL, Title: pr.Title}
}

// eachPullRequest yields the pull requests by people (by bots too, if the policy counts them), into any branch.
func (p *Pass) eachPullRequest(yield func(*pullRequest)) {
	if p.pullRequests == nil {
		p.pullRequests = make([]*pullRequest, 0, len(p.snapshot.PullRequests))
		for i := range p.snapshot.PullRequests {
			pr := &p.snapshot.PullRequests[i]
			if p.known(pr.Created) && (p.policy.IncludeBots || !p.people.isBot(pr.Author)) {
				p.pullRequests = append(p.pullRequests, p.viewPullRequest(pr))
			}
		}
	}
	for _, pr := range p.pullRequests {
		yield(pr)
	}
}

func (p *Pass) viewPullRequest(pr *model.PullRequest) *pullRequest {
	v := &pullRequest{PullRequest: pr, start: p.startOf(pr)}
	if p.known(pr.Merged) {
		v.merged, v.closed = pr.Merged, pr.Merged
	} else {
		v.closed, _ = closedAt(pr.Closed, "", pr.Events, p.at())
	}
	v.draft = draftAt(pr, p.at())
	v.contact = p.firstContact(pr, v.closed)
	v.ready = p.readyForReview(v)
	return v
}

// startOf is where a pull request's clock starts: its first commit, or its opening if that is earlier.
func (p *Pass) startOf(pr *model.PullRequest) time.Time {
	start := pr.Created
	if len(pr.Commits) == 0 {
		return start
	}
	first := pr.Commits[0].Authored
	switch p.policy.Start {
	case StartOpened:
		return start
	case StartCommitted:
		first = pr.Commits[0].Committed
	}
	if !first.IsZero() && first.Before(start) {
		return first
	}
	return start
}

// draftAt is the draft flag at an instant: today's, with what happened since undone.
func draftAt(pr *model.PullRequest, at time.Time) bool {
	draft := pr.Draft
	for e := range since(pr.Events, at) {
		switch e.Kind {
		case model.ReadyForReview:
			draft = true
		case model.ConvertToDraft:
			draft = false
		}
	}
	return draft
}

// firstContact is the first submitted review or comment by a person other than the author, not after the pull request
// was merged or closed.
func (p *Pass) firstContact(pr *model.PullRequest, closed time.Time) time.Time {
	var first time.Time
	consider := func(by model.Actor, at time.Time) {
		if !p.known(at) || !p.people.isPerson(by) || same(by, pr.Author) || !closed.IsZero() && at.After(closed) {
			return
		}
		if first.IsZero() || at.Before(first) {
			first = at
		}
	}
	for i := range pr.Reviews {
		consider(pr.Reviews[i].Author, pr.Reviews[i].Submitted)
	}
	for i := range pr.Comments {
		consider(pr.Comments[i].Author, pr.Comments[i].Created)
	}
	return first
}

// readyForReview is the last ready-for-review event before the first contact (before the merge, without one), else the
// opening. A draft that is not merged has not become ready.
func (p *Pass) readyForReview(pr *pullRequest) time.Time {
	if pr.draft && pr.merged.IsZero() {
		return time.Time{}
	}
	limit := p.at()
	if !pr.contact.IsZero() {
		limit = pr.contact
	} else if !pr.merged.IsZero() {
		limit = pr.merged
	}
	ready := pr.Created
	for _, e := range pr.Events {
		if e.Kind == model.ReadyForReview && e.At.Before(limit) {
			ready = e.At
		}
	}
	return ready
}

// approved reports whether a person other than the author had approved the pull request when it was merged.
func (p *Pass) approved(pr *pullRequest) bool {
	for i := range pr.Reviews {
		r := &pr.Reviews[i]
		if r.State == "APPROVED" && !r.Submitted.IsZero() && !r.Submitted.After(pr.merged) &&
			p.people.isPerson(r.Author) && !same(r.Author, pr.Author) {
			return true
		}
	}
	return false
}
