package collect

import (
	"context"
	"fmt"
	"net/url"
	"slices"

	gogithub "github.com/google/go-github/v60/github"

	"kpi-gate/internal/github"
)

// pullRequestFile is what is kept of a file that a pull request changes. GraphQL does not tell what a renamed file was
// called before
// (https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files).
type pullRequestFile struct {
	Filename         string `json:"filename"`
	PreviousFilename string `json:"previous_filename"`
}

// listFiles are the files that a pull request changes: the first mostFiles of them, a request for each hundred.
func listFiles(
	ctx context.Context, client *github.Client, owner, name string, number int,
) ([]pullRequestFile, error) {
	var files []pullRequestFile
	parameters := url.Values{}
	for size := largestPage; ; {
		var page []pullRequestFile
		response, err := restPage(parameters, &size, func() (*gogithub.Response, error) {
			page = nil
			path := fmt.Sprintf("repos/%s/%s/pulls/%d/files?%s",
				url.PathEscape(owner), url.PathEscape(name), number, parameters.Encode())
			return get(ctx, client, path, &page)
		})
		if err != nil {
			return nil, err
		}
		files = append(files, page...)
		if len(files) >= mostFiles || !nextPage(parameters, response) {
			return files, nil
		}
	}
}

// pathsIn are the names of files and those that they had before, each once, in order.
func pathsIn(files []pullRequestFile) []string {
	var paths []string
	for _, f := range files {
		for _, path := range []string{f.Filename, f.PreviousFilename} {
			if path != "" {
				paths = append(paths, path)
			}
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}
