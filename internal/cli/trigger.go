package cli

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// trigger is what set off the run of a workflow. Outside Actions it is the zero trigger.
type trigger struct {
	// event is its name, such as pull_request
	// (https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows).
	event string
	// number is the pull request that the run is about; 0: none, or several.
	number int
	// base is the branch that it is to be merged into, without refs/heads/; empty: the default branch's policy holds.
	base string
	// sha is the commit that statuses and check runs belong to: the head of the pull request or of the merge group, else
	// the commit that the workflow runs on; empty where that is not known.
	sha string
	// page shows the run in a browser; empty where that is not known.
	page string
}

// largestEvent is how many bytes an event may have: GitHub sends no larger ones
// (https://docs.github.com/en/webhooks/webhook-events-and-payloads#payload-cap).
const largestEvent = 25 << 20

// eventPayload is what is read of an event
// (https://docs.github.com/en/webhooks/webhook-events-and-payloads).
type eventPayload struct {
	Repository  eventRepository   `json:"repository"`
	PullRequest *eventPullRequest `json:"pull_request"`
	MergeGroup  *struct {
		HeadSHA string `json:"head_sha"`
		HeadRef string `json:"head_ref"`
		BaseRef string `json:"base_ref"`
	} `json:"merge_group"`
	WorkflowRun *struct {
		HeadSHA      string             `json:"head_sha"`
		PullRequests []eventPullRequest `json:"pull_requests"`
	} `json:"workflow_run"`
}

type eventPullRequest struct {
	Number int `json:"number"`
	Head   struct {
		SHA string `json:"sha"`
	} `json:"head"`
	Base struct {
		Ref  string           `json:"ref"`
		Repo *eventRepository `json:"repo"`
	} `json:"base"`
}

type eventRepository struct {
	ID int64 `json:"id"`
}

// readTrigger says what set off the run, by the runner's variables and the event's file
// (https://docs.github.com/en/actions/reference/workflows-and-actions/variables). A file that is not there tells
// nothing; one that GitHub would not have written is an error.
func readTrigger(env Env) (trigger, error) {
	t := trigger{event: env.Getenv("GITHUB_EVENT_NAME"), sha: env.Getenv("GITHUB_SHA"), page: runPage(env)}
	path := env.Getenv("GITHUB_EVENT_PATH")
	payload, err := readEvent(path)
	if err == nil {
		t.fill(payload, env)
		err = t.check()
	}
	if err != nil {
		return trigger{}, fmt.Errorf("reading the event %.80q that set off the run, in %q: %w", t.event, path, err)
	}
	return t, nil
}

// readEvent reads the file of an event. Where there is none, the event tells nothing.
func readEvent(path string) (*eventPayload, error) {
	if path == "" {
		return &eventPayload{}, nil
	}
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return &eventPayload{}, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return decodeEvent(file)
}

// decodeEvent reads an event.
func decodeEvent(from io.Reader) (*eventPayload, error) {
	text, err := io.ReadAll(io.LimitReader(from, largestEvent+1))
	if err != nil {
		return nil, err
	}
	if len(text) > largestEvent {
		return nil, fmt.Errorf("it has more than %d bytes, which no event of GitHub has", largestEvent)
	}
	var payload *eventPayload
	if err := json.Unmarshal(text, &payload); err != nil {
		return nil, fmt.Errorf("it is no event as GitHub writes it: %w", err)
	}
	if payload == nil {
		return nil, errors.New("it is no event as GitHub writes it: it is null")
	}
	return payload, nil
}

// fill takes from the event what its kind tells, and where a runner hands on no event, or a part of one, from the
// runner's variables.
func (t *trigger) fill(payload *eventPayload, env Env) {
	switch {
	case strings.HasPrefix(t.event, "pull_request"):
		p := payload.PullRequest
		if p == nil {
			p = &eventPullRequest{Number: numberIn(mergeRef, env.Getenv("GITHUB_REF"))}
		}
		// The commit in GITHUB_SHA is a test merge, or the base's: no status of the pull request belongs to it.
		t.number, t.sha = p.Number, p.Head.SHA
		t.base = cmp.Or(p.Base.Ref, env.Getenv("GITHUB_BASE_REF"))
	case t.event == "merge_group":
		ref := env.Getenv("GITHUB_REF")
		if g := payload.MergeGroup; g != nil {
			t.sha, ref = g.HeadSHA, g.HeadRef
			t.base = strings.TrimPrefix(g.BaseRef, "refs/heads/")
		}
		// A branch of the queue that is for another base names none of this one's pull requests.
		if m := queueRef.FindStringSubmatch(ref); m != nil && (t.base == "" || t.base == m[1]) {
			t.base, t.number = m[1], numberIn(queueRef, ref)
		}
	case t.event == "workflow_run" && payload.WorkflowRun != nil:
		r := payload.WorkflowRun
		t.sha = r.HeadSHA
		// The list is empty for forks. Which of several the run was for is not told.
		if own := ownPullRequests(r.PullRequests, payload.Repository); len(own) == 1 {
			t.number = own[0].Number
		}
	}
}

