package githubsim

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// faultEntry is a fault in a file.
type faultEntry struct {
	Fault     string            `yaml:"fault"`
	Method    string            `yaml:"method"`
	Path      string            `yaml:"path"`
	Operation string            `yaml:"operation"`
	MaxPage   int               `yaml:"max-page"`
	Skip      int               `yaml:"skip"`
	Times     int               `yaml:"times"`
	After     string            `yaml:"after"`
	Drop      bool              `yaml:"drop"`
	Hang      bool              `yaml:"hang"`
	Truncate  int               `yaml:"truncate"`
	Redirect  string            `yaml:"redirect"`
	Status    int               `yaml:"status"`
	Header    map[string]string `yaml:"header"`
	Body      string            `yaml:"body"`
	Type      string            `yaml:"type"`
	Message   string            `yaml:"message"`
	At        []any             `yaml:"at"`
}

// namedFaults are the ready-made faults by the names that files use; after and at are those of the entry.
var namedFaults = map[string]func(after time.Duration, at []any) Fault{
	"bad-gateway":       func(time.Duration, []any) Fault { return BadGateway("", 0) },
	"gateway-timeout":   func(time.Duration, []any) Fault { return GatewayTimeout("", 0) },
	"incomplete":        func(_ time.Duration, at []any) Fault { return Incomplete("", at...) },
	"no-data":           func(time.Duration, []any) Fault { return NoData("") },
	"page":              func(time.Duration, []any) Fault { return Page() },
	"primary-limit":     func(after time.Duration, _ []any) Fault { return PrimaryLimit(cmp.Or(after, time.Hour)) },
	"resource-limits":   func(_ time.Duration, at []any) Fault { return ResourceLimits("", at...) },
	"secondary-limit":   func(after time.Duration, _ []any) Fault { return SecondaryLimit(after) },
	"server-error":      func(time.Duration, []any) Fault { return ServerError() },
	"too-many-requests": func(after time.Duration, _ []any) Fault { return TooManyRequests(after) },
	"unavailable":       func(time.Duration, []any) Fault { return Unavailable() },
}

// The names of the faults that take after, and those that take at.
var (
	takesAfter = []string{"primary-limit", "secondary-limit", "too-many-requests"}
	takesAt    = []string{"incomplete", "resource-limits"}
)

// ParseFaults reads a list of faults, YAML or JSON; an empty file has none. Each entry says which requests it hits and
// what goes wrong with them:
//
//   - fault: secondary-limit   # see below
//     after: 60s
//   - operation: issues         # a GraphQL query's name, or a field that it selects
//     max-page: 25              # only larger pages
//     times: -1                 # all of them; without it one
//     status: 502
//   - method: GET
//     path: /repos/*/*/actions/runs
//     skip: 2                   # the first two go well
//     truncate: 100             # bytes
//
// The conditions are method, path, operation, max-page, skip and times, as the fields of Fault. What goes wrong is one of:
//   - fault, a name: primary-limit (after: until the reset, 1h by default), secondary-limit and too-many-requests
//     (after: Retry-After; without it there is none), bad-gateway, gateway-timeout, server-error, unavailable, page (for
//     people, with status 200), no-data (null without an error), resource-limits and incomplete (at: the place in the
//     answer that becomes null, a list such as [repository, issues, nodes, 3]);
//   - drop: true, hang: true, truncate: BYTES, or redirect: URL (with status, if another than usual);
//   - status, header (a map) and body: the answer;
//   - type and message, with at: an error beside all other data of a GraphQL query.
//
// An unknown key, a value that means nothing and an entry that does not say what goes wrong are errors.
func ParseFaults(r io.Reader) ([]Fault, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("reading faults: %w", err)
	}
	entries, err := decodeFaults(text)
	if err != nil {
		return nil, fmt.Errorf("reading faults: %w", err)
	}
	faults := make([]Fault, 0, len(entries))
	for i, e := range entries {
		f, err := e.read()
		if err == nil {
			err = f.validate()
		}
		if err != nil {
			return nil, fmt.Errorf("reading faults: entry %d: %w", i+1, err)
		}
		faults = append(faults, f)
	}
	return faults, nil
}

// decodeFaults reads the entries. The decoder panics at some texts that are no list, such as "! 0".
func decodeFaults(text []byte) (entries []faultEntry, err error) {
	defer func() {
		if recover() != nil {
			entries, err = nil, errors.New("not a list of faults")
		}
	}()
	err = yaml.NewDecoder(bytes.NewReader(text), yaml.Strict()).Decode(&entries)
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	return entries, err
}

// read makes a fault of an entry.
func (e faultEntry) read() (Fault, error) {
	f, err := e.wrong()
	if err != nil {
		return Fault{}, err
	}
	f.Method, f.Path, f.Operation, f.MaxPage = e.Method, e.Path, e.Operation, e.MaxPage
	f.Skip, f.Times = e.Skip, e.Times
	return f, nil
}

// wrong is what goes wrong, without the conditions.
func (e faultEntry) wrong() (Fault, error) {
	at, err := placeInAnswer(e.At)
	if err != nil {
		return Fault{}, err
	}
	if len(at) > 0 && e.Type == "" && e.Message == "" && !slices.Contains(takesAt, e.Fault) {
		return Fault{}, fmt.Errorf("at goes with type and message, or with fault: %s", strings.Join(takesAt, ", "))
	}
	if e.After != "" && !slices.Contains(takesAfter, e.Fault) {
		return Fault{}, fmt.Errorf("after goes with fault: %s", strings.Join(takesAfter, ", "))
	}
	f := Fault{
		Drop: e.Drop, Hang: e.Hang, Truncate: e.Truncate, Redirect: e.Redirect, Status: e.Status, Header: e.header(),
		Body: e.Body,
	}
	if e.Type != "" || e.Message != "" {
		f.Partial = &PartialError{Path: at, Type: e.Type, Message: e.Message}
	}
	says := f.Drop || f.Hang || f.Truncate > 0 || f.Redirect != "" || f.Status != 0 || f.Header != nil || f.Body != "" ||
		f.Partial != nil
	if e.Fault == "" {
		if !says {
			return Fault{}, errors.New("does not say what goes wrong: fault, drop, hang, truncate, redirect, status, body, type")
		}
		return f, nil
	}
	if says {
		return Fault{}, fmt.Errorf("fault: %s already says what goes wrong", e.Fault)
	}
	named := namedFaults[e.Fault]
	if named == nil {
		names := slices.Sorted(maps.Keys(namedFaults))
		return Fault{}, fmt.Errorf("no fault is called %q; there are %s", e.Fault, strings.Join(names, ", "))
	}
	var after time.Duration
	if e.After != "" {
		if after, err = time.ParseDuration(e.After); err != nil || after <= 0 {
			return Fault{}, fmt.Errorf("after: %q is no length of time, such as 60s", e.After)
		}
	}
	return named(after, at), nil
}

// header is the header of the answer, nil where none is given.
func (e faultEntry) header() http.Header {
	if len(e.Header) == 0 {
		return nil
	}
	h := http.Header{}
	for name, value := range e.Header {
		h.Set(name, value)
	}
	return h
}

// placeInAnswer reads the keys and indexes of a place.
func placeInAnswer(list []any) ([]any, error) {
	var at []any
	for _, step := range list {
		switch step := step.(type) {
		case string:
			at = append(at, step)
		case uint64:
			at = append(at, int(step)) //nolint:gosec // No list is that long.
		default:
			return nil, fmt.Errorf("at: %v is neither a key nor an index", step)
		}
	}
	return at, nil
}
