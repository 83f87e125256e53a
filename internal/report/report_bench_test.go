package report_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"testing"
	"time"

	"kpi-gate/internal/gate"
	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
	"kpi-gate/internal/render"
	"kpi-gate/internal/report"
)

// days is how long the repository has been busy.
const days = 365

// busy makes up a repository's year of so many things.
type busy struct {
	*model.Snapshot
	rng                                             *rand.Rand
	pullRequests, issues, deployments, runs, alerts int
}

// until is the end of the year; everything happens before it.
var until = time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC)

// BenchmarkReport takes a busy repository's year from the snapshot to the bytes of report.json and of the summary: all
// KPIs with the window before and the trend. For 5,000 pull requests, 5,000 issues, 2,000 deployments and 50,000 runs
// the whole of it should take less than two seconds and 400 MB, and no more than n log n for twice and four times that.
func BenchmarkReport(b *testing.B) {
	for _, scale := range []int{1, 2, 4} {
		b.Run(fmt.Sprintf("%dx", scale), func(b *testing.B) { benchmarkReport(b, scale) })
	}
}

func benchmarkReport(b *testing.B, scale int) {
	snapshot := year(scale)
	window := model.Window{Since: until.AddDate(0, 0, -30), Until: until}
	benchmarks, err := gate.Language{}.ParseAll(`lead-time-for-changes.p50 <= 2d
deployment-frequency >= 1/day
change-failure-rate <= 15%
pull-request-cycle-time.p90 <= 3d
review-coverage >= 90%
bug-time-to-resolve.within(7d) >= 85%
bug-backlog <= 100
ci-success-rate >= 95%`)
	if err != nil {
		b.Fatal(err)
	}
	policy := kpi.DefaultPolicy()
	b.ReportAllocs()
	for b.Loop() {
		figures := kpi.Compute(snapshot, policy, window, kpi.Select(kpi.BuiltIn().All()))
		source, reason := kpi.Source(snapshot, policy, window)
		r := report.Build(report.Input{
			Snapshot: snapshot, Window: window, Source: source, SourceReason: reason, Found: true, Figures: figures,
			Verdicts: gate.Judge(benchmarks, figures, gate.Policy{MinSamples: 5}),
		})
		if r.Source != "GitHub deployments (found automatically)" {
			b.Fatalf("measured with source %q", r.Source)
		}
		for _, write := range []render.Renderer{render.Markdown, render.JSON} {
			if err := write(io.Discard, r); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// year makes up a snapshot: pull requests of two commits, merged one after the other into main, deployments along that
// line, issues that some of them close, and the runs of all of these.
func year(scale int) *model.Snapshot {
	s := &busy{
		rng:          rand.New(rand.NewPCG(1, 2)),
		pullRequests: 5_000 * scale, issues: 5_000 * scale, deployments: 2_000 * scale, runs: 50_000 * scale,
		alerts: 500 * scale,
	}
	s.Snapshot = &model.Snapshot{
		Repository: model.Repository{
			Owner: "octo-org", Name: "busy", DefaultBranch: "main", URL: "https://github.com/octo-org/busy",
		},
		AsOf: until, Reach: until.AddDate(0, 0, -days),
		Read: []model.Feed{
			model.Deployments, model.Commits, model.PullRequests, model.Reviews, model.Comments,
			model.Issues, model.Links, model.PastIncidents, model.Runs, model.Milestones,
			model.VulnerabilityAlerts, model.CodeScanningAlerts,
		},
	}
	s.Commits = append(s.Commits, model.Commit{SHA: sha('m', 0), Authored: moment(0, 1), Committed: moment(0, 1)})
	for n := range s.pullRequests {
		s.addPullRequest(n + 1)
	}
	s.Branches = []model.Branch{{Name: "main", Head: sha('m', s.pullRequests)}}
	for n := range s.deployments {
		s.addDeployment(n)
	}
	for n := range s.issues {
		s.addIssue(n)
	}
	for n := range s.runs {
		s.addRun(n)
	}
	for n := range s.alerts {
		s.addAlert(n)
	}
	for n := range days / 14 {
		s.addMilestone(n)
	}
	return s.Snapshot
}

// moment is when the i-th of n things that are spread over the year happens.
func moment(i, n int) time.Time {
	apart := days * 24 * time.Hour / time.Duration(n)
	return until.Add(-days * 24 * time.Hour).Add(apart * time.Duration(i)).Truncate(time.Second)
}

func sha(kind rune, n int) string { return fmt.Sprintf("%c%039d", kind, n) }

func person(n int) model.Actor { return model.Actor{Login: fmt.Sprintf("person-%d", n%40)} }

// some is a length of time of up to so many hours.
func some(rng *rand.Rand, hours int) time.Duration {
	return time.Duration(rng.IntN(hours*3600)) * time.Second
}

// addPullRequest adds a pull request, its two commits and the commit that merged it. One in a hundred is a revert.
func (s *busy) addPullRequest(n int) {
	merged := moment(n, s.pullRequests+1)
	opened := merged.Add(-time.Hour - some(s.rng, 96))
	pr := model.PullRequest{
		Number: n, Title: fmt.Sprintf("Change %d", n), URL: fmt.Sprintf("%s/pull/%d", s.Repository.URL, n),
		Author: person(n), Association: "MEMBER", Created: opened, Updated: merged, Closed: merged, Merged: merged,
		MergedBy: person(n + 1), MergeCommit: sha('m', n), Base: "main", Head: fmt.Sprintf("topic-%d", n),
		Additions: s.rng.IntN(400), Deletions: s.rng.IntN(100),
		Reviews: []model.Review{{
			Author: person(n + 1), Association: "MEMBER", State: "APPROVED", Submitted: merged.Add(-30 * time.Minute),
		}},
		Comments: []model.Comment{{Author: person(n + 2), Association: "MEMBER", Created: merged.Add(-20 * time.Minute)}},
	}
	if n%100 == 0 {
		pr.Title, pr.Body = fmt.Sprintf(`Revert "Change %d"`, n-5), fmt.Sprintf("Reverts #%d", n-5)
	}
	parent := sha('m', max(0, n-1-s.rng.IntN(10)))
	for i := range 2 {
		own := model.Commit{
			SHA: sha('b', 2*n+i), Parents: []string{parent}, Authored: opened.Add(time.Duration(i) * time.Minute),
			Committed: opened.Add(time.Duration(i) * time.Minute), Author: person(n), Message: "Work", PullRequests: []int{n},
		}
		parent = own.SHA
		s.Commits = append(s.Commits, own)
		pr.Commits = append(pr.Commits, model.PullRequestCommit{
			SHA: own.SHA, Authored: own.Authored, Committed: own.Committed, Message: own.Message,
		})
	}
	s.Commits = append(s.Commits, model.Commit{
		SHA: sha('m', n), Parents: []string{sha('m', n-1), parent}, Authored: merged, Committed: merged,
		Author: person(n + 1), Message: fmt.Sprintf("Merge pull request #%d", n), PullRequests: []int{n},
	})
	s.PullRequests = append(s.PullRequests, pr)
}

// addDeployment adds a deployment of a commit of main. One in twenty fails, one in fifty goes back to an older commit.
func (s *busy) addDeployment(n int) {
	created := moment(n+1, s.deployments+1)
	of := s.pullRequests * (n + 1) / (s.deployments + 1)
	if n%50 == 49 {
		of = max(0, of-5)
	}
	state := "SUCCESS"
	if n%20 == 19 {
		state = "FAILURE"
	}
	s.Deployments = append(s.Deployments, model.Deployment{
		ID: int64(n + 1), Environment: "production", SHA: sha('m', of), Created: created, Creator: person(n),
		Statuses: []model.DeploymentStatus{
			{State: "IN_PROGRESS", Created: created.Add(time.Second)},
			{State: state, Created: created.Add(time.Minute + some(s.rng, 1))},
		},
	})
}

// addIssue adds an issue: half are bugs, one in a hundred is an incident, and nine in ten are closed by a pull request.
func (s *busy) addIssue(n int) {
	opened := moment(n, s.issues)
	number := s.pullRequests + n + 1
	label := [...]string{"bug", "enhancement"}[n%2]
	if n%100 == 99 {
		label = "incident"
	}
	issue := model.Issue{
		Number: number, Title: fmt.Sprintf("Issue %d", number), URL: fmt.Sprintf("%s/issues/%d", s.Repository.URL, number),
		Author: person(n + 7), Association: "NONE", Created: opened, Updated: opened, Labels: []string{label},
		Comments: []model.Comment{{Author: person(n), Association: "MEMBER", Created: opened.Add(some(s.rng, 24))}},
		Events:   []model.Event{{Kind: model.Labeled, At: opened.Add(some(s.rng, 8)), Actor: person(n), Label: label}},
	}
	fix := &s.PullRequests[min(s.pullRequests-1, n*s.pullRequests/s.issues+s.rng.IntN(200))]
	if n%10 != 0 && fix.Merged.After(opened) {
		issue.Closed, issue.Updated, issue.Reason = fix.Merged, fix.Merged, "COMPLETED"
		issue.Events = append(issue.Events, model.Event{
			Kind: model.Closed, At: fix.Merged, Actor: fix.MergedBy, Reason: "COMPLETED", Closer: fix.Number,
		})
		issue.Links = []model.Link{{
			Number: fix.Number, Author: fix.Author, Created: fix.Created, Linked: fix.Created,
			Merged: fix.Merged, MergeCommit: fix.MergeCommit,
		}}
	}
	s.Issues = append(s.Issues, issue)
}

// addRun adds a run: one in four of main, the others of pull requests. One in twelve fails, one in thirty is a second
// attempt.
func (s *busy) addRun(n int) {
	created := moment(n, s.runs)
	run := model.Run{
		ID: int64(n + 1), Workflow: ".github/workflows/ci.yml", Name: "CI", Branch: "main",
		SHA: sha('m', s.pullRequests*n/s.runs), Event: "push", Status: "completed", Conclusion: "success", Attempt: 1,
		Created: created, Started: created, Updated: created.Add(3*time.Minute + some(s.rng, 1)/4), Actor: person(n),
		URL: fmt.Sprintf("%s/actions/runs/%d", s.Repository.URL, n+1),
	}
	if n%4 != 0 {
		run.Branch, run.Event = "topic", "pull_request"
	}
	if s.rng.IntN(12) == 0 {
		run.Conclusion = "failure"
	}
	if s.rng.IntN(30) == 0 {
		run.Attempt = 2
	}
	s.Runs = append(s.Runs, run)
}

// addAlert adds an alert of both kinds. One in five is still open.
func (s *busy) addAlert(n int) {
	alert := model.Alert{
		Number: n + 1, Title: "alert", URL: fmt.Sprintf("%s/security/dependabot/%d", s.Repository.URL, n+1), Severity: "high",
		Created: moment(n, s.alerts),
	}
	if n%5 != 0 {
		alert.Fixed = alert.Created.Add(some(s.rng, 400))
	}
	s.Vulnerabilities = append(s.Vulnerabilities, alert)
	alert.URL = fmt.Sprintf("%s/security/code-scanning/%d", s.Repository.URL, n+1)
	s.CodeScanning = append(s.CodeScanning, alert)
}

// addMilestone adds a milestone of two weeks with its share of the issues.
func (s *busy) addMilestone(n int) {
	due := until.AddDate(0, 0, -14*n-1)
	m := model.Milestone{
		Number: n + 1, Title: fmt.Sprintf("Sprint %d", n), URL: fmt.Sprintf("%s/milestone/%d", s.Repository.URL, n+1),
		Due: due, Created: due.AddDate(0, 0, -14), Closed: due.Add(some(s.rng, 48)),
	}
	for i := n; i < len(s.Issues); i += days / 14 {
		issue := &s.Issues[i]
		m.Items = append(m.Items, model.MilestoneItem{
			Kind: model.RefIssue, Number: issue.Number, URL: issue.URL, Created: issue.Created, Closed: issue.Closed,
			Events: issue.Events,
		})
	}
	s.Milestones = append(s.Milestones, m)
}
