package githubsim

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// manyRuns is a world of n runs, one a minute, numbered from 1; every third failed.
func manyRuns(n int) *World {
	w := &World{Repo: Repo{Owner: "o", Name: "n", DefaultBranch: "main"}}
	for i := range n {
		created := day(1).Add(time.Duration(i) * time.Minute)
		conclusion := "success"
		if i%3 == 0 {
			conclusion = "failure"
		}
		w.WorkflowRuns = append(w.WorkflowRuns, WorkflowRun{
			ID: int64(i + 1), Name: "CI", WorkflowID: 1, Path: ".github/workflows/ci.yml", HeadBranch: "main",
			HeadSHA: "a", Event: "push", Status: "completed", Conclusion: conclusion, RunNumber: i + 1,
			CreatedAt: created, UpdatedAt: created,
		})
	}
	return w
}

func TestPageOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		query            string
		total            int
		from, to, number int
	}{
		{"", 100, 0, 30, 1},
		{"per_page=100", 250, 0, 100, 1},
		{"per_page=101", 250, 0, 100, 1}, // cut to 100
		{"per_page=0", 250, 0, 30, 1},
		{"per_page=-5&page=-1", 250, 0, 30, 1},
		{"per_page=many&page=two", 250, 0, 30, 1},
		{"per_page=100&page=3", 250, 200, 250, 3},
		{"per_page=100&page=4", 250, 0, 0, 4}, // past the end: none
		{"page=1", 0, 0, 0, 1},
		{"page=9223372036854775807", 5, 0, 0, 9223372036854775807},
	} {
		query, err := url.ParseQuery(c.query)
		if err != nil {
			t.Fatal(err)
		}
		p := pageOf(query, c.total)
		if from, to := p.bounds(); from != c.from || to != c.to || p.number != c.number {
			t.Errorf("%q of %d: page %d is [%d, %d), want page %d, [%d, %d)",
				c.query, c.total, p.number, from, to, c.number, c.from, c.to)
		}
	}
}

func TestLink(t *testing.T) {
	t.Parallel()
	// 65 runs in pages of 30: three pages.
	s := serverOf(t, manyRuns(65), Options{})
	at := func(page int) string { return fmt.Sprintf("<http://example.com/repos/o/n/actions/runs?page=%d>", page) }
	enterprise := "<http://example.com/api/v3/repos/o/n/actions/runs?event=push&page=2&per_page=40>"
	for target, want := range map[string]string{
		"": at(2) + `; rel="next", ` + at(3) + `; rel="last"`,
		"?page=2": at(1) + `; rel="prev", ` + at(3) + `; rel="next", ` + at(3) + `; rel="last", ` +
			at(1) + `; rel="first"`,
		"?page=3":                             at(2) + `; rel="prev", ` + at(1) + `; rel="first"`,
		"?page=7":                             at(3) + `; rel="prev", ` + at(1) + `; rel="first"`,
		"?per_page=99":                        "",
		"?created=%3E%3D2026-01-01T01:04:00Z": "", // one run
		"?per_page=40&event=push":             enterprise + `; rel="next", ` + enterprise + `; rel="last"`,
	} {
		prefix := ""
		if strings.Contains(want, "/api/v3") {
			prefix = "/api/v3"
		}
		target = prefix + "/repos/o/n/actions/runs" + target
		if got := fetch(t, s, target).Header().Get("Link"); got != want {
			t.Errorf("GET %s: Link\n%s, want\n%s", target, got, want)
		}
	}
}

var nextLink = regexp.MustCompile(`<http://example\.com([^>]*)>; rel="next"`)

func TestRunSearchIsCapped(t *testing.T) {
	t.Parallel()
	type list struct {
		Total int        `json:"total_count"`
		Runs  []struct{} `json:"workflow_runs"`
	}
	s := serverOf(t, manyRuns(1250), Options{})
	for _, c := range []struct {
		query string
		// total is what total_count says; the last page has so many runs, and the next one has none.
		total, last, runs int
	}{
		// A list without a filter is served whole; one with a filter ends after 1,000, though it counts them all.
		{"", 1250, 13, 50},
		{"exclude_pull_requests=true", 1250, 13, 50},
		{"branch=main", 1250, 10, 100},
		{"event=push", 1250, 10, 100},
		{"created=%3E%3D2026-01-01", 1250, 10, 100},
		// A third of 1,250, rounded up: below the cap.
		{"status=failure", 417, 5, 17},
		// Minutes 0 to 999 are 1,000 runs: exactly the cap.
		{"created=2026-01-01T00:00:00Z..2026-01-01T16:39:00Z", 1000, 10, 100},
	} {
		for page, runs := range map[int]int{c.last: c.runs, c.last + 1: 0} {
			target := fmt.Sprintf("/repos/o/n/actions/runs?per_page=100&page=%d&%s", page, c.query)
			if got := decoded[list](t, s, target); got.Total != c.total || len(got.Runs) != runs {
				t.Errorf("GET %s: %d runs of %d, want %d of %d", target, len(got.Runs), got.Total, runs, c.total)
			}
			next := strings.Contains(fetch(t, s, target).Header().Get("Link"), `rel="next"`)
			if next {
				t.Errorf("GET %s: the last page has a next one", target)
			}
		}
	}
}

func TestAlertCursors(t *testing.T) {
	t.Parallel()
	w := &World{Repo: Repo{Owner: "o", Name: "n"}}
	for i := range 70 {
		w.Dependabot = append(w.Dependabot, Alert{Number: i + 1, State: "open", CreatedAt: day(1), PackageName: "chi"})
	}
	s := serverOf(t, w, Options{})
	seen := map[int]bool{}
	pages, items := 0, 0
	for target := "/repos/o/n/dependabot/alerts?per_page=30&page=9"; target != ""; pages++ {
		for _, a := range fetched[[]restDependabotAlert](t, s, target) {
			seen[a.Number] = true
			items++
		}
		next := nextLink.FindStringSubmatch(fetch(t, s, target).Header().Get("Link"))
		target = ""
		if next != nil {
			target = next[1]
		}
	}
	if pages != 3 || items != 70 || len(seen) != 70 {
		t.Errorf("%d alerts, %d different ones, on %d pages; want 70 on 3", items, len(seen), pages)
	}
	link := fetch(t, s, "/repos/o/n/dependabot/alerts?per_page=30&after="+alertCursor(30)).Header().Get("Link")
	if !strings.Contains(link, `rel="next"`) || !strings.Contains(link, `rel="prev"`) ||
		strings.Contains(link, "last") {
		t.Errorf("Link of the middle page: %s", link)
	}
}
