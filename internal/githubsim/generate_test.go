package githubsim

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// plans are worlds of different sizes and shapes, the smallest ones with things missing.
var plans = map[string]Plan{
	"demo":           DemoPlan(),
	"empty":          {},
	"one of each":    {Seed: 1, PullRequests: 1, Issues: 1, Deployments: 1, Runs: 1},
	"only runs":      {Seed: 2, Runs: 40},
	"only issues":    {Seed: 3, Issues: 25},
	"dense":          {Seed: 4, Days: 4, PullRequests: 60, Issues: 40, Deployments: 300, Runs: 300, Failing: 0.3},
	"all break":      {Seed: 5, PullRequests: 50, Issues: 50, Deployments: 60, Runs: 100, Failing: 1},
	"few runs":       {Seed: 6, Days: 200, PullRequests: 100, Issues: 10, Deployments: 30, Runs: 7, Jobs: true},
	"thousands":      {Seed: 7, Days: 365, PullRequests: 1500, Issues: 1000, Deployments: 500, Runs: 5000, Failing: 0.1},
	"small":          SmallPlan(),
	"no team effort": {Seed: 8, Days: 30, PullRequests: 3, Issues: 90, Deployments: 20, Runs: 10, Failing: 0.5},
}

func TestGenerateIsDeterministic(t *testing.T) {
	t.Parallel()
	for name, plan := range plans {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first, second := marshal(t, Generate(plan)), marshal(t, Generate(plan))
			if !bytes.Equal(first, second) {
				t.Error("the same plan gave two worlds")
			}
			plan.Seed++
			if plan.PullRequests > 0 && bytes.Equal(first, marshal(t, Generate(plan))) {
				t.Error("another seed gave the same world")
			}
		})
	}
}

func marshal(t *testing.T, w *World) []byte {
	t.Helper()
	text, err := json.Marshal(w)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestGenerateLoads(t *testing.T) {
	t.Parallel()
	for name, plan := range plans {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := marshal(t, Generate(plan))
			w, err := Load(bytes.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(text, marshal(t, w)) {
				t.Error("what was loaded is not what was written")
			}
			if _, err := New(w, Options{}); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestGenerateCounts(t *testing.T) {
	t.Parallel()
	for name, plan := range plans {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := Generate(plan)
			deployments := 0
			for _, d := range w.Deployments {
				if !d.IsTransient {
					deployments++
				}
			}
			for _, c := range []struct {
				what      string
				got, want int
			}{
				{"pull requests", len(w.Pulls), plan.PullRequests},
				{"issues", len(w.Issues), plan.Issues},
				{"deployments", deployments, plan.Deployments},
				{"runs", len(w.WorkflowRuns), plan.Runs},
			} {
				if c.got != c.want {
					t.Errorf("%d %s, want %d", c.got, c.what, c.want)
				}
			}
		})
	}
}

func TestGenerateIsCoherent(t *testing.T) {
	t.Parallel()
	for name, plan := range plans {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := Generate(plan)
			c := coherence{T: t, world: w, until: plan.filled().Until, commits: map[string]*Commit{}}
			c.checkCommits()
			c.checkNumbers()
			for i := range w.Pulls {
				c.checkPull(&w.Pulls[i])
			}
			for i := range w.Issues {
				c.checkIssue(&w.Issues[i])
			}
			c.checkMilestones()
			c.checkDeployments()
			c.checkRuns()
			c.checkReferences()
		})
	}
}

// coherence checks that a world could have come about.
type coherence struct {
	*testing.T
	world   *World
	until   time.Time
	commits map[string]*Commit
	pulls   map[int]*Pull
}

// inOrder says that a is not after b, and that b belongs to the history.
func (c *coherence) inOrder(what string, a, b time.Time) {
	c.Helper()
	if b.Before(a) {
		c.Errorf("%s: %v is before %v", what, b, a)
	}
	if !b.Before(c.until) {
		c.Errorf("%s: %v is not before the end", what, b)
	}
}

