package github

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"github.com/shurcooL/githubv4"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// Price is what a query costs in points by GitHub's formula: the requests that it would take to fill every connection
// when each page is full, divided by 100, rounded, at least one. A field with the argument first or last is a
// connection; what @include and @skip leave out costs nothing
// (https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api#predicting-the-point-value-of-a-query).
func Price(query string, variables map[string]any) (int, error) {
	// Through JSON, as the variables go to GitHub: callers have their own types for numbers.
	text, err := json.Marshal(variables)
	if err != nil {
		return 0, fmt.Errorf("pricing a query: its variables: %w", err)
	}
	return priceOf(query, text)
}

// PriceOf is the Price of a query that q spells out, as Client.Query takes it.
func PriceOf(q any, variables map[string]any) (int, error) {
	price, failure := 0, errors.New("the query was not spelt out")
	spell := roundTrip(func(r *http.Request) (*http.Response, error) {
		body, err := takeBody(r)
		if err == nil {
			price, err = priceOfBody(body)
		}
		failure = err
		// Nothing is sent: the library has done its part once it has written the query.
		return nil, errors.New("not sent")
	})
	client := githubv4.NewEnterpriseClient(DefaultGraphQLURL, &http.Client{Transport: spell})
	if err := client.Query(context.Background(), q, variables); err != nil && failure != nil {
		return 0, fmt.Errorf("pricing a query: %w", errors.Join(failure, err))
	}
	return price, nil
}

// roundTrip is a function as an http.RoundTripper.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// priceOfBody is the price of the query in the body of a request.
func priceOfBody(body []byte) (int, error) {
	var request struct {
		Query     string          `json:"query"`
		Variables json.RawMessage `json:"variables"`
	}
	if err := json.Unmarshal(body, &request); err != nil {
		return 0, fmt.Errorf("pricing a query: %w", err)
	}
	return priceOf(request.Query, request.Variables)
}

// priceOf is the price of a query whose variables are a JSON object, null, or nothing.
func priceOf(query string, variables []byte) (int, error) {
	p := pricing{variables: map[string]any{}}
	if len(variables) > 0 {
		decoder := json.NewDecoder(bytes.NewReader(variables))
		decoder.UseNumber()
		if err := decoder.Decode(&p.variables); err != nil && !errors.Is(err, io.EOF) {
			return 0, fmt.Errorf("pricing a query: its variables: %w", err)
		}
	}
	document, err := parser.ParseQuery(&ast.Source{Input: query})
	if err != nil {
		return 0, fmt.Errorf("pricing a query: %w", err)
	}
	if len(document.Operations) != 1 {
		return 0, fmt.Errorf("pricing a query: want one operation, not %d", len(document.Operations))
	}
	p.document, p.operation = document, document.Operations[0]
	if err := p.walk(p.operation.SelectionSet, 1, 0); err != nil {
		return 0, fmt.Errorf("pricing a query: %w", err)
	}
	return max((p.requests+50)/100, 1), nil
}

const (
	// tooMany keeps products of page sizes from overflowing; GitHub refuses a query of far fewer nodes.
	tooMany = 1 << 40
	// deepest bounds fragments that spread themselves.
	deepest = 100
)

// pricing adds up the requests behind one query.
type pricing struct {
	document  *ast.QueryDocument
	operation *ast.OperationDefinition
	variables map[string]any
	requests  int
}

// place tells the connections of a selection apart: the same key below the same type, in two fragments perhaps, is one.
type place struct{ on, key string }

// chosen are the fields of a selection that are included, those of one place together.
type chosen struct {
	order []place
	at    map[place][]*ast.Field
}

