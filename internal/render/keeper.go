package render

import (
	"regexp"
	"slices"
	"strings"

	"kpi-gate/internal/report"
)

// keeperTitle is the heading over what whoever keeps the gate must know.
const keeperTitle = "For whoever keeps this gate"

// channels are what was to be told elsewhere, as sentences name it.
var channels = map[string]string{
	"comment": "comment", "check-run": "check run", "status": "commit status", "issue": "issue",
}

// channel names one of them.
func channel(p report.Published) string {
	if name, known := channels[p.To]; known {
		return name
	}
	return short(p.To, titleLength)
}

// keeperNotes are the warnings, and what could not be told elsewhere, as sentences.
func keeperNotes(r *report.Report) []string {
	var notes []string
	add := func(s string) {
		if s = clean(s); s != "" && !slices.Contains(notes, s) {
			notes = append(notes, s)
		}
	}
	for _, warning := range r.Warnings {
		add(stopped(capitalized(clean(warning))))
	}
	for _, p := range r.Published {
		if p.State != "failed" {
			continue
		}
		note := "The " + channel(p) + " could not be written"
		if reason := optionalText(p.Reason); reason != "" {
			note += ": " + reason
		}
		add(stopped(note))
	}
	return notes
}

// keeperSection lists the notes, and links what was told elsewhere.
func keeperSection(r *report.Report, x index, d detail) markup {
	var section markup
	notes := keeperNotes(r)
	listed := min(len(notes), d.gaps)
	for _, note := range notes[:listed] {
		section += "- " + text(note, sentenceLength) + "\n"
	}
	if section != "" {
		section = "### " + keeperTitle + "\n\n" + section + more(len(notes)-listed, "note") + "\n"
	}
	var links []string
	for _, p := range r.Published {
		if p.URL != nil && p.State != "failed" && x.address(*p.URL) != "" {
			links = append(links, string(x.link(text(channel(p), titleLength), *p.URL)))
		}
	}
	if len(links) > 0 {
		section += markup("Also told here: " + strings.Join(links, ", ") + ".\n\n")
	}
	return section
}

// commitPattern is the name of a commit, SHA-1 or SHA-256
// (https://docs.github.com/en/rest/git/commits#get-a-commit-object).
var commitPattern = regexp.MustCompile(`^(?:[0-9a-f]{40}|[0-9a-f]{64})$`)

// shortCommit is the commit that the configuration was read at, as people write it; empty where that is not known.
func shortCommit(c report.Config) string {
	if c.Commit == nil || !commitPattern.MatchString(*c.Commit) {
		return ""
	}
	return (*c.Commit)[:7]
}
