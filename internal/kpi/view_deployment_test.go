package kpi_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
)

// The window is March, so facts matter from 6 January on: 84 days before 31 March. Of what finished before that, each
// environment's last deployment counts, whichever was created last; what fails, is no production or finishes after the
// window does not.
func TestEachDeployment(t *testing.T) {
	t.Parallel()
	at := func(month time.Month, day int) time.Time { return time.Date(2026, month, day, 0, 0, 0, 0, time.UTC) }
	deployment := func(id int64, environment, sha, state string, created, ended time.Time) model.Deployment {
		return model.Deployment{
			ID: id, Environment: environment, SHA: sha, Created: created,
			Statuses: []model.DeploymentStatus{{State: state, Created: ended}},
		}
	}
	s := &model.Snapshot{Reach: kpi.Reach(march), Deployments: []model.Deployment{
		deployment(1, "production", "late", "SUCCESS", at(1, 1), at(1, 5)),
		deployment(2, "production", "early", "SUCCESS", at(1, 2), at(1, 2)),
		deployment(3, "live", "other", "SUCCESS", at(1, 3), at(1, 3)),
		deployment(4, "production", "broken", "FAILURE", at(2, 1), at(2, 1)),
		deployment(5, "staging", "tried", "SUCCESS", at(2, 2), at(2, 2)),
		deployment(6, "production", "second", "SUCCESS", at(3, 2), at(3, 2)),
		deployment(7, "production", "first", "SUCCESS", at(2, 3), at(2, 3)),
		deployment(8, "production", "future", "SUCCESS", at(3, 30), at(3, 31)),
	}}
	var got []string
	kpi.EachDeployment(s, kpi.DefaultPolicy(), model.SourceDeployments, march.Until, func(sha string, finished time.Time) {
		got = append(got, sha+" "+finished.Format(time.DateOnly))
	})
	want := []string{"other 2026-01-03", "late 2026-01-05", "first 2026-02-03", "second 2026-03-02"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
