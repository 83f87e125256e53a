package collect

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/github"
	"kpi-gate/internal/model"
)

// mostFiles is how many files of one pull request GitHub lists: those beyond are left out without a word
// (https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files).
const mostFiles = 3000

// changedFile is a file that a pull request touches; a renamed one by its new path.
type changedFile struct{ Path githubv4.String }

// asksPaths reports whether the files of pull requests are asked for.
func (r *reading) asksPaths() bool { return r.request.Paths && r.pathless == nil }

// pathsOf are the files that a pull request touches; none where they are not asked for, or GitHub does not list them.
func (r *reading) pathsOf(ctx context.Context, n *pullRequestNode) ([]string, error) {
	if !r.asksPaths() {
		return nil, nil
	}
	number := int(n.Number)
	r.unlist(number, n.Files == nil)
	if n.Files == nil {
		return nil, nil
	}
	files, err := n.Files.all(restOfPullRequest(ctx, r, number,
		func(l *moreFiles) connection[changedFile] { return l.Files }))
	if err != nil {
		return nil, err
	}
	r.unlist(number, len(files) >= mostFiles)
	return facts(files, func(f *changedFile) (string, bool) { return string(f.Path), f.Path != "" }), nil
}

// unlist notes whether GitHub keeps back any of the files of a pull request.
func (r *reading) unlist(number int, some bool) {
	if r.unlisted == nil {
		r.unlisted = map[int]bool{}
	}
	r.unlisted[number] = some
}

// orWithoutPaths reads pull requests, and where it may be their files that keep them from being read, reads them again
// without these: a token may see pull requests and not what they change, and GitHub may need too long to tell that.
func (r *reading) orWithoutPaths(read func() error) error {
	err := read()
	var (
		forbidden *github.PermissionError
		tooMuch   *github.TimeoutError
	)
	if !r.asksPaths() || !errors.As(err, &forbidden) && !errors.As(err, &tooMuch) {
		return err
	}
	r.pathless = fmt.Errorf("reading the files of pull requests: %w", err)
	err = read()
	if err == nil && forbidden != nil {
		// It was the files that the token may not see, and those are contents.
		r.pathless = &github.PermissionError{
			Asked: forbidden.Asked, Permission: "contents: read", Message: forbidden.Message,
		}
	}
	return err
}

// unlistedOf are the numbers, in order, of the pull requests whose files GitHub does not list whole: now, or when those
// were read that were not read again.
func (r *reading) unlistedOf(pulls []model.PullRequest) []int {
	before := r.before().Paths.Unlisted
	var unlisted []int
	for i := range pulls {
		number := pulls[i].Number
		some, read := r.unlisted[number]
		if some || !read && slices.Contains(before, number) {
			unlisted = append(unlisted, number)
		}
	}
	slices.Sort(unlisted)
	return unlisted
}

// endPaths notes how reading the files of all pull requests of s ended. Where these could not be read at all, that is
// what is missing.
func (r *reading) endPaths(s *model.Snapshot) {
	if !r.request.Paths || !r.request.PullRequests || len(s.PullRequests) == 0 && r.failure(model.PullRequests) != nil {
		return
	}
	read := 0
	for i := range s.PullRequests {
		if len(s.PullRequests[i].Paths) > 0 {
			read++
		}
	}
	err := r.pathless
	if err == nil {
		unlisted := r.unlistedOf(s.PullRequests)
		r.ledger.Paths = PathLedger{Asked: true, Unlisted: unlisted}
		if len(unlisted) > 0 {
			err = fmt.Errorf("GitHub does not list all files of %s", pullRequestList(unlisted))
		}
	}
	r.end(model.Paths, read, err)
}

// pullRequestList names pull requests, but not too many of them.
func pullRequestList(numbers []int) string {
	const most = 5
	var names []string
	for _, number := range numbers[:min(len(numbers), most)] {
		names = append(names, fmt.Sprintf("#%d", number))
	}
	list := "pull request " + names[0]
	if len(names) > 1 {
		list = "pull requests " + strings.Join(names, ", ")
	}
	if len(numbers) > most {
		list += fmt.Sprintf(" and %d more", len(numbers)-most)
	}
	return list
}
