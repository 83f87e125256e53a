package githubsim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// settled has one of each, all at rest since the tenth.
func settled() *World {
	w := octo()
	w.Repo.DefaultBranch = "main"
	w.Commits = []Commit{
		{OID: "aaaa1", CommittedDate: day(1), AuthoredDate: day(1)},
		{OID: "aaaa2", Parents: []string{"aaaa1"}, CommittedDate: day(2), AuthoredDate: day(2)},
		{OID: "bbbb1", Parents: []string{"aaaa1"}, CommittedDate: day(2), AuthoredDate: day(2), OnDefaultBranch: new(bool)},
	}
	w.Branches = []Branch{{Name: "main", OID: "aaaa2"}, {Name: "topic", OID: "bbbb1"}}
	w.Tags = []Tag{{Name: "light", OID: "aaaa1"}, {Name: "v1", OID: "aaaa1", Date: dayPointer(3)}}
	w.Releases = []Release{
		{TagName: "v1", CreatedAt: day(3), PublishedAt: dayPointer(3), OID: "aaaa1"},
		{TagName: "v2", CreatedAt: day(3), IsDraft: true},
	}
	w.Issues = []Issue{
		{
			Number: 1, Title: "old", State: "CLOSED", StateReason: "COMPLETED", CreatedAt: day(1), ClosedAt: dayPointer(4),
			Labels: []string{"bug"}, Comments: []Comment{{CreatedAt: day(3)}, {CreatedAt: day(2)}},
			ClosedEvents: []CloseEvent{{At: day(4)}},
		},
		{Number: 3, State: "OPEN", CreatedAt: day(1)},
	}
	w.Pulls = []Pull{
		{
			Number: 2, Title: "old", State: "OPEN", CreatedAt: day(2), HeadRefName: "topic", HeadRefOID: "bbbb1",
			CommitOIDs: []string{"bbbb1"}, BaseRefName: "main", Comments: []Comment{{CreatedAt: day(3)}},
		},
		{Number: 4, State: "CLOSED", CreatedAt: day(2), ClosedAt: dayPointer(3), ClosedEvents: []CloseEvent{{At: day(3)}}},
	}
	w.Deployments = []Deployment{{
		ID: 7, SHA: "aaaa1", Environment: "production", CreatedAt: day(3),
		Statuses: []DeploymentStatus{{State: "SUCCESS", CreatedAt: day(4)}},
	}}
	w.WorkflowRuns = []WorkflowRun{{
		ID: 9, WorkflowID: 1, Status: "completed", Conclusion: "failure", RunAttempt: 1, CreatedAt: day(3), UpdatedAt: day(4),
		RunStartedAt: dayPointer(3), Jobs: []Job{{ID: 11, Status: "completed", Conclusion: "failure", CreatedAt: day(3)}},
	}}
	return w
}