func (c *coherence) exists(what, oid string) {
	c.Helper()
	if c.commits[oid] == nil {
		c.Errorf("%s: no commit %q", what, oid)
	}
}

func (c *coherence) checkCommits() {
	roots := 0
	for i := range c.world.Commits {
		commit := &c.world.Commits[i]
		if c.commits[commit.OID] != nil {
			c.Errorf("commit %s is there twice", commit.OID)
		}
		c.commits[commit.OID] = commit
	}
	for _, commit := range c.commits {
		if len(commit.Parents) == 0 {
			roots++
		}
		for _, parent := range commit.Parents {
			c.exists("parent of "+commit.OID, parent)
			if p := c.commits[parent]; p != nil {
				c.inOrder("parent of "+commit.OID, p.CommittedDate, commit.CommittedDate)
			}
		}
	}
	if roots != 1 {
		c.Errorf("%d commits without a parent, want the first one alone", roots)
	}
	for _, b := range c.world.Branches {
		c.exists("branch "+b.Name, b.OID)
	}
	for _, tag := range c.world.Tags {
		c.exists("tag "+tag.Name, tag.OID)
	}
}

func (c *coherence) checkNumbers() {
	c.pulls = map[int]*Pull{}
	seen := map[int]bool{}
	for i := range c.world.Pulls {
		p := &c.world.Pulls[i]
		c.pulls[p.Number] = p
		seen[p.Number] = true
	}
	for _, issue := range c.world.Issues {
		seen[issue.Number] = true
	}
	// Unique, and without holes: as many numbers as items, none above their count.
	total := len(c.world.Pulls) + len(c.world.Issues)
	for n := range seen {
		if n < 1 || n > total {
			c.Errorf("number %d of %d items", n, total)
		}
	}
	if len(seen) != total {
		c.Errorf("%d numbers for %d items", len(seen), total)
	}
}

func (c *coherence) checkPull(p *Pull) {
	c.inOrder("pull request opened", time.Time{}, p.CreatedAt)
	ends := c.until.Add(-time.Second)
	if p.ClosedAt != nil {
		c.inOrder("pull request closed", p.CreatedAt, *p.ClosedAt)
		ends = *p.ClosedAt
	}
	if (p.State == "MERGED") != (p.MergedAt != nil) || (p.State == "MERGED") != (p.MergeCommit != "") {
		c.Errorf("#%d: state %s, merged at %v as %q", p.Number, p.State, p.MergedAt, p.MergeCommit)
	}
	if p.MergedAt != nil {
		c.exists("merge of a pull request", p.MergeCommit)
		if !p.MergedAt.Equal(c.commits[p.MergeCommit].CommittedDate) {
			c.Errorf("#%d merged at %v by a commit of %v", p.Number, p.MergedAt, c.commits[p.MergeCommit].CommittedDate)
		}
	}
	for _, oid := range slices.Concat(p.CommitOIDs, p.MergedCommits) {
		c.exists("commit of a pull request", oid)
	}
	if len(p.Commits.List) == 0 || p.HeadRefOID != p.Commits.List[len(p.Commits.List)-1].OID {
		c.Errorf("#%d: head %s is not the last commit of its branch", p.Number, p.HeadRefOID)
	}
	for _, commit := range p.Commits.List {
		c.inOrder("commit of a pull request", commit.CommittedDate, ends)
	}
	if len(p.Paths) == 0 || len(p.Paths) != p.ChangedFiles || len(slices.Compact(slices.Clone(p.Paths))) != len(p.Paths) {
		c.Errorf("#%d changes %d files: %v", p.Number, p.ChangedFiles, p.Paths)
	}
	for _, r := range p.Reviews {
		c.inOrder("review", p.CreatedAt, *r.SubmittedAt)
		c.inOrder("review before the end", *r.SubmittedAt, ends)
		if r.Author != nil && p.Author != nil && *r.Author == *p.Author {
			c.Errorf("#%d: %s reviewed the change that is theirs", p.Number, *r.Author)
		}
	}
	for _, e := range slices.Concat(p.ReadyForReviewEvents, p.ConvertToDraftEvents) {
		c.inOrder("draft event", p.CreatedAt, e.At)
	}
	for _, m := range p.Comments {
		c.inOrder("comment", p.CreatedAt, m.CreatedAt)
	}
}

