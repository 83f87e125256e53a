package kpi

import (
	"regexp"
	"slices"
	"sort"
	"strings"
	"time"

	"kpi-gate/internal/model"
)

// attribution finds the deployment that an incident belongs to.
type attribution struct {
	all timeline
	// byCommit and byTag are the deployments by what a text may name them by; commits are the keys of byCommit, in order.
	byCommit, byTag map[string]timeline
	commits         []string
}

// timeline is deployments in their order.
type timeline struct {
	deployments []*deployment
	// earliest is the earliest finish from each place on: merges need not be in the order of their finishes.
	earliest []time.Time
}

func newTimeline(deployments []*deployment) timeline {
	t := timeline{deployments: deployments, earliest: make([]time.Time, len(deployments))}
	for i, d := range slices.Backward(deployments) {
		t.earliest[i] = d.finished
		if i+1 < len(t.earliest) && t.earliest[i+1].Before(d.finished) {
			t.earliest[i] = t.earliest[i+1]
		}
	}
	return t
}

// last is the last deployment that had finished at an instant, nil if none had.
func (t timeline) last(at time.Time) *deployment {
	after := sort.Search(len(t.earliest), func(i int) bool { return t.earliest[i].After(at) })
	if after == 0 {
		return nil
	}
	return t.deployments[after-1]
}

func newAttribution(all []*deployment) *attribution {
	a := &attribution{all: newTimeline(all), byCommit: map[string]timeline{}, byTag: map[string]timeline{}}
	commits, tags := map[string][]*deployment{}, map[string][]*deployment{}
	for _, d := range all {
		commits[d.sha] = append(commits[d.sha], d)
		if d.ref.Name != "" {
			tags[d.ref.Name] = append(tags[d.ref.Name], d)
		}
	}
	for sha, of := range commits {
		a.byCommit[sha] = newTimeline(of)
		a.commits = append(a.commits, sha)
	}
	for tag, of := range tags {
		a.byTag[tag] = newTimeline(of)
	}
	slices.Sort(a.commits)
	return a
}

// attribute is the deployment that an incident belongs to, nil if none: the latest one that its text names, else the
// last one before it was opened, if that is not too long before.
func (p *Pass) attribute(incident *issue) *deployment {
	if p.attribution == nil {
		p.attribution = newAttribution(p.deployed().successful)
	}
	a := p.attribution
	var named *deployment
	consider := func(t timeline) {
		if d := t.last(incident.Created); d != nil && (named == nil || d.index > named.index) {
			named = d
		}
	}
	names := p.namesIn(incident.Issue)
	for _, word := range names.commits {
		for at := sort.SearchStrings(a.commits, word); at < len(a.commits); at++ {
			if !strings.HasPrefix(a.commits[at], word) {
				break
			}
			consider(a.byCommit[a.commits[at]])
		}
	}
	for _, tag := range names.tags {
		consider(a.byTag[tag])
	}
	if named != nil {
		return named
	}
	last := a.all.last(incident.Created)
	if last == nil || incident.Created.Sub(last.finished) > p.policy.IncidentAttribution {
		return nil
	}
	return last
}

// words are what a text may name a deployment by: commits by their hashes, or how they begin, and tags.
type words struct{ commits, tags []string }

// hexWord is what may be a commit's hash, or its beginning.
var hexWord = regexp.MustCompile(`(?i)\b[0-9a-f]{7,40}\b`)

// separators part the words of a text; none of them is likely in a tag's name.
const separators = " \t\r\n,;!?\"'`()[]{}<>|*"

// namesIn are the words of an issue's body that could name a commit or, for releases and tags, a tag.
func (f *facts) namesIn(i *model.Issue) words {
	w, known := f.words[i.Number]
	if known {
		return w
	}
	w.commits = hexWord.FindAllString(strings.ToLower(i.Body), -1)
	if f.source == model.SourceReleases || f.source == model.SourceTags {
		for _, word := range strings.FieldsFunc(i.Body, func(r rune) bool { return strings.ContainsRune(separators, r) }) {
			w.tags = append(w.tags, strings.TrimRight(word, ".:")) // No tag ends so.
		}
	}
	f.words[i.Number] = w
	return w
}
