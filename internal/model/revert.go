package model

import (
	"regexp"
	"strconv"
	"strings"
)

// GitHub's revert button writes the first of these into a pull request's body
// (https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/incorporating-changes-from-a-pull-request/reverting-a-pull-request),
// git revert the second into a commit's message (https://git-scm.com/docs/git-revert).
var (
	revertsNumber = regexp.MustCompile(`(?i)\breverts\s+([A-Za-z0-9._-]+/[A-Za-z0-9._-]+)?#(\d+)\b`)
	revertsCommit = regexp.MustCompile(`(?i)\bthis reverts commit ([0-9a-f]{7,40})\b`)
)

// RevertedPullRequests are the numbers of this repository's pull requests that a body says it reverts, in the order in
// which they are named.
func (r Repository) RevertedPullRequests(body string) []int {
	var numbers []int
	for _, m := range revertsNumber.FindAllStringSubmatch(body, -1) {
		if m[1] != "" && !strings.EqualFold(m[1], r.FullName()) {
			continue
		}
		// A number too long to be read is too long to be GitHub's.
		if number, err := strconv.Atoi(m[2]); err == nil {
			numbers = append(numbers, number)
		}
	}
	return numbers
}

// RevertedCommits are the commits that a message says it reverts, in lower case and in the order in which they are
// named; each may be only the beginning of a hash, of 7 digits or more.
func RevertedCommits(message string) []string {
	var commits []string
	for _, m := range revertsCommit.FindAllStringSubmatch(message, -1) {
		commits = append(commits, strings.ToLower(m[1]))
	}
	return commits
}
