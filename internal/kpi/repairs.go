package kpi

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"kpi-gate/internal/model"
)

// Repairs are what an open pull request puts right by being merged. The zero Repairs are nothing.
type Repairs struct {
	// Issues are by number, Deployments in the order in which they finished.
	Issues      []RepairedIssue
	Deployments []RepairedDeployment
}

// RepairedIssue is an open issue that merging the pull request closes, or that is laid to a failed deployment of
// which it takes a change back.
type RepairedIssue struct {
	// Ref is an issue.
	Ref model.Ref
	// Classes are the classes that it is of, in order; there is at least one.
	Classes []string
	// Reverts is the change that the pull request takes back to end the issue, nil where it closes the issue itself.
	Reverts *model.Ref
	// Attributes are what filters look at.
	Attributes map[Attribute][]string
}

// RepairedDeployment is a production deployment that failed and has not recovered.
type RepairedDeployment struct {
	Ref model.Ref
	// Reverts is the change that it shipped and that the pull request takes back, nil for none.
	Reverts *model.Ref
	// Closes are the open incidents that are laid to it and that the pull request closes, by number.
	Closes []model.Ref
	// Attributes are what filters look at.
	Attributes map[Attribute][]string
}

// Of are those of the repairs that mend the figure of a selection: an issue the KPIs of its classes, a deployment the
// KPIs that follow from failed deployments. A filter of the selection has to keep what is repaired.
func (r Repairs) Of(s Selection) Repairs {
	var of Repairs
	keep := s.Filter.matcher(s.Definition)
	for _, i := range r.Issues {
		if slices.Contains(i.Classes, string(s.Family)) && keep(attribute(i.Attributes)) {
			of.Issues = append(of.Issues, i)
		}
	}
	for _, d := range r.Deployments {
		if s.FollowsFailures && keep(attribute(d.Attributes)) {
			of.Deployments = append(of.Deployments, d)
		}
	}
	return of
}

// IsEmpty reports whether nothing is repaired.
func (r Repairs) IsEmpty() bool { return len(r.Issues) == 0 && len(r.Deployments) == 0 }

func attribute(of map[Attribute][]string) func(Attribute) []string {
	return func(a Attribute) []string { return of[a] }
}

// RepairsOf are what a pull request puts right by being merged, as a report over w with this policy sees it. It
// closes issues only where its base is the default branch
// (https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue),
// and takes changes back only where that is a production branch. What cannot be told, because facts are missing, is
// no repair.
func RepairsOf(s *model.Snapshot, policy Policy, w model.Window, c model.Candidate) Repairs {
	p := &Pass{Window: w, facts: newFacts(s, &policy, w)}
	v := &repairView{Pass: p, closes: map[int]*model.Issue{}, issues: map[int]*RepairedIssue{}}
	if c.Base != "" && c.Base == s.Repository.DefaultBranch {
		v.closeIssues(c)
	}
	v.mendDeployments(c)
	repairs := Repairs{Deployments: v.deployments}
	for _, number := range slices.Sorted(maps.Keys(v.issues)) {
		repairs.Issues = append(repairs.Issues, *v.issues[number])
	}
	return repairs
}

// repairView gathers the repairs of one pull request.
type repairView struct {
	*Pass
	// closes are the open issues that it closes, by number.
	closes      map[int]*model.Issue
	issues      map[int]*RepairedIssue
	deployments []RepairedDeployment
}

// closeIssues finds the open issues of a class that the pull request closes, with their labels of now.
func (v *repairView) closeIssues(c model.Candidate) {
	for _, closed := range c.Closes {
		if !closed.Closed.IsZero() {
			continue
		}
		if known := v.index().issues[closed.Number]; known != nil {
			closed.Type = cmp.Or(closed.Type, known.Type)
			closed.Title, closed.Author = cmp.Or(closed.Title, known.Title), known.Author
		}
		v.closes[closed.Number] = &closed
		if classes := v.classesOf(closed.Type, closed.Labels); len(classes) > 0 {
			v.addIssue(&closed, classes, closed.Labels, nil)
		}
	}
}

