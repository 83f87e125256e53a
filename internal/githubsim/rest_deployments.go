package githubsim

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// restDeployment is a deployment (schema deployment).
type restDeployment struct {
	URL                   string         `json:"url"`
	ID                    int64          `json:"id"`
	NodeID                string         `json:"node_id"`
	Task                  string         `json:"task"`
	OriginalEnvironment   string         `json:"original_environment"`
	Environment           string         `json:"environment"`
	Description           *string        `json:"description"`
	CreatedAt             string         `json:"created_at"`
	UpdatedAt             string         `json:"updated_at"`
	StatusesURL           string         `json:"statuses_url"`
	RepositoryURL         string         `json:"repository_url"`
	Creator               *restUser      `json:"creator"`
	SHA                   string         `json:"sha"`
	Ref                   string         `json:"ref"`
	Payload               map[string]any `json:"payload"`
	TransientEnvironment  bool           `json:"transient_environment"`
	ProductionEnvironment bool           `json:"production_environment"`
}

// restDeploymentStatus is a status of a deployment (schema deployment-status).
type restDeploymentStatus struct {
	URL            string    `json:"url"`
	ID             int64     `json:"id"`
	NodeID         string    `json:"node_id"`
	State          string    `json:"state"`
	Creator        *restUser `json:"creator"`
	Description    string    `json:"description"`
	Environment    string    `json:"environment"`
	TargetURL      string    `json:"target_url"`
	EnvironmentURL string    `json:"environment_url"`
	LogURL         string    `json:"log_url"`
	CreatedAt      string    `json:"created_at"`
	UpdatedAt      string    `json:"updated_at"`
	DeploymentURL  string    `json:"deployment_url"`
	RepositoryURL  string    `json:"repository_url"`
}

// sortDeployments gives the deployments newest first.
func (a *restAPI) sortDeployments() []*Deployment {
	deployments := make([]*Deployment, 0, len(a.world.Deployments))
	for i := range a.world.Deployments {
		deployments = append(deployments, &a.world.Deployments[i])
	}
	slices.SortFunc(deployments, func(x, y *Deployment) int { return compareDeployments(y, x) })
	return deployments
}

// listDeployments answers GET /deployments. It can be narrowed neither by time nor by state.
func (c *restCall) listDeployments() (any, error) {
	sha, ref := c.query.Get("sha"), c.query.Get("ref")
	task, environment := c.query.Get("task"), c.query.Get("environment")
	var found []*Deployment
	for _, d := range c.api.deployments() {
		if (sha == "" || d.SHA == sha) && (ref == "" || deployedRef(d) == ref) && (task == "" || taskOf(d) == task) &&
			(environment == "" || d.Environment == environment) {
			found = append(found, d)
		}
	}
	return pageOfList(c, found, c.showDeployment)
}

// getDeployment answers GET /deployments/{deployment}.
func (c *restCall) getDeployment() (any, error) {
	d, err := c.deployment()
	if err != nil {
		return nil, err
	}
	return c.showDeployment(d), nil
}

// listDeploymentStatuses answers GET /deployments/{deployment}/statuses, newest first.
func (c *restCall) listDeploymentStatuses() (any, error) {
	d, err := c.deployment()
	if err != nil {
		return nil, err
	}
	shown := make([]restDeploymentStatus, 0, len(d.Statuses))
	for i, s := range newestFirst(d.Statuses) {
		shown = append(shown, c.showDeploymentStatus(d, s, i))
	}
	return pageOfList(c, shown, func(s restDeploymentStatus) restDeploymentStatus { return s })
}

// deployment is the deployment in the path.
func (c *restCall) deployment() (*Deployment, error) {
	id, err := c.id("deployment")
	if err != nil {
		return nil, err
	}
	for _, d := range c.api.deployments() {
		if d.ID == id {
			return d, nil
		}
	}
	return nil, notFound()
}

// deployedRef is the name that was deployed: a branch, a tag or, for want of one, the commit.
func deployedRef(d *Deployment) string { return cmp.Or(d.Ref, d.SHA) }

// taskOf is the deployment's task, by GitHub's default.
func taskOf(d *Deployment) string { return cmp.Or(d.Task, "deploy") }

func (c *restCall) deploymentURL(d *Deployment) string {
	return fmt.Sprintf("%s/deployments/%d", c.root, d.ID)
}

func (c *restCall) showDeployment(d *Deployment) restDeployment {
	self := c.deploymentURL(d)
	return restDeployment{
		URL: self, ID: d.ID, NodeID: d.node(), Task: taskOf(d), OriginalEnvironment: d.Environment,
		Environment: d.Environment, CreatedAt: at(d.CreatedAt), UpdatedAt: at(d.updated()), StatusesURL: self + "/statuses",
		RepositoryURL: c.root, Creator: c.user(d.Creator, d.AuthorType), SHA: d.SHA, Ref: deployedRef(d),
		Payload: map[string]any{}, TransientEnvironment: d.IsTransient, ProductionEnvironment: d.IsProduction,
	}
}

// showDeploymentStatus describes the i-th newest status of a deployment.
func (c *restCall) showDeploymentStatus(d *Deployment, s DeploymentStatus, i int) restDeploymentStatus {
	id := d.statusID(i)
	self := c.deploymentURL(d)
	return restDeploymentStatus{
		URL: fmt.Sprintf("%s/statuses/%d", self, id), ID: id, NodeID: nodeID("DES", id),
		State:   restStatusState(s.State),
		Creator: c.user(d.Creator, d.AuthorType), Description: s.Description, Environment: d.Environment,
		CreatedAt: at(s.CreatedAt), UpdatedAt: at(s.CreatedAt), DeploymentURL: self, RepositoryURL: c.root,
	}
}

// restStatusState is a state in REST's words. REST knows no "waiting": a deployment that waits for a reviewer is
// pending there.
func restStatusState(state string) string {
	if state == "WAITING" {
		return "pending"
	}
	return strings.ToLower(state)
}
