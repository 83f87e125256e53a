package gate_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kpi-gate/internal/gate"
	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
)

// figuresOf are those of one benchmark in March.
func figuresOf(s *model.Snapshot, b gate.Benchmark) kpi.Figures {
	return kpi.Compute(s, kpi.DefaultPolicy(), march, []kpi.Selection{b.Selection()})[0]
}

// judgedOn is the verdict on one benchmark under a policy.
func judgedOn(f kpi.Figures, b gate.Benchmark, policy gate.Policy) gate.Verdict {
	return gate.Judge([]gate.Benchmark{b}, []kpi.Figures{f}, policy)[0]
}

// byInterval is the policy of evidence by intervals.
var byInterval = gate.Policy{MinSamples: 1, Evidence: gate.EvidenceInterval}

// resolved are bugs resolved in March after so many hours, and in the window before it. The numbers count on.
func resolved(march, before []int) *model.Snapshot {
	s := world()
	s.Issues = nil
	for _, window := range []struct {
		first time.Time
		hours []int
	}{{on(3, 2), march}, {on(2, 2), before}} {
		for i, hours := range window.hours {
			closed := window.first.Add(time.Duration(i) * time.Hour)
			s.Issues = append(s.Issues, bug(len(s.Issues)+1, closed.Add(-time.Duration(hours)*time.Hour), closed))
		}
	}
	return s
}

// counting is from … to.
func counting(from, to int) []int {
	var all []int
	for n := from; n <= to; n++ {
		all = append(all, n)
	}
	return all
}

