package collect

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kpi-gate/internal/githubsim"
	"kpi-gate/internal/model"
)

// growing is a repository to which something happens day by day.
type growing struct {
	*rapid.T
	*githubsim.World
	now     time.Time
	last    int
	shipped int
}

// number is a number that nothing had.
func (g *growing) number() int {
	g.last++
	return g.last
}

func (g *growing) happened() *time.Time {
	at := g.now
	return &at
}

// issue and pull draw an issue and a pull request that there is, nil where there is none.
func (g *growing) issue() *githubsim.Issue {
	if len(g.Issues) == 0 {
		return nil
	}
	return &g.Issues[rapid.IntRange(0, len(g.Issues)-1).Draw(g.T, "issue")]
}

func (g *growing) pull() *githubsim.Pull {
	if len(g.Pulls) == 0 {
		return nil
	}
	return &g.Pulls[rapid.IntRange(0, len(g.Pulls)-1).Draw(g.T, "pull")]
}

// text names issues that there are, were, or may be one day, with and without a keyword.
func (g *growing) text() string {
	word := rapid.SampledFrom([]string{"", "fixes", "see", "reverts"}).Draw(g.T, "word")
	return fmt.Sprintf("%s #%d", word, rapid.IntRange(1, g.last+2).Draw(g.T, "named"))
}

func (g *growing) title() *string {
	return rapid.SampledFrom([]*string{nil, login("m1"), login("m2"), login("m3")}).Draw(g.T, "milestone")
}

// happens is what can happen.
var happens = map[string]func(*growing){
	"open an issue": func(g *growing) {
		issue := githubsim.Issue{
			Number: g.number(), State: "OPEN", CreatedAt: g.now, UpdatedAt: g.happened(), Author: login("mona"),
			Milestone: g.title(),
		}
		if rapid.Bool().Draw(g.T, "typed") {
			issue.IssueType = "Bug"
		}
		g.Issues = append(g.Issues, issue)
	},
	"close or reopen an issue": func(g *growing) {
		i := g.issue()
		if i == nil {
			return
		}
		i.UpdatedAt = g.happened()
		if i.State == "OPEN" {
			i.State, i.StateReason, i.ClosedAt = "CLOSED", "COMPLETED", g.happened()
			i.ClosedEvents = append(i.ClosedEvents, githubsim.CloseEvent{At: g.now, Actor: login("lisa")})
			return
		}
		i.State, i.StateReason, i.ClosedAt = "OPEN", "REOPENED", nil
		i.ReopenedEvents = append(i.ReopenedEvents, githubsim.Event{At: g.now, Actor: login("lisa")})
	},
	"label an issue": func(g *growing) {
		if i := g.issue(); i != nil {
			label := rapid.SampledFrom([]string{"bug", "sev1", "ui"}).Draw(g.T, "label")
			i.Labels, i.UpdatedAt = append(i.Labels, label), g.happened()
			slices.Sort(i.Labels)
			i.Labels = slices.Compact(i.Labels)
			i.LabeledEvents = append(i.LabeledEvents, githubsim.LabelEvent{Label: label, At: g.now})
		}
	},
	"take the labels off an issue": func(g *growing) {
		if i := g.issue(); i != nil {
			for _, label := range i.Labels {
				i.UnlabeledEvents = append(i.UnlabeledEvents, githubsim.LabelEvent{Label: label, At: g.now})
			}
			i.Labels, i.UpdatedAt = nil, g.happened()
		}
	},
	"comment": func(g *growing) {
		if i := g.issue(); i != nil {
			i.Comments = append(i.Comments, githubsim.Comment{Author: login("lisa"), CreatedAt: g.now})
			i.UpdatedAt = g.happened()
		}
	},
	"delete the comments": func(g *growing) {
		if i := g.issue(); i != nil {
			i.Comments, i.UpdatedAt = nil, g.happened()
		}
	},
	"delete an issue": func(g *growing) {
		if i := g.issue(); i != nil {
			gone := i.Number
			g.Issues = slices.DeleteFunc(g.Issues, func(i githubsim.Issue) bool { return i.Number == gone })
		}
	},
	"an issue from another repository": func(g *growing) {
		g.Issues = append(g.Issues, githubsim.Issue{
			Number: g.number(), State: "OPEN", CreatedAt: day(1), UpdatedAt: g.happened(), Author: login("mona"),
		})
	},
	"put an issue into a milestone": func(g *growing) {
		if i := g.issue(); i != nil {
			i.Milestone, i.UpdatedAt = g.title(), g.happened()
		}
	},
	"open a pull request": func(g *growing) {
		g.Pulls = append(g.Pulls, githubsim.Pull{
			Number: g.number(), State: "OPEN", CreatedAt: g.now, UpdatedAt: g.happened(), Author: login("mona"),
			BaseRefName: "main", Body: g.text(), Milestone: g.title(), Paths: []string{"a.go"},
		})
	},
	"edit a pull request": func(g *growing) {
		if p := g.pull(); p != nil {
			p.Title, p.Body, p.UpdatedAt = "Edited", g.text(), g.happened()
		}
	},
	"merge a pull request": func(g *growing) {
		p := g.pull()
		if p == nil || p.State != "OPEN" {
			return
		}
		oid := sha(10_000 + p.Number)
		g.Commits = append(g.Commits, githubsim.Commit{
			OID: oid, Parents: []string{g.Branches[0].OID}, AuthoredDate: g.now, CommittedDate: g.now, Author: login("mona"),
		})
		g.Branches[0].OID = oid
		p.State, p.MergedAt, p.ClosedAt, p.UpdatedAt, p.MergeCommit = "MERGED", g.happened(), g.happened(), g.happened(), oid
	},
	"deploy": func(g *growing) {
		g.shipped++
		g.Deployments = append(g.Deployments, githubsim.Deployment{
			ID: int64(g.shipped), SHA: g.Branches[0].OID, Environment: "production", CreatedAt: g.now,
			Statuses: []githubsim.DeploymentStatus{{State: "SUCCESS", CreatedAt: g.now.Add(time.Minute)}},
		})
	},
	"find or fix an alert": func(g *growing) {
		if n := len(g.Dependabot); n > 0 && rapid.Bool().Draw(g.T, "fix") {
			a := &g.Dependabot[rapid.IntRange(0, n-1).Draw(g.T, "alert")]
			a.State, a.FixedAt = "fixed", g.happened()
			return
		}
		g.Dependabot = append(g.Dependabot, openAlert(len(g.Dependabot)+1, g.now))
	},
}

