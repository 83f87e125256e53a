package kpi

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"kpi-gate/internal/model"
)

// lack is what keeps a definition from being measured whole. The zero lack is nothing.
type lack struct {
	// reason says what it is; empty for nothing.
	reason string
	// partial is true where a part can be shown.
	partial bool
	// gaps are the feeds that were not read, or not whole.
	gaps []model.Feed
}

// missing is what a selection lacks.
func (p *Pass) missing(of Selection) lack {
	d := of.Definition
	if d.NeedsSource {
		if p.source == "" {
			return lack{reason: p.sourceReason, gaps: p.sourceGaps}
		}
		if reason := p.unfilterable(of); reason != "" {
			return lack{reason: reason}
		}
	}
	if l := p.incomplete(p.needs(of), d.Uses); l.reason != "" {
		// What has no meaning here has none of a part either.
		l.partial = l.partial && (d.Applies == nil || d.Applies(p) == "")
		return l
	}
	if d.NeedsSource && p.neverDeployed(d) {
		return lack{reason: fmt.Sprintf("no production deployment was found in %s%s", p.source, lookAt[p.source])}
	}
	if d.Applies != nil {
		return lack{reason: d.Applies(p)}
	}
	return lack{}
}

// needs are the feeds without which a selection cannot be measured, that of the deployments first.
func (p *Pass) needs(of Selection) []model.Feed {
	needs := slices.Clip(of.Needs)
	if of.Filter.Asks(Path) {
		needs = append(needs, model.Paths)
	}
	if of.NeedsSource {
		needs = append([]model.Feed{sourceFeeds[p.source]}, needs...)
	}
	return needs
}

// onlyMore reports whether what was not read could only add to the figure of a selection that is measured in part: the
// figure counts items, each of which counts by itself, and of the feeds that it is drawn from nothing is missing but
// whole facts. A share or a length may go either way with each item more, and so may what is worked out of several.
func (p *Pass) onlyMore(of Selection) bool {
	switch of.Shape.(type) {
	case Rate, Level:
	default:
		return false
	}
	for _, feed := range slices.Concat(p.needs(of), of.Uses) {
		if slices.ContainsFunc(p.gaps[feed], func(gap model.Gap) bool { return !gap.Cut }) {
			return false
		}
	}
	return true
}

// incomplete is what was not read of some feeds. Where something was read of every feed that is needed, a part can be
// shown. A feed that is only used, and was not asked for, is not missing.
func (p *Pass) incomplete(needs, uses []model.Feed) lack {
	l := lack{partial: true}
	var missed causes
	var unread []string
	note := func(feed model.Feed, gaps []model.Gap) {
		if len(gaps) > 0 && !slices.Contains(l.gaps, feed) {
			l.gaps = append(l.gaps, feed)
		}
		missed.add(feed, gaps)
	}
	for _, feed := range needs {
		gaps := p.gaps[feed]
		switch {
		case len(gaps) > 0:
			l.partial = l.partial && anyPartial(gaps)
			note(feed, gaps)
		case !p.read[feed]:
			l.partial = false
			unread = append(unread, unreadReason(feed))
		}
	}
	for _, feed := range uses {
		note(feed, p.gaps[feed])
	}
	l.reason = missed.String()
	if len(missed) == 0 {
		l.reason = strings.Join(unread, "; ")
	}
	return l
}

// partOf are the feeds that are read together with another one: what keeps that from being read keeps these too.
var partOf = map[model.Feed]model.Feed{
	model.Reviews: model.PullRequests, model.Paths: model.PullRequests,
	model.Comments: model.Issues, model.Links: model.Issues, model.PastIncidents: model.Issues,
	model.Jobs: model.Runs,
}

// cause is why some feeds could not be read, or not whole.
type cause struct {
	feeds   []model.Feed
	partial bool
	// remedy is what would have to change, else what happened: what tells causes apart.
	remedy string
	text   string
}

// causes are told each once, with what happened first.
type causes []*cause

// add adds the gaps of a feed. One that only shares the fate of the feed that it is read with is not named.
func (all *causes) add(feed model.Feed, gaps []model.Gap) {
	for _, gap := range gaps {
		text := gapReason(gap)
		remedy := cmp.Or(gap.Permission, gap.Advice, gap.Reason)
		same := slices.IndexFunc(*all, func(c *cause) bool { return c.remedy == remedy })
		switch {
		case same < 0:
			*all = append(*all, &cause{feeds: []model.Feed{feed}, partial: gap.Partial, remedy: remedy, text: text})
		case slices.Contains((*all)[same].feeds, feed) || slices.Contains((*all)[same].feeds, partOf[feed]):
		default:
			c := (*all)[same]
			c.feeds, c.partial = append(c.feeds, feed), c.partial && gap.Partial
		}
	}
}

// String names the feeds of each cause: "issues, runs could not be read: the budget is spent".
func (all causes) String() string {
	told := make([]string, len(all))
	for i, c := range all {
		names := make([]string, len(c.feeds))
		for j, feed := range c.feeds {
			names[j] = feed.Words()
		}
		how := "could not be read"
		if c.partial {
			how = "were read only in part"
		}
		told[i] = strings.Join(names, ", ") + " " + how + ": " + c.text
	}
	return strings.Join(told, "; ")
}

// unreadReason says why a feed is not there at all.
func unreadReason(feed model.Feed) string {
	if feed == model.Jobs {
		return "jobs take one request for each run, so they are read only when asked for: name the KPI in kpis, give it a" +
			" benchmark, or set ci: { jobs: true }"
	}
	return fmt.Sprintf("%s were not read", feed.Words())
}

// anyPartial reports whether something was read of a feed with these gaps.
func anyPartial(gaps []model.Gap) bool {
	return slices.ContainsFunc(gaps, func(gap model.Gap) bool { return gap.Partial })
}

// gapReason says in a few words why a feed is incomplete. What exactly GitHub refused stands with what was read.
func gapReason(gap model.Gap) string {
	if gap.Permission != "" {
		return "the token lacks the permission " + gap.Permission
	}
	return gap.Reason
}