func TestJudgeByInterval(t *testing.T) {
	t.Parallel()
	tenHours := resolved(counting(1, 10), nil)
	for _, test := range []struct {
		snapshot *model.Snapshot
		line     string
		outcome  gate.Outcome
		items    []int
		reason   string
	}{
		// Nine of ten; Wilson: centre (0.9 + 3.8415/20) / (1 + 0.38415) = 0.7890, half the width
		// 1.96 / 1.38415 · √(0.9·0.1/10 + 3.8415/400) = 0.1931: 59.6 % to 98.2 %.
		{world(), "ci-success-rate >= 59%", gate.Held, nil, ""},
		{
			world(), "ci-success-rate >= 80%", gate.Warned, nil, "it is within the limit of 80%, but that may be chance:" +
				" the 95 % interval of the figure is 59.6% to 98.2% (n is 10)",
		},
		{
			world(), "ci-success-rate >= 95%", gate.Warned, []int{110}, "it is beyond the limit of 95%, but that may be chance:" +
				" the 95 % interval of the figure is 59.6% to 98.2% (n is 10)",
		},
		{world(), "ci-success-rate >= 99%", gate.Breached, []int{110}, ""},
		{world(), "ci-success-rate <= 99%", gate.Held, nil, ""},
		{world(), "ci-success-rate <= 59%", gate.Breached, []int{109, 108, 107, 106, 105, 104, 103, 102, 101}, ""},
		// None of ten: up to 3.8415 / (10 + 3.8415) = 27.8 %.
		{world(), "ci-flake-rate <= 28%", gate.Held, nil, ""},
		{
			world(), "ci-flake-rate <= 27%", gate.Warned, nil, "it is within the limit of 27%, but that may be chance:" +
				" the 95 % interval of the figure is 0% to 27.8% (n is 10)",
		},

		// Six in 30 days; the exact interval of six events is 2.202 to 13.06.
		{world(), "bug-reported <= 13.1/month", gate.Held, nil, ""},
		{
			world(), "bug-reported <= 7/month", gate.Warned, nil, "it is within the limit of 7/month, but that may be chance:" +
				" the 95 % interval of the figure is 2.2/month to 13.1/month (n is 6)",
		},
		{
			// In a week 2.202 · 7/30 = 0.514 to 13.06 · 7/30 = 3.05.
			world(), "bug-reported <= 1/week", gate.Warned, []int{6, 5, 4, 3, 2, 1}, "it is beyond the limit of 1/week, but that" +
				" may be chance: the 95 % interval of the figure is 0.514/week to 3.05/week (n is 6)",
		},
		{world(), "bug-reported <= 2.2/month", gate.Breached, []int{6, 5, 4, 3, 2, 1}, ""},

		// 1 … 10 h; the interval of the median is from rank 2 to rank 9, since of ten tosses at most one is heads in
		// 11/1024 = 1.1 % of cases, at most two in 56/1024 = 5.5 %. The ends of an interval belong to it.
		{tenHours, "bug-time-to-resolve <= 9h", gate.Held, nil, ""},
		{
			tenHours, "bug-time-to-resolve < 9h", gate.Warned, nil, "it is within the limit of 9h, but that may be chance:" +
				" the 95 % interval of the figure is 2h to 9h (n is 10)",
		},
		{
			tenHours, "bug-time-to-resolve <= 2h", gate.Warned, []int{10, 9, 8, 7, 6, 5, 4, 3}, "it is beyond the limit of 2h," +
				" but that may be chance: the 95 % interval of the figure is 2h to 9h (n is 10)",
		},
		{tenHours, "bug-time-to-resolve < 2h", gate.Breached, []int{10, 9, 8, 7, 6, 5, 4, 3, 2}, ""},
		{tenHours, "bug-time-to-resolve >= 2h", gate.Held, nil, ""},
		{tenHours, "bug-time-to-resolve > 9h", gate.Breached, []int{1, 2, 3, 4, 5, 6, 7, 8, 9}, ""},
		// Ten are too few for an upper end of a p90: rank 10 is exceeded with 0.9^10 = 35 % by none. At most six of ten with
		// a chance of 0.9 happen in 1.3 % of cases, at most seven in 7 %: from rank 7 on.
		{
			tenHours, "bug-time-to-resolve.p90 <= 100h", gate.Warned, nil, "it is within the limit of 4d4h, but that may be" +
				" chance: the 95 % interval of the figure is 7h or more (n is 10)",
		},
		{tenHours, "bug-time-to-resolve.p90 <= 6h", gate.Breached, []int{10, 9, 8, 7}, ""},
		// Of four there is no telling where the median is.
		{
			world(), "bug-time-to-resolve <= 100d", gate.Warned, nil, "it is within the limit of 100d, but that may be chance:" +
				" the 95 % interval of the figure is open on both sides (n is 4)",
		},

		// What has no interval is judged as it is: the mean is 5.5 h, and half are done by 5 h (S = 5/10 then).
		{tenHours, "bug-time-to-resolve.mean <= 5.5h", gate.Held, nil, ""},
		{tenHours, "bug-time-to-resolve.mean < 5.5h", gate.Breached, []int{10, 9, 8, 7, 6}, ""},
		{tenHours, "bug-time-to-resolve.max <= 9h", gate.Breached, []int{10}, ""},
		{tenHours, "bug-time-to-resolve.km_p50 <= 5h", gate.Held, nil, ""},
		{tenHours, "bug-time-to-resolve.km_p50 < 5h", gate.Breached, []int{10, 9, 8, 7, 6, 5}, ""},
		{unreached(), "bug-time-to-resolve.km_p50 <= 18d", gate.Breached, []int{3, 4}, ""},
		{world(), "bug-backlog <= 2", gate.Held, nil, ""},
		{world(), "bug-backlog <= 1", gate.Breached, []int{5, 6}, ""},
	} {
		b := benchmark(t, test.line)
		v := judgedOn(figuresOf(test.snapshot, b), b, byInterval)
		if v.Outcome != test.outcome || v.Reason != test.reason {
			t.Errorf("%q: %s (%s), want %s (%s)", test.line, v.Outcome, v.Reason, test.outcome, test.reason)
		}
		if diff := cmp.Diff(test.items, numbers(v.Items)); diff != "" {
			t.Errorf("%q: items (-want +got):\n%s", test.line, diff)
		}
	}
}

