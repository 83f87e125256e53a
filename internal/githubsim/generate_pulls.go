package githubsim

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// mergeMethod is how a pull request lands.
type mergeMethod int

const (
	mergeCommit mergeMethod = iota
	squashed
	rebased
)

// pullDraft is a pull request as it is planned, before it has a number and commits.
type pullDraft struct {
	Pull
	by     contributor
	method mergeMethod
	// ends is when it is merged or closed; not before Until when it stays open.
	ends    time.Time
	merges  bool
	reverts *pullDraft
	fixes   *issueDraft
	// pinned says that something else depends on when it is merged.
	pinned bool
	// commits are oldest first.
	commits []PullCommit
	// base is the commit of the main line that the branch begins at.
	base string
}

// lands reports whether it is merged within the history.
func (d *pullDraft) lands() bool { return d.State == "MERGED" }

// planPulls plans all pull requests but those that fix an issue: what answers broken deployments, updates of
// dependencies, and changes of people. It leaves open which of the latter fix an issue.
func (g *generator) planPulls() {
	for i := range g.PullRequests {
		switch {
		case i%9 == 8:
			g.pulls = append(g.pulls, g.updatePull())
		default:
			g.pulls = append(g.pulls, g.changePull())
		}
	}
	g.planAnswers()
}

// changePull is a change that somebody made.
func (g *generator) changePull() *pullDraft {
	opened := g.moment()
	takes := g.spread(16*time.Hour, 1.1)
	d := g.newPull(g.author(), opened, g.atWork(opened.Add(takes)))
	d.Title = g.featureTitle()
	d.HeadRefName = fmt.Sprintf("feature/%d", len(g.pulls)+1)
	switch {
	case g.chance(0.07):
		d.merges = false
		d.ends = g.atWork(opened.Add(g.spread(6*24*time.Hour, 0.8)))
	case g.chance(0.06): // started, and then left lying
		d.ends = g.atWork(opened.Add(g.spread(45*24*time.Hour, 0.6)))
	}
	return d
}

// updatePull is an update of a dependency by a bot.
func (g *generator) updatePull() *pullDraft {
	opened := g.moment().Truncate(24 * time.Hour).Add(5*time.Hour + g.uniform(0, 20*time.Minute))
	if opened.Before(g.began) {
		opened = opened.AddDate(0, 0, 1)
	}
	opened = earlier(opened, g.Until.Add(-time.Minute))
	d := g.newPull(updater, opened, g.atWork(opened.Add(g.spread(8*time.Hour, 0.8))))
	d.Title = g.updateTitle()
	d.HeadRefName = fmt.Sprintf("dependabot/go_modules/%d", len(g.pulls)+1)
	d.method = squashed
	d.Labels = []string{"dependencies"}
	if g.chance(0.1) {
		d.merges = false
	}
	return d
}

// newPull is a pull request that is opened and merged at these instants, so far as they lie in the history.
func (g *generator) newPull(by contributor, opened, ends time.Time) *pullDraft {
	d := &pullDraft{by: by, merges: true}
	d.CreatedAt, d.ends = opened, later(ends, opened.Add(10*time.Minute))
	d.Author, d.AuthorType, d.AuthorAssociation = by.name(), by.kind(), by.association
	d.BaseRefName = mainBranch
	switch x := g.rng.Float64(); {
	case x < 0.3:
		d.method = mergeCommit
	case x < 0.85:
		d.method = squashed
	default:
		d.method = rebased
	}
	return d
}

// planAnswers turns pull requests of people into the hotfixes and reverts that broken deployments need. A deployment
// for which none is left is rolled back.
func (g *generator) planAnswers() {
	free := g.changes()
	for _, s := range g.releases {
		broken := s.answers
		if broken == nil || broken.remedy == byRollback {
			continue
		}
		if len(free) < 2 {
			broken.remedy = byRollback
			continue
		}
		culprit := g.culprit(broken)
		if broken.remedy == byRevert && culprit == nil {
			broken.remedy = byHotfix
		}
		if broken.remedy == byRevert {
			culprit.pinned = true
		}
		var d *pullDraft
		for d == nil || d.pinned {
			d, free = free[len(free)-1], free[:len(free)-1]
		}
		*d = *g.newPull(g.maintainer(""), g.between(broken.finished, s.created.Add(-3*time.Minute)), s.created)
		d.ends = g.between(d.CreatedAt, s.created)
		d.method, d.pinned = squashed, true
		if broken.remedy == byRevert {
			d.reverts = culprit
			d.Title = fmt.Sprintf("Revert %q", culprit.Title)
			d.HeadRefName = fmt.Sprintf("revert-%d", s.place)
			continue
		}
		d.Title = "Hotfix: " + g.bugTitle()
		d.HeadRefName = fmt.Sprintf("hotfix/%d", s.place)
		d.Labels = []string{"hotfix"}
	}
}

