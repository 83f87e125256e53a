package collect

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/github"
)

const (
	// nodesAtOnce is the most IDs that GitHub takes in one call of the field nodes: it documents no number, and refuses the
	// 101st
	// (https://github.com/sourcecred/sourcecred/pull/908).
	nodesAtOnce = 100
	// recheckedAtOnce is how many facts of a field or two are asked for in one query, lookedUpAtOnce how many whole ones
	// without lists, and listedAtOnce how many with a list in each.
	recheckedAtOnce, lookedUpAtOnce, listedAtOnce = 2000, 1000, 100
)

// errUnconfirmed says that GitHub tells nothing of what an earlier reading knew: none of it is found any more, or the
// token may not look it up. It is then read as if nothing were known.
var errUnconfirmed = errors.New("what an earlier reading knew cannot be looked up")

// lookUp asks for what global IDs name, size IDs at a time, fewer once GitHub finds these too much for one answer. The
// answers are in the order of the IDs; nil is what GitHub does not find.
//
// N is what to ask of each, as a struct in githubv4's manner of inline fragments. githubv4 spells queries from types, so
// that the type of a query with a place for every hundred IDs is made here.
func lookUp[N any](ctx context.Context, r *reading, ids []string, size int) ([]*N, error) {
	found := make([]*N, 0, len(ids))
	for len(found) < len(ids) {
		batch := ids[len(found):min(len(found)+size, len(ids))]
		nodes, err := lookUpBatch[N](ctx, r, batch)
		var tooMuch *github.TimeoutError
		if errors.As(err, &tooMuch) && size > 1 {
			size = min(size, len(batch)) / 2
			size = max(size, 1)
			continue
		}
		if err != nil {
			return nil, err
		}
		found = append(found, nodes...)
	}
	if len(ids) > 0 && !slices.ContainsFunc(found, func(n *N) bool { return n != nil }) {
		return nil, errUnconfirmed
	}
	return found, nil
}

// lookUpBatch asks for what the IDs name with one query.
func lookUpBatch[N any](ctx context.Context, r *reading, ids []string) ([]*N, error) {
	var fields []reflect.StructField
	variables := map[string]any{}
	for part := range slices.Chunk(ids, nodesAtOnce) {
		given := make([]githubv4.ID, len(part))
		for i, id := range part {
			given[i] = id
		}
		place := len(fields)
		variables[fmt.Sprintf("ids%d", place)] = given
		fields = append(fields, reflect.StructField{
			Name: fmt.Sprintf("Nodes%d", place),
			Type: reflect.TypeFor[[]*N](),
			Tag:  reflect.StructTag(fmt.Sprintf(`graphql:"nodes%d: nodes(ids: $ids%d)"`, place, place)),
		})
	}
	places := len(fields)
	fields = append(fields, reflect.StructField{Name: "RateLimit", Type: reflect.TypeFor[github.RateLimit]()})
	q := reflect.New(reflect.StructOf(fields))
	if err := r.client.QueryFound(ctx, q.Interface(), variables); err != nil {
		if unconfirmed(err) {
			return nil, errors.Join(errUnconfirmed, err)
		}
		return nil, err
	}
	found := make([]*N, 0, len(ids))
	for i := range places {
		nodes, ok := q.Elem().Field(i).Interface().([]*N)
		if want := min(nodesAtOnce, len(ids)-len(found)); !ok || len(nodes) != want {
			return nil, fmt.Errorf("GitHub answered with %d nodes for %d IDs", len(nodes), want)
		}
		found = append(found, nodes...)
	}
	return found, nil
}

// unconfirmed reports whether GitHub refuses to look up by ID what it may list all the same.
func unconfirmed(err error) bool {
	var (
		forbidden *github.PermissionError
		refused   *github.QueryError
		missing   *github.NotFoundError
	)
	return errors.As(err, &forbidden) || errors.As(err, &refused) || errors.As(err, &missing)
}

// settledBy reports whether a fact that was last changed at updated, as an earlier reading found it at through, can have
// changed since only with a newer time: GitHub's times are whole seconds, and the clock of who read may be wrong.
func settledBy(updated, through time.Time) bool { return updated.Before(through.Add(-overlap)) }
