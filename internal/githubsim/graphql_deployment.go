package githubsim

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// deployment is one attempt to put a commit into an environment.
type deployment struct{ *Deployment }

func (deployment) kind() string { return "Deployment" }

// deployments lists deployments; GitHub's default order is oldest first.
func (x *execution) deployments(a arguments) *connection {
	environments := a.list("environments")
	_, descending := a.order("orderBy")
	key := strings.Join(append([]string{"deployments", strconv.FormatBool(descending)}, environments...), "\x00")
	list := remember(x.index, key, func() []*Deployment {
		var list []*Deployment
		for i := range x.index.world.Deployments {
			d := &x.index.world.Deployments[i]
			if len(environments) == 0 || slices.Contains(environments, d.Environment) {
				list = append(list, d)
			}
		}
		slices.SortFunc(list, compareDeployments)
		if descending {
			slices.Reverse(list)
		}
		return list
	})
	return &connection{
		name:     "DeploymentConnection",
		sequence: items(list, func(d *Deployment) object { return deployment{d} }),
	}
}

func (o deployment) field(x *execution, name string, _ arguments) (any, error) {
	switch name {
	case "id":
		return o.node(), nil
	case "databaseId":
		return o.ID, nil
	case "createdAt":
		return o.CreatedAt, nil
	case "updatedAt":
		return o.updated(), nil
	case "environment", "originalEnvironment", "latestEnvironment":
		return o.Environment, nil
	case "commitOid":
		return o.SHA, nil
	case "commit":
		return x.commit(o.SHA), nil
	case "ref":
		return x.ref(o.Ref), nil
	case "repository":
		return repository{}, nil
	case "creator":
		return o.creator(x), nil
	case "description", "payload":
		return nil, nil
	case "task":
		return taskOf(o.Deployment), nil
	case "state":
		return o.state(x), nil
	case "latestStatus":
		if len(o.Statuses) == 0 {
			return nil, nil
		}
		return deploymentStatus{o, 0}, nil
	case "statuses":
		list := make([]deploymentStatus, len(o.Statuses))
		for i := range list {
			list[i] = deploymentStatus{o, i}
		}
		return &connection{
			name:     "DeploymentStatusConnection",
			sequence: items(list, func(s deploymentStatus) object { return s }),
		}, nil
	}
	return nil, errUnserved
}

// creator is never null: GitHub names its ghost in place of a deleted account.
func (o deployment) creator(x *execution) any {
	if who := x.account(o.Creator, o.AuthorType); who != nil {
		return who
	}
	return account{"User", "ghost"}
}

// state is GitHub's DeploymentState: a success that is still the environment's newest is ACTIVE, a superseded one
// INACTIVE; without any status a deployment waits, and is abandoned after 30 minutes
// (https://docs.github.com/en/graphql/reference/enums#deploymentstate).
func (o deployment) state(x *execution) string {
	statuses := newestFirst(o.Statuses)
	switch {
	case len(statuses) == 0:
		if x.server.opts.Now.Sub(o.CreatedAt) > 30*time.Minute {
			return "ABANDONED"
		}
		return "PENDING"
	case !strings.EqualFold(statuses[0].State, "SUCCESS"):
		return strings.ToUpper(statuses[0].State)
	case x.index.active[o.Environment] == o.Deployment:
		return "ACTIVE"
	}
	return "INACTIVE"
}

// deploymentStatus is the i-th newest status of a deployment.
type deploymentStatus struct {
	of deployment
	i  int
}

func (deploymentStatus) kind() string { return "DeploymentStatus" }

func (o deploymentStatus) field(x *execution, name string, _ arguments) (any, error) {
	status := newestFirst(o.of.Statuses)[o.i]
	switch name {
	case "id":
		return nodeID("DES", o.of.statusID(o.i)), nil
	case "createdAt", "updatedAt":
		return status.CreatedAt, nil
	case "state":
		return strings.ToUpper(status.State), nil
	case "description":
		return textOrNull(status.Description), nil
	case "environment":
		return o.of.Environment, nil
	case "creator":
		return o.of.creator(x), nil
	case "deployment":
		return o.of, nil
	}
	return nil, errUnserved
}

// statusID is the id of the i-th newest status: later ones do not change it.
func (d *Deployment) statusID(i int) int64 {
	place := len(d.Statuses) - 1 - i
	return derivedID("deployment status", strconv.FormatInt(d.ID, 10)+" "+strconv.Itoa(place))
}

// updated is when a deployment was made or last given a status.
func (d *Deployment) updated() time.Time {
	last := d.CreatedAt
	for _, s := range d.Statuses {
		last = later(last, s.CreatedAt)
	}
	return last
}

func textOrNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func instantOrNull(t *time.Time) any {
	if t == nil {
		return nil
	}
	return *t
}
