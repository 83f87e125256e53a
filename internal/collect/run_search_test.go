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
	crowd := slices.Repeat(every(time.Hour, day(1), 1660), 5)
	crowd = crowd[:8300]
	tests := []struct {
		name string
		runs []githubsim.WorkflowRun
		// wanted are the runs that are read, by at most so many requests.
		wanted, requests int
	}{
		// 83 pages, and the merge queue's.
		{"five each hour", runsAt(1, "push", crowd...), 8300, 87},
		// A search of 1,000, and what remains in two halves; bursts make one half empty.
		{"a burst", runsAt(1, "push", every(time.Second, day(30), 5000)...), 5000, 63},
		{"nothing", nil, 0, 2},
		{"a page", runsAt(1, "push", every(time.Hour, day(1), 100)...), 100, 2},
		// Four of five are wanted: all are read, on 5 pages.
		{
			"few others",
			append(runsAt(1, "push", every(time.Hour, day(1), 400)...),
				runsAt(1001, "workflow_run", every(4*time.Hour, day(1).Add(time.Minute), 100)...)...),
			400, 6,
		},
		// The first page says that most are not: 3 + 1 + 1 pages by event.
		{
			"many others",
			append(runsAt(1, "push", every(time.Hour, day(1), 300)...),
				runsAt(1001, "workflow_run", every(time.Hour, day(1).Add(time.Minute), 300)...)...),
			300, 1 + 3 + 1 + 1 + 1,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := &githubsim.World{Workflows: workflows(), WorkflowRuns: tt.runs}
			r, requests := read(t, w, githubsim.Options{}, Request{Reach: day(0), Until: day(100)})
			kept, err := r.runs(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			ids := map[int64]bool{}
			for _, run := range kept {
				ids[run.ID] = true
			}
			if len(kept) != tt.wanted || len(ids) != tt.wanted {
				t.Errorf("%d runs, %d different ones, want %d", len(kept), len(ids), tt.wanted)
			}
			if got := requests(); got > tt.requests {
				t.Errorf("%d requests, want %d at most", got, tt.requests)
			}
		})
	}
}

// unruly lists runs as GitHub does not: in another order, or with runs deleted while they are read.
type unruly struct {
	mu   sync.Mutex
	runs []time.Time
	// ascending lists the oldest run first. deleted is called before each request, with how many there were, and says how
	// many of the newest runs are gone by then.
	ascending bool
	deleted   func(requests int) int
	// restless counts one more run at every request.
	restless bool
	requests int
}

func (u *unruly) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	u.mu.Lock()
	defer u.mu.Unlock()
	gone := 0
	if u.deleted != nil {
		gone = u.deleted(u.requests)
	}
	u.requests++
	from, to, _ := strings.Cut(r.URL.Query().Get("created"), "..")
	type listed struct {
		ID      int       `json:"id"`
		Branch  string    `json:"head_branch"`
		Event   string    `json:"event"`
		Created time.Time `json:"created_at"`
	}
	all := []listed{}
	if r.URL.Query().Get("event") == "" {
		for i, at := range u.runs[:len(u.runs)-gone] {
			if text := at.Format(time.RFC3339); text >= from && text <= to {
				all = append(all, listed{i, "main", "push", at})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b listed) int {
		if u.ascending {
			a, b = b, a
		}
		return cmp.Or(b.Created.Compare(a.Created), cmp.Compare(b.ID, a.ID))
	})
	total := len(all)
	if u.restless {
		total += u.requests
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

// readUnruly reads the CI runs of days 0 to 100.
func readUnruly(t *testing.T, u *unruly) ([]model.Run, error) {
	t.Helper()
	host := httptest.NewServer(u)
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
		u := &unruly{runs: every(time.Minute, day(3), n), ascending: true}
		kept, err := readUnruly(t, u)
		if err != nil || len(kept) != n {
			t.Errorf("%d runs, want %d; error %v", len(kept), n, err)
		}
	}
}

// TestRunsDeletedMeanwhile: run 599 is deleted after the first page was read, so that each of the others moves up by one
// place and the first run of the second page comes to the first. The slice is read again in halves.
func TestRunsDeletedMeanwhile(t *testing.T) {
	t.Parallel()
	u := &unruly{runs: every(time.Hour, day(3), 600), deleted: func(requests int) int { return min(requests, 1) }}
	kept, err := readUnruly(t, u)
	read := map[int64]bool{}
	for _, run := range kept {
		read[run.ID] = true
	}
	for id := range int64(599) {
		if !read[id] {
			t.Errorf("run %d was not read", id)
		}
	}
	if err != nil {
		t.Error(err)
	}
}

// TestRunsThatNeverRest: where every request finds more runs, reading ends.
func TestRunsThatNeverRest(t *testing.T) {
	t.Parallel()
	kept, err := readUnruly(t, &unruly{runs: every(10*time.Minute, day(3), 6000), restless: true})
	if err == nil || !strings.Contains(err.Error(), "changed 30 times while they were read") {
		t.Errorf("error %v", err)
	}
	if len(kept) < searchLimit {
		t.Errorf("%d runs, want those that were read all the same", len(kept))
	}
}
