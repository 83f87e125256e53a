package render

import "strings"

// SummaryLimit is the most bytes that the summary takes. GitHub drops a summary of more than 1 MiB whole
// (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary); the rest
// is left for whatever the same step adds.
const SummaryLimit = 1_000_000

// detail is how much a summary says. Findings, items, breaches, families, rows and gaps are upper bounds.
type detail struct {
	definitions bool
	// findings are the breaches that the opening names.
	findings int
	// items are the worst ones of each breach, breaches those with a section of their own.
	items, breaches int
	// families are those with a table, the first ones; rows are those of each table and of a list of breaches.
	families, rows int
	gaps           int
}

// every stands for no bound.
const every = int(^uint(0) >> 1)

// details are from all there is to what always fits. What goes first is what readers miss least; the verdict and the
// breaches go last.
var details = []detail{
	{true, maxFindings, maxWorst, maxBreaches, every, every, every},
	{false, maxFindings, maxWorst, maxBreaches, every, every, every},
	{false, maxFindings, 3, maxBreaches, every, every, every},
	{false, maxFindings, 0, maxBreaches, every, every, every},
	{false, maxFindings, 0, maxBreaches, 5, 100, 20},
	{false, maxFindings, 0, maxBreaches, 0, 500, 20},
	{false, maxFindings, 0, maxBreaches, 0, 100, 20},
	{false, maxFindings, 0, maxBreaches, 0, 20, 10},
	{false, maxFindings, 0, 3, 0, 5, 3},
}

// commentDetails are those of a comment, which is read between others: a few items of each breach.
var commentDetails = []detail{
	{false, maxFindings, 3, maxBreaches, 0, 100, 0},
	{false, maxFindings, 0, maxBreaches, 0, 50, 0},
	{false, maxFindings, 0, 3, 0, 20, 0},
	{false, 1, 0, 1, 0, 5, 0},
	{false, 0, 0, 0, 0, 2, 0},
}

// fit writes with as much of the details as the limit allows.
func fit(limit int, details []detail, write func(detail) markup) markup {
	var written markup
	for _, d := range details {
		if written = write(d); len(written) <= limit {
			break
		}
	}
	return written
}

// left says what a summary with this detail leaves out, compared with one that has everything; empty if it is complete.
func (d detail) left() string {
	full := details[0]
	var left []string
	if !d.definitions {
		left = append(left, "the definitions")
	}
	switch {
	case d.items == 0:
		left = append(left, "the lists of items")
	case d.items < full.items:
		left = append(left, "all but "+countText(d.items)+" items of each breach")
	}
	switch {
	case d.families == 0:
		left = append(left, "the tables of figures")
	case d.families < full.families:
		left = append(left, "the tables of figures after the first "+countText(d.families))
	}
	if d.rows < full.rows {
		left = append(left, "rows after the first "+countText(d.rows)+" of a table")
	}
	if d.gaps < full.gaps {
		left = append(left, "gaps after the first "+countText(d.gaps))
	}
	if d.breaches < full.breaches {
		left = append(left, "the sections of breaches after the first "+countText(d.breaches))
	}
	return strings.Join(left, ", ")
}
