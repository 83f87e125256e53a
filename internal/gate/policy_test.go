package gate_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kpi-gate/internal/gate"
	"kpi-gate/internal/kpi"
)

// The median of world is 2.5 d; #3, #4 and #5 take, or took, longer.
func TestJudgeWhatOnlyWarns(t *testing.T) {
	t.Parallel()
	b := benchmark(t, "bug-time-to-resolve <= 2d")
	b.Then = gate.ThenWarn
	v := judgedOn(figuresOf(world(), b), b, gate.Policy{})
	want := "it is beyond the limit of 2d, and this benchmark only warns (then: warn)"
	if v.Outcome != gate.Warned || v.Reason != want || !cmp.Equal(numbers(v.Items), []int{5, 4, 3}) {
		t.Errorf("got %s because %q, items %v", v.Outcome, v.Reason, numbers(v.Items))
	}
	b = benchmark(t, "bug-time-to-resolve <= 3d")
	b.Then = gate.ThenWarn
	if v := judgedOn(figuresOf(world(), b), b, gate.Policy{}); v.Outcome != gate.Held || v.Reason != "" {
		t.Errorf("got %s because %q", v.Outcome, v.Reason)
	}
	// More than 20 d is more than 18 d.
	b = benchmark(t, "bug-time-to-resolve.km_p50 <= 18d")
	b.Then = gate.ThenWarn
	if v := judgedOn(figuresOf(unreached(), b), b, gate.Policy{}); v.Outcome != gate.Warned || len(v.Items) != 2 {
		t.Errorf("not reached: got %s because %q, items %v", v.Outcome, v.Reason, numbers(v.Items))
	}
}

func TestJudgeByTheBenchmarksOwnMinSamples(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		policy, own int
		want        gate.Outcome
	}{
		{5, 0, gate.TooFew}, {5, 4, gate.Breached}, {4, 0, gate.Breached}, {4, 5, gate.TooFew}, {0, 5, gate.TooFew},
	} {
		b := benchmark(t, "bug-time-to-resolve <= 2d") // n is 4
		b.MinSamples = test.own
		v := judgedOn(figuresOf(world(), b), b, gate.Policy{MinSamples: test.policy})
		if v.Outcome != test.want {
			t.Errorf("%d, and %d of its own: %s (%s), want %s", test.policy, test.own, v.Outcome, v.Reason, test.want)
		}
	}
}

// The window ends on 31 March.
func TestJudgeOnlyWhileInForce(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name        string
		from, until time.Time
		then        gate.Then
		line        string
		outcome     gate.Outcome
		would       gate.Outcome
		reason      string
	}{
		{"for ever", time.Time{}, time.Time{}, "", "bug-backlog <= 1", gate.Breached, "", ""},
		{"since today", on(3, 31), time.Time{}, "", "bug-backlog <= 1", gate.Breached, "", ""},
		{"until today", time.Time{}, on(3, 31), "", "bug-backlog <= 1", gate.Breached, "", ""},
		{
			"from tomorrow", on(4, 1),
			time.Time{},
			"", "bug-backlog <= 1", gate.Exempt, gate.Breached,
			"it is not in force before 2026-04-01",
		},
		{
			"until yesterday", on(1, 1), on(3, 30), "", "bug-backlog <= 1", gate.Exempt, gate.Breached,
			"it was in force until 2026-03-30",
		},
		{
			"would hold",
			time.Time{},
			on(3, 30), "", "bug-backlog <= 2", gate.Exempt, gate.Held,
			"it was in force until 2026-03-30",
		},
		{
			"would warn", on(4, 1),
			time.Time{},
			gate.ThenWarn, "bug-backlog <= 1", gate.Exempt, gate.Warned,
			"it is not in force before 2026-04-01",
		},
		{
			"could not be judged", on(4, 1),
			time.Time{},
			"", "bug-age <= 1d", gate.Exempt, gate.TooFew,
			"it is not in force before 2026-04-01",
		},
	} {
		b := benchmark(t, test.line)
		b.From, b.Until, b.Then = test.from, test.until, test.then
		f := figuresOf(world(), b)
		for _, hour := range []time.Duration{0, 24*time.Hour - time.Second} {
			f.Window.Until = march.Until.Add(hour)
			v := judgedOn(f, b, gate.Policy{MinSamples: 3})
			if v.Outcome != test.outcome || v.Would != test.would || v.Reason != test.reason ||
				(v.ExemptBy == gate.ByDate) != (test.outcome == gate.Exempt) {
				t.Errorf("%s, at %v: %s by %q (%s), would be %s", test.name, hour, v.Outcome, v.ExemptBy, v.Reason, v.Would)
			}
		}
	}
}

