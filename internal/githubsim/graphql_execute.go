package githubsim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// object is something that GraphQL has a type for.
type object interface {
	// kind is the name of its type.
	kind() string
	// field is the value of one of the type's fields: nil, a bool, a string (of any scalar or enum), an int, an int64, a
	// time.Time, an object, or a list ([]any).
	field(x *execution, name string, a arguments) (any, error)
}

// errUnserved says that a field is in the schema but not in the simulation, which tests rule out.
var errUnserved = errors.New("the simulated GitHub does not serve this field")

// execution is the run of one operation.
type execution struct {
	server    *Server
	index     *index
	schema    *ast.Schema
	document  *ast.QueryDocument
	variables map[string]any
	price     price
	partial   *PartialError

	out      bytes.Buffer
	path     []any
	problems []*queryError
}

// run gives the body of the answer.
func (x *execution) run(operation *ast.OperationDefinition) []byte {
	x.out.WriteString(`{"data":`)
	if !x.object(query{}, operation.SelectionSet) {
		x.out.Truncate(len(`{"data":`))
		x.out.WriteString("null")
	}
	if p := x.partial; p != nil && len(p.Path) == 0 {
		x.problems = append(x.problems, &queryError{Type: p.Type, Message: p.Message})
	}
	if len(x.problems) > 0 {
		x.out.WriteString(`,"errors":`)
		x.scalar(x.problems)
	}
	x.out.WriteByte('}')
	return x.out.Bytes()
}

// object writes an object and reports whether it could: it cannot when a field that must not be null is.
func (x *execution) object(o object, set ast.SelectionSet) bool {
	fields := x.collect(o.kind(), set, nil)
	x.out.WriteByte('{')
	first := true
	for _, f := range fields {
		if x.price.dryRun && o.kind() == "Query" && f[0].Name != "rateLimit" {
			continue
		}
		if !first {
			x.out.WriteByte(',')
		}
		first = false
		x.text(f[0].Alias)
		x.out.WriteByte(':')
		x.path = append(x.path, f[0].Alias)
		ok := x.resolve(o, f)
		x.path = x.path[:len(x.path)-1]
		if !ok {
			return false
		}
	}
	x.out.WriteByte('}')
	return true
}

// collect groups the fields of a selection by the key that they have in the answer, in order, for an object of a type.
func (x *execution) collect(kind string, set ast.SelectionSet, fields [][]*ast.Field) [][]*ast.Field {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			if !included(s.Directives, x.variables) {
				continue
			}
			i := slices.IndexFunc(fields, func(same []*ast.Field) bool { return same[0].Alias == s.Alias })
			if i < 0 {
				fields = append(fields, []*ast.Field{s})
			} else {
				fields[i] = append(fields[i], s)
			}
		case *ast.InlineFragment:
			if included(s.Directives, x.variables) && x.applies(s.TypeCondition, kind) {
				fields = x.collect(kind, s.SelectionSet, fields)
			}
		case *ast.FragmentSpread:
			fragment := x.document.Fragments.ForName(s.Name)
			if included(s.Directives, x.variables) && x.applies(fragment.TypeCondition, kind) {
				fields = x.collect(kind, fragment.SelectionSet, fields)
			}
		}
	}
	return fields
}

// applies reports whether a fragment on a type is about objects of a kind.
func (x *execution) applies(condition, kind string) bool {
	if condition == "" || condition == kind {
		return true
	}
	return slices.ContainsFunc(x.schema.PossibleTypes[condition], func(d *ast.Definition) bool { return d.Name == kind })
}