// addIssue enters an issue, if it is not there already.
func (v *repairView) addIssue(i *model.Issue, classes, labels []string, reverts *model.Ref) {
	if v.issues[i.Number] != nil {
		return
	}
	v.issues[i.Number] = &RepairedIssue{
		Ref:     model.Ref{Kind: model.RefIssue, Number: i.Number, URL: i.URL, Title: i.Title},
		Classes: classes, Reverts: reverts,
		Attributes: map[Attribute][]string{Label: labels, Author: told(i.Author.Login)},
	}
}

// classesOf are the classes, in order, of an issue with a type and labels.
func (f *facts) classesOf(issueType string, labels []string) []string {
	var classes []string
	for _, name := range slices.Sorted(maps.Keys(f.policy.Classes)) {
		if f.isOfClass(name, issueType, labels) {
			classes = append(classes, name)
		}
	}
	return classes
}

// mendDeployments finds the failed deployments that have not recovered and that the pull request helps to: it closes an
// incident that is laid to one, or takes back a change that one shipped. Where not all is known that tells which
// deployments failed, none is found.
func (v *repairView) mendDeployments(c model.Candidate) {
	if v.missing(Selection{Definition: ChangeFailureRate}).reason != "" {
		return
	}
	incidents := v.openIncidents()
	target, reverts := v.takenBack(c)
	shipped := -1
	if reverts {
		if by := v.shippedTarget(target); by != nil && !by.shipsNothing {
			shipped = by.index
		}
	}
	v.eachFailure(func(f *failure) {
		if !f.failed || !f.recovered.IsZero() {
			return
		}
		mended := RepairedDeployment{Ref: f.ref, Attributes: map[Attribute][]string{}}
		for _, i := range incidents[f.index] {
			if v.closes[i.Number] != nil {
				mended.Closes = append(mended.Closes, i.ref())
			}
		}
		if f.index == shipped {
			ref := v.targetRef(target)
			mended.Reverts = &ref
			for _, i := range incidents[f.index] {
				v.addIssue(i.Issue, []string{Incident}, labelsAt(i.Labels, i.Events, v.at()), &ref)
			}
		}
		if mended.Reverts == nil && len(mended.Closes) == 0 {
			return
		}
		slices.SortFunc(mended.Closes, func(a, b model.Ref) int { return cmp.Compare(a.Number, b.Number) })
		for _, a := range attributes[f.ref.Kind] {
			mended.Attributes[a] = v.attributesOf(f.ref, a)
		}
		v.deployments = append(v.deployments, mended)
	})
}

// openIncidents are the open incidents by the place of the deployment that they are laid to, where incidents are a
// signal.
func (v *repairView) openIncidents() map[int][]*issue {
	of := map[int][]*issue{}
	if !v.policy.Signals[SignalIncident] {
		return of
	}
	for _, i := range v.genuine(Incident) {
		if !i.open() {
			continue
		}
		if d := v.attribute(i); d != nil {
			of[d.index] = append(of[d.index], i)
		}
	}
	return of
}

// takenBack is the change that the pull request says it takes back; ok is false where it names none, and where that was
// taken back already. Its body may be a commit's message: GitHub takes that over where there is one commit.
func (v *repairView) takenBack(c model.Candidate) (target revertTarget, ok bool) {
	if !v.isProduction(c.Base) {
		return target, false
	}
	target = v.findReverted(revertClaim{
		body: c.Body, messages: []string{c.Body}, title: strings.TrimSpace(c.Title), before: v.at(),
	})
	if !v.isKnown(target) {
		return target, false
	}
	ok = true
	v.eachChange(func(done *change) {
		if already, reverts := v.revertedBy(done); reverts && already == target {
			ok = false
		}
	})
	return target, ok
}

// targetRef is the change that is taken back.
func (v *repairView) targetRef(t revertTarget) model.Ref {
	if t.pr != nil {
		return pullRequestRef(t.pr)
	}
	return v.commitRef(&v.graph.commits[v.graph.find(t.sha)])
}
