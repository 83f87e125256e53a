package publish

import (
	"context"

	gogithub "github.com/google/go-github/v60/github"

	"kpi-gate/internal/render"
	"kpi-gate/internal/report"
)

// noCommit is why nothing can be attached to a commit.
const noCommit = "it is not known which commit the run is about"

// maxTitle is the most characters of a check run's title: a longer one would not be shown in one line.
const maxTitle = 200

// checkRun makes a check run of the given name. GitHub shows, and requires, the latest one of a name on a commit
// (https://docs.github.com/en/rest/checks/runs#create-a-check-run).
func (p *publisher) checkRun(ctx context.Context, name string) report.Published {
	c := channel{to: "check-run", noun: "check run", permission: "checks: write"}
	if p.to.SHA == "" {
		return because(c.to, failed, noCommit)
	}
	text, err := p.text()
	if err != nil {
		return because(c.to, failed, err.Error())
	}
	status, conclusion, title := "completed", p.conclusion(), cut(render.Headline(p.report), maxTitle)
	made, _, err := p.client.REST.Checks.CreateCheckRun(ctx, p.to.Owner, p.to.Name, gogithub.CreateCheckRunOptions{
		Name: name, HeadSHA: p.to.SHA, Status: &status, Conclusion: &conclusion, DetailsURL: orNull(p.to.Page),
		Output: &gogithub.CheckRunOutput{Title: &title, Summary: &text},
	})
	if err != nil {
		return because(c.to, failed, c.refusal(err))
	}
	return told(c.to, created, made.GetHTMLURL())
}

// conclusion is that of the check run: neutral, which does not block either, is where a breach has no consequence and
// where nothing could be measured.
func (p *publisher) conclusion() string {
	switch verdict := p.report.Verdict; {
	case p.report.Fails():
		return "failure"
	case verdict == "held" || verdict == "warned":
		return "success"
	default:
		return "neutral"
	}
}
