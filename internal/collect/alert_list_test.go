package collect

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	gogithub "github.com/google/go-github/v60/github"

	"github.com/google/go-cmp/cmp"

	"kpi-gate/internal/github"
	"kpi-gate/internal/githubsim"
	"kpi-gate/internal/model"
)

// openAlert and fixedAlert are alerts of a world.
func openAlert(number int, created time.Time) githubsim.Alert {
	return githubsim.Alert{
		Number: number, State: "open", Severity: "high", CreatedAt: created, PackageName: fmt.Sprintf("package-%d", number),
	}
}

func fixedAlert(number int, created, fixed time.Time) githubsim.Alert {
	alert := openAlert(number, created)
	alert.State, alert.FixedAt = "fixed", &fixed
	return alert
}

// alertFeeds are the two lists, each with where a world keeps it and how it is read.
var alertFeeds = []struct {
	list alertList
	put  func(*githubsim.World, []githubsim.Alert)
	read func(*reading, context.Context) ([]model.Alert, error)
}{
	{
		vulnerabilityAlertList,
		func(w *githubsim.World, alerts []githubsim.Alert) { w.Dependabot = alerts },
		(*reading).vulnerabilities,
	},
	{
		codeScanningAlertList,
		func(w *githubsim.World, alerts []githubsim.Alert) { w.CodeScanning = alerts },
		(*reading).codeScanning,
	},
}

// numbers are the numbers of alerts in their order.
func numbers(alerts []model.Alert) []int {
	all := make([]int, len(alerts))
	for i, alert := range alerts {
		all[i] = alert.Number
	}
	return all
}

// between are the numbers from one to another.
func between(from, to int) []int {
	var all []int
	for n := from; n <= to; n++ {
		all = append(all, n)
	}
	return all
}

// TestAlertsBackToTheReach: of 380 alerts, 1 to 130 have been open since before the reach, 131 to 230 were fixed before
// it, 231 to 380 after it. Sorted by update these last are one page and a half, and the second page holds an older one:
// 2 requests. The 130 open ones are 2 pages, and the front is read again: 5 requests in all.
func TestAlertsBackToTheReach(t *testing.T) {
	t.Parallel()
	var alerts []githubsim.Alert
	for n := 1; n <= 380; n++ {
		created := day(0).Add(time.Duration(n) * time.Minute)
		switch {
		case n <= 130:
			alerts = append(alerts, openAlert(n, created))
		case n <= 230:
			alerts = append(alerts, fixedAlert(n, created, day(50).Add(-time.Duration(n)*time.Second)))
		default:
			alerts = append(alerts, fixedAlert(n, created, day(50).Add(time.Duration(n-231)*time.Minute)))
		}
	}
	want := append(between(1, 130), between(231, 380)...)
	for _, feed := range alertFeeds {
		t.Run(string(feed.list.feed), func(t *testing.T) {
			t.Parallel()
			w := &githubsim.World{}
			feed.put(w, alerts)
			r, requests := read(t, w, githubsim.Options{}, Request{Reach: day(50), Until: day(60)})
			told := 0
			r.progress = func(of model.Feed, read, _ int, done bool) {
				if of != feed.list.feed || done && read != 280 {
					t.Errorf("progress of %s: %d, done: %t", of, read, done)
				}
				told++
			}
			got, err := feed.read(r, context.Background())
			if err != nil {
				t.Fatal(err)
			}
			// The second page's older half was closed, and is not kept.
			if diff := cmp.Diff(want, numbers(got)); diff != "" {
				t.Errorf("alerts (-want +got):\n%s", diff)
			}
			if requests() != 5 || told != 6 {
				t.Errorf("%d requests, want 5; progress told %d times, want 6", requests(), told)
			}
		})
	}
}

