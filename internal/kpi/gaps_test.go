package kpi_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
)

// A figure that is drawn from less than the whole says so: whatever part of whichever feeds could not be read, a figure
// in which nothing is said to be missing is the one that the whole snapshot gives, in every window.
func TestGapsAreNeverSilent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, policy := drawSnapshot(t), drawPolicy(t)
		broken := torn(t, s, policy)
		all := drawSelections(t)
		whole := kpi.Compute(s, policy, march, all)
		for i, got := range kpi.Compute(broken, policy, march, all) {
			want := whole[i]
			if gap := slices.ContainsFunc(got.Mentions, func(f model.Feed) bool { return hasGap(broken, f) }); gap {
				for _, note := range got.Notes {
					if strings.Contains(note, "ever been seen") {
						t.Errorf("%s: %q, which is not known: %v", all[i], note, broken.Gaps)
					}
				}
				got.Notes, want.Notes = nil, nil
				got.Previous.Notes, want.Previous.Notes = nil, nil
			}
			if len(got.Gaps) > 0 {
				checkMissing(t, got)
			} else if diff := difference(want, got); diff != "" {
				t.Fatalf("%s with %v (-whole +broken):\n%s", all[i], broken.Gaps, diff)
			}
		}
	})
}

// checkMissing holds a figure in which something is missing: it is measured in no window, nothing is told from
// comparing it, no week is shown, and its reason names the feeds, or what they are read with.
func checkMissing(t *rapid.T, f kpi.Figures) {
	if f.Status == kpi.Measured || !f.Missing || f.Previous.Status == kpi.Measured || !f.Previous.Missing {
		t.Errorf("%s is %s, before %s, with gaps in %v", f.ID, f.Status, f.Previous.Status, f.Gaps)
	}
	if f.Significant != nil || f.Signal != "" {
		t.Errorf("%s has gaps in %v, and is compared", f.ID, f.Gaps)
	}
	for i, point := range f.Trend {
		if point.Read || point.Known {
			t.Errorf("%s: week %d is shown although %v have gaps", f.ID, i, f.Gaps)
		}
	}
	for _, feed := range f.Gaps {
		named := func(feed model.Feed) bool { return feed != "" && strings.Contains(f.Reason, feed.Words()) }
		if !named(feed) && !named(partOf[feed]) {
			t.Errorf("%s: the reason %q does not name %s", f.ID, f.Reason, feed)
		}
	}
}

func hasGap(s *model.Snapshot, feed model.Feed) bool {
	return slices.ContainsFunc(s.Gaps, func(g model.Gap) bool { return g.Feed == feed })
}

// torn is a snapshot of which parts of some feeds could not be read, and that says so.
func torn(t *rapid.T, s *model.Snapshot, policy kpi.Policy) *model.Snapshot {
	c := *s
	for _, feed := range rapid.SliceOfNDistinct(rapid.SampledFrom(s.Read), 1, 3, rapid.ID).Draw(t, "torn") {
		whole := rapid.Bool().Draw(t, "all of it")
		kept := false
		cut(&c, policy, feed, func(model.Feed) bool {
			drop := whole || rapid.Bool().Draw(t, "gone")
			kept = kept || !drop
			return drop
		})
		c.Gaps = append(c.Gaps, model.Gap{Feed: feed, Reason: "torn", Partial: kept})
	}
	return &c
}

// TestFeedsAreNamedInWords: a reason is read by people, who know pull requests and not the feed pull-requests.
func TestFeedsAreNamedInWords(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		partial, unread bool
		want            string
	}{
		{true, false, "pull requests were read only in part: the time was over"},
		{false, false, "pull requests could not be read: the time was over"},
		{false, true, "pull requests were not read"},
	} {
		s := filterable()
		if test.unread {
			s.Read = slices.DeleteFunc(s.Read, func(f model.Feed) bool { return f == model.PullRequests })
		} else {
			s.Gaps = []model.Gap{{Feed: model.PullRequests, Reason: "the time was over", Partial: test.partial}}
		}
		throughput := kpi.Select([]*kpi.Definition{kpi.BuiltIn().Find("pull-request-throughput")})
		if got := kpi.Compute(s, kpi.DefaultPolicy(), january, throughput)[0].Reason; got != test.want {
			t.Errorf("partial %t, unread %t: %q, want %q", test.partial, test.unread, got, test.want)
		}
	}
}
