package githubsim

import (
	"math"
	"slices"
	"time"
)

// remedy is what the team does about a deployment that broke something.
type remedy int

const (
	// noRemedy: nothing was broken.
	noRemedy remedy = iota
	// byRollback: an older commit is deployed again.
	byRollback
	// byHotfix: a hurried change on a branch hotfix/… is merged and deployed.
	byHotfix
	// byRevert: the change that did it is reverted, and that is deployed.
	byRevert
	// byNextRelease: an incident stays open until the next deployment comes anyway.
	byNextRelease
)

// shipment is a deployment to production as it is planned: without a commit yet.
type shipment struct {
	created, finished time.Time
	// remedy is how a broken one is answered.
	remedy remedy
	// answers is the broken one that this one repairs.
	answers *shipment
	// place is its place among the deployments to production.
	place int
	sha   string
}

// productionShare is how many of the deployments go to production; the others go to staging.
const productionShare = 0.45

// gap is the least time between two deployments to one environment.
const gap = 40 * time.Minute

// planProduction plans when the deployments to production happen, which of them break something and how that is
// answered.
func (g *generator) planProduction() {
	total := int(math.Ceil(float64(g.Deployments) * productionShare))
	remedies := make([]remedy, int(math.Round(float64(total)*g.Failing)))
	extra := 0
	for i := range remedies {
		// The shares: rollback 35 %, hotfix 30 %, revert 20 %, the next release 15 %.
		switch x := g.rng.Float64(); {
		case x < 0.35:
			remedies[i] = byRollback
		case x < 0.65:
			remedies[i] = byHotfix
		case x < 0.85:
			remedies[i] = byRevert
		default:
			remedies[i] = byNextRelease
		}
		if remedies[i] != byNextRelease {
			extra++
		}
	}
	regular := make([]*shipment, max(total-extra, 0))
	for i := range regular {
		regular[i] = &shipment{created: earlier(g.moment(), g.Until.Add(-gap))}
	}
	slices.SortFunc(regular, func(a, b *shipment) int { return a.created.Compare(b.created) })
	g.breakSome(regular, remedies)
	g.settle(regular, total)
}

// breakSome marks deployments as broken, evenly over time but neither the first ones, since there is nothing to go
// back to, nor the last, since its answer would come after the end.
func (g *generator) breakSome(regular []*shipment, remedies []remedy) {
	const sparedFirst, sparedLast = 2, 1
	candidates := len(regular) - sparedFirst - sparedLast
	if candidates <= 0 {
		return
	}
	for i, r := range remedies {
		stretch := g.rng.IntN(max(candidates/len(remedies), 1))
		regular[sparedFirst+min(i*candidates/len(remedies)+stretch, candidates-1)].remedy = r
	}
}

// settle spaces the deployments, puts the answers in and brings their number to total.
func (g *generator) settle(regular []*shipment, total int) {
	var free time.Time
	for _, s := range regular {
		s.created = later(s.created, free)
		s.finished = s.created.Add(g.uniform(3*time.Minute, 12*time.Minute))
		g.releases = append(g.releases, s)
		free = s.created.Add(gap)
		if s.remedy == noRemedy || s.remedy == byNextRelease {
			continue
		}
		answer := &shipment{created: later(s.finished.Add(g.spread(90*time.Minute, 0.6)), free), answers: s}
		answer.finished = answer.created.Add(g.uniform(3*time.Minute, 9*time.Minute))
		g.releases = append(g.releases, answer)
		free = answer.created.Add(gap)
	}
	// Spacing may have pushed the last ones over the end: pull them back, latest first.
	limit := g.Until.Add(-gap)
	for _, s := range slices.Backward(g.releases) {
		if s.created.After(limit) {
			s.created, s.finished = limit, limit.Add(5*time.Minute)
		}
		limit = s.created.Add(-gap / 2)
	}
	for len(g.releases) < total {
		at := limit
		g.releases = slices.Insert(g.releases, 0, &shipment{created: at, finished: at.Add(5 * time.Minute)})
		limit = at.Add(-gap)
	}
	for i, s := range g.releases {
		s.place = i
	}
}

// previous is the deployment to production before s; nil for the first.
func (g *generator) previous(s *shipment) *shipment {
	if s.place == 0 {
		return nil
	}
	return g.releases[s.place-1]
}

// next is the deployment to production after s; nil for the last.
func (g *generator) next(s *shipment) *shipment {
	if s.place+1 == len(g.releases) {
		return nil
	}
	return g.releases[s.place+1]
}
