package githubsim

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
)

//go:embed testdata/github.graphql
var schemaText string

// loadSchema parses GitHub's schema as far as it is served. It is the same for every server.
var loadSchema = sync.OnceValues(func() (*ast.Schema, error) {
	schema, err := validator.LoadSchema(validator.Prelude, &ast.Source{Name: "github.graphql", Input: schemaText})
	if err != nil {
		return nil, fmt.Errorf("loading GitHub's GraphQL schema: %w", err)
	}
	return schema, nil
})

// graphQL answers queries.
type graphQL struct {
	server *Server
	schema *ast.Schema
}

func newGraphQL(s *Server) (*graphQL, error) {
	schema, err := loadSchema()
	if err != nil {
		return nil, err
	}
	return &graphQL{server: s, schema: schema}, nil
}

// queryError is an entry of an answer's errors.
type queryError struct {
	Type       string              `json:"type,omitempty"`
	Path       []any               `json:"path,omitempty"`
	Extensions map[string]any      `json:"extensions,omitempty"`
	Locations  []gqlerror.Location `json:"locations,omitempty"`
	Message    string              `json:"message"`
}

func (e *queryError) Error() string { return e.Message }

// maxQueryBody is more than any query of a reader.
const maxQueryBody = 4 << 20

// serve answers one request. Whatever is wrong with a query is told with status 200, as GitHub does.
func (g *graphQL) serve(c *call, r *http.Request) {
	var body struct {
		Query         *string        `json:"query"`
		Variables     map[string]any `json:"variables"`
		OperationName string         `json:"operationName"`
	}
	d := json.NewDecoder(io.LimitReader(r.Body, maxQueryBody))
	// Numbers keep their form: 10 is an Int and 10.5 is none.
	d.UseNumber()
	if err := d.Decode(&body); err != nil {
		writeError(c, http.StatusBadRequest, "Problems parsing JSON", "https://docs.github.com/graphql")
		return
	}
	if body.Query == nil {
		g.refuse(c, &queryError{Message: "A query attribute must be specified and must be a string."})
		return
	}
	c.Query = *body.Query
	q := g.read(*body.Query, body.OperationName, body.Variables)
	fault := g.server.fault(asked{
		method: c.Method, path: c.Path, selected: selected(q.document, body.OperationName, body.Variables), page: q.page(),
	})
	switch {
	case fault == nil:
		g.answer(c, q, nil)
	case fault.replaces():
		g.server.replace(c, r, resourceGraphQL, fault)
	case fault.Partial != nil:
		g.answer(c, q, fault.Partial)
	default:
		whole := shortened(c, fault.Truncate)
		g.answer(c, q, nil)
		whole.send()
	}
}

// reading is a query as it was read: what it asks for, or what is wrong with it.
type reading struct {
	document  *ast.QueryDocument
	operation *ast.OperationDefinition
	variables map[string]any
	problems  []*queryError
}

// read parses and validates a query, chooses its operation and fills in the variables.
func (g *graphQL) read(query, name string, variables map[string]any) reading {
	document, problems := g.check(query)
	q := reading{document: document, problems: problems}
	if len(problems) > 0 {
		return q
	}
	var err error
	if q.operation, q.variables, err = g.prepare(document, name, variables); err != nil {
		q.problems = []*queryError{asQueryError(err)}
	}
	return q
}

// page is the size of the largest of the outermost pages that a query asks for, or the number of ids that it looks up;
// 0 for a query that is wrong.
func (q reading) page() int {
	if len(q.problems) > 0 {
		return 0
	}
	a := appraisal{document: q.document, variables: q.variables}
	largest, ids := 0, 0
	var walk func(ast.SelectionSet)
	walk = func(set ast.SelectionSet) {
		a.collect(set, func(f *ast.Field) {
			values := arguments(f.ArgumentMap(q.variables))
			first, forward := values.integer("first")
			last, backward := values.integer("last")
			switch {
			case forward || backward:
				largest = max(largest, first, last)
			case isLookUp(f):
				ids += len(values.list("ids"))
			default:
				walk(f.SelectionSet)
			}
		})
	}
	walk(q.operation.SelectionSet)
	return max(largest, ids)
}

