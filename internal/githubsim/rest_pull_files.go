package githubsim

import (
	"maps"
	"net/url"
)

// mostPullFiles is how many files of a pull request are listed
// (https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files).
const mostPullFiles = 3000

// restPullFile is a file that a pull request changes (schema diff-entry).
type restPullFile struct {
	SHA              string `json:"sha"`
	Filename         string `json:"filename"`
	PreviousFilename string `json:"previous_filename,omitempty"`
	Status           string `json:"status"`
	Additions        int    `json:"additions"`
	Deletions        int    `json:"deletions"`
	Changes          int    `json:"changes"`
	BlobURL          string `json:"blob_url"`
	RawURL           string `json:"raw_url"`
	ContentsURL      string `json:"contents_url"`
}

// listPullFiles answers GET /pulls/{number}/files. Files that the world only counts are left out.
func (c *restCall) listPullFiles() (any, error) {
	item, err := c.item()
	if err != nil {
		return nil, err
	}
	p := item.pull
	if p == nil {
		return nil, notFound()
	}
	return pageOfList(c, p.Paths[:min(len(p.Paths), mostPullFiles)], func(name string) restPullFile {
		escaped := (&url.URL{Path: name}).EscapedPath()
		at := p.headOID() + "/" + escaped
		shown := restPullFile{
			SHA: gitBlob(name), Filename: name, PreviousFilename: p.Renamed[name], Status: "modified",
			BlobURL: c.api.index.webURL() + "/blob/" + at, RawURL: c.api.index.webURL() + "/raw/" + at,
			ContentsURL: c.root + "/contents/" + escaped + "?ref=" + p.headOID(),
		}
		if shown.PreviousFilename != "" {
			shown.Status = "renamed"
		}
		return shown
	})
}

// fork describes the repository that a pull request's author made from this one.
func (c *restCall) fork(p *Pull) map[string]any {
	repository := maps.Clone(c.repository())
	owner := c.headOwner(p)
	repository["fork"], repository["full_name"] = true, owner+"/"+c.api.world.Repo.Name
	repository["id"] = derivedID("repository", owner+"/"+c.api.world.Repo.Name)
	return repository
}
