package githubsim

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// gitModes are git's types of tree entries, by the modes that a World can give to files.
var gitModes = map[string]string{executableMode: "blob", linkMode: "blob", submoduleMode: "commit"}

const (
	fileMode       = "100644"
	executableMode = "100755"
	folderMode     = "40000"
	linkMode       = "120000"
	submoduleMode  = "160000"
)

// fileTree is the files of a commit: their texts by path, and the modes of some.
type fileTree struct{ texts, modes map[string]string }

// filesAt are the files of a commit: those of the branch that has it as its head, else those of the world.
func (ix *index) filesAt(oid string) fileTree {
	for i := range ix.branches {
		if b := &ix.branches[i]; b.OID == oid && b.Files != nil {
			return fileTree{b.Files, ix.world.Modes}
		}
	}
	return fileTree{ix.world.Files, ix.world.Modes}
}

// gitEntry is a file or a folder among the files of a commit.
type gitEntry struct {
	files fileTree
	path  string
	mode  string
	// text is a file's content; a folder has none.
	text string
}

// entry finds a file or a folder; the empty path is the root.
func (t fileTree) entry(at string) (gitEntry, bool) {
	if text, ok := t.texts[at]; ok {
		return gitEntry{t, at, cmp.Or(t.modes[at], fileMode), text}, true
	}
	if at == "" || len(t.entries(at)) > 0 {
		return gitEntry{files: t, path: at, mode: folderMode}, true
	}
	return gitEntry{}, false
}

// entries are what is in a folder, by name.
func (t fileTree) entries(folder string) []gitEntry {
	prefix := ""
	if folder != "" {
		prefix = folder + "/"
	}
	found := map[string]gitEntry{}
	for file, text := range t.texts {
		inside, ok := strings.CutPrefix(file, prefix)
		if !ok {
			continue
		}
		first, _, deeper := strings.Cut(inside, "/")
		if !deeper {
			found[inside] = gitEntry{t, file, cmp.Or(t.modes[file], fileMode), text}
		} else if _, isFile := t.texts[prefix+first]; !isFile {
			found[first] = gitEntry{files: t, path: prefix + first, mode: folderMode}
		}
	}
	sorted := make([]gitEntry, 0, len(found))
	for _, e := range found {
		sorted = append(sorted, e)
	}
	slices.SortFunc(sorted, func(x, y gitEntry) int { return strings.Compare(x.path, y.path) })
	return sorted
}

// oid is git's own id of a file's content, and one of a folder's that is made up.
func (e gitEntry) oid() string {
	switch e.mode {
	case folderMode:
		return treeOf(e.path)
	case submoduleMode:
		return e.text
	}
	return gitBlob(e.text)
}

// object is what the entry names; nil for a submodule, whose commit is in another repository.
func (e gitEntry) object() any {
	switch e.mode {
	case folderMode:
		return tree(e)
	case submoduleMode:
		return nil
	}
	return blob{e.path, e.text}
}

// treeEntry is an entry as a folder lists it.
type treeEntry struct{ gitEntry }

func (treeEntry) kind() string { return "TreeEntry" }

func (o treeEntry) field(_ *execution, name string, _ arguments) (any, error) {
	switch name {
	case "mode":
		mode, err := strconv.ParseInt(o.mode, 8, 64)
		return mode, err
	case "name":
		return path.Base(o.path), nil
	case "object":
		return o.object(), nil
	case "oid":
		return o.oid(), nil
	case "path":
		return o.path, nil
	case "size":
		if o.mode == submoduleMode {
			return 0, nil
		}
		return len(o.text), nil
	case "type":
		return o.kindInGit(), nil
	}
	return nil, errUnserved
}

// kindInGit is what git calls the object that an entry names.
func (e gitEntry) kindInGit() string {
	if e.mode == folderMode {
		return "tree"
	}
	return cmp.Or(gitModes[e.mode], "blob")
}

// tree is a folder.
type tree gitEntry

func (tree) kind() string { return "Tree" }

func (o tree) field(_ *execution, name string, _ arguments) (any, error) {
	oid := gitEntry(o).oid()
	switch name {
	case "id":
		return nodeID("T", derivedID("tree", oid)), nil
	case "oid":
		return oid, nil
	case "abbreviatedOid":
		return short(oid), nil
	case "entries":
		list := []any{}
		for _, e := range o.files.entries(o.path) {
			list = append(list, treeEntry{e})
		}
		return list, nil
	}
	return nil, errUnserved
}

// blob is a file.
type blob struct{ path, text string }

func (blob) kind() string { return "Blob" }

// mostBlobText is how much of a file's text is given. GitHub documents no number, only that some is cut off
// (https://docs.github.com/en/graphql/reference/objects#blob).
const mostBlobText = 512 * 1024

func (o blob) field(_ *execution, name string, _ arguments) (any, error) {
	oid := gitBlob(o.text)
	// Like git, GitHub takes what holds a zero byte for binary.
	binary := !utf8.ValidString(o.text) || strings.Contains(o.text, "\x00")
	switch name {
	case "id":
		return nodeID("B", derivedID("blob", oid)), nil
	case "oid":
		return oid, nil
	case "abbreviatedOid":
		return short(oid), nil
	case "byteSize":
		return len(o.text), nil
	case "isBinary":
		return binary, nil
	case "isTruncated":
		return len(o.text) > mostBlobText, nil
	case "text":
		if binary {
			return nil, nil
		}
		return strings.ToValidUTF8(o.text[:min(len(o.text), mostBlobText)], ""), nil
	}
	return nil, errUnserved
}
