package githubsim

import (
	"encoding/base64"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
)

// sequence is a list that can be read from its start without being counted.
type sequence interface {
	// at is the i-th element; false past the end.
	at(i int) (object, bool)
	count() int
}

// items makes a sequence of a slice.
func items[T any](list []T, show func(T) object) sequence { return slice[T]{list, show} }

type slice[T any] struct {
	list []T
	show func(T) object
}

func (s slice[T]) at(i int) (object, bool) {
	if i >= len(s.list) {
		return nil, false
	}
	return s.show(s.list[i]), true
}

func (s slice[T]) count() int { return len(s.list) }

// connection is a list that is read by pages.
type connection struct {
	// name is the type, such as IssueConnection.
	name string
	sequence
	// cursors writes and reads the connection's cursors; nil means GitHub's usual form.
	cursors cursors
	// timeline holds what the connections of timelines tell besides.
	timeline *timelineTotals

	// issueCount is how many issues and pull requests a search found, more than it gives maybe.
	issueCount int

	// from and to bound the page, after and before what the cursors leave; more says that something follows the page.
	from, to, after, before int
	more                    bool
}

// timelineTotals are the counts of a timeline.
type timelineTotals struct {
	// all counts every event, whatever was asked for; skip is how many of a page's events to leave out first.
	all, skip int
	updated   time.Time
}

// cursors are the two directions between the index of an element and its cursor.
type cursors interface {
	write(i int) string
	read(cursor string) (int, bool)
}

const cursorPrefix = "cursor:v2:"

type plainCursors struct{}

func (plainCursors) write(i int) string {
	return base64.StdEncoding.EncodeToString([]byte(cursorPrefix + strconv.Itoa(i)))
}

func (plainCursors) read(cursor string) (int, bool) {
	b, err := base64.StdEncoding.DecodeString(cursor)
	if err != nil {
		return 0, false
	}
	return cursorIndex(string(b), cursorPrefix)
}

// cursorIndex reads the index behind a prefix.
func cursorIndex(s, prefix string) (int, bool) {
	digits, ok := strings.CutPrefix(s, prefix)
	if !ok {
		return 0, false
	}
	i, err := strconv.Atoi(digits)
	return i, err == nil && i >= 0 && i < math.MaxInt32 && strconv.Itoa(i) == digits
}

// historyCursors are those of a commit's history: the commit from which it starts and the index.
type historyCursors struct{ oid string }

func (h historyCursors) write(i int) string { return h.oid + " " + strconv.Itoa(i) }

func (h historyCursors) read(cursor string) (int, bool) { return cursorIndex(cursor, h.oid+" ") }

func (c *connection) kind() string { return c.name }

// paginate finds the page that the arguments ask for. As on GitHub a query that wants only the number of elements
// needs no page.
func (c *connection) paginate(name string, a arguments, selection [][]*ast.Field) error {
	if c.cursors == nil {
		c.cursors = plainCursors{}
	}
	var err error
	if c.after, err = c.cursor(a, "after"); err != nil {
		return err
	}
	if c.before, err = c.cursor(a, "before"); err != nil {
		return err
	}
	first, forward := a.integer("first")
	last, backward := a.integer("last")
	if !forward && !backward {
		for _, f := range selection {
			switch f[0].Name {
			case "nodes", "edges", "pageInfo":
				return &queryError{Type: "MISSING_PAGINATION_BOUNDARIES", Message: fmt.Sprintf(
					"You must provide a `first` or `last` value to properly paginate the `%s` connection.", name)}
			}
		}
		return nil
	}
	if forward && backward {
		return &queryError{Type: "INVALID_PAGINATION_BOUNDARIES", Message: fmt.Sprintf(
			"Passing both `first` and `last` to paginate the `%s` connection is not supported.", name)}
	}
	for limit, n := range map[string]int{"first": first, "last": last} {
		switch {
		case n < 0:
			return &queryError{Type: "INVALID_PAGINATION_BOUNDARIES", Message: fmt.Sprintf(
				"`%s` on the `%s` connection cannot be less than zero.", limit, name)}
		case n > 100:
			return &queryError{Type: "EXCESSIVE_PAGINATION", Message: fmt.Sprintf(
				"Requesting %s records on the `%s` connection exceeds the `%s` limit of 100 records.",
				thousands(n), name, limit)}
		}
	}
	c.from = c.after + 1
	if c.timeline != nil {
		c.from += c.timeline.skip
	}
	if backward {
		c.to = c.count()
		if c.before >= 0 {
			c.to = min(c.to, c.before)
		}
		c.from = max(c.from, c.to-last)
	} else {
		c.to = c.from + first
		if c.before >= 0 {
			c.to = min(c.to, c.before)
		}
	}
	c.to = max(c.to, c.from)
	_, c.more = c.at(c.to)
	return nil
}

