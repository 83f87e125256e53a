package kpi_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
)

// day3 is the beginning of a day of March 2026.
func day3(day int) time.Time { return time.Date(2026, 3, day, 0, 0, 0, 0, time.UTC) }

// broken is a repository in which something is. Its main line, and what shipped it:
//
//	a  pushed          1 Mar, deployment 1: the first, which ships nothing; incident #20, opened 2 Mar, is open
//	b  #10 "Add b"     5 Mar, deployment 2, failed: incident #21, opened 6 Mar, is open, #26 was closed 8 Mar
//	c  #11 "Add c"    10 Mar, deployment 3, failed: incident #22, opened 11 Mar, was closed 12 Mar
//	d  pushed         15 Mar, deployment 4, failed: incident #23, opened 16 Mar, is open
//	e  #12 "Add e"    20 Mar, deployment 5, of which nothing bad is known
//
// Besides there are bug #24, open, and #25 of the type Bug, open and without a label.
func broken() *model.Snapshot {
	s := &model.Snapshot{
		Repository: model.Repository{Owner: "o", Name: "r", DefaultBranch: "main", URL: "https://github.com/o/r"},
		Read: []model.Feed{
			model.Deployments, model.Commits, model.PullRequests, model.Issues, model.PastIncidents, model.Links,
		},
	}
	var parents []string
	for i, land := range []struct {
		day, pull int
	}{{1, 0}, {5, 10}, {10, 11}, {15, 0}, {20, 12}} {
		sha, at := strings.Repeat(string(rune('a'+i)), 40), day3(land.day)
		s.Commits = append(s.Commits, model.Commit{
			SHA: sha, Parents: parents, Authored: at.Add(-3 * time.Hour), Committed: at.Add(-3 * time.Hour),
			Message: "Add " + sha[:1], Author: model.Actor{Login: "ann"},
		})
		if land.pull > 0 {
			s.PullRequests = append(s.PullRequests, model.PullRequest{
				Number: land.pull, Title: "Add " + sha[:1], Base: "main", Head: "topic", Author: model.Actor{Login: "ann"},
				Created: at.Add(-5 * time.Hour), Closed: at.Add(-3 * time.Hour), Merged: at.Add(-3 * time.Hour),
				Updated: at, MergeCommit: sha,
			})
		}
		s.Deployments = append(s.Deployments, model.Deployment{
			ID: int64(i + 1), Environment: "production", SHA: sha, Created: at.Add(-time.Hour),
			Statuses: []model.DeploymentStatus{{State: "SUCCESS", Created: at}},
		})
		parents = []string{sha}
	}
	s.Branches = []model.Branch{{Name: "main", Head: parents[0]}}
	for _, i := range []struct {
		number, opened, closed int
		label, issueType       string
	}{
		{20, 2, 0, "incident", ""},
		{21, 6, 0, "incident", ""},
		{22, 11, 12, "incident", ""},
		{23, 16, 0, "sev1", ""},
		{24, 2, 0, "bug", ""},
		{25, 2, 0, "", "Bug"},
		{26, 7, 8, "incident", ""},
	} {
		issue := model.Issue{Number: i.number, Created: day3(i.opened), Updated: day3(30), Type: i.issueType}
		if i.label != "" {
			issue.Labels = []string{i.label}
		}
		if i.closed > 0 {
			issue.Closed, issue.Reason = day3(i.closed), "COMPLETED"
			issue.Events = []model.Event{{Kind: model.Closed, At: issue.Closed, Reason: issue.Reason}}
		}
		s.Issues = append(s.Issues, issue)
	}
	return s
}

// closing are issues that a candidate closes, as GitHub shows them with it: with labels and without types.
func closing(s *model.Snapshot, numbers ...int) []model.Issue {
	var all []model.Issue
	for _, number := range numbers {
		at := slices.IndexFunc(s.Issues, func(i model.Issue) bool { return i.Number == number })
		if at < 0 {
			all = append(all, model.Issue{Number: number, Labels: []string{"bug"}})
			continue
		}
		all = append(all, model.Issue{Number: number, Labels: s.Issues[at].Labels, Closed: s.Issues[at].Closed})
	}
	return all
}

