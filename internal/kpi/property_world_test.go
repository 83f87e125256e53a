package kpi_test

import (
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
)

// march is the window of the properties: its trend and its previous window lie in the months before it.
var march = model.Window{
	Since: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), Until: time.Date(2026, 3, 31, 0, 0, 0, 0, time.UTC),
}

// drawing makes up a snapshot whose facts are coherent, but of no particular sense.
type drawing struct {
	t *rapid.T
	s *model.Snapshot
	// landed are the commits of the main line, oldest first.
	landed []string
}

func drawSnapshot(t *rapid.T) *model.Snapshot {
	d := &drawing{t: t, s: &model.Snapshot{
		Repository: model.Repository{Owner: "o", Name: "r", DefaultBranch: "main", URL: "https://github.com/o/r"},
		Read: []model.Feed{
			model.Deployments, model.Releases, model.Tags, model.Commits, model.PullRequests, model.Issues, model.Links,
			model.PastIncidents, model.Reviews, model.Comments,
			model.Runs, model.DeployRuns, model.Paths, model.Milestones, model.Jobs, model.VulnerabilityAlerts,
			model.CodeScanningAlerts,
		},
	}}
	d.mainLine()
	for number := range d.some("open pull requests", 3) {
		d.pullRequest(100+number, time.Time{}, "")
	}
	for id := range d.some("deployments", 8) {
		d.deployment(int64(id + 1))
	}
	for number := range d.some("issues", 10) {
		d.issue(200 + number)
	}
	if d.chance() {
		d.pastIncident()
	}
	for number := range d.some("milestones", 3) {
		d.milestone(number + 1)
	}
	for id := range d.some("runs", 12) {
		d.run(int64(id + 1))
	}
	for id := range d.some("releases", 3) {
		d.release(id + 1)
	}
	for number := range d.some("alerts", 5) {
		d.s.Vulnerabilities = append(d.s.Vulnerabilities, d.alert(number+1, "dependabot"))
		d.s.CodeScanning = append(d.s.CodeScanning, d.alert(number+1, "code-scanning"))
	}
	return d.s
}

func (d *drawing) some(what string, most int) int { return rapid.IntRange(0, most).Draw(d.t, what) }

func (d *drawing) chance() bool { return rapid.Bool().Draw(d.t, "chance") }

func (d *drawing) one(of ...string) string { return rapid.SampledFrom(of).Draw(d.t, "one") }

// moment is a time of the last 120 days, or shortly after the window.
func (d *drawing) moment() time.Time {
	return march.Until.Add(time.Duration(rapid.IntRange(-120*24, 3*24).Draw(d.t, "hour")) * time.Hour)
}

// after is a time after another, at once up to 40 days later.
func (d *drawing) after(t time.Time) time.Time {
	return t.Add(time.Duration(rapid.IntRange(0, 40*24*60).Draw(d.t, "minutes")) * time.Minute)
}

// maybe is a time after another, or none.
func (d *drawing) maybe(t time.Time) time.Time {
	if d.chance() {
		return time.Time{}
	}
	return d.after(t)
}

func (d *drawing) person() model.Actor {
	login := d.one("ann", "bob", "cyd", "ghost", "robot")
	return model.Actor{Login: login, Bot: login == "robot"}
}

func (d *drawing) association() model.Association {
	return model.Association(d.one("NONE", "MEMBER", "CONTRIBUTOR"))
}

// mainLine draws the commits of main, most of them pull requests.
func (d *drawing) mainLine() {
	at := march.Until.AddDate(0, 0, -120)
	var parents []string
	for i := range d.some("commits", 12) {
		at = d.after(at)
		sha := fmt.Sprintf("%040x", i+1)
		c := model.Commit{SHA: sha, Parents: parents, Authored: at, Committed: at, Author: d.person(), Message: "work"}
		if d.chance() {
			c.Author.Bot = false // Of some authors git knows the name only.
		}
		if rapid.IntRange(0, 3).Draw(d.t, "direct") > 0 {
			c.PullRequests = []int{i + 1}
			d.pullRequest(i+1, at, sha)
		}
		d.s.Commits = append(d.s.Commits, c)
		d.landed = append(d.landed, sha)
		parents = []string{sha}
	}
	if len(d.landed) > 0 {
		d.s.Branches = []model.Branch{{Name: "main", Head: d.landed[len(d.landed)-1]}}
	}
}

