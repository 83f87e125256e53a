package githubsim

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// runSearchLimit is how many results a filtered search of runs serves; total_count still counts them all.
// https://docs.github.com/en/rest/actions/workflow-runs#list-workflow-runs-for-a-repository
const runSearchLimit = 1000

// runStatuses are what the parameter status of a list of runs takes: statuses and conclusions.
var runStatuses = []string{
	"", "completed", "action_required", "cancelled", "failure", "neutral", "skipped", "stale", "success", "timed_out",
	"in_progress", "queued", "requested", "waiting", "pending",
}

// restRun is a run without its repository, which is put in afterwards (schema workflow-run).
type restRun struct {
	ID              int64         `json:"id"`
	Name            string        `json:"name"`
	NodeID          string        `json:"node_id"`
	CheckSuiteID    int64         `json:"check_suite_id"`
	HeadBranch      *string       `json:"head_branch"`
	HeadSHA         string        `json:"head_sha"`
	Path            string        `json:"path"`
	DisplayTitle    string        `json:"display_title"`
	RunNumber       int           `json:"run_number"`
	Event           string        `json:"event"`
	Status          string        `json:"status"`
	Conclusion      *string       `json:"conclusion"`
	WorkflowID      int64         `json:"workflow_id"`
	URL             string        `json:"url"`
	HTMLURL         string        `json:"html_url"`
	PullRequests    []restRunPull `json:"pull_requests"`
	CreatedAt       string        `json:"created_at"`
	UpdatedAt       string        `json:"updated_at"`
	Actor           *restUser     `json:"actor"`
	TriggeringActor *restUser     `json:"triggering_actor"`
	RunAttempt      int           `json:"run_attempt"`
	RunStartedAt    string        `json:"run_started_at"`
	JobsURL         string        `json:"jobs_url"`
	LogsURL         string        `json:"logs_url"`
	CheckSuiteURL   string        `json:"check_suite_url"`
	ArtifactsURL    string        `json:"artifacts_url"`
	CancelURL       string        `json:"cancel_url"`
	RerunURL        string        `json:"rerun_url"`
	PreviousAttempt *string       `json:"previous_attempt_url"`
	WorkflowURL     string        `json:"workflow_url"`
	HeadCommit      *restHead     `json:"head_commit"`
}

// restHead is the commit that a run tested (schema nullable-simple-commit).
type restHead struct {
	ID        string     `json:"id"`
	TreeID    string     `json:"tree_id"`
	Message   string     `json:"message"`
	Timestamp string     `json:"timestamp"`
	Author    *gitPerson `json:"author"`
	Committer *gitPerson `json:"committer"`
}

// restRunPull is a pull request as a run knows it (schema pull-request-minimal).
type restRunPull struct {
	ID     int64      `json:"id"`
	Number int        `json:"number"`
	URL    string     `json:"url"`
	Head   restRunRef `json:"head"`
	Base   restRunRef `json:"base"`
}

// restRunRef is an end of such a pull request.
type restRunRef struct {
	Ref  string `json:"ref"`
	SHA  string `json:"sha"`
	Repo struct {
		ID   int64  `json:"id"`
		URL  string `json:"url"`
		Name string `json:"name"`
	} `json:"repo"`
}

// sortRuns gives the runs newest first.
func (a *restAPI) sortRuns() []*WorkflowRun {
	runs := make([]*WorkflowRun, 0, len(a.world.WorkflowRuns))
	for i := range a.world.WorkflowRuns {
		runs = append(runs, &a.world.WorkflowRuns[i])
	}
	slices.SortFunc(runs, func(x, y *WorkflowRun) int {
		return cmp.Or(y.CreatedAt.Compare(x.CreatedAt), cmp.Compare(y.ID, x.ID))
	})
	return runs
}

