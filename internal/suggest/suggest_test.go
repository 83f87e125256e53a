package suggest

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kpi-gate/internal/gate"
	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
)

// began is when the repository of these tests began, 12 weeks before the end of the last window.
var began = time.Date(2026, 4, 7, 0, 0, 0, 0, time.UTC)

const week = 7 * 24 * time.Hour

// lastWeek is the last of the windows.
var lastWeek = model.Window{Since: began.Add(11 * week), Until: began.Add(12 * week)}

// merged is a snapshot of 12 weeks, in each of which so many pull requests are merged.
func merged(perWeek ...int) *model.Snapshot {
	s := &model.Snapshot{
		Repository: model.Repository{Owner: "o", Name: "r", DefaultBranch: "main"},
		Reach:      began, Until: lastWeek.Until, AsOf: lastWeek.Until,
		Read: []model.Feed{model.PullRequests, model.Reviews},
	}
	number := 0
	for i, n := range perWeek {
		for j := range n {
			number++
			at := began.Add(time.Duration(i)*week + time.Duration(j+1)*time.Hour)
			s.PullRequests = append(s.PullRequests, model.PullRequest{
				Number: number, Base: "main", Created: at.Add(-time.Hour), Merged: at, Closed: at, Author: model.Actor{Login: "mona"},
				MergeCommit: fmt.Sprint("c", number), Additions: 100 * (i + 1),
			})
		}
	}
	return s
}

// drawn is what is suggested for one KPI.
func drawn(t *testing.T, s *model.Snapshot, d *kpi.Definition) *Suggestion {
	t.Helper()
	drawn, err := Draw(Input{
		Snapshot: s, Policy: kpi.DefaultPolicy(), KPIs: []*kpi.Definition{d}, Window: lastWeek,
		Gate: gate.Policy{MinSamples: 5, Evidence: gate.EvidenceInterval, OnNoData: gate.NoDataWarns},
	})
	if err != nil {
		t.Fatal(err)
	}
	return drawn
}

// Merges a week, best first: 12 11 10 9 9 8 | 7 7 6 | 6 5 2. Nearest rank: three quarters of 12 are 9, and the ninth is
// 6/week, below which people would write 5/week; half of 12 are 6, and the sixth is 8/week, below which they would write
// 1/day (7/week). 11 of the 12 met 5/week, 8 met 7/week.
func TestDrawRate(t *testing.T) {
	t.Parallel()
	got := drawn(t, merged(7, 12, 2, 11, 6, 9, 10, 7, 9, 8, 5, 6), kpi.PullRequestThroughput)
	if len(got.Benchmarks) != 1 {
		t.Fatalf("nothing is suggested: %v", got.Left)
	}
	b := got.Benchmarks[0]
	if b.Line() != "pull-request-throughput >= 5/week (2026-06-30) to 1/day (2026-12-29)" {
		t.Errorf("suggested %q", b.Line())
	}
	if b.Met != 11 || b.MetTarget != 8 || b.Judged != 12 || b.Warns {
		t.Errorf("%d and %d of %d, warns: %v; want 11 and 8 of 12, and that it fails", b.Met, b.MetTarget, b.Judged, b.Warns)
	}
	if _, err := (gate.Language{}).Parse(b.Line()); err != nil {
		t.Error(err)
	}
}

// The same, but in the last week there are only two merges: below 5/week, so it warns until there are more.
func TestDrawWarnsWhereTheLastWindowIsWorse(t *testing.T) {
	t.Parallel()
	s := drawn(t, merged(7, 12, 6, 11, 6, 9, 10, 7, 9, 8, 5, 2), kpi.PullRequestThroughput)
	if !s.Benchmarks[0].Warns {
		t.Errorf("%q does not warn, and would be red on the first day", s.Benchmarks[0].Line())
	}
	var text strings.Builder
	if err := Write(&text, s, "window: 7d\n"); err != nil {
		t.Fatal(err)
	}
	want := "  - hold: pull-request-throughput >= 5/week (2026-06-30) to 1/day (2026-12-29)\n    then: warn\n"
	if !strings.Contains(text.String(), want) {
		t.Errorf("the file has no\n%s:\n%s", want, text.String())
	}
}

