package cli

import (
	"testing"

	"kpi-gate/internal/config"
)

func TestBudgetInWords(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		requests, points int
		want             string
	}{
		{1, 0, "1 request"},
		{40, 0, "40 requests"},
		{0, 1, "1 point"},
		{1, 2, "1 request and 2 points"},
	} {
		c := config.Config{Budget: config.Budget{Requests: test.requests, Points: test.points}}
		if got := budget(c); got != test.want {
			t.Errorf("%d and %d are %q, want %q", test.requests, test.points, got, test.want)
		}
	}
}