// pullRequest draws a pull request that was merged at an instant, or is open where that is zero.
func (d *drawing) pullRequest(number int, merged time.Time, sha string) {
	pr := model.PullRequest{
		Number: number, Title: fmt.Sprintf("Change %d", d.some("title", 3)), Author: d.person(), Association: d.association(),
		URL: fmt.Sprintf("https://github.com/o/r/pull/%d", number), Base: "main", Head: "topic",
		Additions: d.some("lines", 400), Paths: []string{d.one("api/a.go", "web/b.ts")},
	}
	if merged.IsZero() {
		pr.Created = d.moment()
		pr.Draft = d.chance()
	} else {
		pr.Created = merged.Add(-time.Duration(d.some("hours open", 400)) * time.Hour)
		pr.Merged, pr.Closed, pr.MergeCommit, pr.MergedBy = merged, merged, sha, d.person()
	}
	pr.Updated = march.Until.AddDate(0, 0, 4)
	first := pr.Created.Add(time.Duration(rapid.IntRange(-100, 20).Draw(d.t, "first commit")) * time.Hour)
	pr.Commits = []model.PullRequestCommit{{SHA: fmt.Sprintf("%040x", 1000+number), Authored: first, Committed: first}}
	switch d.some("kind", 5) {
	case 0:
		pr.Labels = []string{"hotfix"}
	case 1:
		pr.Body = fmt.Sprintf("Reverts #%d", d.some("reverted", 12))
	}
	for range d.some("reviews", 2) {
		pr.Reviews = append(pr.Reviews, model.Review{
			Author: d.person(), Association: d.association(), State: d.one("APPROVED", "COMMENTED"), Submitted: d.after(pr.Created),
		})
	}
	if d.chance() {
		pr.Comments = append(pr.Comments, model.Comment{
			Author: d.person(), Association: d.association(), Created: d.after(pr.Created),
		})
	}
	if d.chance() && !pr.Draft {
		drafted := d.after(pr.Created)
		pr.Events = append(pr.Events,
			model.Event{Kind: model.ConvertToDraft, At: drafted, Actor: pr.Author},
			model.Event{Kind: model.ReadyForReview, At: d.after(drafted), Actor: pr.Author})
	}
	d.s.PullRequests = append(d.s.PullRequests, pr)
}

func (d *drawing) deployment(id int64) {
	// Nothing is deployed before it is there.
	created := d.moment()
	var there []string
	for _, c := range d.s.Commits {
		if !c.Committed.After(created) {
			there = append(there, c.SHA)
		}
	}
	if len(there) == 0 {
		return
	}
	dep := model.Deployment{
		ID: id, Environment: d.one("production", "live", "staging"), SHA: rapid.SampledFrom(there).Draw(d.t, "sha"),
		Created: created, Creator: d.person(),
	}
	at := created
	for range d.some("statuses", 3) {
		at = d.after(at)
		dep.Statuses = append(dep.Statuses, model.DeploymentStatus{State: d.one("SUCCESS", "FAILURE", "INACTIVE"), Created: at})
	}
	d.s.Deployments = append(d.s.Deployments, dep)
}

