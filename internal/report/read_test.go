package report_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kpi-gate/internal/kpi"
	"kpi-gate/internal/report"
)

// A snapshot file that was not there yet, one that was extended, and one that could not be trusted.
func TestRead(t *testing.T) {
	t.Parallel()
	aside, advice := "it was read for other settings: tags", "grant actions: read"
	for name, test := range map[string]struct {
		cached bool
		known  int
		aside  string
		want   *report.Cache
	}{
		"no file given": {false, 0, "", nil},
		"first run":     {true, 0, "", &report.Cache{}},
		"extended":      {true, 300, "", &report.Cache{Known: 300}},
		"left aside":    {true, 0, aside, &report.Cache{Aside: &aside}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := twoBugs()
			s.Usage.Known, s.Aside = test.known, test.aside
			got := report.Build(report.Input{
				Snapshot: s, Window: june, Cached: test.cached, Elapsed: 2_345 * time.Millisecond,
			}).Read
			want := report.Read{
				Requests: 12, GraphQLPoints: 8, Bytes: 4_000, Retries: 2, Waited: 1.5, Cache: test.want, Seconds: 2.3,
				Gaps: []report.Gap{{Feed: "runs", Reason: "403", Permission: "actions: read", Advice: &advice}},
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A row names the feeds that it lacks; one that lacks none names none.
func TestRowsNameTheirGaps(t *testing.T) {
	t.Parallel()
	s := twoBugs()
	selections := kpi.Select([]*kpi.Definition{kpi.BuiltIn().Find("ci-duration"), kpi.BuiltIn().Find("bug-backlog")})
	figures := kpi.Compute(s, policy(), june, selections)
	got := map[string][]string{}
	for _, k := range report.Build(report.Input{Snapshot: s, Window: june, Figures: figures}).KPIs {
		got[k.ID] = k.Gaps
	}
	want := map[string][]string{"ci-duration": {"runs"}, "bug-backlog": {}}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
