// Package publish tells a report where people look for it: in one comment on the pull request, in a check run, in a
// commit status, in an issue. What it tells elsewhere than in the run itself is a courtesy: where GitHub refuses, the
// report says so and the verdict stands.
package publish

import (
	"context"

	"kpi-gate/internal/github"
	"kpi-gate/internal/report"
)

// Target is what the report is about, and who says it.
type Target struct {
	// Owner and Name are the repository's.
	Owner, Name string
	// PullRequest is the number of the pull request that the run is about; 0 for none.
	PullRequest int
	// SHA is the commit that check runs and statuses are attached to: the head of the pull request, where there is one,
	// because GitHub shows and requires the checks of that.
	SHA string
	// Page is the address of the run's own page; empty where there is none.
	Page string
	// Gate tells several gates of one repository apart, such as by the names of the workflow and the job. A comment or an
	// issue is found again by it.
	Gate string
}

// Asked says where to tell.
type Asked struct {
	// Comment asks for a comment on the pull request.
	Comment bool
	// CheckRun is the name of a check run, Status the context of a commit status, Issue the title of an issue; empty for
	// none.
	CheckRun, Status, Issue string
}

// The states of a report.Published.
const (
	created   = "created"
	updated   = "updated"
	unchanged = "unchanged"
	notNeeded = "not-needed"
	failed    = "failed"
)

// publisher tells one report.
type publisher struct {
	client *github.Client
	to     Target
	report *report.Report
}

// Publish tells a report wherever it is asked to, one place after the other, and says what came of each: the comment
// first, then the check run, the status and the issue. Nothing is sent twice. A comment and an issue that say already what
// would be said stay as they are; a check run and a status are made by each run, since the latest one counts.
//
// A comment is for pull requests and an issue for what is not about one; the other way round they are not needed. Both
// begin only when there is something to say, which is anything but that every benchmark is held.
func Publish(
	ctx context.Context, client *github.Client, to Target, asked Asked, r *report.Report,
) []report.Published {
	p := &publisher{client: client, to: to, report: r}
	told := []report.Published{}
	if asked.Comment {
		told = append(told, p.comment(ctx))
	}
	if asked.CheckRun != "" {
		told = append(told, p.checkRun(ctx, asked.CheckRun))
	}
	if asked.Status != "" {
		told = append(told, p.status(ctx, asked.Status))
	}
	if asked.Issue != "" {
		told = append(told, p.issue(ctx, asked.Issue))
	}
	return told
}

// told is an entry without a reason.
func told(to, state, url string) report.Published {
	return report.Published{To: to, State: state, URL: orNull(url)}
}

// because is an entry with a reason.
func because(to, state, reason string) report.Published {
	return report.Published{To: to, State: state, Reason: &reason}
}

// orNull is nil for an empty text.
func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
