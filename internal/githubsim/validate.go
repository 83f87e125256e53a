package githubsim

import (
	"fmt"
	"maps"
	"slices"
)

// worldError is a fact that a world cannot hold, and where it stands.
type worldError struct {
	path    []any
	problem string
}

func (e *worldError) Error() string { return pathString(e.path) + ": " + e.problem }

// validate refuses what would make GitHub's answers impossible: what has no name, two things of one name, and states
// that contradict their times.
func (w *World) validate() error {
	if w.Repo.Owner == "" || w.Repo.Name == "" {
		return &worldError{[]any{"repo"}, "owner and name are needed"}
	}
	for _, check := range []func() error{w.validateNumbers, w.validateGit, w.validateDeployments} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// validateNumbers checks issues, pull requests and milestones. Issues and pull requests share one series of numbers.
func (w *World) validateNumbers() error {
	seen := map[int]string{}
	take := func(list string, i, n int) error {
		here := fmt.Sprintf("%s[%d]", list, i)
		switch {
		case n <= 0:
			return &worldError{[]any{list, i, "number"}, "a number is 1 or more"}
		case seen[n] != "":
			return &worldError{[]any{list, i, "number"}, fmt.Sprintf("%d is taken by %s", n, seen[n])}
		}
		seen[n] = here
		return nil
	}
	for i := range w.Pulls {
		if err := take("pulls", i, w.Pulls[i].Number); err != nil {
			return err
		}
		if err := w.Pulls[i].validate(i); err != nil {
			return err
		}
	}
	for i := range w.Issues {
		if err := take("issues", i, w.Issues[i].Number); err != nil {
			return err
		}
		if err := w.Issues[i].validate(i); err != nil {
			return err
		}
	}
	clear(seen)
	titles := map[string]bool{}
	for i, m := range w.Milestones {
		if err := take("milestones", i, m.Number); err != nil {
			return err
		}
		if titles[m.Title] {
			return &worldError{[]any{"milestones", i, "title"}, fmt.Sprintf("%q is taken", m.Title)}
		}
		titles[m.Title] = true
	}
	return nil
}

func (p *Pull) validate(i int) error {
	wrong := func(field, problem string, args ...any) error {
		return &worldError{[]any{"pulls", i, field}, fmt.Sprintf(problem, args...)}
	}
	switch {
	case !slices.Contains([]string{"OPEN", "CLOSED", "MERGED"}, p.State):
		return wrong("state", "%q is not OPEN, CLOSED or MERGED", p.State)
	case p.CreatedAt.IsZero():
		return wrong("createdAt", "is needed")
	case p.State == "MERGED" && p.MergedAt == nil:
		return wrong("mergedAt", "is needed when the state is MERGED")
	case p.State != "MERGED" && p.MergedAt != nil:
		return wrong("mergedAt", "is set though the state is %s", p.State)
	case p.State == "CLOSED" && p.ClosedAt == nil:
		return wrong("closedAt", "is needed when the state is CLOSED")
	case p.State == "OPEN" && p.ClosedAt != nil:
		return wrong("closedAt", "is set though the state is OPEN")
	case p.Commits.List != nil && len(p.CommitOIDs) > 0 && len(p.CommitOIDs) != len(p.Commits.List):
		return wrong("commitOids", "are %d where commits are %d", len(p.CommitOIDs), len(p.Commits.List))
	}
	for _, path := range slices.Sorted(maps.Keys(p.Renamed)) {
		if !slices.Contains(p.Paths, path) {
			return wrong("renamed", "%q is none of its paths", path)
		}
	}
	return nil
}

func (i *Issue) validate(at int) error {
	wrong := func(field, problem string, args ...any) error {
		return &worldError{[]any{"issues", at, field}, fmt.Sprintf(problem, args...)}
	}
	switch {
	case i.State != "OPEN" && i.State != "CLOSED":
		return wrong("state", "%q is not OPEN or CLOSED", i.State)
	case i.CreatedAt.IsZero():
		return wrong("createdAt", "is needed")
	case i.State == "CLOSED" && i.ClosedAt == nil:
		return wrong("closedAt", "is needed when the state is CLOSED")
	case i.State == "OPEN" && i.ClosedAt != nil:
		return wrong("closedAt", "is set though the state is OPEN")
	case !slices.Contains([]string{"", "COMPLETED", "NOT_PLANNED", "DUPLICATE", "REOPENED"}, i.StateReason):
		return wrong("stateReason", "%q is not COMPLETED, NOT_PLANNED, DUPLICATE or REOPENED", i.StateReason)
	}
	return nil
}

// validateGit checks commits, tags, branches and releases.
func (w *World) validateGit() error {
	seen := map[string]bool{}
	take := func(list, field string, i int, name string) error {
		switch {
		case name == "":
			return &worldError{[]any{list, i, field}, "is needed"}
		case seen[name]:
			return &worldError{[]any{list, i, field}, fmt.Sprintf("%q is there twice", name)}
		}
		seen[name] = true
		return nil
	}
	for i := range w.Commits {
		if err := take("commits", "oid", i, w.Commits[i].OID); err != nil {
			return err
		}
	}
	clear(seen)
	for i, t := range w.Tags {
		if err := take("tags", "name", i, t.Name); err != nil {
			return err
		}
		if t.OID == "" {
			return &worldError{[]any{"tags", i, "oid"}, "is needed"}
		}
	}
	clear(seen)
	for i, b := range w.Branches {
		if err := take("branches", "name", i, b.Name); err != nil {
			return err
		}
		if b.OID == "" {
			return &worldError{[]any{"branches", i, "oid"}, "is needed"}
		}
	}
	if err := w.validateFiles(); err != nil {
		return err
	}
	for i, r := range w.Releases {
		if r.TagName == "" {
			return &worldError{[]any{"releases", i, "tagName"}, "is needed"}
		}
		if r.PublishedAt == nil && !r.IsDraft {
			return &worldError{[]any{"releases", i, "publishedAt"}, "is needed unless the release is a draft"}
		}
	}
	return nil
}

// validateFiles checks the files of branches, which are those of their heads, and modes.
func (w *World) validateFiles() error {
	heads := map[string]int{}
	for i, b := range w.Branches {
		other, taken := heads[b.OID]
		if taken && ((b.Files == nil) != (w.Branches[other].Files == nil) || !maps.Equal(b.Files, w.Branches[other].Files)) {
			return &worldError{[]any{"branches", i, "files"}, fmt.Sprintf(
				"%s has the same head as %s, and so the same files", b.Name, w.Branches[other].Name)}
		}
		heads[b.OID] = i
	}
	for _, path := range slices.Sorted(maps.Keys(w.Modes)) {
		if mode := w.Modes[path]; gitModes[mode] == "" {
			return &worldError{[]any{"modes", path}, fmt.Sprintf("%q is not 100755, 120000 or 160000", mode)}
		}
	}
	return nil
}

// validateDeployments checks deployments and workflow runs, whose ids are GitHub's own.
func (w *World) validateDeployments() error {
	seen := map[int64]bool{}
	take := func(list string, i int, id int64) error {
		switch {
		case id <= 0:
			return &worldError{[]any{list, i, "id"}, "an id is 1 or more"}
		case seen[id]:
			return &worldError{[]any{list, i, "id"}, fmt.Sprintf("%d is there twice", id)}
		}
		seen[id] = true
		return nil
	}
	for i := range w.Deployments {
		d := &w.Deployments[i]
		if err := take("deployments", i, d.ID); err != nil {
			return err
		}
		if d.SHA == "" {
			return &worldError{[]any{"deployments", i, "sha"}, "is needed"}
		}
	}
	clear(seen)
	for i := range w.WorkflowRuns {
		if err := take("workflowRuns", i, w.WorkflowRuns[i].ID); err != nil {
			return err
		}
	}
	return nil
}
