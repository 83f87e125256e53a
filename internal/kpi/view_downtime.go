package kpi

import (
	"slices"
	"time"

	"kpi-gate/internal/model"
)

// noIncidentEver says why incidents tell nothing about how well things run: there has never been one, so it cannot be
// told whether they are recorded as issues at all. It is empty once there was one, however it was closed.
func noIncidentEver(p *Pass) string {
	if len(p.class(Incident)) > 0 {
		return ""
	}
	return "no issue of the class incident has ever been seen"
}

// outage is a stretch of time in which an incident was open.
type outage struct{ from, to time.Time }

// outages are the stretches within a window that ends at the instant of the pass in which the issue was open, in order.
// Where the timeline lacks the last close, the issue itself tells it. A close of what is closed already only gives
// another reason for it (https://github.com/microsoft/vscode-github-triage-actions/pull/102).
func (i *issue) outages(w model.Window) []outage {
	var all []outage
	from, open := i.Created, true
	end := func(to time.Time) {
		if stretch := (outage{from: later(from, w.Since), to: to}); stretch.from.Before(to) {
			all = append(all, stretch)
		}
		open = false
	}
	for _, e := range i.Events {
		switch {
		case !e.At.Before(w.Until):
		case e.Kind == model.Closed && open:
			end(e.At)
		case e.Kind == model.Reopened && !open:
			from, open = e.At, true
		}
	}
	switch {
	case open && i.open():
		end(w.Until)
	case open:
		end(i.closed)
	}
	return all
}

// downtime is for how long at least one of the incidents that keep keeps was open in the window. It names those that
// were.
func (p *Pass) downtime(keep func(model.Ref) bool, item func(of model.Ref, at time.Time)) time.Duration {
	var all []outage
	for _, i := range p.genuine(Incident) {
		stretches := i.outages(p.Window)
		if len(stretches) == 0 || !keep(i.ref()) {
			continue
		}
		item(i.ref(), i.Created)
		all = append(all, stretches...)
	}
	slices.SortFunc(all, func(a, b outage) int { return a.from.Compare(b.from) })
	var down time.Duration
	var covered time.Time
	for _, o := range all {
		if from := later(o.from, covered); from.Before(o.to) {
			down += o.to.Sub(from)
			covered = o.to
		}
	}
	return down
}
