package backtest_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kpi-gate/internal/backtest"
	"kpi-gate/internal/gate"
	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
)

// june is an instant of June 2026.
func june(day, hour int) time.Time { return time.Date(2026, 6, day, hour, 0, 0, 0, time.UTC) }

// bug is an issue with the label bug that was open from one instant to another.
func bug(number int, opened, closed time.Time) model.Issue {
	return model.Issue{
		Number: number, Created: opened, Updated: closed, Closed: closed, Reason: "COMPLETED", Labels: []string{"bug"},
		Events: []model.Event{{Kind: model.Closed, At: closed, Reason: "COMPLETED"}},
	}
}

// bugs is a snapshot from 1 to 11 June:
//
//	#1  4 June 12:00 ──────────────── 8 June 12:00
//	#2        5 June 12:00 ─── 7 June 12:00
//	#3                                       9 June 12:00 ── 10 June 12:00
//	#4                                       9 June 13:00 ── 10 June 13:00
func bugs() *model.Snapshot {
	return &model.Snapshot{
		Repository: model.Repository{Owner: "o", Name: "r", DefaultBranch: "main"},
		Reach:      june(1, 0), Until: june(11, 0), AsOf: june(11, 0),
		Read: []model.Feed{model.Issues, model.Comments, model.Links},
		Issues: []model.Issue{
			bug(1, june(4, 12), june(8, 12)), bug(2, june(5, 12), june(7, 12)),
			bug(3, june(9, 12), june(10, 12)), bug(4, june(9, 13), june(10, 13)),
		},
	}
}

