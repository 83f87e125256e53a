package kpi

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode"

	"kpi-gate/internal/model"
)

// Attribute is what a filter looks at.
type Attribute string

// The attributes.
const (
	Label       Attribute = "label"
	Author      Attribute = "author"
	Environment Attribute = "environment"
	Base        Attribute = "base"
	Path        Attribute = "path"
	Workflow    Attribute = "workflow"
	Severity    Attribute = "severity"
)

// Term is one condition: the attribute of an item, or one of them where it has several, matches the glob.
type Term struct {
	Attribute Attribute
	Glob      string
}

// Filter keeps the items that meet every term; the empty filter keeps all.
type Filter []Term

// String is the filter as a benchmark writes it, such as {author=octocat,label="type: bug"}, terms in order; empty for
// the empty filter. Equal filters have equal texts.
func (f Filter) String() string {
	if len(f) == 0 {
		return ""
	}
	terms := make([]string, len(f))
	for i, t := range f {
		glob := t.Glob
		if strings.ContainsFunc(glob, needsQuotes) {
			glob = `"` + strings.ReplaceAll(glob, `"`, `\"`) + `"`
		}
		terms[i] = string(t.Attribute) + "=" + glob
	}
	slices.Sort(terms)
	return "{" + strings.Join(slices.Compact(terms), ",") + "}"
}

// needsQuotes reports whether a glob that holds the rune stands in quotes: those that end a term, any blank, and other
// quotes, with which a glob cannot begin.
func needsQuotes(r rune) bool {
	return strings.ContainsRune("\t,{}\"#='‘’“”„", r) || unicode.Is(unicode.Zs, r)
}

// Asks reports whether any term looks at an attribute.
func (f Filter) Asks(a Attribute) bool {
	return slices.ContainsFunc(f, func(t Term) bool { return t.Attribute == a })
}

// attributes are what the items of each kind can be filtered by, in the order in which messages list them.
var attributes = map[model.RefKind][]Attribute{
	model.RefPullRequest: {Label, Author, Base, Path},
	model.RefIssue:       {Label, Author},
	model.RefDeployment:  {Environment, Author},
	model.RefRun:         {Workflow, Base, Author},
	model.RefJob:         {Workflow, Base, Author},
	model.RefCommit:      {Base, Author},
	model.RefRelease:     {Author},
	model.RefAlert:       {Severity},
}

// Attributes are what the KPI's items can be filtered by; none for items without any.
func (d *Definition) Attributes() []Attribute {
	var all []Attribute
	for _, kind := range d.Items {
		for _, a := range attributes[kind] {
			if !slices.Contains(all, a) {
				all = append(all, a)
			}
		}
	}
	return all
}

// sourceItems are the kinds of items that deployments of each source are.
var sourceItems = map[model.Source]model.RefKind{
	model.SourceDeployments: model.RefDeployment,
	model.SourceWorkflow:    model.RefRun,
	model.SourceReleases:    model.RefRelease,
	model.SourceTags:        model.RefTag,
	model.SourceMerges:      model.RefCommit,
}

// deploymentItems are the kinds that the items of a KPI on deployments may have.
var deploymentItems = []model.RefKind{
	model.RefDeployment, model.RefRun, model.RefRelease, model.RefTag, model.RefCommit,
}

// unfilterable says why a filter on deployments has no meaning for the report's source; "" where it has one.
func (p *Pass) unfilterable(of Selection) string {
	if !slices.Contains(of.Items, model.RefDeployment) {
		return ""
	}
	for _, t := range of.Filter {
		if !slices.Contains(attributes[sourceItems[p.source]], t.Attribute) {
			return fmt.Sprintf("the source %s does not tell the %s of a deployment", p.source, t.Attribute)
		}
	}
	return ""
}

// Selection is a KPI over the items that a filter keeps.
type Selection struct {
	*Definition
	Filter Filter
}

// String names the selection: the KPI's ID and the filter.
func (s Selection) String() string { return s.ID + s.Filter.String() }

// empty says what there is none of when there is nothing to measure.
func (s Selection) empty() string {
	if s.Empty == "" || len(s.Filter) == 0 {
		return s.Empty
	}
	return s.Empty + ", of those that the filter keeps"
}

// Select is every definition over all its items.
func Select(definitions []*Definition) []Selection {
	all := make([]Selection, len(definitions))
	for i, d := range definitions {
		all[i].Definition = d
	}
	return all
}

// keeper reports whether an item meets every term of a selection's filter, with its labels as they stood at the instant
// of the pass.
func (p *Pass) keeper(s Selection) func(item model.Ref) bool {
	meets := s.Filter.matcher(s.Definition)
	return func(item model.Ref) bool {
		return meets(func(a Attribute) []string { return p.attributesOf(item, a) })
	}
}

// matcher reports whether an item of a KPI meets every term, by what it has of each attribute. Nothing meets a term
// about what the KPI's items do not have.
func (f Filter) matcher(d *Definition) func(of func(Attribute) []string) bool {
	attributes := d.Attributes()
	globs := make([]Globs, len(f))
	for i, t := range f {
		if !slices.Contains(attributes, t.Attribute) {
			return func(func(Attribute) []string) bool { return false }
		}
		glob := t.Glob
		if t.Attribute == Author {
			// As a glob, the suffix that GitHub shows behind a bot's login would stand for one of three letters.
			glob = strings.TrimSuffix(glob, "[bot]")
		}
		globs[i] = Globs{glob}
	}
	return func(of func(Attribute) []string) bool {
		for i, t := range f {
			if !globs[i].matchAny(of(t.Attribute)) {
				return false
			}
		}
		return true
	}
}

