package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const publishedSchema = `
"""What can be asked. At length."""
type Query implements Node & Other { id: ID! thing(order: Order = {by: NAME}, old: Int @deprecated(reason: "x")): Thing
  things(first: Int): ThingConnection! secret: Secret }
interface Node { id: ID! more: Int }
interface Other { id: ID! }
type Thing implements Node @docsCategory(name: "x") { id: ID! more: Int name: String! name: String! unwanted: Secret }
type ThingConnection { edges: [ThingEdge] nodes: [Thing] }
type ThingEdge { node: Any }
union Any = Thing | Secret
type Secret { id: ID! }
input Order { by: OrderField! then: Order }
enum OrderField { "By name. Always." NAME AGE }
enum Unused { A }
`

func cutOf(t *testing.T, list string) (string, error) {
	t.Helper()
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	for name, text := range map[string]string{"in": publishedSchema, "list": list} {
		if err := os.WriteFile(at(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := cutGraphQL(at("in"), at("list"), at("out")); err != nil {
		return "", err
	}
	cut, err := os.ReadFile(at("out"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(string(cut), graphQLHeader), nil
}

func TestCutGraphQL(t *testing.T) {
	t.Parallel()
	got, err := cutOf(t, "# a comment\nQuery: thing\n  things # and more\nNode: id\nThing: name\n")
	if err != nil {
		t.Fatal(err)
	}
	// The interface's id comes along; what is not listed goes, with every mention of it.
	for _, part := range []string{
		`type Query implements Node {`, `thing(`, `things(`, `type Thing implements Node {`, `name: String!`, `union Any = Thing`,
		`input Order {`, `NAME`, `AGE`, `@deprecated(reason: "x")`, "What can be asked.\n", "By name.\n",
	} {
		if !strings.Contains(got, part) {
			t.Errorf("%q is missing from\n%s", part, got)
		}
	}
	for _, part := range []string{"Secret", "Other", "unwanted", "more", "Unused", "docsCategory", "At length"} {
		if strings.Contains(got, part) {
			t.Errorf("%q is left in\n%s", part, got)
		}
	}
	if n := strings.Count(got, "name: String!"); n != 1 {
		t.Errorf("the doubled field is there %d times", n)
	}
}

func TestCutGraphQLRefuses(t *testing.T) {
	t.Parallel()
	for list, want := range map[string]string{
		"Query: secret":          "Query.secret needs Secret, which is not listed",
		"Query: nothing":         "Query.nothing is listed, but not in the schema",
		"Nothing: id":            "Nothing is listed, but not in the schema",
		"Query\n":                "line 1: no colon after the type",
		"Node: id\n\nNode: more": "line 3: Node is listed twice",
	} {
		if _, err := cutOf(t, list); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", list, err, want)
		}
	}
}
