package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A document with two paths: /kept refers to schema a, a to b (and b back to a), /dropped to c.
const smallDescription = `{
  "openapi": "3.0.3", "info": {"title": "T", "version": "1.2.3", "description": "long"},
  "paths": {
    "/kept": {
      "get": {"x-github": {}, "tags": ["t"], "responses": {"200": {
        "description": "Response\n\nMore.", "content": {"application/json": {
          "schema": {"$ref": "#/components/schemas/a"},
          "examples": {"default": {"$ref": "#/components/examples/e"}}}}}}},
      "delete": {"responses": {}},
      "put": {"responses": {}}
    },
    "/dropped": {"get": {"responses": {"200": {"$ref": "#/components/responses/r"}}}},
    "/broken": {"get": {"responses": {"200": {"$ref": "#/components/responses/missing"}}}}
  },
  "components": {
    "schemas": {
      "a": {"type": "object", "example": 1, "properties": {"example": {"type": "string", "example": "x"},
            "b": {"$ref": "#/components/schemas/b"}}},
      "b": {"type": "array", "items": {"$ref": "#/components/schemas/a"}},
      "c": {"type": "string"}
    },
    "responses": {"r": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/c"}}}}},
    "examples": {"e": {"value": 1}}
  }
}`

func TestCutOpenAPI(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in, list, out := filepath.Join(dir, "in.json"), filepath.Join(dir, "list.txt"), filepath.Join(dir, "out.json")
	write := func(path, text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(in, smallDescription)
	write(list, "# comment\n\n/kept\nDELETE /kept\n")
	if err := cutOpenAPI(in, list, out); err != nil {
		t.Fatal(err)
	}
	cut, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Paths      map[string]map[string]any
		Components map[string]map[string]any
	}
	if err := json.Unmarshal(cut, &got); err != nil {
		t.Fatal(err)
	}
	kept := got.Paths["/kept"]
	if len(got.Paths) != 1 || len(kept) != 2 || kept["get"] == nil || kept["delete"] == nil {
		t.Errorf("paths = %v, want GET and DELETE /kept, not its PUT", got.Paths)
	}
	if len(got.Components) != 1 || len(got.Components["schemas"]) != 2 {
		t.Errorf("components = %v, want schemas a and b alone", got.Components)
	}
	// The property called "example" is a field's name; the two examples of values are dropped.
	if n := strings.Count(string(cut), `"example"`); n != 1 {
		t.Errorf("%d keys named example, want 1:\n%s", n, cut)
	}
	for _, gone := range []string{"x-github", `"tags"`, "More.", "examples"} {
		if strings.Contains(string(cut), gone) {
			t.Errorf("%s is still there:\n%s", gone, cut)
		}
	}
	if !strings.Contains(string(cut), "@octokit/openapi 1.2.3 (MIT licence)") {
		t.Errorf("the cut does not say where it comes from:\n%s", cut)
	}
}

func TestCutOpenAPIErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, document, list, want string }{
		{"path of no operation", smallDescription, "/nowhere", "no operation GET /nowhere"},
		{"reference to nothing", smallDescription, "/broken", "#/components/responses/missing: no such component"},
		{"method of no operation", smallDescription, "POST /kept", "no operation POST /kept"},
		{"not a path", smallDescription, "GET kept", `"GET kept" is no operation`},
		{"empty list", smallDescription, "# nothing", "no operation is listed"},
		{"not JSON", "openapi: 3", "/kept", "not an OpenAPI document"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			in, list := filepath.Join(dir, "in.json"), filepath.Join(dir, "list.txt")
			for path, text := range map[string]string{in: c.document, list: c.list} {
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			err := cutOpenAPI(in, list, filepath.Join(dir, "out.json"))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}