// resolve writes the value of a field and reports whether the object around it can stand.
func (x *execution) resolve(o object, fields []*ast.Field) bool {
	f := fields[0]
	if f.Name == "__typename" {
		x.text(o.kind())
		return true
	}
	// An object's own definition: of an interface's field the types that implement it may promise more.
	definition := x.schema.Types[o.kind()].Fields.ForName(f.Name)
	if definition == nil {
		x.fail(f, fmt.Errorf("%s.%s: %w", o.kind(), f.Name, errUnserved))
		x.out.WriteString("null")
		return true
	}
	var set ast.SelectionSet
	for _, same := range fields {
		set = append(set, same.SelectionSet...)
	}
	a := arguments(f.ArgumentMap(x.variables))
	v, err := x.value(o, definition, f.Name, a)
	if c, ok := v.(*connection); ok && err == nil {
		err = c.paginate(f.Name, a, x.collect(c.name, set, nil))
	}
	if err != nil {
		x.fail(f, err)
		v = failed{}
	}
	return x.complete(definition.Type, f, set, v)
}

// value asks an object for a field, if the token may see it.
func (x *execution) value(o object, definition *ast.FieldDefinition, name string, a arguments) (any, error) {
	if permission := permissionFor(o.kind(), definition); permission != "" && x.server.denied(permission) {
		return nil, errForbidden()
	}
	return o.field(x, name, a)
}

// failed stands in for a value about which an error was already reported.
type failed struct{}

// complete writes a value as a type demands and reports whether that was possible.
func (x *execution) complete(t *ast.Type, f *ast.Field, set ast.SelectionSet, v any) bool {
	if p := x.partial; p != nil && len(p.Path) > 0 && slices.Equal(p.Path, x.path) {
		x.fail(f, &queryError{Type: p.Type, Message: p.Message})
		v = failed{}
	}
	mark := x.out.Len()
	ok := x.write(t, f, set, v)
	if !ok && !t.NonNull {
		x.out.Truncate(mark)
		x.out.WriteString("null")
		return true
	}
	return ok
}

// write writes a value and reports whether it is one: null is, unless the type says otherwise.
func (x *execution) write(t *ast.Type, f *ast.Field, set ast.SelectionSet, v any) bool {
	switch v := v.(type) {
	case failed:
		return false
	case refusal:
		x.fail(f, v.err)
		return false
	case nil:
		if t.NonNull {
			x.fail(f, &queryError{Message: "Cannot return null for non-nullable field " + f.Name})
			return false
		}
		x.out.WriteString("null")
	case object:
		if permission := kindPermissions[v.kind()]; permission != "" && x.server.denied(permission) {
			x.fail(f, errForbidden())
			return false
		}
		return x.object(v, set)
	case []any:
		x.out.WriteByte('[')
		for i, e := range v {
			if i > 0 {
				x.out.WriteByte(',')
			}
			x.path = append(x.path, i)
			ok := x.complete(t.Elem, f, set, e)
			x.path = x.path[:len(x.path)-1]
			if !ok {
				return false
			}
		}
		x.out.WriteByte(']')
	case time.Time:
		x.text(v.UTC().Format(time.RFC3339))
	case int:
		x.out.WriteString(strconv.Itoa(v))
	case int64:
		x.out.WriteString(strconv.FormatInt(v, 10))
	case bool:
		x.out.WriteString(strconv.FormatBool(v))
	case string:
		x.text(v)
	default:
		x.fail(f, fmt.Errorf("%s: cannot write a %T", f.Name, v))
		return false
	}
	return true
}

// text writes a text as JSON. Most texts need no escape; those are not worth the reflection of encoding/json.
func (x *execution) text(s string) {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || strings.IndexByte(`"\<>&`, c) >= 0 {
			x.scalar(s)
			return
		}
	}
	x.out.WriteByte('"')
	x.out.WriteString(s)
	x.out.WriteByte('"')
}

// scalar writes JSON. Texts and errors always marshal.
func (x *execution) scalar(v any) {
	b, err := json.Marshal(v)
	if err != nil {
		b = []byte("null")
	}
	x.out.Write(b)
}

// fail reports an error at the place that is being written.
func (x *execution) fail(f *ast.Field, err error) {
	e := *asQueryError(err)
	e.Path = slices.Clone(x.path)
	e.Locations = []gqlerror.Location{locationOf(f.Position)}
	x.problems = append(x.problems, &e)
}