// cursor reads one of the two cursor arguments; -1 when it was not given.
func (c *connection) cursor(a arguments, name string) (int, error) {
	s, ok := a[name].(string)
	// An empty cursor is none: GitHub accepts it.
	if !ok || s == "" {
		return -1, nil
	}
	i, ok := c.cursors.read(s)
	if !ok {
		return 0, &queryError{
			Type: "INVALID_CURSOR_ARGUMENTS", Message: fmt.Sprintf("`%s` does not appear to be a valid cursor.", s),
		}
	}
	return i, nil
}

func (c *connection) field(x *execution, name string, _ arguments) (any, error) {
	switch name {
	case "nodes":
		return c.page(func(_ int, o object) any { return o }), nil
	case "edges":
		kind := x.schema.Types[c.name].Fields.ForName("edges").Type.Name()
		return c.page(func(i int, o object) any { return edge{kind, c.cursors.write(i), o} }), nil
	case "pageInfo":
		return pageInfo{c}, nil
	case "totalCount":
		if c.timeline != nil {
			return c.timeline.all, nil
		}
		return c.count(), nil
	case "issueCount":
		return c.issueCount, nil
	case "codeCount", "discussionCount", "repositoryCount", "userCount", "wikiCount":
		return 0, nil
	case "filteredCount":
		end := c.count()
		if c.before >= 0 {
			end = min(end, c.before)
		}
		return max(end-c.after-1, 0), nil
	case "pageCount":
		return len(c.page(func(int, object) any { return nil })), nil
	case "updatedAt":
		if c.timeline != nil {
			return c.timeline.updated, nil
		}
	}
	return nil, errUnserved
}

// page is the elements of the page.
func (c *connection) page(show func(int, object) any) []any {
	page := []any{}
	for i := c.from; i < c.to; i++ {
		o, ok := c.at(i)
		if !ok {
			break
		}
		page = append(page, show(i, o))
	}
	return page
}

type edge struct {
	name, cursor string
	node         object
}

func (e edge) kind() string { return e.name }

func (e edge) field(_ *execution, name string, _ arguments) (any, error) {
	switch name {
	case "cursor":
		return e.cursor, nil
	case "node":
		return e.node, nil
	}
	return nil, errUnserved
}

type pageInfo struct{ of *connection }

func (pageInfo) kind() string { return "PageInfo" }

func (p pageInfo) field(_ *execution, name string, _ arguments) (any, error) {
	c := p.of
	size := len(c.page(func(int, object) any { return nil }))
	switch name {
	case "hasNextPage":
		return c.more, nil
	case "hasPreviousPage":
		_, any := c.at(0)
		return c.from > 0 && any, nil
	case "startCursor":
		if size > 0 {
			return c.cursors.write(c.from), nil
		}
		return nil, nil
	case "endCursor":
		if size > 0 {
			return c.cursors.write(c.from + size - 1), nil
		}
		return nil, nil
	}
	return nil, errUnserved
}
