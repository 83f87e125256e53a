package collect

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kpi-gate/internal/githubsim"
)

// TestArchiveKeepsWhatIsNotWanted: a run that wants less does not cost the next one, which wants more, what was known.
func TestArchiveKeepsWhatIsNotWanted(t *testing.T) {
	t.Parallel()
	c, _ := simulate(t, small(), githubsim.Options{})
	archive := &Archive{}
	read := func(req Request) int {
		t.Helper()
		req.Archive = archive
		s, err := Collect(context.Background(), c, req, nil)
		if err != nil || len(s.Gaps) > 0 || s.Aside != "" {
			t.Fatalf("%v, %+v, %q", err, s.Gaps, s.Aside)
		}
		return s.Usage.Known
	}
	all, few := everything(), everything()
	few.Sources, few.Commits, few.PullRequests, few.Issues = nil, false, false, false
	if known := read(all); known != 0 {
		t.Errorf("%d facts were known of nothing", known)
	}
	again := read(all)
	if known := read(few); known == 0 || known >= again {
		t.Errorf("the runs alone: %d facts were known, of all %d", known, again)
	}
	if known := read(all); known != again {
		t.Errorf("%d facts are known after a run that wanted less, %d before", known, again)
	}
}

func TestDifferences(t *testing.T) {
	t.Parallel()
	a := map[string]string{"tags": "v*", "branches": "main", "source": "auto"}
	b := map[string]string{"tags": "v*", "branches": "trunk", "jobs": ""}
	if diff := cmp.Diff([]string{"branches", "jobs", "source"}, Differences(a, b)); diff != "" {
		t.Error(diff)
	}
	if same := Differences(a, a); len(same) > 0 {
		t.Errorf("%q differ from themselves", same)
	}
}
