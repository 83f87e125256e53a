package githubsim

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// restRelease is a release (schema release).
type restRelease struct {
	URL             string    `json:"url"`
	HTMLURL         string    `json:"html_url"`
	AssetsURL       string    `json:"assets_url"`
	UploadURL       string    `json:"upload_url"`
	TarballURL      *string   `json:"tarball_url"`
	ZipballURL      *string   `json:"zipball_url"`
	ID              int64     `json:"id"`
	NodeID          string    `json:"node_id"`
	TagName         string    `json:"tag_name"`
	TargetCommitish string    `json:"target_commitish"`
	Name            *string   `json:"name"`
	Body            *string   `json:"body"`
	Draft           bool      `json:"draft"`
	Prerelease      bool      `json:"prerelease"`
	CreatedAt       string    `json:"created_at"`
	UpdatedAt       string    `json:"updated_at"`
	PublishedAt     *string   `json:"published_at"`
	Author          *restUser `json:"author"`
	Assets          []string  `json:"assets"`
}

// restTag is a tag (schema tag). REST gives no date.
type restTag struct {
	Name       string        `json:"name"`
	ZipballURL string        `json:"zipball_url"`
	TarballURL string        `json:"tarball_url"`
	Commit     restCommitRef `json:"commit"`
	NodeID     string        `json:"node_id"`
}

// sortReleases gives the releases newest first.
func (a *restAPI) sortReleases() []*Release {
	releases := make([]*Release, 0, len(a.world.Releases))
	for i := range a.world.Releases {
		releases = append(releases, &a.world.Releases[i])
	}
	slices.SortFunc(releases, func(x, y *Release) int {
		return cmp.Or(y.CreatedAt.Compare(x.CreatedAt), strings.Compare(y.TagName, x.TagName))
	})
	return releases
}

// listReleases answers GET /releases, drafts included, as GitHub does for a token that may push.
func (c *restCall) listReleases() (any, error) {
	return pageOfList(c, c.api.releases(), c.showRelease)
}

func (c *restCall) showRelease(r *Release) restRelease {
	id := r.id()
	self := fmt.Sprintf("%s/releases/%d", c.root, id)
	shown := restRelease{
		URL: self, HTMLURL: c.api.index.webURL() + "/releases/tag/" + url.PathEscape(r.TagName),
		AssetsURL: self + "/assets",
		UploadURL: self + "/assets{?name,label}", ID: id, NodeID: r.node(), TagName: r.TagName,
		TargetCommitish: cmp.Or(c.api.world.Repo.DefaultBranch, r.OID), Draft: r.IsDraft, Prerelease: r.IsPrerelease,
		CreatedAt: at(r.CreatedAt), UpdatedAt: at(r.updated()), PublishedAt: atOrNull(r.PublishedAt),
		Author: c.user(r.Author, r.AuthorType),
		Assets: []string{},
	}
	if r.Name != "" {
		shown.Name = &r.Name
	}
	if !r.IsDraft {
		tarball := c.root + "/tarball/" + url.PathEscape(r.TagName)
		zipball := c.root + "/zipball/" + url.PathEscape(r.TagName)
		shown.TarballURL, shown.ZipballURL = &tarball, &zipball
	}
	return shown
}

// listTags answers GET /tags, by name, last first.
func (c *restCall) listTags() (any, error) {
	tags := slices.Clone(c.api.world.Tags)
	slices.SortFunc(tags, func(x, y Tag) int { return strings.Compare(y.Name, x.Name) })
	return pageOfList(c, tags, func(t Tag) restTag {
		name := url.PathEscape(t.Name)
		return restTag{
			Name:       t.Name,
			ZipballURL: c.root + "/zipball/refs/tags/" + name, TarballURL: c.root + "/tarball/refs/tags/" + name,
			Commit: c.commitRef(t.OID), NodeID: ref{tagsPrefix, t.Name}.node(),
		}
	})
}
