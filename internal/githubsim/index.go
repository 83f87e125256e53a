package githubsim

import (
	"cmp"
	"crypto/sha1"
	"encoding/hex"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// index is what a world means: who is who, what belongs to what, and what GitHub would add to it. It is built once and
// not changed afterwards; orders of lists are remembered as they are asked for.
type index struct {
	world    *World
	created  time.Time
	pulls    map[int]*Pull
	issues   map[int]*Issue
	commits  map[string]*Commit
	accounts map[string]string
	branches []Branch
	tags     map[string]*Tag
	// annotated holds the tag objects by their own object ids.
	annotated  map[string]*Tag
	milestones []Milestone
	labels     []string
	// environments are the names of the environments that anything was deployed to, in order.
	environments []string
	// active is the deployment that each environment runs now.
	active map[string]*Deployment
	// closing holds the issues of a pull request, closedBy the pull requests of an issue, each in order of number.
	closing, closedBy map[int][]int
	// references holds the pull requests that name an issue in their body.
	references map[int][]reference
	// brought holds the numbers of the pull requests that a commit belongs to.
	brought map[string][]int

	// nodes finds what has a global id.
	nodes func() map[string]object
	// items are all issues and pull requests, newest first.
	items func() []*restItem

	mu    sync.Mutex
	memo  map[string]any
	walks map[string]*walk
}

// reference is a mention of an issue in a pull request.
type reference struct {
	pull *Pull
	// closes is true when a keyword says that the pull request closes the issue.
	closes bool
}

// memoSize bounds what an index remembers. A program that reads a repository asks for a handful of orders and for one
// walk per deployed commit; when there are more, all are forgotten.
const memoSize = 256

func newIndex(w *World) *index {
	ix := &index{
		world:      w,
		pulls:      make(map[int]*Pull, len(w.Pulls)),
		issues:     make(map[int]*Issue, len(w.Issues)),
		commits:    make(map[string]*Commit, len(w.Commits)),
		accounts:   map[string]string{},
		tags:       make(map[string]*Tag, len(w.Tags)),
		annotated:  map[string]*Tag{},
		active:     map[string]*Deployment{},
		closing:    map[int][]int{},
		closedBy:   map[int][]int{},
		references: map[int][]reference{},
		brought:    make(map[string][]int, len(w.Pulls)),
		memo:       map[string]any{},
		walks:      map[string]*walk{},
	}
	for i := range w.Commits {
		ix.commits[w.Commits[i].OID] = &w.Commits[i]
	}
	for i := range w.Issues {
		ix.issues[w.Issues[i].Number] = &w.Issues[i]
	}
	for i := range w.Pulls {
		ix.pulls[w.Pulls[i].Number] = &w.Pulls[i]
	}
	ix.created = ix.firstInstant()
	ix.readAccounts()
	ix.readBranches()
	ix.readTags()
	ix.readLabels()
	ix.readMilestones()
	ix.readDeployments()
	ix.readLinks()
	ix.readCommitsOfPulls()
	ix.nodes = sync.OnceValue(ix.findNodes)
	ix.items = sync.OnceValue(ix.listItems)
	return ix
}

// firstInstant is when the repository was created: as the world says, else when the first thing in it happened.
func (ix *index) firstInstant() time.Time {
	w := ix.world
	if w.Repo.CreatedAt != nil {
		return *w.Repo.CreatedAt
	}
	return w.firstMoment()
}

// readAccounts learns what kind of account each login is. An account is a Bot wherever it appears once anything says
// so. The authors of commits are names, not accounts, and are left out.
func (ix *index) readAccounts() {
	see := func(login *string, kind string) {
		if login == nil || *login == "" {
			return
		}
		name, bot := strings.CutSuffix(*login, "[bot]")
		if bot {
			kind = "Bot"
		}
		if known := ix.accounts[name]; known == "" || known == "User" {
			ix.accounts[name] = cmp.Or(kind, "User")
		}
	}
	events := func(events []Event) {
		for _, e := range events {
			see(e.Actor, e.AuthorType)
			see(e.Assignee, "")
			see(e.Reviewer, "")
		}
	}
	labels := func(events []LabelEvent) {
		for _, e := range events {
			see(e.Actor, e.AuthorType)
		}
	}
	closes := func(events []CloseEvent) {
		for _, e := range events {
			see(e.Actor, e.AuthorType)
		}
	}
	comments := func(comments []Comment) {
		for _, c := range comments {
			see(c.Author, c.AuthorType)
		}
	}
	for i := range ix.world.Pulls {
		p := &ix.world.Pulls[i]
		see(p.Author, p.AuthorType)
		see(p.MergedBy, "")
		for j := range p.Assignees {
			see(&p.Assignees[j], "")
		}
		for _, r := range p.Reviews {
			see(r.Author, r.AuthorType)
		}
		comments(p.Comments)
		comments(p.ReviewComments)
		events(p.ReadyForReviewEvents)
		events(p.ConvertToDraftEvents)
		events(p.ReviewRequestedEvents)
		events(p.AssignedEvents)
		events(p.MilestonedEvents)
		events(p.ReopenedEvents)
		labels(p.LabeledEvents)
		labels(p.UnlabeledEvents)
		closes(p.ClosedEvents)
	}
	for i := range ix.world.Issues {
		issue := &ix.world.Issues[i]
		see(issue.Author, issue.AuthorType)
		for j := range issue.Assignees {
			see(&issue.Assignees[j], "")
		}
		comments(issue.Comments)
		events(issue.AssignedEvents)
		events(issue.MilestonedEvents)
		events(issue.ReopenedEvents)
		labels(issue.LabeledEvents)
		labels(issue.UnlabeledEvents)
		closes(issue.ClosedEvents)
	}
	for i := range ix.world.Deployments {
		see(ix.world.Deployments[i].Creator, ix.world.Deployments[i].AuthorType)
	}
	for i := range ix.world.Releases {
		see(ix.world.Releases[i].Author, ix.world.Releases[i].AuthorType)
	}
	for i := range ix.world.WorkflowRuns {
		see(ix.world.WorkflowRuns[i].Actor, ix.world.WorkflowRuns[i].AuthorType)
	}
}

// readBranches takes the branches that the world names, and adds the default branch where it is not among them.
func (ix *index) readBranches() {
	w := ix.world
	ix.branches = slices.Clone(w.Branches)
	name := w.Repo.DefaultBranch
	known := slices.ContainsFunc(w.Branches, func(b Branch) bool { return b.Name == name })
	if tip := tipOf(w); !known && name != "" && tip != nil {
		ix.branches = append(ix.branches, Branch{Name: name, OID: tip.OID})
	}
	slices.SortFunc(ix.branches, func(a, b Branch) int { return strings.Compare(a.Name, b.Name) })
}

// tipOf is the newest commit of the default branch that is the parent of no other; nil without commits.
func tipOf(w *World) *Commit {
	on := func(c *Commit) bool { return c.OnDefaultBranch == nil || *c.OnDefaultBranch }
	parents := map[string]bool{}
	for i := range w.Commits {
		if c := &w.Commits[i]; on(c) {
			for _, p := range c.Parents {
				parents[p] = true
			}
		}
	}
	var tip *Commit
	for i := range w.Commits {
		c := &w.Commits[i]
		if on(c) && !parents[c.OID] && (tip == nil || c.CommittedDate.After(tip.CommittedDate)) {
			tip = c
		}
	}
	return tip
}

// branch is the head of a branch, "" if there is none of that name.
func (ix *index) branch(name string) string {
	for _, b := range ix.branches {
		if b.Name == name {
			return b.OID
		}
	}
	return ""
}

func (ix *index) readTags() {
	for i := range ix.world.Tags {
		t := &ix.world.Tags[i]
		ix.tags[t.Name] = t
		if ix.isAnnotated(t) {
			ix.annotated[ix.tagOID(t)] = t
		}
	}
}

// isAnnotated reports whether a tag is an object of its own: its date is not its commit's, or the commit is unknown.
func (ix *index) isAnnotated(t *Tag) bool {
	c := ix.commits[t.OID]
	return c == nil || t.Date != nil && !t.Date.Equal(c.CommittedDate)
}

// tagOID is the id of what a tag's ref names: the tag object, or the commit.
func (ix *index) tagOID(t *Tag) string {
	if !ix.isAnnotated(t) {
		return t.OID
	}
	return objectID("tag " + t.Name + " " + t.OID)
}

// objectID makes up the id of a git object that the world does not name.
func objectID(what string) string {
	sum := sha1.Sum([]byte(what))
	return hex.EncodeToString(sum[:])
}

func (ix *index) readLabels() {
	seen := map[string]bool{}
	see := func(name string) {
		if key := strings.ToLower(name); !seen[key] {
			seen[key] = true
			ix.labels = append(ix.labels, name)
		}
	}
	for i := range ix.world.Issues {
		for _, l := range ix.world.Issues[i].Labels {
			see(l)
		}
	}
	for i := range ix.world.Pulls {
		for _, l := range ix.world.Pulls[i].Labels {
			see(l)
		}
	}
	slices.Sort(ix.labels)
}

// readMilestones takes the world's milestones and makes up those that issues and pull requests only name.
func (ix *index) readMilestones() {
	ix.milestones = slices.Clone(ix.world.Milestones)
	last := 0
	first := map[string]time.Time{}
	see := func(title *string, created time.Time) {
		if title == nil {
			return
		}
		if at, ok := first[*title]; !ok || created.Before(at) {
			first[*title] = created
		}
	}
	for i := range ix.world.Issues {
		see(ix.world.Issues[i].Milestone, ix.world.Issues[i].CreatedAt)
	}
	for i := range ix.world.Pulls {
		see(ix.world.Pulls[i].Milestone, ix.world.Pulls[i].CreatedAt)
	}
	for _, m := range ix.milestones {
		delete(first, m.Title)
		last = max(last, m.Number)
	}
	titles := make([]string, 0, len(first))
	for title := range first {
		titles = append(titles, title)
	}
	slices.SortFunc(titles, func(a, b string) int {
		return cmp.Or(first[a].Compare(first[b]), strings.Compare(a, b))
	})
	for i, title := range titles {
		ix.milestones = append(ix.milestones,
			Milestone{Number: last + 1 + i, Title: title, State: "OPEN", CreatedAt: first[title]})
	}
}

// milestone finds a milestone by its title; nil stays nil.
func (ix *index) milestone(title *string) *Milestone {
	if title == nil {
		return nil
	}
	for i := range ix.milestones {
		if ix.milestones[i].Title == *title {
			return &ix.milestones[i]
		}
	}
	return nil
}

// readDeployments finds the environments and what each runs now: the newest deployment whose latest status is a
// success.
func (ix *index) readDeployments() {
	for i := range ix.world.Deployments {
		d := &ix.world.Deployments[i]
		if !slices.Contains(ix.environments, d.Environment) {
			ix.environments = append(ix.environments, d.Environment)
		}
		statuses := newestFirst(d.Statuses)
		if len(statuses) == 0 || !strings.EqualFold(statuses[0].State, "SUCCESS") {
			continue
		}
		if now := ix.active[d.Environment]; now == nil || compareDeployments(now, d) < 0 {
			ix.active[d.Environment] = d
		}
	}
	slices.Sort(ix.environments)
}

func compareDeployments(a, b *Deployment) int {
	return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
}

// newestFirst is the order in which GitHub appears to list a deployment's statuses; it documents none. Of two at the
// same instant the one listed later is the newer.
func newestFirst(statuses []DeploymentStatus) []DeploymentStatus {
	s := slices.Clone(statuses)
	slices.SortStableFunc(s, func(a, b DeploymentStatus) int { return a.CreatedAt.Compare(b.CreatedAt) })
	slices.Reverse(s)
	return s
}

// readLinks learns which pull requests belong to which issues: those that close it, those connected to it by hand,
// which GitHub lists with the closing ones, and those that mention it.
func (ix *index) readLinks() {
	link := func(pull, issue int) {
		if ix.pulls[pull] != nil && ix.issues[issue] != nil {
			ix.closing[pull] = append(ix.closing[pull], issue)
			ix.closedBy[issue] = append(ix.closedBy[issue], pull)
		}
	}
	mentions := mentionsIn(ix.world.Repo)
	for i := range ix.world.Pulls {
		p := &ix.world.Pulls[i]
		found := mentions.find(p.Body)
		for _, n := range p.ClosingIssues {
			link(p.Number, n)
			if _, mentioned := found[n]; !mentioned {
				found[n] = false
			}
		}
		for n, closes := range found {
			if ix.issues[n] != nil {
				ix.references[n] = append(ix.references[n], reference{p, closes})
			}
		}
	}
	for i := range ix.world.Issues {
		issue := &ix.world.Issues[i]
		for _, n := range issue.ClosedByPulls {
			link(n, issue.Number)
		}
		for _, n := range issue.ConnectedPulls {
			link(n, issue.Number)
		}
	}
	for _, m := range []map[int][]int{ix.closing, ix.closedBy} {
		for n, list := range m {
			slices.Sort(list)
			m[n] = slices.Compact(list)
		}
	}
	for _, list := range ix.references {
		slices.SortFunc(list, func(a, b reference) int {
			return cmp.Or(a.pull.CreatedAt.Compare(b.pull.CreatedAt), cmp.Compare(a.pull.Number, b.pull.Number))
		})
	}
}

// mentions finds issues in texts, written as "#12", "owner/name#12" or by URL.
type mentions struct{ any, closing *regexp.Regexp }

// mentionsIn knows the mentions of a repository's issues, and those with a keyword before them that says that they are
// to be closed
// (https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue).
func mentionsIn(r Repo) mentions {
	name := regexp.QuoteMeta(r.Owner + "/" + r.Name)
	page := `https://github\.com/` + name + `/issues/`
	return mentions{
		any: regexp.MustCompile(`(?i)(?:(?:^|[^\w/&])#|\b` + name + `#|` + page + `)(\d+)\b`),
		closing: regexp.MustCompile(`(?i)\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+` +
			`(?:(?:` + name + `)?#|` + page + `)(\d+)\b`),
	}
}

// find is the numbers that a text mentions, and whether a keyword stands before one of the mentions.
func (m mentions) find(text string) map[int]bool {
	found := map[int]bool{}
	for closes, pattern := range map[bool]*regexp.Regexp{false: m.any, true: m.closing} {
		for _, match := range pattern.FindAllStringSubmatch(text, -1) {
			// A number too large for an int is no issue's.
			if n, err := strconv.Atoi(match[1]); err == nil {
				found[n] = found[n] || closes
			}
		}
	}
	return found
}

func (ix *index) readCommitsOfPulls() {
	for i := range ix.world.Pulls {
		p := &ix.world.Pulls[i]
		see := func(oid string) {
			list := ix.brought[oid]
			if oid != "" && (len(list) == 0 || list[len(list)-1] != p.Number) {
				ix.brought[oid] = append(list, p.Number)
			}
		}
		if p.MergedAt != nil {
			see(p.MergeCommit)
			for _, oid := range p.MergedCommits {
				see(oid)
			}
		}
		for _, oid := range p.CommitOIDs {
			see(oid)
		}
		for _, c := range p.Commits.List {
			see(c.OID)
		}
	}
}

// remember gives the value of make for a key, and makes it only once while it is remembered.
func remember[T any](ix *index, key string, build func() T) T {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if v, ok := ix.memo[key].(T); ok {
		return v
	}
	if len(ix.memo) >= memoSize {
		clear(ix.memo)
	}
	v := build()
	ix.memo[key] = v
	return v
}

// updatedIssue is when an issue was last touched: as the world says, else the latest instant known of it.
func updatedIssue(i *Issue) time.Time {
	if i.UpdatedAt != nil {
		return *i.UpdatedAt
	}
	l := lastTouch{i.CreatedAt}
	l.pointer(i.ClosedAt)
	l.labels(i.LabeledEvents)
	l.labels(i.UnlabeledEvents)
	l.events(i.AssignedEvents)
	l.events(i.MilestonedEvents)
	l.events(i.ReopenedEvents)
	l.closes(i.ClosedEvents)
	l.comments(i.Comments)
	return l.at
}

// updatedPull is when a pull request was last touched: as the world says, else the latest instant known of it.
func updatedPull(p *Pull) time.Time {
	if p.UpdatedAt != nil {
		return *p.UpdatedAt
	}
	l := lastTouch{p.CreatedAt}
	l.pointer(p.ClosedAt)
	l.pointer(p.MergedAt)
	l.labels(p.LabeledEvents)
	l.labels(p.UnlabeledEvents)
	l.events(p.ReadyForReviewEvents)
	l.events(p.ConvertToDraftEvents)
	l.events(p.ReviewRequestedEvents)
	l.events(p.AssignedEvents)
	l.events(p.MilestonedEvents)
	l.events(p.ReopenedEvents)
	l.closes(p.ClosedEvents)
	l.comments(p.Comments)
	l.comments(p.ReviewComments)
	for _, r := range p.Reviews {
		l.pointer(r.SubmittedAt)
	}
	// What was pushed after the opening; the commits of before it are older than the pull request.
	for _, c := range p.Commits.List {
		l.see(c.CommittedDate)
	}
	return l.at
}

type lastTouch struct{ at time.Time }

func (l *lastTouch) see(t time.Time) {
	if t.After(l.at) {
		l.at = t
	}
}

func (l *lastTouch) pointer(t *time.Time) {
	if t != nil {
		l.see(*t)
	}
}

func (l *lastTouch) events(events []Event) {
	for _, e := range events {
		l.see(e.At)
	}
}

func (l *lastTouch) labels(events []LabelEvent) {
	for _, e := range events {
		l.see(e.At)
	}
}

func (l *lastTouch) closes(events []CloseEvent) {
	for _, e := range events {
		l.see(e.At)
	}
}

func (l *lastTouch) comments(comments []Comment) {
	for _, c := range comments {
		l.see(c.CreatedAt)
	}
}
