package render

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// Lengths in runes to which text that is not the package's own is cut.
const (
	titleLength     = 80
	benchmarkLength = 200
	sentenceLength  = 400
)

// maxMarks is how many combining marks may follow one another: more than any script needs, and too few to climb over
// the lines above and below.
const maxMarks = 4

// clean makes text from anywhere into one line of visible characters: blanks of every kind become single spaces, and
// control characters and invisible ones (marks of writing direction among them, which can show text in another order
// than it has) are dropped. The joiners that scripts and emoji need stay.
func clean(s string) string { return cleanUpTo(s, len(s)) }

// cleanUpTo is clean that stops when there are more than so many runes: whoever cuts needs no more.
func cleanUpTo(s string, length int) string {
	var b strings.Builder
	blank, marks, runes := false, 0, 0
	for _, c := range s {
		if runes > length {
			break
		}
		switch {
		case unicode.IsSpace(c) || unicode.In(c, unicode.Zl, unicode.Zp) || c == brailleBlank:
			blank = runes > 0
			continue
		case unicode.Is(unicode.Cc, c), unicode.Is(unicode.Cf, c) && c != '\u200C' && c != '\u200D', isFiller(c):
			continue
		case unicode.In(c, unicode.Mn, unicode.Me):
			if marks++; marks > maxMarks {
				continue
			}
		default:
			marks = 0
		}
		if blank {
			b.WriteByte(' ')
			blank = false
			runes++
		}
		b.WriteRune(c) // A byte that is not UTF-8 comes as U+FFFD.
		runes++
	}
	return b.String()
}

// optionalText is clean text that may be missing; empty where it is.
func optionalText(s *string) string {
	if s == nil {
		return ""
	}
	return clean(*s)
}

// brailleBlank is a symbol that shows nothing.
const brailleBlank = '\u2800'

// isFiller tells whether a letter or a mark shows nothing: the fillers of Hangul, and the joiner of combining marks.
func isFiller(c rune) bool {
	switch c {
	case '\u034F', '\u115F', '\u1160', '\u3164', '\uFFA0':
		return true
	default:
		return false
	}
}

// short is text from anywhere, cleaned and cut.
func short(s string, length int) string { return cut(cleanUpTo(s, length), length) }

// cut shortens text to at most length runes, between characters as readers see them where that is possible. The last
// rune is then an ellipsis.
func cut(s string, length int) string {
	if utf8.RuneCountInString(s) <= length {
		return s
	}
	kept, runes := 0, 0
	for rest, state := s, -1; rest != ""; {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if runes += utf8.RuneCountInString(cluster); runes > length-1 {
			break
		}
		kept += len(cluster)
	}
	return strings.TrimRight(s[:kept], " ") + "…"
}

// plain makes text from anywhere safe for a terminal and for the log of a workflow: one line, no control characters,
// and nothing that a runner takes for a command. It acts on "::" at the start of a line and on "##[" anywhere
// (https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs).
func plain(s string, length int) string {
	s = short(s, length)
	s = strings.ReplaceAll(s, "##[", "## [")
	for strings.Contains(s, "::") {
		s = strings.ReplaceAll(s, "::", ": :")
	}
	return s
}

// markup is text that is safe to put into the summary: a literal of this package, or made by text, code or link.
type markup string

// text escapes text from anywhere for GitHub's Markdown: for a paragraph, a list item, a table cell, the text of a link
// or an HTML element. Markdown's and HTML's own characters become numeric entities, which are never syntax. GitHub
// looks for mentions, issue numbers, commits, emoji names and addresses in the text that results, entities decoded; a
// zero-width space breaks those
// (https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/autolinked-references-and-urls).
func text(s string, length int) markup {
	return escape(short(s, length), true)
}

// code shows text from anywhere as code. GitHub does not look for mentions and the like in code, so what is shown there
// can be copied; only @ is broken still, because cmark-gfm links e-mail addresses before it knows of the element.
//
// Note: a code span between backticks would need its pipes escaped in a table, and parsers differ on a backslash before
// such a pipe.
func code(s string, length int) markup {
	return "<code>" + escape(short(s, length), false) + "</code>"
}

// unbroken is a figure and its unit, or a few words, that stay on one line.
func unbroken(s string) markup {
	return markup(strings.ReplaceAll(string(text(s, titleLength)), " ", "&nbsp;"))
}

// breakpoint is a zero-width space, as an entity.
const breakpoint = "&#8203;"

// maxHex is how many hexadecimal digits GitHub does not yet take for the name of a commit.
const maxHex = 6

func isHex(c rune) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// escape is text and code after cleaning and cutting. prose adds the zero-width spaces.
func escape(s string, prose bool) markup {
	var b strings.Builder
	entity := func(c rune) { fmt.Fprintf(&b, "&#%d;", c) }
	runes := []rune(s)
	next := func(i int) rune {
		if i+1 < len(runes) {
			return runes[i+1]
		}
		return 0
	}
	digits := 0 // of the run of hexadecimal digits that c stands in
	for i, c := range runes {
		if digits++; !isHex(c) {
			digits = 0
		}
		if prose && digits > maxHex && digits%maxHex == 1 {
			b.WriteString(breakpoint)
		}
		switch {
		case c == '$' && prose:
			// GitHub sets what stands between dollar signs as mathematics, unless an element parts them
			// (https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/writing-mathematical-expressions).
			b.WriteString("<span>&#36;</span>")
		case c == '@':
			entity(c)
			b.WriteString(breakpoint)
		case c == '#':
			entity(c)
			if prose && unicode.IsDigit(next(i)) {
				b.WriteString(breakpoint)
			}
		case c == ':':
			if next(i) == ' ' || next(i) == 0 {
				b.WriteRune(c)
				continue
			}
			entity(c)
			if prose {
				b.WriteString(breakpoint)
			}
		case c == '-' && i >= 2 && prose && strings.EqualFold(string(runes[i-2:i]), "gh"):
			b.WriteString("-" + breakpoint)
		case c == '.' && i >= 3 && strings.EqualFold(string(runes[i-3:i]), "www"):
			if prose {
				b.WriteString(breakpoint)
			}
			entity(c)
		case (c == '.' || c == ')') && (next(i) == ' ' || next(i) == 0) && strings.Trim(string(runes[:i]), "0123456789") == "":
			entity(c) // Would number a list where the text begins one.
		case strings.ContainsRune("&<>|`\\*_[]~$", c):
			entity(c)
		case i == 0 && strings.ContainsRune("-+=", c):
			entity(c) // Would begin a list or underline a heading.
		default:
			b.WriteRune(c)
		}
	}
	return markup(b.String())
}
