// Package render writes a report for its readers: the job summary in Markdown, the same report for a terminal, the
// machine-readable form, and the annotations of a check. It decides nothing: outcomes, order and words come with the
// report. Every text that it did not write itself is escaped for the form at hand, since titles, branches and tags are
// whatever somebody typed into the repository. The same report gives the same bytes.
package render

import (
	"io"

	"kpi-gate/internal/report"
)

// Renderer writes a report in one form. Nothing is written when it returns an error that is not the writer's own.
type Renderer func(io.Writer, *report.Report) error
