package config

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"kpi-gate/internal/gate"
)

// The size of the largest text that is read, and how deep lists and mappings in it may nest: the deepest setting has
// three levels, and the parser's time grows with the square of the depth.
const (
	maxYAML    = 64 << 10
	maxNesting = 16
)

// MaxFile is how many bytes the configuration file may have.
const MaxFile = maxYAML

// maxMistakes is how many mistakes of a setting are told: a text that is something else altogether has thousands.
const maxMistakes = 20

// document is the text of a setting or a file, in YAML, and the mistakes found in it so far.
type document struct {
	// name is what errors call it.
	name  string
	lines []string
	errs  []*gate.SyntaxError
	// large is true where it is too long to be read, untold are the mistakes beyond the most that are told.
	large  bool
	untold int
}

// readYAML reads a setting's text with its reader. The errors are all mistakes of the setting, each with its place.
func readYAML(setting, text string, with reader) []error {
	if text == "" {
		return nil
	}
	d, body := openYAML(setting, text)
	switch {
	case body != nil:
		with.read(d, body)
	case len(d.errs) == 0 && !d.large:
		d.fail(nil, "", "there is nothing in it: leave the setting out, or say something")
	}
	return d.mistakes()
}

// secret is what looks like a token of GitHub's, or is called one: errors show lines, and logs keep errors. What
// follows a prefix may be an app's number and a JSON Web Token
// (https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats).
var secret = regexp.MustCompile(`(gh[a-z]|github_pat)_[A-Za-z0-9._-]{16,}|(?i:token)["']?[ \t]*:[^\n]*`)

// veil hides a secret, and leaves every character of the line at its place.
func veil(text string) string {
	shown := 0
	if name, _, named := strings.Cut(text, ":"); named {
		shown = len(name) + 1
	}
	return text[:shown] + strings.Repeat("x", utf8.RuneCountInString(text[shown:]))
}

// byteOrderMark is what some editors begin a file with; it is no part of what the file says
// (https://yaml.org/spec/1.2.2/#52-character-encodings).
const byteOrderMark = "\ufeff"

// openYAML is a text and what it holds; nil if that cannot be told, or there is nothing in it.
func openYAML(name, text string) (*document, ast.Node) {
	if len(text) > maxYAML {
		return &document{name: name, large: true}, nil
	}
	text = strings.TrimPrefix(text, byteOrderMark)
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	d := &document{name: name, lines: strings.Split(secret.ReplaceAllStringFunc(text, veil), "\n")}
	return d, d.parse(text)
}

// mistakes are those found so far, in the order of their places.
func (d *document) mistakes() []error {
	if d.large {
		return []error{&Error{Setting: d.name, Message: fmt.Sprintf("it has more than %d bytes", maxYAML)}}
	}
	slices.SortStableFunc(d.errs, func(a, b *gate.SyntaxError) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	var errs []error
	for _, wrong := range d.errs {
		errs = append(errs, fmt.Errorf("%s: %w", d.name, wrong))
	}
	if d.untold > 0 {
		errs = append(errs, &Error{Setting: d.name, Message: fmt.Sprintf("and %d more mistakes", d.untold)})
	}
	return errs
}

// parse is what the text holds; nil if that cannot be told, or there is nothing in it.
func (d *document) parse(text string) ast.Node {
	tokens := lexer.Tokenize(text)
	if deep := tooDeep(tokens); deep != nil {
		d.fail(deep, "", "lists and mappings may nest %d deep", maxNesting)
		return nil
	}
	// Note: the parser knows keys that stand twice, but stops at the first; here they are mistakes like any other.
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	var wrong *yaml.SyntaxError
	switch {
	case errors.As(err, &wrong):
		// The only text of the user's in the parser's messages that is not quoted is a tab.
		d.fail(wrong.Token, "", "this is not YAML: %s; a text with any of :#,[]{}*&!|>'\"%%@` in it may need quotes",
			strings.ReplaceAll(wrong.Message, "character '\t'", "a tab"))
	case err != nil:
		d.fail(nil, "", "this is not YAML")
	case len(file.Docs) > 1:
		d.fail(file.Docs[1].Start, "", "there is more than one document in it")
	case len(file.Docs) == 1:
		return file.Docs[0].Body
	}
	return nil
}

// tooDeep is the first token that opens a list or mapping too deep; nil if there is none. Nesting by indentation is
// bounded by the size of the text, but not that by brackets, and that by several hyphens on a line.
func tooDeep(tokens token.Tokens) *token.Token {
	brackets, hyphens, line := 0, 0, 0
	for _, t := range tokens {
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			brackets++
		case token.SequenceEndType, token.MappingEndType:
			brackets--
		case token.SequenceEntryType:
			if t.Position.Line != line {
				hyphens, line = 0, t.Position.Line
			}
			hyphens++
		}
		if brackets > maxNesting || hyphens > maxNesting {
			return t
		}
	}
	return nil
}

// fail adds a mistake about the text of a token; without one, about the whole.
func (d *document) fail(at *token.Token, nearest, format string, args ...any) {
	if len(d.errs) == maxMistakes {
		d.untold++
		return
	}
	message := secret.ReplaceAllStringFunc(fmt.Sprintf(format, args...), veil)
	wrong := &gate.SyntaxError{Line: 1, Column: 1, Message: message, Nearest: nearest}
	if at != nil && at.Position != nil {
		// Within texts of several lines the parser's positions are inexact, and may lie outside.
		wrong.Line = min(max(1, at.Position.Line), len(d.lines))
		wrong.Column = max(1, at.Position.Column)
	}
	wrong.Text = d.lines[wrong.Line-1]
	runes := []rune(wrong.Text)
	wrong.Column = min(wrong.Column, len(runes)+1)
	if at != nil {
		wrong.Offending = written(runes[wrong.Column-1:], at.Value)
	}
	d.errs = append(d.errs, wrong)
}

// written is how a value is written at the beginning of a text: as it is, or in quotes.
func written(text []rune, value string) string {
	if len(text) == 0 || value == "" && text[0] != '"' && text[0] != '\'' {
		return ""
	}
	if strings.HasPrefix(string(text), value) && value != "" {
		return value
	}
	quote := text[0]
	if quote != '"' && quote != '\'' {
		return string(text[:1])
	}
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == '\\' && quote == '"':
			i++
		case text[i] == quote:
			return string(text[:i+1])
		}
	}
	return string(text)
}