// listRuns answers GET /actions/runs and /actions/workflows/{workflow}/runs.
func (c *restCall) listRuns() (any, error) {
	found, filtered, err := c.searchRuns()
	if err != nil {
		return nil, err
	}
	total := len(found)
	if filtered {
		found = found[:min(total, runSearchLimit)]
	}
	repository, err := c.minimalRepositoryJSON()
	if err != nil {
		return nil, err
	}
	from, to, err := c.page(len(found))
	if err != nil {
		return nil, err
	}
	var list bytes.Buffer
	// A run is about as long again as the two descriptions of the repository in it.
	list.Grow((to - from) * 4 * len(repository))
	fmt.Fprintf(&list, `{"total_count":%d,"workflow_runs":[`, total)
	for i, run := range found[from:to] {
		if i > 0 {
			list.WriteByte(',')
		}
		if err := c.writeRun(&list, run, repository); err != nil {
			return nil, err
		}
	}
	list.WriteString("]}")
	return json.RawMessage(list.Bytes()), nil
}

// searchRuns is the runs that the parameters ask for, newest first, and whether these make the list a search.
func (c *restCall) searchRuns() (found []*WorkflowRun, filtered bool, err error) {
	keep, filtered, err := c.runFilter()
	if err != nil {
		return nil, false, err
	}
	runs := c.api.runs()
	if created := c.query.Get("created"); created != "" {
		when, err := parseCreated(created)
		if err != nil {
			return nil, false, invalid("WorkflowRun", "created", created)
		}
		runs = runsWithin(runs, when)
		filtered = true
	}
	if !filtered && c.PathValue("workflow") == "" {
		return runs, false, nil
	}
	query := maps.Clone(c.query)
	query.Del("page")
	query.Del("per_page")
	// A search of many runs is asked for page by page.
	found = remember(c.api.index, "runs\x00"+c.PathValue("workflow")+"\x00"+query.Encode(), func() []*WorkflowRun {
		return slices.DeleteFunc(slices.Clone(runs), func(run *WorkflowRun) bool { return !keep(run) })
	})
	return found, filtered, nil
}

// runsWithin cuts the list, which is newest first, to a range of time.
func runsWithin(runs []*WorkflowRun, when instants) []*WorkflowRun {
	from := 0
	if !when.to.IsZero() {
		from = sort.Search(len(runs), func(i int) bool { return runs[i].CreatedAt.Before(when.to) })
	}
	to := len(runs)
	if !when.from.IsZero() {
		to = sort.Search(len(runs), func(i int) bool { return runs[i].CreatedAt.Before(when.from) })
	}
	return runs[from:max(from, to)]
}

// runFilter is what the parameters other than created ask for; filtered says that there was one which makes the list a
// search. The workflow in the path does not.
func (c *restCall) runFilter() (keep func(*WorkflowRun) bool, filtered bool, err error) {
	status, err := c.oneOf("WorkflowRun", "status", runStatuses...)
	if err != nil {
		return nil, false, err
	}
	var workflow int64
	if name := c.PathValue("workflow"); name != "" {
		found, ok := c.api.workflow(name)
		if !ok {
			return nil, false, notFound()
		}
		workflow = found.ID
	}
	var suite int64
	if given := c.query.Get("check_suite_id"); given != "" {
		if suite, err = strconv.ParseInt(given, 10, 64); err != nil {
			return nil, false, invalid("WorkflowRun", "check_suite_id", given)
		}
	}
	actor, branch := strings.TrimSuffix(c.query.Get("actor"), "[bot]"), c.query.Get("branch")
	event, sha := c.query.Get("event"), c.query.Get("head_sha")
	keep = func(run *WorkflowRun) bool {
		return (workflow == 0 || run.WorkflowID == workflow) &&
			(status == "" || run.Status == status || run.Conclusion == status) &&
			(suite == 0 || run.ID == suite) &&
			(branch == "" || run.HeadBranch == branch) &&
			(event == "" || run.Event == event) &&
			(sha == "" || run.HeadSHA == sha) &&
			(actor == "" || run.Actor != nil && strings.EqualFold(strings.TrimSuffix(*run.Actor, "[bot]"), actor))
	}
	filtered = status != "" || suite != 0 || branch != "" || event != "" || sha != "" || actor != ""
	return keep, filtered, nil
}