func (c *coherence) checkIssue(issue *Issue) {
	c.inOrder("issue opened", time.Time{}, issue.CreatedAt)
	if (issue.State == "CLOSED") != (issue.ClosedAt != nil) {
		c.Errorf("#%d: state %s, closed at %v", issue.Number, issue.State, issue.ClosedAt)
	}
	if issue.ClosedAt != nil {
		c.inOrder("issue closed", issue.CreatedAt, *issue.ClosedAt)
		if last := issue.ClosedEvents[len(issue.ClosedEvents)-1]; !last.At.Equal(*issue.ClosedAt) {
			c.Errorf("#%d: closed at %v, last closed at %v", issue.Number, issue.ClosedAt, last.At)
		}
	}
	for i, reopened := range issue.ReopenedEvents {
		c.inOrder("issue reopened", issue.ClosedEvents[i].At, reopened.At)
	}
	for _, e := range slices.Concat(issue.AssignedEvents, issue.MilestonedEvents) {
		c.inOrder("issue event", issue.CreatedAt, e.At)
	}
	for _, e := range issue.LabeledEvents {
		c.inOrder("label", issue.CreatedAt, e.At)
	}
	for _, m := range issue.Comments {
		c.inOrder("comment", issue.CreatedAt, m.CreatedAt)
	}
	for _, e := range issue.ClosedEvents {
		if p := c.pulls[e.CloserPull]; e.CloserPull != 0 && (p == nil || p.MergedAt == nil || !p.MergedAt.Equal(e.At) ||
			!slices.Contains(p.ClosingIssues, issue.Number)) {
			c.Errorf("#%d was closed by #%d, which does not say so", issue.Number, e.CloserPull)
		}
	}
}

// checkMilestones checks that what is in a milestone was there while it was planned.
func (c *coherence) checkMilestones() {
	milestones := map[string]*Milestone{}
	for i := range c.world.Milestones {
		m := &c.world.Milestones[i]
		if milestones[m.Title] != nil || m.Number != i+1 {
			c.Errorf("milestone %d, %s, is number %d, or there twice", i, m.Title, m.Number)
		}
		milestones[m.Title] = m
		if m.ClosedAt != nil {
			c.inOrder("milestone closed", m.CreatedAt, *m.ClosedAt)
		}
	}
	check := func(number int, title *string, created time.Time) {
		if title == nil {
			return
		}
		if m := milestones[*title]; m == nil || created.Before(m.CreatedAt) || !created.Before(*m.DueOn) {
			c.Errorf("#%d, opened %v, is in %+v", number, created, m)
		}
	}
	for _, p := range c.world.Pulls {
		check(p.Number, p.Milestone, p.CreatedAt)
	}
	for _, i := range c.world.Issues {
		check(i.Number, i.Milestone, i.CreatedAt)
		if (i.Milestone != nil) != (len(i.MilestonedEvents) > 0) {
			c.Errorf("#%d is in milestone %v by %+v", i.Number, i.Milestone, i.MilestonedEvents)
		}
	}
}

func (c *coherence) checkDeployments() {
	for _, d := range c.world.Deployments {
		c.exists("deployment", d.SHA)
		c.inOrder("deployed commit", c.commits[d.SHA].CommittedDate, d.CreatedAt)
		at := d.CreatedAt
		for _, s := range d.Statuses {
			c.inOrder("status "+s.State, at, s.CreatedAt)
			at = s.CreatedAt
		}
	}
	for _, r := range c.world.Releases {
		if !r.IsDraft {
			c.exists("release "+r.TagName, r.OID)
			c.inOrder("release", r.CreatedAt, *r.PublishedAt)
		}
	}
}

