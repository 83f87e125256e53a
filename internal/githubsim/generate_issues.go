package githubsim

import (
	"fmt"
	"slices"
	"time"
)

// issueKind is what an issue is about.
type issueKind int

const (
	bug issueKind = iota
	wish
	question
	untold
	incident
	weakness
)

// issueDraft is an issue as it is planned, before it has a number.
type issueDraft struct {
	Issue
	by   contributor
	kind issueKind
	// broken is the deployment that an incident followed, named when its body shall say so.
	broken *shipment
	named  bool
	fix    *pullDraft
}

// planIncidents plans an incident after most of the deployments that broke something, so far as issues are left.
func (g *generator) planIncidents() {
	for _, s := range g.releases {
		if s.remedy == noRemedy || s.remedy != byNextRelease && g.chance(0.25) || len(g.issues) >= g.Issues {
			continue
		}
		upTo := g.Until
		if next := g.next(s); next != nil {
			upTo = next.created
		}
		opened := g.between(s.finished, earlier(upTo, s.finished.Add(90*time.Minute)))
		d := g.newIssue(incident, g.maintainer(""), opened)
		d.broken, d.named = s, g.chance(0.4)
		d.Title = "Outage: " + g.bugTitle()
		severity := g.word([]string{"sev1", "sev2", "sev3"})
		d.Labels = []string{"incident", severity}
		for _, label := range d.Labels {
			event := LabelEvent{Label: label, At: opened.Add(time.Second), Actor: d.Author}
			d.LabeledEvents = append(d.LabeledEvents, event)
		}
		g.acknowledge(d, 10*time.Minute)
		closed := g.Until
		if next := g.next(s); next != nil {
			closed = next.finished.Add(g.uniform(10*time.Minute, time.Hour))
		}
		g.closeIssue(d, closed, "COMPLETED", g.maintainer("").login)
		g.issues = append(g.issues, d)
	}
}

// planIssues plans the other issues, and which pull requests close them.
func (g *generator) planIssues() {
	fixes := g.changes()
	fixes = fixes[:len(fixes)*3/5]
	for len(g.issues) < g.Issues {
		var d *issueDraft
		switch x := g.rng.Float64(); {
		case x < 0.45:
			d = g.bugIssue()
		case x < 0.7:
			d = g.newIssue(wish, g.reporter(), g.moment())
			d.Title = g.featureTitle()
			g.label(d, g.word([]string{"enhancement", "enhancement", "good first issue"}))
		case x < 0.85:
			d = g.newIssue(question, g.reporter(), g.moment())
			d.Title = g.questionTitle()
			g.label(d, "question")
		default:
			d = g.newIssue(untold, g.reporter(), g.moment())
			d.Title = g.featureTitle()
			g.aside(func() { g.weaken(d) })
		}
		g.acknowledge(d, 5*time.Hour)
		fixes = g.resolve(d, fixes)
		g.issues = append(g.issues, d)
	}
}

// settlePulls decides how every pull request ends, and with them the issues that they fix.
func (g *generator) settlePulls() {
	for _, d := range g.pulls {
		g.settlePull(d)
	}
	for _, d := range g.issues {
		if d.fix != nil && d.fix.lands() {
			g.closeIssue(d, *d.fix.MergedAt, "COMPLETED", *d.fix.MergedBy)
		}
	}
	for _, d := range g.issues {
		g.reopenSome(d)
	}
}

// bugIssue is a bug, marked as one in one of the ways that teams use.
func (g *generator) bugIssue() *issueDraft {
	d := g.newIssue(bug, g.reporter(), g.moment())
	d.Title = g.bugTitle()
	switch x := g.rng.Float64(); {
	case x < 0.6:
		g.label(d, "bug")
	case x < 0.75:
		g.label(d, "type: bug")
	default:
		d.IssueType = "Bug"
	}
	return d
}

// weaken makes of some issues the report of a weakness.
func (g *generator) weaken(d *issueDraft) {
	if g.chance(0.4) {
		d.kind, d.Title = weakness, g.weaknessTitle()
		g.label(d, "security")
	}
}

func (g *generator) newIssue(kind issueKind, by contributor, opened time.Time) *issueDraft {
	d := &issueDraft{kind: kind, by: by}
	d.State, d.CreatedAt = "OPEN", opened
	d.Author, d.AuthorType, d.AuthorAssociation = by.name(), by.kind(), by.association
	return d
}

// label puts a label on: at once by a form that the reporter filled in, or later by a maintainer.
func (g *generator) label(d *issueDraft, label string) {
	event := LabelEvent{Label: label, At: d.CreatedAt, Actor: d.Author}
	if g.chance(0.6) {
		event.At = g.atWork(d.CreatedAt.Add(g.spread(6*time.Hour, 1)))
		event.Actor = &g.pointed(d).login
	}
	if g.past(event.At) {
		d.Labels = append(d.Labels, label)
		d.LabeledEvents = append(d.LabeledEvents, event)
	}
}

// pointed is a maintainer other than the author.
func (g *generator) pointed(d *issueDraft) *contributor {
	c := g.maintainer(d.by.login)
	return &c
}

