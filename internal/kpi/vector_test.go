package kpi_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
)

// TestVectors runs every hand-worked vector of testdata/kpi. A file is named as its KPI and holds cases;
// testdata/kpi/README.md describes the language.
func TestVectors(t *testing.T) {
	t.Parallel()
	for _, d := range kpi.BuiltIn().All() {
		if family := string(d.Family); family != kpi.Bug && strings.HasPrefix(d.ID, family+"-") &&
			kpi.BuiltIn().Find(kpi.Bug+strings.TrimPrefix(d.ID, family)) != nil {
			continue // The classes have their measures in common: the bugs' vectors hold them.
		}
		t.Run(d.ID, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join("..", "..", "testdata", "kpi", d.ID+".vector")
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatalf("each KPI has a vector file: %v", err)
			}
			v := &vector{t: t, file: file, definition: d}
			lines := bufio.NewScanner(strings.NewReader(string(data)))
			for lines.Scan() {
				v.line++
				v.do(lines.Text())
			}
			if v.wants == 0 {
				t.Errorf("%s: no want", file)
			}
		})
	}
}

// vector builds a snapshot line by line and holds results against it.
type vector struct {
	t          *testing.T
	file       string
	line       int
	definition *kpi.Definition

	name     string
	snapshot *model.Snapshot
	policy   kpi.Policy
	window   model.Window
	filter   kpi.Filter
	wants    int
	result   *kpi.Figures
}

func (v *vector) fatalf(format string, args ...any) {
	v.t.Helper()
	v.t.Fatalf("%s:%d: %s", v.file, v.line, fmt.Sprintf(format, args...))
}

func (v *vector) errorf(format string, args ...any) {
	v.t.Helper()
	v.t.Errorf("%s:%d: case %s: %s", v.file, v.line, v.name, fmt.Sprintf(format, args...))
}

// fields are a line's words: the verb, bare words, and key=value pairs.
type fields struct {
	v     *vector
	verb  string
	words []string
	value map[string]string
}

func (v *vector) split(line string) fields {
	f := fields{v: v, value: map[string]string{}}
	var words []string
	var word strings.Builder
	quoted, any := false, false
	for _, r := range strings.ReplaceAll(line, `\"`, "\x00") {
		switch {
		case r == '"':
			quoted, any = !quoted, true
		case !quoted && (r == ' ' || r == '\t'):
			if any {
				words = append(words, word.String())
			}
			word.Reset()
			any = false
		case !quoted && r == '#' && !any:
			goto done
		default:
			word.WriteRune(r)
			any = true
		}
	}
done:
	if any {
		words = append(words, word.String())
	}
	for i, w := range words {
		key, value, pair := strings.Cut(w, "=")
		switch {
		case i == 0:
			f.verb = w
		case pair:
			f.value[key] = strings.NewReplacer(`\n`, "\n", "\x00", `"`).Replace(value)
		default:
			f.words = append(f.words, w)
		}
	}
	return f
}

// time reads 2026-01-10T09:00:00Z, 2026-01-10, or short for January 2026: 10, 10T09:00, 10T09:00:01.
func (f fields) time(key string) time.Time {
	f.v.t.Helper()
	s := f.value[key]
	if s == "" {
		return time.Time{}
	}
	return f.v.time(s)
}

func (v *vector) time(s string) time.Time {
	v.t.Helper()
	full := s
	if date, clock, _ := strings.Cut(s, "T"); len(date) <= 2 {
		full = fmt.Sprintf("2026-01-%02s", date)
		if clock != "" {
			full += "T" + clock
		}
	}
	full = strings.TrimSuffix(full, "Z")
	for _, layout := range []string{"2006-01-02", "2006-01-02T15:04", "2006-01-02T15:04:05"} {
		if t, err := time.Parse(layout, full); err == nil {
			return t
		}
	}
	v.fatalf("not a time: %q", s)
	return time.Time{}
}

func (f fields) int(s string) int {
	f.v.t.Helper()
	n, err := strconv.Atoi(strings.TrimPrefix(s, "#"))
	if err != nil {
		f.v.fatalf("not a number: %q", s)
	}
	return n
}

func (f fields) list(key string) []string {
	if f.value[key] == "" {
		return nil
	}
	return strings.Split(f.value[key], ",")
}

