package gate

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/rivo/uniseg"
)

// SyntaxError says what is wrong with a text, and where: a benchmark, or a setting of several lines.
type SyntaxError struct {
	// Line counts from 1. Column counts runes from 1; it is one past the last rune where something is missing at the end.
	Line, Column int
	// Text is the whole line and Offending the part that Message is about, both as they were written: they may hold
	// anything, and are not fit to be shown.
	Text, Offending string
	// Message says what is wrong; it is fit to be shown.
	Message string
	// Nearest is the valid name nearest to what was written; empty when none is near.
	Nearest string
}

// Error is the message, the line with a caret under the offending part, and the nearest valid name. Nothing in it but
// its own line breaks acts on a terminal, and no line of it starts with text from the benchmark or setting.
func (e *SyntaxError) Error() string {
	before, offending, after := e.excerpt()
	var text strings.Builder
	fmt.Fprintf(&text, "line %d, column %d: %s\n", e.Line, e.Column, e.Message)
	fmt.Fprintf(&text, "  | %s%s%s\n", before, offending, after)
	fmt.Fprintf(&text, "  | %s%s", strings.Repeat(" ", uniseg.StringWidth(before)),
		strings.Repeat("^", max(1, uniseg.StringWidth(offending))))
	if e.Nearest != "" {
		fmt.Fprintf(&text, "\ndid you mean %s?", e.Nearest)
	}
	return text.String()
}

// excerpt is what is shown of the line, in three parts. Of a long line it is the part around the offending text.
func (e *SyntaxError) excerpt() (before, offending, after string) {
	const lead, width = 60, 110
	line := []rune(e.Text)
	from := min(max(0, e.Column-1), len(line))
	to := min(from+len([]rune(e.Offending)), len(line))
	start, end := 0, len(line)
	if len(line) > width {
		start = max(0, min(from-lead, len(line)-width))
		end = start + width
		to = min(to, end)
	}
	before, offending, after = visible(line[start:from]), visible(line[from:to]), visible(line[to:end])
	if start > 0 {
		before = "…" + before
	}
	if end < len(line) {
		after += "…"
	}
	return before, offending, after
}

// visible is text as it can be shown: a tab as one blank, and whatever else would not print as its escape.
func visible(text []rune) string {
	var shown strings.Builder
	for _, r := range text {
		switch {
		case r == '\t':
			shown.WriteByte(' ')
		case unicode.IsPrint(r) || isBlank(r):
			shown.WriteRune(r)
		default:
			shown.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		}
	}
	return shown.String()
}

// shownRunes is how much of a text messages show.
const shownRunes = 40

// Quote is text that somebody wrote as messages show it: in quotes, the beginning of it, with whatever would not print
// as its escape.
func Quote(text string) string {
	runes := []rune(text)
	if len(runes) > shownRunes {
		return `"` + visible(runes[:shownRunes]) + `…"`
	}
	return `"` + visible(runes) + `"`
}

// isBlank reports whether r separates words without ending the line. Besides the tab it is any space separator: a
// no-break space comes along when a line is copied from a web page.
func isBlank(r rune) bool { return r == '\t' || unicode.Is(unicode.Zs, r) }