// acknowledge plans the team's first answers: a comment, an assignment, and some discussion after them.
func (g *generator) acknowledge(d *issueDraft, median time.Duration) {
	if g.chance(0.08) {
		return // overlooked
	}
	first := d.CreatedAt.Add(g.spread(median, 1))
	if d.kind != incident {
		first = g.atWork(first)
	}
	if !g.past(first) {
		return
	}
	who := g.maintainer(d.by.login)
	if g.chance(0.35) {
		d.Assignees = []string{who.login}
		d.AssignedEvents = append(d.AssignedEvents, Event{At: first, Actor: &who.login, Assignee: &who.login})
	} else {
		d.Comments = append(d.Comments,
			Comment{Author: &who.login, AuthorAssociation: who.association, CreatedAt: first})
	}
	for at := first; g.chance(0.45); {
		at = g.atWork(at.Add(g.spread(9*time.Hour, 1)))
		if !g.past(at) {
			return
		}
		by := d.by
		if g.chance(0.4) {
			by = who
		}
		d.Comments = append(d.Comments,
			Comment{Author: by.name(), AuthorAssociation: by.association, CreatedAt: at})
	}
}

// resolve plans how an issue ends: closed by one of the pull requests that are left, by hand, for another reason, or
// not yet. It gives back what is left of the pull requests.
func (g *generator) resolve(d *issueDraft, fixes []*pullDraft) []*pullDraft {
	median := g.BugFix
	if d.kind != bug {
		median /= 2
	}
	ends := g.atWork(d.CreatedAt.Add(g.spread(median, 1.1)))
	x := g.rng.Float64()
	switch {
	case x < 0.07:
		g.closeIssue(d, ends, "NOT_PLANNED", g.pointed(d).login)
	case x < 0.12:
		g.closeIssue(d, ends, "DUPLICATE", g.pointed(d).login)
	case x < 0.16:
		// Nobody gets to it.
	case d.kind != question && x < 0.8 && len(fixes) > 0:
		g.fixWith(d, fixes[0], ends)
		fixes = fixes[1:]
	default:
		by := g.pointed(d)
		if d.by.login != "" && g.chance(0.3) {
			by = &d.by
		}
		g.closeIssue(d, ends, "COMPLETED", by.login)
	}
	return fixes
}

// fixWith makes a pull request the one that fixes an issue: it is opened late in the issue's life.
func (g *generator) fixWith(d *issueDraft, fix *pullDraft, ends time.Time) {
	opened := g.between(ends.Add(-2*g.spread(14*time.Hour, 0.8)), ends)
	opened = later(opened, d.CreatedAt.Add(10*time.Minute))
	if !g.past(opened) {
		return // work on it begins after the end: the issue stays open
	}
	fix.CreatedAt, fix.ends, fix.merges = opened, later(ends, opened.Add(20*time.Minute)), true
	fix.fixes, d.fix = d, fix
	fix.Title = d.Title
	if d.kind == bug {
		fix.Title = "Fix: " + d.Title
	}
	fix.HeadRefName = "fix/" + fix.HeadRefName
}

// closeIssue closes an issue within the history.
func (g *generator) closeIssue(d *issueDraft, at time.Time, reason, by string) {
	if !g.past(at) {
		return
	}
	at = later(at, d.CreatedAt.Add(time.Minute))
	if !g.past(at) {
		return
	}
	d.State, d.StateReason, d.ClosedAt = "CLOSED", reason, &at
	d.ClosedEvents = append(d.ClosedEvents, CloseEvent{At: at, Actor: &by, StateReason: reason})
}

// reopenSome gives some issues an earlier close that did not last, and opens some closed ones again.
func (g *generator) reopenSome(d *issueDraft) {
	if d.ClosedAt == nil || d.StateReason != "COMPLETED" || d.kind == incident || !g.chance(0.07) {
		return
	}
	closed := *d.ClosedAt
	by := d.ClosedEvents[0].Actor
	if g.chance(0.3) { // the fix did not hold
		again := g.atWork(closed.Add(g.spread(30*time.Hour, 0.7)))
		if g.past(again) {
			d.ReopenedEvents = append(d.ReopenedEvents, Event{At: again, Actor: by})
			d.State, d.StateReason, d.ClosedAt = "OPEN", "REOPENED", nil
		}
		return
	}
	first := g.between(d.CreatedAt, closed)
	again := g.between(first, closed)
	if !first.After(d.CreatedAt) || !again.After(first) {
		return
	}
	d.ClosedEvents = slices.Insert(d.ClosedEvents, 0, CloseEvent{At: first, Actor: by, StateReason: "COMPLETED"})
	d.ReopenedEvents = append(d.ReopenedEvents, Event{At: again, Actor: by})
}

// describeIssue writes what names a number or a commit.
func (g *generator) describeIssue(d *issueDraft) {
	if d.broken != nil && d.named && d.broken.sha != "" {
		d.Body = fmt.Sprintf("Started after %s went out.", d.broken.sha[:10])
	}
	if d.fix == nil {
		return
	}
	d.ClosedByPulls = []int{d.fix.Number}
	for i := range d.ClosedEvents {
		if d.fix.MergedAt != nil && d.ClosedEvents[i].At.Equal(*d.fix.MergedAt) {
			d.ClosedEvents[i].CloserPull = d.fix.Number
		}
	}
}
