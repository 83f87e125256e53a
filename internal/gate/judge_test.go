package gate_test

import (
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
		Read:       []model.Feed{model.Issues, model.Links, model.PullRequests, model.Runs},
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
			if len(s.Gaps) > 0 && v.Reason != s.Gaps[0].Reason {
				t.Errorf("%s: reason %q, want that of the gap", name, v.Reason)
			}
		}
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

func TestOverall(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		outcomes []gate.Outcome
		want     string
	}{
		{nil, "held"},
		{[]gate.Outcome{gate.Held, gate.Held}, "held"},
		{[]gate.Outcome{gate.Exempt}, "held"},
		{[]gate.Outcome{gate.NotMeasured, gate.Held, gate.Breached}, "breached"},
		{[]gate.Outcome{gate.NotMeasured, gate.TooFew}, "not-measured"},
		{[]gate.Outcome{gate.NotMeasured, gate.Held}, "warned"},
		{[]gate.Outcome{gate.TooFew, gate.Exempt}, "warned"},
		{[]gate.Outcome{gate.Held, gate.Warned}, "warned"},
	} {
		var verdicts []gate.Verdict
		for _, outcome := range test.outcomes {
			verdicts = append(verdicts, gate.Verdict{Outcome: outcome})
		}
		if got := gate.Overall(verdicts); got != test.want {
			t.Errorf("%v: got %s, want %s", test.outcomes, got, test.want)
		}
	}
}
