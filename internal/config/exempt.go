package config

import (
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// exempt reads which pull requests are exempt.
func (c *Config) exempt() reader {
	e := &c.Exemptions
	mapping := fields(
		field{name: "labels", reader: globs(&e.Labels), about: "Labels that the pull request has now, globs."},
		field{
			name: "branches", reader: globsThat(&e.Branches, branchMistake),
			about: "Head branches, globs; a branch of a fork does not count, since anyone can name one.",
		},
		field{name: "authors", reader: globsThat(&e.Authors, authorMistake), about: "Logins of authors, globs."},
		field{
			name: "paths", reader: globsThat(&e.Paths, pathMistake),
			about: "Globs of which every file that the pull request changes must match one.",
		},
		field{
			name: "fixing-breached-class", reader: truth(&e.FixingBreachedClass),
			about: "Whether a pull request may merge that closes an issue of the class whose benchmark is breached, or that" +
				" reverts a change which failed.",
		},
	)
	mapping.schema.MinProperties = 1
	read := mapping.read
	mapping.read = func(d *document, n ast.Node) {
		read(d, n)
		if entries, ok := n.(*ast.MappingNode); ok && len(entries.Values) == 0 {
			d.fail(start(n), "", "there is nothing in it: leave it out, or say which pull requests are exempt")
		}
	}
	return mapping
}

// noExclusion is what is wrong with a glob that begins with !, as globs in workflows may
// (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet):
// beside a wider one it would change nothing, and more would be exempt than is meant.
const noExclusion = "a glob takes nothing out of what others match: name only what is exempt"

// branchMistake says what is wrong with a glob for head branches, and which one may have been meant.
func branchMistake(glob string) (wrong, nearest string) {
	if strings.HasPrefix(glob, "!") {
		return noExclusion, ""
	}
	if name, isRef := strings.CutPrefix(glob, "refs/heads/"); isRef {
		return "a branch is named without refs/heads/", name
	}
	return "", ""
}

// authorMistake says what is wrong with a glob for logins, and which one may have been meant.
func authorMistake(glob string) (wrong, nearest string) {
	if strings.HasPrefix(glob, "!") {
		return noExclusion, ""
	}
	if login, isMention := strings.CutPrefix(glob, "@"); isMention {
		return "a login is named without @", login
	}
	return "", ""
}

// pathMistake says what is wrong with a glob for changed files, and which one may have been meant.
func pathMistake(glob string) (wrong, nearest string) {
	switch fromRoot := strings.TrimPrefix(strings.TrimPrefix(glob, "."), "/"); {
	case strings.HasPrefix(glob, "!"):
		return noExclusion, ""
	case strings.HasPrefix(glob, "/"), strings.HasPrefix(glob, "./"):
		return "a path begins at the root of the repository, without a slash", fromRoot
	case strings.HasSuffix(glob, "/"):
		return "no file ends with a slash: * stands for all files in a folder", glob + "*"
	case strings.Contains(glob, "**"):
		// In workflows ** goes across folders, or none; here its two stars are one that does.
		return "one * goes across folders already", strings.ReplaceAll(strings.ReplaceAll(glob, "**/", "*"), "**", "*")
	default:
		return "", ""
	}
}
