package gate

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"kpi-gate/internal/kpi"
)

// filter reads the terms in braces that may follow a KPI: in the order of their texts, each once, so that filters that
// keep the same items are equal. Without braces there are none.
func (p *parser) filter(k *kpi.Definition) (kpi.Filter, *SyntaxError) {
	if !p.ahead('{') {
		return nil, nil
	}
	opening := p.at
	if len(k.Attributes()) == 0 {
		return nil, p.fail(opening, p.closing(), "", "%s cannot be filtered", k.ID)
	}
	p.at++
	if p.ahead('}') {
		return nil, p.fail(opening, p.at+1, "", "a filter needs a term, as in {%s=x}", k.Attributes()[0])
	}
	var terms kpi.Filter
	for {
		term, err := p.term(k)
		if err != nil {
			return nil, err
		}
		terms = append(terms, term)
		if p.take('}') {
			break
		}
		if !p.take(',') {
			p.blanks()
			return nil, p.fail(p.at, p.next(), "", "a comma or the closing brace of the filter must follow %s", p.shown(p.at))
		}
	}
	text := func(t kpi.Term) string { return kpi.Filter{t}.String() }
	slices.SortFunc(terms, func(a, b kpi.Term) int { return strings.Compare(text(a), text(b)) })
	return slices.Compact(terms), nil
}

// term reads attribute=glob.
func (p *parser) term(k *kpi.Definition) (kpi.Term, *SyntaxError) {
	attribute, err := p.attribute(k)
	if err != nil {
		return kpi.Term{}, err
	}
	p.blanks()
	from := p.at
	if sign := p.word(func(r rune) bool { return isOperator(r) || r == ':' }); sign != "=" {
		meant, to := "", p.at
		if sign == "==" || sign == ":" {
			meant = "="
		}
		if sign == "" {
			to = p.next()
		}
		return kpi.Term{}, p.fail(from, to, meant, "an equals sign and a glob must follow %s, as in {%s=x}",
			attribute, attribute)
	}
	p.blanks()
	from = p.at
	glob, err := p.glob()
	if err != nil {
		return kpi.Term{}, err
	}
	if mistake := GlobMistake(glob); mistake != "" {
		return kpi.Term{}, p.fail(from, p.at, "", "%s", mistake)
	}
	return kpi.Term{Attribute: attribute, Glob: glob}, nil
}

// attribute reads what a term looks at.
func (p *parser) attribute(k *kpi.Definition) (kpi.Attribute, *SyntaxError) {
	p.blanks()
	from := p.at
	name := p.word(func(r rune) bool { return isName(r) && !strings.ContainsRune(`,":`, r) })
	var own []string
	for _, a := range k.Attributes() {
		own = append(own, string(a))
	}
	all := strings.Join(own, ", ")
	switch {
	case name == "":
		return "", p.fail(from, p.next(), "", "an attribute must come here: %s can be filtered by %s", k.ID, all)
	case slices.Contains(own, name):
		return kpi.Attribute(name), nil
	case slices.ContainsFunc(p.language.kpis().All(), func(d *kpi.Definition) bool {
		return slices.Contains(d.Attributes(), kpi.Attribute(name))
	}):
		return "", p.fail(from, p.at, "", "%s cannot be filtered by %s, only by %s", k.ID, name, all)
	default:
		return "", p.fail(from, p.at, Nearest(name, own),
			"there is no attribute %s: %s can be filtered by %s", Quote(name), k.ID, all)
	}
}

