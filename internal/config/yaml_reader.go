package config

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"kpi-gate/internal/gate"
	"kpi-gate/internal/kpi"
)

// reader takes what a node of a document holds, and describes it: what is read, and what the schema says of it, are one
// value.
type reader struct {
	// read adds to the document's mistakes whatever is wrong with the node.
	read func(d *document, n ast.Node)
	// schema describes what read takes. What it refuses read refuses too; read may refuse more, which a schema cannot say.
	schema schema
	// inner are the keys of a mapping, and of mappings in it, as documentation lists them; none for anything else.
	inner []innerKey
}

// innerKey is a key of a mapping, below the key that the mapping is the value of.
type innerKey struct{ path, about string }

// innerOf are the inner keys of a reader, below a key.
func innerOf(key string, of reader) []innerKey {
	keys := make([]innerKey, len(of.inner))
	for i, k := range of.inner {
		keys[i] = innerKey{key + k.path, k.about}
	}
	return keys
}

// taker takes a text, and describes it.
type taker struct {
	// take says what is wrong with the text (fit to be shown; empty for nothing) and which valid text is nearest to it
	// (empty for none).
	take func(text string) (wrong, nearest string)
	// wanted is what errors call such a text, as "a length of time such as 30d"; empty: a text.
	wanted string
	schema schema
}

// entry is a key of a mapping with its value.
type entry struct {
	name       string
	key, value ast.Node
}

// field is a key that a mapping may have, or must.
type field struct {
	name     string
	required bool
	// about says what the key is for, in sentences for those who write it.
	about string
	// instead says what to write in place of a key that does not belong here, though it may seem to; such a key is
	// refused. Empty for all others.
	instead string
	reader
	// keys are those of a mapping whose keys have values, and origins, of their own; nil for any other key.
	keys []field
	// setting is the input or flag that overrides it; empty: there is none.
	setting string
	// show is the value in force, as YAML; empty: there is none, and without says what that means.
	show    func() string
	without string
}

// fewKeys is how many keys of a mapping are listed beside the nearest one.
const fewKeys = 10

// fields reads a mapping of known keys.
func fields(known ...field) reader {
	described := schema{Type: "object", Properties: map[string]schema{}, AdditionalProperties: new(bool)}
	var names []string
	var inner []innerKey
	for _, f := range known {
		if f.instead != "" {
			continue
		}
		inner = append(append(inner, innerKey{"." + f.name, f.about}), innerOf("."+f.name, f.reader)...)
		names = append(names, f.name)
		of := f.schema
		of.Description = f.about
		described.Properties[f.name] = of
		if f.required {
			described.Required = append(described.Required, f.name)
		}
	}
	all := strings.Join(names, ", ")
	return reader{schema: described, inner: inner, read: func(d *document, n ast.Node) {
		entries, ok := d.mapping(n, "a mapping with the keys "+all)
		if !ok {
			return
		}
		given := map[string]bool{}
		for _, e := range entries {
			given[e.name] = true
			i := slices.IndexFunc(known, func(f field) bool { return f.name == e.name })
			switch {
			case i < 0:
				nearest := gate.Nearest(e.name, names)
				given[nearest] = true // It is misspelt: that it is missing, too, would be no news.
				message := "there is no key " + gate.Quote(e.name) + " here"
				if nearest == "" || len(names) <= fewKeys {
					message += ": the keys are " + all
				}
				d.fail(e.key.GetToken(), nearest, "%s", message)
			case known[i].instead != "":
				d.fail(e.key.GetToken(), "", "%s", known[i].instead)
			default:
				known[i].read(d, e.value)
			}
		}
		for _, f := range known {
			if f.required && !given[f.name] {
				d.fail(start(n), "", "the key %s is missing", f.name)
			}
		}
	}}
}

// text reads a text.
func text(of taker) reader {
	return reader{schema: of.schema, read: func(d *document, n ast.Node) {
		s, ok := n.(*ast.StringNode)
		switch meant := withColon(n); {
		case ok:
			d.take(s, of)
		case meant != "":
			d.fail(start(n), meant, "a mapping is here where a text belongs: one with a colon and a blank stands in quotes")
		default:
			d.wrongKind(n, cmp.Or(of.wanted, "a text"))
		}
	}}
}

