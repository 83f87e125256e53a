package kpi

import (
	"strings"
	"time"

	"kpi-gate/internal/model"
)

// people knows who is a bot and, from when on, who is of the team.
type people struct {
	// bots are the accounts that are bots, scripts the authors of commits that are.
	bots, scripts map[string]bool
	// members holds for each login the earliest sign that its owner is of the team.
	members map[string]time.Time
}

func newPeople(s *model.Snapshot, policy *Policy, reach time.Time) people {
	p := people{bots: map[string]bool{}, scripts: map[string]bool{}, members: map[string]time.Time{}}
	for _, login := range policy.BotLogins {
		login = fold(strings.TrimSuffix(login, "[bot]"))
		p.bots[login], p.scripts[login] = true, true
	}
	eachActor(s, func(a model.Actor) {
		if a.Bot {
			p.bots[fold(a.Login)] = true
		}
	})
	eachCoder(s, func(a model.Actor) {
		if a.Bot {
			p.scripts[fold(a.Login)] = true
		}
	})
	for _, login := range policy.TeamLogins {
		p.members[fold(login)] = time.Time{}
	}
	eachSign(s, reach, func(a model.Actor, at time.Time) {
		login := fold(a.Login)
		if login == "" || login == model.Ghost || p.isBot(a) {
			return
		}
		if first, ok := p.members[login]; !ok || at.Before(first) {
			p.members[login] = at
		}
	})
	return p
}

// fold is the form of a login under which it is compared: GitHub's logins have no case.
func fold(login string) string { return strings.ToLower(login) }

// isBot reports whether an account is a bot: once seen as one it is one everywhere. GitHub says of an account what it
// is wherever it names it, so that this does not depend on which other facts were read.
func (p people) isBot(a model.Actor) bool { return a.Bot || p.bots[fold(a.Login)] }

// isScript reports whether the author of a commit is a bot. A commit may tell no more than a name
// (https://docs.github.com/en/graphql/reference/objects#gitactor). It is a bot's if a bot of that name is seen among
// the commits and pull requests, which are there wherever commits are looked at.
func (p people) isScript(a model.Actor) bool { return a.Bot || p.scripts[fold(a.Login)] }

// isPerson reports whether an actor is known and not a bot; a deleted account is a person.
func (p people) isPerson(a model.Actor) bool { return a.Login != "" && !p.isBot(a) }

// isMember reports whether a sign before the instant says that the actor is of the team.
func (p people) isMember(a model.Actor, at time.Time) bool {
	login := fold(a.Login)
	if login == "" || login == model.Ghost || p.isBot(a) {
		return false
	}
	first, ok := p.members[login]
	return ok && first.Before(at)
}

// same reports whether two actors are the same account.
func same(a, b model.Actor) bool { return fold(a.Login) == fold(b.Login) }

// eachActor yields every actor that the snapshot names.
func eachActor(s *model.Snapshot, yield func(model.Actor)) {
	for i := range s.Deployments {
		yield(s.Deployments[i].Creator)
	}
	for i := range s.Releases {
		yield(s.Releases[i].Author)
	}
	for i := range s.Commits {
		yield(s.Commits[i].Author)
	}
	for i := range s.Runs {
		yield(s.Runs[i].Actor)
	}
	for i := range s.PullRequests {
		pr := &s.PullRequests[i]
		yield(pr.Author)
		yield(pr.MergedBy)
		for j := range pr.Reviews {
			yield(pr.Reviews[j].Author)
		}
		for j := range pr.Comments {
			yield(pr.Comments[j].Author)
		}
		for j := range pr.Events {
			yield(pr.Events[j].Actor)
		}
	}
	for i := range s.Issues {
		issue := &s.Issues[i]
		yield(issue.Author)
		for j := range issue.Comments {
			yield(issue.Comments[j].Author)
		}
		for j := range issue.Events {
			yield(issue.Events[j].Actor)
		}
		for j := range issue.Links {
			yield(issue.Links[j].Author)
		}
	}
	for i := range s.Milestones {
		for j := range s.Milestones[i].Items {
			yield(s.Milestones[i].Items[j].Author)
		}
	}
}

// eachCoder yields who wrote the commits, and who opened, merged or handled the pull requests.
func eachCoder(s *model.Snapshot, yield func(model.Actor)) {
	for i := range s.Commits {
		yield(s.Commits[i].Author)
	}
	for i := range s.PullRequests {
		pr := &s.PullRequests[i]
		yield(pr.Author)
		yield(pr.MergedBy)
		for j := range pr.Events {
			yield(pr.Events[j].Actor)
		}
	}
}

// eachSign yields every sign of team membership and when it was given, on items open today or updated since reach. An
// item that was not updated since then stands as it stood then, so this is the same for every window.
func eachSign(s *model.Snapshot, reach time.Time, yield func(model.Actor, time.Time)) {
	association := func(author model.Actor, is model.Association, at time.Time) {
		if is == "OWNER" || is == "MEMBER" || is == "COLLABORATOR" {
			yield(author, at)
		}
	}
	rights := func(author model.Actor, events []model.Event) {
		for _, e := range events {
			switch e.Kind {
			case model.Labeled, model.Assigned, model.Milestoned, model.Closed:
				if !same(e.Actor, author) {
					yield(e.Actor, e.At)
				}
			}
		}
	}
	for i := range s.PullRequests {
		pr := &s.PullRequests[i]
		if !pr.Closed.IsZero() && pr.Updated.Before(reach) {
			continue
		}
		association(pr.Author, pr.Association, pr.Created)
		if !pr.Merged.IsZero() {
			yield(pr.MergedBy, pr.Merged)
		}
		for _, r := range pr.Reviews {
			association(r.Author, r.Association, r.Submitted)
		}
		for _, c := range pr.Comments {
			association(c.Author, c.Association, c.Created)
		}
		rights(pr.Author, pr.Events)
	}
	for i := range s.Issues {
		issue := &s.Issues[i]
		if !issue.Closed.IsZero() && issue.Updated.Before(reach) {
			continue
		}
		association(issue.Author, issue.Association, issue.Created)
		for _, c := range issue.Comments {
			association(c.Author, c.Association, c.Created)
		}
		rights(issue.Author, issue.Events)
	}
}
