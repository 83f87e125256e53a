package collect

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"kpi-gate/internal/github"
	"kpi-gate/internal/githubsim"
	"kpi-gate/internal/model"
)

// runsAt are runs of an event on main, created at the given times. Their IDs begin at first.
func runsAt(first int64, event string, times ...time.Time) []githubsim.WorkflowRun {
	runs := make([]githubsim.WorkflowRun, len(times))
	for i, at := range times {
		runs[i] = ran(first+int64(i), event, at)
	}
	return runs
}

// every is n times, step apart.
func every(step time.Duration, from time.Time, n int) []time.Time {
	times := make([]time.Time, n)
	for i := range times {
		times[i] = from.Add(time.Duration(i) * step)
	}
	return times
}

// TestRunRequests: how many requests the CI runs take, of which every one is read once.
func TestRunRequests(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name         string
		runs, others []time.Time
		// All runs are read, by at most so many requests.
		requests int
	}{
		// 83 pages, and the merge queue's.
		{"five each hour", slices.Repeat(every(time.Hour, day(1), 1660), 5), nil, 87},
		// A search of 1,000, and what remains in two halves; bursts make one half empty.
		{"a burst", every(time.Second, day(30), 5000), nil, 63},
		{"nothing", nil, nil, 2},
		{"a page", every(time.Hour, day(1), 100), nil, 2},
		// Four of five are wanted: all are read, on 5 pages.
		{"few others", every(time.Hour, day(1), 400), every(4*time.Hour, day(1).Add(time.Minute), 100), 6},
		// The first page says that most are not: 3 + 1 + 1 pages by event.
		{"many others", every(time.Hour, day(1), 300), every(time.Hour, day(1).Add(time.Minute), 300), 1 + 3 + 1 + 1 + 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := &runLister{runs: tt.runs, others: tt.others}
			kept, err := readListed(t, l)
			if err != nil {
				t.Fatal(err)
			}
			ids := map[int64]bool{}
			for _, run := range kept {
				ids[run.ID] = true
			}
			if len(kept) != len(tt.runs) || len(ids) != len(tt.runs) {
				t.Errorf("%d runs, %d different ones, want %d", len(kept), len(ids), len(tt.runs))
			}
			if l.requests > tt.requests {
				t.Errorf("%d requests, want %d at most", l.requests, tt.requests)
			}
		})
	}
}

// runLister lists runs on main as GitHub does, only faster than the simulated one; and as GitHub does not: in another order,
// or with runs that go or come while they are read.
type runLister struct {
	mu sync.Mutex
	// runs are those of pushes, others those of another event.
	runs, others []time.Time
	// ascending lists the oldest run first. deleted is called before each request, with how many there were, and says how
	// many of the newest runs are gone by then.
	ascending bool
	deleted   func(requests int) int
	// restless counts one more run at every request.
	restless bool
	requests int
}

func (l *runLister) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	gone := 0
	if l.deleted != nil {
		gone = l.deleted(l.requests)
	}
	l.requests++
	from, to, _ := strings.Cut(r.URL.Query().Get("created"), "..")
	type listed struct {
		ID      int       `json:"id"`
		Branch  string    `json:"head_branch"`
		Event   string    `json:"event"`
		Created time.Time `json:"created_at"`
	}
	all := []listed{}
	for event, times := range map[string][]time.Time{"push": l.runs[:len(l.runs)-gone], "workflow_run": l.others} {
		if asked := r.URL.Query().Get("event"); asked != "" && asked != event {
			continue
		}
		for i, at := range times {
			if text := at.Format(time.RFC3339); text >= from && text <= to {
				all = append(all, listed{i + len(event)*1_000_000, "main", event, at})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b listed) int {
		if l.ascending {
			a, b = b, a
		}
		return cmp.Or(b.Created.Compare(a.Created), cmp.Compare(b.ID, a.ID))
	})
	total := len(all)
	if l.restless {
		total += l.requests
	}
	all = all[:min(len(all), searchLimit)]
	number, _ := strconv.Atoi(r.URL.Query().Get("page"))
	size, _ := strconv.Atoi(r.URL.Query().Get("per_page"))
	begin, end := min((number-1)*size, len(all)), min(number*size, len(all))
	if end < len(all) {
		w.Header().Set("Link", fmt.Sprintf(`<http://%s/?page=%d>; rel="next"`, r.Host, number+1))
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"total_count": total, "workflow_runs": all[begin:end]})
}

// readListed reads the CI runs of days 0 to 100.
func readListed(t *testing.T, l *runLister) ([]model.Run, error) {
	t.Helper()
	host := httptest.NewServer(l)
	t.Cleanup(host.Close)
	c, err := github.New(github.Options{Token: "t", APIURL: host.URL, UserAgent: "kpi-gate-test", Backoff: 1})
	if err != nil {
		t.Fatal(err)
	}
	r := &reading{
		client: c, request: Request{Reach: day(0), Until: day(100), Events: ciEvents}, asOf: day(100),
		repository: model.Repository{Owner: "o", Name: "r", DefaultBranch: "main"},
	}
	return r.runs(context.Background())
}

func TestRunsInAnotherOrder(t *testing.T) {
	t.Parallel()
	for _, n := range []int{250, 2500} {
		l := &runLister{runs: every(time.Minute, day(3), n), ascending: true}
		kept, err := readListed(t, l)
		if err != nil || len(kept) != n {
			t.Errorf("%d runs, want %d; error %v", len(kept), n, err)
		}
	}
}

// TestRunsDeletedMeanwhile: run 599 is deleted after the first page was read, so that each of the others moves up by one
// place and the first run of the second page comes to the first. The slice is read again in halves.
func TestRunsDeletedMeanwhile(t *testing.T) {
	t.Parallel()
	l := &runLister{runs: every(time.Hour, day(3), 600), deleted: func(requests int) int { return min(requests, 1) }}
	kept, err := readListed(t, l)
	read := map[int64]bool{}
	for _, run := range kept {
		read[run.ID] = true
	}
	for n := range int64(599) {
		if !read[int64(len("push"))*1_000_000+n] {
			t.Errorf("run %d was not read", n)
		}
	}
	if err != nil {
		t.Error(err)
	}
}

// TestRunsThatNeverRest: where every request finds more runs, reading ends.
func TestRunsThatNeverRest(t *testing.T) {
	t.Parallel()
	kept, err := readListed(t, &runLister{runs: every(10*time.Minute, day(3), 6000), restless: true})
	if err == nil || !strings.Contains(err.Error(), "changed 30 times while they were read") {
		t.Errorf("error %v", err)
	}
	if len(kept) < searchLimit {
		t.Errorf("%d runs, want those that were read all the same", len(kept))
	}
}
