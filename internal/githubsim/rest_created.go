package githubsim

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// instants is the half-open range of time [from, to); a zero bound is no bound.
type instants struct{ from, to time.Time }

// parseCreated reads the range syntax of GitHub's searches, which the parameter created of the workflow-run lists
// takes: "2026-05-01", ">=…", ">…", "<=…", "<…", "A..B", "A..*", "*..B". Bounds are dates or timestamps, both ends of
// A..B belong to the range, and a date stands for its whole day.
// https://docs.github.com/en/search-github/getting-started-with-searching-on-github/understanding-the-search-syntax
func parseCreated(s string) (instants, error) {
	if a, b, ok := strings.Cut(s, ".."); ok {
		if a == "*" && b == "*" {
			return instants{}, errors.New("a range needs a bound")
		}
		var r instants
		if a != "*" {
			first, err := parseMoment(a)
			if err != nil {
				return instants{}, err
			}
			r.from = first.from
		}
		if b != "*" {
			last, err := parseMoment(b)
			if err != nil {
				return instants{}, err
			}
			r.to = last.to
		}
		return r, nil
	}
	operand := strings.TrimLeft(s, "<>=")
	moment, err := parseMoment(operand)
	if err != nil {
		return instants{}, err
	}
	switch operator := s[:len(s)-len(operand)]; operator {
	case "", "=":
		return moment, nil
	case ">=":
		return instants{from: moment.from}, nil
	case ">":
		return instants{from: moment.to}, nil
	case "<=":
		return instants{to: moment.to}, nil
	case "<":
		return instants{to: moment.from}, nil
	default:
		return instants{}, fmt.Errorf("unknown operator %q", operator)
	}
}

// parseMoment reads a date, which is a day long, or a timestamp, which is a second long: GitHub's times have no
// fraction. A timestamp without a zone is UTC.
func parseMoment(s string) (instants, error) {
	// The zero time lies in year 1 and would be no bound.
	if day, err := time.Parse(time.DateOnly, s); err == nil && day.Year() > 1 {
		return instants{from: day, to: day.AddDate(0, 0, 1)}, nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00"} {
		if at, err := time.Parse(layout, s); err == nil && at.Year() > 1 {
			at = at.UTC().Truncate(time.Second)
			return instants{from: at, to: at.Add(time.Second)}, nil
		}
	}
	return instants{}, fmt.Errorf("%q is neither a date nor a timestamp", s)
}

// contains reports whether t lies in the range.
func (i instants) contains(t time.Time) bool {
	return (i.from.IsZero() || !t.Before(i.from)) && (i.to.IsZero() || t.Before(i.to))
}
