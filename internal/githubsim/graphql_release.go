package githubsim

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"
)

// release is a release.
type release struct{ *Release }

func (release) kind() string { return "Release" }

// releases lists releases; without an order the oldest come first.
func (x *execution) releases(a arguments) *connection {
	field, descending := a.order("orderBy")
	list := make([]*Release, len(x.index.world.Releases))
	for i := range list {
		list[i] = &x.index.world.Releases[i]
	}
	slices.SortStableFunc(list, func(r, s *Release) int {
		if field == "NAME" {
			return strings.Compare(r.Name, s.Name)
		}
		return cmp.Or(r.CreatedAt.Compare(s.CreatedAt), strings.Compare(r.TagName, s.TagName))
	})
	if descending {
		slices.Reverse(list)
	}
	return &connection{
		name:     "ReleaseConnection",
		sequence: items(list, func(r *Release) object { return release{r} }),
	}
}

// release finds the published release of a tag; nil if there is none.
func (x *execution) release(tag string) any {
	for i := range x.index.world.Releases {
		if r := &x.index.world.Releases[i]; r.TagName == tag && !r.IsDraft {
			return release{r}
		}
	}
	return nil
}

// updated is when a release was last touched: as the world says, else when it was published or, for a draft, made.
func (r *Release) updated() time.Time {
	switch {
	case r.UpdatedAt != nil:
		return *r.UpdatedAt
	case r.PublishedAt != nil:
		return *r.PublishedAt
	}
	return r.CreatedAt
}

func (o release) field(x *execution, name string, _ arguments) (any, error) {
	switch name {
	case "id":
		return o.node(), nil
	case "databaseId":
		return o.Release.id(), nil
	case "name":
		return textOrNull(o.Name), nil
	case "tagName":
		return o.TagName, nil
	case "tag":
		return x.ref(tagsPrefix + o.TagName), nil
	case "tagCommit":
		if o.OID == "" {
			return nil, nil
		}
		return x.commitOrBare(o.OID, o.CreatedAt), nil
	case "createdAt":
		return o.CreatedAt, nil
	case "publishedAt":
		return instantOrNull(o.PublishedAt), nil
	case "updatedAt":
		return o.updated(), nil
	case "isDraft":
		return o.IsDraft, nil
	case "isPrerelease":
		return o.IsPrerelease, nil
	case "url":
		return x.index.webURL() + "/releases/tag/" + url.PathEscape(o.TagName), nil
	case "author":
		// The field is a User even where a bot published, whose login then keeps its suffix.
		who, ok := x.account(o.Author, o.AuthorType).(account)
		switch {
		case !ok:
			return nil, nil
		case who.kindOf == "Bot":
			return account{"User", who.login + "[bot]"}, nil
		}
		return account{"User", who.login}, nil
	}
	return nil, errUnserved
}
