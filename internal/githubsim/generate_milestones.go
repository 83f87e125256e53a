package githubsim

import (
	"fmt"
	"time"
)

// planMilestones plans a milestone a month and a sprint a fortnight, where there is anything to put into them.
func (g *generator) planMilestones() {
	if len(g.issues)+len(g.pulls) == 0 {
		return
	}
	g.planMonths()
	g.aside(g.planSprints)
}

// planMonths puts a third of the issues and some pull requests into a milestone a month.
func (g *generator) planMonths() {
	for n, begins := 1, g.began; begins.Before(g.Until); n, begins = n+1, begins.AddDate(0, 1, 0) {
		due := begins.AddDate(0, 1, 0).Truncate(24 * time.Hour)
		m := Milestone{Number: n, Title: fmt.Sprintf("Milestone %d", n), State: "OPEN", DueOn: &due, CreatedAt: begins}
		if closed := g.atWork(due.Add(g.spread(20*time.Hour, 1) - 30*time.Hour)); g.past(closed) {
			m.State, m.ClosedAt = "CLOSED", &closed
		}
		g.world.Milestones = append(g.world.Milestones, m)
		for _, d := range g.issues {
			if !d.CreatedAt.Before(begins) && d.CreatedAt.Before(due) && g.chance(0.33) {
				at := g.between(d.CreatedAt, earlier(due, g.Until))
				d.Milestone = &m.Title
				d.MilestonedEvents = []Event{{At: at, Actor: &g.pointed(d).login, Title: m.Title}}
			}
		}
		for _, d := range g.pulls {
			if !d.CreatedAt.Before(begins) && d.CreatedAt.Before(due) && !d.by.bot && g.chance(0.2) {
				d.Milestone = &m.Title
			}
		}
	}
}

// sprint is how long a sprint takes.
const sprint = 14 * 24 * time.Hour

// planSprints puts some of what is in no milestone yet into a milestone a fortnight, and leaves alone what is reported as
// broken. By turns a sprint is closed in time and some days late.
func (g *generator) planSprints() {
	months := len(g.world.Milestones)
	for n, begins := 1, g.began.Truncate(24*time.Hour); begins.Before(g.Until); n, begins = n+1, begins.Add(sprint) {
		due := begins.Add(sprint)
		m := Milestone{
			Number: months + n, Title: fmt.Sprintf("Sprint %d", n), State: "OPEN", DueOn: &due, CreatedAt: later(begins, g.began),
		}
		// A milestone is in time until the end of the day that it is due.
		closed := due.Add(g.uniform(dayBegins*time.Hour, dayEnds*time.Hour))
		if n%2 == 0 {
			closed = closed.AddDate(0, 0, 2+g.rng.IntN(3))
		}
		if g.past(closed) {
			m.State, m.ClosedAt = "CLOSED", &closed
		}
		g.world.Milestones = append(g.world.Milestones, m)
		for _, d := range g.issues {
			planned := d.kind == wish || d.kind == untold || d.kind == weakness
			if planned && d.Milestone == nil && within(d.CreatedAt, m.CreatedAt, due) && g.chance(0.5) {
				at := g.between(d.CreatedAt, earlier(due, g.Until))
				d.Milestone = &m.Title
				d.MilestonedEvents = []Event{{At: at, Actor: &g.pointed(d).login, Title: m.Title}}
			}
		}
		for _, d := range g.pulls {
			if d.Milestone == nil && !d.by.bot && within(d.CreatedAt, m.CreatedAt, due) && g.chance(0.3) {
				d.Milestone = &m.Title
			}
		}
	}
}

// within reports whether t lies from since on and before until.
func within(t, since, until time.Time) bool { return !t.Before(since) && t.Before(until) }