// Every change shows in what the APIs answer, and touches what GitHub says it touches.
func TestChanges(t *testing.T) {
	t.Parallel()
	const issue = `issue(number:1){title state stateReason closedAt updatedAt labels(first:5){nodes{name}}
	 comments{totalCount} timelineItems(first:9,itemTypes:[LABELED_EVENT,UNLABELED_EVENT,CLOSED_EVENT,REOPENED_EVENT])
	 {nodes{__typename}}}`
	const pull = `pullRequest(number:2){title state updatedAt labels(first:5){nodes{name}} comments{totalCount} headRefOid
	 commits(first:5){nodes{commit{oid authoredDate parents(first:1){nodes{oid}}}}}}`
	const deployments = `deployments(first:5){nodes{updatedAt state statuses(first:5){nodes{state}}}}`
	const releases = `releases(first:5){nodes{tagName isDraft updatedAt tagCommit{oid}}}
	 refs(refPrefix:"refs/tags/",first:5){nodes{name target{__typename oid ...on Tag{target{oid}}}}}`
	const touched = `"updatedAt":"2026-01-11T00:00:00Z"`
	at := day(11)
	moved := objectID("tag v1 aaaa2")
	made := objectID("tag v2 aaaa2")
	pushed := objectID(fmt.Sprintf("force-push 2 %d", at.UnixNano()))
	run := "/repos/octo/parcels/actions/runs/9"
	for _, c := range []struct {
		change Change
		// selection is asked for by GraphQL, or path by REST; both answers must contain all of these once the change has
		// happened, and not before.
		selection, path string
		tells           []string
	}{
		{EditTitle(1, "new", at), issue, "", []string{`"title":"new"`, touched}},
		{EditTitle(2, "new", at), pull, "", []string{`"title":"new"`, touched}},
		{
			AddLabel(1, "late", at), issue, "",
			[]string{`{"name":"bug"},{"name":"late"}`, "LabeledEvent", touched},
		},
		{AddLabel(2, "late", at), pull, "", []string{`[{"name":"late"}]`, touched}},
		{
			RemoveLabel(1, "BUG", at), issue, "",
			[]string{`"labels":{"nodes":[]}`, "UnlabeledEvent", touched},
		},
		{
			Reopen(1, at), issue, "",
			[]string{`"state":"OPEN"`, `"stateReason":"REOPENED"`, `"closedAt":null`, "ReopenedEvent", touched},
		},
		{
			Reopen(4, at), `pullRequest(number:4){state closedAt updatedAt}`, "",
			[]string{`"state":"OPEN"`, `"closedAt":null`, touched},
		},
		{
			Close(3, at), `issue(number:3){state stateReason closedAt updatedAt timelineItems(first:1){nodes{__typename}}}`, "",
			[]string{
				`"state":"CLOSED"`, `"stateReason":"COMPLETED"`, `"closedAt":"2026-01-11T00:00:00Z"`, "ClosedEvent",
				touched,
			},
		},
		{Close(2, at), pull, "", []string{`"state":"CLOSED"`, touched}},
		{
			DeleteComment(1, at), issue + ` last:issue(number:1){comments(last:1){nodes{createdAt}}}`, "",
			[]string{`"totalCount":1`, `"createdAt":"2026-01-02T00:00:00Z"`, touched},
		},
		{DeleteComment(2, at), pull, "", []string{`"totalCount":0`, touched}},
		{
			DeleteIssue(1, at), `issues(first:5){totalCount nodes{number}}`, "",
			[]string{`{"nodes":[{"number":3}],"totalCount":1}`},
		},
		{
			ForcePush(2, at), pull + ` ref(qualifiedName:"topic"){target{oid}}`, "", []string{
				`"headRefOid":"` + pushed + `"`, `"target":{"oid":"` + pushed + `"}`, `"parents":{"nodes":[{"oid":"aaaa1"}]}`,
				`"authoredDate":"2026-01-11T00:00:00Z"`, touched,
			},
		},
		{
			MoveTag("light", "aaaa2", at), releases, "",
			[]string{`{"name":"light","target":{"__typename":"Commit","oid":"aaaa2"}}`},
		},
		{
			MoveTag("v1", "aaaa2", at), releases, "", []string{
				`{"name":"v1","target":{"__typename":"Tag","oid":"` + moved + `","target":{"oid":"aaaa2"}}}`,
				`{"isDraft":false,"tagCommit":{"oid":"aaaa2"},"tagName":"v1","updatedAt":"2026-01-03T00:00:00Z"}`,
			},
		},
		{DeleteTag("v1", at), releases, "", []string{`"refs":{"nodes":[{"name":"light",` +
			`"target":{"__typename":"Commit","oid":"aaaa1"}}]}`}},
		{
			PublishRelease("v2", "aaaa2", at), releases, "", []string{
				`{"isDraft":false,"tagCommit":{"oid":"aaaa2"},"tagName":"v2","updatedAt":"2026-01-11T00:00:00Z"}`,
				`{"name":"v2","target":{"__typename":"Tag","oid":"` + made + `","target":{"oid":"aaaa2"}}}`,
			},
		},
		{DeleteRelease("v1", at), `releases(first:5){nodes{tagName}}`, "", []string{`[{"tagName":"v2"}]`}},
		{
			AddStatus(7, "FAILURE", at), deployments, "",
			[]string{`"state":"FAILURE","statuses":{"nodes":[{"state":"FAILURE"},{"state":"SUCCESS"}]},` + touched},
		},
		{DeleteDeployment(7, at), `deployments(first:5){nodes{state}}`, "", []string{`{"nodes":[]}`}},
		{
			Rerun(9, at), "", run, []string{
				`"status":"in_progress"`, `"conclusion":null`, `"run_attempt":2`, `"run_started_at":"2026-01-11T00:00:00Z"`,
				`"updated_at":"2026-01-11T00:00:00Z"`,
			},
		},
		{Rerun(9, at), "", run + "/jobs", []string{`"id":1000000011`, `"run_attempt":2`, `"completed_at":null`}},
		{DeleteRun(9, at), "", "/repos/octo/parcels/actions/runs", []string{`"total_count":0`}},
	} {
		tell := func(w *World) string {
			s := serverOf(t, w, Options{Now: day(12)})
			if c.path != "" {
				return fetch(t, s, c.path).Body.String()
			}
			a := ask(t, s, `{repository(owner:"octo",name:"parcels"){`+c.selection+`}}`, nil)
			text, err := json.Marshal(a.Data)
			if err != nil || len(a.Errors) > 0 {
				t.Fatal(err, a.body)
			}
			return string(text)
		}
		changes := []Change{c.change}
		w := settled()
		before, after := tell(Grow(w, changes, at)), tell(Grow(w, changes, at.Add(time.Second)))
		all := true
		for _, text := range c.tells {
			all = all && strings.Contains(before, text)
			if !strings.Contains(after, text) {
				t.Errorf("%s: no %s in\n%s", c.change.What, text, after)
			}
		}
		if all {
			t.Errorf("%s: told before it happened:\n%s", c.change.What, before)
		}
		if !bytes.Equal(marshal(t, w), marshal(t, settled())) {
			t.Errorf("%s: the world changed", c.change.What)
		}
		// What is not there, or not in such a state, does not change: a second time after the first.
		again := c.change
		again.At = at.Add(time.Hour)
		repeatable := slices.ContainsFunc([]string{"deployment", "comment", "run again"}, func(kind string) bool {
			return strings.Contains(c.change.What, kind)
		})
		if twice := tell(Grow(w, []Change{c.change, again}, day(13))); twice != after && !repeatable {
			t.Errorf("%s, twice:\n%s\nonce:\n%s", c.change.What, twice, after)
		}
		Grow(octo(), changes, day(12)) // nothing is there to change
	}
}