// Pull requests of 100, 200 … 1,200 lines in the weeks. Nine of twelve weeks are at most 900, above which people would
// write 1,000; half are at most 600, above which they would write 750.
func TestDrawAmount(t *testing.T) {
	t.Parallel()
	size := kpi.BuiltIn().Find("pull-request-size")
	got := drawn(t, merged(5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5), size).Benchmarks
	if len(got) != 1 || got[0].Line() != "pull-request-size.p75 <= 1000 (2026-06-30) to 750 (2026-12-29)" {
		t.Errorf("suggested %v", got)
	}
}

// With four merges in five of the weeks, only seven weeks have the five that a verdict needs: fewer than two thirds.
func TestDrawLeavesOutWhatIsScarce(t *testing.T) {
	t.Parallel()
	got := drawn(t, merged(5, 5, 5, 5, 5, 5, 5, 4, 4, 4, 4, 4), kpi.BuiltIn().Find("pull-request-size"))
	want := "it could be judged in 7 of 12 windows only; in the last of the others: n was 4, and a verdict needs at least 5"
	if len(got.Left) != 1 || got.Left[0].Reason != want {
		t.Errorf("left out: %v, want because %s", got.Left, want)
	}
}

func TestDrawLeavesOutWhatHasNoLimit(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"ticket-backlog-growth":   "by how much something changed",
		"cost-of-downtime":        "what may be lost",
		"pull-request-throughput": "leave no limit",
		"ci-success-rate":         "runs were not read",
	} {
		got := drawn(t, merged(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), kpi.BuiltIn().Find(id))
		if len(got.Left) != 1 || !strings.Contains(got.Left[0].Reason, want) {
			t.Errorf("%s: %v, want that it is left out: %s", id, got.Left, want)
		}
	}
}

// The first pull request was opened in the ninth week: weeks 9 to 12 are four. With one more week of silence they are
// too few.
func TestWindowsBeginWithTheRepository(t *testing.T) {
	t.Parallel()
	s := drawn(t, merged(0, 0, 0, 0, 0, 0, 0, 0, 5, 5, 5, 5), kpi.PullRequestThroughput)
	if len(s.Windows) != 4 || !s.Windows[0].Since.Equal(began.Add(8*week)) || s.Windows[3] != lastWeek {
		t.Errorf("windows %v, want the last four weeks, oldest first", s.Windows)
	}
	_, err := Draw(Input{
		Snapshot: merged(0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 5, 5), Policy: kpi.DefaultPolicy(), Window: lastWeek,
	})
	var few *TooFewWindowsError
	if !errors.As(err, &few) || few.Windows != 3 {
		t.Errorf("three weeks of history give %v, want that they are too few", err)
	}
}

func TestLadders(t *testing.T) {
	t.Parallel()
	const hour, day = 3600, 24 * 3600
	lead, share := kpi.BuiltIn().Find("lead-time-for-changes"), kpi.BuiltIn().Find("review-coverage")
	tests := []struct {
		of        *kpi.Definition
		statistic kpi.Statistic
		value     float64
		way       kpi.Direction
		want      string
	}{
		{lead, kpi.Statistic{Name: "p50"}, 50 * 60, kpi.Lower, "1h"},
		{lead, kpi.Statistic{Name: "p50"}, 3.5 * hour, kpi.Lower, "4h"},
		{lead, kpi.Statistic{Name: "p50"}, 3 * day, kpi.Lower, "3d"},
		{lead, kpi.Statistic{Name: "p50"}, 3*day + 1, kpi.Lower, "5d"},
		{lead, kpi.Statistic{Name: "p50"}, 0, kpi.Lower, "1m"},
		{lead, kpi.Statistic{Name: "p50"}, 1e12, kpi.Lower, ""},
		// A working day of eight hours: nine hours are more than one, and 8h stands for none of its own.
		{lead, kpi.Statistic{Name: "p50", Day: 8 * time.Hour}, 7 * hour, kpi.Lower, "1d"},
		{lead, kpi.Statistic{Name: "p50", Day: 8 * time.Hour}, 9 * hour, kpi.Lower, "2d"},
		// 7 of 20 and 0.35 differ in their last bit.
		{share, kpi.Statistic{Name: "value"}, 1 - 13.0/20, kpi.Lower, "35%"},
		{share, kpi.Statistic{Name: "value"}, 7.0 / 20, kpi.Higher, "35%"},
		{share, kpi.Statistic{Name: "value"}, 0.349, kpi.Higher, "30%"},
		{share, kpi.Statistic{Name: "value"}, 1, kpi.Higher, "95%"},
		{share, kpi.Statistic{Name: "value"}, 0.04, kpi.Higher, ""},
		{share, kpi.Statistic{Name: "value"}, 0, kpi.Lower, "5%"},
		{share, kpi.Statistic{Name: "value"}, 0.96, kpi.Lower, ""},
		{kpi.Availability, kpi.Statistic{Name: "value"}, 0.9993, kpi.Higher, "99.9%"},
		{kpi.BuiltIn().Find("bug-backlog"), kpi.Statistic{Name: "value"}, 0, kpi.Lower, "0"},
		{kpi.BuiltIn().Find("bug-backlog"), kpi.Statistic{Name: "value"}, 31, kpi.Lower, "40"},
		{kpi.PullRequestThroughput, kpi.Statistic{Name: "value"}, 3.0 / 7, kpi.Higher, "3/week"},
		{kpi.PullRequestThroughput, kpi.Statistic{Name: "value"}, 2.9 / 7, kpi.Higher, "2/week"},
		{kpi.PullRequestThroughput, kpi.Statistic{Name: "value"}, 2.5 / 30, kpi.Higher, "2/month"},
		{kpi.PullRequestThroughput, kpi.Statistic{Name: "value"}, 0.5 / 30, kpi.Higher, ""},
	}
	for _, test := range tests {
		limit, ok := ladderOf(test.of, test.statistic).outward(test.value, test.way)
		got := ""
		if ok {
			got = gate.FormatLimit(test.of, test.statistic, limit)
		}
		if got != test.want {
			t.Errorf("%s: %g, where %s is better, becomes %q, want %q", test.of.ID, test.value, test.way, got, test.want)
		}
	}
}

