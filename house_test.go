package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "kpi-gate"

// imports is the house: what each package may import of ours. Facts, then measures, then judgement, then words.
var imports = map[string][]string{
	"internal/model":     {},
	"internal/stats":     {},
	"internal/githubsim": {},
	"internal/github":    {},
	"internal/kpi":       {"internal/model", "internal/stats"},
	"internal/gate":      {"internal/model", "internal/kpi", "internal/stats"},
	"internal/report":    {"internal/model", "internal/stats", "internal/kpi", "internal/gate"},
	"internal/render":    {"internal/report"},
	"internal/collect":   {"internal/model", "internal/github"},
	"internal/publish":   {"internal/github", "internal/report", "internal/render"},
	"internal/config":    {"internal/model", "internal/kpi", "internal/gate"},
	"internal/backtest":  {"internal/model", "internal/kpi", "internal/gate"},
	"internal/suggest":   {"internal/model", "internal/kpi", "internal/gate"},
	"internal/cli": {
		"internal/model", "internal/stats", "internal/githubsim", "internal/github", "internal/kpi", "internal/gate",
		"internal/report", "internal/render", "internal/collect", "internal/publish", "internal/config", "internal/backtest",
		"internal/suggest",
	},
	".": {"internal/cli"},
	// The command that cuts GitHub's published contracts is a tool of its own.
	"internal/githubsim/contract": {},
}

// edge lists the packages that may touch the world outside: the clock, the environment, files, the terminal.
var edge = map[string]bool{".": true, "internal/cli": true, "internal/githubsim/contract": true}

// banned are functions that only the edge may name, by package; an empty list bans the import itself.
var banned = map[string][]string{
	"time":          {"Now", "Since", "Until", "Sleep", "After", "Tick", "NewTicker", "NewTimer", "AfterFunc"},
	"fmt":           {"Print", "Printf", "Println", "Scan", "Scanf", "Scanln"},
	"path/filepath": {"Abs", "EvalSymlinks", "Glob", "Walk", "WalkDir"},
	"os":            {},
	"os/exec":       {},
	"os/signal":     {},
	"os/user":       {},
	"io/ioutil":     {},
	"log":           {},
	"log/slog":      {},
	"syscall":       {},
}

// clock lists the packages that may read the clock: a client has to wait.
var clock = map[string]bool{"internal/github": true}

func TestHouse(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && path != "." && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "node_modules") {
			return filepath.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		folder := filepath.ToSlash(filepath.Dir(path))
		seen[folder] = true
		checkFile(t, folder, path)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for folder := range imports {
		if !seen[folder] {
			t.Errorf("%s is in the house's table, but there is no such package", folder)
		}
	}
}

func checkFile(t *testing.T, folder, path string) {
	t.Helper()
	allowed, ok := imports[folder]
	if !ok {
		t.Errorf("%s: the package %s is not in the house's table", path, folder)
		return
	}
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Error(err)
		return
	}
	isTest := strings.HasSuffix(path, "_test.go")
	names := map[string]string{}
	for _, spec := range file.Imports {
		what := strings.Trim(spec.Path.Value, `"`)
		at := files.Position(spec.Pos())
		if ours, found := strings.CutPrefix(what, module+"/"); found && !isTest && !slices.Contains(allowed, ours) {
			t.Errorf("%s: %s must not import %s: each layer imports only earlier ones (docs/layout.md)", at, folder, ours)
		}
		if only, found := banned[what]; found && !isTest && !edge[folder] && len(only) == 0 {
			t.Errorf("%s: %s must not import %s: only the edge touches the world outside", at, folder, what)
		}
		name := what[strings.LastIndex(what, "/")+1:]
		if spec.Name != nil {
			name = spec.Name.Name
		}
		if name == "." && !isTest {
			t.Errorf("%s: names from %s must say where they come from", at, what)
		}
		names[name] = what
	}
	if isTest || edge[folder] {
		return
	}
	ast.Inspect(file, func(n ast.Node) bool {
		selector, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		name, ok := selector.X.(*ast.Ident)
		if !ok {
			return true
		}
		what := names[name.Name]
		if slices.Contains(banned[what], selector.Sel.Name) && !(what == "time" && clock[folder]) {
			t.Errorf("%s: %s must not use %s.%s: the same facts must give the same answer",
				files.Position(selector.Pos()), folder, what, selector.Sel.Name)
		}
		return true
	})
}

// TestNoForbiddenNames keeps packages named for what they hold.
func TestNoForbiddenNames(t *testing.T) {
	t.Parallel()
	folders, err := os.ReadDir("internal")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range folders {
		if slices.Contains([]string{"util", "utils", "helper", "helpers", "common", "manager", "misc"}, f.Name()) {
			t.Errorf("internal/%s says nothing about what it holds", f.Name())
		}
	}
}
