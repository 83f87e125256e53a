package collect

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/github"
	"kpi-gate/internal/githubsim"
)

const configPath = ".github/kpi-gate.yml"

// fileWorld has a file on its default branch, another text of it on a branch, none on a third, and what is no file.
func fileWorld() *githubsim.World {
	return &githubsim.World{
		Repo: githubsim.Repo{Owner: "o", Name: "r", DefaultBranch: "main"},
		Branches: []githubsim.Branch{
			{Name: "main", OID: sha(1)},
			{Name: "release/1.0", OID: sha(2), Files: map[string]string{configPath: "window: 7d\n"}},
			{Name: "bare", OID: sha(3), Files: map[string]string{}},
			{Name: "topic", OID: sha(4)},
		},
		Files: map[string]string{
			configPath: "window: 30d\n", "link.yml": "../../etc/passwd", "module": sha(9), "binary": "a\x00b",
			"run.sh": "exit\n", "odd:name.yml": "odd", "large": strings.Repeat("x", LargestFile),
			"too-large": strings.Repeat("é", LargestFile/2) + ".", "huge": strings.Repeat("x", 1<<20),
		},
		Modes: map[string]string{"link.yml": "120000", "module": "160000", "run.sh": "100755"},
	}
}

func TestReadFile(t *testing.T) {
	t.Parallel()
	c, server := simulate(t, fileWorld(), githubsim.Options{})
	for name, test := range map[string]struct {
		branch, path string
		want         File
	}{
		"the default branch": {"", configPath, File{"window: 30d\n", "main", sha(1), configPath, true}},
		"a branch by name":   {"main", configPath, File{"window: 30d\n", "main", sha(1), configPath, true}},
		"its own text":       {"release/1.0", configPath, File{"window: 7d\n", "release/1.0", sha(2), configPath, true}},
		"the same text":      {"topic", configPath, File{"window: 30d\n", "topic", sha(4), configPath, true}},
		"no file there":      {"bare", configPath, File{"", "bare", sha(3), configPath, false}},
		"no file at all":     {"", ".github/none.yml", File{"", "main", sha(1), ".github/none.yml", false}},
		"can be run":         {"", "run.sh", File{"exit\n", "main", sha(1), "run.sh", true}},
		"a colon":            {"", "odd:name.yml", File{"odd", "main", sha(1), "odd:name.yml", true}},
		"just small enough":  {"", "large", File{strings.Repeat("x", 65536), "main", sha(1), "large", true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := ReadFile(context.Background(), c, "o", "r", test.branch, test.path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	t.Cleanup(func() {
		if len(server.Requests()) != 9 {
			t.Errorf("%d requests for 9 files:\n%s", len(server.Requests()), paths(server))
		}
	})
}

func TestReadFileOfWhatIsNone(t *testing.T) {
	t.Parallel()
	c, _ := simulate(t, fileWorld(), githubsim.Options{})
	for name, test := range map[string]struct{ branch, path, want string }{
		"no branch":       {"main:evil", configPath, "of the branch main:evil: there is no such branch"},
		"a tag's name":    {"../tags/v1", configPath, "there is no such branch"},
		"a folder":        {"", ".github", "it is a folder"},
		"a symbolic link": {"", "link.yml", "reading link.yml of the branch main: it is a symbolic link"},
		"a submodule":     {"", "module", "it is a submodule"},
		"binary":          {"", "binary", "it is binary"},
		"too large":       {"", "too-large", "it has 65537 bytes, more than the 65536"}, // é has two
		"cut short":       {"", "huge", "it has 1048576 bytes"},
		"no path":         {"", "", "no path is given"},
		"from the root":   {"", "/etc/passwd", "must lead from the root of the repository"},
		"upwards":         {"", ".github/../x", "must lead from the root of the repository"},
		"a line break":    {"", "a\nb", "control character"},
		"no UTF-8":        {"", "a\xff", "not in UTF-8"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := ReadFile(context.Background(), c, "o", "r", test.branch, test.path)
			var problem *FileError
			if !errors.As(err, &problem) || !strings.Contains(err.Error(), test.want) || got != (File{}) {
				t.Errorf("%+v, %v; want a FileError that says %q", got, err, test.want)
			}
		})
	}
}

// A token that may not read contents is never told that there is no file.
func TestReadFileForbidden(t *testing.T) {
	t.Parallel()
	partial := func(path ...any) githubsim.Options {
		return githubsim.Options{Faults: []githubsim.Fault{{
			Partial: &githubsim.PartialError{Type: "FORBIDDEN", Path: path, Message: "Resource not accessible by integration"},
		}}}
	}
	for name, options := range map[string]githubsim.Options{
		"contents":   {Denied: []string{"contents"}},
		"no branch":  partial("repository", "defaultBranchRef"),
		"no commit":  partial("repository", "defaultBranchRef", "target"),
		"no file":    partial("repository", "defaultBranchRef", "target", "file"),
		"no content": partial("repository", "defaultBranchRef", "target", "file", "object"),
	} {
		for _, branch := range []string{"", "main"} {
			if branch != "" && name != "contents" {
				continue
			}
			t.Run(name+" "+branch, func(t *testing.T) {
				t.Parallel()
				c, _ := simulate(t, fileWorld(), options)
				got, err := ReadFile(context.Background(), c, "o", "r", branch, configPath)
				var forbidden *github.PermissionError
				if !errors.As(err, &forbidden) || forbidden.Permission != "contents: read" || got != (File{}) {
					t.Errorf("%+v, %v; want a PermissionError for contents: read", got, err)
				}
			})
		}
	}
}

// Where GitHub shows the commit and says of the path that it does not find it, nothing is there; where it does not find the
// commit, that says nothing of the file.
func TestReadFileNotFound(t *testing.T) {
	t.Parallel()
	for place, want := range map[string]File{
		"file":   {"", "main", sha(1), configPath, false},
		"target": {},
	} {
		path := []any{"repository", "defaultBranchRef", "target", "file"}
		if place == "target" {
			path = path[:3]
		}
		c, _ := simulate(t, fileWorld(), githubsim.Options{Faults: []githubsim.Fault{{
			Partial: &githubsim.PartialError{Type: "NOT_FOUND", Path: path, Message: "Could not resolve it"},
		}}})
		got, err := ReadFile(context.Background(), c, "o", "r", "", configPath)
		var missing *github.NotFoundError
		if got != want || errors.As(err, &missing) != (place == "target") {
			t.Errorf("%s: %+v, %v; want %+v", place, got, err, want)
		}
	}
}

// A repository that the token cannot see at all is none without a file either.
func TestReadFileOfNoRepository(t *testing.T) {
	t.Parallel()
	c, _ := simulate(t, fileWorld(), githubsim.Options{})
	_, err := ReadFile(context.Background(), c, "o", "elsewhere", "", configPath)
	var missing *github.NotFoundError
	if !errors.As(err, &missing) || !strings.Contains(err.Error(), "of o/elsewhere") {
		t.Errorf("error %v, want a NotFoundError", err)
	}
}

// A repository without commits has no files, and no branch that could have one.
func TestReadFileOfEmptyRepository(t *testing.T) {
	t.Parallel()
	c, _ := simulate(t, &githubsim.World{Repo: githubsim.Repo{Owner: "o", Name: "r"}}, githubsim.Options{})
	got, err := ReadFile(context.Background(), c, "o", "r", "", configPath)
	if err != nil || got != (File{Path: configPath}) {
		t.Errorf("%+v, %v; want nothing found", got, err)
	}
	if _, err := ReadFile(context.Background(), c, "o", "r", "main", configPath); err == nil {
		t.Error("a branch that is not there is read")
	}
}

// A default branch that is hidden without a word, in a repository with commits, is a missing permission.
func TestReadFileOfHiddenDefaultBranch(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]string{
		"branch": `{"data":{"repository":{"isEmpty":false,"defaultBranchRef":null},"rateLimit":{"cost":1,"remaining":9}}}`,
		"commit": `{"data":{"repository":{"isEmpty":false,"defaultBranchRef":{"name":"main","target":null}},"rateLimit":null}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, _ := simulate(t, fileWorld(), githubsim.Options{Faults: []githubsim.Fault{{Path: "/graphql", Body: answer}}})
			_, err := ReadFile(context.Background(), c, "o", "r", "", configPath)
			var forbidden *github.PermissionError
			if !errors.As(err, &forbidden) || forbidden.Permission != "contents: read" {
				t.Errorf("error %v, want a PermissionError for contents: read", err)
			}
		})
	}
}

// What a file may cost: a point.
func TestPriceOfReadFile(t *testing.T) {
	t.Parallel()
	variables := map[string]any{
		"owner": githubv4.String("o"), "name": githubv4.String("r"), "path": githubv4.String(configPath),
		"ref": githubv4.String("refs/heads/main"),
	}
	for _, q := range []any{&defaultFileQuery{}, &branchFileQuery{}} {
		if price, err := github.PriceOf(q, variables); err != nil || price != 1 {
			t.Errorf("%T costs %d points (%v), want 1", q, price, err)
		}
	}
}
