package collect

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/githubsim"
	"kpi-gate/internal/model"
)

// linkedTo is pull request n of a repository, opened on day n, by a deleted account.
func linkedTo(repository string, n int) linkedPullRequest {
	return linkedPullRequest{
		Number: githubv4.Int(n), CreatedAt: githubv4.DateTime{Time: day(n)}, //nolint:gosec // Small numbers.
		Repository: repositoryName{NameWithOwner: githubv4.String(repository)},
	}
}

func connectedOn(n int, pull linkedPullRequest) (e issueEventNode) {
	e.Typename = "ConnectedEvent"
	e.Connected.CreatedAt.Time, e.Connected.Subject.PullRequest = day(n), pull
	return e
}

func disconnectedOn(n int, pull linkedPullRequest) (e issueEventNode) {
	e.Typename = "DisconnectedEvent"
	e.Disconnected.CreatedAt.Time, e.Disconnected.Source.PullRequest = day(n), pull
	return e
}

func referencedOn(n int, pull linkedPullRequest, body string, closes bool) (e issueEventNode) {
	e.Typename = "CrossReferencedEvent"
	e.CrossReferenced.CreatedAt.Time, e.CrossReferenced.WillCloseTarget = day(n), githubv4.Boolean(closes)
	e.CrossReferenced.Source.PullRequest, e.CrossReferenced.Source.Text.Body = pull, githubv4.String(body)
	return e
}

func closedOn(n int, pull linkedPullRequest) (e issueEventNode) {
	e.Typename = "ClosedEvent"
	e.Closed.CreatedAt.Time, e.Closed.Closer.PullRequest = day(n), pull
	return e
}

// TestLinksOf draws what tells of pull requests 1 to 9 of o/r, and of another repository, on issue 12.
func TestLinksOf(t *testing.T) {
	t.Parallel()
	own := func(n int) linkedPullRequest { return linkedTo("O/R", n) }
	link := func(repository string, n, linked int) model.Link {
		l := model.Link{Repository: repository, Number: n, Author: model.Actor{Login: model.Ghost}, Created: day(n)}
		if linked > 0 {
			l.Linked = day(linked)
		}
		return l
	}
	tests := map[string]struct {
		closedBy []linkedPullRequest
		events   []issueEventNode
		want     []model.Link
	}{
		"nothing": {},
		"the list of closing pull requests tells no time": {
			closedBy: []linkedPullRequest{own(1), linkedTo("a/b", 1)},
			want:     []model.Link{link("", 1, 0), link("a/b", 1, 0)},
		},
		"an event beside the list does not change that": {
			closedBy: []linkedPullRequest{own(1)}, events: []issueEventNode{connectedOn(20, own(1)), closedOn(30, own(1))},
			want: []model.Link{link("", 1, 0)},
		},
		"connected": {
			events: []issueEventNode{connectedOn(20, own(1))}, want: []model.Link{link("", 1, 20)},
		},
		"disconnected later": {
			events: []issueEventNode{connectedOn(20, own(1)), disconnectedOn(21, own(1))},
		},
		"connected again": {
			events: []issueEventNode{connectedOn(20, own(1)), disconnectedOn(21, own(1)), connectedOn(22, own(1))},
			want:   []model.Link{link("", 1, 22)},
		},
		"disconnected, but it closed the issue": {
			events: []issueEventNode{connectedOn(20, own(1)), disconnectedOn(21, own(1)), closedOn(30, own(1))},
			want:   []model.Link{link("", 1, 30)},
		},
		"the earliest event counts": {
			events: []issueEventNode{
				referencedOn(19, own(1), "", true), connectedOn(20, own(1)), closedOn(30, own(1)), closedOn(31, own(2)),
				connectedOn(15, own(3)), closedOn(16, own(3)),
			},
			want: []model.Link{link("", 1, 19), link("", 2, 31), link("", 3, 15)},
		},
		"references": {
			events: []issueEventNode{
				referencedOn(20, own(1), "see #12", false),
				referencedOn(20, own(2), "fixes #12", false),
				referencedOn(20, own(3), "", true),
				referencedOn(20, linkedTo("a/b", 4), "fixes #12", false),
				referencedOn(20, linkedTo("a/b", 5), "fixes o/r#12", false),
				// An issue, or what the token cannot see, is no pull request.
				referencedOn(20, linkedPullRequest{}, "fixes #12", true),
			},
			want: []model.Link{link("", 2, 20), link("", 3, 20), link("a/b", 5, 20)},
		},
		"one repository in two spellings": {
			events: []issueEventNode{
				referencedOn(20, linkedTo("A/b", 5), "", true), referencedOn(21, linkedTo("a/B", 5), "", true),
			},
			want: []model.Link{link("A/b", 5, 20)},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &reading{repository: model.Repository{Owner: "o", Name: "r", URL: "https://github.com/o/r"}}
			if diff := cmp.Diff(tt.want, r.linksOf(12, tt.closedBy, tt.events)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestIssueLinks reads links from a repository in which a pull request was connected by hand, one names the issue with a
// keyword, one only mentions it, and one closed it.
func TestIssueLinks(t *testing.T) {
	t.Parallel()
	connected, keyword, mention := openPull(1, 60), openPull(2, 60), openPull(3, 60)
	keyword.Body, keyword.CreatedAt, keyword.BaseRefName = "Fixes #12", day(30), "next"
	mention.Body = "Refers to #12"
	issue := closedIssue(12, 60)
	issue.ConnectedPulls = []int{1}
	r, _ := read(t, &githubsim.World{
		Issues: []githubsim.Issue{issue}, Pulls: []githubsim.Pull{connected, keyword, mention},
	}, githubsim.Options{Token: "t"}, Request{Reach: day(50)})
	got, err := r.issues(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	author := model.Actor{Login: "mona"}
	want := []model.Link{
		// The issue's own list has what is connected.
		{Number: 1, Author: author, Created: day(1)},
		// Its base is not the default branch, so GitHub says that it will not close the issue; its text names it all the
		// same.
		{Number: 2, Author: author, Created: day(30), Linked: day(30)},
	}
	if diff := cmp.Diff(want, got[0].Links); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
