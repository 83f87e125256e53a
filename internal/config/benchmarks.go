package config

import (
	"errors"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"kpi-gate/internal/gate"
)

// The longest texts that say why there is a benchmark and who answers for it.
const (
	maxBecause = 500
	maxOwner   = 100
)

// maxMinSamples is the largest least number of items: with more, hardly any window would ever be judged.
const maxMinSamples = 1_000

// benchmarks reads the benchmarks of the file: lines, and mappings such as
//
//	{ if: change-failure-rate > 15%, then: warn, because: error budget, owner: "@org/platform" }
func (r *resolution) benchmarks() reader {
	var all []gate.Benchmark
	var nodes []ast.Node
	one, given := r.benchmark()
	plain := schema{
		Type: "string", Pattern: `[<>]|\bat\b`,
		Examples: []string{"lead-time-for-changes.p50 <= 2d", "ci-duration.p95 <= previous + 10%"},
	}
	item := reader{
		schema: schema{AnyOf: []schema{plain, one.schema}}, inner: one.inner,
		read: func(d *document, n ast.Node) {
			before := len(d.errs) + d.untold
			*given = benchmarkKeys{}
			switch of := n.(type) {
			case *ast.StringNode:
				given.Benchmark = d.benchmark(of, r.language().Parse)
			case *ast.MappingNode, *ast.MappingValueNode:
				if meant := unquoted(n); meant != "" {
					d.fail(start(n), meant,
						"a mapping is here where a benchmark belongs: one with a colon and a blank stands in quotes")
					return
				}
				one.read(d, n)
				given.check(d, n)
			default:
				d.wrongKind(n, "a benchmark, or a mapping with hold or if,")
			}
			if len(d.errs)+d.untold == before {
				all, nodes = append(all, given.Benchmark), append(nodes, n)
			}
		},
	}
	whole := listOf(item)
	read := whole.read
	whole.read = func(d *document, n ast.Node) {
		read(d, n)
		for _, c := range gate.Conflicts(all) {
			d.fail(start(nodes[c.Second]), "", "line %d %s", start(nodes[c.First]).Position.Line, c.Message)
		}
		r.Benchmarks, all, nodes = all, nil, nil
	}
	return whole
}

// language is what benchmarks may say, as far as the configuration is known.
func (c *Config) language() gate.Language {
	return gate.Language{KPIs: c.KPIs, BusinessTime: c.Policy.BusinessTime}
}

// benchmarkKeys is what a mapping says of a benchmark.
type benchmarkKeys struct {
	gate.Benchmark
	// conditions are how many conditions it has, of which one is to be there.
	conditions int
	minSamples int
	then       string
	from       time.Time
	until      time.Time
	because    string
	owner      string
	untilNode  ast.Node
}

