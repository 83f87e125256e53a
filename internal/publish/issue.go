package publish

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	gogithub "github.com/google/go-github/v60/github"
	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/github"
	"kpi-gate/internal/report"
)

// Label is what an issue is labelled with when it is made, so that it is found again among any number of others.
const Label = "kpi-gate"

const (
	// issuePage is how many issues are read at once.
	issuePage = 100
	// labelledPages and issuePages are how many pages are read at most, of the open issues with the label, and then,
	// where somebody took that off, of all open ones.
	labelledPages = 3
	issuePages    = 3
)

// issuesQuery reads a page of the open issues, newest first.
type issuesQuery struct {
	Repository struct {
		Issues struct {
			Nodes []struct {
				Number githubv4.Int
				posted
			}
			PageInfo struct {
				HasNextPage githubv4.Boolean
				EndCursor   *githubv4.String
			}
		} `graphql:"issues(first: $page, after: $after, states: OPEN, labels: $labels, orderBy: {field: CREATED_AT, direction: DESC})"`
	} `graphql:"repository(owner: $owner, name: $name)"`
	RateLimit github.RateLimit
}

// issue keeps the issue of the scheduled report. Its title is given once, and afterwards left to whoever works with it.
func (p *publisher) issue(ctx context.Context, title string) report.Published {
	c := channel{to: "issue", noun: "issue", permission: "issues: write"}
	if p.to.PullRequest > 0 {
		return because(c.to, notNeeded, "the run is about a pull request")
	}
	create := func(ctx context.Context, body string) (string, error) { return p.createIssue(ctx, title, body) }
	return p.keep(ctx, sticky{
		channel: c, find: p.findIssues, create: create, update: p.updateIssue, remove: p.closeIssue,
	})
}

// findIssues looks among the open issues with the label, and where there is none of this gate, among the newest open
// ones. A closed one stays closed: whoever closed it was done with it.
func (p *publisher) findIssues(ctx context.Context) ([]post, error) {
	found, err := p.openIssues(ctx, []githubv4.String{Label}, labelledPages)
	if err != nil || len(found) > 0 {
		return found, err
	}
	return p.openIssues(ctx, nil, issuePages)
}

// openIssues is the open issues of this gate among those with one of the labels, the oldest first; without labels among
// all.
func (p *publisher) openIssues(ctx context.Context, labels []githubv4.String, pages int) ([]post, error) {
	var found []post
	after, gate := (*githubv4.String)(nil), digest(p.to.Gate)
	for range pages {
		var q issuesQuery
		err := p.client.Query(ctx, &q, map[string]any{
			"owner": githubv4.String(p.to.Owner), "name": githubv4.String(p.to.Name),
			"page": githubv4.Int(issuePage), "after": after, "labels": &labels,
		})
		if err != nil {
			return nil, fmt.Errorf("looking for the issue of an earlier run: %w", err)
		}
		issues := q.Repository.Issues
		for _, i := range issues.Nodes {
			if i.isOurs(gate) {
				found = append(found, post{id: int64(i.Number), url: string(i.URL), body: string(i.Body)})
			}
		}
		if after = issues.PageInfo.EndCursor; !bool(issues.PageInfo.HasNextPage) || after == nil {
			break
		}
	}
	slices.SortFunc(found, func(a, b post) int { return cmp.Compare(a.id, b.id) })
	return found, nil
}

// createIssue opens an issue (https://docs.github.com/en/rest/issues/issues#create-an-issue). GitHub makes a label that
// the repository does not have.
func (p *publisher) createIssue(ctx context.Context, title, body string) (string, error) {
	made, _, err := p.client.REST.Issues.Create(
		ctx, p.to.Owner, p.to.Name, &gogithub.IssueRequest{Title: &title, Body: &body, Labels: &[]string{Label}})
	return made.GetHTMLURL(), err
}

func (p *publisher) updateIssue(ctx context.Context, number int64, body string) error {
	_, _, err := p.client.REST.Issues.Edit(
		ctx, p.to.Owner, p.to.Name, int(number), &gogithub.IssueRequest{Body: &body})
	return err
}

// closeIssue closes an issue: to delete one takes an administrator.
func (p *publisher) closeIssue(ctx context.Context, number int64) error {
	state, reason := "closed", "not_planned"
	_, _, err := p.client.REST.Issues.Edit(
		ctx, p.to.Owner, p.to.Name, int(number), &gogithub.IssueRequest{State: &state, StateReason: &reason})
	return err
}
