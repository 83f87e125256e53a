package collect

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"testing"

	gogithub "github.com/google/go-github/v60/github"

	"github.com/google/go-cmp/cmp"

	"kpi-gate/internal/github"
)

// TestRestPages reads 230 items in a list that answers no more than so many at once: none is lost and none comes twice.
func TestRestPages(t *testing.T) {
	t.Parallel()
	tests := []struct {
		// most is how many items an answer can hold until so many have been read, and then.
		most, until, then int
		sizes             []int
		err               bool
	}{
		{most: 100, then: 100, sizes: []int{100, 100, 100}},
		// Items 101 to 150 come after 100 by pages of 100: page 3 by pages of 50.
		{most: 100, until: 100, then: 60, sizes: []int{100, 100, 50, 50, 50}},
		{most: 7, then: 7, sizes: append([]int{100, 50, 25}, slices.Repeat([]int{5}, 46)...)},
		{most: 0, then: 0, sizes: []int{100, 50, 25, 5, 1}, err: true},
	}
	for _, byCursor := range []bool{false, true} {
		for i, tt := range tests {
			t.Run(fmt.Sprintf("%d by cursor %t", i, byCursor), func(t *testing.T) {
				t.Parallel()
				var read, sizes []int
				values := url.Values{}
				ask := func() (*gogithub.Response, error) {
					size, err := strconv.Atoi(values.Get("per_page"))
					if err != nil {
						return nil, err
					}
					sizes = append(sizes, size)
					most := tt.most
					if len(read) >= tt.until {
						most = tt.then
					}
					if size > most {
						return nil, fmt.Errorf("asking: %w", &github.TimeoutError{})
					}
					from := 0
					if page := values.Get("page"); page != "" {
						n, err := strconv.Atoi(page)
						if err != nil {
							return nil, err
						}
						from = (n - 1) * size
					}
					if after := values.Get("after"); after != "" {
						if from, err = strconv.Atoi(after); err != nil {
							return nil, err
						}
					}
					to := min(from+size, 230)
					for n := from; n < to; n++ {
						read = append(read, n)
					}
					response := &gogithub.Response{}
					switch {
					case to == 230:
					case byCursor:
						response.After = strconv.Itoa(to)
					default:
						response.NextPage = to/size + 1
					}
					return response, nil
				}
				var err error
				for size, more := largestPage, true; more && err == nil; {
					var response *gogithub.Response
					if response, err = restPage(values, &size, ask); err == nil {
						more = nextPage(values, response)
					}
				}
				var tooMuch *github.TimeoutError
				if errors.As(err, &tooMuch) != tt.err {
					t.Errorf("error %v", err)
				}
				if diff := cmp.Diff(tt.sizes, sizes); diff != "" {
					t.Errorf("sizes (-want +got):\n%s", diff)
				}
				if !tt.err && !slices.Equal(read, between(0, 229)) {
					t.Errorf("read %v", read)
				}
			})
		}
	}
}
