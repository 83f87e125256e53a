package githubsim

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"
)

// restContent is a file or an entry of a directory (schemas content-file, content-directory, content-symlink
// and content-submodule).
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
	Target      string             `json:"target,omitempty"`
	Submodule   string             `json:"submodule_git_url,omitempty"`
	Links       map[string]*string `json:"_links"`
}

// getContents answers GET /contents/{path}: a file, what a symbolic link to a file points to, or what is in a directory.
func (c *restCall) getContents() (any, error) {
	files, err := c.filesOfRef(c.query.Get("ref"))
	if err != nil {
		return nil, err
	}
	found, ok := files.entry(strings.Trim(path.Clean("/"+c.PathValue("path")), "/"))
	if !ok {
		return nil, notFound()
	}
	if found.mode == linkMode {
		target, ok := files.entry(path.Join(path.Dir(found.path), found.text))
		if !ok || target.mode != fileMode && target.mode != executableMode {
			return c.showContent(found), nil
		}
		found.mode, found.text = target.mode, target.text
	}
	switch found.mode {
	case submoduleMode:
		return c.showContent(found), nil
	case folderMode:
		entries := []restContent{}
		for _, e := range files.entries(found.path) {
			entries = append(entries, c.showContent(e))
		}
		if len(entries) == 0 {
			return nil, notFound()
		}
		return entries, nil
	}
	file := c.showContent(found)
	content := lines60(base64.StdEncoding.EncodeToString([]byte(found.text)))
	file.Encoding, file.Content = "base64", &content
	return file, nil
}

// filesOfRef are the files at a branch, a tag or a commit; no ref is the default branch.
func (c *restCall) filesOfRef(ref string) (fileTree, error) {
	if ref == "" || ref == "HEAD" {
		ref = c.defaultBranch()
	}
	if head := c.api.index.branch(branchName(ref)); head != "" {
		return c.api.index.filesAt(head), nil
	}
	commit, ok := c.resolve(ref)
	if !ok && branchName(ref) != c.defaultBranch() {
		return fileTree{}, refused(http.StatusNotFound, "No commit found for the ref "+ref)
	}
	if !ok {
		return c.api.index.filesAt(""), nil
	}
	return c.api.index.filesAt(commit.OID), nil
}

// branchName is the name of a branch that ref may name, without what git puts before it.
func branchName(ref string) string {
	return strings.TrimPrefix(strings.TrimPrefix(ref, "refs/"), "heads/")
}

func (c *restCall) showContent(e gitEntry) restContent {
	sha := e.oid()
	escaped := (&url.URL{Path: e.path}).EscapedPath()
	ref := c.query.Get("ref")
	if ref == "" {
		ref = c.defaultBranch()
	}
	self := c.root + "/contents/" + escaped + "?ref=" + url.QueryEscape(ref)
	page := c.api.index.webURL() + "/blob/" + url.PathEscape(ref) + "/" + escaped
	object := c.root + "/git/blobs/" + sha
	shown := restContent{
		Type: "file", Size: len(e.text), Name: path.Base(e.path), Path: e.path, SHA: sha, URL: self, HTMLURL: &page,
		GitURL: &object,
	}
	switch e.mode {
	case folderMode:
		shown.Type = "dir"
		*shown.HTMLURL = c.api.index.webURL() + "/tree/" + url.PathEscape(ref) + "/" + escaped
		*shown.GitURL = c.root + "/git/trees/" + sha
	case linkMode:
		shown.Type, shown.Target = "symlink", e.text
	case submoduleMode:
		// A world does not say where the other repository is.
		shown.Type, shown.Size, shown.Submodule = "submodule", 0, c.api.index.webURL()+"-"+shown.Name+".git"
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
