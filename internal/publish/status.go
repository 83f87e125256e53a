package publish

import (
	"context"
	"unicode/utf8"

	gogithub "github.com/google/go-github/v60/github"

	"kpi-gate/internal/render"
	"kpi-gate/internal/report"
)

// maxDescription is the most characters of a status's description. GitHub refuses longer ones
// (https://docs.github.com/en/rest/commits/statuses#create-a-commit-status).
const maxDescription = 140

// status gives the commit a status under the given context.
func (p *publisher) status(ctx context.Context, name string) report.Published {
	c := channel{to: "status", noun: "status", permission: "statuses: write"}
	if p.to.SHA == "" {
		return because(c.to, failed, noCommit)
	}
	state, description := p.state(), cut(render.Headline(p.report), maxDescription)
	_, _, err := p.client.REST.Repositories.CreateStatus(ctx, p.to.Owner, p.to.Name, p.to.SHA, &gogithub.RepoStatus{
		State: &state, Context: &name, Description: &description, TargetURL: orNull(p.to.Page),
	})
	if err != nil {
		return because(c.to, failed, c.refusal(err))
	}
	return told(c.to, created, "")
}

// state is that of the status, which knows nothing between success and failure. An error is where the run fails
// although no limit is known to be missed.
func (p *publisher) state() string {
	switch {
	case p.report.Fails() && p.report.Verdict == "not-measured":
		return "error"
	case p.report.Fails():
		return "failure"
	default:
		return "success"
	}
}

// cut shortens a text to so many characters, of which the last is then an ellipsis.
func cut(s string, length int) string {
	if utf8.RuneCountInString(s) <= length {
		return s
	}
	return string([]rune(s)[:length-1]) + "…"
}
