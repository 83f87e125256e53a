package config

import (
	"strconv"
	"time"

	"github.com/goccy/go-yaml/ast"

	"kpi-gate/internal/gate"
)

// The timeouts that can be set. A job on one of GitHub's own runners ends after six hours
// (https://docs.github.com/en/actions/reference/limits).
const (
	minTimeout = time.Second
	maxTimeout = 6 * time.Hour
)

// maxBudget is the largest budget: more than any token has for a day, so that a larger one is a slip of the pen.
const maxBudget = 1_000_000

// Budget is the most that a reading may cost: requests and points of GraphQL; 0 is without a bound.
type Budget struct{ Requests, Points int }

// setTimeout takes how long the reading may take.
func (c *Config) setTimeout(timeout string) error {
	d, err := gate.ParseDuration(timeout)
	message := ""
	switch {
	case err != nil:
		message = "is not a length of time such as 10m, 90s or 1h30m"
	case d < minTimeout:
		message = "is too short: the shortest timeout is 1s"
	case d > maxTimeout:
		message = "is too long: the longest timeout is 6h"
	default:
		c.Timeout = d
		return nil
	}
	return &Error{Setting: "timeout", Value: timeout, Message: message}
}

// budget reads what the reading may cost: 400, or { requests: 300, points: 500 }, or one of these two keys.
func (c *Config) budget() reader {
	both := whole(maxBudget, &c.Budget.Requests).then(func() { c.Budget.Points = c.Budget.Requests })
	each := fields(
		field{
			name: "requests", about: "Most requests, by REST and GraphQL together.",
			reader: whole(maxBudget, &c.Budget.Requests),
		},
		field{name: "points", about: "Most points of GraphQL.", reader: whole(maxBudget, &c.Budget.Points)},
	)
	each.schema.MinProperties = 1
	return reader{
		schema: schema{AnyOf: []schema{both.schema, each.schema}},
		read: func(d *document, n ast.Node) {
			switch n.(type) {
			case *ast.MappingNode, *ast.MappingValueNode:
				before := len(d.errs)
				each.read(d, n)
				if len(d.errs) == before && c.Budget == (Budget{}) {
					d.fail(start(n), "", "there is nothing in it: leave the setting out, or give requests or points")
				}
			default:
				both.read(d, n)
			}
		},
	}
}

// whole reads a whole number from 1 to most.
func whole(most int, into *int) reader {
	const wanted = "a whole number such as 400"
	least, bound := 1., float64(most)
	return reader{schema: schema{Type: "integer", Minimum: &least, Maximum: &bound}, read: func(d *document, n ast.Node) {
		switch v := n.(type) {
		case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		case *ast.StringNode:
			nearest := ""
			if _, err := strconv.Atoi(v.Value); err == nil {
				nearest = v.Value
			}
			d.fail(start(n), nearest, "a text is here where %s, without quotes, belongs", wanted)
			return
		default:
			d.wrongKind(n, wanted)
			return
		}
		x, err := strconv.Atoi(n.GetToken().Value)
		if err != nil || x < 1 || x > most {
			d.fail(start(n), "", "%s is not a whole number from 1 to %d", gate.Quote(n.GetToken().Value), most)
			return
		}
		*into = x
	}}
}