// What stays keeps its id when something beside it comes or goes.
func TestChangesKeepIDs(t *testing.T) {
	t.Parallel()
	w := settled()
	w.Issues[0].Comments = append(w.Issues[0].Comments,
		Comment{CreatedAt: day(2)}, Comment{CreatedAt: day(2), Author: new("ann")})
	const selection = `issue(number:1){comments(first:9){nodes{id}}}
	 deployments(first:1){nodes{statuses(last:1){nodes{id}}}}`
	ids := func(t *testing.T, w *World) (comments, statuses []any) {
		t.Helper()
		r := repo(t, serverOf(t, w, Options{}), selection)
		comments = r["issue"].(map[string]any)["comments"].(map[string]any)["nodes"].([]any)
		deployments := r["deployments"].(map[string]any)["nodes"].([]any)
		return comments, deployments[0].(map[string]any)["statuses"].(map[string]any)["nodes"].([]any)
	}
	comments, statuses := ids(t, w)
	// The last comment goes, and the status becomes the oldest of two.
	changes := []Change{DeleteComment(1, day(11)), AddStatus(7, "INACTIVE", day(11))}
	lessComments, moreStatuses := ids(t, Grow(w, changes, day(12)))
	if d := cmp.Diff(comments[:3], lessComments); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(statuses, moreStatuses); d != "" {
		t.Error(d)
	}
	seen := map[string]bool{}
	for _, c := range comments {
		seen[fmt.Sprint(c)] = true
	}
	if len(seen) != 4 {
		t.Errorf("ids of four comments: %v", comments)
	}
}

func TestFinishRun(t *testing.T) {
	t.Parallel()
	changes := []Change{FinishRun(9, "success", day(12)), Rerun(9, day(11)), Rerun(9, day(11).Add(time.Hour))}
	r := Grow(settled(), changes, day(13)).WorkflowRuns[0]
	if r.Status != "completed" || r.Conclusion != "success" || r.RunAttempt != 2 || !r.UpdatedAt.Equal(day(12)) ||
		r.Jobs[0].Conclusion != "success" || !r.Jobs[0].CompletedAt.Equal(day(12)) {
		t.Errorf("%+v", r)
	}
}

// A world that grows with random changes stays one that GitHub could have, and whatever looks different later was
// touched in the meantime.
func TestRandomChanges(t *testing.T) {
	t.Parallel()
	for name, plan := range plans {
		if name == "thousands" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := Generate(plan)
			whole := marshal(t, w)
			const wanted = 60
			changes := RandomChanges(w, 7, wanted)
			if n := len(w.Issues) + len(w.Pulls); n > 40 && len(changes) != wanted {
				t.Errorf("%d changes", len(changes))
			}
			if !slices.IsSortedFunc(changes, func(a, b Change) int { return a.At.Compare(b.At) }) {
				t.Error("changes are not in order")
			}
			var from time.Time
			earlier := map[string]touched{}
			for _, at := range instantsOf(plan, 6) {
				v := Grow(w, changes, at)
				if _, err := New(v, Options{}); err != nil {
					t.Fatal(err)
				}
				later := touches(t, v)
				checkTouches(t, from, earlier, later)
				from, earlier = at, later
			}
			if !bytes.Equal(whole, marshal(t, w)) {
				t.Error("growing changed the world")
			}
			if again := Grow(w, changes, from); !bytes.Equal(marshal(t, again), marshal(t, Grow(w, changes, from))) {
				t.Error("growing twice gives two worlds")
			}
		})
	}
	what := func(changes []Change) string {
		var s strings.Builder
		for _, c := range changes {
			fmt.Fprintln(&s, c.At, c.What)
		}
		return s.String()
	}
	w := Generate(DemoPlan())
	one, same, other := what(RandomChanges(w, 1, 400)), what(RandomChanges(w, 1, 400)), what(RandomChanges(w, 2, 400))
	if one != same || one == other {
		t.Error("a seed does not choose the changes")
	}
	for _, kind := range []string{
		"is called", "gets the label", "loses the label", "is opened again", "is closed", "loses a comment", "is deleted",
		"by force", "is run again", "ends with", "deployment", "tag", "release",
	} {
		if !strings.Contains(one, kind) {
			t.Errorf("nothing %s among\n%s", kind, one)
		}
	}
}