// matchAny reports whether any of the names matches.
func (g Globs) matchAny(names []string) bool { return slices.ContainsFunc(names, g.Match) }

// attributesOf is what an item has of an attribute: several for labels and paths, none where it has no such thing.
func (p *Pass) attributesOf(item model.Ref, a Attribute) []string {
	switch item.Kind {
	case model.RefPullRequest:
		if pr := p.pulls[item.Number]; pr != nil {
			return p.pullRequestAttribute(pr, a)
		}
		return p.milestoneItemAttribute(p.index().planned[item.Number], a)
	case model.RefIssue:
		if i := p.index().issues[item.Number]; i != nil {
			return p.issueAttribute(i, a)
		}
		return p.milestoneItemAttribute(p.index().planned[item.Number], a)
	case model.RefDeployment:
		if d := p.index().deployments[item.ID]; d != nil {
			switch a {
			case Environment:
				return told(d.Environment)
			case Author:
				return told(d.Creator.Login)
			}
		}
	case model.RefRun:
		return p.runAttribute(p.index().runs[item.ID], a)
	case model.RefJob:
		if job := p.index().jobs[item.ID]; job != nil {
			return p.runAttribute(p.index().runs[job.Run], a)
		}
	case model.RefCommit:
		return p.commitAttribute(item.SHA, a)
	case model.RefRelease:
		if r := p.index().releases[item.ID]; r != nil && a == Author {
			return told(r.Author.Login)
		}
	case model.RefAlert:
		if alert := p.index().alerts[item.URL]; alert != nil && a == Severity {
			return told(alert.Severity)
		}
	}
	return nil
}

func (p *Pass) pullRequestAttribute(pr *model.PullRequest, a Attribute) []string {
	switch a {
	case Label:
		return labelsAt(pr.Labels, pr.Events, p.at())
	case Author:
		return told(pr.Author.Login)
	case Base:
		return told(pr.Base)
	case Path:
		return pr.Paths
	}
	return nil
}

func (p *Pass) issueAttribute(i *model.Issue, a Attribute) []string {
	switch a {
	case Label:
		return labelsAt(i.Labels, i.Events, p.at())
	case Author:
		return told(i.Author.Login)
	}
	return nil
}

// milestoneItemAttribute is that of an item which is known only because it is in a milestone.
func (p *Pass) milestoneItemAttribute(i *model.MilestoneItem, a Attribute) []string {
	switch {
	case i == nil:
		return nil
	case a == Label:
		return labelsAt(i.Labels, i.Events, p.at())
	case a == Author:
		return told(i.Author.Login)
	}
	return nil
}

func (p *Pass) runAttribute(run *model.Run, a Attribute) []string {
	switch {
	case run == nil:
		return nil
	case a == Workflow && run.Workflow != "":
		return []string{run.Workflow, path.Base(run.Workflow)}
	case a == Base:
		return told(run.TargetBranch())
	case a == Author:
		return told(run.Actor.Login)
	}
	return nil
}

func (p *Pass) commitAttribute(sha string, a Attribute) []string {
	at := p.graph.find(sha)
	switch {
	case at == none:
		return nil
	case a == Author:
		return told(p.graph.commits[at].Author.Login)
	case a == Base:
		return p.index().branches[at]
	}
	return nil
}

// told is an attribute as a list: empty where GitHub does not say what it is.
func told(attribute string) []string {
	if attribute == "" {
		return nil
	}
	return []string{attribute}
}

// itemIndex finds the facts behind items.
type itemIndex struct {
	issues map[int]*model.Issue
	// planned are the items of milestones, which may be older than all that was read besides.
	planned     map[int]*model.MilestoneItem
	deployments map[int64]*model.Deployment
	releases    map[int64]*model.Release
	runs        map[int64]*model.Run
	jobs        map[int64]*model.Job
	// alerts are by address: both kinds count their numbers from 1.
	alerts map[string]*model.Alert
	// branches are the production branches on whose first-parent lines a commit is.
	branches map[int32][]string
}

// index is made when it is first asked for: few reports look at single items.
func (f *facts) index() *itemIndex {
	if f.items != nil {
		return f.items
	}
	s := f.snapshot
	x := &itemIndex{
		issues: map[int]*model.Issue{}, planned: map[int]*model.MilestoneItem{}, deployments: map[int64]*model.Deployment{}, releases: map[int64]*model.Release{},
		runs: map[int64]*model.Run{}, jobs: map[int64]*model.Job{}, alerts: map[string]*model.Alert{},
		branches: map[int32][]string{},
	}
	for i := range s.Issues {
		x.issues[s.Issues[i].Number] = &s.Issues[i]
	}
	for i := range s.Milestones {
		for j := range s.Milestones[i].Items {
			item := &s.Milestones[i].Items[j]
			x.planned[item.Number] = item
		}
	}
	for i := range s.Deployments {
		x.deployments[s.Deployments[i].ID] = &s.Deployments[i]
	}
	for i := range s.Releases {
		x.releases[s.Releases[i].ID] = &s.Releases[i]
	}
	for i := range s.Runs {
		x.runs[s.Runs[i].ID] = &s.Runs[i]
	}
	for i := range s.Jobs {
		x.jobs[s.Jobs[i].ID] = &s.Jobs[i]
	}
	for _, alerts := range [][]model.Alert{s.Vulnerabilities, s.CodeScanning} {
		for i := range alerts {
			x.alerts[alerts[i].URL] = &alerts[i]
		}
	}
	for _, branch := range s.Branches {
		if f.isProduction(branch.Name) {
			for _, at := range f.graph.line(branch.Head) {
				x.branches[at] = append(x.branches[at], branch.Name)
			}
		}
	}
	f.items = x
	return x
}
