package collect

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/model"
)

// A list that says it goes on, and gives the same place to go on from, ends with an error and not never.
func TestListThatDoesNotMoveEnds(t *testing.T) {
	t.Parallel()
	page := func(after githubv4.String, more bool) connection[int] {
		return connection[int]{Nodes: []int{1}, PageInfo: pageInfo{EndCursor: after, HasNextPage: githubv4.Boolean(more)}}
	}
	for name, test := range map[string]struct {
		second connection[int]
		nodes  int
		fails  bool
	}{
		"moves":      {page("b", false), 2, false},
		"stands":     {page("a", true), 2, true},
		"ends there": {page("a", false), 2, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			nodes, err := page("a", true).all(func(githubv4.String) (connection[int], error) { return test.second, nil })
			if len(nodes) != test.nodes || (err != nil) != test.fails {
				t.Errorf("%d nodes, %v; want %d, and an error: %v", len(nodes), err, test.nodes, test.fails)
			}
		})
	}
	asked := 0
	l := listReading[int, int]{
		size: 1, facts: map[int]int{}, milestones: map[int]int{}, tell: func(_ model.Feed, _, _ int, _ bool) {},
		list: updatedList[int, int]{
			key:       func(*int) listedKey { return listedKey{number: 1, updated: day(31)} },
			milestone: func(*int) int { return 0 },
			fact:      func(context.Context, *int) (int, error) { return 1, nil },
			updated: func(context.Context, time.Time, *githubv4.String, *int) (updatedPage[int], error) {
				if asked++; asked > 9 {
					t.Fatal("the list is read for ever")
				}
				return updatedPage[int]{connection: page("a", true)}, nil
			},
		},
	}
	_, _, err := l.pass(t.Context(), day(30), false)
	if err == nil || !strings.Contains(err.Error(), "twice") {
		t.Errorf("the error is %v", err)
	}
}