func (c *coherence) checkRuns() {
	ids := map[int64]bool{}
	for _, run := range c.world.WorkflowRuns {
		c.exists("run", run.HeadSHA)
		c.inOrder("run started", run.CreatedAt, *run.RunStartedAt)
		c.inOrder("run ended", *run.RunStartedAt, run.UpdatedAt)
		if ids[run.ID] {
			c.Errorf("run %d is there twice", run.ID)
		}
		ids[run.ID] = true
		if (run.Status == "completed") != (run.Conclusion != "") {
			c.Errorf("run %d: status %s, conclusion %q", run.ID, run.Status, run.Conclusion)
		}
		for _, job := range run.Jobs {
			c.inOrder("job", job.CreatedAt, *job.StartedAt)
			c.inOrder("job in its run", *job.StartedAt, run.UpdatedAt)
		}
	}
}

// checkReferences checks what bodies say about other items.
func (c *coherence) checkReferences() {
	repository := c.world.Repo.Owner + "/" + c.world.Repo.Name
	byNumber := map[string]*Pull{}
	for n, p := range c.pulls {
		byNumber["Reverts "+repository+"#"+strconv.Itoa(n)] = p
	}
	for _, p := range c.pulls {
		if strings.HasPrefix(p.Title, "Revert ") {
			reverted := byNumber[p.Body]
			if reverted == nil || reverted.MergedAt == nil || p.CreatedAt.Before(*reverted.MergedAt) ||
				p.Title != `Revert "`+reverted.Title+`"` {
				c.Errorf("#%d %s: %q does not name a change merged before", p.Number, p.Title, p.Body)
			}
		}
		for _, n := range p.ClosingIssues {
			if !strings.HasSuffix(p.Body, " #"+strconv.Itoa(n)) {
				c.Errorf("#%d closes #%d, but says %q", p.Number, n, p.Body)
			}
		}
	}
	for _, issue := range c.world.Issues {
		if sha, ok := strings.CutPrefix(issue.Body, "Started after "); ok {
			sha, _, _ = strings.Cut(sha, " ")
			if !slices.ContainsFunc(c.world.Deployments, func(d Deployment) bool {
				return strings.HasPrefix(d.SHA, sha) && d.IsProduction && !d.CreatedAt.After(issue.CreatedAt)
			}) {
				c.Errorf("#%d blames %s, which had not been deployed", issue.Number, sha)
			}
		}
	}
}

// TestDemoWorld holds the demo to what it is for: in its last thirty days changes reach main fast, and bugs wait.
func TestDemoWorld(t *testing.T) {
	t.Parallel()
	plan := DemoPlan()
	w := Generate(plan)
	since := plan.Until.AddDate(0, 0, -30)
	within := func(at *time.Time) bool { return at != nil && !at.Before(since) && at.Before(plan.Until) }
	var bugs, changes []time.Duration
	for _, issue := range w.Issues {
		isBug := issue.IssueType == "Bug" || slices.Contains(issue.Labels, "bug") ||
			slices.Contains(issue.Labels, "type: bug")
		if isBug && issue.StateReason == "COMPLETED" && within(issue.ClosedAt) {
			bugs = append(bugs, issue.ClosedAt.Sub(issue.CreatedAt))
		}
	}
	for _, p := range w.Pulls {
		if p.AuthorType != "Bot" && within(p.MergedAt) {
			changes = append(changes, p.MergedAt.Sub(*p.FirstCommitAuthoredDate))
		}
	}
	deployments, answered := 0, 0
	for _, d := range w.Deployments {
		if d.Environment == production && within(&d.CreatedAt) {
			deployments++
		}
	}
	for _, p := range w.Pulls {
		if within(p.MergedAt) && (slices.Contains(p.Labels, "hotfix") || strings.HasPrefix(p.Title, "Revert ")) {
			answered++
		}
	}
	const day = 24 * time.Hour
	p50, p90 := quantile(bugs, 0.5), quantile(bugs, 0.9)
	if len(bugs) < 12 || p50 < 9*day || p50 > 14*day || p90 < 2*p50 {
		t.Errorf("%d bugs took %v (p90 %v), want a dozen or more, 9 to 14 days and a long tail", len(bugs), p50, p90)
	}
	if p50 := quantile(changes, 0.5); len(changes) < 30 || p50 > 36*time.Hour {
		t.Errorf("%d changes took %v, want thirty or more, a day and a half at most", len(changes), p50)
	}
	if deployments < 15 || answered == 0 || answered > deployments/8 {
		t.Errorf("%d deployments to production, %d hotfixes and reverts, want few of many", deployments, answered)
	}
}