func TestJudgeRelativeLimits(t *testing.T) {
	t.Parallel()
	// 11 … 20 h after 1 … 10 h: every one is longer than every one before it, and the medians are 15.5 and 5.5 h.
	slower := resolved(counting(11, 20), counting(1, 10))
	// 3 … 12 h: 7.5 h, and the interval, from rank 2 to rank 9, is 4 to 11 h. Of the 100 pairs with 1 … 10 h, 68 are
	// longer now, a tie counted as half of one: z = (68 − 50 − 0.5) / √(100·21/12) = 1.32, p = 0.19.
	alike := resolved(counting(3, 12), counting(1, 10))
	const noise = "it is beyond the limit of 2h45m, but the change from the window before may be chance"
	for _, test := range []struct {
		name     string
		snapshot *model.Snapshot
		line     string
		policy   gate.Policy
		outcome  gate.Outcome
		limit    float64
		reason   string
	}{
		// 5.5 h · 1.1 = 6.05 h = 21,780 s; 7.5 and 15.5 h are more.
		{"by the point", alike, "bug-time-to-resolve <= previous + 10%", gate.Policy{}, gate.Breached, 21_780, ""},
		{"well beyond", slower, "bug-time-to-resolve <= previous + 10%", byInterval, gate.Breached, 21_780, ""},
		{
			"an interval that straddles", alike, "bug-time-to-resolve <= previous + 10%", byInterval, gate.Warned, 21_780,
			"it is beyond the limit of 6h3m, but that may be chance: the 95 % interval of the figure is 4h to 11h (n is 10)",
		},
		// 5.5 h · 0.5 = 2.75 h: the whole interval is beyond, but it may as well not have changed at all.
		{"noise", alike, "bug-time-to-resolve <= previous - 50%", byInterval, gate.Warned, 9_900, noise},
		{
			"noise, without an interval", alike, "bug-time-to-resolve.mean <= previous - 50%", byInterval,
			gate.Warned, 9_900, noise,
		},
		{"noise, by the point", alike, "bug-time-to-resolve <= previous - 50%", gate.Policy{}, gate.Breached, 9_900, ""},
		// 5.5 h · 3 = 16.5 h, and the interval is 12 to 19 h; 5.5 h · 3.6 = 19.8 h.
		{"held", slower, "bug-time-to-resolve <= previous + 260%", byInterval, gate.Held, 71_280, ""},
		{"a lower limit", slower, "bug-time-to-resolve > previous", byInterval, gate.Held, 19_800, ""},
		{"no change is allowed", alike, "bug-time-to-resolve <= previous", gate.Policy{}, gate.Breached, 19_800, ""},

		// Two are open, none was before: levels are no samples.
		{"a level", world(), "bug-backlog <= previous", byInterval, gate.Breached, 0, ""},
		// Ten in either window; a rate needs no samples to be known.
		{"a rate", alike, "bug-resolved >= previous - 10%", gate.Policy{MinSamples: 100}, gate.Held, 0.9 * 10 / 30, ""},
	} {
		b := benchmark(t, test.line)
		v := judgedOn(figuresOf(test.snapshot, b), b, test.policy)
		if v.Outcome != test.outcome || v.Reason != test.reason {
			t.Errorf("%s: %s (%s), want %s (%s)", test.name, v.Outcome, v.Reason, test.outcome, test.reason)
		}
		if v.Limit == nil || math.Abs(*v.Limit-test.limit) > 1e-9*test.limit {
			t.Errorf("%s: limit %v, want %v", test.name, *v.Limit, test.limit)
		}
	}
}