// glob reads a glob, with or without quotes.
func (p *parser) glob() (string, *SyntaxError) {
	if p.ahead('"') {
		return p.quotedGlob()
	}
	if p.at < len(p.runes) && isForeignQuote(p.runes[p.at]) {
		return "", p.foreignQuotes()
	}
	from := p.at
	glob := p.word(func(r rune) bool { return !isBlank(r) && !strings.ContainsRune(`,{}"#=`, r) })
	after := p.at
	p.blanks()
	switch {
	case p.at == len(p.runes) || strings.ContainsRune(",}", p.runes[p.at]):
		p.at = after
		return glob, nil
	case p.at > after && !slices.Contains(p.runes[p.at:], '}'):
		// The words that follow belong to the rest of the benchmark: what is missing is the brace.
		p.at = after
		return glob, nil
	}
	to := p.at
	for i := p.at; i < len(p.runes) && !strings.ContainsRune(",}", p.runes[i]); i++ {
		if !isBlank(p.runes[i]) {
			to = i + 1
		}
	}
	return "", p.fail(from, to, inQuotes(p.runes[from:to]),
		"a glob with a blank or one of { } # = \" in it stands in quotes")
}

// quotedGlob reads a glob in quotes. A backslash stands for itself, as globs have it, but before a quote.
func (p *parser) quotedGlob() (string, *SyntaxError) {
	from := p.at
	var glob strings.Builder
	for p.at++; p.at < len(p.runes); p.at++ {
		switch r := p.runes[p.at]; {
		case r == '"':
			p.at++
			return glob.String(), nil
		case r == '\\' && p.at+1 < len(p.runes):
			p.at++
			if p.runes[p.at] != '"' {
				glob.WriteRune(r)
			}
			glob.WriteRune(p.runes[p.at])
		default:
			glob.WriteRune(r)
		}
	}
	return "", p.fail(from, p.at, "", "the quotes are not closed")
}

// foreignQuotes is the error about a glob in other quotes than ". Taken for a part of it, they would match no item, and
// a benchmark on none may hold.
func (p *parser) foreignQuotes() *SyntaxError {
	from, to, meant := p.at, p.at+1, ""
	if i := slices.IndexFunc(p.runes[to:], isForeignQuote); i >= 0 {
		meant = inQuotes(p.runes[to : to+i])
		to += i + 1
	}
	return p.fail(from, to, meant, `the quotes of a glob are "; one that begins with another stands in them`)
}

// isForeignQuote reports whether r is a quote that some write, or copy from a page, in place of ".
func isForeignQuote(r rune) bool { return strings.ContainsRune("'‘’“”„", r) }

// inQuotes is the glob in quotes; empty if it is none, or longer than messages show.
func inQuotes(glob []rune) string {
	if GlobMistake(string(glob)) != "" || len(glob) > shownRunes {
		return ""
	}
	return `"` + strings.ReplaceAll(string(glob), `"`, `\"`) + `"`
}

// zeroWidthJoiner holds the parts of an emoji together.
const zeroWidthJoiner = '\u200d'

// GlobMistake says what is wrong with a glob, fit to be shown; empty for one that can be used. Characters that cannot
// be seen are refused: copied from a page, a no-break space would never match the blank that it looks like.
func GlobMistake(glob string) string {
	unseen := strings.IndexFunc(glob, func(r rune) bool { return !unicode.IsPrint(r) && r != zeroWidthJoiner })
	switch {
	case glob == "":
		return "a glob must be there, such as * for anything"
	case unseen >= 0:
		return fmt.Sprintf("the glob %s has a character that cannot be seen, %U: put ? in its place",
			Quote(glob), []rune(glob[unseen:])[0])
	case kpi.Globs{glob}.Invalid() != "":
		return Quote(glob) + ` is not a glob: a [ is not closed, or nothing follows a \`
	default:
		return ""
	}
}

// ahead skips blanks, and reports whether the rune comes next.
func (p *parser) ahead(r rune) bool {
	p.blanks()
	return p.at < len(p.runes) && p.runes[p.at] == r
}

// closing is the end of the braces that open here, or of the line where they are not closed.
func (p *parser) closing() int {
	if i := slices.Index(p.runes[p.at:], '}'); i >= 0 {
		return p.at + i + 1
	}
	return p.end()
}