// told are repairs in short: "#24 bug", "#21 incident by #10" for an issue that a revert ends, "2 by #10" for a
// deployment whose change is reverted, "2 closes [21]" for one whose incident is closed.
func toldRepairs(r kpi.Repairs) string {
	name := func(of model.Ref) string {
		if of.Kind == model.RefCommit {
			return of.SHA[:1]
		}
		return fmt.Sprintf("#%d", of.Number)
	}
	var all []string
	for _, i := range r.Issues {
		text := name(i.Ref) + " " + strings.Join(i.Classes, "+")
		if i.Reverts != nil {
			text += " by " + name(*i.Reverts)
		}
		all = append(all, text)
	}
	for _, d := range r.Deployments {
		text := fmt.Sprint(d.Ref.ID)
		if d.Reverts != nil {
			text += " by " + name(*d.Reverts)
		}
		for _, i := range d.Closes {
			text += " closes " + name(i)
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}

func TestRepairs(t *testing.T) {
	t.Parallel()
	reverting := func(number int, merged time.Time) func(*model.Snapshot, *kpi.Policy) {
		return func(s *model.Snapshot, _ *kpi.Policy) {
			s.PullRequests = append(s.PullRequests, model.PullRequest{
				Number: 13, Title: "Back", Body: fmt.Sprintf("Reverts #%d", number), Base: "main", Created: day3(25),
				Merged: merged, Closed: merged, Updated: day3(30), MergeCommit: strings.Repeat("f", 40),
			})
		}
	}
	without := func(signals ...kpi.FailureSignal) func(*model.Snapshot, *kpi.Policy) {
		return func(_ *model.Snapshot, p *kpi.Policy) {
			p.Signals = maps.Clone(p.Signals)
			for _, signal := range signals {
				p.Signals[signal] = false
			}
		}
	}
	tests := []struct {
		name   string
		change func(*model.Snapshot, *kpi.Policy)
		pull   model.Candidate
		closes []int
		want   string
	}{
		{name: "nothing"},
		{name: "a bug", closes: []int{24}, want: "#24 bug"},
		{name: "a bug by its type", closes: []int{25}, want: "#25 bug"},
		{name: "one that was opened since", closes: []int{99}, want: "#99 bug"},
		{name: "each once, by number", closes: []int{99, 24, 99}, want: "#24 bug, #99 bug"},
		{name: "one that is closed", closes: []int{22}},
		{name: "into another branch", pull: model.Candidate{Base: "next"}, closes: []int{24}},
		{name: "into a branch that is not known", pull: model.Candidate{Base: "-"}, closes: []int{24}},
		{
			name: "of several classes", closes: []int{24}, want: "#24 bug+urgent",
			change: func(_ *model.Snapshot, p *kpi.Policy) { p.Classes["urgent"] = kpi.Class{Labels: kpi.Globs{"b*"}} },
		},
		{
			name: "of no class", closes: []int{24},
			change: func(_ *model.Snapshot, p *kpi.Policy) { delete(p.Classes, kpi.Bug) },
		},

		{name: "an incident", closes: []int{21}, want: "#21 incident, 2 closes #21"},
		{name: "two incidents", closes: []int{23, 21}, want: "#21 incident, #23 incident, 2 closes #21, 4 closes #23"},
		{name: "an incident that is no signal", closes: []int{21}, want: "#21 incident", change: without(kpi.SignalIncident)},
		{
			name: "an incident that is no signal, of a deployment that failed by another", closes: []int{27}, want: "#27 incident",
			change: func(s *model.Snapshot, p *kpi.Policy) {
				last := &s.Deployments[len(s.Deployments)-1]
				last.Statuses = append(last.Statuses, model.DeploymentStatus{State: "FAILURE", Created: day3(21)})
				s.Issues = append(s.Issues, model.Issue{
					Number: 27, Labels: []string{"incident"}, Created: day3(22), Updated: day3(30),
				})
				p.Signals = map[kpi.FailureSignal]bool{kpi.SignalStatus: true}
			},
		},

		{name: "a revert by number", pull: model.Candidate{Body: "Reverts #10"}, want: "#21 incident by #10, 2 by #10"},
		{name: "a revert by full name", pull: model.Candidate{Body: "Reverts o/r#10"}, want: "#21 incident by #10, 2 by #10"},
		{name: "a revert of another repository's", pull: model.Candidate{Body: "Reverts x/y#10"}},
		{name: "a revert by title", pull: model.Candidate{Title: `Revert "Add b"`}, want: "#21 incident by #10, 2 by #10"},
		{name: "a title of another change", pull: model.Candidate{Title: `Revert "Add"`}},
		{
			name: "a revert by commit", pull: model.Candidate{Body: "This reverts commit " + strings.Repeat("b", 40) + "."},
			want: "#21 incident by #10, 2 by #10",
		},
		{
			name: "a revert of a push", pull: model.Candidate{Body: "This reverts commit ddddddd."},
			want: "#23 incident by d, 4 by d",
		},
		{name: "a revert of what works", pull: model.Candidate{Body: "Reverts #12"}},
		{name: "a revert of what has recovered", pull: model.Candidate{Body: "Reverts #11"}},
		{name: "a revert of what shipped with the first", pull: model.Candidate{Body: "This reverts commit aaaaaaa."}},
		{name: "a revert of nothing", pull: model.Candidate{Body: "Reverts #999"}},
		{name: "a revert in another branch", pull: model.Candidate{Body: "Reverts #10", Base: "next"}},
		{
			name: "a revert in a release branch that is production", pull: model.Candidate{Body: "Reverts #10", Base: "next"},
			closes: []int{24}, want: "#21 incident by #10, 2 by #10",
			change: func(_ *model.Snapshot, p *kpi.Policy) { p.Branches = kpi.Globs{"main", "next"} },
		},
		{
			name: "reverted already, and not shipped yet", pull: model.Candidate{Body: "Reverts #10"},
			change: reverting(10, day3(25)),
		},
		{
			name: "a revert beside another that is open", pull: model.Candidate{Body: "Reverts #10"},
			change: reverting(10, time.Time{}), want: "#21 incident by #10, 2 by #10",
		},
		{
			name: "a revert beside one of another change", pull: model.Candidate{Body: "Reverts #10"},
			change: reverting(11, day3(25)), want: "#21 incident by #10, 2 by #10",
		},
		{
			name: "a revert that closes the incident too", pull: model.Candidate{Body: "Reverts #10\nFixes #21"},
			closes: []int{21}, want: "#21 incident, 2 by #10 closes #21",
		},
		{
			name: "where commits are missing", pull: model.Candidate{Body: "Reverts #10"}, closes: []int{21},
			want: "#21 incident",
			change: func(s *model.Snapshot, _ *kpi.Policy) {
				s.Gaps = []model.Gap{{Feed: model.Commits, Reason: "refused", Partial: true}}
			},
		},
		{
			name: "where deployments are not read", pull: model.Candidate{Body: "Reverts #10"}, closes: []int{24},
			want: "#24 bug",
			change: func(s *model.Snapshot, _ *kpi.Policy) {
				s.Deployments, s.Read = nil, []model.Feed{model.Issues}
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, policy := broken(), kpi.DefaultPolicy()
			policy.Source = model.SourceDeployments
			if tt.change != nil {
				tt.change(s, &policy)
			}
			c := tt.pull
			c.Number, c.Closes = 30, closing(s, tt.closes...)
			switch c.Base {
			case "":
				c.Base = "main"
			case "-":
				c.Base = ""
			}
			if got := toldRepairs(kpi.RepairsOf(s, policy, march, c)); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// Which KPIs are mended by what: an issue those of its class, among which are those that follow from incidents; a
// failed deployment those that tell of such. A filter has to keep what is mended.
func TestRepairsOfSelections(t *testing.T) {
	t.Parallel()
	s, policy := broken(), kpi.DefaultPolicy()
	policy.Source = model.SourceDeployments
	bug := kpi.RepairsOf(s, policy, march, model.Candidate{Base: "main", Closes: closing(s, 24)})
	incident := kpi.RepairsOf(s, policy, march, model.Candidate{Base: "main", Closes: closing(s, 21)})
	revert := kpi.RepairsOf(s, policy, march, model.Candidate{Base: "main", Body: "Reverts #10"})
	tests := []struct {
		id                    string
		filter                kpi.Filter
		bug, incident, revert string
	}{
		{id: "bug-backlog", bug: "#24 bug"},
		{id: "bug-time-to-resolve", bug: "#24 bug"},
		{id: "bug-backlog", filter: filter("label=b*"), bug: "#24 bug"},
		{id: "bug-backlog", filter: filter("label=sev1")},
		{id: "incident-backlog", incident: "#21 incident", revert: "#21 incident by #10"},
		{id: "incident-backlog", filter: filter("label=incident"), incident: "#21 incident", revert: "#21 incident by #10"},
		{id: "availability", incident: "#21 incident", revert: "#21 incident by #10"},
		{id: "mean-time-to-resolution", incident: "#21 incident", revert: "#21 incident by #10"},
		{id: "change-failure-rate", incident: "2 closes #21", revert: "2 by #10"},
		{id: "failed-deployment-recovery-time", incident: "2 closes #21", revert: "2 by #10"},
		{id: "change-failure-rate", filter: filter("environment=prod*"), incident: "2 closes #21", revert: "2 by #10"},
		{id: "change-failure-rate", filter: filter("environment=live")},
		{id: "change-failure-rate", filter: filter("label=incident")},
		{id: "deployment-rework-rate"},
		{id: "deployment-frequency"},
		{id: "lead-time-for-changes"},
		{id: "task-completion-rate"},
		{id: "support-backlog"},
		{id: "ci-success-rate"},
	}
	for _, tt := range tests {
		of := kpi.Selection{Definition: kpi.BuiltIn().Find(tt.id), Filter: tt.filter}
		for _, repaired := range []struct {
			by   string
			of   kpi.Repairs
			want string
		}{{"closing a bug", bug, tt.bug}, {"closing an incident", incident, tt.incident}, {"a revert", revert, tt.revert}} {
			got := repaired.of.Of(of)
			if toldRepairs(got) != repaired.want || got.IsEmpty() != (repaired.want == "") {
				t.Errorf("%s by %s: %q, want %q", of, repaired.by, toldRepairs(got), repaired.want)
			}
		}
	}
}

// Whatever a pull request says, it repairs nothing but what is broken: an issue that it closes is open, a deployment is
// among the failed ones that have not recovered, and an incident that a revert ends is open and has a deployment to it.
func TestRepairsAreOfWhatIsBroken(t *testing.T) {
	t.Parallel()
	failures := kpi.Selection{Definition: kpi.FailedDeploymentRecoveryTime}
	backlog := kpi.Selection{Definition: kpi.BuiltIn().Find("incident-backlog")}
	rapid.Check(t, func(t *rapid.T) {
		s, policy := drawSnapshot(t), propertyPolicy()
		c := model.Candidate{
			Base: "main", Title: rapid.SampledFrom([]string{"", `Revert "Change 1"`}).Draw(t, "title"),
			Body: fmt.Sprintf("Reverts #%d", rapid.IntRange(1, 12).Draw(t, "reverted")),
		}
		for _, i := range s.Issues {
			if rapid.Bool().Draw(t, "closes") {
				c.Closes = append(c.Closes, i)
			}
		}
		figures := kpi.Compute(s, policy, march, []kpi.Selection{failures, backlog})
		running := map[int64]bool{}
		for _, item := range figures[0].Items {
			running[item.Ref.ID] = item.Running
		}
		open := map[int]bool{}
		for _, item := range figures[1].Items {
			open[item.Ref.Number] = true
		}
		repairs := kpi.RepairsOf(s, policy, march, c)
		for _, d := range repairs.Deployments {
			if !running[d.Ref.ID] {
				t.Errorf("the deployment %d has not failed, or has recovered", d.Ref.ID)
			}
			for _, i := range d.Closes {
				if !open[i.Number] {
					t.Errorf("the incident #%d is not open", i.Number)
				}
			}
		}
		for _, i := range repairs.Issues {
			at := slices.IndexFunc(s.Issues, func(of model.Issue) bool { return of.Number == i.Ref.Number })
			switch {
			case i.Reverts != nil && (!open[i.Ref.Number] || len(repairs.Deployments) == 0):
				t.Errorf("the incident #%d is not open, or nothing deployed began it", i.Ref.Number)
			case i.Reverts == nil && !s.Issues[at].Closed.IsZero():
				t.Errorf("the issue #%d is closed", i.Ref.Number)
			}
		}
	})
}
