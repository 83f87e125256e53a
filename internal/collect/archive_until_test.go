package collect

import (
	"context"
	"strings"
	"testing"
	"time"

	"kpi-gate/internal/githubsim"
)

// TestArchiveOfAnEarlierWindow: what was read for a window that had ended long before says nothing of what happened
// since, and is extended only for windows that end no later.
func TestArchiveOfAnEarlierWindow(t *testing.T) {
	t.Parallel()
	c, _ := simulate(t, small(), githubsim.Options{})
	ended := second(c.Now()).Add(-48 * time.Hour)
	for _, test := range []struct {
		until time.Time
		aside bool
	}{
		{ended, false},
		{ended.Add(-time.Hour), false},
		{ended.Add(time.Second), true},
		{c.Now(), true},
		{time.Time{}, true}, // without an end
	} {
		req := everything()
		req.Until, req.Archive = ended, &Archive{}
		if _, err := Collect(context.Background(), c, req, nil); err != nil {
			t.Fatal(err)
		}
		req.Until = test.until
		s, err := Collect(context.Background(), c, req, nil)
		if err != nil {
			t.Fatal(err)
		}
		if aside := strings.Contains(s.Aside, "may be missing"); aside != test.aside || !s.Until.Equal(second(test.until)) {
			t.Errorf("until %s after one until %s: aside because %q, until %s", test.until, ended, s.Aside, s.Until)
		}
	}
	req := everything()
	req.Until, req.Archive = time.Time{}, &Archive{}
	for range 2 {
		if s, err := Collect(context.Background(), c, req, nil); err != nil || s.Aside != "" {
			t.Errorf("without an end: %v, aside because %q", err, s.Aside)
		}
	}
}
