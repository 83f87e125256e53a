package render

import (
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// displayWidth is the columns that text takes on a terminal.
func displayWidth(s string) int { return uniseg.StringWidth(s) }

// fitted is text cut to at most width columns, an ellipsis at its end if it was longer.
func fitted(s string, width int) string {
	if displayWidth(s) <= width {
		return s
	}
	return beginning(s, width-1) + "…"
}

// beginning is as much of the text as takes at most width columns.
func beginning(s string, width int) string {
	kept, used := 0, 0
	for rest, state := s, -1; rest != ""; {
		cluster, after, columns, next := uniseg.FirstGraphemeClusterInString(rest, state)
		if used += columns; used > width {
			break
		}
		kept += len(cluster)
		rest, state = after, next
	}
	return s[:kept]
}

// aligned sets rows in columns, two spaces apart, and no wider than textWidth. The flexible column gives way first,
// then whichever is widest. alignment has l or r for each column.
func aligned(rows [][]string, flexible int, alignment string) []string {
	const gap, least = 2, 12
	widths := make([]int, len(alignment))
	total := gap * (len(alignment) - 1)
	for column := range widths {
		for _, row := range rows {
			widths[column] = max(widths[column], displayWidth(row[column]))
		}
		total += widths[column]
	}
	for total > textWidth {
		narrow := flexible
		if widths[flexible] <= least {
			for column := range widths {
				if widths[column] > widths[narrow] {
					narrow = column
				}
			}
		}
		widths[narrow]--
		total--
	}
	lines := make([]string, len(rows))
	for i, row := range rows {
		var b strings.Builder
		for column, cell := range row {
			if column > 0 {
				b.WriteString(strings.Repeat(" ", gap))
			}
			cell = fitted(cell, widths[column])
			blank := strings.Repeat(" ", widths[column]-displayWidth(cell))
			if alignment[column] == 'r' {
				b.WriteString(blank + cell)
			} else {
				b.WriteString(cell + blank)
			}
		}
		lines[i] = b.String()
	}
	return lines
}

// wrapped breaks text at blanks into lines of at most first columns, then rest columns. A word that is wider than a
// line is broken.
func wrapped(s string, first, rest int) []string {
	var lines []string
	line, room := "", first
	end := func() {
		lines = append(lines, line)
		line, room = "", rest
	}
	for _, word := range strings.Fields(s) {
		if line != "" && displayWidth(line)+1+displayWidth(word) > room {
			end()
		}
		for displayWidth(word) > room {
			head := beginning(word, room)
			if head == "" {
				_, size := utf8.DecodeRuneInString(word)
				head = word[:size]
			}
			line, word = head, word[len(head):]
			end()
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	if line != "" {
		end()
	}
	return lines
}