func (d *drawing) issue(number int) {
	i := model.Issue{
		Number: number, Title: "Issue", URL: fmt.Sprintf("https://github.com/o/r/issues/%d", number), Author: d.person(),
		Association: d.association(), Created: d.moment(), Updated: march.Until.AddDate(0, 0, 4),
		Labels: []string{d.one("bug", "incident", "question", "security", "wish")},
	}
	if d.chance() && len(d.landed) > 0 {
		i.Body = "Since " + rapid.SampledFrom(d.landed).Draw(d.t, "named")
	}
	for range d.some("comments", 2) {
		i.Comments = append(i.Comments, model.Comment{
			Author: d.person(), Association: d.association(), Created: d.after(i.Created),
		})
	}
	at := i.Created
	for range d.some("closings", 3) {
		closed := d.after(at)
		e := model.Event{Kind: model.Closed, At: closed, Actor: d.person(), Reason: d.one("COMPLETED", "NOT_PLANNED", "DUPLICATE")}
		if n := len(d.s.PullRequests); n > 0 && d.chance() {
			e.Closer = d.s.PullRequests[rapid.IntRange(0, n-1).Draw(d.t, "closer")].Number
		}
		i.Events = append(i.Events, e)
		i.Closed, i.Reason = closed, e.Reason
		if d.chance() {
			break
		}
		at = d.after(closed)
		i.Events = append(i.Events, model.Event{Kind: model.Reopened, At: at, Actor: d.person()})
		i.Closed, i.Reason = time.Time{}, ""
	}
	if n := len(d.s.PullRequests); n > 0 && d.chance() {
		pr := d.s.PullRequests[rapid.IntRange(0, n-1).Draw(d.t, "link")]
		i.Links = append(i.Links, model.Link{
			Number: pr.Number, Author: pr.Author, Created: pr.Created, Merged: pr.Merged, MergeCommit: pr.MergeCommit,
		})
	}
	d.s.Issues = append(d.s.Issues, i)
}

// pastIncident draws an incident that was over before all that a report looks at, and not touched since.
func (d *drawing) pastIncident() {
	opened := march.Until.AddDate(-1, 0, 0)
	d.s.Issues = append(d.s.Issues, model.Issue{
		Number: 199, Title: "Outage", URL: "https://github.com/o/r/issues/199", Author: d.person(),
		Created: opened, Closed: opened.Add(time.Hour), Updated: opened.Add(time.Hour), Labels: []string{"incident"},
	})
}

// release draws a release and its tag.
func (d *drawing) release(number int) {
	at := d.moment()
	name, sha := fmt.Sprintf("v%d", number), ""
	if len(d.landed) > 0 {
		sha = rapid.SampledFrom(d.landed).Draw(d.t, "released")
	}
	d.s.Tags = append(d.s.Tags, model.Tag{Name: name, SHA: sha, Date: at})
	d.s.Releases = append(d.s.Releases, model.Release{
		ID: int64(number), Tag: name, SHA: sha, Published: d.after(at), Author: d.person(),
		URL: "https://github.com/o/r/releases/tag/" + name,
	})
}

func (d *drawing) milestone(number int) {
	m := model.Milestone{
		Number: number, Title: "M", Created: d.moment(), Due: d.moment(),
		URL: fmt.Sprintf("https://github.com/o/r/milestone/%d", number),
	}
	m.Closed = d.maybe(m.Created)
	for i := range d.some("milestone items", 3) {
		item := model.MilestoneItem{
			Kind: model.RefIssue, Number: 300 + 10*number + i, Created: d.moment(),
			URL: fmt.Sprintf("https://github.com/o/r/issues/%d", 300+10*number+i),
		}
		if item.Closed = d.maybe(item.Created); !item.Closed.IsZero() {
			item.Events = []model.Event{{Kind: model.Closed, At: item.Closed, Actor: d.person()}}
		}
		m.Items = append(m.Items, item)
	}
	d.s.Milestones = append(d.s.Milestones, m)
}

