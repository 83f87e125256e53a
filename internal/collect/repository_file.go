package collect

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/github"
)

// LargestFile is how many bytes a file may have that ReadFile reads.
const LargestFile = 64 << 10

// File is a file of a repository at the head of a branch.
type File struct {
	// Text is its content, empty where it was not found.
	Text string
	// Branch is the branch's name, without refs/heads/, and Commit its head as it was read; both are empty in a repository
	// without commits.
	Branch, Commit string
	Path           string
	// Found is false where that commit has nothing at Path.
	Found bool
}

// FileError says that what a repository was asked for is there, but cannot be read as a file, or that the branch to read
// it from is not there.
type FileError struct {
	// Path is the file's, Branch that which was asked for, empty for the default branch.
	Path, Branch string
	// Problem is what is wrong, and what to do about it.
	Problem string
}

func (e *FileError) Error() string {
	return fmt.Sprintf("reading %s of %s: %s", e.Path, branchOrDefault(e.Branch), e.Problem)
}

func branchOrDefault(branch string) string {
	if branch == "" {
		return "the default branch"
	}
	return "the branch " + branch
}

// branchFile is a branch and what its head has at a path. Both come from the one commit, so that they belong together
// however soon somebody pushes
// (https://docs.github.com/en/graphql/reference/objects#commit).
//
// Note: the expression "branch:path" of the field object would be null as well for a branch that there is not.
type branchFile struct {
	Name   githubv4.String
	Target struct {
		OID    githubv4.String `graphql:"oid"`
		Commit struct {
			File *treeEntry `graphql:"file(path: $path)"`
		} `graphql:"... on Commit"`
	}
}

// treeEntry is what a commit has at a path
// (https://docs.github.com/en/graphql/reference/objects#treeentry).
type treeEntry struct {
	// Type is what git calls it: blob, tree or commit. Mode is git's too, as a number: 0o120000 is a symbolic link.
	Type   githubv4.String
	Mode   githubv4.Int
	Object struct {
		Blob struct {
			ByteSize    githubv4.Int
			IsBinary    githubv4.Boolean
			IsTruncated githubv4.Boolean
			// Text is null for what is binary.
			Text *githubv4.String
		} `graphql:"... on Blob"`
	}
}

// defaultFileQuery asks for a file of the default branch. It costs a point.
type defaultFileQuery struct {
	Repository struct {
		IsEmpty          githubv4.Boolean
		DefaultBranchRef *branchFile
	} `graphql:"repository(owner: $owner, name: $name)"`
	RateLimit github.RateLimit
}

// branchFileQuery asks for a file of a branch. It costs a point.
type branchFileQuery struct {
	Repository struct {
		Ref *branchFile `graphql:"ref(qualifiedName: $ref)"`
	} `graphql:"repository(owner: $owner, name: $name)"`
	RateLimit github.RateLimit
}

// ReadFile reads a text file at the head of a branch, whose name has no refs/heads/; empty is the default branch. That
// nothing is at the path is no error; that the token may not see, is one (PermissionError of package github). What is no
// text of up to LargestFile bytes in UTF-8, and a branch that there is not, are a FileError: a symbolic link among them,
// because what GitHub gives of it is the path that it points to.
func ReadFile(ctx context.Context, client *github.Client, owner, name, branch, path string) (File, error) {
	if err := checkPath(path); err != nil {
		return File{}, &FileError{Path: path, Branch: branch, Problem: err.Error()}
	}
	at, err := readBranchFile(ctx, client, owner, name, branch, path)
	if err != nil {
		return File{}, fmt.Errorf("reading %s of %s of %s/%s: %w", path, branchOrDefault(branch), owner, name, err)
	}
	if at == nil && branch == "" {
		return File{Path: path}, nil
	}
	if at == nil {
		return File{}, &FileError{Path: path, Branch: branch, Problem: "there is no such branch, or the token cannot see it"}
	}
	file := File{Branch: string(at.Name), Commit: string(at.Target.OID), Path: path}
	entry := at.Target.Commit.File
	if entry == nil {
		return file, nil
	}
	if problem := entry.problem(); problem != "" {
		return File{}, &FileError{Path: path, Branch: file.Branch, Problem: problem}
	}
	file.Found, file.Text = true, string(*entry.Object.Blob.Text)
	return file, nil
}

// readBranchFile asks for a file; nil means that there is no such branch, or no commit at all.
//
// Note: GitHub's schema says null for a path that a commit does not have. Should it say that it does not find it, that is
// the same, as long as it shows the commit.
func readBranchFile(
	ctx context.Context, client *github.Client, owner, name, branch, path string,
) (*branchFile, error) {
	variables := map[string]any{
		"owner": githubv4.String(owner), "name": githubv4.String(name), "path": githubv4.String(path),
	}
	var at *branchFile
	if branch == "" {
		var q defaultFileQuery
		if err := client.QueryFound(ctx, &q, variables); err != nil {
			return nil, err
		}
		at = q.Repository.DefaultBranchRef
		if at == nil && !bool(q.Repository.IsEmpty) {
			// There is one in every repository with commits.
			return nil, &github.PermissionError{
				Asked: "POST /graphql: repository.defaultBranchRef", Permission: "contents: read",
				Message: "GitHub shows no default branch",
			}
		}
	} else {
		var q branchFileQuery
		variables["ref"] = githubv4.String("refs/heads/" + branch)
		if err := client.QueryFound(ctx, &q, variables); err != nil {
			return nil, err
		}
		at = q.Repository.Ref
	}
	if at != nil && at.Target.OID == "" {
		return nil, &github.PermissionError{
			Asked: "POST /graphql: repository.ref.target", Permission: "contents: read",
			Message: "GitHub shows no commit at the head of the branch",
		}
	}
	return at, nil
}

// linkMode is git's mode of a symbolic link, of which the bits above the permissions tell the type.
const linkMode, typeBits = 0o120000, 0o170000

// problem is why an entry is no file to read; empty: it is one.
func (e *treeEntry) problem() string {
	blob := &e.Object.Blob
	switch {
	case e.Type == "tree":
		return "it is a folder: name a file in it"
	case e.Type == "commit":
		return "it is a submodule: name a file of this repository"
	case e.Type != "blob":
		return fmt.Sprintf("it is no file, but a %q", string(e.Type))
	case e.Mode&typeBits == linkMode:
		return "it is a symbolic link, and these are not followed: name the file that it points to"
	case blob.ByteSize > LargestFile || blob.Text != nil && len(*blob.Text) > LargestFile:
		return fmt.Sprintf("it has %d bytes, more than the %d that are read: make it smaller", blob.ByteSize, LargestFile)
	case bool(blob.IsBinary) || blob.Text == nil:
		return "it is binary: write it as text in UTF-8"
	case bool(blob.IsTruncated):
		return "GitHub gives only a part of it: make it smaller"
	case !utf8.ValidString(string(*blob.Text)):
		return "it is not in UTF-8: write it so"
	}
	return ""
}

// checkPath refuses what is no path of a file in a repository.
func checkPath(path string) error {
	if path == "" {
		return errors.New("no path is given: give that of a file, from the root of the repository")
	}
	for part := range strings.SplitSeq(path, "/") {
		if part == "" || part == "." || part == ".." {
			return errors.New("the path must lead from the root of the repository, without . and .. and empty parts")
		}
	}
	for _, c := range path {
		if c < ' ' || c == 0x7f || c == utf8.RuneError {
			return errors.New("the path holds a control character, or is not in UTF-8")
		}
	}
	return nil
}
