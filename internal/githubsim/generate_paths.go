package githubsim

import (
	"fmt"
	"slices"
	"strings"
)

// folders are the parts of a generated repository: where the files of each are, and how their names end.
var folders = []struct{ path, ending string }{
	{"api/", ".go"},
	{"internal/depot/", ".go"},
	{"internal/route/", ".go"},
	{"web/src/", ".ts"},
	{"docs/", ".md"},
}

// planPaths gives every pull request as many files as it changes. A revert touches what the change did, so far as the two
// numbers, which were drawn before, allow.
func (g *generator) planPaths() {
	for _, d := range g.pulls {
		if d.by.bot {
			d.Paths = []string{"go.mod", "go.sum"}[:min(d.ChangedFiles, 2)]
		}
		if d.reverts == nil {
			g.fillPaths(d)
		}
	}
	for _, d := range g.pulls {
		if d.reverts != nil {
			d.Paths = slices.Clone(d.reverts.Paths[:min(d.ChangedFiles, len(d.reverts.Paths))])
			g.fillPaths(d)
		}
	}
}

// fillPaths adds the files that are missing. Most changes stay in one part of the repository.
func (g *generator) fillPaths(d *pullDraft) {
	part := g.rng.IntN(len(folders))
	for len(d.Paths) < d.ChangedFiles {
		if g.chance(0.15) {
			part = g.rng.IntN(len(folders))
		}
		d.Paths = append(d.Paths, g.newPath(d, part))
	}
	slices.Sort(d.Paths)
}

// newPath is a file in a part of the repository that the pull request does not touch yet.
func (g *generator) newPath(d *pullDraft, part int) string {
	folder := folders[part]
	name := strings.ReplaceAll(g.word(things), " ", "_")
	path := folder.path + name + folder.ending
	for n := 2; slices.Contains(d.Paths, path); n++ {
		path = fmt.Sprintf("%s%s_%d%s", folder.path, name, n, folder.ending)
	}
	return path
}
