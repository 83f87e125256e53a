package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	headCommit  = "ec26c3e57ca3a959ca5aad62de7213c562f8c821"
	baseCommit  = "f95f852bd8fca8fcc58a9a2d6c842781e32a215e"
	queueCommit = "2ffea6db159f6b6c47a24e778fb9ef40cf6b1c7d"
)

// pullRequestEvent is what of a pull_request event is read, and some that is not, as
// https://docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request shows it.
const pullRequestEvent = `{
  "action": "opened", "number": 2,
  "pull_request": {
    "url": "https://api.github.com/repos/Codertocat/Hello-World/pulls/2", "id": 279147437, "number": 2, "state": "open",
    "title": "Update the README with new information.", "user": {"login": "Codertocat", "id": 21031067},
    "head": {"label": "Codertocat:changes", "ref": "changes", "sha": "` + headCommit + `",
      "repo": {"id": 186853002, "full_name": "Codertocat/Hello-World"}},
    "base": {"label": "Codertocat:master", "ref": "master", "sha": "` + baseCommit + `",
      "repo": {"id": 186853002, "full_name": "Codertocat/Hello-World"}},
    "draft": false, "merged": false},
  "repository": {"id": 186853002, "full_name": "Codertocat/Hello-World", "default_branch": "master"},
  "sender": {"login": "Codertocat", "id": 21031067}}`

// mergeGroupEvent is as https://docs.github.com/en/webhooks/webhook-events-and-payloads#merge_group describes it.
const mergeGroupEvent = `{
  "action": "checks_requested",
  "merge_group": {"head_sha": "` + queueCommit + `",
    "head_ref": "refs/heads/gh-readonly-queue/release/1.0/pr-104-` + baseCommit + `",
    "base_sha": "` + baseCommit + `", "base_ref": "refs/heads/release/1.0", "head_commit": {"id": "` + queueCommit + `"}},
  "repository": {"id": 186853002}}`

// workflowRunEvent is as https://docs.github.com/en/webhooks/webhook-events-and-payloads#workflow_run describes it, with
// some pull requests.
func workflowRunEvent(pulls ...string) string {
	return `{"action": "completed", "workflow": {"id": 1}, "workflow_run": {"id": 289782451, "head_branch": "changes",
	 "head_sha": "` + headCommit + `", "event": "pull_request", "pull_requests": [` + strings.Join(pulls, ",") + `]},
	 "repository": {"id": 186853002}}`
}

const (
	listedPull = `{"url": "https://api.github.com/repos/Codertocat/Hello-World/pulls/2", "id": 279147437, "number": 2,
	 "head": {"ref": "changes", "sha": "` + headCommit + `", "repo": {"id": 186853002, "name": "Hello-World"}},
	 "base": {"ref": "release/1.0", "sha": "` + baseCommit + `", "repo": {"id": 186853002, "name": "Hello-World"}}}`
	// foreignPull is to be merged into the repository that this one was forked from.
	foreignPull = `{"number": 77, "head": {"sha": "` + headCommit + `", "repo": {"id": 186853002}},
	 "base": {"ref": "main", "repo": {"id": 1}}}`
)

