package githubsim

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"time"
	"unicode/utf8"
)

// restCheckRun is a check run (schema check-run).
type restCheckRun struct {
	ID           int64           `json:"id"`
	NodeID       string          `json:"node_id"`
	Name         string          `json:"name"`
	HeadSHA      string          `json:"head_sha"`
	ExternalID   *string         `json:"external_id"`
	URL          string          `json:"url"`
	HTMLURL      string          `json:"html_url"`
	DetailsURL   *string         `json:"details_url"`
	Status       string          `json:"status"`
	Conclusion   *string         `json:"conclusion"`
	StartedAt    string          `json:"started_at"`
	CompletedAt  *string         `json:"completed_at"`
	Output       restCheckOutput `json:"output"`
	CheckSuite   restCheckSuite  `json:"check_suite"`
	App          *struct{}       `json:"app"`
	PullRequests []struct{}      `json:"pull_requests"`
}

// restCheckSuite is the suite of a check run.
type restCheckSuite struct {
	ID int64 `json:"id"`
}

// restCheckOutput is what a check run says.
type restCheckOutput struct {
	Title            *string `json:"title"`
	Summary          *string `json:"summary"`
	Text             *string `json:"text"`
	AnnotationsCount int     `json:"annotations_count"`
	AnnotationsURL   string  `json:"annotations_url"`
}

// fullSHA is a commit's whole name.
var fullSHA = regexp.MustCompile(`^[0-9a-f]{40}$`)

// conclusions are those of a check run that a caller may give.
var conclusions = []string{
	"action_required", "cancelled", "failure", "neutral", "success", "skipped", "timed_out",
}

// createCheckRun answers POST /check-runs, on any commit: a world does not know those of pull requests that are open
// (https://docs.github.com/en/rest/checks/runs#create-a-check-run).
func (c *restCall) createCheckRun() (any, error) {
	if err := c.permit("checks", "checks=write"); err != nil {
		return nil, err
	}
	var asked struct {
		Name, Status, Conclusion string
		HeadSHA                  string  `json:"head_sha"`
		DetailsURL               *string `json:"details_url"`
		ExternalID               *string `json:"external_id"`
		Output                   *struct{ Title, Summary, Text *string }
	}
	if err := c.parse(&asked); err != nil {
		return nil, err
	}
	const resource = "CheckRun"
	switch {
	case asked.Name == "":
		return nil, unfit(resource, "name", "missing_field", "")
	case !fullSHA.MatchString(asked.HeadSHA):
		return nil, refused(http.StatusUnprocessableEntity, "No commit found for SHA: "+asked.HeadSHA)
	case asked.Status == "completed" && !slices.Contains(conclusions, asked.Conclusion):
		return nil, unfit(resource, "conclusion", "invalid", "")
	case asked.Output != nil && (asked.Output.Title == nil || asked.Output.Summary == nil):
		return nil, unfit(resource, "output", "missing_field", "")
	}
	run := WrittenCheckRun{Name: asked.Name, SHA: asked.HeadSHA, Conclusion: asked.Conclusion}
	if asked.DetailsURL != nil {
		run.DetailsURL = *asked.DetailsURL
	}
	shown := restCheckRun{
		Name: asked.Name, HeadSHA: asked.HeadSHA, ExternalID: asked.ExternalID, DetailsURL: asked.DetailsURL,
		Status: "queued", PullRequests: []struct{}{}, CheckSuite: restCheckSuite{derivedID("check suite", asked.HeadSHA)},
	}
	if o := asked.Output; o != nil {
		if err := checkText(resource, "summary", *o.Summary, maxOutput); err != nil {
			return nil, err
		}
		run.Title, run.Summary = *o.Title, *o.Summary
		shown.Output.Title, shown.Output.Summary, shown.Output.Text = o.Title, o.Summary, o.Text
	}
	s := c.api.server
	s.write(func(_ *World, now time.Time, id int64) {
		run.ID, shown.ID, shown.NodeID, shown.StartedAt = id, id, nodeID("CR", id), at(now)
		if asked.Status == "completed" {
			shown.Status, shown.Conclusion, shown.CompletedAt = asked.Status, &asked.Conclusion, atOrNull(&now)
		}
		s.written.CheckRuns = append(s.written.CheckRuns, run)
	})
	shown.URL = fmt.Sprintf("%s/check-runs/%d", c.root, shown.ID)
	shown.HTMLURL = fmt.Sprintf("%s/runs/%d", c.api.index.webURL(), shown.ID)
	shown.Output.AnnotationsURL = shown.URL + "/annotations"
	return shown, nil
}

// restStatus is a commit status (schema status).
type restStatus struct {
	URL         string    `json:"url"`
	AvatarURL   *string   `json:"avatar_url"`
	ID          int64     `json:"id"`
	NodeID      string    `json:"node_id"`
	State       string    `json:"state"`
	Description *string   `json:"description"`
	TargetURL   *string   `json:"target_url"`
	Context     string    `json:"context"`
	CreatedAt   string    `json:"created_at"`
	UpdatedAt   string    `json:"updated_at"`
	Creator     *restUser `json:"creator"`
}

// createStatus answers POST /statuses/{sha}, on any commit
// (https://docs.github.com/en/rest/commits/statuses#create-a-commit-status).
func (c *restCall) createStatus() (any, error) {
	if err := c.permit("statuses", "statuses=write"); err != nil {
		return nil, err
	}
	var asked struct {
		State       string
		Context     *string
		Description *string
		TargetURL   *string `json:"target_url"`
	}
	if err := c.parse(&asked); err != nil {
		return nil, err
	}
	sha := c.PathValue("sha")
	made := WrittenStatus{SHA: sha, State: asked.State, Context: "default"}
	if asked.Context != nil {
		made.Context = *asked.Context
	}
	if asked.Description != nil {
		made.Description = *asked.Description
	}
	if asked.TargetURL != nil {
		made.TargetURL = *asked.TargetURL
	}
	const resource = "Status"
	switch {
	case !fullSHA.MatchString(sha):
		return nil, refused(http.StatusUnprocessableEntity, "No commit found for SHA: "+sha)
	case !slices.Contains([]string{"error", "failure", "pending", "success"}, made.State):
		return nil, unfit(resource, "state", "custom", "state is not included in the list")
	case utf8.RuneCountInString(made.Description) > 140:
		return nil, unfit(resource, "description", "custom", "description is too long (maximum is 140 characters)")
	}
	s := c.api.server
	viewer := s.viewer()
	shown := restStatus{
		URL: c.root + "/statuses/" + sha, State: made.State, Description: asked.Description, TargetURL: asked.TargetURL,
		Context: made.Context, Creator: c.user(&viewer, s.viewerType()),
	}
	s.write(func(_ *World, now time.Time, id int64) {
		shown.ID, shown.NodeID, shown.CreatedAt, shown.UpdatedAt = id, nodeID("SC", id), at(now), at(now)
		s.written.Statuses = append(s.written.Statuses, made)
	})
	return shown, nil
}
