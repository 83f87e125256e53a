package kpi_test

import (
	"bufio"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
)

// TestVectors runs every hand-worked vector of testdata/kpi. A file is named as its KPI and holds cases; testdata/kpi/README.md
// describes the language.
func TestVectors(t *testing.T) {
	t.Parallel()
	for _, d := range kpi.All() {
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
		v.snapshot = &model.Snapshot{
			Repository: model.Repository{Owner: "o", Name: "r", DefaultBranch: "main", URL: "https://github.com/o/r"},
			Read: []model.Feed{
				model.Deployments, model.Releases, model.Tags, model.Commits, model.PullRequests, model.Issues, model.Links,
				model.Runs,
				model.DeployRuns,
			},
		}
	case "window": // window 30d until=31
		days := f.int(strings.TrimSuffix(f.words[0], "d"))
		v.window.Until = f.time("until")
		v.window.Since = v.window.Until.AddDate(0, 0, -days)
	case "policy":
		v.setPolicy(f)
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

func (v *vector) setPolicy(f fields) {
	for key, value := range f.value {
		list := kpi.Globs(f.list(key))
		switch key {
		case "source":
			v.policy.Source = model.Source(value)
		case "environments":
			v.policy.Environments = list
		case "branches":
			v.policy.Branches = list
		case "tags":
			v.policy.Tags = list
		case "workflows":
			v.policy.Workflows = list
		case "start":
			v.policy.Start = kpi.Start(value)
		case "bots":
			v.policy.IncludeBots = value == "true"
		case "team":
			v.policy.TeamLogins = list
		case "bot-logins":
			v.policy.BotLogins = list
		case "signals":
			v.policy.Signals = map[kpi.Signal]bool{}
			for _, s := range list {
				v.policy.Signals[kpi.Signal(s)] = true
			}
		default:
			v.fatalf("unknown policy %q", key)
		}
	}
}

func (v *vector) addRun(f fields) {
	run := model.Run{
		ID: int64(f.int(f.words[0])), Workflow: ".github/workflows/ci.yml", Name: "run", Branch: "main", Event: "push",
		SHA: f.value["sha"], Status: "completed", Conclusion: f.value["conclusion"], Attempt: 1,
		Created: f.time("created"), Started: f.time("started"), Updated: f.time("updated"), Actor: f.actor("by"),
	}
	if w := f.value["workflow"]; w != "" {
		run.Workflow = ".github/workflows/" + w
	}
	if b := f.value["branch"]; b != "" {
		run.Branch = b
	}
	if e := f.value["event"]; e != "" {
		run.Event = e
	}
	if s := f.value["status"]; s != "" {
		run.Status = s
	}
	if a := f.value["attempt"]; a != "" {
		run.Attempt = f.int(a)
	}
	if run.Started.IsZero() {
		run.Started = run.Created
	}
	v.snapshot.Runs = append(v.snapshot.Runs, run)
}

// addPullRequest: pr 1 by=ann opened=… [merged=…] [closed=…] [updated=…] [first=…: first commit's authored date]
// [first-committed=…] [sha=m1] [base=main] [head=x] [labels=a,b] [draft] [additions=] [deletions=] [title=] [body=] [as=MEMBER] [merged-by=]
// [messages="a|b"] [commits=sha,sha]
func (v *vector) addPullRequest(f fields) {
	pr := model.PullRequest{
		Number: f.int(f.words[0]), Title: f.value["title"], Body: f.value["body"], Author: f.actor("by"),
		Association: model.Association(f.value["as"]), Created: f.time("opened"), Updated: f.time("updated"),
		Merged: f.time("merged"), Closed: f.time("closed"), MergedBy: f.actor("merged-by"), MergeCommit: f.value["sha"],
		Base: f.value["base"], Head: f.value["head"], Draft: f.has("draft"), Labels: f.list("labels"),
		URL: "https://github.com/o/r/pull/" + strings.TrimPrefix(f.words[0], "#"),
	}
	if pr.Base == "" {
		pr.Base = "main"
	}
	if pr.Closed.IsZero() {
		pr.Closed = pr.Merged
	}
	if pr.Updated.IsZero() {
		pr.Updated = v.window.Until
	}
	for key, into := range map[string]*int{"additions": &pr.Additions, "deletions": &pr.Deletions} {
		if f.value[key] != "" {
			*into = f.int(f.value[key])
		}
	}
	if first := f.time("first"); !first.IsZero() {
		pr.Commits = append(pr.Commits, model.PullRequestCommit{SHA: "first-of-" + f.words[0], Authored: first, Committed: first})
		if c := f.time("first-committed"); !c.IsZero() {
			pr.Commits[0].Committed = c
		}
	}
	for _, sha := range f.list("commits") {
		pr.Commits = append(pr.Commits, model.PullRequestCommit{SHA: sha, Authored: pr.Created, Committed: pr.Created})
	}
	if m := f.value["messages"]; m != "" {
		for i, message := range strings.Split(m, "|") {
			pr.Commits = append(pr.Commits, model.PullRequestCommit{
				SHA: fmt.Sprintf("message-%d-of-%s", i, f.words[0]), Authored: pr.Created, Committed: pr.Created, Message: message,
			})
		}
	}
	v.snapshot.PullRequests = append(v.snapshot.PullRequests, pr)
}

// addIssue: issue 1 by=ann opened=… [closed=…] [reason=NOT_PLANNED] [labels=bug] [type=Bug] [updated=…] [body=] [as=]
func (v *vector) addIssue(f fields) {
	i := model.Issue{
		Number: f.int(f.words[0]), Title: f.value["title"], Body: f.value["body"], Author: f.actor("by"),
		Association: model.Association(f.value["as"]), Created: f.time("opened"), Updated: f.time("updated"),
		Closed: f.time("closed"), Reason: f.value["reason"], Labels: f.list("labels"), Type: f.value["type"],
		URL: "https://github.com/o/r/issues/" + strings.TrimPrefix(f.words[0], "#"),
	}
	if i.Updated.IsZero() {
		i.Updated = v.window.Until
	}
	v.snapshot.Issues = append(v.snapshot.Issues, i)
}

func (v *vector) isIssue(n int) bool {
	for i := range v.snapshot.Issues {
		if v.snapshot.Issues[i].Number == n {
			return true
		}
	}
	return false
}

func (v *vector) issue(n int) *model.Issue {
	for i := range v.snapshot.Issues {
		if v.snapshot.Issues[i].Number == n {
			return &v.snapshot.Issues[i]
		}
	}
	v.fatalf("no issue %d", n)
	return nil
}

func (v *vector) pullRequest(n int) *model.PullRequest {
	for i := range v.snapshot.PullRequests {
		if v.snapshot.PullRequests[i].Number == n {
			return &v.snapshot.PullRequests[i]
		}
	}
	v.fatalf("no issue or pull request %d", n)
	return nil
}

func (v *vector) compute() *kpi.Figures {
	if v.window.Until.IsZero() {
		v.fatalf("no window")
	}
	if v.result == nil {
		v.result = &kpi.Compute(v.snapshot, v.policy, v.window, []*kpi.Definition{v.definition})[0]
	}
	return v.result
}

// number reads a wanted value: 2d, 1d12h, 36h, 90m, 5s, 85%, 3/7, 0.25, inf.
func (v *vector) number(s string) float64 {
	v.t.Helper()
	switch s {
	case "inf":
		return math.Inf(1)
	case "-inf":
		return math.Inf(-1)
	}
	if a, b, ok := strings.Cut(s, "/"); ok {
		return v.number(a) / v.number(b)
	}
	if p, ok := strings.CutSuffix(s, "%"); ok {
		return v.number(p) / 100
	}
	if n, err := strconv.ParseFloat(s, 64); err == nil {
		return n
	}
	total := 0.0
	for rest := s; rest != ""; {
		i := strings.IndexAny(rest, "dhms")
		if i <= 0 {
			v.fatalf("not a value: %q", s)
		}
		n, err := strconv.ParseFloat(rest[:i], 64)
		if err != nil {
			v.fatalf("not a value: %q", s)
		}
		total += n * map[byte]float64{'d': 86400, 'h': 3600, 'm': 60, 's': 1}[rest[i]]
		rest = rest[i+1:]
	}
	return total
}

func near(a, b float64) bool { return a == b || math.Abs(a-b) <= 1e-9*math.Max(1, math.Abs(b)) }

// want holds the result against its words: a status, n= running= hits=, a statistic's name = its value or "unknown",
// low= high= (the default statistic's interval), source=, reason= and note= (parts of the text).
func (v *vector) want(f fields) {
	v.t.Helper()
	v.wants++
	r := v.compute()
	status := kpi.Measured
	for _, w := range f.words {
		status = kpi.Status(w)
	}
	if r.Status != status {
		v.errorf("status is %s (%s), want %s", r.Status, r.Reason, status)
	}
	for key, value := range f.value {
		name, within, _ := strings.Cut(strings.TrimSuffix(key, ")"), "(")
		switch name {
		case "n":
			if n := f.int(value); r.N != n {
				v.errorf("n is %d, want %d", r.N, n)
			}
		case "running":
			if n := f.int(value); r.Running != n {
				v.errorf("running is %d, want %d", r.Running, n)
			}
		case "hits":
			if n := f.int(value); r.Hits != n {
				v.errorf("hits is %d, want %d", r.Hits, n)
			}
		case "source":
			if r.Source != value {
				v.errorf("source is %q, want %q", r.Source, value)
			}
		case "reason":
			if !strings.Contains(r.Reason, value) {
				v.errorf("reason is %q, want it to contain %q", r.Reason, value)
			}
		case "note":
			if !strings.Contains(strings.Join(r.Notes, " "), value) {
				v.errorf("notes are %q, want them to contain %q", r.Notes, value)
			}
		case "significant":
			got := "unknown"
			if r.Significant != nil {
				got = strconv.FormatBool(*r.Significant)
			}
			if got != value {
				v.errorf("significant is %s, want %s", got, value)
			}
		case "low", "high":
			e := r.Estimate(v.definition.Default())
			if e.Interval == nil {
				v.errorf("no interval, want %s=%s", key, value)
				continue
			}
			got := e.Interval.Low
			if key == "high" {
				got = e.Interval.High
			}
			if want := v.number(value); math.Abs(got-want) > 1e-6*math.Max(1, math.Abs(want)) && got != want {
				v.errorf("%s is %v, want %v", key, got, want)
			}
		case "value", "p50", "p75", "p90", "p95", "mean", "max", "within":
			s := kpi.Statistic{Name: name}
			if within != "" {
				s.Within = time.Duration(v.number(within)) * time.Second
			}
			if name == "value" {
				s = v.definition.Default()
			}
			e := r.Estimate(s)
			switch {
			case value == "unknown" && e.Known:
				v.errorf("%s is %v, want it unknown", key, e.Value)
			case value != "unknown" && !e.Known:
				v.errorf("%s is unknown (%s), want %s", key, e.Reason, value)
			case value != "unknown" && !near(e.Value, v.number(value)):
				v.errorf("%s is %v, want %v (%s)", key, e.Value, v.number(value), value)
			}
			if name == "within" && strings.Contains(value, "/") && e.Known {
				_, n, _ := strings.Cut(value, "/")
				if f.int(n) != e.N {
					v.errorf("%s has n %d, want %s", key, e.N, n)
				}
			}
		default:
			v.fatalf("cannot want %q", key)
		}
	}
}

func itemName(r model.Ref) string {
	switch r.Kind {
	case model.RefPullRequest, model.RefIssue:
		return fmt.Sprintf("#%d", r.Number)
	case model.RefDeployment, model.RefRun:
		return fmt.Sprintf("%d", r.ID)
	case model.RefCommit:
		return r.SHA
	default:
		return r.Name
	}
}

func (v *vector) wantItems(line string) {
	v.t.Helper()
	v.wants++
	var got, want []string
	r := v.compute()
	for _, word := range strings.Fields(line)[1:] {
		if word == "none" {
			continue
		}
		name, value, ok := strings.Cut(word, "=")
		star := ""
		if strings.HasSuffix(word, "*") {
			star, value = "*", strings.TrimSuffix(value, "*")
			name = strings.TrimSuffix(name, "*")
		}
		if ok {
			want = append(want, fmt.Sprintf("%s=%g%s", name, v.number(value), star))
		} else {
			want = append(want, name+star)
		}
	}
	for _, item := range r.Items {
		star := ""
		if item.Running {
			star = "*"
		}
		if k := v.definition.Kind(); k == kpi.KindRate || k == kpi.KindLevel {
			got = append(got, itemName(item.Ref)+star)
		} else {
			got = append(got, fmt.Sprintf("%s=%g%s", itemName(item.Ref), item.Value, star))
		}
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		v.errorf("items are %v, want %v", got, want)
	}
}

func (v *vector) wantPrevious(f fields) {
	v.t.Helper()
	v.wants++
	r := v.compute().Previous
	if f.has("not-measured") {
		if r.Status != kpi.NotMeasured {
			v.errorf("the previous window is %s, want it not measured", r.Status)
		}
		return
	}
	if n := f.value["n"]; n != "" && r.N != f.int(n) {
		v.errorf("previous n is %d, want %s", r.N, n)
	}
	if value := f.value["value"]; value != "" {
		if e := r.Estimate(v.definition.Default()); !e.Known || !near(e.Value, v.number(value)) {
			v.errorf("previous value is %v (known %v), want %s", e.Value, e.Known, value)
		}
	}
}

func (v *vector) wantTrend(f fields) {
	v.t.Helper()
	v.wants++
	points := v.compute().Trend
	if len(points) != 12 {
		v.fatalf("the trend has %d points, want 12", len(points))
	}
	points = points[12-len(f.words):]
	for i, want := range f.words {
		switch {
		case want == "-" && points[i].Known:
			v.errorf("trend point %d is %v, want it not measured", i, points[i].Value)
		case want != "-" && (!points[i].Known || !near(points[i].Value, v.number(want))):
			v.errorf("trend point %d is %v (known %v), want %s", i, points[i].Value, points[i].Known, want)
		}
	}
}
