package kpi

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"kpi-gate/internal/model"
)

// change is a pull request merged into a production branch, or a direct push to one.
type change struct {
	// pr is nil for a direct push, commit for a pull request.
	pr     *model.PullRequest
	commit *model.Commit
	// landed is the commit that landed it, merged when.
	landed string
	merged time.Time
	bot    bool
	// hotfix: marked as a hotfix by label or branch.
	hotfix bool
	// shipped is the deployment that shipped it, nil while none has.
	shipped *deployment
}

func (c *change) ref(p *Pass) model.Ref {
	if c.pr != nil {
		return pullRequestRef(c.pr)
	}
	return p.commitRef(c.commit)
}

// start is where the change's clock starts.
func (c *change) start(p *Pass) time.Time {
	if c.pr != nil {
		return p.startOf(c.pr)
	}
	return c.commit.Authored
}

// eachChange yields every change known by now, by bots too, in no useful order.
func (p *Pass) eachChange(yield func(*change)) {
	if p.changes == nil {
		p.changes = []*change{}
		p.addMergedPullRequests()
		p.addDirectPushes()
	}
	for _, c := range p.changes {
		yield(c)
	}
}

func (p *Pass) addMergedPullRequests() {
	for i := range p.snapshot.PullRequests {
		pr := &p.snapshot.PullRequests[i]
		if !p.known(pr.Merged) || !p.isProduction(pr.Base) {
			continue
		}
		if p.shippedLongAgo(pr.MergeCommit, pr.Merged) {
			continue
		}
		p.changes = append(p.changes, &change{
			pr: pr, landed: pr.MergeCommit, merged: pr.Merged, bot: p.people.isBot(pr.Author),
			shipped: p.shippedBy(pr.MergeCommit),
			hotfix: p.policy.HotfixBranches.Match(pr.Head) ||
				p.labelled(labelSet{}, p.policy.HotfixLabels, labelsAt(pr.Labels, pr.Events, p.at())),
		})
	}
}

// shippedLongAgo reports whether what a commit landed at an instant lies in the part of history that nothing after the
// reach depends on, which is not read.
func (p *Pass) shippedLongAgo(commit string, merged time.Time) bool {
	return merged.Before(p.reach) && p.graph.find(commit) == none
}

// addDirectPushes adds the commits of the production branches' first-parent lines that are no merge and that no merged
// pull request brought.
func (p *Pass) addDirectPushes() {
	seen := map[int32]bool{}
	for _, line := range p.lines {
		for _, at := range line {
			c := &p.graph.commits[at]
			if seen[at] || len(c.Parents) > 1 || !p.known(c.Committed) || p.pullOf[c.SHA] != nil || len(c.PullRequests) > 0 {
				continue
			}
			seen[at] = true
			p.changes = append(p.changes, &change{
				commit: c, landed: c.SHA, merged: c.Committed, bot: p.people.isScript(c.Author), shipped: p.shippedBy(c.SHA),
			})
		}
	}
}

// revertTarget is what a change says that it reverts: a pull request, or a direct push by its commit.
type revertTarget struct {
	pr  *model.PullRequest
	sha string
}

type revertKey struct {
	pr  int
	sha string
}

// revertsTitle is the title that GitHub's revert button gives.
var revertsTitle = regexp.MustCompile(`^Revert "(.*)"$`)

// revertedBy is what a change reverts; ok is false when it reverts nothing that is known. The first sign that names a
// change decides: the body, then a commit message, then the title.
func (p *Pass) revertedBy(c *change) (target revertTarget, ok bool) {
	key := revertKey{sha: c.landed}
	if c.pr != nil {
		key = revertKey{pr: c.pr.Number}
	}
	target, known := p.reverts[key]
	if !known {
		target = p.findReverted(p.revertClaimOf(c))
		p.reverts[key] = target
	}
	return target, p.isKnown(target)
}

// isKnown reports whether there is a target, merged by now.
func (p *Pass) isKnown(target revertTarget) bool {
	if target.pr != nil {
		return p.known(target.pr.Merged)
	}
	at := p.graph.find(target.sha)
	return at != none && p.known(p.graph.commits[at].Committed)
}