// walk adds what a selection costs when there are as many parents of it as given.
func (p *pricing) walk(set ast.SelectionSet, parents, depth int) error {
	fields := chosen{at: map[place][]*ast.Field{}}
	if err := p.choose(&fields, set, "", depth); err != nil {
		return err
	}
	for _, at := range fields.order {
		var below ast.SelectionSet
		for _, field := range fields.at[at] {
			below = append(below, field.SelectionSet...)
		}
		children := parents
		size, connection, err := p.page(fields.at[at][0])
		if err != nil {
			return err
		}
		if connection {
			p.requests = min(p.requests+parents, tooMany)
			children = min(parents*size, tooMany)
		}
		if ids := p.lookUp(fields.at[at][0]); ids > 0 {
			children = min(parents*ids, tooMany)
		}
		if err := p.walk(below, children, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// choose puts the fields of a selection on a type into fields, through fragments.
func (p *pricing) choose(fields *chosen, set ast.SelectionSet, on string, depth int) error {
	if depth > deepest {
		return fmt.Errorf("it is more than %d levels deep", deepest)
	}
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			if !p.included(s.Directives) {
				continue
			}
			at := place{on: on, key: s.Alias}
			if fields.at[at] == nil {
				fields.order = append(fields.order, at)
			}
			fields.at[at] = append(fields.at[at], s)
		case *ast.InlineFragment:
			if !p.included(s.Directives) {
				continue
			}
			within := on
			if s.TypeCondition != "" {
				within = s.TypeCondition
			}
			if err := p.choose(fields, s.SelectionSet, within, depth+1); err != nil {
				return err
			}
		case *ast.FragmentSpread:
			if !p.included(s.Directives) {
				continue
			}
			fragment := p.document.Fragments.ForName(s.Name)
			if fragment == nil {
				return fmt.Errorf("there is no fragment %s", s.Name)
			}
			if err := p.choose(fields, fragment.SelectionSet, fragment.TypeCondition, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// included is the verdict of @skip and @include.
func (p *pricing) included(directives ast.DirectiveList) bool {
	for _, d := range directives {
		argument := d.Arguments.ForName("if")
		if argument == nil {
			continue
		}
		condition, _ := p.value(argument.Value).(bool)
		if d.Name == "skip" && condition || d.Name == "include" && !condition {
			return false
		}
	}
	return true
}

// lookUp is how many objects a field looks up by their global ids, 0 for any other field. It is no connection, but what
// is asked of each object counts as often.
func (p *pricing) lookUp(field *ast.Field) int {
	if ids := field.Arguments.ForName("ids"); ids != nil && field.Name == "nodes" {
		if given, ok := p.value(ids.Value).([]any); ok {
			return len(given)
		}
	}
	return 0
}

// counts reports whether a field without a page size is a connection of which only the count, or how it goes on, is
// asked for.
func counts(field *ast.Field) bool {
	for _, selection := range field.SelectionSet {
		if part, ok := selection.(*ast.Field); ok && (part.Name == "totalCount" || part.Name == "pageInfo") {
			return true
		}
	}
	return false
}

// page is how many nodes a connection is asked for.
func (p *pricing) page(field *ast.Field) (size int, connection bool, err error) {
	for _, name := range []string{"first", "last"} {
		argument := field.Arguments.ForName(name)
		if argument == nil {
			continue
		}
		connection = true
		switch value := p.value(argument.Value).(type) {
		case nil:
			continue
		case json.Number:
			size, err = strconv.Atoi(value.String())
			if err == nil && size >= 0 {
				return size, true, nil
			}
		}
		return 0, false, fmt.Errorf("%s of %s is no number of nodes", name, field.Alias)
	}
	if connection {
		return 0, false, fmt.Errorf("neither first nor last of %s has a value", field.Alias)
	}
	return 0, counts(field), nil
}

// value is what a boolean or a number of the query says, with variables put in; nil for anything else.
func (p *pricing) value(v *ast.Value) any {
	if v.Kind == ast.Variable {
		if given, ok := p.variables[v.Raw]; ok {
			return given
		}
		definition := p.operation.VariableDefinitions.ForName(v.Raw)
		if definition == nil || definition.DefaultValue == nil || definition.DefaultValue.Kind == ast.Variable {
			return nil
		}
		v = definition.DefaultValue
	}
	switch v.Kind {
	case ast.BooleanValue:
		return v.Raw == "true"
	case ast.IntValue:
		return json.Number(v.Raw)
	}
	return nil
}
