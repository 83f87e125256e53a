package githubsim

import (
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// maxNodes is how many nodes one query may ask for
// (https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api#node-limit).
const maxNodes = 500_000

// price is what GitHub asks for a query, known before it is run.
type price struct {
	// cost is in points; nodes is how many nodes the query may return.
	cost, nodes int
	// dryRun is true when the query only wants to know its price.
	dryRun bool
}

// price adds up, over all connections of a query, the requests that it takes to fill them when every page is full,
// and divides by 100; the least is one point
// (https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api).
func priceOf(document *ast.QueryDocument, operation *ast.OperationDefinition, variables map[string]any) price {
	a := appraisal{document: document, variables: variables}
	a.walk(operation.SelectionSet, 1)
	return price{cost: max((a.requests+50)/100, 1), nodes: a.nodes, dryRun: a.dryRun}
}

type appraisal struct {
	document        *ast.QueryDocument
	variables       map[string]any
	requests, nodes int
	dryRun          bool
}

// tooMany stops products of pages from overflowing: beyond it a query is refused anyway.
const tooMany = 1 << 40

// walk adds what a selection costs when there are as many parents of it as given. The same field of the same type in
// two fragments is one connection.
func (a *appraisal) walk(set ast.SelectionSet, parents int) {
	type key struct{ parent, name string }
	merged := map[key][]*ast.Field{}
	var order []key
	a.collect(set, func(f *ast.Field) {
		k := key{f.ObjectDefinition.Name, f.Alias}
		if merged[k] == nil {
			order = append(order, k)
		}
		merged[k] = append(merged[k], f)
	})
	for _, k := range order {
		fields := merged[k]
		f := fields[0]
		var below ast.SelectionSet
		for _, same := range fields {
			below = append(below, same.SelectionSet...)
		}
		if f.Name == "rateLimit" {
			dry, _ := f.ArgumentMap(a.variables)["dryRun"].(bool)
			a.dryRun = a.dryRun || dry
		}
		children := parents
		if isConnection(f.Definition) {
			arguments := arguments(f.ArgumentMap(a.variables))
			size, ok := arguments.integer("first")
			if !ok {
				size, _ = arguments.integer("last")
			}
			a.requests = min(a.requests+parents, tooMany)
			children = min(parents*max(size, 0), tooMany)
			a.nodes = min(a.nodes+children, tooMany)
		}
		if isLookUp(f) {
			children = min(parents*len(arguments(f.ArgumentMap(a.variables)).list("ids")), tooMany)
			a.nodes = min(a.nodes+children, tooMany)
		}
		a.walk(below, children)
	}
}

// collect visits the fields that a selection includes, through fragments.
func (a *appraisal) collect(set ast.SelectionSet, visit func(*ast.Field)) {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			if included(s.Directives, a.variables) && s.Definition != nil {
				visit(s)
			}
		case *ast.InlineFragment:
			if included(s.Directives, a.variables) {
				a.collect(s.SelectionSet, visit)
			}
		case *ast.FragmentSpread:
			if included(s.Directives, a.variables) {
				a.collect(a.document.Fragments.ForName(s.Name).SelectionSet, visit)
			}
		}
	}
}

// included is the verdict of @skip and @include.
func included(directives ast.DirectiveList, variables map[string]any) bool {
	for _, d := range directives {
		condition, _ := d.ArgumentMap(variables)["if"].(bool)
		if d.Name == "skip" && condition || d.Name == "include" && !condition {
			return false
		}
	}
	return true
}

func isConnection(f *ast.FieldDefinition) bool { return strings.HasSuffix(f.Type.Name(), "Connection") }

// isLookUp reports whether a field looks objects up by their ids: no connection, but what is below it is read for each
// of them.
func isLookUp(f *ast.Field) bool { return f.Name == "nodes" && f.ObjectDefinition.Name == "Query" }

// thousands writes a number as 1,234,567.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