// TestDemoWorldHasOfEverything: in its last thirty days the demo has something for each kind of KPI to count, on both
// sides where there are two.
func TestDemoWorldHasOfEverything(t *testing.T) {
	t.Parallel()
	plan := DemoPlan()
	w := Generate(plan)
	since := plan.Until.AddDate(0, 0, -30)
	lately := func(at *time.Time) bool { return at != nil && !at.Before(since) && at.Before(plan.Until) }
	has := map[string]int{}
	for _, m := range w.Milestones {
		switch {
		case !lately(m.DueOn):
		case m.ClosedAt != nil && m.ClosedAt.Before(m.DueOn.AddDate(0, 0, 1)):
			has["milestone in time"]++
		default:
			has["milestone late"]++
		}
	}
	for _, d := range w.Deployments {
		if d.Environment == production && lately(&d.CreatedAt) {
			if d.AuthorType == "Bot" {
				has["automatic deployment"]++
			} else {
				has["deployment by hand"]++
			}
		}
	}
	for _, i := range w.Issues {
		for _, label := range []string{"security", "question", "incident"} {
			if !slices.Contains(i.Labels, label) {
				continue
			}
			if i.State == "OPEN" {
				has["open "+label]++
			} else if lately(i.ClosedAt) {
				has["closed "+label]++
			}
			// One comment by somebody else, before the end.
			if i.StateReason == "COMPLETED" && lately(i.ClosedAt) && len(i.Comments) == 1 &&
				!i.Comments[0].CreatedAt.After(*i.ClosedAt) && loginOf(i.Comments[0].Author) != loginOf(i.Author) {
				has[label+" settled at first contact"]++
			}
		}
	}
	// Runs are newest first.
	red := map[string]bool{}
	for _, run := range slices.Backward(w.WorkflowRuns) {
		if run.HeadBranch != mainBranch {
			continue
		}
		if run.Conclusion == "success" && red[run.Path] && lately(&run.UpdatedAt) {
			has["recovery of main"]++
		}
		if run.Conclusion == "success" || run.Conclusion == "failure" {
			red[run.Path] = run.Conclusion == "failure"
		}
	}
	for name, alerts := range map[string][]Alert{"vulnerability": w.Dependabot, "finding": w.CodeScanning} {
		for _, a := range alerts {
			if a.State == "open" {
				has["open "+name]++
			} else if lately(a.FixedAt) {
				has["fixed "+name]++
			}
		}
	}
	for _, p := range w.Pulls {
		if lately(p.MergedAt) {
			folder, _, _ := strings.Cut(p.Paths[0], "/")
			has["change to "+folder]++
		}
	}
	for _, what := range []string{
		"milestone in time", "milestone late", "automatic deployment", "deployment by hand", "open security",
		"closed security", "open question", "closed question", "question settled at first contact", "closed incident",
		"recovery of main", "open vulnerability", "fixed vulnerability", "open finding", "fixed finding", "change to api",
		"change to docs", "change to internal", "change to web", "change to go.mod",
	} {
		if has[what] == 0 {
			t.Errorf("no %s", what)
		}
	}
}

// quantile is the value at a share of the sorted list, between its two neighbours in proportion.
func quantile(list []time.Duration, share float64) time.Duration {
	if len(list) == 0 {
		return 0
	}
	slices.Sort(list)
	place := share * float64(len(list)-1)
	low, high := list[int(place)], list[int(math.Ceil(place))]
	return low + time.Duration((place-math.Floor(place))*float64(high-low))
}