// changes are the changes of people that may become something else, in a random order.
func (g *generator) changes() []*pullDraft {
	var free []*pullDraft
	for _, d := range g.pulls {
		if !d.by.bot && !d.pinned {
			free = append(free, d)
		}
	}
	g.rng.Shuffle(len(free), func(i, j int) { free[i], free[j] = free[j], free[i] })
	return free
}

// culprit is a change that a broken deployment brought: the last one merged before it, since the deployment before.
func (g *generator) culprit(broken *shipment) *pullDraft {
	var from time.Time
	if before := g.previous(broken); before != nil {
		from = before.created
	}
	var last *pullDraft
	for _, d := range g.pulls {
		if d.merges && !d.pinned && !d.by.bot &&
			d.ends.After(from) && d.ends.Before(broken.created) && (last == nil || d.ends.After(last.ends)) {
			last = d
		}
	}
	return last
}

// settlePull decides the pull request's state and what happened on the way. It needs the number, not the commits.
func (g *generator) settlePull(d *pullDraft) {
	d.State = "OPEN"
	if g.past(d.ends) {
		ended := d.ends
		d.ClosedAt = &ended
		d.State = "CLOSED"
		if d.merges {
			d.State, d.MergedAt = "MERGED", &ended
		}
	}
	// Lines changed are log-normal: half of the changes are below sixty lines, one in ten above four hundred.
	lines := int(60 * math.Exp(1.4*g.rng.NormFloat64()))
	d.Deletions = lines * g.rng.IntN(60) / 100
	d.Additions = max(lines-d.Deletions, 1)
	d.ChangedFiles = 1 + min(lines/30, 40)
	g.planCommits(d)
	g.planReview(d)
}

// planCommits plans the commits of a pull request's branch: most are written before it is opened, some after a review.
func (g *generator) planCommits(d *pullDraft) {
	n := 1
	if !d.by.bot {
		n = 1 + min(int(g.rng.ExpFloat64()*1.5), 11)
	}
	began := d.CreatedAt.Add(-g.spread(5*time.Hour, 1))
	if d.by.bot || d.reverts != nil || d.fixesHurriedly() {
		began = d.CreatedAt.Add(-g.uniform(20*time.Second, 3*time.Minute))
	}
	// One in forty is pushed again by force later: all its commits are younger than the pull request.
	if g.chance(0.025) {
		began = g.between(d.CreatedAt, earlier(d.ends, g.Until))
	}
	if d.fixes != nil {
		began = later(began, d.fixes.CreatedAt)
	}
	times := []time.Time{began}
	for i := 1; i < n; i++ {
		upTo := d.CreatedAt
		if i%3 == 2 || !upTo.After(began) {
			upTo = earlier(d.ends, g.Until)
		}
		times = append(times, g.between(began, upTo))
	}
	slices.SortFunc(times, time.Time.Compare)
	for i, at := range times {
		c := PullCommit{OID: g.oid(), AuthoredDate: at, CommittedDate: at, MessageHeadline: d.Title}
		if i > 0 {
			c.MessageHeadline = g.word(steps)
		}
		d.commits = append(d.commits, c)
	}
	first := d.commits[0].AuthoredDate
	d.FirstCommitAuthoredDate = &first
	d.Commits = PullCommits{Count: n, List: d.commits}
	for _, c := range d.commits {
		d.CommitOIDs = append(d.CommitOIDs, c.OID)
	}
	d.HeadRefOID = d.CommitOIDs[n-1]
}

// fixesHurriedly reports whether it is a hotfix.
func (d *pullDraft) fixesHurriedly() bool { return slices.Contains(d.Labels, "hotfix") }

