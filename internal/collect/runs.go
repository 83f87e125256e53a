package collect

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	gogithub "github.com/google/go-github/v60/github"

	"kpi-gate/internal/github"
	"kpi-gate/internal/model"
)

// workflowRun is what is kept of a run as REST gives it. go-github's own type lacks the path, and would decode two
// whole repositories for each run.
type workflowRun struct {
	ID           int64               `json:"id"`
	NodeID       string              `json:"node_id"`
	Name         string              `json:"name"`
	Path         string              `json:"path"`
	HeadBranch   string              `json:"head_branch"`
	HeadSHA      string              `json:"head_sha"`
	HeadCommit   *headCommit         `json:"head_commit"`
	Event        string              `json:"event"`
	Status       string              `json:"status"`
	Conclusion   string              `json:"conclusion"`
	RunAttempt   int                 `json:"run_attempt"`
	CreatedAt    *gogithub.Timestamp `json:"created_at"`
	RunStartedAt *gogithub.Timestamp `json:"run_started_at"`
	UpdatedAt    *gogithub.Timestamp `json:"updated_at"`
	Actor        *gogithub.User      `json:"actor"`
	HTMLURL      string              `json:"html_url"`
}

// headCommit is the commit of a run.
type headCommit struct {
	Timestamp *gogithub.Timestamp `json:"timestamp"`
}

// workflowRunPage is what one answer holds of a list of runs. TotalCount counts all that match, also those beyond what a
// search serves.
type workflowRunPage struct {
	TotalCount int            `json:"total_count"`
	Runs       []*workflowRun `json:"workflow_runs"`
}

// runPage is a hundred runs of a list: the number-th largestPage.
type runPage struct {
	runs []*workflowRun
	// total is how many match, and more says whether the list goes on.
	total int
	more  bool
	// moved is true where the total changed while the page was put together from smaller ones.
	moved bool
}

// runPage asks for a page of runs at a path below /repos/{owner}/{repo}/actions.
func (r *reading) runPage(
	ctx context.Context, sizes *restPages, path string, query url.Values, number int,
) (page runPage, err error) {
	page.more, err = sizes.hundred(number, func(number, size int) (bool, error) {
		asked := maps.Clone(query)
		// The pull requests of a run are not needed, and make the answer much longer.
		asked.Set("exclude_pull_requests", "true")
		asked.Set("per_page", strconv.Itoa(size))
		asked.Set("page", strconv.Itoa(number))
		var part workflowRunPage
		next, err := r.actions(ctx, path, asked, &part)
		if err == nil && part.Runs == nil {
			err = noList(path, "workflow_runs")
		}
		page.moved = page.moved || len(page.runs) > 0 && page.total != part.TotalCount
		page.runs, page.total = append(page.runs, part.Runs...), part.TotalCount
		return next != 0, err
	})
	return page, err
}

// actions asks for something at a path below /repos/{owner}/{repo}/actions. next is the number of the next page of a list,
// 0 after the last.
func (r *reading) actions(ctx context.Context, path string, query url.Values, into any) (next int, err error) {
	address := fmt.Sprintf("repos/%s/%s/actions/%s?%s", r.repository.Owner, r.repository.Name, path, query.Encode())
	response, err := get(ctx, r.client, address, into)
	if err != nil {
		return 0, err
	}
	return response.NextPage, nil
}

// noList is the error for an answer that lacks the list it was asked for: even where there is nothing, GitHub sends an
// empty one.
func noList(path, name string) error {
	return &github.AnswerError{
		Asked: "GET actions/" + path, Status: http.StatusOK,
		Detail: fmt.Sprintf("the answer holds no list %q: something else may answer in GitHub's place", name),
	}
}

// model is the run as a Snapshot holds it.
func (w *workflowRun) model() model.Run {
	// A workflow that another repository requires has a ref after its path.
	path, _, _ := strings.Cut(w.Path, "@")
	return model.Run{
		ID:         w.ID,
		NodeID:     w.NodeID,
		Workflow:   path,
		Name:       w.Name,
		Branch:     w.HeadBranch,
		SHA:        w.HeadSHA,
		Event:      w.Event,
		Status:     w.Status,
		Conclusion: w.Conclusion,
		Attempt:    max(w.RunAttempt, 1),
		Created:    stamp(w.CreatedAt),
		Started:    stamp(w.RunStartedAt),
		Updated:    stamp(w.UpdatedAt),
		Actor:      userActor(w.Actor),
		URL:        w.HTMLURL,
	}
}

// productionBranch reports whether runs on the branch count.
func (r *reading) productionBranch(name string) bool {
	if r.request.Branch != nil {
		return r.request.Branch(name)
	}
	return name != "" && name == r.repository.DefaultBranch
}
