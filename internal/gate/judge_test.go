package gate_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kpi-gate/internal/gate"
	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
)

// on is the beginning of a day of 2026.
func on(month time.Month, day int) time.Time {
	return time.Date(2026, month, day, 0, 0, 0, 0, time.UTC)
}

// march is a window of 30 days.
var march = model.Window{Since: on(3, 1), Until: on(3, 31)}

// bug is an issue; a zero closed leaves it open.
func bug(number int, created, closed time.Time) model.Issue {
	return model.Issue{
		Number: number, Labels: []string{"bug"}, Author: model.Actor{Login: "reporter"}, Created: created, Closed: closed,
	}
}

// world has, at the end of March:
//
//	#1 1 Mar → 2 Mar = 1 d     #4 10 Mar → 20 Mar = 10 d
//	#2 2 Mar → 4 Mar = 2 d     #5 11 Mar → open, 20 d
//	#3 5 Mar → 8 Mar = 3 d     #6 29 Mar → open, 2 d
//	#7 10 Feb → 14 Feb = 4 d, in the window before
//
// and ten runs, 101 … 110, of which the last failed.
func world() *model.Snapshot {
	s := &model.Snapshot{
		Repository: model.Repository{Owner: "o", Name: "r", DefaultBranch: "main"},
		Read: []model.Feed{
			model.Issues, model.PastIncidents, model.Links, model.PullRequests, model.Runs, model.Reviews, model.Comments,
		},
		Issues: []model.Issue{
			bug(1, on(3, 1), on(3, 2)), bug(2, on(3, 2), on(3, 4)), bug(3, on(3, 5), on(3, 8)), bug(4, on(3, 10), on(3, 20)),
			bug(5, on(3, 11), time.Time{}), bug(6, on(3, 29), time.Time{}), bug(7, on(2, 10), on(2, 14)),
		},
	}
	for i := range 10 {
		run := model.Run{
			ID: int64(101 + i), Branch: "main", Event: "push", Status: "completed", Conclusion: "success", Attempt: 1,
			Created: on(3, 1+i), Started: on(3, 1+i), Updated: on(3, 1+i).Add(10 * time.Minute),
		}
		if i == 9 {
			run.Conclusion = "failure"
		}
		s.Runs = append(s.Runs, run)
	}
	return s
}

// judged is the verdict on one benchmark.
func judged(t *testing.T, s *model.Snapshot, minSamples int, line string) gate.Verdict {
	t.Helper()
	b, err := gate.Language{}.Parse(line)
	if err != nil {
		t.Fatal(err)
	}
	figures := kpi.Compute(s, kpi.DefaultPolicy(), march, kpi.Select(kpi.BuiltIn().All()))
	verdicts := gate.Judge([]gate.Benchmark{b}, figures, gate.Policy{MinSamples: minSamples})
	if len(verdicts) != 1 {
		t.Fatalf("%q: %d verdicts", line, len(verdicts))
	}
	return verdicts[0]
}

// numbers are those of the items: of an issue its number, of a run its ID.
func numbers(items []kpi.Item) []int {
	var all []int
	for _, item := range items {
		all = append(all, item.Ref.Number+int(item.Ref.ID))
	}
	return all
}

