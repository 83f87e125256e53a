package render

import (
	"io"

	"kpi-gate/internal/report"
)

// CommentLimit is the most bytes that Comment takes. GitHub refuses the text of a comment, an issue or a check run of
// more than 65,535 characters (https://docs.github.com/en/rest/checks/runs#create-a-check-run); the rest is left for
// what whoever posts it adds.
const CommentLimit = 60_000

// Comment writes what a pull request, an issue or a check run says of the report: the verdict, the benchmarks, and what
// to do about each breach. What differs between two readings of the same facts, such as what they cost, when the window
// ends and how old what is open has become, is not in it.
func Comment(w io.Writer, r *report.Report) error {
	x := indexOf(r)
	x.posted = true
	about := "<strong>" + x.link(text(r.Repository, titleLength), r.RepositoryURL) + "</strong> · a window of " +
		text(windowLength(r.Window), titleLength) + " · the job summary of the run has all figures, and what was read.\n"
	_, err := io.WriteString(w, string(fit(CommentLimit, commentDetails, func(d detail) markup {
		return opening(r, x, d) + benchmarksTable(r, x, d) + breachSections(r, x, d) + about
	})))
	return err
}

// Headline is the verdict in one line of plain text: "Gate red: 1 of 6 benchmarks is breached".
func Headline(r *report.Report) string { return headlineOf(r).verdict }
