package config

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"kpi-gate/internal/gate"
	"kpi-gate/internal/kpi"
)

// reader takes what a node of a document holds, and adds to the document's mistakes whatever is wrong with it.
type reader func(d *document, n ast.Node)

// taker takes a text, or says what is wrong with it (fit to be shown; empty for nothing) and which valid text is
// nearest to it (empty for none).
type taker func(text string) (wrong, nearest string)

// entry is a key of a mapping with its value.
type entry struct {
	name       string
	key, value ast.Node
}

// field is a key that a mapping may have, or must.
type field struct {
	name     string
	required bool
	read     reader
}

// fields reads a mapping of known keys.
func fields(known ...field) reader {
	names := make([]string, len(known))
	for i, f := range known {
		names[i] = f.name
	}
	all := strings.Join(names, ", ")
	return func(d *document, n ast.Node) {
		entries, ok := d.mapping(n, "a mapping with the keys "+all)
		if !ok {
			return
		}
		given := map[string]bool{}
		for _, e := range entries {
			given[e.name] = true
			i := slices.Index(names, e.name)
			if i < 0 {
				nearest := gate.Nearest(e.name, names)
				given[nearest] = true // It is misspelt: that it is missing, too, would be no news.
				d.fail(e.key.GetToken(), nearest, "there is no key %s here: the keys are %s",
					gate.Quote(e.name), all)
				continue
			}
			known[i].read(d, e.value)
		}
		for _, f := range known {
			if f.required && !given[f.name] {
				d.fail(start(n), "", "the key %s is missing", f.name)
			}
		}
	}
}

// text reads a text.
func text(take taker) reader {
	return func(d *document, n ast.Node) {
		s, ok := n.(*ast.StringNode)
		switch meant := withColon(n); {
		case ok:
			d.take(s, take)
		case meant != "":
			d.fail(start(n), meant, "a mapping is here where a text belongs: one with a colon and a blank stands in quotes")
		default:
			d.wrongKind(n, "a text")
		}
	}
}

// withColon is the text, in quotes, that was taken for a mapping, such as the label type: bug; empty for anything else.
func withColon(n ast.Node) string {
	if m, ok := n.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) == 1 {
		n = m.Values[0]
	}
	m, ok := n.(*ast.MappingValueNode)
	if !ok {
		return ""
	}
	key, isText := m.Key.(*ast.StringNode)
	value, isTextToo := m.Value.(*ast.StringNode)
	if !isText || !isTextToo {
		return ""
	}
	text := key.Value + ": " + value.Value
	if gate.GlobMistake(text) != "" || strings.ContainsAny(text, `"\`) {
		return ""
	}
	return `"` + text + `"`
}

// texts reads a list of texts, at least one.
func texts(take taker) reader {
	return func(d *document, n ast.Node) {
		list, ok := n.(*ast.SequenceNode)
		switch {
		case !ok:
			d.wrongKind(n, "a list, such as [a, b],")
		case len(list.Values) == 0:
			d.fail(start(n), "", "the list is empty")
		default:
			for _, item := range list.Values {
				text(take)(d, item)
			}
		}
	}
}

// textOrTexts reads one text, or a list of them.
func textOrTexts(take taker) reader {
	return func(d *document, n ast.Node) {
		if s, ok := n.(*ast.StringNode); ok {
			d.take(s, take)
			return
		}
		texts(take)(d, n)
	}
}

// take gives a text to its taker.
func (d *document) take(s *ast.StringNode, take taker) {
	if wrong, nearest := take(s.Value); wrong != "" {
		d.fail(s.GetToken(), nearest, "%s", wrong)
	}
}

// globs reads a list of globs.
func globs(into *kpi.Globs) reader {
	return texts(func(glob string) (wrong, nearest string) {
		if wrong = gate.GlobMistake(glob); wrong == "" {
			*into = append(*into, glob)
		}
		return wrong, ""
	})
}

// decimal is a number without a sign, an exponent or separators.
var decimal = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?$`)

// amount reads a number above 0 and at most most.
func amount(most float64, into *float64) reader {
	return func(d *document, n ast.Node) {
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
	}
}

// truth reads true or false.
func truth(into *bool) reader {
	nearest := map[string]string{
		"true": "true", "yes": "true", "on": "true", "y": "true",
		"false": "false", "no": "false", "off": "false", "n": "false",
	}
	return func(d *document, n ast.Node) {
		b, ok := n.(*ast.BoolNode)
		if ok {
			*into = b.Value
			return
		}
		if s, ok := n.(*ast.StringNode); ok {
			d.fail(start(n), nearest[strings.ToLower(s.Value)], "%s is a text, and neither true nor false", gate.Quote(s.Value))
			return
		}
		d.wrongKind(n, "true or false")
	}
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
