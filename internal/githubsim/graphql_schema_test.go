package githubsim

import (
	"errors"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
)

// Whatever the schema offers is served: each field of each type, whether a world can hold it or not.
func TestSchemaIsServed(t *testing.T) {
	t.Parallel()
	w := octo()
	w.Commits = []Commit{{OID: "a1", AuthoredDate: day(1), CommittedDate: day(1)}}
	w.Tags = []Tag{{Name: "v1", OID: "b2", Date: dayPointer(2)}}
	w.Issues = []Issue{{Number: 1, State: "OPEN", CreatedAt: day(1)}}
	w.Pulls = []Pull{{Number: 2, State: "OPEN", CreatedAt: day(1)}}
	w.Milestones = []Milestone{{Number: 1, Title: "m", CreatedAt: day(1)}}
	w.Deployments = []Deployment{{ID: 1, SHA: "a1", CreatedAt: day(1), Statuses: []DeploymentStatus{{State: "SUCCESS"}}}}
	s := serverOf(t, w, Options{})
	x := &execution{server: s, index: s.served.Load().index, schema: s.graph.schema}

	one, two := issue{&w.Issues[0]}, pullRequest{&w.Pulls[0]}
	shipped := deployment{&w.Deployments[0]}
	served := map[string]object{
		"Query": query{}, "RateLimit": rateLimit{}, "Repository": repository{}, "Environment": environment{"production"},
		"Ref": ref{headsPrefix, "main"}, "Commit": commit{&w.Commits[0]}, "Tag": tagObject{&w.Tags[0]},
		"Blob": blob{"a", "b"}, "Tree": tree{}, "TreeEntry": treeEntry{},
		"GitActor": gitActor{}, "Deployment": shipped, "DeploymentStatus": deploymentStatus{shipped, 0},
		"Release": release{&Release{TagName: "v1"}}, "Label": label("bug"), "Milestone": milestone{&w.Milestones[0]},
		"Issue": one, "IssueComment": comment{}, "PullRequest": two, "PullRequestReview": review{of: two},
		"PullRequestCommit": pullRequestCommit{&w.Commits[0], two}, "PullRequestChangedFile": changedFile("main.go"),
		"RepositoryVulnerabilityAlert": alert{&Alert{}}, "SecurityAdvisory": advisory{&Alert{}},
		"SecurityVulnerability": vulnerability{&Alert{}}, "SecurityAdvisoryPackage": advisoryPackage("p"),
		"WorkflowRun": workflowRun{&WorkflowRun{}},
		"PageInfo":    pageInfo{&connection{sequence: items(nil, func(object) object { return nil })}},
	}
	// No world can hold these: there are no teams in one.
	never := map[string]bool{"Team": true}
	for name, d := range s.graph.schema.Types {
		if d.Kind != ast.Object || d.BuiltIn || strings.HasPrefix(name, "__") || never[name] {
			continue
		}
		o := served[name]
		switch {
		case o != nil:
		case name == "Bot" || name == "Mannequin" || name == "Organization" || name == "User":
			o = account{name, "ann"}
		case strings.HasSuffix(name, "Event"):
			o = event{kindOf: name, on: one, other: two}
		case strings.HasSuffix(name, "Edge"):
			o = edge{name: name, node: one}
		case strings.HasSuffix(name, "Connection"):
			o = &connection{
				name: name, timeline: &timelineTotals{}, cursors: plainCursors{},
				sequence: items(nil, func(object) object { return nil }),
			}
		default:
			t.Errorf("%s is in the schema, but nothing serves it", name)
			continue
		}
		if o.kind() != name {
			t.Errorf("%s calls itself %s", name, o.kind())
		}
		for _, f := range d.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			if _, err := o.field(x, f.Name, arguments{}); errors.Is(err, errUnserved) {
				t.Errorf("%s.%s is in the schema, but not served", name, f.Name)
			}
		}
		if _, err := o.field(x, "no such field", nil); !errors.Is(err, errUnserved) {
			t.Errorf("%s serves what there is not: %v", name, err)
		}
	}
}