func TestJudge(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		line    string
		outcome gate.Outcome
		items   []int
	}{
		// Finished: 1, 2, 3, 10 d. p50 at h = 3·0.5 = 1.5: 2 + 0.5·1 = 2.5 d.
		{"bug-time-to-resolve <= 2.5d", gate.Held, nil},
		{"bug-time-to-resolve >= 2.5d", gate.Held, nil},
		// Beyond: the open #5 with 20 d, then 10 d and 3 d.
		{"bug-time-to-resolve < 2.5d", gate.Breached, []int{5, 4, 3}},
		{"bug-time-to-resolve <= 2d", gate.Breached, []int{5, 4, 3}},
		// "Below 2 d" is missed by 2 d too: #2, and #6, open for 2 d. Ties go by number.
		{"bug-time-to-resolve < 2d", gate.Breached, []int{5, 4, 3, 2, 6}},
		// Too short, the shortest first; those still open may yet take longer.
		{"bug-time-to-resolve > 2.5d", gate.Breached, []int{1, 2}},
		// Mean (1 + 2 + 3 + 10) / 4 = 4 d.
		{"bug-time-to-resolve.mean <= 4d", gate.Held, nil},
		{"bug-time-to-resolve.max < 10d", gate.Breached, []int{5, 4}},

		// In 3 d: 3 of the 4 finished; #5 has been open for longer, #6 has not: 3 of 5 = 60 %.
		{"bug-time-to-resolve.within(3d) >= 60%", gate.Held, nil},
		{"bug-time-to-resolve.within(3d) > 60%", gate.Breached, []int{5, 4}},
		{"bug-time-to-resolve.within(3d) <= 50%", gate.Breached, []int{3, 2, 1}},

		// Two are open, the oldest first.
		{"bug-backlog <= 2", gate.Held, nil},
		{"bug-backlog <= 1", gate.Breached, []int{5, 6}},
		{"bug-backlog >= 3", gate.Breached, nil},

		// Six opened in 30 days, the newest first.
		{"bug-reported <= 6/month", gate.Held, nil},
		{"bug-reported <= 0.1/day", gate.Breached, []int{6, 5, 4, 3, 2, 1}},
		{"bug-reported >= 1/day", gate.Breached, nil},

		// Nine of ten.
		{"ci-success-rate >= 90%", gate.Held, nil},
		{"ci-success-rate >= 95%", gate.Breached, []int{110}},
		{"ci-success-rate <= 80%", gate.Breached, []int{109, 108, 107, 106, 105, 104, 103, 102, 101}},
		{"ci-flake-rate <= 0%", gate.Held, nil},

		// Ages of two open bugs are too few, whatever they are.
		{"bug-age <= 1d", gate.TooFew, nil},
		{"bug-age <= 100d", gate.TooFew, nil},
	} {
		v := judged(t, world(), 3, test.line)
		if v.Outcome != test.outcome {
			t.Errorf("%q: %s (%s), want %s", test.line, v.Outcome, v.Reason, test.outcome)
		}
		if diff := cmp.Diff(test.items, numbers(v.Items)); diff != "" {
			t.Errorf("%q: items (-want +got):\n%s", test.line, diff)
		}
		if judged := v.Outcome == gate.Held || v.Outcome == gate.Breached; judged != (v.Reason == "") {
			t.Errorf("%q: %s because %q", test.line, v.Outcome, v.Reason)
		}
	}
}

func TestJudgeWithFewSamples(t *testing.T) {
	t.Parallel()
	v := judged(t, world(), 5, "bug-time-to-resolve <= 2d")
	if want := "n is 4, and a verdict needs at least 5"; v.Outcome != gate.TooFew || v.Reason != want {
		t.Errorf("got %s because %q, want %q", v.Outcome, v.Reason, want)
	}
	// The n of within counts #5, too.
	if v := judged(t, world(), 5, "bug-time-to-resolve.within(3d) >= 85%"); v.Outcome != gate.Breached {
		t.Errorf("got %s because %q", v.Outcome, v.Reason)
	}
	// Counts are known exactly, however small.
	if v := judged(t, world(), 100, "bug-backlog <= 1"); v.Outcome != gate.Breached {
		t.Errorf("got %s because %q", v.Outcome, v.Reason)
	}
	if v := judged(t, world(), 100, "bug-reported >= 1/day"); v.Outcome != gate.Breached {
		t.Errorf("got %s because %q", v.Outcome, v.Reason)
	}
}

func TestJudgeTellsThePreviousWindow(t *testing.T) {
	t.Parallel()
	// The window before, from 30 January, has #7 with 4 d.
	v := judged(t, world(), 3, "bug-time-to-resolve <= 2d")
	if !v.Previous.Known || v.Previous.Value != 4*86_400 || v.Previous.N != 1 {
		t.Errorf("got %+v", v.Previous)
	}
}

func TestJudgeWhatWasNotRead(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*model.Snapshot){
		"not wanted": func(s *model.Snapshot) { s.Read, s.Runs = s.Read[:2], nil },
		"not read": func(s *model.Snapshot) {
			s.Read, s.Runs = s.Read[:2], nil
			s.Gaps = []model.Gap{{Feed: model.Runs, Reason: "actions: read is missing"}}
		},
		"read in part": func(s *model.Snapshot) {
			s.Gaps = []model.Gap{{Feed: model.Runs, Reason: "only 10 runs were read", Partial: true}}
		},
	} {
		s := world()
		change(s)
		// One of these would hold and the other breach, were a part taken for the whole.
		for _, line := range []string{"ci-success-rate >= 10%", "ci-success-rate >= 99%"} {
			v := judged(t, s, 1, line)
			if v.Outcome != gate.NotMeasured || v.Reason == "" || v.Items != nil || v.Previous.Known {
				t.Errorf("%s: %q: %s because %q, items %v, previous %+v",
					name, line, v.Outcome, v.Reason, v.Items, v.Previous)
			}
			if len(s.Gaps) > 0 && !strings.HasSuffix(v.Reason, ": "+s.Gaps[0].Reason) {
				t.Errorf("%s: reason %q, want that of the gap", name, v.Reason)
			}
		}
	}
}

