package collect

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"kpi-gate/internal/model"
)

// searchLimit is how many runs GitHub serves of one search, however many match
// (https://docs.github.com/en/rest/actions/workflow-runs#list-workflow-runs-for-a-repository).
const searchLimit = 1000

// runs reads the CI runs on production branches created from Reach to Until, event by event: a search for all events
// would meet the limit early on the runs of pull requests.
func (r *reading) runs(ctx context.Context) ([]model.Run, error) {
	s := &runSearch{reading: r, seen: map[int64]bool{}}
	err := s.all(ctx)
	r.tell(model.Runs, len(s.seen), 0, true)
	return s.kept, err
}

// runSearch is the reading of the CI runs.
type runSearch struct {
	*reading
	seen map[int64]bool
	kept []model.Run
}

func (s *runSearch) all(ctx context.Context) error {
	if s.request.Branch == nil && s.repository.DefaultBranch == "" {
		return nil // Nothing was ever committed, so nothing has run.
	}
	// GitHub's bounds are inclusive and whole seconds; Until itself is outside the window.
	from, to := second(s.request.Reach), second(s.request.Until.Add(-time.Nanosecond))
	if s.request.Until.IsZero() {
		to = s.asOf
	}
	for _, event := range s.request.Events {
		query := url.Values{"event": {event}}
		if s.request.Branch == nil && event != model.MergeGroup {
			query.Set("branch", s.repository.DefaultBranch)
		}
		if err := s.slice(ctx, query, from, to); err != nil {
			return fmt.Errorf("reading the workflow runs of %s for event %s: %w", s.repository.FullName(), event, err)
		}
	}
	return nil
}

// slice reads the runs created from the second from to the second to, both included. A slice that meets the limit of a
// search is halved.
func (s *runSearch) slice(ctx context.Context, query url.Values, from, to time.Time) error {
	if to.Before(from) {
		return nil
	}
	query.Set("created", from.Format(time.RFC3339)+".."+to.Format(time.RFC3339))
	for number := 1; number != 0; {
		page, next, err := s.runPage(ctx, "runs", query, number)
		if err != nil {
			return err
		}
		// A count of exactly the limit is not trusted: it may be the limit itself.
		if number == 1 && page.TotalCount >= searchLimit && from.Before(to) {
			middle := second(from.Add(to.Sub(from) / 2))
			if err := s.slice(ctx, query, middle.Add(time.Second), to); err != nil {
				return err
			}
			return s.slice(ctx, query, from, middle)
		}
		s.keep(page)
		if next == 0 && page.TotalCount > searchLimit {
			return fmt.Errorf("%d runs were created at %s, of which GitHub lists %d",
				page.TotalCount, from.Format(time.RFC3339), searchLimit)
		}
		number = next
	}
	return nil
}

// keep takes the runs of a page that are on production branches.
func (s *runSearch) keep(page workflowRunPage) {
	for _, w := range page.Runs {
		run := w.model()
		if s.seen[run.ID] {
			continue
		}
		s.seen[run.ID] = true
		if s.productionBranch(run.TargetBranch()) {
			s.kept = append(s.kept, run)
		}
	}
	s.tell(model.Runs, len(s.seen), 0, false)
}
