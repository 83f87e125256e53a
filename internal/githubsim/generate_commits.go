package githubsim

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"sort"
	"time"
)

// mainCommit is a commit of the main branch's first-parent line, and when it landed.
type mainCommit struct {
	oid string
	at  time.Time
}

// oid is a new object id.
func (g *generator) oid() string {
	var raw [24]byte
	for i := 0; i < len(raw); i += 8 {
		binary.BigEndian.PutUint64(raw[i:], g.rng.Uint64())
	}
	return hex.EncodeToString(raw[:20])
}

// directPushes is how many commits go to main without a pull request, for every hundred pull requests.
const directPushes = 8

// writeCommits makes the history in the order of time: branches begin at what main is then, and land on what main is
// when they are merged.
func (g *generator) writeCommits() {
	type step struct {
		at time.Time
		do func()
	}
	var steps []step
	first := g.began
	for _, d := range g.pulls {
		begins := d.commits[0].CommittedDate
		first = earlier(first, begins)
		steps = append(steps, step{begins, func() { d.base = g.head(begins) }})
		if d.lands() {
			steps = append(steps, step{*d.MergedAt, func() { g.land(d) }})
		}
	}
	if len(g.releases) > 0 {
		first = earlier(first, g.releases[0].created)
	}
	for range g.PullRequests*directPushes/100 + 1 {
		at := g.moment()
		steps = append(steps, step{at, func() { g.push(at) }})
	}
	slices.SortStableFunc(steps, func(a, b step) int { return a.at.Compare(b.at) })
	g.addMain(Commit{
		Parents: []string{}, AuthoredDate: first.AddDate(0, 0, -1), CommittedDate: first.AddDate(0, 0, -1),
		Author: &team[0].login, MessageHeadline: "Track parcels",
	})
	for _, s := range steps {
		s.do()
	}
	for _, d := range g.pulls {
		g.writeBranch(d)
	}
	slices.Reverse(g.world.Commits)
	slices.SortStableFunc(g.world.Commits, func(a, b Commit) int { return b.CommittedDate.Compare(a.CommittedDate) })
}

// addMain puts a commit on the main branch.
func (g *generator) addMain(c Commit) string {
	c.OID = g.oid()
	g.main = append(g.main, mainCommit{c.OID, c.CommittedDate})
	g.world.Commits = append(g.world.Commits, c)
	return c.OID
}

// head is what the main branch was at an instant.
func (g *generator) head(at time.Time) string {
	after := sort.Search(len(g.main), func(i int) bool { return g.main[i].at.After(at) })
	return g.main[max(after-1, 0)].oid
}

// tipOfMain is the newest commit of main so far.
func (g *generator) tipOfMain() string { return g.main[len(g.main)-1].oid }

// push adds a commit that belongs to no pull request.
func (g *generator) push(at time.Time) {
	g.addMain(Commit{
		Parents: []string{g.tipOfMain()}, AuthoredDate: at, CommittedDate: at, Author: &g.maintainerPointer().login,
		MessageHeadline: g.word([]string{"Fix a typo", "Raise the log level", "Update the change log", "Pin a tool"}),
	})
}

func (g *generator) maintainerPointer() *contributor {
	c := g.maintainer("")
	return &c
}

// land merges a pull request in its way. A squashed commit is authored when it is merged; rebased ones keep their
// authored dates.
func (g *generator) land(d *pullDraft) {
	at := *d.MergedAt
	title := fmt.Sprintf("%s (#%d)", d.Title, d.Number)
	switch d.method {
	case mergeCommit:
		d.MergeCommit = g.addMain(Commit{
			Parents: []string{g.tipOfMain(), d.HeadRefOID}, AuthoredDate: at, CommittedDate: at, Author: d.MergedBy,
			MessageHeadline: fmt.Sprintf("Merge pull request #%d from %s/%s", d.Number, g.Owner, d.HeadRefName),
		})
	case squashed:
		d.MergeCommit = g.addMain(Commit{
			Parents: []string{g.tipOfMain()}, AuthoredDate: at, CommittedDate: at, Author: d.Author,
			AuthorType: d.AuthorType, MessageHeadline: title,
		})
	case rebased:
		for _, c := range d.commits {
			d.MergeCommit = g.addMain(Commit{
				Parents: []string{g.tipOfMain()}, AuthoredDate: c.AuthoredDate, CommittedDate: at, Author: d.Author,
				AuthorType: d.AuthorType, MessageHeadline: c.MessageHeadline,
			})
			d.MergedCommits = append(d.MergedCommits, d.MergeCommit)
		}
	}
}

// writeBranch adds the commits of a pull request's branch. Only a merge commit makes them reachable from main.
func (g *generator) writeBranch(d *pullDraft) {
	onMain := d.lands() && d.method == mergeCommit
	parent := d.base
	for _, c := range d.commits {
		g.world.Commits = append(g.world.Commits, Commit{
			OID: c.OID, Parents: []string{parent}, AuthoredDate: c.AuthoredDate, CommittedDate: c.CommittedDate,
			Author: d.Author, AuthorType: d.AuthorType, MessageHeadline: c.MessageHeadline, OnDefaultBranch: &onMain,
		})
		parent = c.OID
	}
}