func (f fields) has(word string) bool {
	for _, w := range f.words {
		if w == word {
			return true
		}
	}
	return false
}

func (f fields) actor(key string) model.Actor {
	login := f.value[key]
	return model.Actor{Login: strings.TrimSuffix(login, "[bot]"), Bot: strings.HasSuffix(login, "[bot]")}
}

// do carries out one line.
func (v *vector) do(line string) {
	v.t.Helper()
	f := v.split(line)
	if f.verb != "" && f.verb != "want" && f.verb != "items" && f.verb != "previous" && f.verb != "trend" {
		v.result = nil
	}
	s := v.snapshot
	if s == nil && f.verb != "" && f.verb != "case" {
		v.fatalf("a file begins with a case")
	}
	switch f.verb {
	case "":
	case "case":
		v.name = strings.Join(f.words, " ")
		v.policy = kpi.DefaultPolicy()
		v.window = model.Window{}
		v.filter = nil
		v.snapshot = &model.Snapshot{
			Repository: model.Repository{Owner: "o", Name: "r", DefaultBranch: "main", URL: "https://github.com/o/r"},
			Read: []model.Feed{
				model.Deployments, model.Releases, model.Tags, model.Commits, model.PullRequests, model.Issues, model.Links,
				model.PastIncidents, model.Reviews, model.Comments,
				model.Runs, model.DeployRuns, model.Paths, model.Milestones, model.Jobs, model.VulnerabilityAlerts,
				model.CodeScanningAlerts,
			},
		}
	case "window": // window 30d until=31
		days := f.int(strings.TrimSuffix(f.words[0], "d"))
		v.window.Until = f.time("until")
		v.window.Since = v.window.Until.AddDate(0, 0, -days)
	case "filter": // filter label=sev1 path=api/*; a bare filter keeps everything
		v.filter = nil
		for attribute, glob := range f.value {
			v.filter = append(v.filter, kpi.Term{Attribute: kpi.Attribute(attribute), Glob: glob})
		}
	case "policy":
		v.setPolicy(f)
	case "class": // class escalation labels=a,b types=C
		v.policy.Classes[f.words[0]] = kpi.Class{Labels: f.list("labels"), Types: f.list("types")}
	case "business": // business zone=Europe/Berlin days=mon,tue hours=9-17 holidays=2026-01-06 kpis=*
		v.setBusinessTime(f)
	case "unread": // unread FEED: it was not asked for
		s.Read = slices.DeleteFunc(s.Read, func(feed model.Feed) bool { return string(feed) == f.words[0] })
	case "milestone": // milestone 1 due=… [opened=…] [closed=…]
		s.Milestones = append(s.Milestones, model.Milestone{
			Number: f.int(f.words[0]), Title: "M" + f.words[0], URL: "https://github.com/o/r/milestone/" + f.words[0],
			Due: f.time("due"), Created: f.time("opened"), Closed: f.time("closed"),
		})
	case "in": // in MILESTONE issue|pull-request N opened=… [by=…] [labels=…] [closed=…] [closings=a,b] [reopenings=c]
		v.addMilestoneItem(f)
	case "vulnerability", "code-scanning": // vulnerability 1 severity=high created=… [fixed=…] [dismissed=…]
		v.addAlert(f)
	case "job": // job 1 run=2 created=… [started=…] [conclusion=success]
		s.Jobs = append(s.Jobs, model.Job{
			ID: int64(f.int(f.words[0])), Run: int64(f.int(f.value["run"])), Name: "job", Created: f.time("created"),
			Started: f.time("started"), Conclusion: f.value["conclusion"],
		})
	case "gap": // gap feed reason="…" [partial]
		s.Gaps = append(s.Gaps, model.Gap{Feed: model.Feed(f.words[0]), Reason: f.value["reason"], Partial: f.has("partial")})
	case "branch":
		s.Branches = append(s.Branches, model.Branch{Name: f.words[0], Head: f.words[1]})
	case "commit": // commit sha at=… [authored=…] [parents=a,b] [by=…] [message="…"] [pulls=1]
		c := model.Commit{
			SHA: f.words[0], Parents: f.list("parents"), Committed: f.time("at"), Authored: f.time("authored"),
			Author: f.actor("by"), Message: f.value["message"],
		}
		if c.Authored.IsZero() {
			c.Authored = c.Committed
		}
		for _, n := range f.list("pulls") {
			c.PullRequests = append(c.PullRequests, f.int(n))
		}
		s.Commits = append(s.Commits, c)
	case "deployment": // deployment 1 sha=a env=production created=… [success=…] [failure=…] [error=…] [inactive=…]
		id := f.int(f.words[0])
		d := model.Deployment{
			ID: int64(id), Environment: f.value["env"], SHA: f.value["sha"], Created: f.time("created"), Creator: f.actor("by"),
		}
		if d.Environment == "" {
			d.Environment = "production"
		}
		for _, state := range []string{"queued", "in_progress", "success", "failure", "error", "inactive"} {
			for _, at := range f.list(state) {
				d.Statuses = append(d.Statuses, model.DeploymentStatus{State: strings.ToUpper(state), Created: v.time(at)})
			}
		}
		sort.SliceStable(d.Statuses, func(i, j int) bool { return d.Statuses[i].Created.Before(d.Statuses[j].Created) })
		if d.Created.IsZero() && len(d.Statuses) > 0 {
			d.Created = d.Statuses[0].Created
		}
		s.Deployments = append(s.Deployments, d)
	case "release": // release v1 id=1 sha=a published=… [draft] [prerelease]
		s.Releases = append(s.Releases, model.Release{
			ID: int64(f.int(f.value["id"])), Tag: f.words[0], SHA: f.value["sha"], Published: f.time("published"),
			Draft: f.has("draft"), Prerelease: f.has("prerelease"), URL: "https://github.com/o/r/releases/tag/" + f.words[0],
		})
	case "tag": // tag v1 sha=a date=…
		s.Tags = append(s.Tags, model.Tag{Name: f.words[0], SHA: f.value["sha"], Date: f.time("date")})
	case "run": // run 1 workflow=ci.yml branch=main event=push created=… [started=…] updated=… conclusion=success [attempt=1] [sha=…]
		v.addRun(f)
	case "pr":
		v.addPullRequest(f)
	case "issue":
		v.addIssue(f)
	case "review": // review 1 by=bob at=… [state=APPROVED] [as=MEMBER]
		pr := v.pullRequest(f.int(f.words[0]))
		state := f.value["state"]
		if state == "" {
			state = "COMMENTED"
		}
		pr.Reviews = append(pr.Reviews, model.Review{
			Author: f.actor("by"), Association: model.Association(f.value["as"]), State: state, Submitted: f.time("at"),
		})
	case "comment": // comment 1 by=bob at=… [as=MEMBER]
		c := model.Comment{Author: f.actor("by"), Association: model.Association(f.value["as"]), Created: f.time("at")}
		if n := f.int(f.words[0]); v.isIssue(n) {
			i := v.issue(n)
			i.Comments = append(i.Comments, c)
		} else {
			pr := v.pullRequest(n)
			pr.Comments = append(pr.Comments, c)
		}
	case "event": // event 1 labeled at=… by=… [label=bug] [reason=COMPLETED] [closer=2]
		e := model.Event{
			Kind: model.EventKind(f.words[1]), At: f.time("at"), Actor: f.actor("by"), Label: f.value["label"],
			Reason: f.value["reason"],
		}
		if c := f.value["closer"]; c != "" {
			e.Closer = f.int(c)
		}
		if n := f.int(f.words[0]); v.isIssue(n) {
			i := v.issue(n)
			i.Events = append(i.Events, e)
		} else {
			pr := v.pullRequest(n)
			pr.Events = append(pr.Events, e)
		}
	case "link": // link ISSUE pr=2 by=bob opened=… [linked=…] [merged=…] [sha=…] [repository=o/other]
		i := v.issue(f.int(f.words[0]))
		i.Links = append(i.Links, model.Link{
			Repository: f.value["repository"], Number: f.int(f.value["pr"]), Author: f.actor("by"), Created: f.time("opened"),
			Linked: f.time("linked"), Merged: f.time("merged"), MergeCommit: f.value["sha"],
		})
	case "want":
		v.want(f)
	case "items": // items #1=2d #2=1d* (a star: running), worst first; no items: "items none"
		v.wantItems(line)
	case "previous": // previous n=1 value=2d | previous not-measured
		v.wantPrevious(f)
	case "trend": // trend value value … the last points, oldest first; - for not measured
		v.wantTrend(f)
	default:
		v.fatalf("unknown verb %q", f.verb)
	}
}
