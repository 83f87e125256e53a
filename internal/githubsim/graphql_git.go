package githubsim

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ref is a branch or a tag; name is without the prefix.
type ref struct{ prefix, name string }

const (
	headsPrefix = "refs/heads/"
	tagsPrefix  = "refs/tags/"
)

// ref finds a ref by its full name, or by a part of it as git does; nil if there is none.
func (x *execution) ref(name string) any {
	for _, full := range []string{name, "refs/" + name, headsPrefix + name, tagsPrefix + name} {
		if branch, ok := strings.CutPrefix(full, headsPrefix); ok && x.index.branch(branch) != "" {
			return ref{headsPrefix, branch}
		}
		if tag, ok := strings.CutPrefix(full, tagsPrefix); ok && x.index.tags[tag] != nil {
			return ref{tagsPrefix, tag}
		}
	}
	return nil
}

// refs lists the refs below a prefix.
func (x *execution) refs(a arguments) *connection {
	prefix := strings.TrimSuffix(a.text("refPrefix"), "/") + "/"
	field, descending := a.order("orderBy")
	if field == "" {
		descending = a.text("direction") == "DESC"
	}
	key := strings.Join([]string{"refs", prefix, a.text("query"), field, strconv.FormatBool(descending)}, "\x00")
	list := remember(x.index, key, func() []ref {
		var names []string
		switch prefix {
		case headsPrefix:
			for _, b := range x.index.branches {
				names = append(names, b.Name)
			}
		case tagsPrefix:
			for _, t := range x.index.world.Tags {
				names = append(names, t.Name)
			}
		}
		names = slices.Clone(matching(names, a.text("query")))
		slices.Sort(names)
		if field == "TAG_COMMIT_DATE" && prefix == tagsPrefix {
			slices.SortStableFunc(names, func(m, n string) int {
				return x.index.tagDate(x.index.tags[m]).Compare(x.index.tagDate(x.index.tags[n]))
			})
		}
		if descending {
			slices.Reverse(names)
		}
		list := make([]ref, 0, len(names))
		for _, n := range names {
			list = append(list, ref{prefix, n})
		}
		return list
	})
	return &connection{name: "RefConnection", sequence: items(list, func(r ref) object { return r })}
}

// tagDate is when a tag was made, as far as the world says.
func (ix *index) tagDate(t *Tag) time.Time {
	if t.Date != nil {
		return *t.Date
	}
	if c := ix.commits[t.OID]; c != nil {
		return c.CommittedDate
	}
	return time.Time{}
}

func (ref) kind() string { return "Ref" }

func (o ref) field(x *execution, name string, _ arguments) (any, error) {
	switch name {
	case "id":
		return o.node(), nil
	case "name":
		return o.name, nil
	case "prefix":
		return o.prefix, nil
	case "target":
		if o.prefix == tagsPrefix {
			return x.tagTarget(x.index.tags[o.name]), nil
		}
		return x.commitOrBare(x.index.branch(o.name), time.Time{}), nil
	}
	return nil, errUnserved
}

// tagTarget is what a tag's ref names: a tag object, or the commit of a lightweight tag.
func (x *execution) tagTarget(t *Tag) object {
	if x.index.isAnnotated(t) {
		return tagObject{t}
	}
	return commit{x.index.commits[t.OID]}
}

// commit finds a commit, nil if the world does not know it.
func (x *execution) commit(oid string) any {
	if c := x.index.commits[oid]; c != nil {
		return commit{c}
	}
	return nil
}

// commitOrBare finds a commit; one that the world does not list has an id, a date and nothing else.
func (x *execution) commitOrBare(oid string, date time.Time) object {
	if c := x.index.commits[oid]; c != nil {
		return commit{c}
	}
	return commit{&Commit{OID: oid, AuthoredDate: date, CommittedDate: date}}
}

// gitObject finds what an object id or an expression names: a ref, a commit's whole or shortened id, HEAD, or
// "ref:path" for a file or a folder.
func (x *execution) gitObject(a arguments) (any, error) {
	if a.text("oid") == "" && a.text("expression") == "" {
		return nil, &queryError{Message: "Either `oid` or `expression` must be given."}
	}
	name, path, isPath := strings.Cut(cmp.Or(a.text("oid"), a.text("expression")), ":")
	o := x.revision(name)
	if o == nil || !isPath {
		return o, nil
	}
	if entry, ok := x.index.filesAt(oidOf(o)).entry(path); ok {
		return entry.object(), nil
	}
	return nil, nil
}

// oidOf is the commit that a revision names.
func oidOf(revision any) string {
	switch o := revision.(type) {
	case commit:
		return o.OID
	case tagObject:
		return o.Tag.OID
	}
	return ""
}

// revision finds what git rev-parse would; nil if there is nothing.
func (x *execution) revision(name string) any {
	if name == "HEAD" {
		name = headsPrefix + x.index.world.Repo.DefaultBranch
	}
	if o, ok := x.ref(name).(ref); ok {
		if o.prefix == tagsPrefix {
			return x.tagTarget(x.index.tags[o.name])
		}
		return x.commitOrBare(x.index.branch(o.name), time.Time{})
	}
	if t := x.index.annotated[name]; t != nil {
		return tagObject{t}
	}
	if c := x.commit(name); c != nil {
		return c
	}
	return x.abbreviated(name)
}

// abbreviated finds the one commit whose id begins so; git wants four digits at least.
func (x *execution) abbreviated(name string) any {
	if len(name) < 4 {
		return nil
	}
	var found *Commit
	for i := range x.index.world.Commits {
		if c := &x.index.world.Commits[i]; strings.HasPrefix(c.OID, name) {
			if found != nil {
				return nil
			}
			found = c
		}
	}
	if found == nil {
		return nil
	}
	return commit{found}
}

func short(oid string) string { return oid[:min(len(oid), 7)] }

// tagObject is an annotated tag.
type tagObject struct{ *Tag }

func (tagObject) kind() string { return "Tag" }

func (o tagObject) field(x *execution, name string, _ arguments) (any, error) {
	oid := x.index.tagOID(o.Tag)
	switch name {
	case "id":
		return nodeID("TA", derivedID("tag", oid)), nil
	case "oid":
		return oid, nil
	case "abbreviatedOid":
		return short(oid), nil
	case "name":
		return o.Name, nil
	case "message":
		return o.Name, nil
	case "tagger":
		if o.Date == nil {
			return nil, nil
		}
		return gitActor{date: *o.Date}, nil
	case "target":
		return x.commitOrBare(o.OID, x.index.tagDate(o.Tag)), nil
	}
	return nil, errUnserved
}
