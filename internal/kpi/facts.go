package kpi

import (
	"iter"
	"slices"
	"strings"
	"time"

	"kpi-gate/internal/model"
)

// facts is what all passes of one report share: nothing in it depends on the instant of a pass.
type facts struct {
	snapshot *model.Snapshot
	policy   *Policy
	source   model.Source
	// sourceReason says why there is no source, sourceGaps names the feeds that could not be read for that.
	sourceReason string
	sourceGaps   []model.Feed
	reach        time.Time
	graph        *graph
	people       people
	lines        [][]int32
	// labels remembers which labels the patterns of a class, by its name, and those of hotfixes match.
	labels map[labelSet]map[string]bool
	gaps   map[model.Feed][]model.Gap
	read   map[model.Feed]bool
	// pulls are the pull requests by number.
	pulls map[int]*model.PullRequest
	// pullOf is the merged pull request that a commit landed or was part of.
	pullOf map[string]*model.PullRequest
	// hashes are those of all commits that are known, in order; nil until one is named by its beginning.
	hashes []string
	// titles are the merged pull requests by title.
	titles map[string][]*model.PullRequest
	// reverts remembers what each change says that it reverts.
	reverts map[revertKey]revertTarget
	// words remembers which words of each issue's body may name a deployment.
	words map[int]words
	// items finds what filters look at; nil until one asks.
	items *itemIndex
	// calendar counts working hours; nil without business time.
	calendar *calendar
}

// newFacts are those of a report over w.
func newFacts(s *model.Snapshot, policy *Policy, w model.Window) *facts {
	f := indexFacts(s, policy)
	f.look(w)
	return f
}

// indexFacts is the part of the facts that is the same for the reports of all windows; look adds the rest.
func indexFacts(s *model.Snapshot, policy *Policy) *facts {
	f := &facts{
		snapshot: s, policy: policy,
		graph:   newGraph(s.Commits, s.Reached),
		labels:  map[labelSet]map[string]bool{},
		gaps:    gapsOf(s),
		read:    readOf(s),
		pulls:   make(map[int]*model.PullRequest, len(s.PullRequests)),
		pullOf:  map[string]*model.PullRequest{},
		titles:  map[string][]*model.PullRequest{},
		reverts: map[revertKey]revertTarget{},
		words:   map[int]words{},
	}
	f.indexPullRequests()
	for _, branch := range s.Branches {
		if f.isProduction(branch.Name) {
			f.lines = append(f.lines, f.graph.line(branch.Head))
		}
	}
	return f
}

// look makes the facts those of a report over w. What was derived from them for another window, and does not depend on
// it, is kept.
func (f *facts) look(w model.Window) {
	f.reach = reach(f.snapshot, w)
	f.people = newPeople(f.snapshot, f.policy, f.reach)
	f.source, f.sourceReason, f.sourceGaps = f.resolveSource(w)
	if f.policy.BusinessTime != nil {
		f.calendar = newCalendar(f.policy.BusinessTime, w.Until)
	}
}

// reach is how far back a report over w can look: as far as it has to, or as far as was read.
func reach(s *model.Snapshot, w model.Window) time.Time {
	if back := Reach(w); back.After(s.Reach) {
		return back
	}
	return s.Reach
}

// readOf are the feeds that were asked for.
func readOf(s *model.Snapshot) map[model.Feed]bool {
	read := make(map[model.Feed]bool, len(s.Read))
	for _, feed := range s.Read {
		read[feed] = true
	}
	return read
}

// gapsOf are the gaps by feed.
func gapsOf(s *model.Snapshot) map[model.Feed][]model.Gap {
	gaps := make(map[model.Feed][]model.Gap, len(s.Gaps))
	for _, gap := range s.Gaps {
		gaps[gap.Feed] = append(gaps[gap.Feed], gap)
	}
	return gaps
}

func (f *facts) indexPullRequests() {
	s := f.snapshot
	for i := range s.PullRequests {
		pr := &s.PullRequests[i]
		f.pulls[pr.Number] = pr
		if pr.Merged.IsZero() {
			continue
		}
		f.titles[pr.Title] = append(f.titles[pr.Title], pr)
		for _, c := range pr.Commits {
			f.pullOf[c.SHA] = pr
		}
	}
	for _, c := range s.Commits {
		for _, number := range c.PullRequests {
			if pr := f.pulls[number]; pr != nil && !pr.Merged.IsZero() {
				f.pullOf[c.SHA] = pr
				break
			}
		}
	}
	for i := range s.PullRequests {
		if pr := &s.PullRequests[i]; !pr.Merged.IsZero() && pr.MergeCommit != "" {
			f.pullOf[pr.MergeCommit] = pr
		}
	}
}

// isProduction reports whether branch is a production branch.
func (f *facts) isProduction(branch string) bool {
	if len(f.policy.Branches) == 0 {
		return branch != "" && branch == f.snapshot.Repository.DefaultBranch
	}
	return f.policy.Branches.Match(branch)
}

// labelSet says what the labels that some patterns match stand for: a class of issues, or hotfixes where it is the zero
// labelSet (a class may be called hotfix too).
type labelSet struct{ class string }

// labelled reports whether the patterns of a set match any of the labels.
func (f *facts) labelled(set labelSet, patterns Globs, labels []string) bool {
	known := f.labels[set]
	if known == nil {
		known = map[string]bool{}
		f.labels[set] = known
	}
	for _, label := range labels {
		matches, ok := known[label]
		if !ok {
			matches = patterns.Match(label)
			known[label] = matches
		}
		if matches {
			return true
		}
	}
	return false
}

// since yields the events that happened at or after an instant, latest first.
func since(events []model.Event, at time.Time) iter.Seq[model.Event] {
	return func(yield func(model.Event) bool) {
		for _, e := range slices.Backward(events) {
			if e.At.Before(at) || !yield(e) {
				return
			}
		}
	}
}

// labelsAt is the set of labels at an instant: today's, with what happened since undone.
func labelsAt(labels []string, events []model.Event, at time.Time) []string {
	then := slices.Clip(labels) // Putting a label back copies; today's stay as they are.
	for e := range since(events, at) {
		switch e.Kind {
		case model.Labeled:
			if i := slices.IndexFunc(then, func(l string) bool { return strings.EqualFold(l, e.Label) }); i >= 0 {
				then = slices.Concat(then[:i], then[i+1:])
			}
		case model.Unlabeled:
			then = append(then, e.Label)
		}
	}
	return then
}

// closedAt replays a timeline: when the item was closed as things stood at an instant, zero if it was open, and why it
// was closed. closed and reason are today's, which hold when the last close lies before the instant.
func closedAt(closed time.Time, reason string, events []model.Event, at time.Time) (time.Time, string) {
	if !closed.IsZero() && closed.Before(at) {
		return closed, reason
	}
	for i := len(events) - 1; i >= 0; i-- {
		e := events[i]
		if !e.At.Before(at) {
			continue
		}
		switch e.Kind {
		case model.Closed:
			return e.At, e.Reason
		case model.Reopened:
			return time.Time{}, ""
		}
	}
	return time.Time{}, ""
}