// TestAlertsOnOnePage: a list that ends on its first page takes one request, and what is open and older is on it.
func TestAlertsOnOnePage(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		alerts []githubsim.Alert
		want   []int
	}{
		{"none", nil, []int{}},
		{"open for long", []githubsim.Alert{openAlert(1, day(1))}, []int{1}},
		{"fixed just before the reach, and at it", []githubsim.Alert{
			fixedAlert(1, day(1), day(10).Add(-time.Second)), fixedAlert(2, day(1), day(10)),
		}, []int{2}},
		{"after the window", []githubsim.Alert{openAlert(1, day(30)), fixedAlert(2, day(1), day(30))}, []int{1, 2}},
	}
	for _, tt := range tests {
		for _, feed := range alertFeeds {
			t.Run(tt.name+" "+string(feed.list.feed), func(t *testing.T) {
				t.Parallel()
				w := &githubsim.World{}
				feed.put(w, tt.alerts)
				r, requests := read(t, w, githubsim.Options{}, Request{Reach: day(10), Until: day(20)})
				got, err := feed.read(r, context.Background())
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(tt.want, numbers(got)); diff != "" {
					t.Errorf("alerts (-want +got):\n%s", diff)
				}
				if requests() != 1 {
					t.Errorf("%d requests, want 1", requests())
				}
			})
		}
	}
}

