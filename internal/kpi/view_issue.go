package kpi

import (
	"slices"
	"time"

	"kpi-gate/internal/model"
)

// issue is an issue as it stood at the instant of a pass.
type issue struct {
	*model.Issue
	// closed is its last close, zero if it was open; reason is why it was closed.
	closed time.Time
	reason string
}

func (i *issue) open() bool { return i.closed.IsZero() }

// dropped reports whether it was closed as not planned or as a duplicate: it is no item of any duration.
func (i *issue) dropped() bool {
	return !i.open() && (i.reason == "NOT_PLANNED" || i.reason == "DUPLICATE")
}

// resolved is when it was closed as completed, zero if it was not.
func (i *issue) resolved() time.Time {
	if i.dropped() {
		return time.Time{}
	}
	return i.closed
}

// openAt reports whether it was open just before an instant that is not after that of the pass.
func (i *issue) openAt(t time.Time) bool {
	if !i.Created.Before(t) {
		return false
	}
	closed, _ := closedAt(i.Closed, i.Reason, i.Events, t)
	return closed.IsZero()
}

// openDuring reports whether it was open at some moment of a window that does not end after the instant of the pass:
// when the window began, or because it was opened or reopened in it.
func (i *issue) openDuring(w model.Window) bool {
	return w.Contains(i.Created) || i.openAt(w.Since) || slices.ContainsFunc(i.Events, func(e model.Event) bool {
		return e.Kind == model.Reopened && w.Contains(e.At)
	})
}

func (i *issue) ref() model.Ref {
	return model.Ref{Kind: model.RefIssue, Number: i.Number, URL: i.URL, Title: i.Title}
}

// everyIssue are the issues opened by now, of every class and of none.
func (p *Pass) everyIssue() []*issue {
	if p.issues == nil {
		p.issues = map[string][]*issue{}
		for i := range p.snapshot.Issues {
			of := &p.snapshot.Issues[i]
			if !p.known(of.Created) {
				continue
			}
			v := &issue{Issue: of}
			v.closed, v.reason = closedAt(of.Closed, of.Reason, of.Events, p.at())
			p.allIssues = append(p.allIssues, v)
		}
	}
	return p.allIssues
}

// class are the issues of a class.
func (p *Pass) class(name string) []*issue {
	all := p.everyIssue()
	if in, ok := p.issues[name]; ok {
		return in
	}
	in := []*issue{}
	for _, v := range all {
		if p.isOfClass(name, v.Type, labelsAt(v.Labels, v.Events, p.at())) {
			in = append(in, v)
		}
	}
	p.issues[name] = in
	return in
}

// isOfClass reports whether an issue of a type ("" for none) and with labels is of a class.
func (f *facts) isOfClass(name, issueType string, labels []string) bool {
	class := f.policy.Classes[name]
	return issueType != "" && class.Types.Match(issueType) ||
		f.labelled(labelSet{class: name}, class.Labels, labels)
}

// genuine are the issues of a class without the incidents that were closed as not planned or as duplicates: an alarm
// that was none counts for nothing, while a bug that will not be mended is still a bug.
func (p *Pass) genuine(class string) []*issue {
	if class != Incident {
		return p.class(class)
	}
	return slices.DeleteFunc(slices.Clone(p.class(class)), (*issue).dropped)
}

// acknowledged is the first sign that somebody took notice: a comment by the team, a label, assignment or milestone by
// a person other than the author, a linked pull request by the team, or a close by a person other than the author.
func (p *Pass) acknowledged(i *issue) time.Time {
	var first time.Time
	consider := func(at time.Time) {
		if p.known(at) && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	for _, c := range i.Comments {
		if p.isMember(c.Author) && !same(c.Author, i.Author) {
			consider(c.Created)
		}
	}
	for _, e := range i.Events {
		switch e.Kind {
		case model.Labeled, model.Assigned, model.Milestoned, model.Closed:
			if p.people.isPerson(e.Actor) && !same(e.Actor, i.Author) {
				consider(e.At)
			}
		}
	}
	for _, link := range i.Links {
		if p.linked(link) && p.isMember(link.Author) {
			consider(later(link.Created, i.Created))
		}
	}
	return first
}

// addressed is when work on it began: its first linked pull request's opening, or its own if that is later.
func (p *Pass) addressed(i *issue) time.Time {
	var first time.Time
	for _, link := range i.Links {
		if at := later(link.Created, i.Created); p.linked(link) && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	return first
}

// linked reports whether a link was there at the instant of the pass.
func (p *Pass) linked(link model.Link) bool {
	return p.known(link.Created) && (link.Linked.IsZero() || p.known(link.Linked))
}

// closing is the pull request that resolved it: the closer of its last close, else the last merged linked one.
func (p *Pass) closing(i *issue) *model.Link {
	closer := 0
	for _, e := range i.Events {
		if e.Kind == model.Closed && e.At.Before(p.at()) {
			closer = e.Closer
		}
	}
	var last *model.Link
	for j := range i.Links {
		link := &i.Links[j]
		if !p.known(link.Merged) {
			continue
		}
		if closer != 0 && link.Repository == "" && link.Number == closer {
			return link
		}
		if p.linked(*link) && (last == nil || link.Merged.After(last.Merged)) {
			last = link
		}
	}
	return last
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