// planReview plans drafts, review requests, reviews, comments and labels, from the opening to the end.
func (g *generator) planReview(d *pullDraft) {
	ends := earlier(d.ends, g.Until)
	ready := d.CreatedAt
	if d.State == "OPEN" && !d.by.bot && g.chance(0.3) {
		d.IsDraft = true
		return
	}
	if !d.by.bot && g.chance(0.15) {
		ready = g.between(d.CreatedAt, ends)
		if g.chance(0.2) { // opened as ready, and then taken back for a while
			back := g.between(d.CreatedAt, ready)
			d.ConvertToDraftEvents = append(d.ConvertToDraftEvents, Event{At: back, Actor: d.Author})
		}
		d.ReadyForReviewEvents = append(d.ReadyForReviewEvents, Event{At: ready, Actor: d.Author})
	}
	reviewer, second := g.maintainer(d.by.login), g.maintainer(d.by.login)
	d.ReviewRequestedEvents = append(d.ReviewRequestedEvents,
		Event{At: ready.Add(time.Second), Actor: d.Author, AuthorType: d.by.kind(), Reviewer: &reviewer.login})
	for _, label := range d.Labels {
		d.LabeledEvents = append(d.LabeledEvents,
			LabelEvent{Label: label, At: d.CreatedAt.Add(2 * time.Second), Actor: d.Author, AuthorType: d.by.kind()})
	}
	if len(d.Labels) == 0 && g.chance(0.25) {
		d.Labels = []string{g.word([]string{"enhancement", "performance", "documentation"})}
		d.LabeledEvents = append(d.LabeledEvents,
			LabelEvent{Label: d.Labels[0], At: g.between(ready, ends), Actor: &reviewer.login})
	}
	g.planReviews(d, reviewer, second, ready, ends)
	if d.by.login != "" && !d.by.bot && g.chance(0.3) {
		d.Comments = append(d.Comments,
			Comment{Author: d.Author, AuthorAssociation: d.AuthorAssociation, CreatedAt: g.between(ready, ends)})
	}
	if g.chance(0.2) {
		d.Comments = append(d.Comments,
			Comment{Author: &second.login, AuthorAssociation: second.association, CreatedAt: g.between(ready, ends)})
	}
	g.endPull(d, reviewer)
}

// planReviews plans the reviews: first contact comes early, approval shortly before the end.
func (g *generator) planReviews(d *pullDraft, reviewer, second contributor, ready, ends time.Time) {
	add := func(by contributor, state string, at time.Time) {
		if !g.past(at) {
			return
		}
		d.Reviews = append(d.Reviews, Review{
			Author: by.name(), AuthorAssociation: by.association, State: state, SubmittedAt: &at,
		})
	}
	if g.chance(0.1) && !d.merges || g.chance(0.06) {
		return // nobody looked at it
	}
	first := g.between(ready, ready.Add(ends.Sub(ready)*2/3))
	switch {
	case g.chance(0.22):
		add(reviewer, "CHANGES_REQUESTED", first)
		d.ReviewComments = append(d.ReviewComments,
			Comment{Author: &reviewer.login, AuthorAssociation: reviewer.association, CreatedAt: first})
	case g.chance(0.3):
		add(second, "COMMENTED", first)
	case g.chance(0.04):
		add(contributor{association: "NONE"}, "COMMENTED", first)
	case g.chance(0.05):
		add(second, "DISMISSED", first)
	}
	if d.merges {
		add(reviewer, "APPROVED", g.between(first, ends))
	}
}

// endPull notes who merged or closed it.
func (g *generator) endPull(d *pullDraft, reviewer contributor) {
	if d.ClosedAt == nil {
		return
	}
	by := reviewer
	if d.lands() && d.by.association == "MEMBER" && g.chance(0.6) {
		by = d.by
	}
	if d.lands() {
		d.MergedBy = &by.login
	}
	d.ClosedEvents = append(d.ClosedEvents, CloseEvent{At: *d.ClosedAt, Actor: &by.login})
}

// describePull writes what names a number: bodies and the issues that it closes.
func (g *generator) describePull(d *pullDraft) {
	switch {
	case d.reverts != nil:
		d.Body = fmt.Sprintf("Reverts %s/%s#%d", g.Owner, g.Name, d.reverts.Number)
	case d.fixes != nil:
		d.Body = fmt.Sprintf("%s #%d", g.word([]string{"Closes", "Fixes", "Resolves"}), d.fixes.Number)
		d.ClosingIssues = []int{d.fixes.Number}
	}
}
