package collect

import (
	"regexp"
	"strconv"
	"strings"

	"kpi-gate/internal/model"
)

// closing finds a closing keyword with what it names: #12, owner/name#12 or an issue's URL
// (https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue).
// The keyword stands at the beginning of a word: hotfixes #12 closes nothing.
var closing = regexp.MustCompile(
	`(?i)(?:^|[^\w-])(?:close[sd]?|fix(?:es|ed)?|resolve[sd]?)(?::[ \t]*|[ \t]+)` +
		`(?:([\w.-]+/[\w.-]+)?#|(https?://[^\s/]+/[\w.-]+/[\w.-]+)/issues/)([0-9]+)\b`)

// closes lists the issues of a repository that a text names with a closing keyword. own is true for a text of that
// repository itself, where a bare #12 is meant.
func closes(text string, own bool, repository model.Repository) []int {
	var numbers []int
	for _, match := range closing.FindAllStringSubmatch(text, -1) {
		name, url := match[1], match[2]
		switch {
		case url != "" && !strings.EqualFold(url, repository.URL):
		case name != "" && !strings.EqualFold(name, repository.FullName()):
		case name == "" && url == "" && !own:
		default:
			// A number too long for an int is no issue's.
			if number, err := strconv.Atoi(match[3]); err == nil {
				numbers = append(numbers, number)
			}
		}
	}
	return numbers
}