// revertClaim is what may say which change another one reverts.
type revertClaim struct {
	body, title string
	messages    []string
	// by is the pull request that says it, nil for none that was merged; what it names by its title was merged before.
	by     *model.PullRequest
	before time.Time
}

func (f *facts) revertClaimOf(c *change) revertClaim {
	claim := revertClaim{by: c.pr, before: c.merged}
	if c.pr == nil {
		claim.body, claim.title = c.commit.Message, headline(c.commit.Message)
		claim.messages = []string{c.commit.Message}
		return claim
	}
	claim.body, claim.title = c.pr.Body, c.pr.Title
	for _, commit := range c.pr.Commits {
		claim.messages = append(claim.messages, commit.Message)
	}
	if at := f.graph.find(c.landed); at != none {
		claim.messages = append(claim.messages, f.graph.commits[at].Message)
	}
	return claim
}

func (f *facts) findReverted(claim revertClaim) revertTarget {
	for _, number := range f.snapshot.Repository.RevertedPullRequests(claim.body) {
		if pr := f.pulls[number]; f.isChange(pr) && pr != claim.by {
			return revertTarget{pr: pr}
		}
	}
	for _, message := range claim.messages {
		for _, sha := range model.RevertedCommits(message) {
			if target := f.changeOf(sha); target.pr != claim.by && target.pr != nil || target.sha != "" {
				return target
			}
		}
	}
	if m := revertsTitle.FindStringSubmatch(claim.title); m != nil {
		var last *model.PullRequest
		for _, pr := range f.titles[m[1]] {
			if f.isChange(pr) && pr.Merged.Before(claim.before) && (last == nil || pr.Merged.After(last.Merged)) {
				last = pr
			}
		}
		if last != nil {
			return revertTarget{pr: last}
		}
	}
	return revertTarget{}
}

// isChange reports whether a pull request was merged into a production branch.
func (f *facts) isChange(pr *model.PullRequest) bool {
	return pr != nil && !pr.Merged.IsZero() && f.isProduction(pr.Base)
}

// changeOf is the change that a commit belongs to; the name may be the beginning of its hash.
func (f *facts) changeOf(sha string) revertTarget {
	full := sha
	if len(sha) < 40 {
		full = f.expand(sha)
	}
	if pr := f.pullOf[full]; f.isChange(pr) {
		return revertTarget{pr: pr}
	}
	at := f.graph.find(full)
	if at == none {
		return revertTarget{}
	}
	for _, line := range f.lines {
		for _, on := range line {
			if on == at && len(f.graph.parents[at]) <= 1 {
				return revertTarget{sha: full}
			}
		}
	}
	return revertTarget{}
}

// expand is the one commit whose hash begins so; the same text when none does or several do.
func (f *facts) expand(prefix string) string {
	if f.hashes == nil {
		f.hashes = slices.AppendSeq(slices.Collect(maps.Keys(f.graph.index)), maps.Keys(f.pullOf))
		slices.Sort(f.hashes)
		f.hashes = slices.Compact(f.hashes)
	}
	at, _ := slices.BinarySearch(f.hashes, prefix)
	begins := func(i int) bool { return i < len(f.hashes) && strings.HasPrefix(f.hashes[i], prefix) }
	if !begins(at) || begins(at+1) {
		return prefix
	}
	return f.hashes[at]
}

// shippedTarget is the deployment that shipped what was reverted, nil while none has.
func (p *Pass) shippedTarget(t revertTarget) *deployment {
	if t.pr != nil {
		return p.shippedBy(t.pr.MergeCommit)
	}
	return p.shippedBy(t.sha)
}

// eachShippable yields the changes that count for lead and deploy time with when they shipped, zero while they have
// not: by people (by bots too, if the policy counts them), and not among those that no deployment shipped because they
// were there before the first.
func (p *Pass) eachShippable(yield func(c *change, shipped time.Time)) {
	p.eachChange(func(c *change) {
		switch {
		case c.bot && !p.policy.IncludeBots:
		case c.shipped == nil:
			yield(c, time.Time{})
		case !c.shipped.shipsNothing:
			yield(c, c.shipped.finished)
		}
	})
}