// triggered reads an event; of an empty one there is no file.
func triggered(t *testing.T, event, payload string, variables map[string]string) (trigger, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "event.json")
	if payload != "" {
		if err := os.WriteFile(path, []byte(payload), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	all := map[string]string{
		"GITHUB_EVENT_NAME": event, "GITHUB_EVENT_PATH": path, "GITHUB_SHA": baseCommit,
		"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "Codertocat/Hello-World", "GITHUB_RUN_ID": "289782451",
	}
	for name, value := range variables {
		all[name] = value
	}
	return readTrigger(Env{Getenv: func(name string) string { return all[name] }})
}

func TestTrigger(t *testing.T) {
	t.Parallel()
	const page = "https://github.com/Codertocat/Hello-World/actions/runs/289782451"
	without := func(old, new string) string { return strings.Replace(pullRequestEvent, old, new, 1) }
	for name, test := range map[string]struct {
		event, payload string
		variables      map[string]string
		want           trigger
	}{
		"pull request": {
			event: "pull_request", payload: pullRequestEvent, want: trigger{number: 2, base: "master", sha: headCommit},
		},
		"pull request, target": {
			event: "pull_request_target", payload: pullRequestEvent, want: trigger{number: 2, base: "master", sha: headCommit},
		},
		"pull request, review": {
			event: "pull_request_review", payload: pullRequestEvent, want: trigger{number: 2, base: "master", sha: headCommit},
		},
		"of a fork": {
			event: "pull_request", payload: without(`"repo": {"id": 186853002`, `"repo": {"id": 5`),
			want: trigger{number: 2, base: "master", sha: headCommit},
		},
		"of a deleted fork": {
			event:   "pull_request",
			payload: without(`"repo": {"id": 186853002, "full_name": "Codertocat/Hello-World"}`, `"repo": null`),
			want:    trigger{number: 2, base: "master", sha: headCommit},
		},
		"base with slashes": {
			event: "pull_request", payload: without(`"ref": "master"`, `"ref": "release/1.0"`),
			want: trigger{number: 2, base: "release/1.0", sha: headCommit},
		},
		"pull request, no event": {
			event: "pull_request", variables: map[string]string{"GITHUB_REF": "refs/pull/12/merge", "GITHUB_BASE_REF": "main"},
			want: trigger{number: 12, base: "main"},
		},
		"pull request, a part of an event": {
			event: "pull_request", payload: `{"pull_request":{"number":3}}`,
			variables: map[string]string{"GITHUB_BASE_REF": "main"},
			want:      trigger{number: 3, base: "main"},
		},
		"merge group": {
			event: "merge_group", payload: mergeGroupEvent, want: trigger{number: 104, base: "release/1.0", sha: queueCommit},
		},
		"merge group of another base": {
			event: "merge_group", payload: strings.Replace(mergeGroupEvent, `"refs/heads/release/1.0"`, `"refs/heads/main"`, 1),
			want: trigger{base: "main", sha: queueCommit},
		},
		"merge group of another form": {
			event: "merge_group", payload: strings.Replace(mergeGroupEvent, `/pr-104-`, `/many-`, 1),
			want: trigger{base: "release/1.0", sha: queueCommit},
		},
		"merge group, no event": {
			event: "merge_group", variables: map[string]string{
				"GITHUB_REF": "refs/heads/gh-readonly-queue/main/pr-9-" + baseCommit, "GITHUB_SHA": queueCommit,
			},
			want: trigger{number: 9, base: "main", sha: queueCommit},
		},
		// The configuration is the default branch's, whatever the pull request's base.
		"workflow run": {
			event: "workflow_run", payload: workflowRunEvent(listedPull), want: trigger{number: 2, sha: headCommit},
		},
		"workflow run, fork": {event: "workflow_run", payload: workflowRunEvent(), want: trigger{sha: headCommit}},
		"workflow run, several": {
			event:   "workflow_run",
			payload: workflowRunEvent(listedPull, strings.Replace(listedPull, `"number": 2`, `"number": 3`, 1)),
			want:    trigger{sha: headCommit},
		},
		"workflow run, elsewhere": {
			event: "workflow_run", payload: workflowRunEvent(foreignPull), want: trigger{sha: headCommit},
		},
		"workflow run, here and elsewhere": {
			event: "workflow_run", payload: workflowRunEvent(foreignPull, listedPull), want: trigger{number: 2, sha: headCommit},
		},
		"push": {
			event: "push", payload: `{"ref":"refs/heads/topic","after":"` + headCommit + `"}`, want: trigger{sha: baseCommit},
		},
		"schedule":          {event: "schedule", payload: `{"schedule":"17 2 * * *"}`, want: trigger{sha: baseCommit}},
		"workflow dispatch": {event: "workflow_dispatch", payload: `{"inputs":null}`, want: trigger{sha: baseCommit}},
		"SHA-256": {
			event: "push", variables: map[string]string{"GITHUB_SHA": strings.Repeat("ab", 32)},
			want: trigger{sha: strings.Repeat("ab", 32)},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := triggered(t, test.event, test.payload, test.variables)
			test.want.event, test.want.page = test.event, page
			if err != nil || got != test.want {
				t.Errorf("got  %+v, %v\nwant %+v", got, err, test.want)
			}
		})
	}
}

