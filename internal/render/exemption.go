package render

import (
	"slices"
	"strings"

	"kpi-gate/internal/report"
)

// isExcused tells whether a benchmark would be breached, but for the pull request, which is exempt.
func isExcused(b report.Benchmark) bool { return b.Outcome == "exempt" && !isDormant(b) }

// isDormant tells whether a benchmark is not in force on the day that was judged.
func isDormant(b report.Benchmark) bool {
	return b.Outcome == "exempt" && b.ExemptBy != nil && *b.ExemptBy == "date"
}

// isBeyond tells whether a benchmark's figure is beyond its limit, and the pull request has to do with it.
func isBeyond(b report.Benchmark) bool { return b.Outcome == "breached" || isExcused(b) }

// maxExcuses is how many reasons for an exemption a headline tells.
const maxExcuses = 3

// excuses are the reasons why a pull request is exempt, as sentences, each once.
func excuses(benchmarks []report.Benchmark) string {
	var reasons []string
	for _, b := range excusedOf(benchmarks) {
		if reason := optionalText(b.Reason); reason != "" && !slices.Contains(reasons, reason) {
			reasons = append(reasons, reason)
		}
	}
	switch {
	case len(reasons) == 0:
		return "an exemption of the configuration says so."
	case len(reasons) > maxExcuses:
		reasons = append(reasons[:maxExcuses:maxExcuses], "the other reasons are in the table")
	}
	return stopped(strings.Join(reasons, "; "))
}

// Which globs an advice names: so many of a rule, each cut to so many runes.
const (
	maxGlobs   = 3
	globLength = 40
)

// globList names some globs: "“hotfix” or “revert-*”".
func globList(globs []string) string {
	var named []string
	for _, glob := range globs[:min(len(globs), maxGlobs)] {
		named = append(named, "“"+short(glob, globLength)+"”")
	}
	if more := len(globs) - len(named); more > 0 {
		named = append(named, "another of "+countText(more))
	}
	return either(named)
}

// either joins words with commas and an or.
func either(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// exemptionTitle is the lead of exemptionAdvice.
const exemptionTitle = "If this pull request cannot help it:"

// exemptionAdvice says how a pull request may merge although benchmarks are breached, as the configuration has it; empty
// where no pull request is held up.
func exemptionAdvice(r *report.Report) string {
	if r.PullRequest == nil || !r.Fails() || len(withOutcome(r.Benchmarks, "breached")) == 0 {
		return ""
	}
	e := r.Exemptions
	var rules []string
	rule := func(globs []string, before, after string) {
		if len(globs) > 0 {
			rules = append(rules, before+globList(globs)+after)
		}
	}
	rule(e.Labels, "has the label ", "")
	rule(e.Branches, "comes from a branch of this repository named ", "")
	rule(e.Authors, "is by ", "")
	rule(e.Paths, "changes nothing but ", "")
	if e.FixingBreachedClass {
		rules = append(rules, "closes an open issue of the kind that is breached", "reverts a change that failed")
	}
	if len(rules) == 0 {
		place := "the configuration"
		if r.Config.Path != nil {
			place = short(*r.Config.Path, benchmarkLength)
		}
		return "no pull request is exempt here. Whoever keeps " + place + " can allow some under “exempt”, for example those" +
			" with a label; that counts once it is merged."
	}
	advice := "it may merge all the same if it " + either(rules) + "."
	if len(e.Labels) > 0 {
		advice += " Labels are read when the check runs, so run it again after setting one."
	} else {
		advice += " Run the check again once that is so."
	}
	return advice
}
