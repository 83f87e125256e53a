package render

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"kpi-gate/internal/report"
)

// A budget that is spent makes a gap in many feeds, each with the request that was not sent.
func TestCausesAreToldOnce(t *testing.T) {
	t.Parallel()
	const budget, grant = "raise the input budget", "grant the token the permission actions: read"
	got := causesOf([]report.Gap{
		{Feed: "issues", Reason: "GET /a: the budget is spent", Advice: ptr(budget)},
		{Feed: "comments", Reason: "GET /a: the budget is spent", Advice: ptr(budget)},
		{Feed: "runs", Reason: "GET /b: forbidden: " + grant, Advice: ptr(grant)},
		{Feed: "past-incidents", Reason: "GET /c: the budget is spent", Advice: ptr(budget)},
		{Feed: "issues", Reason: "GET /d: the budget is spent", Advice: ptr(budget)},
		{Feed: "tags", Reason: "no such tag"},
		{Feed: "releases", Reason: "no such tag"},
		{Feed: "milestones", Reason: "no such milestone"},
	})
	type line struct{ Feeds, Reason, Advice string }
	lines := make([]line, len(got))
	for i, c := range got {
		lines[i] = line{c.feeds(), c.reason, c.adviceText()}
	}
	want := []line{
		{"issues, comments, past incidents", "GET /a: the budget is spent", "Raise the input budget."},
		// What the reason says already is not said again.
		{"runs", "GET /b: forbidden: " + grant, ""},
		{"tags, releases", "no such tag", ""},
		{"milestones", "no such milestone", ""},
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCostText(t *testing.T) {
	t.Parallel()
	const plain = "31 requests to GitHub, 1 GraphQL point, 1.8 MB, 4.2 s."
	for _, test := range []struct {
		change func(*report.Read)
		want   string
	}{
		{func(*report.Read) {}, plain},
		{
			func(r *report.Read) { r.Retries, r.Waited = 1, 60 },
			plain + " 1 request had to be sent again, after 60 s of waiting.",
		},
		{func(r *report.Read) { r.Waited = 60 }, plain + " 60 s of that were spent waiting."},
		{func(r *report.Read) { r.Cache = &report.Cache{} }, plain},
		{
			func(r *report.Read) { r.Cache = &report.Cache{Known: 1} },
			plain + " 1 fact came from the snapshot file and did not have to be read again.",
		},
		{
			func(r *report.Read) { r.Cache = &report.Cache{Aside: ptr("it is damaged")} },
			plain + " The snapshot file was left aside: it is damaged.",
		},
	} {
		r := &report.Report{Read: report.Read{Requests: 31, GraphQLPoints: 1, Bytes: 1_840_000, Seconds: 4.23}}
		test.change(&r.Read)
		if got := costText(r); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}
