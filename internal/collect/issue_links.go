package collect

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"kpi-gate/internal/model"
)

// issueLinks gathers the pull requests that are linked to an issue, each once, from everything that tells of them.
type issueLinks struct {
	reading *reading
	issue   int
	links   map[linkKey]*issueLink
}

// linkKey identifies a pull request; the repository is in lower case, because GitHub does not tell case apart.
type linkKey struct {
	repository string
	number     int
}

// issueLink is a linked pull request and what tells of it.
type issueLink struct {
	pull *linkedPullRequest
	// referenced is true when the issue's own list of closing pull requests has it, which tells no time.
	referenced bool
	// connected is when it was last linked by hand, zero once it was unlinked again.
	connected time.Time
	// named is when it first named the issue as one that it closes, or closed it.
	named time.Time
}

// linksOf are the pull requests that close an issue, are connected to it by hand, or name it with a closing keyword.
func (r *reading) linksOf(issue int, closedBy []linkedPullRequest, events []issueEventNode) []model.Link {
	l := &issueLinks{reading: r, issue: issue, links: map[linkKey]*issueLink{}}
	for i := range closedBy {
		if link := l.link(&closedBy[i]); link != nil {
			link.referenced = true
		}
	}
	for i := range events {
		l.see(&events[i])
	}
	var links []model.Link
	for _, link := range l.links {
		if fact, ok := l.fact(link); ok {
			links = append(links, fact)
		}
	}
	slices.SortFunc(links, func(a, b model.Link) int {
		return cmp.Or(strings.Compare(a.Repository, b.Repository), cmp.Compare(a.Number, b.Number))
	})
	return links
}

// link is the entry of a pull request, nil for one that GitHub does not show.
func (l *issueLinks) link(pull *linkedPullRequest) *issueLink {
	if pull.Number == 0 {
		return nil
	}
	key := linkKey{repository: strings.ToLower(string(pull.Repository.NameWithOwner)), number: int(pull.Number)}
	if l.links[key] == nil {
		l.links[key] = &issueLink{pull: pull}
	}
	return l.links[key]
}

// see takes in an event; events come in the order of time.
func (l *issueLinks) see(n *issueEventNode) {
	switch n.Typename {
	case "ConnectedEvent":
		if link := l.link(n.Connected.pullRequest()); link != nil && link.connected.IsZero() {
			link.connected = second(n.Connected.CreatedAt.Time)
		}
	case "DisconnectedEvent":
		if link := l.link(n.Disconnected.pullRequest()); link != nil {
			link.connected = time.Time{}
		}
	case "CrossReferencedEvent":
		e := &n.CrossReferenced
		pull := &e.Source.PullRequest
		own := l.reading.isOwn(pull.Repository)
		if bool(e.WillCloseTarget) || slices.Contains(closes(string(e.Source.Text.Body), own, l.reading.repository), l.issue) {
			l.name(pull, second(e.CreatedAt.Time))
		}
	case "ClosedEvent":
		l.name(&n.Closed.Closer.PullRequest, second(n.Closed.CreatedAt.Time))
	}
}

// name notes that a pull request named the issue as one that it closes, or closed it.
func (l *issueLinks) name(pull *linkedPullRequest, at time.Time) {
	if link := l.link(pull); link != nil && (link.named.IsZero() || at.Before(link.named)) {
		link.named = at
	}
}

// fact is the link, unless nothing tells of it any more.
func (l *issueLinks) fact(link *issueLink) (model.Link, bool) {
	pull := link.pull
	fact := model.Link{
		Number: int(pull.Number), Author: pull.Author.actor(),
		Created: second(pull.CreatedAt.Time), Merged: moment(pull.MergedAt),
	}
	if !l.reading.isOwn(pull.Repository) {
		fact.Repository = string(pull.Repository.NameWithOwner)
	}
	if pull.MergedAt != nil && pull.MergeCommit != nil {
		fact.MergeCommit = string(pull.MergeCommit.OID)
	}
	switch {
	case link.referenced:
		return fact, true
	case link.connected.IsZero():
		fact.Linked = link.named
	case link.named.IsZero() || link.connected.Before(link.named):
		fact.Linked = link.connected
	default:
		fact.Linked = link.named
	}
	return fact, !fact.Linked.IsZero()
}

// pullRequest is the one of the two that is a pull request; its number is 0 where neither is.
func (c *connecting) pullRequest() *linkedPullRequest {
	if c.Subject.PullRequest.Number != 0 {
		return &c.Subject.PullRequest
	}
	return &c.Source.PullRequest
}