// check parses and validates a query.
func (g *graphQL) check(query string) (*ast.QueryDocument, []*queryError) {
	document, err := parser.ParseQuery(&ast.Source{Input: query})
	if err != nil {
		return nil, []*queryError{fromParser(err)}
	}
	if list := validator.ValidateWithRules(g.schema, document, nil); len(list) > 0 {
		return document, explainInvalid(document, list)
	}
	return document, nil
}

// answer prices the query, charges it and executes it.
func (g *graphQL) answer(c *call, q reading, partial *PartialError) {
	s, problems := g.server, q.problems
	price := price{cost: 1}
	if len(problems) == 0 {
		price = priceOf(q.document, q.operation, q.variables)
	}
	if price.nodes > maxNodes {
		problems = []*queryError{{Type: "MAX_NODE_LIMIT_EXCEEDED", Message: fmt.Sprintf(
			"This query requests up to %s possible nodes which exceeds the maximum limit of 500,000.", thousands(price.nodes))}}
	}
	if !price.dryRun && !s.spend(c, resourceGraphQL, price.cost) {
		s.setLimitHeaders(c, resourceGraphQL)
		g.refuse(c, &queryError{Type: "RATE_LIMIT", Message: "API rate limit already exceeded for installation ID 1."})
		return
	}
	s.setLimitHeaders(c, resourceGraphQL)
	if len(problems) > 0 {
		g.refuse(c, problems...)
		return
	}
	x := &execution{
		server: s, index: s.served.Load().index, schema: g.schema, document: q.document, variables: q.variables, price: price,
		partial: partial,
	}
	writeBody(c, http.StatusOK, x.run(q.operation))
}

// prepare chooses the operation and reads its variables.
func (g *graphQL) prepare(document *ast.QueryDocument, name string, variables map[string]any) (
	*ast.OperationDefinition, map[string]any, error,
) {
	operation := document.Operations.ForName(name)
	if operation == nil {
		if name == "" {
			return nil, nil, &queryError{Message: "An operation name is required"}
		}
		return nil, nil, &queryError{Message: fmt.Sprintf("No operation named %q", name)}
	}
	values, err := validator.VariableValues(g.schema, operation, variables)
	if err != nil {
		return nil, nil, explainVariable(operation, err)
	}
	return operation, values, nil
}

// refuse answers with errors and no data.
func (g *graphQL) refuse(c *call, problems ...*queryError) {
	writeJSON(c, http.StatusOK, struct {
		Errors []*queryError `json:"errors"`
	}{problems})
}

// selected is what a fault may choose a query by: the name of its operation and those of the fields that it selects,
// without those that its variables leave out. It is empty, not nil, for a query that cannot be read.
func selected(document *ast.QueryDocument, name string, variables map[string]any) []string {
	names := []string{}
	if document == nil {
		return names
	}
	if operation := document.Operations.ForName(name); operation != nil && operation.Name != "" {
		names = append(names, operation.Name)
	}
	var walk func(ast.SelectionSet)
	walk = func(set ast.SelectionSet) {
		for _, s := range set {
			switch s := s.(type) {
			case *ast.Field:
				// In a query that is refused, a directive need not be any of GraphQL's.
				unknown := slices.ContainsFunc(s.Directives, func(d *ast.Directive) bool { return d.Definition == nil })
				if unknown || included(s.Directives, variables) {
					names = append(names, s.Name)
					walk(s.SelectionSet)
				}
			case *ast.InlineFragment:
				walk(s.SelectionSet)
			}
		}
	}
	for _, operation := range document.Operations {
		walk(operation.SelectionSet)
	}
	for _, fragment := range document.Fragments {
		walk(fragment.SelectionSet)
	}
	return names
}
