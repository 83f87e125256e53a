package gate

import (
	"fmt"
	"slices"
	"strings"

	"kpi-gate/internal/kpi"
	"kpi-gate/internal/model"
)

// Exemptions say which pull requests may merge although benchmarks are breached, so that repairs are not held up by
// what they repair. The zero Exemptions are none.
type Exemptions struct {
	// Labels are globs for the labels that the pull request has now, Branches for its head branch, unless that is in a
	// fork, Authors for its author's login: one that ends in [bot] is for bots only.
	Labels, Branches, Authors kpi.Globs
	// Paths are globs of which each file that it changes must match one.
	Paths kpi.Globs
	// FixingBreachedClass exempts it from the benchmarks on an issue class of which it closes an open issue, and from
	// those on failed deployments if it closes an incident that is laid to one, or reverts a change that one shipped.
	// It then is exempt, too, from those on incidents if one that is laid to that deployment is open.
	FixingBreachedClass bool
}

// IsEmpty reports whether no pull request is exempt, so that nothing needs to be known of it.
func (e Exemptions) IsEmpty() bool {
	return len(e.Labels)+len(e.Branches)+len(e.Authors)+len(e.Paths) == 0 && !e.FixingBreachedClass
}

// AsksPaths reports whether it matters which files a pull request changes.
func (e Exemptions) AsksPaths() bool { return len(e.Paths) > 0 }

// Apply turns the breached among verdicts into Exempt ones where the rules say so of the pull request that is judged,
// as it is now, and of what it repairs. Would keeps the breach, and Reason names every rule that applied, by its
// setting, and why. What is no breach stays as it is; without a pull request (nil) everything does.
//
// A Reason holds names from the repository on one line, without control characters and not longer than is easy to read;
// whoever shows it has to escape it.
func (e Exemptions) Apply(verdicts []Verdict, c *model.Candidate, repairs kpi.Repairs) []Verdict {
	judged := slices.Clone(verdicts)
	if c == nil {
		return judged
	}
	always := e.always(c)
	for i := range judged {
		v := &judged[i]
		if v.Outcome != Breached {
			continue
		}
		grounds := slices.Clip(always)
		if e.FixingBreachedClass {
			grounds = append(grounds, fixing(v.Benchmark.KPI, repairs.Of(v.Benchmark.Selection()))...)
		}
		if len(grounds) > 0 {
			v.Outcome, v.Would, v.ExemptBy = Exempt, Breached, ByPullRequest
			v.Reason = fmt.Sprintf("pull request #%d %s", c.Number, strings.Join(grounds, "; it "))
		}
	}
	return judged
}

// always are the grounds on which a pull request is exempt from every benchmark.
func (e Exemptions) always(c *model.Candidate) []string {
	var grounds []string
	if label := slices.IndexFunc(c.Labels, e.Labels.Match); label >= 0 {
		grounds = append(grounds, fmt.Sprintf("has the label %s (exempt: labels)", quoted(c.Labels[label])))
	}
	if c.Head != "" && !c.Fork && e.Branches.Match(c.Head) {
		grounds = append(grounds, fmt.Sprintf("comes from the branch %s (exempt: branches)", quoted(c.Head)))
	}
	if e.isAuthor(c.Author) {
		grounds = append(grounds, fmt.Sprintf("is by %s (exempt: authors)", quoted(c.Author.Login)))
	}
	outside := func(path string) bool { return !e.Paths.Match(path) }
	if len(e.Paths) > 0 && c.PathsKnown && len(c.Paths) > 0 && !slices.ContainsFunc(c.Paths, outside) {
		grounds = append(grounds, fmt.Sprintf("changes nothing outside %s (exempt: paths)", listed(e.Paths, quoted)))
	}
	return grounds
}

// isAuthor reports whether a pull request by an account is exempt. GitHub shows the login of an app with the suffix
// "[bot]", which no person's can have: a rule that names it does not mean a person of that name.
func (e Exemptions) isAuthor(a model.Actor) bool {
	return a.Login != "" && slices.ContainsFunc(e.Authors, func(glob string) bool {
		login, bot := strings.CutSuffix(glob, "[bot]")
		return (a.Bot || !bot) && kpi.Globs{login}.Match(a.Login)
	})
}

// fixing are the grounds on which a pull request is exempt from a benchmark on a KPI because of what it repairs of
// that.
func fixing(d *kpi.Definition, repaired kpi.Repairs) []string {
	var grounds []string
	ground := func(format string, args ...any) {
		text := fmt.Sprintf(format, args...) + " (exempt: fixing-breached-class)"
		if !slices.Contains(grounds, text) { // Several deployments may have failed by one change.
			grounds = append(grounds, text)
		}
	}
	var closes []model.Ref
	for _, i := range repaired.Issues {
		if i.Reverts == nil {
			closes = append(closes, i.Ref)
		}
	}
	switch len(closes) {
	case 0:
	case 1:
		ground("closes %s, an open issue of the class %s", itemName(closes[0]), d.Family)
	default:
		ground("closes %s, open issues of the class %s", listed(closes, itemName), d.Family)
	}
	for _, i := range repaired.Issues {
		if i.Reverts != nil {
			ground("reverts %s, with whose deployment the open incident %s began", itemName(*i.Reverts), itemName(i.Ref))
		}
	}
	for _, f := range repaired.Deployments {
		if f.Reverts != nil {
			ground("reverts %s, shipped by a deployment that failed and has not recovered", itemName(*f.Reverts))
		}
		if len(f.Closes) > 0 {
			ground("closes %s, laid to a deployment that failed and has not recovered", listed(f.Closes, itemName))
		}
	}
	return grounds
}

// itemName is what a sentence calls an issue, a pull request or a commit.
func itemName(of model.Ref) string {
	if of.Kind == model.RefCommit {
		return "the commit " + of.SHA[:min(len(of.SHA), 7)]
	}
	return fmt.Sprintf("#%d", of.Number)
}

// quoted is a name from the repository for use in a sentence. It ends where its quotes end.
func quoted(name string) string { return Quote(strings.ReplaceAll(name, `"`, "'")) }

// maxListed is how many names a sentence lists.
const maxListed = 3

// listed names the first few of some things: "a", "a and b", "a, b, c and 2 more".
func listed[T any](all []T, name func(T) string) string {
	names := make([]string, min(len(all), maxListed))
	for i := range names {
		names[i] = name(all[i])
	}
	last := len(names) - 1
	switch {
	case len(all) > maxListed:
		return fmt.Sprintf("%s and %d more", strings.Join(names, ", "), len(all)-maxListed)
	case last > 0:
		return strings.Join(names[:last], ", ") + " and " + names[last]
	default:
		return strings.Join(names, "")
	}
}