// The rungs ascend, and each is written as a benchmark would be, and read back.
func TestRungsAreWritten(t *testing.T) {
	t.Parallel()
	for _, of := range []struct {
		id, subject string
		statistic   kpi.Statistic
	}{
		{"lead-time-for-changes", "lead-time-for-changes.p50", kpi.Statistic{Name: "p50"}},
		{"review-coverage", "review-coverage", kpi.Statistic{Name: "value"}},
		{"availability", "availability", kpi.Statistic{Name: "value"}},
		{"deployment-frequency", "deployment-frequency", kpi.Statistic{Name: "value"}},
		{"pull-request-size", "pull-request-size.p75", kpi.Statistic{Name: "p75"}},
	} {
		d := kpi.BuiltIn().Find(of.id)
		rungs := ladderOf(d, of.statistic)
		for i, limit := range rungs {
			if i > 0 && limit <= rungs[i-1] {
				t.Errorf("%s: %g does not ascend", of.id, limit)
			}
			line := of.subject + " <= " + gate.FormatLimit(d, of.statistic, limit)
			if b, err := (gate.Language{}).Parse(line); err != nil || b.Limit != limit || len(line)-len(of.subject) > 14 {
				t.Errorf("%s: %v (%g, not %g)", line, err, b.Limit, limit)
			}
		}
	}
}

// What balances one of the KPIs is among them.
func TestDefinitionsAreBalanced(t *testing.T) {
	t.Parallel()
	var ids []string
	for _, d := range Definitions(kpi.BuiltIn(), []*kpi.Definition{kpi.BuiltIn().Find("coding-time")}) {
		ids = append(ids, d.ID)
	}
	want := []string{
		"deployment-frequency", "lead-time-for-changes", "change-failure-rate", "failed-deployment-recovery-time",
		"deployment-rework-rate", "pull-request-cycle-time", "coding-time", "pickup-time", "review-time", "pull-request-size",
		"review-coverage", "bug-time-to-acknowledge", "bug-time-to-resolve", "bug-time-to-ship", "bug-reopen-rate",
		"bug-first-contact-resolution-rate", "ci-success-rate", "ci-flake-rate", "ci-duration", "ci-recovery-time",
	}
	if diff := cmp.Diff(want, ids); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// FuzzComment: whatever a reason holds, each line of the file that it makes is a comment.
func FuzzComment(f *testing.F) {
	f.Add("runs could not be read: x\nbenchmarks: []\r- a <= 1\u2028::error::\u0085y\x00z")
	f.Fuzz(func(t *testing.T, reason string) {
		var text file
		text.comment("  ", reason)
		for _, line := range strings.FieldsFunc(text.text.String(), func(r rune) bool {
			return strings.ContainsRune("\n\r\v\f\u0085\u2028\u2029", r)
		}) {
			if !strings.HasPrefix(line, "  # ") {
				t.Errorf("%q is no comment", line)
			}
		}
	})
}
