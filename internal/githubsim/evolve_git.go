package githubsim

import (
	"slices"
	"time"
)

// tagged is when a tag was made: when it says, else when its commit was. One of which neither is known was always
// there.
func (p *past) tagged(t *Tag) time.Time {
	if t.Date != nil {
		return *t.Date
	}
	if c := p.commits[t.OID]; c != nil {
		return c.CommittedDate
	}
	return time.Time{}
}

// branches are the branches with the heads that they had, and those of the pull requests that were open then and ended
// since.
func (p *past) branches(open []Pull) []Branch {
	w := p.world
	var branches []Branch
	known := map[string]bool{}
	heads := p.heads(open)
	unopened := p.unopened()
	for _, b := range w.Branches {
		known[b.Name] = true
		if unopened[b.Name] {
			continue
		}
		head := p.moved(b.OID)
		if at, ok := heads[b.Name]; ok {
			head = at
		}
		if head != "" {
			branches = append(branches, Branch{Name: b.Name, OID: head, Files: b.Files})
		}
	}
	// A world may leave it to the commits what the head of the default branch is.
	if name := w.Repo.DefaultBranch; name != "" && !known[name] {
		known[name] = true
		if tip := tipOf(w); tip != nil {
			if head := p.moved(tip.OID); head != "" && head != tip.OID {
				branches = append(branches, Branch{Name: name, OID: head})
			}
		}
	}
	ended := map[int]bool{}
	for i := range w.Pulls {
		ended[w.Pulls[i].Number] = w.Pulls[i].State != "OPEN"
	}
	for i := range open {
		r := &open[i]
		if r.State == "OPEN" && ended[r.Number] && r.HeadRefName != "" && r.HeadRefOID != "" && !known[r.HeadRefName] {
			known[r.HeadRefName] = true
			branches = append(branches, Branch{Name: r.HeadRefName, OID: r.HeadRefOID})
		}
	}
	return branches
}

// unopened are the branches of the pull requests that were opened later. A world does not tell when a branch was
// pushed.
func (p *past) unopened() map[string]bool {
	branches := map[string]bool{}
	for i := range p.world.Pulls {
		if r := &p.world.Pulls[i]; r.State == "OPEN" && !r.CreatedAt.Before(p.t) {
			branches[r.HeadRefName] = true
		}
	}
	delete(branches, p.world.Repo.DefaultBranch)
	return branches
}

// heads are the heads of the open pull requests' branches, by the branch, where they were others than at the end.
func (p *past) heads(open []Pull) map[string]string {
	last := map[int]string{}
	for i := range p.world.Pulls {
		last[p.world.Pulls[i].Number] = p.world.Pulls[i].HeadRefOID
	}
	heads := map[string]string{}
	for i := range open {
		if r := &open[i]; r.State == "OPEN" && r.HeadRefOID != last[r.Number] && r.HeadRefName != p.world.Repo.DefaultBranch {
			heads[r.HeadRefName] = r.HeadRefOID
		}
	}
	return heads
}

// moved is where the head of a branch was: back along the first parents to a commit that there was. A head that the
// world does not know stays; "" is a branch that was not there.
func (p *past) moved(oid string) string {
	for c := p.commits[oid]; c != nil && !c.CommittedDate.Before(p.t); c = p.commits[oid] {
		if len(c.Parents) == 0 {
			return ""
		}
		oid = c.Parents[0]
	}
	return oid
}

// history is the commits that there were: those made before t, and whatever the branches and tags of v reach, because
// committers' clocks differ.
func (p *past) history(v *World) []Commit {
	reached := map[string]bool{}
	var queue []string
	reach := func(oid string) {
		// What was made before t is kept anyway, but its parents need not be.
		if p.commits[oid] != nil && !reached[oid] {
			reached[oid] = true
			queue = append(queue, oid)
		}
	}
	for _, b := range v.Branches {
		reach(b.OID)
	}
	for _, t := range v.Tags {
		reach(t.OID)
	}
	if len(v.Branches) == 0 {
		if tip := tipOf(p.world); tip != nil {
			reach(p.moved(tip.OID))
		}
	}
	for len(queue) > 0 {
		c := p.commits[queue[len(queue)-1]]
		queue = queue[:len(queue)-1]
		for _, parent := range c.Parents {
			reach(parent)
		}
	}
	kept := slices.Clone(p.world.Commits)
	return slices.DeleteFunc(kept, func(c Commit) bool { return !reached[c.OID] && !c.CommittedDate.Before(p.t) })
}
