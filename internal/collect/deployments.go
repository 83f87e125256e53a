package collect

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	gogithub "github.com/google/go-github/v60/github"
	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/github"
	"kpi-gate/internal/model"
)

// approval is how long a deployment may take from its creation to its success: a job may wait 30 days for approval
// (https://docs.github.com/en/actions/reference/limits), and then has to run.
const approval = 31 * 24 * time.Hour

// deploymentPage is a page of deployments. Twenty statuses are enough for nearly all of them.
type deploymentPage struct {
	Nodes []struct {
		// DatabaseID has 64 bits, more than GraphQL's Int promises.
		DatabaseID  int64
		Environment githubv4.String
		CommitOID   githubv4.String `graphql:"commitOid"`
		// Commit is null when the commit was deleted; commitOid remains.
		Commit    *struct{ CommittedDate *githubv4.DateTime }
		CreatedAt *githubv4.DateTime
		Creator   *account
		// Statuses come in no order that GitHub documents.
		Statuses *struct {
			Nodes []struct {
				State     githubv4.String
				CreatedAt *githubv4.DateTime
			}
			PageInfo pageInfo
		} `graphql:"statuses(first: 20)"`
	}
	PageInfo pageInfo
}

// deploymentsQuery asks for deployments to any environment, newest first: GitHub has no filter by date.
type deploymentsQuery struct {
	Repository struct {
		Deployments deploymentPage `graphql:"deployments(first: $first, after: $after, orderBy: $by)"`
	} `graphql:"repository(owner: $owner, name: $name)"`
	RateLimit github.RateLimit
}

// environmentDeploymentsQuery asks for the deployments to the named environments, newest first.
type environmentDeploymentsQuery struct {
	Repository struct {
		Deployments deploymentPage `graphql:"deployments(environments: $in, first: $first, after: $after, orderBy: $by)"`
	} `graphql:"repository(owner: $owner, name: $name)"`
	RateLimit github.RateLimit
}

// environmentNode is an environment.
type environmentNode struct{ Name githubv4.String }

// environmentsQuery asks for the names of the environments.
type environmentsQuery struct {
	Repository struct {
		Environments connection[environmentNode] `graphql:"environments(first: $first, after: $after)"`
	} `graphql:"repository(owner: $owner, name: $name)"`
	RateLimit github.RateLimit
}

// deployments reads the deployments to production environments, newest first, and stops where nothing older can matter:
// when each production environment's last success before Reach is known.
func (r *reading) deployments(ctx context.Context) ([]model.Deployment, error) {
	l := &deploymentList{reading: r, size: largestPage, seen: map[int64]bool{}, baselines: map[string]time.Time{}}
	err := l.read(ctx)
	r.tell(model.Deployments, l.count, 0, true)
	return l.kept, err
}

// deploymentList is the reading of the deployments.
type deploymentList struct {
	*reading
	size int
	// count is how many deployments GitHub sent, kept are those to production environments.
	count int
	kept  []model.Deployment
	seen  map[int64]bool
	// baselines holds, per production environment that is known, the finish of its last success before Reach; zero
	// while none is known.
	baselines map[string]time.Time
}

func (l *deploymentList) read(ctx context.Context) error {
	named, err := l.environments(ctx)
	if err != nil {
		return err
	}
	oldest, whole, err := l.all(ctx, named)
	if err != nil || whole {
		return err
	}
	environments := make([]string, 0, len(l.baselines))
	for environment := range l.baselines {
		environments = append(environments, environment)
	}
	slices.Sort(environments)
	for _, environment := range environments {
		if l.settled(environment, oldest) {
			continue
		}
		if err := l.of(ctx, environment); err != nil {
			return err
		}
	}
	return nil
}

// production reports whether the environment counts.
func (l *deploymentList) production(environment string) bool {
	return l.request.Production == nil || l.request.Production(environment)
}

// environments enters the production environments that the repository has into baselines. named is false when the token
// may not list them, and when GitHub lists none: a private repository whose plan has no environments can have
// deployments all the same (https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments).
func (l *deploymentList) environments(ctx context.Context) (named bool, err error) {
	size, variables := largestPage, l.variables()
	page, listed := l.opening.environments, 0
	for {
		if page == nil {
			var q environmentsQuery
			err := l.query(ctx, &q, variables, &size)
			var permission *github.PermissionError
			if errors.As(err, &permission) {
				return false, nil
			}
			if err != nil {
				return false, fmt.Errorf("reading the environments of %s: %w", l.repository.FullName(), err)
			}
			page = &q.Repository.Environments
		}
		listed += len(page.Nodes)
		for _, node := range page.Nodes {
			if name := string(node.Name); l.production(name) {
				l.baselines[name] = time.Time{}
			}
		}
		if !page.PageInfo.HasNextPage {
			return listed > 0, nil
		}
		variables["after"] = githubv4.NewString(page.PageInfo.EndCursor)
		page = nil
	}
}

// newestFirst are the variables of a list of deployments, whose own order is oldest first.
func (l *deploymentList) newestFirst() map[string]any {
	variables := l.variables()
	variables["by"] = githubv4.DeploymentOrder{
		Field: githubv4.DeploymentOrderFieldCreatedAt, Direction: githubv4.OrderDirectionDesc,
	}
	return variables
}