func (d *drawing) run(id int64) {
	created := d.moment()
	started := d.after(created)
	run := model.Run{
		ID: id, Workflow: ".github/workflows/" + d.one("ci.yml", "deploy.yml"), Branch: "main",
		Event:  d.one("push", "push", "workflow_dispatch", "release"),
		Status: "completed", Conclusion: d.one("success", "failure", "timed_out", "cancelled"),
		Attempt: rapid.IntRange(1, 2).Draw(d.t, "attempt"), Created: created, Started: started, Updated: d.after(started),
		Actor: d.person(),
	}
	if len(d.landed) > 0 {
		run.SHA = rapid.SampledFrom(d.landed).Draw(d.t, "run of")
	}
	d.s.Runs = append(d.s.Runs, run)
	if d.chance() {
		d.s.Jobs = append(d.s.Jobs, model.Job{
			ID: id, Run: id, Name: "test", Created: created, Started: d.maybe(created), Conclusion: run.Conclusion,
		})
	}
}

func (d *drawing) alert(number int, of string) model.Alert {
	a := model.Alert{
		Number: number, Title: "leaky", Severity: d.one("low", "high"), Created: d.moment(),
		URL: fmt.Sprintf("https://github.com/o/r/security/%s/%d", of, number),
	}
	if a.Fixed = d.maybe(a.Created); a.Fixed.IsZero() {
		a.Dismissed = d.maybe(a.Created)
	}
	return a
}

// propertyPolicy measures everything that a policy can switch on.
func propertyPolicy() kpi.Policy {
	p := kpi.DefaultPolicy()
	p.Source = model.SourceDeployments
	p.Signals[kpi.SignalStatus] = true
	p.DowntimeCost = &kpi.Cost{PerHour: 100, Currency: "EUR"}
	return p
}

// shuffled is the snapshot with its lists in another order.
func shuffled(t *rapid.T, s *model.Snapshot) *model.Snapshot {
	c := *s
	c.Deployments = rapid.Permutation(s.Deployments).Draw(t, "deployments")
	c.Commits = rapid.Permutation(s.Commits).Draw(t, "commits")
	c.PullRequests = rapid.Permutation(s.PullRequests).Draw(t, "pull requests")
	c.Issues = rapid.Permutation(s.Issues).Draw(t, "issues")
	c.Milestones = rapid.Permutation(s.Milestones).Draw(t, "milestones")
	c.Runs = rapid.Permutation(s.Runs).Draw(t, "runs")
	c.Jobs = rapid.Permutation(s.Jobs).Draw(t, "jobs")
	c.Vulnerabilities = rapid.Permutation(s.Vulnerabilities).Draw(t, "vulnerabilities")
	c.CodeScanning = rapid.Permutation(s.CodeScanning).Draw(t, "code scanning")
	return &c
}

// unrelated is the snapshot with events that concern no figure: a deployment and a run that are not production, a
// branch's commit, a label that the author put on, and what a bot said.
func unrelated(s *model.Snapshot) *model.Snapshot {
	c := *s
	at := march.Until.AddDate(0, 0, -10)
	c.Deployments = append(slices.Clone(s.Deployments), model.Deployment{
		ID: 999, Environment: "preview", SHA: "f00", Created: at,
		Statuses: []model.DeploymentStatus{{State: "SUCCESS", Created: at}},
	})
	c.Releases = append(slices.Clone(s.Releases), model.Release{ID: 9, Tag: "v9", Draft: true})
	c.Commits = append(slices.Clone(s.Commits), model.Commit{SHA: "f00", Authored: at, Committed: at, Message: "aside"})
	c.Runs = append(slices.Clone(s.Runs), model.Run{
		ID: 999, Workflow: ".github/workflows/ci.yml", Branch: "topic", Event: "push", Status: "completed",
		Conclusion: "failure", Attempt: 1, Created: at, Started: at, Updated: at,
	})
	c.Issues = slices.Clone(s.Issues)
	for i := range c.Issues {
		if issue := &c.Issues[i]; issue.Created.Before(at) {
			issue.Comments = append(slices.Clone(issue.Comments),
				model.Comment{Author: model.Actor{Login: "greeter", Bot: true}, Created: at})
		}
	}
	return &c
}
