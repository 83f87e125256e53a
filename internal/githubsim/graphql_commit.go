package githubsim

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// commit is a commit of the repository, or of a pull request before merging.
type commit struct{ *Commit }

func (commit) kind() string { return "Commit" }

func (o commit) field(x *execution, name string, a arguments) (any, error) {
	switch name {
	case "id":
		return nodeID("C", derivedID("commit", o.OID)), nil
	case "oid":
		return o.OID, nil
	case "abbreviatedOid":
		return short(o.OID), nil
	case "url":
		return x.index.webURL() + "/commit/" + o.OID, nil
	case "message":
		return o.Message(), nil
	case "messageHeadline":
		return o.MessageHeadline, nil
	case "messageBody":
		return o.MessageBody, nil
	case "authoredDate":
		return o.AuthoredDate, nil
	case "committedDate":
		return o.CommittedDate, nil
	case "author":
		return gitActor{o.Author, o.AuthorType == "Bot", o.AuthoredDate}, nil
	case "committer":
		return gitActor{o.Author, o.AuthorType == "Bot", o.CommittedDate}, nil
	case "parents":
		return &connection{name: "CommitConnection", sequence: items(o.Parents, func(oid string) object {
			return x.commitOrBare(oid, time.Time{})
		})}, nil
	case "file":
		if entry, ok := x.index.filesAt(o.OID).entry(a.text("path")); ok {
			return treeEntry{entry}, nil
		}
		return nil, nil
	case "tree":
		return tree{files: x.index.filesAt(o.OID), mode: folderMode}, nil
	case "history":
		return x.history(o.Commit, a)
	case "associatedPullRequests":
		return x.associated(o.OID, a), nil
	}
	return nil, errUnserved
}

// history lists the commits that a commit reaches, itself first.
func (x *execution) history(from *Commit, a arguments) (any, error) {
	if a.text("path") != "" {
		return nil, &queryError{Message: "The simulated GitHub has no trees: it cannot follow a path through history."}
	}
	since, err := a.instant("since")
	if err != nil {
		return nil, err
	}
	until, err := a.instant("until")
	if err != nil {
		return nil, err
	}
	c := &connection{name: "CommitHistoryConnection", cursors: historyCursors{from.OID}}
	if x.index.commits[from.OID] == nil {
		c.sequence = items([]*Commit{from}, func(c *Commit) object { return commit{c} })
		return c, nil
	}
	w := x.index.walk(from, since, until)
	c.sequence = lineage{w}
	if by := a.input("author"); by != nil {
		var own []*Commit
		for i := range w.count() {
			if wrote(w.get(i), by) {
				own = append(own, w.get(i))
			}
		}
		c.sequence = items(own, func(c *Commit) object { return commit{c} })
	}
	return c, nil
}

// wrote reports whether a commit is by the author that a CommitAuthor describes.
func wrote(c *Commit, by arguments) bool {
	if c.Author == nil {
		return false
	}
	if id := by.text("id"); id != "" {
		return id == nodeID("U", derivedID("user", *c.Author))
	}
	return slices.Contains(by.list("emails"), email(*c.Author))
}

// lineage is the sequence of a walk's commits.
type lineage struct{ walk *walk }

func (l lineage) at(i int) (object, bool) {
	c := l.walk.get(i)
	return commit{c}, c != nil
}

func (l lineage) count() int { return l.walk.count() }

// associated lists the pull requests that a commit belongs to, merged ones first: for a commit of the default branch
// GitHub names the one that brought it
// (https://docs.github.com/en/rest/commits/commits#list-pull-requests-associated-with-a-commit).
func (x *execution) associated(oid string, a arguments) *connection {
	var list []*Pull
	for _, n := range x.index.brought[oid] {
		list = append(list, x.index.pulls[n])
	}
	field, descending := a.order("orderBy")
	slices.SortFunc(list, func(p, q *Pull) int {
		order := p.CreatedAt.Compare(q.CreatedAt)
		if field == "UPDATED_AT" {
			order = updatedPull(p).Compare(updatedPull(q))
		}
		if descending {
			order = -order
		}
		return cmp.Or(-cmp.Compare(merged(p), merged(q)), order, cmp.Compare(p.Number, q.Number))
	})
	return pullConnection(list)
}

// merged is 1 for a merged pull request.
func merged(p *Pull) int {
	if p.MergedAt != nil {
		return 1
	}
	return 0
}

// commitsOf is the commits of a pull request, oldest first. Where the world only counts them, as many are made up: of
// what is not known the first was authored when the world says so, the others when the pull request was opened.
func (x *execution) commitsOf(p *Pull) []*Commit {
	first := p.CreatedAt
	if p.FirstCommitAuthoredDate != nil {
		first = *p.FirstCommitAuthoredDate
	}
	madeUp := func(i int, oid string) *Commit {
		date := p.CreatedAt
		if i == 0 {
			date = first
		}
		return &Commit{OID: oid, AuthoredDate: date, CommittedDate: date, Author: p.Author, AuthorType: p.AuthorType}
	}
	var commits []*Commit
	switch {
	case p.Commits.List != nil:
		for _, c := range p.Commits.List {
			shown := &Commit{
				OID: c.OID, AuthoredDate: c.AuthoredDate, CommittedDate: c.CommittedDate,
				MessageHeadline: c.MessageHeadline, MessageBody: c.MessageBody, Author: p.Author, AuthorType: p.AuthorType,
			}
			if known := x.index.commits[c.OID]; known != nil {
				shown.Parents = known.Parents
			}
			commits = append(commits, shown)
		}
	case len(p.CommitOIDs) > 0:
		for i, oid := range p.CommitOIDs {
			c := x.index.commits[oid]
			if c == nil {
				c = madeUp(i, oid)
			}
			commits = append(commits, c)
		}
	default:
		for i := range p.Commits.Count {
			commits = append(commits, madeUp(i, objectID(strings.Join(
				[]string{"commit", strconv.Itoa(p.Number), strconv.Itoa(i)}, " "))))
		}
	}
	return commits
}
