package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// wantTokenUntold wants that the token of the script stands in no output of the program that was just run, and in no file
// that it may have written. The runner's command that masks the token has to name it.
func wantTokenUntold(ts *testscript.TestScript) {
	var tokens []string
	for _, variable := range []string{"GITHUB_TOKEN", "INPUT_TOKEN"} {
		if token := ts.Getenv(variable); token != "" {
			tokens = append(tokens, token)
		}
	}
	check := func(where, text string) {
		for _, token := range tokens {
			if strings.Contains(strings.ReplaceAll(text, "::add-mask::"+token, ""), token) {
				ts.Fatalf("the token stands in %s", where)
			}
		}
	}
	check("stdout", ts.ReadFile("stdout"))
	check("stderr", ts.ReadFile("stderr"))
	ts.Check(filepath.WalkDir(ts.Getenv("WORK"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		check(path, string(content))
		if r, err := gzip.NewReader(bytes.NewReader(content)); err == nil {
			// A file that was cut off has still a beginning.
			unpacked, _ := io.ReadAll(r)
			check(path, string(unpacked))
		}
		return nil
	}))
}