// TestAlertsMoveToTheFront: 150 alerts were updated since the reach. While the second page is on its way, alert 1 is
// fixed, which was last on it and is now first on the first.
func TestAlertsMoveToTheFront(t *testing.T) {
	t.Parallel()
	for _, feed := range alertFeeds {
		t.Run(string(feed.list.feed), func(t *testing.T) {
			t.Parallel()
			var before, after []githubsim.Alert
			for n := 1; n <= 150; n++ {
				before = append(before, openAlert(n, day(11).Add(time.Duration(n)*time.Minute)))
			}
			after = append(after, before...)
			after[0] = fixedAlert(1, before[0].CreatedAt, day(19))
			first, then := &githubsim.World{}, &githubsim.World{}
			feed.put(first, before)
			feed.put(then, after)
			requests := 0
			r := readChanging(t, first, then, func(w http.ResponseWriter, req *http.Request, first, then http.Handler) {
				if strings.HasSuffix(req.URL.Path, "/alerts") {
					requests++
				}
				if requests <= 1 {
					first.ServeHTTP(w, req)
					return
				}
				then.ServeHTTP(w, req)
			}, Request{Reach: day(10), Until: day(20)})
			got, err := feed.read(r, context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(between(1, 150), numbers(got)); diff != "" {
				t.Errorf("alerts (-want +got):\n%s", diff)
			}
			if len(got) > 0 && !got[0].Fixed.Equal(day(19)) {
				t.Errorf("alert 1 was fixed at %v", got[0].Fixed)
			}
			// Two pages, and the first again.
			if requests != 3 {
				t.Errorf("%d requests, want 3", requests)
			}
		})
	}
}

// TestKnownAlertsMove: 150 of the alerts that an earlier reading knew were touched since. While the second page is on
// its way, alert 1, last of them, is fixed. Of the 150 others, 50 are on that page.
func TestKnownAlertsMove(t *testing.T) {
	t.Parallel()
	for _, feed := range alertFeeds {
		t.Run(string(feed.list.feed), func(t *testing.T) {
			t.Parallel()
			var before []githubsim.Alert
			earlier := &model.Snapshot{}
			for n := 1; n <= 300; n++ {
				alert := openAlert(n, day(18).Add(time.Duration(n)*time.Minute))
				if n > 150 {
					alert = openAlert(n, day(1).Add(time.Duration(n)*time.Minute))
				}
				before = append(before, alert)
				had := model.Alert{Number: n, Created: alert.CreatedAt, Updated: alert.CreatedAt}
				earlier.Vulnerabilities = append(earlier.Vulnerabilities, had)
				earlier.CodeScanning = append(earlier.CodeScanning, had)
			}
			after := append([]githubsim.Alert{}, before...)
			after[0] = fixedAlert(1, before[0].CreatedAt, day(19))
			first, then := &githubsim.World{}, &githubsim.World{}
			feed.put(first, before)
			feed.put(then, after)
			requests := 0
			r := readChanging(t, first, then, func(w http.ResponseWriter, req *http.Request, first, then http.Handler) {
				if strings.HasSuffix(req.URL.Path, "/alerts") {
					requests++
				}
				if requests <= 1 {
					first.ServeHTTP(w, req)
					return
				}
				then.ServeHTTP(w, req)
			}, Request{Reach: day(10), Until: day(20)})
			r.earlier = &Archive{
				Snapshot: earlier, Whole: map[model.Feed]Coverage{feed.list.feed: {Reach: day(5), Through: day(18)}},
			}
			got, err := feed.read(r, context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(between(1, 300), numbers(got)); diff != "" {
				t.Errorf("alerts (-want +got):\n%s", diff)
			}
			if len(got) > 0 && !got[0].Fixed.Equal(day(19)) {
				t.Errorf("alert 1 was fixed at %v", got[0].Fixed)
			}
			// Two pages, and the first again.
			if known := r.reused.Load(); requests != 3 || known != 100 {
				t.Errorf("%d requests, want 3; %d alerts were not read again, want 100", requests, known)
			}
		})
	}
}

// TestOpenAlertsMoveUp: 230 alerts have been open since before the reach, 100 were fixed since. While the second of the
// three pages of open ones is on its way, alert 1 of the first is fixed: alert 101 is on neither page.
func TestOpenAlertsMoveUp(t *testing.T) {
	t.Parallel()
	for _, feed := range alertFeeds {
		t.Run(string(feed.list.feed), func(t *testing.T) {
			t.Parallel()
			var before, after []githubsim.Alert
			for n := 1; n <= 230; n++ {
				before = append(before, openAlert(n, day(1).Add(time.Duration(n)*time.Minute)))
			}
			for n := 231; n <= 330; n++ {
				before = append(before, fixedAlert(n, day(1), day(11).Add(time.Duration(n)*time.Minute)))
			}
			after = append(after, before...)
			after[0] = fixedAlert(1, before[0].CreatedAt, day(19))
			first, then := &githubsim.World{}, &githubsim.World{}
			feed.put(first, before)
			feed.put(then, after)
			var requests, open int
			r := readChanging(t, first, then, func(w http.ResponseWriter, req *http.Request, first, then http.Handler) {
				if strings.HasSuffix(req.URL.Path, "/alerts") {
					requests++
				}
				if req.URL.Query().Get("state") == "open" {
					open++
				}
				if open <= 1 {
					first.ServeHTTP(w, req)
					return
				}
				then.ServeHTTP(w, req)
			}, Request{Reach: day(10), Until: day(20)})
			got, err := feed.read(r, context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(between(1, 330), numbers(got)); diff != "" {
				t.Errorf("alerts (-want +got):\n%s", diff)
			}
			if len(got) > 0 && !got[0].Fixed.Equal(day(19)) {
				t.Errorf("alert 1 was fixed at %v", got[0].Fixed)
			}
			// Two pages back to the reach; three of the open ones and the front, twice.
			if requests != 2+2*(3+1) {
				t.Errorf("%d requests, want 10", requests)
			}
		})
	}
}

// TestOpenAlertsNeverRest: each time the front is read there is a later update, so which alerts were open at one time
// cannot be known. The open list is read three times: 1 + 3·(2 + 1) pages.
func TestOpenAlertsNeverRest(t *testing.T) {
	t.Parallel()
	pages := 0
	list := alertList{feed: model.CodeScanningAlerts, name: "alerts", path: "alerts"}
	list.page = func(_ context.Context, _ *reading, address string) ([]model.Alert, *gogithub.Response, error) {
		u, err := url.Parse(address)
		if err != nil {
			return nil, nil, err
		}
		pages++
		response := &gogithub.Response{NextPage: 2}
		if u.Query().Get("state") == "open" {
			if u.Query().Get("page") == "2" {
				response.NextPage = 0
			}
			return []model.Alert{{Number: 1}}, response, nil
		}
		return []model.Alert{
			{Number: 2, Updated: day(11).Add(time.Duration(pages) * time.Second)},
			{Number: 3, Updated: day(9)},
		}, response, nil
	}
	alerts, err := readAlerts(context.Background(), &reading{request: Request{Reach: day(10)}}, list, nil)
	if err == nil || !strings.Contains(err.Error(), "changed each of the 3 times") {
		t.Errorf("error %v", err)
	}
	if diff := cmp.Diff([]int{1, 2, 3}, numbers(alerts)); diff != "" || pages != 1+3*(2+1) {
		t.Errorf("%d pages, want 10; alerts (-want +got):\n%s", pages, diff)
	}
}

// refusedAlerts is a fault that refuses an alert list with GitHub's message, and names a permission as GitHub does
// whatever the reason.
func refusedAlerts(path string, status int, message string) githubsim.Fault {
	return githubsim.Fault{
		Path: "/repos/*/*/" + path, Status: status, Times: -1, Body: fmt.Sprintf(`{"message":%q}`, message),
		Header: http.Header{"X-Accepted-Github-Permissions": {"metadata=read"}},
	}
}

func TestAlertGaps(t *testing.T) {
	t.Parallel()
	const (
		vulnerability = "vulnerability-alerts: read"
		events        = "security-events: read"
	)
	tests := []struct {
		name string
		opts githubsim.Options
		feed model.Feed
		// permission is what the gap names, said what it says.
		permission string
		said       []string
	}{
		{
			"no permission for Dependabot alerts",
			githubsim.Options{Denied: []string{"vulnerability-alerts"}},
			model.VulnerabilityAlerts, vulnerability,
			[]string{"reading the Dependabot alerts of o/r", "Resource not accessible by integration", vulnerability},
		},
		{
			"no permission for code scanning alerts",
			githubsim.Options{Denied: []string{"security-events"}},
			model.CodeScanningAlerts, events,
			[]string{"reading the code scanning alerts of o/r", "Resource not accessible by integration", events},
		},
		{
			"Dependabot off",
			githubsim.Options{Off: []string{"dependabot-alerts"}},
			model.VulnerabilityAlerts, "",
			[]string{"o/r has no Dependabot alerts", "are disabled for this repository.", "turn them on"},
		},
		{
			"never analysed",
			githubsim.Options{Off: []string{"code-scanning"}},
			model.CodeScanningAlerts, "",
			[]string{"o/r has no code scanning alerts", "no analysis found", "set up code scanning"},
		},
		{
			"code scanning off",
			githubsim.Options{Off: []string{"code-scanning"}, Private: true},
			model.CodeScanningAlerts, "",
			[]string{"Code Security must be enabled", "turn it on"},
		},
		{
			"code scanning off in older words",
			githubsim.Options{Faults: []githubsim.Fault{refusedAlerts(
				"code-scanning/alerts", 403, "Advanced Security must be enabled for this repository to use code scanning.",
			)}},
			model.CodeScanningAlerts, "",
			[]string{"Advanced Security must be enabled", "turn it on"},
		},
		{
			"code scanning not enabled",
			githubsim.Options{Faults: []githubsim.Fault{refusedAlerts(
				"code-scanning/alerts", 403, "Code scanning is not enabled for this repository. Please enable code scanning.",
			)}},
			model.CodeScanningAlerts, "",
			[]string{"not enabled", "turn it on"},
		},
		{
			"archived",
			githubsim.Options{Faults: []githubsim.Fault{refusedAlerts(
				"dependabot/alerts", 403, "Dependabot alerts are not available for archived repositories.",
			)}},
			model.VulnerabilityAlerts, "",
			[]string{"archived repositories", "unarchived"},
		},
		{
			"a personal token",
			githubsim.Options{Faults: []githubsim.Fault{refusedAlerts(
				"dependabot/alerts", 403, "You are not authorized to perform this operation.",
			)}},
			model.VulnerabilityAlerts, vulnerability,
			[]string{"not authorized", vulnerability},
		},
		{
			"hidden from the token",
			githubsim.Options{Faults: []githubsim.Fault{refusedAlerts(
				"code-scanning/alerts", 404, "Not Found",
			)}},
			model.CodeScanningAlerts, events,
			[]string{"404 Not Found, although the token sees the repository", events},
		},
		{
			"down",
			githubsim.Options{Faults: []githubsim.Fault{
				{Path: "/repos/*/*/dependabot/alerts", Status: 502, Times: -1},
			}},
			model.VulnerabilityAlerts, "",
			[]string{"reading the Dependabot alerts of o/r", "status 502"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, server := simulate(t, &githubsim.World{}, tt.opts)
			s, err := Collect(context.Background(), c, Request{
				Owner: "o", Name: "r", Reach: day(10), Until: day(20), Vulnerabilities: true, CodeScanning: true,
			}, nil)
			if err != nil {
				t.Fatalf("%v\n%s", err, paths(server))
			}
			want := []model.Feed{model.CodeScanningAlerts, model.VulnerabilityAlerts}
			if diff := cmp.Diff(want, s.Read); diff != "" || len(s.Gaps) != 1 {
				t.Fatalf("feeds (-want +got):\n%s\ngaps %+v, want one", diff, s.Gaps)
			}
			gap, _ := gapOf(s, tt.feed)
			if gap.Permission != tt.permission || gap.Partial || strings.Contains(gap.Reason, "metadata") {
				t.Errorf("gap %+v, want one for the permission %q", gap, tt.permission)
			}
			for _, part := range tt.said {
				if !strings.Contains(gap.Reason, part) {
					t.Errorf("the gap does not say %q: %s", part, gap.Reason)
				}
			}
		})
	}
}

// TestAlertsCutShort: the second page never comes. What was on the first is kept.
func TestAlertsCutShort(t *testing.T) {
	t.Parallel()
	w := &githubsim.World{}
	for n := 1; n <= 150; n++ {
		w.Dependabot = append(w.Dependabot, openAlert(n, day(11).Add(time.Duration(n)*time.Minute)))
	}
	c, _ := simulate(t, w, githubsim.Options{Faults: []githubsim.Fault{
		{Path: "/repos/*/*/dependabot/alerts", Skip: 1, Status: 502, Times: -1},
	}})
	s, err := Collect(context.Background(), c, Request{
		Owner: "o", Name: "r", Reach: day(10), Until: day(20), Vulnerabilities: true, CodeScanning: true,
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if gap, ok := gapOf(s, model.VulnerabilityAlerts); !ok || !gap.Partial {
		t.Errorf("gaps %+v, want one that is partial", s.Gaps)
	}
	if diff := cmp.Diff(between(51, 150), numbers(s.Vulnerabilities)); diff != "" {
		t.Errorf("alerts (-want +got):\n%s", diff)
	}
}

// TestAlertsUnauthorized: that the token is refused everywhere is the end of the collection, alerts included.
func TestAlertsUnauthorized(t *testing.T) {
	t.Parallel()
	c, _ := simulate(t, &githubsim.World{}, githubsim.Options{Faults: []githubsim.Fault{
		{Path: "/repos/*/*/*/alerts", Status: 401, Times: -1, Body: `{"message":"Bad credentials"}`},
	}})
	var ended atomic.Int32
	s, err := Collect(context.Background(), c, Request{
		Owner: "o", Name: "r", Reach: day(10), Until: day(20), Vulnerabilities: true, CodeScanning: true,
	}, func(_ model.Feed, _, _ int, done bool) {
		if done {
			ended.Add(1)
		}
	})
	var auth *github.AuthError
	if s != nil || !errors.As(err, &auth) || ended.Load() != 2 {
		t.Errorf("snapshot %v, error %v, %d feeds ended", s != nil, err, ended.Load())
	}
}