var (
	// mergeRef is GITHUB_REF in a run for a pull request.
	mergeRef = regexp.MustCompile(`^refs/pull/(?P<number>[1-9][0-9]{0,8})/(?:merge|head)$`)
	// queueRef is the branch that a merge queue makes for a pull request, upon the base and those before it. GitHub
	// documents only how it begins
	// (https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/managing-a-merge-queue).
	queueRef = regexp.MustCompile(
		`^refs/heads/gh-readonly-queue/(.+)/pr-(?P<number>[1-9][0-9]{0,8})-(?:[0-9a-f]{40}|[0-9a-f]{64})$`)
)

// numberIn is the number of the pull request that a ref of some form names, 0 for none.
func numberIn(form *regexp.Regexp, ref string) int {
	m := form.FindStringSubmatch(ref)
	if m == nil {
		return 0
	}
	number, err := strconv.Atoi(m[form.SubexpIndex("number")])
	if err != nil {
		return 0 // No nine digits are too many.
	}
	return number
}

// ownPullRequests are those to be merged into the repository: a run in a fork is listed with pull requests to elsewhere.
func ownPullRequests(all []eventPullRequest, repository eventRepository) []eventPullRequest {
	var own []eventPullRequest
	for _, p := range all {
		if p.Base.Repo != nil && p.Base.Repo.ID == repository.ID && p.Number > 0 {
			own = append(own, p)
		}
	}
	return own
}

// commitID is git's name of a commit, by SHA-1 or SHA-256.
var commitID = regexp.MustCompile(`^(?:[0-9a-f]{40}|[0-9a-f]{64})$`)

// check refuses what GitHub would not have said: it goes into requests.
func (t *trigger) check() error {
	if t.number < 0 {
		return fmt.Errorf("%d is no number of a pull request", t.number)
	}
	if t.sha != "" && !commitID.MatchString(t.sha) {
		return fmt.Errorf("%.80q is no commit", t.sha)
	}
	if t.base != "" && !isBranchName(t.base) {
		return fmt.Errorf("%.80q is no name of a branch", t.base)
	}
	return nil
}

// isBranchName reports whether git takes a name for a branch's (https://git-scm.com/docs/git-check-ref-format).
func isBranchName(name string) bool {
	const longest = 255
	if name == "" || len(name) > longest || !utf8.ValidString(name) || name == "@" || strings.HasPrefix(name, "-") ||
		strings.HasSuffix(name, ".") || strings.Contains(name, "..") || strings.Contains(name, "@{") ||
		strings.ContainsAny(name, " ~^:?*[\\\x7f") || strings.ContainsFunc(name, func(c rune) bool { return c < ' ' }) {
		return false
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == "" || strings.HasPrefix(part, ".") || strings.HasSuffix(part, ".lock") {
			return false
		}
	}
	return true
}

var (
	repositoryName = regexp.MustCompile(`^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$`)
	runID          = regexp.MustCompile(`^[0-9]+$`)
)

// runPage is the page of the run; empty where the variables do not tell.
func runPage(env Env) string {
	repository, run := env.Getenv("GITHUB_REPOSITORY"), env.Getenv("GITHUB_RUN_ID")
	host, err := url.Parse(env.Getenv("GITHUB_SERVER_URL"))
	if err != nil || host.Host == "" || host.Scheme != "https" && host.Scheme != "http" || host.User != nil ||
		!repositoryName.MatchString(repository) || !runID.MatchString(run) {
		return ""
	}
	host.RawQuery, host.Fragment = "", ""
	return host.JoinPath(repository, "actions", "runs", run).String()
}
