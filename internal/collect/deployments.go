package collect

import (
	"context"
	"errors"
	"fmt"
	"maps"
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

// deployments reads the deployments to production environments, newest first, and stops where nothing older can matter:
// when each production environment's last success before Reach is known.
func (r *reading) deployments(ctx context.Context) ([]model.Deployment, error) {
	l := newDeploymentList(r)
	facts, through := r.known(model.Deployments)
	var err error
	if facts == nil {
		err = l.read(ctx)
	} else if err = l.update(ctx, facts.Deployments, through); errors.Is(err, errUnconfirmed) {
		l = newDeploymentList(r)
		err = l.read(ctx)
	}
	r.tell(model.Deployments, l.count, 0, true)
	r.ledger.Deployments = DeploymentLedger{Environments: slices.Sorted(maps.Keys(l.baselines)), Named: l.named}
	return l.relevant(), err
}

func newDeploymentList(r *reading) *deploymentList {
	return &deploymentList{reading: r, size: largestPage, seen: map[int64]bool{}, baselines: map[string]time.Time{}}
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
	// while none is known. named is true where GitHub lists the environments; moreEnvironments is where that list goes on,
	// nil where all of it is read.
	baselines        map[string]time.Time
	named            bool
	moreEnvironments *githubv4.String
}

func (l *deploymentList) read(ctx context.Context) error {
	if err := l.environments(ctx); err != nil {
		return err
	}
	oldest, whole, err := l.all(ctx)
	if err != nil || whole {
		return err
	}
	for _, environment := range slices.Sorted(maps.Keys(l.baselines)) {
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

// environments enters the production environments of the first page of those that the repository has into baselines. They
// are not named when the token may not list them, and when GitHub lists none: a private repository whose plan has no
// environments can have deployments all the same
// (https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments).
func (l *deploymentList) environments(ctx context.Context) error {
	page := l.opening.environments
	if page == nil {
		var q environmentsQuery
		size := largestPage
		err := l.query(ctx, &q, l.variables(), &size)
		var permission *github.PermissionError
		if errors.As(err, &permission) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading the environments of %s: %w", l.repository.FullName(), err)
		}
		page = &q.Repository.Environments
	}
	l.named = len(page.Nodes) > 0
	l.enter(page)
	return nil
}

// enter enters the production environments of a page into baselines.
func (l *deploymentList) enter(page *connection[environmentNode]) {
	for _, node := range page.Nodes {
		name := string(node.Name)
		if _, entered := l.baselines[name]; !entered && l.production(name) {
			l.baselines[name] = time.Time{}
		}
	}
	l.moreEnvironments = nil
	if page.PageInfo.HasNextPage {
		l.moreEnvironments = githubv4.NewString(page.PageInfo.EndCursor)
	}
}

// otherEnvironments enters the production environments of the pages that are not read.
func (l *deploymentList) otherEnvironments(ctx context.Context) error {
	size, variables := largestPage, l.variables()
	for l.moreEnvironments != nil {
		var q environmentsQuery
		variables["after"] = l.moreEnvironments
		if err := l.query(ctx, &q, variables, &size); err != nil {
			return fmt.Errorf("reading the environments of %s: %w", l.repository.FullName(), err)
		}
		if err := q.Repository.Environments.PageInfo.moves(l.moreEnvironments); err != nil {
			return fmt.Errorf("reading the environments of %s: %w", l.repository.FullName(), err)
		}
		l.enter(&q.Repository.Environments)
	}
	return nil
}

// newestFirst are the variables of a list of deployments, whose own order is oldest first.
func (l *deploymentList) newestFirst() map[string]any {
	variables := l.variables()
	variables["by"] = githubv4.DeploymentOrder{
		Field: githubv4.DeploymentOrderFieldCreatedAt, Direction: githubv4.OrderDirectionDesc,
	}
	return variables
}

// page reads a page of the deployments to any environment. Where it is to, it enters a page of environments as well, as
// long as there are any: both lists have their pages one after another.
func (l *deploymentList) page(
	ctx context.Context, variables map[string]any, environments bool,
) (deploymentPage, error) {
	var q deploymentsQuery
	variables["environments"] = githubv4.Boolean(environments && l.moreEnvironments != nil)
	variables["environmentsAfter"] = l.moreEnvironments
	if err := l.query(ctx, &q, variables, &l.size); err != nil {
		return deploymentPage{}, fmt.Errorf("reading the deployments of %s: %w", l.repository.FullName(), err)
	}
	if q.Repository.Environments != nil {
		l.enter(q.Repository.Environments)
	}
	return q.Repository.Deployments, nil
}

// all reads deployments to any environment. It stops early only if the environments are named: those that it has not
// settled by then are read one by one, which is cheaper than the whole list where another environment is deployed to
// much more often. oldest is the creation of the last deployment read; whole is true when the list ended.
func (l *deploymentList) all(ctx context.Context) (oldest time.Time, whole bool, err error) {
	variables := l.newestFirst()
	for {
		page, err := l.page(ctx, variables, true)
		if err != nil {
			return oldest, false, err
		}
		oldest, err = l.keep(ctx, page)
		if err != nil || !bool(page.PageInfo.HasNextPage) {
			return oldest, true, err
		}
		if near := l.request.Reach.Add(-approval); l.named && oldest.Before(near) {
			if err := l.otherEnvironments(ctx); err != nil {
				return oldest, false, err
			}
			if l.allSettled(oldest) || oldest.Before(near.Add(-approval)) {
				return oldest, false, nil
			}
		}
		if err := page.PageInfo.next(variables); err != nil {
			return oldest, false, err
		}
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
		if err := page.PageInfo.next(variables); err != nil {
			return err
		}
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
	for i := range page.Nodes {
		node := &page.Nodes[i]
		oldest = moment(node.CreatedAt)
		if err := l.take(ctx, node); err != nil {
			return oldest, err
		}
	}
	l.tell(model.Deployments, l.count, 0, false)
	return oldest, nil
}

// take takes a deployment, if it was to a production environment.
func (l *deploymentList) take(ctx context.Context, node *deploymentNode) (err error) {
	if l.seen[node.DatabaseID] {
		return nil
	}
	l.seen[node.DatabaseID] = true
	l.count++
	if !l.production(string(node.Environment)) {
		return nil
	}
	d := model.Deployment{
		ID:          node.DatabaseID,
		NodeID:      string(node.ID),
		Environment: string(node.Environment),
		SHA:         string(node.CommitOID),
		Created:     moment(node.CreatedAt),
		Updated:     moment(node.UpdatedAt),
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
				return err
			}
		}
	}
	slices.SortStableFunc(d.Statuses, func(a, b model.DeploymentStatus) int { return a.Created.Compare(b.Created) })
	if node.Commit != nil {
		l.commitDate(d.SHA, moment(node.Commit.CommittedDate))
	}
	l.add(d)
	return nil
}

// add keeps a deployment to a production environment.
func (l *deploymentList) add(d model.Deployment) {
	l.seen[d.ID] = true
	l.kept = append(l.kept, d)
	l.baselines[d.Environment] = later(l.baselines[d.Environment], l.baseline(d))
}

// later is the later of two instants.
func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// baseline is when a deployment succeeded, if that was before Reach; else the zero time. One that took longer than the
// approval limit is no measure of how far back others matter.
func (l *deploymentList) baseline(d model.Deployment) time.Time {
	if at := d.First("SUCCESS"); at.Before(l.request.Reach) && !d.Created.Before(at.Add(-approval)) {
		return at
	}
	return time.Time{}
}

// relevant are the deployments that can matter: what is older came only because it was on the same page.
func (l *deploymentList) relevant() []model.Deployment {
	return slices.DeleteFunc(l.kept, func(d model.Deployment) bool { return l.settled(d.Environment, d.Created) })
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
