package githubsim

import (
	"encoding/json"
	"time"
)

// arguments are the arguments of a field, defaults and variables filled in. An argument that is null is there without
// a value; most mean nothing then.
type arguments map[string]any

// has reports whether an argument was given, be it null.
func (a arguments) has(name string) bool {
	_, ok := a[name]
	return ok
}

// integer is an Int; false when it was not given.
func (a arguments) integer(name string) (int, bool) {
	switch n := a[name].(type) {
	case int64:
		return int(n), true
	case int:
		return n, true
	case json.Number:
		i, err := n.Int64()
		return int(i), err == nil
	}
	return 0, false
}

// text is a String, an ID or an enum; "" when it was not given.
func (a arguments) text(name string) string {
	s, _ := a[name].(string)
	return s
}

func (a arguments) boolean(name string) bool {
	b, _ := a[name].(bool)
	return b
}

// list is a list of texts. GraphQL takes one value for a list of it.
func (a arguments) list(name string) []string {
	switch v := a[name].(type) {
	case string:
		return []string{v}
	case []string:
		return v
	case []any:
		texts := make([]string, 0, len(v))
		for _, e := range v {
			if s, ok := e.(string); ok {
				texts = append(texts, s)
			}
		}
		return texts
	}
	return nil
}

// input is an input object, nil when it was not given.
func (a arguments) input(name string) arguments {
	m, _ := a[name].(map[string]any)
	return m
}

// instant is a DateTime or a GitTimestamp; zero when it was not given. Dates without a time are midnight UTC.
func (a arguments) instant(name string) (time.Time, error) {
	s, ok := a[name].(string)
	if !ok {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, &queryError{
		Message: "Argument '" + name + "' has an invalid value (" + s + "). Expected an ISO-8601 date.",
	}
}

// order is an ordering: its field and whether it descends.
func (a arguments) order(name string) (field string, descending bool) {
	o := a.input(name)
	return o.text("field"), o.text("direction") == "DESC"
}
