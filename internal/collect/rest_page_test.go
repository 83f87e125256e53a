package collect

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kpi-gate/internal/github"
)

// TestHundred: a list of 230 items, of which GitHub cannot give more than some at a time. Every hundred holds the same
// items whatever the pages were, and a size that was too much is not tried again.
func TestHundred(t *testing.T) {
	t.Parallel()
	const items = 230
	tests := []struct {
		name    string
		most    int
		refused int
		// asked are the pages that were given, as number and size.
		asked [][2]int
	}{
		{"whole pages", 100, 0, [][2]int{{1, 100}, {2, 100}, {3, 100}}},
		{"half pages", 50, 1, [][2]int{{1, 50}, {2, 50}, {3, 50}, {4, 50}, {5, 50}}},
		{"a quarter", 30, 2, [][2]int{
			{1, 25}, {2, 25}, {3, 25}, {4, 25}, {5, 25}, {6, 25}, {7, 25}, {8, 25}, {9, 25}, {10, 25},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var (
				sizes   restPages
				read    []int
				asked   [][2]int
				refused int
			)
			for number, more := 1, true; more; number++ {
				before := len(read)
				var err error
				more, err = sizes.hundred(number, func(number, size int) (bool, error) {
					if size > tt.most {
						refused++
						return false, &github.TimeoutError{}
					}
					asked = append(asked, [2]int{number, size})
					for at := (number - 1) * size; at < min(number*size, items); at++ {
						read = append(read, at)
					}
					return number*size < items, nil
				})
				if err != nil {
					t.Fatal(err)
				}
				if got := len(read) - before; got != min(largestPage, items-before) {
					t.Errorf("the hundred %d has %d items", number, got)
				}
			}
			if len(read) != items || read[items-1] != items-1 {
				t.Errorf("items %v", read)
			}
			if diff := cmp.Diff(tt.asked, asked); diff != "" || refused != tt.refused {
				t.Errorf("%d pages refused, want %d; pages (-want +got):\n%s", refused, tt.refused, diff)
			}
		})
	}
}

// TestHundredOfOne: what is too much even for a page of one item is an error. Before that it is asked for by 100, 50, 25, 5
// and 1.
func TestHundredOfOne(t *testing.T) {
	t.Parallel()
	var (
		sizes restPages
		tried []int
	)
	_, err := sizes.hundred(1, func(_, size int) (bool, error) {
		tried = append(tried, size)
		return false, &github.TimeoutError{Message: "too much"}
	})
	var tooMuch *github.TimeoutError
	if !errors.As(err, &tooMuch) {
		t.Errorf("error %v", err)
	}
	if diff := cmp.Diff([]int{100, 50, 25, 5, 1}, tried); diff != "" {
		t.Errorf("sizes (-want +got):\n%s", diff)
	}
}