// all reads deployments to any environment. It stops early only if the environments are named: those that it has not
// settled by then are read one by one, which is cheaper than the whole list where another environment is deployed to
// much more often. oldest is the creation of the last deployment read; whole is true when the list ended.
func (l *deploymentList) all(ctx context.Context, named bool) (oldest time.Time, whole bool, err error) {
	variables := l.newestFirst()
	for {
		var q deploymentsQuery
		if err := l.query(ctx, &q, variables, &l.size); err != nil {
			return oldest, false, fmt.Errorf("reading the deployments of %s: %w", l.repository.FullName(), err)
		}
		page := q.Repository.Deployments
		oldest, err = l.keep(ctx, page)
		if err != nil || !bool(page.PageInfo.HasNextPage) {
			return oldest, true, err
		}
		near := l.request.Reach.Add(-approval)
		if named && oldest.Before(near) && (l.allSettled(oldest) || oldest.Before(near.Add(-approval))) {
			return oldest, false, nil
		}
		variables["after"] = githubv4.NewString(page.PageInfo.EndCursor)
	}
}

// of reads the deployments to one environment until it is settled or the list ends.
func (l *deploymentList) of(ctx context.Context, environment string) error {
	variables := l.newestFirst()
	variables["in"] = []githubv4.String{githubv4.String(environment)}
	for {
		var q environmentDeploymentsQuery
		if err := l.query(ctx, &q, variables, &l.size); err != nil {
			return fmt.Errorf("reading the deployments of %s to %s: %w", l.repository.FullName(), environment, err)
		}
		page := q.Repository.Deployments
		oldest, err := l.keep(ctx, page)
		if err != nil || !bool(page.PageInfo.HasNextPage) || l.settled(environment, oldest) {
			return err
		}
		variables["after"] = githubv4.NewString(page.PageInfo.EndCursor)
	}
}

// settled reports whether no deployment to the environment created before oldest can matter: one that was created
// longer than the approval limit before the baseline cannot have finished after it.
func (l *deploymentList) settled(environment string, oldest time.Time) bool {
	baseline := l.baselines[environment]
	return !baseline.IsZero() && oldest.Before(baseline.Add(-approval))
}

func (l *deploymentList) allSettled(oldest time.Time) bool {
	for environment := range l.baselines {
		if !l.settled(environment, oldest) {
			return false
		}
	}
	return true
}

// keep takes the production deployments of a page. oldest is the creation of the last deployment on it, whatever its
// environment; of an empty page the zero time.
func (l *deploymentList) keep(ctx context.Context, page deploymentPage) (oldest time.Time, err error) {
	for _, node := range page.Nodes {
		oldest = moment(node.CreatedAt)
		if l.seen[node.DatabaseID] {
			continue
		}
		l.seen[node.DatabaseID] = true
		l.count++
		if !l.production(string(node.Environment)) {
			continue
		}
		d := model.Deployment{
			ID:          node.DatabaseID,
			Environment: string(node.Environment),
			SHA:         string(node.CommitOID),
			Created:     oldest,
			Creator:     node.Creator.actor(),
		}
		if node.Statuses != nil {
			for _, status := range node.Statuses.Nodes {
				d.Statuses = append(d.Statuses, model.DeploymentStatus{
					State: string(status.State), Created: moment(status.CreatedAt),
				})
			}
			if node.Statuses.PageInfo.HasNextPage {
				if d.Statuses, err = l.statuses(ctx, d.ID); err != nil {
					return oldest, err
				}
			}
		}
		slices.SortStableFunc(d.Statuses, func(a, b model.DeploymentStatus) int { return a.Created.Compare(b.Created) })
		if node.Commit != nil {
			l.commitDate(d.SHA, moment(node.Commit.CommittedDate))
		}
		l.kept = append(l.kept, d)
		if _, known := l.baselines[d.Environment]; !known {
			l.baselines[d.Environment] = time.Time{}
		}
		if at := d.First("SUCCESS"); at.Before(l.request.Reach) && at.After(l.baselines[d.Environment]) {
			l.baselines[d.Environment] = at
		}
	}
	l.tell(model.Deployments, l.count, 0, false)
	return oldest, nil
}

// statuses reads all statuses of one deployment. GraphQL has no way to a deployment but through the list, so they are
// read by REST, which names the states in lower case
// (https://docs.github.com/en/rest/deployments/statuses#list-deployment-statuses).
func (l *deploymentList) statuses(ctx context.Context, id int64) ([]model.DeploymentStatus, error) {
	var all []model.DeploymentStatus
	seen := map[int64]bool{}
	options := &gogithub.ListOptions{PerPage: largestPage}
	for {
		page, response, err := l.client.REST.Repositories.ListDeploymentStatuses(
			ctx, l.repository.Owner, l.repository.Name, id, options)
		if err != nil {
			return nil, fmt.Errorf("reading the statuses of deployment %d: %w", id, told(err))
		}
		for _, status := range page {
			if !seen[status.GetID()] {
				seen[status.GetID()] = true
				all = append(all, model.DeploymentStatus{
					State: strings.ToUpper(status.GetState()), Created: stamp(status.CreatedAt),
				})
			}
		}
		if response.NextPage == 0 {
			return all, nil
		}
		options.Page = response.NextPage
	}
}
