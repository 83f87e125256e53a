package githubsim

import (
	"fmt"
	"slices"
	"time"
)

// The environments of a generated repository; previews of pull requests have one each.
const (
	production = "production"
	staging    = "staging"
)

// writeDeployments puts the deployments to production, staging and previews into the world, newest first.
func (g *generator) writeDeployments() {
	g.writeProduction()
	g.writeStaging()
	g.writePreviews()
	list := g.world.Deployments
	slices.SortStableFunc(list, func(a, b Deployment) int { return a.CreatedAt.Compare(b.CreatedAt) })
	const firstID, step = 1_800_000_011, 7
	for i := range list {
		list[i].ID = firstID + step*int64(i)
	}
	supersede(list, g.Until)
	slices.Reverse(list)
}

// writeProduction gives the planned deployments their commits. Some attempts fail, and of some the end was never
// told.
func (g *generator) writeProduction() {
	var live []*shipment
	for _, s := range g.releases {
		s.sha = g.head(s.created)
		if s.answers != nil && s.answers.remedy == byRollback {
			for _, before := range slices.Backward(live) {
				if before.sha != s.answers.sha {
					s.sha = before.sha
					break
				}
			}
		}
		end := "SUCCESS"
		if s.remedy == noRemedy && s.answers == nil {
			switch x := g.rng.Float64(); {
			case x < 0.03:
				end = "FAILURE"
			case x < 0.04:
				end = ""
			}
		}
		if end == "SUCCESS" {
			live = append(live, s)
		}
		creator := deployer
		if s.answers != nil && g.chance(0.5) || g.chance(0.05) {
			creator = g.maintainer("")
		}
		d := Deployment{
			SHA: s.sha, Ref: mainBranch, Environment: production, IsProduction: true, CreatedAt: s.created,
		}
		g.addDeployment(d, creator, end, s.finished)
	}
}

// writeStaging deploys to staging what lands on main, as often as the plan says.
func (g *generator) writeStaging() {
	landings := slices.Clone(g.main)
	g.rng.Shuffle(len(landings), func(i, j int) { landings[i], landings[j] = landings[j], landings[i] })
	for i := range g.Deployments - len(g.releases) {
		at := g.moment()
		if i < len(landings) && landings[i].at.After(g.began) {
			at = earlier(landings[i].at.Add(g.uniform(time.Minute, 4*time.Minute)), g.Until.Add(-time.Second))
		}
		end := "SUCCESS"
		switch x := g.rng.Float64(); {
		case x < 0.06:
			end = "FAILURE"
		case x < 0.08:
			end = ""
		}
		d := Deployment{SHA: g.head(at), Ref: mainBranch, Environment: staging, CreatedAt: at}
		g.addDeployment(d, deployer, end, at.Add(g.uniform(2*time.Minute, 9*time.Minute)))
	}
}

// writePreviews deploys the heads of some pull requests to environments of their own.
func (g *generator) writePreviews() {
	for _, d := range g.pulls {
		last := d.commits[len(d.commits)-1].CommittedDate
		at := later(d.CreatedAt, last).Add(g.uniform(time.Minute, 3*time.Minute))
		if d.by.bot || !g.past(at) || !g.chance(0.08) {
			continue
		}
		preview := Deployment{
			SHA: d.HeadRefOID, Ref: d.HeadRefName, Environment: fmt.Sprintf("preview/pr-%d", d.Number),
			IsTransient: true, CreatedAt: at,
		}
		g.addDeployment(preview, deployer, "SUCCESS", at.Add(g.uniform(time.Minute, 4*time.Minute)))
	}
}

// addDeployment adds a deployment that began at once and came to an end, if the end lies in the history; an empty end
// was never told.
func (g *generator) addDeployment(d Deployment, creator contributor, end string, ended time.Time) {
	d.Task, d.Creator, d.AuthorType = "deploy", creator.name(), creator.kind()
	status := func(state string, at time.Time) {
		if g.past(at) {
			d.Statuses = append(d.Statuses, DeploymentStatus{State: state, CreatedAt: at})
		}
	}
	status("QUEUED", d.CreatedAt)
	status("IN_PROGRESS", d.CreatedAt.Add(5*time.Second))
	if end != "" {
		status(end, ended)
	}
	g.world.Deployments = append(g.world.Deployments, d)
}

// supersede marks what a later success in the same environment has replaced as inactive, as GitHub does. The list is
// in order of creation.
func supersede(list []Deployment, until time.Time) {
	live := map[string]*Deployment{}
	for i := range list {
		d := &list[i]
		succeeded := slices.IndexFunc(d.Statuses, func(s DeploymentStatus) bool { return s.State == "SUCCESS" })
		if succeeded < 0 {
			continue
		}
		at := d.Statuses[succeeded].CreatedAt.Add(time.Second)
		if before := live[d.Environment]; before != nil && at.Before(until) {
			last := before.Statuses[len(before.Statuses)-1].CreatedAt
			before.Statuses = append(before.Statuses, DeploymentStatus{State: "INACTIVE", CreatedAt: later(at, last)})
		}
		live[d.Environment] = d
	}
}
