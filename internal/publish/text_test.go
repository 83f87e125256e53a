package publish

import (
	"testing"

	"kpi-gate/internal/report"
)

// TestDigestOfSaid: what makes a text another one, and what does not. Two digits of 259,200 seconds are 2.6e5, and so
// are those of 264,999; those of 265,001 are 2.7e5.
func TestDigestOfSaid(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		change func(*report.Report)
		same   bool
	}{
		{"nothing", func(*report.Report) {}, true},
		{"the window", func(r *report.Report) { r.Window.Until = "2026-03-02T00:00:00Z" }, true},
		{"the window before", func(r *report.Report) { r.Benchmarks[0].Previous = ptr(1.0) }, true},
		{"the cost", func(r *report.Report) { r.Read.Requests = 99 }, true},
		{"the number of items", func(r *report.Report) { r.Benchmarks[0].N = ptr(13) }, true},
		{"a small move", func(r *report.Report) { r.Benchmarks[0].Value = ptr(264_999.0) }, true},
		{"a reason that counts", func(r *report.Report) { r.Benchmarks[0].Reason = ptr("n is 3") }, true},
		{"a move", func(r *report.Report) { r.Benchmarks[0].Value = ptr(265_001.0) }, false},
		{"no figure", func(r *report.Report) { r.Benchmarks[0].Value = nil }, false},
		{"the limit", func(r *report.Report) { r.Benchmarks[0].Limit = ptr(86_400.0) }, false},
		{"an item", func(r *report.Report) { r.Benchmarks[0].Items = []string{"https://github.com/o/r/pull/4"} }, false},
		{"an outcome", func(r *report.Report) { r.Benchmarks[0].Outcome = "warned" }, false},
		{"what a breach does", func(r *report.Report) { r.Benchmarks[0].Then = "warn" }, false},
		{"an owner", func(r *report.Report) { r.Benchmarks[0].Owner = ptr("@org/platform") }, false},
		{"a benchmark more", func(r *report.Report) { r.Benchmarks = append(r.Benchmarks, r.Benchmarks[0]) }, false},
		{"not enforced", func(r *report.Report) { r.Enforced, r.NotEnforced = false, ptr("enforce is false") }, false},
		{"why it is exempt", func(r *report.Report) {
			r.Benchmarks[0].Would, r.Benchmarks[0].Reason = ptr("breached"), ptr("it has the label hotfix")
		}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			before, changed := reportOf("breached"), reportOf("breached")
			tt.change(changed)
			first, err := digestOfSaid(before)
			if err != nil {
				t.Fatal(err)
			}
			second, err := digestOfSaid(changed)
			if err != nil {
				t.Fatal(err)
			}
			if (first == second) != tt.same {
				t.Errorf("the same: %v, want %v", first == second, tt.same)
			}
		})
	}
}

// TestOrderOfItems: items that only change places are no news.
func TestOrderOfItems(t *testing.T) {
	t.Parallel()
	a, b := reportOf("breached"), reportOf("breached")
	a.Benchmarks[0].Items, b.Benchmarks[0].Items = []string{"1", "2"}, []string{"2", "1"}
	first, err := digestOfSaid(a)
	if err != nil {
		t.Fatal(err)
	}
	if second, err := digestOfSaid(b); err != nil || second != first {
		t.Errorf("another digest, or %v", err)
	}
}
