package kpi_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
)

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
		case "exclude-workflows":
			v.policy.ExcludedWorkflows = list
		case "cost":
			v.policy.DowntimeCost = &kpi.Cost{PerHour: v.number(value), Currency: "EUR"}
		case "signals":
			v.policy.Signals = map[kpi.FailureSignal]bool{}
			for _, s := range list {
				v.policy.Signals[kpi.FailureSignal(s)] = true
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
// [first-committed=…] [sha=m1] [base=main] [head=x] [labels=a,b] [draft] [additions=] [deletions=] [title=] [body=]
// [as=MEMBER] [merged-by=] [messages="a|b"] [commits=sha,sha]
func (v *vector) addPullRequest(f fields) {
	pr := model.PullRequest{
		Number: f.int(f.words[0]), Title: f.value["title"], Body: f.value["body"], Author: f.actor("by"),
		Association: model.Association(f.value["as"]), Created: f.time("opened"), Updated: f.time("updated"),
		Merged: f.time("merged"), Closed: f.time("closed"), MergedBy: f.actor("merged-by"), MergeCommit: f.value["sha"],
		Base: f.value["base"], Head: f.value["head"], Draft: f.has("draft"), Labels: f.list("labels"), Paths: f.list("paths"),
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

func (v *vector) setBusinessTime(f fields) {
	v.t.Helper()
	zone, err := time.LoadLocation(f.value["zone"])
	if err != nil {
		v.fatalf("%v", err)
	}
	b := &kpi.BusinessTime{Zone: zone, Holidays: map[string]bool{}, KPIs: f.list("kpis")}
	for weekday := time.Sunday; weekday <= time.Saturday; weekday++ {
		for _, name := range f.list("days") {
			if strings.EqualFold(weekday.String()[:3], name) {
				b.Days[weekday] = true
			}
		}
	}
	from, to, _ := strings.Cut(f.value["hours"], "-")
	b.From, b.To = time.Duration(f.int(from))*time.Hour, time.Duration(f.int(to))*time.Hour
	for _, day := range f.list("holidays") {
		b.Holidays[day] = true
	}
	v.policy.BusinessTime = b
}

func (v *vector) addMilestoneItem(f fields) {
	v.t.Helper()
	item := model.MilestoneItem{
		Kind: model.RefKind(f.words[1]), Number: f.int(f.words[2]), Created: f.time("opened"), Closed: f.time("closed"),
		URL: "https://github.com/o/r/issues/" + f.words[2], Author: f.actor("by"), Labels: f.list("labels"),
	}
	for kind, key := range map[model.EventKind]string{model.Closed: "closings", model.Reopened: "reopenings"} {
		for _, at := range f.list(key) {
			item.Events = append(item.Events, model.Event{Kind: kind, At: v.time(at)})
		}
	}
	slices.SortFunc(item.Events, func(a, b model.Event) int { return a.At.Compare(b.At) })
	for i := range v.snapshot.Milestones {
		if m := &v.snapshot.Milestones[i]; m.Number == f.int(f.words[0]) {
			m.Items = append(m.Items, item)
			return
		}
	}
	v.fatalf("no milestone %s", f.words[0])
}

func (v *vector) addAlert(f fields) {
	alert := model.Alert{
		Number: f.int(f.words[0]), Title: "alert", Severity: f.value["severity"], Created: f.time("created"),
		Fixed: f.time("fixed"), Dismissed: f.time("dismissed"), URL: "https://github.com/o/r/security/" + f.verb + "/" + f.words[0],
	}
	if f.verb == "vulnerability" {
		v.snapshot.Vulnerabilities = append(v.snapshot.Vulnerabilities, alert)
		return
	}
	v.snapshot.CodeScanning = append(v.snapshot.CodeScanning, alert)
}