// TestWarmDayByDay: whatever happens, a reading of every day that extends the one of the day before gives what a
// reading of everything would.
func TestWarmDayByDay(t *testing.T) {
	t.Parallel()
	kinds := make([]string, 0, len(happens))
	for kind := range happens {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	rapid.Check(t, func(t *rapid.T) {
		g := &growing{T: t, now: day(100), World: &githubsim.World{
			Repo:       githubsim.Repo{Owner: "o", Name: "r", DefaultBranch: "main"},
			Commits:    []githubsim.Commit{{OID: sha(1), AuthoredDate: day(1), CommittedDate: day(1), Author: login("mona")}},
			Branches:   []githubsim.Branch{{Name: "main", OID: sha(1)}},
			Milestones: []githubsim.Milestone{dueOn(1, 100), dueOn(2, 106), dueOn(3, 130)},
		}}
		req := listRequest()
		req.CodeScanning = false // It is read as Dependabot's alerts are.
		req.Sources, req.Commits, req.Deployed = []model.Source{model.SourceDeployments}, true, succeeded
		req.Archive = &Archive{}
		kind := rapid.SampledFrom(kinds)
		for n := range rapid.IntRange(2, 4).Draw(t, "days") {
			for _, what := range rapid.SliceOfN(kind, 0, 6).Draw(t, "what happens") {
				g.now = g.now.Add(time.Hour)
				happens[what](g)
			}
			// Several days, now and then: facts leave the reach.
			g.now = day(101 + 3*n)
			req.Reach, req.Until = g.now.AddDate(0, 0, -7), g.now
			w := warmed(t, req.Archive, clone(t, g.World), req)
			req.Archive = w.archive
			if len(w.Gaps) > 0 {
				t.Fatalf("gaps %+v", w.Gaps)
			}
		}
	})
}

// clone is a world that changes no more.
func clone(t tester, w *githubsim.World) *githubsim.World {
	t.Helper()
	text, err := json.Marshal(w)
	if err != nil {
		t.Fatalf("%v", err)
	}
	var c githubsim.World
	if err := json.Unmarshal(text, &c); err != nil {
		t.Fatalf("%v", err)
	}
	return &c
}
