package render

import (
	"regexp"
	"sort"
	"strings"

	"kpi-gate/internal/report"
)

// permissionPattern is one line of a workflow's permissions block.
var permissionPattern = regexp.MustCompile(`^([a-z]+(?:-[a-z]+)*): *(read|write)$`)

// permissions are the lines to add to the permissions block of a workflow, each scope once, in order of their names.
func permissions(gaps []report.Gap) []string {
	access := map[string]string{}
	for _, g := range gaps {
		if m := permissionPattern.FindStringSubmatch(g.Permission); m != nil && access[m[1]] != "write" {
			access[m[1]] = m[2]
		}
	}
	lines := make([]string, 0, len(access))
	for scope, level := range access {
		lines = append(lines, scope+": "+level)
	}
	sort.Strings(lines)
	return lines
}

// permissionsAdvice introduces the block. A scope that a permissions block does not name is taken away
// (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions).
const permissionsAdvice = "To close the gaps, add these lines to the permissions of the job. Keep the lines that are " +
	"there: GitHub grants a job with such a block nothing else."

// permissionsBlock is the block, each line indented.
func permissionsBlock(lines []string, indent string) string {
	return indent + "permissions:\n" + indent + "  " + strings.Join(lines, "\n"+indent+"  ") + "\n"
}