// getRun answers GET /actions/runs/{run}.
func (c *restCall) getRun() (any, error) {
	run, err := c.run()
	if err != nil {
		return nil, err
	}
	repository, err := c.minimalRepositoryJSON()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := c.writeRun(&out, run, repository); err != nil {
		return nil, err
	}
	return json.RawMessage(out.Bytes()), nil
}

// run is the run in the path.
func (c *restCall) run() (*WorkflowRun, error) {
	id, err := c.id("run")
	if err != nil {
		return nil, err
	}
	if o, ok := c.api.index.nodes()[nodeID("WFR", id)].(workflowRun); ok {
		return o.WorkflowRun, nil
	}
	return nil, notFound()
}

// writeRun writes a run and, twice, the repository, whose description is the larger part of it.
func (c *restCall) writeRun(out *bytes.Buffer, run *WorkflowRun, repository json.RawMessage) error {
	text, err := json.Marshal(c.showRun(run))
	if err != nil {
		return err
	}
	out.Write(text[:len(text)-1])
	out.WriteString(`,"repository":`)
	out.Write(repository)
	out.WriteString(`,"head_repository":`)
	out.Write(repository)
	out.WriteByte('}')
	return nil
}

// showRun describes a run. A world knows who started it, not who ran it again.
func (c *restCall) showRun(run *WorkflowRun) restRun {
	self := fmt.Sprintf("%s/actions/runs/%d", c.root, run.ID)
	started := run.CreatedAt
	if run.RunStartedAt != nil {
		started = *run.RunStartedAt
	}
	actor := c.user(run.Actor, run.AuthorType)
	shown := restRun{
		ID: run.ID, Name: run.Name, NodeID: run.node(), CheckSuiteID: run.ID, HeadSHA: run.HeadSHA,
		Path: run.Path, DisplayTitle: run.Name, RunNumber: run.RunNumber, Event: run.Event, Status: run.Status,
		WorkflowID: run.WorkflowID, URL: self, HTMLURL: c.api.index.runURL(run),
		PullRequests: c.runPulls(run), CreatedAt: at(run.CreatedAt), UpdatedAt: at(run.UpdatedAt),
		Actor: actor, TriggeringActor: actor,
		RunAttempt: max(run.RunAttempt, 1), RunStartedAt: at(started), JobsURL: self + "/jobs", LogsURL: self + "/logs",
		CheckSuiteURL: fmt.Sprintf("%s/check-suites/%d", c.root, run.ID), ArtifactsURL: self + "/artifacts",
		CancelURL: self + "/cancel", RerunURL: self + "/rerun",
		WorkflowURL: fmt.Sprintf("%s/actions/workflows/%d", c.root, run.WorkflowID),
	}
	if run.HeadBranch != "" {
		shown.HeadBranch = &run.HeadBranch
	}
	if run.Conclusion != "" {
		shown.Conclusion = &run.Conclusion
	}
	if run.RunAttempt > 1 {
		previous := fmt.Sprintf("%s/attempts/%d", self, run.RunAttempt-1)
		shown.PreviousAttempt = &previous
	}
	if commit := c.api.index.commits[run.HeadSHA]; commit != nil {
		shown.HeadCommit = &restHead{
			ID: commit.OID, TreeID: treeOf(commit.OID), Message: commit.MessageHeadline,
			Timestamp: at(commit.CommittedDate), Author: person(commit, commit.AuthoredDate),
			Committer: person(commit, commit.CommittedDate),
		}
		shown.DisplayTitle = commit.MessageHeadline
	}
	return shown
}

