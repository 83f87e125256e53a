package collect

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"kpi-gate/internal/model"
)

// update reads what is new or has changed since an earlier reading knew the given deployments, at through.
func (l *deploymentList) update(ctx context.Context, known []model.Deployment, through time.Time) error {
	err := l.updateFrom(ctx, known, through)
	if err != nil && !errors.Is(err, errUnconfirmed) {
		// As it was is better than not at all: the reading is not whole, and says so.
		for _, d := range known {
			if !l.seen[d.ID] {
				l.add(d)
			}
		}
	}
	return err
}

func (l *deploymentList) updateFrom(ctx context.Context, known []model.Deployment, through time.Time) error {
	if err := l.environments(ctx); err != nil {
		return err
	}
	ledger := l.before().Deployments
	if !l.named && ledger.Named {
		return errUnconfirmed // Which environments there are is told by the whole list alone.
	}
	if !ledger.Named {
		// Otherwise all were listed then, and one that is new since is found by its deployments, which are new too.
		if err := l.otherEnvironments(ctx); err != nil {
			return err
		}
	}
	whole, err := l.since(ctx, through.Add(-overlap))
	if err != nil || whole {
		return err
	}
	if err := l.recheck(ctx, known, through); err != nil {
		return err
	}
	// Of an environment that is new here, deployments may be old; and where the last success before Reach is none any
	// more, those before it matter, which were not kept.
	had := map[string]time.Time{}
	for _, d := range known {
		had[d.Environment] = later(had[d.Environment], l.baseline(d))
	}
	for _, environment := range slices.Sorted(maps.Keys(l.baselines)) {
		covered := slices.Contains(ledger.Environments, environment)
		if covered && !l.baselines[environment].Before(had[environment]) {
			continue
		}
		if err := l.of(ctx, environment); err != nil {
			return err
		}
	}
	return nil
}

// since reads the deployments created since an instant, newest first, and what else is on the pages that hold them; whole
// is true when the list ended.
func (l *deploymentList) since(ctx context.Context, since time.Time) (whole bool, err error) {
	variables := l.newestFirst()
	for {
		page, err := l.page(ctx, variables, false)
		if err != nil {
			return false, err
		}
		oldest, err := l.keep(ctx, page)
		if err != nil || !bool(page.PageInfo.HasNextPage) || oldest.Before(since) {
			return !bool(page.PageInfo.HasNextPage), err
		}
		if err := page.PageInfo.next(variables); err != nil {
			return false, err
		}
	}
}

// recheck takes of the known deployments that were not on the list those that are as they were, and reads the others again.
func (l *deploymentList) recheck(ctx context.Context, known []model.Deployment, through time.Time) error {
	var (
		asked        []model.Deployment
		ids, changed []string
	)
	for _, d := range known {
		switch {
		case l.seen[d.ID]:
		case d.NodeID == "":
			return errUnconfirmed
		case !settledBy(d.Updated, through):
			changed = append(changed, d.NodeID)
		default:
			asked, ids = append(asked, d), append(ids, d.NodeID)
		}
	}
	said := func(err error) error {
		return fmt.Errorf("asking which deployments of %s have changed since %s: %w",
			l.repository.FullName(), through.Format(time.RFC3339), err)
	}
	updates, err := lookUp[deploymentUpdate](ctx, l.reading, ids, recheckedAtOnce)
	if err != nil {
		return said(err)
	}
	for i, now := range updates {
		switch {
		case now == nil:
			l.seen[asked[i].ID] = true // It is gone.
		case moment(now.Deployment.UpdatedAt).Equal(asked[i].Updated):
			l.add(asked[i])
			l.reuse(1)
		default:
			changed = append(changed, asked[i].NodeID)
		}
	}
	found, err := lookUp[deploymentByID](ctx, l.reading, changed, listedAtOnce)
	if err != nil {
		return said(err)
	}
	for _, now := range found {
		if now == nil {
			continue
		}
		if err := l.take(ctx, &now.Deployment); err != nil {
			return said(err)
		}
	}
	l.tell(model.Deployments, l.count, 0, false)
	return nil
}