// From 4 d on 21 March to 1 d on 10 April: 3 d in 20 days, so 2.5 d on 31 March, half way.
func TestJudgeByTheLimitOfTheDay(t *testing.T) {
	t.Parallel()
	b := benchmark(t, "bug-time-to-resolve <= 4d (2026-03-21) to 1d (2026-04-10)")
	f := figuresOf(world(), b)
	for _, test := range []struct {
		until   time.Time
		limit   float64
		outcome gate.Outcome
		items   []int
	}{
		{on(3, 21), 345_600, gate.Held, nil},
		{on(3, 31), 216_000, gate.Held, nil},                     // 2.5 d, which is the median
		{on(4, 1), 203_040, gate.Breached, []int{5, 4, 3}},       // 2.35 d
		{on(4, 11), 86_400, gate.Breached, []int{5, 4, 3, 2, 6}}, // 1 d, which #1 keeps to
	} {
		f.Window.Until = test.until
		v := judgedOn(f, b, gate.Policy{})
		if v.Limit == nil || *v.Limit != test.limit || v.Outcome != test.outcome ||
			!cmp.Equal(numbers(v.Items), test.items) {
			t.Errorf("%v: %s at %v, items %v; want %s at %v, items %v",
				test.until, v.Outcome, v.Limit, numbers(v.Items), test.outcome, test.limit, test.items)
		}
	}
}

// inPart makes figures those of a part of the facts.
func inPart(f kpi.Figures, onlyMore bool) kpi.Figures {
	f.Missing, f.Status, f.Reason, f.OnlyMore = true, kpi.Partial, "issues were read only in part", onlyMore
	return f
}

func TestJudgeAPart(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		line     string
		onlyMore gate.Outcome // where more can only add
		interval gate.Outcome // and by intervals
	}{
		// Two are open, or more; a level is known exactly.
		{"bug-backlog >= 2", gate.Held, gate.Held},
		{"bug-backlog >= 3", gate.NotMeasured, gate.NotMeasured},
		{"bug-backlog <= 1", gate.Breached, gate.Breached},
		{"bug-backlog <= 2", gate.NotMeasured, gate.NotMeasured},
		// Six were reported, or more; the interval of six is 2.2 to 13.06, and that of more is further up.
		{"bug-reported >= 2/month", gate.Held, gate.Held},
		{"bug-reported >= 6/month", gate.Held, gate.NotMeasured},
		{"bug-reported >= 14/month", gate.NotMeasured, gate.NotMeasured},
		{"bug-reported <= 2/month", gate.Breached, gate.Breached},
		{"bug-reported <= 5/month", gate.Breached, gate.NotMeasured},
		{"bug-reported <= 6/month", gate.NotMeasured, gate.NotMeasured},
	} {
		b := benchmark(t, test.line)
		f := figuresOf(world(), b)
		for _, judged := range []struct {
			onlyMore bool
			policy   gate.Policy
			want     gate.Outcome
		}{
			{false, gate.Policy{}, gate.NotMeasured},
			{false, byInterval, gate.NotMeasured},
			{true, gate.Policy{}, test.onlyMore},
			{true, byInterval, test.interval},
		} {
			v := judgedOn(inPart(f, judged.onlyMore), b, judged.policy)
			want := ""
			if judged.want == gate.NotMeasured {
				want = "issues were read only in part"
			}
			if v.Outcome != judged.want || v.Reason != want || (len(v.Items) > 0) != (v.Outcome == gate.Breached) {
				t.Errorf("%q, only more %v, %q: %s (%s), items %v; want %s",
					test.line, judged.onlyMore, judged.policy.Evidence, v.Outcome, v.Reason, numbers(v.Items), judged.want)
			}
		}
	}
	b := benchmark(t, "bug-backlog <= 1")
	b.Then = gate.ThenWarn
	if v := judgedOn(inPart(figuresOf(world(), b), true), b, gate.Policy{}); v.Outcome != gate.Warned || len(v.Items) != 2 {
		t.Errorf("what only warns: %s (%s)", v.Outcome, v.Reason)
	}
}

// What is said of a part is what is said of the whole, however much more that is.
func TestJudgeAPartAsTheWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.SampledFrom([]string{"bug-reported", "bug-backlog"}).Draw(t, "figure") + " " +
			rapid.SampledFrom([]string{"<=", "<", ">=", ">"}).Draw(t, "operator") + " "
		unit := map[bool]string{true: "/month"}[line[4] == 'r']
		b, err := gate.Language{}.Parse(line + rapid.StringMatching(`[0-9]|1[0-9]`).Draw(t, "limit") + unit)
		if err != nil {
			t.Fatal(err)
		}
		whole := resolved(nil, nil)
		for i := range rapid.IntRange(1, 15).Draw(t, "open") {
			whole.Issues = append(whole.Issues, bug(i+1, on(3, 1+i), time.Time{}))
		}
		part := *whole
		part.Issues = whole.Issues[rapid.IntRange(0, len(whole.Issues)-1).Draw(t, "not read"):]
		policy := gate.Policy{Evidence: rapid.SampledFrom([]gate.Evidence{"", gate.EvidenceInterval}).Draw(t, "evidence")}
		of := judgedOn(inPart(figuresOf(&part, b), true), b, policy)
		if all := judgedOn(figuresOf(whole, b), b, policy); of.Outcome != gate.NotMeasured && of.Outcome != all.Outcome {
			t.Fatalf("%s: %s of %d, %s of %d", b, of.Outcome, len(part.Issues), all.Outcome, len(whole.Issues))
		}
	})
}