// The window before has #7, but there may have been more.
func TestJudgeKeepsAPartOfThePreviousWindowBack(t *testing.T) {
	t.Parallel()
	s := world()
	s.Gaps = []model.Gap{{Feed: model.Issues, Reason: "only 10 issues were read", Partial: true}}
	v := judged(t, s, 1, "bug-time-to-resolve <= 2d")
	if v.Previous.Known || !strings.HasSuffix(v.Previous.Reason, ": "+s.Gaps[0].Reason) {
		t.Errorf("got %+v", v.Previous)
	}
}

// With only open bugs there is no length to take a percentile of, and the KPI is not measured; how many were resolved
// in time is known all the same.
func TestJudgeByTheStatisticsOwnStatus(t *testing.T) {
	t.Parallel()
	s := world()
	s.Issues = s.Issues[4:6]
	if v := judged(t, s, 1, "bug-time-to-resolve <= 2d"); v.Outcome != gate.NotMeasured || v.Reason == "" {
		t.Errorf("p50: %s because %q", v.Outcome, v.Reason)
	}
	v := judged(t, s, 1, "bug-time-to-resolve.within(7d) >= 85%")
	if v.Outcome != gate.Breached || v.Estimate.N != 1 || v.Estimate.Hits != 0 {
		t.Errorf("within: %s because %q, %+v", v.Outcome, v.Reason, v.Estimate)
	}
	if diff := cmp.Diff([]int{5}, numbers(v.Items)); diff != "" {
		t.Errorf("within: items (-want +got):\n%s", diff)
	}
}

func TestJudgeWithoutFigures(t *testing.T) {
	t.Parallel()
	b, err := gate.Language{}.Parse("bug-backlog <= 1")
	if err != nil {
		t.Fatal(err)
	}
	v := gate.Judge([]gate.Benchmark{b}, nil, gate.Policy{})[0]
	if v.Outcome != gate.NotMeasured || v.Reason == "" || v.Estimate.Known {
		t.Errorf("got %+v", v)
	}
}

// Of seven bugs with the label slow, finished after 1 and 3 d, five are open, the oldest for 20 d. At 1 d one of seven
// is done (S = 6/7), at 3 d one of the six that got so far (S = 6/7 · 5/6 = 5/7), and that is all: half is not reached,
// and is more than 20 d.
func unreached() *model.Snapshot {
	s := world()
	s.Issues = []model.Issue{
		bug(1, on(3, 1), on(3, 2)), bug(2, on(3, 2), on(3, 5)), bug(3, on(3, 11), time.Time{}),
		bug(4, on(3, 12), time.Time{}), bug(5, on(3, 13), time.Time{}), bug(6, on(3, 14), time.Time{}),
		bug(7, on(3, 15), time.Time{}),
	}
	return s
}

func TestJudgeWhatWasNotReached(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		line    string
		outcome gate.Outcome
		items   []int
	}{
		// More than 20 d is more than 10 d and more than 20 d. Open for longer than 18 d: 20 and 19 d.
		{"bug-time-to-resolve.km_p50 <= 18d", gate.Breached, []int{3, 4}},
		{"bug-time-to-resolve.km_p50 < 20d", gate.Breached, []int{3}},
		{"bug-time-to-resolve.km_p50 <= 20d", gate.Breached, nil},
		// Whether it is more than 21 d is not known.
		{"bug-time-to-resolve.km_p50 <= 21d", gate.NotMeasured, nil},
		{"bug-time-to-resolve.km_p50 > 21d", gate.NotMeasured, nil},
		{"bug-time-to-resolve.km_p50 > 20d", gate.Held, nil},
		{"bug-time-to-resolve.km_p50 >= 10d", gate.Held, nil},
	} {
		v := judged(t, unreached(), 7, test.line)
		if v.Outcome != test.outcome {
			t.Errorf("%q: %s (%s), want %s", test.line, v.Outcome, v.Reason, test.outcome)
		}
		if diff := cmp.Diff(test.items, numbers(v.Items)); diff != "" {
			t.Errorf("%q: items (-want +got):\n%s", test.line, diff)
		}
		// The verdict does not make up a figure.
		if v.Estimate.Known || v.Estimate.MoreThan == nil || *v.Estimate.MoreThan != 20*86_400 {
			t.Errorf("%q: estimate %+v", test.line, v.Estimate)
		}
		want := ""
		if test.outcome == gate.NotMeasured {
			want = "too much is still running: it is more than 20d, and the limit is 21d"
		}
		if v.Reason != want {
			t.Errorf("%q: reason %q, want %q", test.line, v.Reason, want)
		}
	}
	// Seven bugs, five of them open, are what the figure is drawn from.
	v := judged(t, unreached(), 8, "bug-time-to-resolve.km_p50 <= 10d")
	if want := "n is 7, and a verdict needs at least 8"; v.Outcome != gate.TooFew || v.Reason != want {
		t.Errorf("got %s because %q, want %q", v.Outcome, v.Reason, want)
	}
}