func TestJudgeRelativeLimitsWithoutABasis(t *testing.T) {
	t.Parallel()
	b := benchmark(t, "bug-time-to-resolve <= previous + 10%")
	five := gate.Policy{MinSamples: 5}
	for _, test := range []struct {
		name    string
		figures kpi.Figures
		policy  gate.Policy
		outcome gate.Outcome
		limit   bool
		reason  string
	}{
		{
			"nothing before", figuresOf(resolved(counting(1, 10), nil), b), five, gate.NotMeasured, false,
			"the limit follows from the window before, which has no figure: ",
		},
		{
			"few before", figuresOf(resolved(counting(1, 10), counting(1, 4)), b), five, gate.TooFew, true,
			"the limit follows from the window before, whose n is 4, and a verdict needs at least 5",
		},
		{
			"few now", figuresOf(resolved(counting(1, 4), counting(1, 10)), b), five, gate.TooFew, true,
			"n is 4, and a verdict needs at least 5",
		},
		{
			"a part before", func() kpi.Figures {
				f := figuresOf(resolved(counting(1, 10), counting(1, 10)), b)
				f.Previous.Missing, f.Previous.Status, f.Previous.Reason = true, kpi.Partial, "issues were read only in part"
				return f
			}(), five, gate.NotMeasured, false,
			"the limit follows from the window before, which has no figure: issues were read only in part",
		},
		{
			"noise cannot be told", func() kpi.Figures {
				f := figuresOf(resolved(counting(11, 20), counting(1, 10)), b)
				f.Significant = nil
				return f
			}(), byInterval, gate.Warned, true,
			"it is beyond the limit of 6h3m, but whether the change from the window before is more than chance cannot be told",
		},
	} {
		v := judgedOn(test.figures, b, test.policy)
		if v.Outcome != test.outcome || !strings.HasPrefix(v.Reason, test.reason) || (v.Limit != nil) != test.limit {
			t.Errorf("%s: %s (%s), limit %v; want %s (%s)", test.name, v.Outcome, v.Reason, v.Limit, test.outcome, test.reason)
		}
	}
}

// By the point the same figures are never better off: what is breached on the evidence of intervals is breached there,
// and what is held is held there.
func TestIntervalsAreSlowerToJudge(t *testing.T) {
	t.Parallel()
	hours := rapid.SliceOfN(rapid.IntRange(1, 500), 0, 25)
	rapid.Check(t, func(t *rapid.T) {
		s := resolved(hours.Draw(t, "now"), hours.Draw(t, "before"))
		for i := range rapid.IntRange(0, 5).Draw(t, "open") {
			s.Issues = append(s.Issues, bug(1000+i, on(3, 1+i), time.Time{}))
		}
		figure := rapid.SampledFrom([]string{
			"bug-time-to-resolve", "bug-time-to-resolve.p90", "bug-time-to-resolve.mean", "bug-time-to-resolve.km_p50",
			"bug-time-to-resolve.within(4d)", "bug-resolved", "bug-backlog", "bug-resolution-rate",
		}).Draw(t, "figure")
		operator := rapid.SampledFrom([]string{"<=", "<", ">=", ">"}).Draw(t, "operator")
		line := figure + " " + operator + " previous"
		if more := rapid.IntRange(-99, 200).Draw(t, "more"); more >= 0 {
			line += fmt.Sprintf(" + %d%%", more)
		} else {
			line += fmt.Sprintf(" - %d%%", -more)
		}
		b, err := gate.Language{}.Parse(line)
		if err != nil {
			t.Fatal(err)
		}
		if rapid.Bool().Draw(t, "absolute") {
			b.Relative = nil
			b.Limit = rapid.Float64Range(0, 2).Draw(t, "limit")
			if b.KPI.Unit == kpi.Seconds && b.Statistic.Name != "within" {
				b.Limit = rapid.Float64Range(0, 500*3600).Draw(t, "seconds")
			}
		}
		f := figuresOf(s, b)
		policy := gate.Policy{MinSamples: 1}
		point := judgedOn(f, b, policy)
		policy.Evidence = gate.EvidenceInterval
		interval := judgedOn(f, b, policy)
		settled := interval.Outcome == gate.Breached || interval.Outcome == gate.Held
		if settled && interval.Outcome != point.Outcome ||
			interval.Outcome.IsJudged() != point.Outcome.IsJudged() || interval.Outcome == gate.Warned && interval.Reason == "" {
			t.Fatalf("%s: %s (%s) by interval, %s by point", b, interval.Outcome, interval.Reason, point.Outcome)
		}
		if point.Outcome == gate.Breached && !slices.Equal(numbers(point.Items), numbers(interval.Items)) {
			t.Fatalf("%s: items %v by interval, %v by point", b, numbers(interval.Items), numbers(point.Items))
		}
	})
}
