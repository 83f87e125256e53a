package collect

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/github"
	"kpi-gate/internal/model"
)

// candidateQuery asks for a pull request as it is now. With the issues that it closes, and all labels that these can
// have, it costs a point.
type candidateQuery struct {
	Repository struct {
		NameWithOwner githubv4.String
		PullRequest   candidateNode `graphql:"pullRequest(number: $number)"`
	} `graphql:"repository(owner: $owner, name: $name)"`
	RateLimit github.RateLimit
}

// candidateNode is a pull request without what says how it came about.
type candidateNode struct {
	Number            githubv4.Int
	Title, Body       githubv4.String
	URL               githubv4.String
	Author            *account
	HeadRefName       githubv4.String
	HeadRefOID        githubv4.String `graphql:"headRefOid"`
	IsCrossRepository githubv4.Boolean
	BaseRefName       githubv4.String
	ChangedFiles      githubv4.Int
	Labels            connection[labelNode] `graphql:"labels(first: 100)"`
	// ClosingIssuesReferences is nil where it was not asked for.
	ClosingIssuesReferences *connection[closingIssueNode] `graphql:"closingIssuesReferences(first: 100) @include(if: $closing)"` //nolint:lll // One tag.
}

// closingIssueNode is an issue that merging a pull request closes, of its repository or another one.
type closingIssueNode struct {
	Number     githubv4.Int
	Title      githubv4.String
	URL        githubv4.String
	ClosedAt   *githubv4.DateTime
	Repository repositoryName
	// Labels are all: GitHub takes no more than a hundred.
	Labels connection[labelNode] `graphql:"labels(first: 100)"`
}

// ReadCandidate reads a pull request as it is now, whatever it was when an event told of it, with its files if paths is
// true. What the token may not see of the issues that it closes is told by ClosesKnown, whatever else is missing is an
// error.
//
// Note: the files are read before the rest. Whoever compares HeadSHA with the commit that is to be judged knows that
// the files are not those of something that was pushed after it.
func ReadCandidate(
	ctx context.Context, client *github.Client, owner, name string, number int, paths bool,
) (*model.Candidate, error) {
	c, err := readCandidate(ctx, client, owner, name, number, paths)
	if err != nil {
		return nil, fmt.Errorf("reading pull request #%d of %s/%s: %w", number, owner, name, err)
	}
	return c, nil
}

func readCandidate(
	ctx context.Context, client *github.Client, owner, name string, number int, paths bool,
) (*model.Candidate, error) {
	var (
		files []pullRequestFile
		err   error
	)
	if paths {
		if files, err = listFiles(ctx, client, owner, name, number); err != nil {
			return nil, fmt.Errorf("listing its files: %w", err)
		}
	}
	// The pages of its lists are read as everywhere, only that nothing else is.
	r := &reading{client: client, repository: model.Repository{Owner: owner, Name: name}}
	q, err := r.askCandidate(ctx, number)
	if err != nil {
		return nil, err
	}
	n := &q.Repository.PullRequest
	if int(n.Number) != number {
		return nil, &github.NotFoundError{
			Asked: "POST /graphql", Path: "repository.pullRequest", Message: "GitHub gives none of that number",
		}
	}
	labels, err := n.Labels.all(restOfPullRequest(ctx, r, number,
		func(l *moreLabels) connection[labelNode] { return l.Labels }))
	if err != nil {
		return nil, fmt.Errorf("reading its labels: %w", err)
	}
	c := &model.Candidate{
		Number: number, Title: string(n.Title), Body: string(n.Body), URL: string(n.URL), Author: n.Author.actor(),
		Head: string(n.HeadRefName), HeadSHA: string(n.HeadRefOID), Fork: bool(n.IsCrossRepository),
		Base: string(n.BaseRefName), Labels: labelNames(labels),
	}
	if paths {
		c.Paths = pathsIn(files)
		// GitHub counts files that it does not list.
		c.PathsKnown = len(files) == int(n.ChangedFiles) && len(files) < mostFiles
	}
	if closing := n.ClosingIssuesReferences; closing != nil {
		c.Closes, err = r.willClose(ctx, closing.Nodes, string(q.Repository.NameWithOwner))
		hidden := func(n closingIssueNode) bool { return n.Number == 0 }
		c.ClosesKnown = !bool(closing.PageInfo.HasNextPage) && !slices.ContainsFunc(closing.Nodes, hidden)
	}
	return c, err
}

// askCandidate sends the candidateQuery, and once more without the issues that the pull request closes where it may be
// these that keep it from being answered: the token may not see issues, or not the other repository that one is of.
func (r *reading) askCandidate(ctx context.Context, number int) (*candidateQuery, error) {
	variables := r.variables()
	delete(variables, "after")
	variables["number"] = githubv4.Int(number) //nolint:gosec // GitHub's own number.
	variables["closing"] = githubv4.Boolean(true)
	var (
		q         candidateQuery
		forbidden *github.PermissionError
		tooMuch   *github.TimeoutError
		unseen    *github.NotFoundError
	)
	err := r.client.Query(ctx, &q, variables)
	hidden := errors.As(err, &unseen) && strings.HasPrefix(unseen.Path, "repository.pullRequest.closingIssuesReferences")
	if !hidden && !errors.As(err, &forbidden) && !errors.As(err, &tooMuch) {
		return &q, err
	}
	q = candidateQuery{}
	variables["closing"] = githubv4.Boolean(false)
	return &q, r.client.Query(ctx, &q, variables)
}

// willClose are those of some issues that are of the repository of that full name.
func (r *reading) willClose(ctx context.Context, nodes []closingIssueNode, fullName string) ([]model.Issue, error) {
	var issues []model.Issue
	for i := range nodes {
		n := &nodes[i]
		if n.Number == 0 || !strings.EqualFold(string(n.Repository.NameWithOwner), fullName) {
			continue
		}
		labels, err := n.Labels.all(restOfIssue(ctx, r, int(n.Number),
			func(l *moreLabels) connection[labelNode] { return l.Labels }))
		if err != nil {
			return nil, fmt.Errorf("reading the labels of issue #%d: %w", n.Number, err)
		}
		issues = append(issues, model.Issue{
			Number: int(n.Number), Title: string(n.Title), URL: string(n.URL), Closed: moment(n.ClosedAt),
			Labels: labelNames(labels),
		})
	}
	return issues, nil
}

// labelNames are the names of labels.
func labelNames(nodes []labelNode) []string {
	return facts(nodes, func(n *labelNode) (string, bool) { return string(n.Name), n.Name != "" })
}
