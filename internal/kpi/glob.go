package kpi

import (
	"path"
	"strings"
)

// Globs is a list of case-insensitive patterns: * stands for any text (slashes too), ? for one character, [0-9] for one
// of a range. A list matches what any of its patterns matches.
type Globs []string

// Match reports whether any pattern matches the whole of name.
func (g Globs) Match(name string) bool {
	folded := foldGlob(name)
	for _, pattern := range g {
		if ok, err := path.Match(foldGlob(pattern), folded); err == nil && ok {
			return true
		}
	}
	return false
}

// Invalid returns the first pattern that is not well formed, or "".
func (g Globs) Invalid() string {
	for _, pattern := range g {
		if _, err := path.Match(foldGlob(pattern), ""); err != nil || pattern == "" {
			return pattern
		}
	}
	return ""
}

// foldGlob lowers the case and takes the slash's special meaning away from path.Match, where * stops at a slash.
func foldGlob(s string) string { return strings.ReplaceAll(strings.ToLower(s), "/", "\x00") }