// replay replays benchmarks over bugs, with windows of two days.
func replay(t *testing.T, lines string, days int, policy gate.Policy) *backtest.Result {
	t.Helper()
	benchmarks, err := gate.Language{}.ParseAll(lines)
	if err != nil {
		t.Fatal(err)
	}
	r, err := backtest.Run(context.Background(), backtest.Input{
		Snapshot: bugs(), Policy: kpi.DefaultPolicy(), Benchmarks: benchmarks, Gate: policy, Days: days,
		Window: model.Window{Since: june(9, 7), Until: june(11, 7)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// strip is days in the characters of the text.
func strip(days []backtest.Day) string {
	var b strings.Builder
	for _, d := range days {
		b.WriteString(map[backtest.Day]string{
			backtest.Held: ".", backtest.Red: "#", backtest.Noise: "~", backtest.Warned: "!", backtest.Unsure: ":",
			backtest.Unjudged: "?", backtest.Idle: "-",
		}[d])
	}
	return b.String()
}

// The last midnight is that of 11 June, and two windows of two days before the first one must not begin before 1 June:
// 5 to 11 June are 7 days.
//
//	midnight of            5     6     7     8     9     10    11
//	open then              1     2     2     1     0     2     0      <= 1: red on the 6th, the 7th, the 10th
//	opened in the window   1     2     1     0     0     2     2      ÷ 2 days <= 0.5: red on the 6th, the 10th, the 11th, but two
//	reports in two days are no more than noise (Poisson: 0.24 to 7.2 in two days, 0.12 to 3.6 a day)
func TestRun(t *testing.T) {
	t.Parallel()
	r := replay(t, "bug-backlog <= 1\nbug-reported <= 3.5/week\nbug-time-to-ship <= 5d", 90, gate.Policy{MinSamples: 1})
	got := []string{strip(r.Benchmarks[0].Days), strip(r.Benchmarks[1].Days), strip(r.Whole)}
	if diff := cmp.Diff([]string{".##..#.", ".~...~~", "!##!!#~"}, got); diff != "" {
		t.Errorf("days (-want +got):\n%s", diff)
	}
	if got := strip(r.Benchmarks[2].Days); got != "???????" || r.Benchmarks[2].Reason == "" {
		t.Errorf("nothing was deployed: %s (%s), want seven days that cannot be judged, and why", got,
			r.Benchmarks[2].Reason)
	}
	if !r.First.Equal(june(5, 0)) || !r.Last.Equal(june(11, 0)) || r.Near != 7 {
		t.Errorf("%s to %s, %d near, want 5 to 11 June, of which all look less far back than 84 days", r.First, r.Last, r.Near)
	}
	// The 6th and 7th, and the 10th and 11th.
	if times, longest := r.Stretches(); times != 2 || longest != 2 {
		t.Errorf("%d stretches, the longest of %d, want 2 of 2", times, longest)
	}
	// The 7th is red for the backlog alone, the 11th for the reports alone.
	if diff := cmp.Diff([]int{1, 1, 0}, r.Alone()); diff != "" {
		t.Errorf("alone (-want +got):\n%s", diff)
	}
	want := backtest.Count{Judged: 7, Held: 4, Red: 3}
	if diff := cmp.Diff(want, r.Benchmarks[0].Count()); diff != "" {
		t.Errorf("count (-want +got):\n%s", diff)
	}
	if first, last, ok := r.Reds(r.Benchmarks[0]); !ok || !first.Equal(june(6, 0)) || !last.Equal(june(10, 0)) {
		t.Errorf("red from %s to %s (%v), want 6 to 10 June", first, last, ok)
	}
}

// A day that was asked for and one more that was not: only the last is replayed.
func TestRunNoMoreThanAsked(t *testing.T) {
	t.Parallel()
	r := replay(t, "bug-backlog <= 1", 2, gate.Policy{})
	if got := strip(r.Whole); got != "#." {
		t.Errorf("the last two days are %q, want the 10th red and the 11th held", got)
	}
}

// A share of 5 runs in 10 is below 90 % by more than noise (Wilson's interval ends at 76 %), one of 4 in 5 is not: its
// interval goes from 38 % to 96 %. All of 5 are above 90 %, but that interval begins at 57 %.
func TestNoise(t *testing.T) {
	t.Parallel()
	s := bugs()
	s.Read = append(s.Read, model.Runs)
	run := func(id int64, day int, conclusion string) {
		at := june(day, 12).Add(time.Duration(id) * time.Minute)
		s.Runs = append(s.Runs, model.Run{
			ID: id, Workflow: "ci.yml", Branch: "main", Event: "push", Status: "completed", Conclusion: conclusion, Attempt: 1,
			Created: at, Started: at, Updated: at.Add(time.Minute),
		})
	}
	for id := range int64(10) {
		run(id+1, 8, []string{"success", "failure"}[id%2])
	}
	for id := range int64(5) {
		run(id+21, 7, "success")
		run(id+11, 10, []string{"failure", "success", "success", "success", "success"}[id])
	}
	benchmarks, err := gate.Language{}.ParseAll("ci-success-rate >= 90%")
	if err != nil {
		t.Fatal(err)
	}
	// Windows of a day: the 8th sees the five runs of the 7th, the 9th the ten of the 8th, the 10th none, the 11th the five of the 10th.
	for evidence, want := range map[gate.Evidence]string{gate.EvidencePoint: ".#?~", gate.EvidenceInterval: ":#?!"} {
		r, err := backtest.Run(context.Background(), backtest.Input{
			Snapshot: s, Policy: kpi.DefaultPolicy(), Benchmarks: benchmarks, Days: 4,
			Gate:   gate.Policy{MinSamples: 5, Evidence: evidence},
			Window: model.Window{Since: june(10, 0), Until: june(11, 0)},
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := strip(r.Whole); got != want {
			t.Errorf("with evidence %s: %s, want %s", evidence, got, want)
		}
		advised := strings.Contains(strings.Join(r.Advice(), "\n"), "evidence: interval")
		if advised != (evidence == gate.EvidencePoint) {
			t.Errorf("with evidence %s the advice is %q", evidence, r.Advice())
		}
	}
}

// A benchmark that is in force from 10 June on, and a ramp from 2 on 6 June to 0 on 10 June: 2, 1.5, 1, 0.5, 0.
//
//	midnight of            5     6     7     8     9     10    11
//	open then              1     2     2     1     0     2     0
//	ramp                   2     2     1.5   1     0.5   0     0      red on the 7th and the 10th
func TestLimitsOfTheDay(t *testing.T) {
	t.Parallel()
	from, err := gate.Language{}.Parse("bug-backlog <= 1")
	if err != nil {
		t.Fatal(err)
	}
	from.From = june(10, 0)
	ramp, err := gate.Language{}.Parse("bug-backlog <= 2 (2026-06-06) to 0 (2026-06-10)")
	if err != nil {
		t.Fatal(err)
	}
	r, err := backtest.Run(context.Background(), backtest.Input{
		Snapshot: bugs(), Policy: kpi.DefaultPolicy(), Benchmarks: []gate.Benchmark{from, ramp}, Days: 7,
		Window: model.Window{Since: june(9, 0), Until: june(11, 0)},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := []string{strip(r.Benchmarks[0].Days), strip(r.Benchmarks[1].Days)}
	if diff := cmp.Diff([]string{"-----#.", "..#..#."}, got); diff != "" {
		t.Errorf("days (-want +got):\n%s", diff)
	}
}

func TestTooShort(t *testing.T) {
	t.Parallel()
	_, err := backtest.Run(context.Background(), backtest.Input{
		Snapshot: bugs(), Days: 1, Window: model.Window{Since: june(5, 0), Until: june(11, 0)},
	})
	var short *backtest.TooShortError
	if !errors.As(err, &short) || !short.Need.Equal(time.Date(2026, 5, 30, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("two windows of six days before 11 June begin on 30 May, which the snapshot does not reach: %v", err)
	}
}

// The text is what a person reads: it is compared whole.
func TestWriteText(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	r := replay(t, "bug-backlog <= 1\nbug-reported <= 3.5/week", 90, gate.Policy{MinSamples: 1})
	if err := backtest.WriteText(&text, r); err != nil {
		t.Fatal(err)
	}
	want := `Backtest of 2 benchmarks on o/r
7 days, 2026-06-05 to 2026-06-11, each at its first moment (UTC), over the 2d before

These are not the 90 days that were asked for: the snapshot goes back to 2026-06-01T00:00:00Z, and a
day needs its window and the one before it. For all of them, collect with --back 94d.

For the first 7 days the snapshot goes back less far than a report would have read (84 days, or
twice the window): who was of the team, and since when CI was red, may differ a little.

BY BENCHMARK
     days judged  held  red  only noise  warned  not judged  first red   last red    benchmark
1    7            4     3    0           0       0           2026-06-06  2026-06-10  bug-backlog <= 1
2    7            4     3    3           0       0           2026-06-06  2026-06-11  bug-reported <= 3.5/week
all  7            3     4    1           0       0           2026-06-06  2026-06-11  the whole gate

DAY BY DAY: . held, # red, ~ red only by noise, ! warned, : warned although the figure met the limit,
            ? not judged, - not in force

     2026-06-05
  1  .##..#.
  2  .~...~~
all  .##..#~

The gate would have been red on 4 of 7 days, in 2 stretches, the longest of 2 days.
On 1 of them for benchmark 1 alone.
On 1 of them for benchmark 2 alone.

WHAT WOULD HELP
- evidence: interval. On 1 of the 4 red days nothing was breached by more than noise: it would have
  warned instead.

Not replayed: exemptions, and labels that somebody put on a pull request to let it pass. Titles,
issue types and milestones count as they are today.
`
	if diff := cmp.Diff(want, text.String()); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
}
