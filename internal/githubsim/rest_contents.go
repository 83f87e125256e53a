package githubsim

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
)

// restContent is a file or an entry of a directory (schemas content-file and content-directory).
type restContent struct {
	Type        string             `json:"type"`
	Encoding    string             `json:"encoding,omitempty"`
	Size        int                `json:"size"`
	Name        string             `json:"name"`
	Path        string             `json:"path"`
	Content     *string            `json:"content,omitempty"`
	SHA         string             `json:"sha"`
	URL         string             `json:"url"`
	GitURL      *string            `json:"git_url"`
	HTMLURL     *string            `json:"html_url"`
	DownloadURL *string            `json:"download_url"`
	Links       map[string]*string `json:"_links"`
}

// getContents answers GET /contents/{path}: a file, or what is in a directory. A world holds the files of the default
// branch, so that other branches have none; a commit or tag is taken to have those of the default branch.
func (c *restCall) getContents() (any, error) {
	ref := c.query.Get("ref")
	if !c.isDefaultBranch(ref) {
		if c.api.index.branch(branchName(ref)) != "" {
			return nil, notFound()
		}
		if _, ok := c.resolve(ref); !ok {
			return nil, refused(http.StatusNotFound, "No commit found for the ref "+ref)
		}
	}
	name := strings.Trim(path.Clean("/"+c.PathValue("path")), "/")
	if text, ok := c.api.world.Files[name]; ok {
		file := c.showContent(name, "file", gitBlob(text), len(text))
		content := lines60(base64.StdEncoding.EncodeToString([]byte(text)))
		file.Encoding, file.Content = "base64", &content
		return file, nil
	}
	entries := c.directory(name)
	if len(entries) == 0 {
		return nil, notFound()
	}
	return entries, nil
}

// isDefaultBranch reports whether ref names the default branch; no ref does.
func (c *restCall) isDefaultBranch(ref string) bool {
	return ref == "" || ref == "HEAD" || branchName(ref) == c.defaultBranch()
}

// branchName is the name of a branch that ref may name, without what git puts before it.
func branchName(ref string) string {
	return strings.TrimPrefix(strings.TrimPrefix(ref, "refs/"), "heads/")
}

// directory is what is in a directory, by name.
func (c *restCall) directory(name string) []restContent {
	prefix := ""
	if name != "" {
		prefix = name + "/"
	}
	entries := map[string]restContent{}
	for file, text := range c.api.world.Files {
		inside, ok := strings.CutPrefix(file, prefix)
		if !ok {
			continue
		}
		if first, _, deeper := strings.Cut(inside, "/"); deeper {
			entries[first] = c.showContent(prefix+first, "dir", treeOf(prefix+first), 0)
		} else {
			entries[inside] = c.showContent(file, "file", gitBlob(text), len(text))
		}
	}
	sorted := make([]restContent, 0, len(entries))
	for _, entry := range entries {
		sorted = append(sorted, entry)
	}
	slices.SortFunc(sorted, func(x, y restContent) int { return strings.Compare(x.Name, y.Name) })
	return sorted
}

func (c *restCall) showContent(name, kind, sha string, size int) restContent {
	escaped := (&url.URL{Path: name}).EscapedPath()
	ref := c.query.Get("ref")
	if ref == "" {
		ref = c.defaultBranch()
	}
	self := c.root + "/contents/" + escaped + "?ref=" + url.QueryEscape(ref)
	page := c.api.index.webURL() + "/blob/" + url.PathEscape(ref) + "/" + escaped
	object := c.root + "/git/blobs/" + sha
	shown := restContent{
		Type: kind, Size: size, Name: path.Base(name), Path: name, SHA: sha, URL: self, HTMLURL: &page, GitURL: &object,
	}
	if kind == "dir" {
		*shown.HTMLURL = c.api.index.webURL() + "/tree/" + url.PathEscape(ref) + "/" + escaped
		*shown.GitURL = c.root + "/git/trees/" + sha
	}
	shown.Links = map[string]*string{"self": &shown.URL, "html": shown.HTMLURL, "git": shown.GitURL}
	return shown
}

// gitBlob is the name that git gives to a file's content.
func gitBlob(text string) string {
	return objectID(fmt.Sprintf("blob %d\x00%s", len(text), text))
}

// lines60 breaks base64 into lines of 60 characters, as GitHub does: readers must bear the line ends.
func lines60(encoded string) string {
	var broken strings.Builder
	for len(encoded) > 0 {
		n := min(len(encoded), 60)
		broken.WriteString(encoded[:n] + "\n")
		encoded = encoded[n:]
	}
	return broken.String()
}