// prose reads a text that may be written over several lines, as > and | have it; each blank and line break is one blank.
func prose(of taker) reader {
	plain := text(of)
	return reader{schema: plain.schema, read: func(d *document, n ast.Node) {
		lines, ok := n.(*ast.LiteralNode)
		if !ok {
			plain.read(d, n)
			return
		}
		if wrong, nearest := of.take(strings.Join(strings.Fields(lines.Value.Value), " ")); wrong != "" {
			d.fail(start(n), nearest, "%s", wrong)
		}
	}}
}

// pair is a key and its value that stand alone, both texts, such as a text with a colon and a blank that was taken for a
// mapping.
func pair(n ast.Node) (key, value string, ok bool) {
	if m, isMapping := n.(*ast.MappingNode); isMapping && !m.IsFlowStyle && len(m.Values) == 1 {
		n = m.Values[0]
	}
	m, ok := n.(*ast.MappingValueNode)
	if !ok {
		return "", "", false
	}
	k, isText := m.Key.(*ast.StringNode)
	v, isTextToo := m.Value.(*ast.StringNode)
	if !isText || !isTextToo {
		return "", "", false
	}
	return k.Value, v.Value, true
}

// withColon is the text, in quotes, that was taken for a mapping, such as the label type: bug; empty for anything else.
func withColon(n ast.Node) string {
	key, value, ok := pair(n)
	text := key + ": " + value
	if !ok || gate.GlobMistake(text) != "" || strings.ContainsAny(text, `"\`) {
		return ""
	}
	return `"` + text + `"`
}

// listOf reads a list of what the reader of its items reads, at least one.
func listOf(item reader) reader {
	return reader{
		schema: schema{Type: "array", Items: &item.schema, MinItems: 1}, inner: innerOf("[]", item),
		read: func(d *document, n ast.Node) {
			list, ok := n.(*ast.SequenceNode)
			switch {
			case !ok:
				d.wrongKind(n, "a list, such as [a, b],")
			case len(list.Values) == 0:
				d.fail(start(n), "", "the list is empty")
			default:
				for _, value := range list.Values {
					item.read(d, value)
				}
			}
		},
	}
}

// texts reads a list of texts, at least one.
func texts(of taker) reader { return listOf(text(of)) }

// textOrTexts reads one text, or a list of them.
func textOrTexts(of taker) reader {
	many := texts(of)
	return reader{
		schema: schema{AnyOf: []schema{of.schema, many.schema}},
		read: func(d *document, n ast.Node) {
			if s, ok := n.(*ast.StringNode); ok {
				d.take(s, of)
				return
			}
			many.read(d, n)
		},
	}
}

// take gives a text to its taker.
func (d *document) take(s *ast.StringNode, of taker) {
	if wrong, nearest := of.take(s.Value); wrong != "" {
		d.fail(s.GetToken(), nearest, "%s", wrong)
	}
}

// globs reads a list of globs, which take the place of those that were there.
func globs(into *kpi.Globs) reader {
	return globsThat(into, func(string) (wrong, nearest string) { return "", "" })
}

// globsThat reads a list of globs in which a mistake besides those of any glob may be found.
func globsThat(into *kpi.Globs, mistake func(glob string) (wrong, nearest string)) reader {
	return collected(into, texts, taker{
		schema: schema{Type: "string", MinLength: 1},
		take: func(glob string) (wrong, nearest string) {
			if wrong = gate.GlobMistake(glob); wrong != "" {
				return wrong, ""
			}
			return mistake(glob)
		},
	})
}

// collected reads, as texts or textOrTexts do, the texts in which their taker finds no mistake; they take the place of
// those that were there.
func collected[T ~[]string](into *T, many func(taker) reader, of taker) reader {
	var given T
	take := of.take
	of.take = func(text string) (wrong, nearest string) {
		if wrong, nearest = take(text); wrong == "" {
			given = append(given, text)
		}
		return wrong, nearest
	}
	return many(of).then(func() { *into, given = given, nil })
}

// then is the reader with something to do after each reading.
func (r reader) then(do func()) reader {
	read := r.read
	r.read = func(d *document, n ast.Node) {
		read(d, n)
		do()
	}
	return r
}

// ifRight is the reader with something to do after a reading without mistakes.
func (r reader) ifRight(do func()) reader {
	read := r.read
	r.read = func(d *document, n ast.Node) {
		before := len(d.errs) + d.untold
		read(d, n)
		if len(d.errs)+d.untold == before {
			do()
		}
	}
	return r
}

// choice takes one of the names.
func choice(names []string, take func(name string)) taker {
	return taker{
		wanted: "one of " + strings.Join(names, ", "),
		schema: schema{Type: "string", Enum: names},
		take: func(name string) (wrong, nearest string) {
			if !slices.Contains(names, name) {
				return gate.Quote(name) + " is none of " + strings.Join(names, ", "), gate.Nearest(name, names)
			}
			take(name)
			return "", ""
		},
	}
}

// line takes a text of one line, of at most most characters that can be seen.
func line(most int, into *string) taker {
	return taker{
		schema: schema{Type: "string", MinLength: 1, MaxLength: most},
		take: func(text string) (wrong, nearest string) {
			if wrong = lineMistake(text, most); wrong == "" {
				*into = text
			}
			return wrong, ""
		},
	}
}

// lineMistake says what is wrong with a text that is to be one line; empty for nothing.
func lineMistake(text string, most int) string {
	unseen := strings.IndexFunc(text, func(r rune) bool { return !unicode.IsGraphic(r) })
	switch {
	case strings.TrimSpace(text) == "":
		return "there is nothing in it"
	case !utf8.ValidString(text):
		return "it is not UTF-8"
	case unseen >= 0:
		return fmt.Sprintf("it is to be one line, without control characters, and has %U", []rune(text[unseen:])[0])
	case utf8.RuneCountInString(text) > most:
		return fmt.Sprintf("it has more than %d characters", most)
	default:
		return ""
	}
}

// span takes a length of time between two bounds, which are written as shortest and longest.
func span(what string, least, most time.Duration, example string, into *time.Duration) taker {
	return taker{
		wanted: "a length of time such as " + example,
		schema: schema{Type: "string", Pattern: `^\s*[0-9.]+\s*(w|d|h|min|m|s)`, Examples: []string{example}},
		take: func(text string) (wrong, nearest string) {
			d, err := gate.ParseDuration(text)
			switch {
			case err != nil:
				return gate.Quote(text) + " is not a length of time such as " + example, ""
			case d < least:
				return fmt.Sprintf("%s is too short: the shortest %s is %s",
					gate.Quote(text), what, gate.FormatDuration(least)), ""
			case d > most:
				return fmt.Sprintf("%s is too long: the longest %s is %s",
					gate.Quote(text), what, gate.FormatDuration(most)), ""
			}
			*into = d
			return "", ""
		},
	}
}

// date takes a day, as midnight UTC.
func date(into *time.Time) taker {
	return taker{
		wanted: "a day such as 2026-12-31",
		schema: schema{Type: "string", Format: "date", Pattern: `^[0-9]{4}-[0-9]{2}-[0-9]{2}$`},
		take: func(day string) (wrong, nearest string) {
			t, err := time.Parse(time.DateOnly, day)
			if err != nil {
				return gate.Quote(day) + " is not a day such as 2026-12-31", ""
			}
			*into = t
			return "", ""
		},
	}
}

// decimal is a number without a sign, an exponent or separators.
var decimal = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?$`)

// amount reads a number above 0 and at most most.
func amount(most float64, into *float64) reader {
	described := schema{Type: "number", ExclusiveMinimum: new(float64), Maximum: &most}
	return reader{schema: described, read: func(d *document, n ast.Node) {
		switch v := n.(type) {
		case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		case *ast.StringNode:
			nearest := ""
			if decimal.MatchString(v.Value) {
				nearest = v.Value
			}
			d.fail(start(n), nearest, "a text is here where a number such as 5000, without quotes, belongs")
			return
		default:
			d.wrongKind(n, "a number such as 5000")
			return
		}
		written := n.GetToken().Value
		x, err := strconv.ParseFloat(written, 64)
		switch {
		case !decimal.MatchString(written):
			d.fail(start(n), "", "%s is not a number above 0 in digits, with or without a decimal point, such as 5000",
				gate.Quote(written))
		case err != nil || x <= 0 || x > most:
			d.fail(start(n), "", "the number must be above 0 and at most %s", strconv.FormatFloat(most, 'f', -1, 64))
		default:
			*into = x
		}
	}}
}

// truth reads true or false.
func truth(into *bool) reader {
	return reader{schema: schema{Type: "boolean"}, read: func(d *document, n ast.Node) {
		b, ok := n.(*ast.BoolNode)
		if ok {
			*into = b.Value
			return
		}
		if s, ok := n.(*ast.StringNode); ok {
			d.fail(start(n), truths[strings.ToLower(s.Value)], "%s is a text, and neither true nor false", gate.Quote(s.Value))
			return
		}
		d.wrongKind(n, "true or false")
	}}
}

// truths are what people write for true and false.
var truths = map[string]string{
	"true": "true", "yes": "true", "on": "true", "y": "true",
	"false": "false", "no": "false", "off": "false", "n": "false",
}

// mapping is what a mapping holds, without keys that are none or stand a second time.
func (d *document) mapping(n ast.Node, wanted string) ([]entry, bool) {
	var values []*ast.MappingValueNode
	switch m := n.(type) {
	case *ast.MappingNode:
		values = m.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{m}
	default:
		d.wrongKind(n, wanted)
		return nil, false
	}
	var entries []entry
	lines := map[string]int{}
	for _, v := range values {
		key, ok := v.Key.(*ast.StringNode)
		if !ok {
			d.wrongKind(v.Key, "a key")
			continue
		}
		if line, given := lines[key.Value]; given {
			d.fail(key.GetToken(), "", "%s is already there in line %d", gate.Quote(key.Value), line)
			continue
		}
		lines[key.Value] = key.GetToken().Position.Line
		entries = append(entries, entry{name: key.Value, key: key, value: v.Value})
	}
	return entries, true
}

// wrongKind is the mistake of a node that is of another kind than is wanted.
func (d *document) wrongKind(n ast.Node, wanted string) {
	kind := "something else"
	switch n.(type) {
	case *ast.NullNode:
		kind = "nothing"
	case *ast.BoolNode:
		kind = "true or false, without quotes,"
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		kind = "a number, without quotes,"
	case *ast.StringNode:
		kind = "a text"
	case *ast.LiteralNode:
		kind = "a text of several lines"
	case *ast.SequenceNode:
		kind = "a list"
	case *ast.MappingNode, *ast.MappingValueNode:
		kind = "a mapping"
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode:
		d.fail(start(n), inQuotes(n),
			"a text that begins with *, & or ! stands in quotes: anchors, aliases and tags are not read")
		return
	case *ast.MergeKeyNode:
		d.fail(start(n), "", "merge keys are not read: write the keys out")
		return
	}
	d.fail(start(n), "", "%s is here where %s belongs", kind, wanted)
}

// inQuotes is the glob that was taken for an alias, since it begins with an asterisk; empty for anything else.
func inQuotes(n ast.Node) string {
	alias, ok := n.(*ast.AliasNode)
	if !ok || alias.Value == nil {
		return ""
	}
	glob := "*" + alias.Value.GetToken().Value
	if gate.GlobMistake(glob) != "" {
		return ""
	}
	return `"` + glob + `"`
}

// start is the first token of a node. That of a mapping without braces is its first key, not the colon that the parser
// takes it for.
func start(n ast.Node) *token.Token {
	switch m := n.(type) {
	case *ast.MappingNode:
		if !m.IsFlowStyle && len(m.Values) > 0 {
			return start(m.Values[0].Key)
		}
	case *ast.MappingValueNode:
		return start(m.Key)
	}
	return n.GetToken()
}
