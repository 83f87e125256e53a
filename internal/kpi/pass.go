package kpi

import (
	"time"

	"kpi-gate/internal/model"
)

// Pass is one look at a snapshot: the facts as they stood just before the window's end, through a policy. Measures read
// it; everything it derives is derived once.
type Pass struct {
	// Window is the window to measure over.
	Window model.Window

	*facts
	pullRequests []*pullRequest
	issues       map[string][]*issue
	allIssues    []*issue
	deployments  *deployments
	changes      []*change
	failures     []failure
	attribution  *attribution
}

// at is the instant of the pass: nothing that happened at or after it is known.
func (p *Pass) at() time.Time { return p.Window.Until }

func (p *Pass) known(t time.Time) bool { return !t.IsZero() && t.Before(p.at()) }

// isMember reports whether a is known to be of the team by now.
func (p *Pass) isMember(a model.Actor) bool { return p.people.isMember(a, p.at()) }