// benchmark reads a mapping, and gives what it has read so far.
func (r *resolution) benchmark() (reader, *benchmarkKeys) {
	given := &benchmarkKeys{}
	condition := func(parse func(string) (gate.Benchmark, error), example string) reader {
		return reader{
			schema: schema{Type: "string", Pattern: `[<>]|\bat\b`, Examples: []string{example}},
			read: func(d *document, n ast.Node) {
				given.conditions++
				if s, ok := n.(*ast.StringNode); ok {
					given.Benchmark = d.benchmark(s, parse)
					return
				}
				d.wrongKind(n, "a condition such as "+example)
			},
		}
	}
	until := text(date(&given.until))
	readUntil := until.read
	until.read = func(d *document, n ast.Node) {
		given.untilNode = n
		readUntil(d, n)
	}
	mapping := fields(
		field{
			name: "hold", about: "The condition that must hold. Either this or if.",
			reader: condition(func(line string) (gate.Benchmark, error) { return r.language().Parse(line) },
				"change-failure-rate <= 15%"),
		},
		field{
			name: "if", about: "The condition under which the benchmark is breached. Either this or hold.",
			reader: condition(func(line string) (gate.Benchmark, error) { return r.language().ParseBreach(line) },
				"change-failure-rate > 15%"),
		},
		field{
			name: "then", about: "What a breach does: fail, or only warn. It fails without it.",
			reader: text(choice([]string{string(gate.ThenFail), string(gate.ThenWarn)},
				func(name string) { given.then = name })),
		},
		field{
			name: "because", about: "Why there is this benchmark; the report shows it.",
			reader: prose(line(maxBecause, &given.because)),
		},
		field{
			name: "owner", about: `Who answers for it, such as "@octo-org/platform"; the report shows it.`,
			reader: text(line(maxOwner, &given.owner)),
		},
		field{
			name: "min-samples", about: "Least number of items that it is judged on, in place of the file's min-samples.",
			reader: whole(maxMinSamples, &given.minSamples),
		},
		field{name: "from", about: "First day on which it is in force, in UTC.", reader: text(date(&given.from))},
		field{name: "until", about: "Last day on which it is in force, in UTC.", reader: until},
	)
	mapping.schema.OneOf = []schema{{Required: []string{"hold"}}, {Required: []string{"if"}}}
	return mapping, given
}

// check completes a benchmark, and finds what is wrong with its keys taken together.
func (b *benchmarkKeys) check(d *document, n ast.Node) {
	b.Then, b.Because, b.Owner, b.MinSamples = gate.Then(b.then), b.because, b.owner, b.minSamples
	b.From, b.Until = b.from, b.until
	switch {
	case b.conditions > 1:
		d.fail(start(n), "", "hold and if are both here: hold says what must hold, if what breaches the benchmark; write one")
	case b.conditions == 0:
		d.fail(start(n), "", "there is no condition here: write hold: and what must hold, or if: and what breaches the"+
			" benchmark")
	}
	if !b.Until.IsZero() && b.Until.Before(b.From) {
		d.fail(start(b.untilNode), "", "it would end before it begins, on %s", b.From.Format(time.DateOnly))
	}
}

// benchmark reads the line of a benchmark from a text of the document. A mistake in it is placed where it stands in the
// document; in a text that is written otherwise than it reads, with escapes or over several lines, at its beginning.
func (d *document) benchmark(s *ast.StringNode, parse func(string) (gate.Benchmark, error)) gate.Benchmark {
	b, err := parse(s.Value)
	var wrong *gate.SyntaxError
	switch {
	case errors.As(err, &wrong):
		d.failWithin(s, wrong)
	case err != nil:
		d.fail(s.GetToken(), "", "%v", err)
	}
	return b
}

// failWithin adds a mistake in a text of the document.
func (d *document) failWithin(s *ast.StringNode, wrong *gate.SyntaxError) {
	at := s.GetToken()
	before := len(d.errs)
	d.fail(at, wrong.Nearest, "%s", wrong.Message)
	if len(d.errs) == before || wrong.Line != 1 {
		return // It is one too many, or in a text of several lines.
	}
	placed := d.errs[before]
	rest := string([]rune(placed.Text)[placed.Column-1:])
	quote := 0
	if strings.HasPrefix(rest, `"`+s.Value+`"`) || strings.HasPrefix(rest, "'"+s.Value+"'") {
		quote = 1
	} else if !strings.HasPrefix(rest, s.Value) {
		return
	}
	placed.Column += quote + wrong.Column - 1
	placed.Offending = wrong.Offending
}

// unquoted is the benchmark, in quotes, that was taken for a mapping, because a filter of it holds a colon and a blank;
// empty for anything else.
func unquoted(n ast.Node) string {
	key, value, ok := pair(n)
	const shown = 150
	text := key + ": " + value
	if !ok || !strings.ContainsAny(key, "{<>") || strings.Contains(text, "'") || lineMistake(text, shown) != "" {
		return ""
	}
	return "'" + text + "'"
}