// runPulls are the open pull requests whose head is the run's branch; never null, also when the caller does not want
// them.
func (c *restCall) runPulls(run *WorkflowRun) []restRunPull {
	pulls := []restRunPull{}
	if c.query.Get("exclude_pull_requests") == "true" || run.HeadBranch == "" {
		return pulls
	}
	for _, p := range c.api.openHeads()[run.HeadBranch] {
		shown := restRunPull{
			ID: derivedNumber(p.Number), Number: p.Number, URL: fmt.Sprintf("%s/pulls/%d", c.root, p.Number),
			Head: restRunRef{Ref: p.HeadRefName, SHA: p.HeadRefOID}, Base: restRunRef{Ref: p.BaseRefName},
		}
		for _, ref := range []*restRunRef{&shown.Head, &shown.Base} {
			ref.Repo.ID, ref.Repo.URL, ref.Repo.Name = c.repositoryID(), c.root, c.api.world.Repo.Name
		}
		pulls = append(pulls, shown)
	}
	return pulls
}

// openPullsByHead are the open pull requests, by the name of their branch.
func (a *restAPI) openPullsByHead() map[string][]*Pull {
	heads := map[string][]*Pull{}
	for _, item := range a.items() {
		if p := item.pull; p != nil && item.state == "open" {
			heads[p.HeadRefName] = append(heads[p.HeadRefName], p)
		}
	}
	return heads
}

// restWorkflow is a workflow (schema workflow).
type restWorkflow struct {
	ID        int64  `json:"id"`
	NodeID    string `json:"node_id"`
	Name      string `json:"name"`
	Path      string `json:"path"`
	State     string `json:"state"`
	CreatedAt string `json:"created_at"`
	UpdatedAt string `json:"updated_at"`
	URL       string `json:"url"`
	HTMLURL   string `json:"html_url"`
	BadgeURL  string `json:"badge_url"`
}

// knownWorkflows are the world's workflows and those that only its runs tell of, by id.
func (a *restAPI) knownWorkflows() []Workflow {
	workflows := slices.Clone(a.world.Workflows)
	known := map[int64]bool{}
	for _, w := range workflows {
		known[w.ID] = true
	}
	for i := range a.world.WorkflowRuns {
		run := &a.world.WorkflowRuns[i]
		if !known[run.WorkflowID] {
			known[run.WorkflowID] = true
			workflows = append(workflows, Workflow{ID: run.WorkflowID, Name: run.Name, Path: run.Path})
		}
	}
	slices.SortFunc(workflows, func(x, y Workflow) int { return cmp.Compare(x.ID, y.ID) })
	return workflows
}

// workflow finds a workflow by id or by the name of its file, as GitHub takes both.
func (a *restAPI) workflow(name string) (Workflow, bool) {
	id, err := strconv.ParseInt(name, 10, 64)
	for _, w := range a.workflows() {
		if err == nil && w.ID == id || path.Base(w.Path) == name {
			return w, true
		}
	}
	return Workflow{}, false
}

// listWorkflows answers GET /actions/workflows.
func (c *restCall) listWorkflows() (any, error) {
	workflows := c.api.workflows()
	shown, err := pageOfList(c, workflows, c.showWorkflow)
	return map[string]any{"total_count": len(workflows), "workflows": shown}, err
}

// getWorkflow answers GET /actions/workflows/{workflow}.
func (c *restCall) getWorkflow() (any, error) {
	w, ok := c.api.workflow(c.PathValue("workflow"))
	if !ok {
		return nil, notFound()
	}
	return c.showWorkflow(w), nil
}

func (c *restCall) showWorkflow(w Workflow) restWorkflow {
	file := path.Base(w.Path)
	state := w.State
	if state == "" {
		state = "active"
	}
	began := at(c.api.index.created)
	return restWorkflow{
		ID: w.ID, NodeID: nodeID("W", w.ID), Name: w.Name, Path: w.Path, State: state, CreatedAt: began,
		UpdatedAt: began, URL: fmt.Sprintf("%s/actions/workflows/%d", c.root, w.ID),
		HTMLURL:  c.api.index.webURL() + "/blob/" + c.defaultBranch() + "/" + w.Path,
		BadgeURL: c.api.index.webURL() + "/workflows/" + file + "/badge.svg",
	}
}