// Outside Actions nothing set off anything.
func TestTriggerOutsideActions(t *testing.T) {
	t.Parallel()
	got, err := readTrigger(Env{Getenv: func(string) string { return "" }})
	if err != nil || got != (trigger{}) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestTriggerRefuses(t *testing.T) {
	t.Parallel()
	pull := func(number, base, sha string) string {
		return `{"pull_request":{"number":` + number + `,"base":{"ref":"` + base + `"},"head":{"sha":"` + sha + `"}}}`
	}
	for name, test := range map[string]struct{ payload, want string }{
		"no JSON":        {`{"pull_request":`, `reading the event "pull_request" that set off the run, in "`},
		"null":           {`null`, "it is null"},
		"a list":         {`[]`, "no event as GitHub writes it"},
		"a text number":  {pull(`"2"`, "main", headCommit), "no event as GitHub writes it"},
		"a negative one": {pull("-2", "main", headCommit), "-2 is no number"},
		"a short commit": {pull("2", "main", "ec26c3e"), `"ec26c3e" is no commit`},
		"a path":         {pull("2", "main", "../../../user"), "is no commit"},
		"an option":      {pull("2", "--upload-pack=x", headCommit), "is no name of a branch"},
		"an expression":  {pull("2", "main:secret", headCommit), "is no name of a branch"},
		"upwards":        {pull("2", "a/../../b", headCommit), "is no name of a branch"},
		"a line break":   {pull("2", `main\n::error::`, headCommit), "is no name of a branch"},
		"too long":       {pull("2", strings.Repeat("a", 256), headCommit), "is no name of a branch"},
		"too large":      {`"` + strings.Repeat("x", largestEvent) + `"`, "more than 26214400 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := triggered(t, "pull_request", test.payload, nil)
			if err == nil || got != (trigger{}) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%+v, %.300v; want an error that says %q", got, err, test.want)
			}
			if err != nil && strings.ContainsAny(err.Error(), "\r\n") {
				t.Errorf("the error breaks its line: %q", err)
			}
		})
	}
	if got, err := triggered(t, "push", "", map[string]string{"GITHUB_SHA": "main"}); err == nil {
		t.Errorf("a commit that is none: %+v", got)
	}
}

// The page is left out rather than made of what the variables should not hold.
func TestRunPage(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ server, repository, run, want string }{
		"github.com":     {"https://github.com", "o/r", "1", "https://github.com/o/r/actions/runs/1"},
		"a path":         {"https://ghe.example.com/github/", "o/r", "1", "https://ghe.example.com/github/o/r/actions/runs/1"},
		"no server":      {"", "o/r", "1", ""},
		"a script":       {"javascript:alert(1)", "o/r", "1", ""},
		"a password":     {"https://u:p@github.com", "o/r", "1", ""},
		"no repository":  {"https://github.com", "r", "1", ""},
		"upwards":        {"https://github.com", "o/r/../..", "1", ""},
		"no number":      {"https://github.com", "o/r", "1/attempts", ""},
		"outside Action": {"", "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := runPage(Env{Getenv: func(name string) string {
				return map[string]string{
					"GITHUB_SERVER_URL": test.server, "GITHUB_REPOSITORY": test.repository, "GITHUB_RUN_ID": test.run,
				}[name]
			}})
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// FuzzEvent holds whatever an event says to what a request may be made of.
func FuzzEvent(f *testing.F) {
	for _, event := range []string{"pull_request", "merge_group", "workflow_run"} {
		f.Add(event, pullRequestEvent)
		f.Add(event, mergeGroupEvent)
		f.Add(event, workflowRunEvent(listedPull, foreignPull))
	}
	f.Fuzz(func(t *testing.T, event, text string) {
		payload, err := decodeEvent(strings.NewReader(text))
		if err != nil {
			return
		}
		got := trigger{event: event}
		got.fill(payload, Env{Getenv: func(string) string { return "" }})
		if got.check() != nil {
			return
		}
		if got.number < 0 || strings.HasPrefix(got.base, "-") || strings.ContainsAny(got.base, ":\n\r \\") ||
			strings.Contains("/"+got.base+"/", "/../") || strings.Trim(got.sha, "0123456789abcdef") != "" {
			t.Errorf("%+v", got)
		}
	})
}
