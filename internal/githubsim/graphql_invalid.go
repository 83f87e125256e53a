package githubsim

import (
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// fromParser words a syntax error.
func fromParser(err error) *queryError {
	var syntax *gqlerror.Error
	if !errors.As(err, &syntax) {
		return &queryError{Message: err.Error()}
	}
	return &queryError{Message: "Parse error: " + syntax.Message, Locations: syntax.Locations}
}

func asQueryError(err error) *queryError {
	var e *queryError
	if errors.As(err, &e) {
		return e
	}
	return &queryError{Message: err.Error()}
}

// codes are the extensions.code that GitHub gives for the rules that a query can break.
var codes = map[string]string{
	"FieldsOnCorrectType":          "undefinedField",
	"FragmentsOnCompositeTypes":    "fragmentOnNonCompositeType",
	"KnownArgumentNames":           "argumentNotAccepted",
	"KnownDirectives":              "undefinedDirective",
	"KnownFragmentNames":           "useAndDefineFragment",
	"KnownTypeNames":               "undefinedType",
	"NoFragmentCycles":             "infiniteLoop",
	"NoUndefinedVariables":         "variableNotDefined",
	"NoUnusedFragments":            "useAndDefineFragment",
	"NoUnusedVariables":            "variableNotUsed",
	"OverlappingFieldsCanBeMerged": "fieldConflict",
	"PossibleFragmentSpreads":      "cannotSpreadFragment",
	"ProvidedRequiredArguments":    "missingRequiredArguments",
	"ScalarLeafs":                  "selectionMismatch",
	"UniqueArgumentNames":          "argumentNotUnique",
	"ValuesOfCorrectType":          "argumentLiteralsIncompatible",
	"VariablesAreInputTypes":       "variableRequiresValidType",
	"VariablesInAllowedPosition":   "variableMismatch",
}

// explainInvalid words what is wrong with a query the way GitHub does, with the path to the place in the query.
func explainInvalid(document *ast.QueryDocument, list gqlerror.List) []*queryError {
	places := placesOf(document)
	var problems []*queryError
	seen := map[string]bool{}
	for _, e := range list {
		// A fragment is validated on its own and where it is spread.
		if seen[e.Error()] {
			continue
		}
		seen[e.Error()] = true
		problem := &queryError{Message: e.Message, Locations: e.Locations}
		if code := codes[e.Rule]; code != "" {
			problem.Extensions = map[string]any{"code": code}
		}
		if len(e.Locations) > 0 {
			if p, ok := places[e.Locations[0]]; ok {
				p.explain(e.Rule, problem)
			}
		}
		problems = append(problems, problem)
	}
	return problems
}

// place is a field of a query.
type place struct {
	path  []any
	field *ast.Field
}

// unknownArgument finds the argument in the validator's words.
var unknownArgument = regexp.MustCompile(`^Unknown argument "(\w+)"`)

// explain adds the path, and gives GitHub's own words for the two mistakes that are made most.
func (p place) explain(rule string, e *queryError) {
	e.Path = p.path
	switch rule {
	case "FieldsOnCorrectType":
		parent := p.field.ObjectDefinition.Name
		e.Message = fmt.Sprintf("Field '%s' doesn't exist on type '%s'", p.field.Name, parent)
		e.Extensions["typeName"], e.Extensions["fieldName"] = parent, p.field.Name
	case "KnownArgumentNames":
		match := unknownArgument.FindStringSubmatch(e.Message)
		if match == nil {
			return
		}
		e.Path = append(slices.Clone(p.path), match[1])
		e.Message = fmt.Sprintf("Field '%s' doesn't accept argument '%s'", p.field.Name, match[1])
		e.Extensions["name"], e.Extensions["typeName"] = p.field.Name, "Field"
		e.Extensions["argumentName"] = match[1]
		if a := p.field.Arguments.ForName(match[1]); a != nil {
			e.Locations = []gqlerror.Location{locationOf(a.Position)}
		}
	}
}

func locationOf(p *ast.Position) gqlerror.Location {
	return gqlerror.Location{Line: p.Line, Column: p.Column}
}

// placesOf finds every field of a query by where it stands.
func placesOf(document *ast.QueryDocument) map[gqlerror.Location]place {
	places := map[gqlerror.Location]place{}
	var walk func(ast.SelectionSet, []any)
	walk = func(set ast.SelectionSet, path []any) {
		for _, s := range set {
			switch s := s.(type) {
			case *ast.Field:
				here := append(slices.Clone(path), s.Alias)
				places[locationOf(s.Position)] = place{here, s}
				walk(s.SelectionSet, here)
			case *ast.InlineFragment:
				walk(s.SelectionSet, append(slices.Clone(path), "... on "+s.TypeCondition))
			}
		}
	}
	for _, operation := range document.Operations {
		root := string(operation.Operation)
		if operation.Name != "" {
			root += " " + operation.Name
		}
		walk(operation.SelectionSet, []any{root})
	}
	for _, fragment := range document.Fragments {
		walk(fragment.SelectionSet, []any{"fragment " + fragment.Name})
	}
	return places
}

// variableName finds the variable in the path of a complaint about one.
var variableName = regexp.MustCompile(`variable\.?(\w+)`)

// explainVariable words a bad value of a variable.
func explainVariable(operation *ast.OperationDefinition, err error) error {
	var bad *gqlerror.Error
	if !errors.As(err, &bad) {
		return &queryError{Message: err.Error()}
	}
	e := &queryError{Message: err.Error(), Locations: bad.Locations}
	match := variableName.FindStringSubmatch(bad.Path.String())
	if match == nil {
		return e
	}
	if v := operation.VariableDefinitions.ForName(match[1]); v != nil {
		e.Message = fmt.Sprintf("Variable $%s of type %s was provided invalid value", v.Variable, v.Type)
		e.Extensions = map[string]any{"problems": []map[string]any{{"path": []any{}, "explanation": bad.Message}}}
	}
	return e
}