// Finished after 1, 2, 3 and 10 d, open for 2 and 20 d. S falls to 5/6 at 1 d, to 5/6 · 4/5 = 4/6 at 2 d (five have got
// there, the open one too), to 4/6 · 2/3 = 4/9 at 3 d (10 d and 20 d remain beside it): half are done by 3 d.
func TestJudgeWithOpenItems(t *testing.T) {
	t.Parallel()
	if v := judged(t, world(), 6, "bug-time-to-resolve.km_p50 <= 3d"); v.Outcome != gate.Held || v.Estimate.N != 6 {
		t.Errorf("got %s because %q, n %d", v.Outcome, v.Reason, v.Estimate.N)
	}
	v := judged(t, world(), 6, "bug-time-to-resolve.km_p50 < 3d")
	if v.Outcome != gate.Breached {
		t.Errorf("got %s because %q", v.Outcome, v.Reason)
	}
	// The open #5 and #4 are longer, and #3 takes the limit's 3 d.
	if diff := cmp.Diff([]int{5, 4, 3}, numbers(v.Items)); diff != "" {
		t.Errorf("items (-want +got):\n%s", diff)
	}
}

func TestJudgeFilters(t *testing.T) {
	t.Parallel()
	s := world()
	for i := range s.Issues {
		if n := s.Issues[i].Number; n == 4 || n == 5 {
			s.Issues[i].Labels = []string{"bug", "sev1"}
		}
	}
	lines := "bug-time-to-resolve <= 2.5d\nbug-time-to-resolve{label=sev1} <= 2.5d\nbug-backlog{label=sev[2-9]} <= 0"
	benchmarks, err := gate.Language{}.ParseAll(lines)
	if err != nil {
		t.Fatal(err)
	}
	selections := gate.Selections(benchmarks, nil)
	verdicts := gate.Judge(benchmarks, kpi.Compute(s, kpi.DefaultPolicy(), march, selections), gate.Policy{MinSamples: 1})
	// All: the median of 1, 2, 3 and 10 d is 2.5 d. Of sev1 only #4 is done, after 10 d, and #5 is open for 20 d.
	if verdicts[0].Outcome != gate.Held || verdicts[0].Estimate.N != 4 {
		t.Errorf("all: %+v", verdicts[0])
	}
	if v := verdicts[1]; v.Outcome != gate.Breached || v.Estimate.Value != 10*86_400 || v.Estimate.N != 1 ||
		!cmp.Equal(numbers(v.Items), []int{5, 4}) {
		t.Errorf("sev1: %s, %+v, items %v", v.Outcome, v.Estimate, numbers(v.Items))
	}
	if verdicts[2].Outcome != gate.Held || verdicts[2].Estimate.Value != 0 {
		t.Errorf("sev2 to sev9: %+v", verdicts[2])
	}
}

// What is worked out of items lists those that made it worse, whichever side the limit is on.
func TestJudgeComputedLevels(t *testing.T) {
	t.Parallel()
	s := world()
	// Down from 2 to 5 March: 3 of 30 days, so 90 % were available. One incident: up for 27 d between failures.
	incident := bug(20, on(3, 2), on(3, 5))
	incident.Labels = []string{"incident"}
	s.Issues = append(s.Issues, incident)
	for _, test := range []struct {
		line    string
		outcome gate.Outcome
		items   []int
	}{
		{"availability >= 90%", gate.Held, nil},
		{"availability >= 95%", gate.Breached, []int{20}},
		{"availability <= 50%", gate.Breached, nil},
		{"downtime <= 3d", gate.Held, nil},
		{"downtime <= 1d", gate.Breached, []int{20}},
		{"downtime >= 4d", gate.Breached, nil},
		{"mean-time-between-failures >= 28d", gate.Breached, []int{20}},
		// No bug was open on 1 March but #7, closed before: growth from nothing is not measured.
		{"bug-backlog-growth <= 0%", gate.NotMeasured, nil},
	} {
		v := judged(t, s, 5, test.line)
		if v.Outcome != test.outcome {
			t.Errorf("%q: %s (%s), want %s", test.line, v.Outcome, v.Reason, test.outcome)
		}
		if diff := cmp.Diff(test.items, numbers(v.Items)); diff != "" {
			t.Errorf("%q: items (-want +got):\n%s", test.line, diff)
		}
	}
}
