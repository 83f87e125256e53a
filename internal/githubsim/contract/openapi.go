package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
)

// cutOpenAPI reads GitHub's OpenAPI description from the file in, keeps the operations that listFile names (one a
// line, as "POST /path", GET where there is no method; # begins a comment) and the components that these reach, and
// writes the result to out. Examples, extensions and prose that no validator reads are dropped. Schemas are kept as they
// are, so that an answer that passes the cut passes the whole. Equal inputs give equal bytes.
func cutOpenAPI(in, listFile, out string) error {
	full, err := os.ReadFile(in)
	if err != nil {
		return fmt.Errorf("cutting the OpenAPI description: %w", err)
	}
	list, err := os.ReadFile(listFile)
	if err != nil {
		return fmt.Errorf("cutting the OpenAPI description: %w", err)
	}
	operations, err := listedOperations(list)
	if err != nil {
		return fmt.Errorf("cutting the OpenAPI description: reading %s: %w", listFile, err)
	}
	cut, err := cutDescription(full, operations)
	if err != nil {
		return fmt.Errorf("cutting the OpenAPI description %s: %w", in, err)
	}
	if err := os.WriteFile(out, cut, 0o644); err != nil {
		return fmt.Errorf("cutting the OpenAPI description: %w", err)
	}
	return nil
}

// operation is one of a description's: a method in lower case, and a path.
type operation struct{ method, path string }

func (o operation) String() string { return strings.ToUpper(o.method) + " " + o.path }

// listedOperations are the lines of a list file that are neither empty nor comments.
func listedOperations(list []byte) ([]operation, error) {
	var operations []operation
	lines := bufio.NewScanner(bytes.NewReader(list))
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		method, path, found := strings.Cut(line, " ")
		if !found {
			method, path = "GET", line
		}
		if !strings.HasPrefix(path, "/") {
			return nil, fmt.Errorf("%q is no operation: its path does not begin with /", line)
		}
		operations = append(operations, operation{strings.ToLower(method), path})
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if len(operations) == 0 {
		return nil, errors.New("no operation is listed")
	}
	return operations, nil
}

// description is the part of an OpenAPI document that cutting touches.
type description struct {
	OpenAPI    string                               `json:"openapi"`
	Info       descriptionInfo                      `json:"info"`
	Paths      map[string]map[string]any            `json:"paths"`
	Components map[string]map[string]map[string]any `json:"components"`
}

// descriptionInfo says what a document describes, and under which licence it may be copied.
type descriptionInfo struct {
	Title       string         `json:"title"`
	Description string         `json:"description"`
	Version     string         `json:"version"`
	License     map[string]any `json:"license,omitempty"`
}

// cutDescription keeps operations and what they reach.
func cutDescription(full []byte, operations []operation) ([]byte, error) {
	var doc description
	if err := json.Unmarshal(full, &doc); err != nil {
		return nil, fmt.Errorf("not an OpenAPI document: %w", err)
	}
	cut := description{
		OpenAPI: doc.OpenAPI,
		Info: descriptionInfo{
			Title: doc.Info.Title,
			Description: "Cut from npm package @octokit/openapi " + doc.Info.Version +
				" (MIT licence) by internal/githubsim/contract. Not to be edited by hand.",
			Version: doc.Info.Version,
			License: doc.Info.License,
		},
		Paths:      map[string]map[string]any{},
		Components: map[string]map[string]map[string]any{},
	}
	reach := reacher{from: doc.Components, kept: cut.Components}
	for _, o := range operations {
		described, ok := doc.Paths[o.path][o.method]
		if !ok {
			return nil, fmt.Errorf("no operation %s", o)
		}
		described = bare(described)
		if err := reach.follow(described); err != nil {
			return nil, fmt.Errorf("%s: %w", o, err)
		}
		if cut.Paths[o.path] == nil {
			cut.Paths[o.path] = map[string]any{}
		}
		cut.Paths[o.path][o.method] = described
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(cut); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// reacher copies components from one document to another, with whatever they refer to.
type reacher struct {
	from, kept map[string]map[string]map[string]any
}

// follow copies every component that node refers to, however deep.
func (r reacher) follow(node any) error {
	switch n := node.(type) {
	case map[string]any:
		if ref, ok := n["$ref"].(string); ok {
			return r.keep(ref)
		}
		for _, child := range n {
			if err := r.follow(child); err != nil {
				return err
			}
		}
	case []any:
		for _, child := range n {
			if err := r.follow(child); err != nil {
				return err
			}
		}
	}
	return nil
}

// keep copies the component that ref, such as "#/components/schemas/issue", names.
func (r reacher) keep(ref string) error {
	kind, name, ok := strings.Cut(strings.TrimPrefix(ref, "#/components/"), "/")
	if !ok {
		return fmt.Errorf("%s: not a reference to a component of the same document", ref)
	}
	if _, done := r.kept[kind][name]; done {
		return nil
	}
	component, ok := r.from[kind][name]
	if !ok {
		return fmt.Errorf("%s: no such component", ref)
	}
	stripped, ok := bare(component).(map[string]any)
	if !ok {
		return fmt.Errorf("%s: not an object", ref)
	}
	if r.kept[kind] == nil {
		r.kept[kind] = map[string]map[string]any{}
	}
	r.kept[kind][name] = stripped
	return r.follow(stripped)
}

// bare is node without examples, extensions, tags and links to prose. The keys of a properties object are names of
// fields, which may be called "example" too: they are kept.
func bare(node any) any {
	switch n := node.(type) {
	case map[string]any:
		kept := make(map[string]any, len(n))
		for key, child := range n {
			switch {
			case key == "properties" || key == "responses" || key == "headers":
				kept[key] = bareNamed(child)
			case key == "example", key == "examples", key == "externalDocs", key == "tags", key == "summary",
				strings.HasPrefix(key, "x-"):
			case key == "description":
				kept[key] = firstLine(child)
			default:
				kept[key] = bare(child)
			}
		}
		return kept
	case []any:
		kept := make([]any, len(n))
		for i, child := range n {
			kept[i] = bare(child)
		}
		return kept
	}
	return node
}

// bareNamed strips the values of an object whose keys are names, not keywords.
func bareNamed(node any) any {
	named, ok := node.(map[string]any)
	if !ok {
		return bare(node)
	}
	kept := make(map[string]any, len(named))
	for name, child := range named {
		kept[name] = bare(child)
	}
	return kept
}

// firstLine is the first line of a description; a response is not valid without one.
func firstLine(node any) any {
	text, ok := node.(string)
	if !ok {
		return bare(node)
	}
	line, _, _ := strings.Cut(text, "\n")
	return strings.TrimSpace(line)
}
