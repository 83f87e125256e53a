package kpi

import (
	"cmp"
	"slices"
	"sort"
	"time"
)

// failure is what became of one successful production deployment: failed if any signal says so.
type failure struct {
	*deployment
	failed bool
	// recovered is the latest answer to its signals, zero while one is missing.
	recovered time.Time
	waiting   bool
}

// sign lays a signal to the deployment; answered is when it was answered, zero while it was not.
func (f *failure) sign(answered time.Time) {
	f.failed = true
	if answered.IsZero() {
		f.waiting = true
		return
	}
	f.recovered = later(f.recovered, answered)
}

// eachFailure yields every successful production deployment with what became of it, in order.
func (p *Pass) eachFailure(yield func(*failure)) {
	if p.failures == nil {
		p.findFailures()
	}
	for i := range p.failures {
		yield(&p.failures[i])
	}
}

func (p *Pass) findFailures() {
	all := p.deployed().successful
	p.failures = make([]failure, len(all))
	for i, d := range all {
		p.failures[i].deployment = d
	}
	if p.policy.Signals[SignalRollback] {
		p.signRollbacks()
	}
	if p.policy.Signals[SignalRevert] {
		p.signReverts()
	}
	if p.policy.Signals[SignalHotfix] {
		p.signHotfixes()
	}
	if p.policy.Signals[SignalIncident] {
		p.signIncidents()
	}
	if p.policy.Signals[SignalStatus] {
		p.signStatuses()
	}
	for i := range p.failures {
		if p.failures[i].waiting {
			p.failures[i].recovered = time.Time{}
		}
	}
}

// signRollbacks: the next different commit in its environment is a rollback past it.
func (p *Pass) signRollbacks() {
	for i := range p.failures {
		next := p.failures[i].next
		for next != nil && next.sha == p.failures[i].sha {
			next = next.next
		}
		if next != nil && next.rollback {
			p.failures[i].sign(next.finished)
		}
	}
}

// signReverts: a later deployment shipped a change that reverts one that it shipped.
func (p *Pass) signReverts() {
	p.eachChange(func(c *change) {
		if c.shipped == nil || c.shipped.shipsNothing {
			return
		}
		target, ok := p.revertedBy(c)
		if !ok {
			return
		}
		if by := p.shippedTarget(target); by != nil && !by.shipsNothing && by.index < c.shipped.index {
			p.failures[by.index].sign(c.shipped.finished)
		}
	})
}

// signHotfixes: the next deployment of its environment contains a hotfix that first shipped, anywhere, after it.
func (p *Pass) signHotfixes() {
	var hotfixes []*change
	p.eachChange(func(c *change) {
		if c.hotfix && c.shipped != nil && !c.shipped.shipsNothing {
			hotfixes = append(hotfixes, c)
		}
	})
	slices.SortFunc(hotfixes, func(a, b *change) int { return cmp.Compare(a.shipped.index, b.shipped.index) })
	for i := range p.failures {
		next := p.failures[i].next
		if next == nil {
			continue
		}
		after := sort.Search(len(hotfixes), func(j int) bool { return hotfixes[j].shipped.index > i })
		for _, c := range hotfixes[after:] {
			if c.shipped.index > next.index {
				break
			}
			if c.shipped == next || p.contains(next, p.graph.find(c.landed)) {
				p.failures[i].sign(c.shipped.finished)
			}
		}
	}
}

// signIncidents lays each incident to the deployment that its text names, else to the last one before it was opened.
func (p *Pass) signIncidents() {
	for _, incident := range p.genuine(Incident) {
		if d := p.attribute(incident); d != nil {
			p.failures[d.index].sign(incident.resolved())
		}
	}
}

// signStatuses: it reached SUCCESS and later FAILURE or ERROR; the next success in its environment answers.
func (p *Pass) signStatuses() {
	for i := range p.failures {
		f := &p.failures[i]
		for _, s := range f.statuses {
			if (s.State == "FAILURE" || s.State == "ERROR") && s.Created.After(f.finished) && s.Created.Before(p.at()) {
				var answered time.Time
				for next := f.next; next != nil && answered.IsZero(); next = next.next {
					if next.finished.After(s.Created) {
						answered = next.finished
					}
				}
				f.sign(answered)
				break
			}
		}
	}
}
