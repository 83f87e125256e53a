package render

import (
	"slices"
	"strings"
)

// table writes a Markdown table. Cells must be one line each, as text and code make them.
func table(header []markup, alignment string, rows [][]markup) markup {
	var b strings.Builder
	row := func(cells []markup) {
		for _, cell := range cells {
			b.WriteString("| " + string(cell) + " ")
		}
		b.WriteString("|\n")
	}
	row(header)
	for _, a := range alignment {
		if a == 'r' {
			b.WriteString("| ---: ")
		} else {
			b.WriteString("| --- ")
		}
	}
	b.WriteString("|\n")
	for _, cells := range rows {
		row(cells)
	}
	return markup(b.String())
}

// more says under a table or a list how many did not fit.
func more(n int, noun string) markup {
	if n <= 0 {
		return ""
	}
	return "\n… and " + markup(plural(n, "more "+noun)) + " in report.json.\n"
}

// footnotes numbers the notes of a table, the same text once.
type footnotes []string

// marks are the marks for these notes, an empty one having none.
func (f *footnotes) marks(notes ...string) markup {
	var marks markup
	for _, note := range notes {
		if note = short(note, sentenceLength); note == "" {
			continue
		}
		at := slices.Index(*f, note)
		if at < 0 {
			at = len(*f)
			*f = append(*f, note)
		}
		if marks != "" {
			marks += ", "
		}
		marks += markup(countText(at + 1))
	}
	if marks == "" {
		return ""
	}
	return "&nbsp;<sup>" + marks + "</sup>"
}

// below are the notes, one per line.
func (f footnotes) below() markup {
	var b strings.Builder
	for i, note := range f {
		if i == 0 {
			b.WriteByte('\n')
		} else {
			b.WriteString("<br>\n")
		}
		b.WriteString("<sup>" + countText(i+1) + "</sup> " + string(text(note, sentenceLength)))
	}
	if len(f) > 0 {
		b.WriteByte('\n')
	}
	return markup(b.String())
}
