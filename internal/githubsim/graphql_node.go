package githubsim

import (
	"fmt"
	"strconv"
)

// maxNodeIDs is how many ids one call of nodes takes. GitHub documents no number; it refuses the 101st
// (https://github.com/sourcecred/sourcecred/pull/908).
const maxNodeIDs = 100

// refusal stands in for an element of a list that cannot be given, with the reason.
type refusal struct{ err error }

// nodes looks up objects by their global ids; those that cannot be given are null, each with an error of its own.
func (x *execution) nodes(a arguments) (any, error) {
	ids := a.list("ids")
	if len(ids) > maxNodeIDs {
		return nil, &queryError{Type: "ARGUMENT_LIMIT", Message: fmt.Sprintf(
			"You may not provide more than %d node ids; you provided %d.", maxNodeIDs, len(ids))}
	}
	found := make([]any, 0, len(ids))
	for _, id := range ids {
		o, err := x.node(id)
		if err != nil {
			found = append(found, refusal{err})
			continue
		}
		found = append(found, o)
	}
	return found, nil
}

// node looks up an object by its global id. What a token may not see of its type is refused where it is written, as
// everywhere; a ref is different, because elsewhere it is the repository's field that takes the permission.
func (x *execution) node(id string) (object, error) {
	o := x.index.nodes()[id]
	if o == nil {
		return nil, &queryError{
			Type: "NOT_FOUND", Message: fmt.Sprintf("Could not resolve to a node with the global id of '%s'", id),
		}
	}
	if o.kind() == "Ref" && x.server.denied("contents") {
		return nil, errForbidden()
	}
	return o, nil
}

// findNodes is what can be looked up by its global id: the repository, what is in its lists, its branches and tags.
func (ix *index) findNodes() map[string]object {
	w := ix.world
	size := 1 + len(w.WorkflowRuns) + len(w.Deployments) + len(w.Releases) + len(w.Issues) + len(w.Pulls) +
		len(ix.milestones) + len(ix.branches) + len(w.Tags) + len(w.Dependabot)
	found := make(map[string]object, size)
	found[repositoryNode(w.Repo)] = repository{}
	for i := range w.WorkflowRuns {
		o := workflowRun{&w.WorkflowRuns[i]}
		found[o.node()] = o
	}
	for i := range w.Deployments {
		o := deployment{&w.Deployments[i]}
		found[o.node()] = o
	}
	for i := range w.Releases {
		o := release{&w.Releases[i]}
		found[o.node()] = o
	}
	for i := range w.Issues {
		o := issue{&w.Issues[i]}
		found[o.node()] = o
	}
	for i := range w.Pulls {
		o := pullRequest{&w.Pulls[i]}
		found[o.node()] = o
	}
	for i := range ix.milestones {
		o := milestone{&ix.milestones[i]}
		found[o.node()] = o
	}
	for i := range w.Dependabot {
		o := alert{&w.Dependabot[i]}
		found[o.node()] = o
	}
	for _, b := range ix.branches {
		o := ref{headsPrefix, b.Name}
		found[o.node()] = o
	}
	for _, t := range w.Tags {
		o := ref{tagsPrefix, t.Name}
		found[o.node()] = o
	}
	return found
}

// The global ids of what is looked up by them. REST gives the same as node_id.

func repositoryNode(r Repo) string  { return nodeID("R", derivedID("repository", r.Owner+"/"+r.Name)) }
func (r *WorkflowRun) node() string { return nodeID("WFR", r.ID) }
func (d *Deployment) node() string  { return nodeID("DE", d.ID) }
func (r *Release) node() string     { return nodeID("RE", r.id()) }
func (i *Issue) node() string       { return nodeID("I", derivedNumber(i.Number)) }
func (p *Pull) node() string        { return nodeID("PR", derivedNumber(p.Number)) }
func (m *Milestone) node() string {
	return nodeID("MI", derivedID("milestone", strconv.Itoa(m.Number)))
}
func (o alert) node() string { return nodeID("RVA", int64(o.Number)) }
func (o ref) node() string   { return nodeID("REF", derivedID("ref", o.prefix+o.name)) }
func (r *Release) id() int64 { return derivedID("release", r.TagName) }
