package collect

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/shurcooL/githubv4"

	"kpi-gate/internal/model"
)

const (
	// listSize is how many issues or pull requests are asked for at a time, where many are wanted.
	listSize = largestPage
	// frontSize is how many are asked for first where few have been touched, as a rule none.
	frontSize = 20
	// maxOpenReadings is how often what is open is read when it changes each time.
	maxOpenReadings = 3
)

// updatedList is a list of issues or pull requests that can be read in the order of their last update.
type updatedList[N, F any] struct {
	feed model.Feed
	// open asks for a page of what is open, the longest untouched first; updated for a page of all that was updated
	// since an instant, the latest first. Both set *size as query does.
	open    func(ctx context.Context, after *githubv4.String, size *int) (updatedPage[N], error)
	updated func(ctx context.Context, since time.Time, after *githubv4.String, size *int) (updatedPage[N], error)
	// key identifies a node.
	key func(*N) listedKey
	// milestone is the number of the milestone that a node is in, 0 for none.
	milestone func(*N) int
	// fact completes a node.
	fact func(context.Context, *N) (F, error)
	// of is what a fact tells of itself.
	of func(*F) item
}

// listedKey is the number of a node, 0 for one that GitHub does not show, and when it was last updated.
type listedKey struct {
	number  int
	updated time.Time
}

// item is what issues and pull requests have in common.
type item struct {
	number                   int
	created, updated, closed time.Time
	labels                   []string
}

func issueItem(i *model.Issue) item { return item{i.Number, i.Created, i.Updated, i.Closed, i.Labels} }

func pullRequestItem(p *model.PullRequest) item {
	return item{p.Number, p.Created, p.Updated, p.Closed, p.Labels}
}

// updatedPage is a page of an updatedList. The same answer tells what was touched last, how many are open, and how many
// there are in all, whatever the page is of.
type updatedPage[N any] struct {
	connection[N]
	newest    listedKey
	open, all int
}

// listedNode identifies an issue or a pull request.
type listedNode struct {
	Number    githubv4.Int
	UpdatedAt githubv4.DateTime
}

// counted asks a list for nothing but how long it is.
type counted struct{ TotalCount githubv4.Int }

// of is the number, 0 where it was not asked for.
func (c *counted) of() int {
	if c == nil {
		return 0
	}
	return int(c.TotalCount)
}

// newPage is a page with what came beside it.
func newPage[N any](list connection[N], newest connection[listedNode], open, all counted) updatedPage[N] {
	page := updatedPage[N]{connection: list, open: int(open.TotalCount), all: int(all.TotalCount)}
	if len(newest.Nodes) > 0 {
		n := &newest.Nodes[0]
		page.newest = listedKey{int(n.Number), second(n.UpdatedAt.Time)}
	}
	return page
}

// listing is what came of an updatedList.
type listing[F any] struct {
	// facts are what is open, and what was updated since the reach, in the order of numbers.
	facts []F
	// milestones has every number that was read, and not taken from an earlier reading, with the milestone that it is in.
	milestones map[int]int
	// rest are facts of the earlier reading that the list no longer holds, and that are as they were.
	rest map[int]F
	// since is the instant since which every update was looked at, where the earlier reading was extended; it is zero
	// where everything was read.
	since time.Time
	// all is how many there were, open and closed, however old.
	all int
}

// knownList are the facts that an earlier reading left of a list; facts is nil where there are none.
type knownList[F any] struct {
	facts   []F
	through time.Time
	// all is how many there were then, open and closed, however old.
	all int
}

// readUpdated reads what is open, and what was updated since the reach, in the order of numbers: only what was touched
// since the earlier reading where there was one. What it read before an error is returned with it.
//
// The list moves while it is read: what is touched goes to its end that was read first. That end is therefore read
// again until nothing was touched meanwhile that did not fit on one page; what is read twice is as it was read last.
func readUpdated[N, F any](
	ctx context.Context, r *reading, list updatedList[N, F], had knownList[F],
) (listing[F], error) {
	defer r.tell(list.feed, 0, 0, true)
	reach := second(r.request.Reach)
	l := &listReading[N, F]{
		list: list, reach: reach, asOf: r.asOf, tell: r.tell, reuse: r.reuse, hasLabels: r.hasLabels,
		size: listSize, facts: map[int]F{}, milestones: map[int]int{},
	}
	if since := second(had.through.Add(-overlap)); had.facts != nil && !since.Before(reach) && l.wears(had.facts) {
		extended, whole, err := l.extend(ctx, had, since)
		if whole || err != nil {
			return extended, err
		}
		l.facts, l.milestones = map[int]F{}, map[int]int{}
	}
	at, err := l.whole(ctx)
	return listing[F]{facts: inOrder(l.facts), milestones: l.milestones, all: at.all}, err
}

// inOrder are facts in the order of their numbers.
func inOrder[F any](facts map[int]F) []F {
	ordered := make([]F, 0, len(facts))
	for _, number := range slices.Sorted(maps.Keys(facts)) {
		ordered = append(ordered, facts[number])
	}
	return ordered
}

// listReading is the reading of one list.
//
// Note: it holds functions of the reading and not the reading itself. The linker keeps every method of every type that
// a generic type can reach, and through the client that is the whole of go-github: 1.5 MB of the binary.
type listReading[N, F any] struct {
	list        updatedList[N, F]
	reach, asOf time.Time
	tell        func(feed model.Feed, read, total int, done bool)
	reuse       func(facts int)
	hasLabels   func(labels []string) bool
	// size is the largest page that GitHub is known to answer.
	size       int
	facts      map[int]F
	milestones map[int]int
}

// listState is how a list stood when the first page of a pass was read: front is what had been touched last, zero where
// that is not known.
type listState struct {
	front     listedKey
	open, all int
}

// whole reads the list from the latest update back to the reach, and then what is open and was not touched since: only
// where fewer open ones were seen than there are.
//
// What is open is listed with the longest untouched first. What is touched or closed leaves that end of the list, and
// those behind it move up, perhaps onto a page that was read already; so it is read again where anything was touched
// and some are still missing.
func (l *listReading[N, F]) whole(ctx context.Context) (listState, error) {
	at, err := l.catchUp(ctx, l.reach, false)
	for read := 0; err == nil && l.openOnes(l.facts) < at.open; read++ {
		if read == maxOpenReadings {
			return at, fmt.Errorf("listing open %s: they changed each of the %d times that they were read: some may be missing",
				l.list.feed, maxOpenReadings)
		}
		pages, moved, err := l.openList(ctx, at.front)
		if err != nil || !moved {
			return at, err
		}
		since := l.reach
		if at.front.updated.After(l.reach) {
			since = at.front.updated
		}
		if at, err = l.catchUp(ctx, since, true); err != nil || pages == 1 {
			// One answer is never torn.
			return at, err
		}
	}
	return at, err
}

// extend adds to the facts of an earlier reading what was touched since an instant. It reports whether these are all
// there is to know: deleting an item, or transferring it, leaves no trace but that there are fewer than there should
// be.
func (l *listReading[N, F]) extend(ctx context.Context, had knownList[F], since time.Time) (listing[F], bool, error) {
	at, err := l.catchUp(ctx, since, true)
	extended := listing[F]{milestones: l.milestones, rest: map[int]F{}, since: since, all: at.all}
	before, highest := make(map[int]F, len(had.facts)), 0
	for i := range had.facts {
		number := l.list.of(&had.facts[i]).number
		before[number], highest = had.facts[i], max(highest, number)
	}
	created := 0
	for number, fact := range l.facts {
		// One that was not known can be an old one that nobody had touched for long; a number above all that were known,
		// with an old date, is that of an issue that came from another repository.
		if _, ok := before[number]; !ok && (number > highest || !l.list.of(&fact).created.Before(since)) {
			created++
		}
	}
	untouched := len(before)
	for number, fact := range l.facts {
		if _, ok := before[number]; ok {
			untouched--
		}
		before[number] = fact
	}
	maps.DeleteFunc(before, func(number int, fact F) bool {
		of := l.list.of(&fact)
		if of.closed.IsZero() || !of.updated.Before(l.reach) {
			return false
		}
		if _, read := l.facts[number]; !read {
			untouched--
		}
		extended.rest[number] = fact
		return true
	})
	extended.facts = inOrder(before)
	whole := err == nil && l.openOnes(before) == at.open && had.all+created == at.all
	if whole || err != nil {
		l.reuse(untouched)
	}
	return extended, whole, err
}

// wears reports whether the repository still has all the labels that facts wear.
func (l *listReading[N, F]) wears(facts []F) bool {
	for i := range facts {
		if !l.hasLabels(l.list.of(&facts[i]).labels) {
			return false
		}
	}
	return true
}

// hasLabels reports whether the repository has labels, as far as it was asked which it has: renaming or deleting one
// changes what wears it without touching that.
func (r *reading) hasLabels(labels []string) bool {
	of := r.opening.labels
	if of == nil || bool(of.PageInfo.HasNextPage) {
		return true
	}
	return !slices.ContainsFunc(labels, func(label string) bool {
		return !slices.ContainsFunc(of.Nodes, func(n labelNode) bool { return string(n.Name) == label })
	})
}

// openOnes counts the facts that are open.
func (l *listReading[N, F]) openOnes(facts map[int]F) int {
	open := 0
	for _, fact := range facts {
		if l.list.of(&fact).closed.IsZero() {
			open++
		}
	}
	return open
}

// openList reads what is open, the longest untouched first, until it comes to what was updated since the reach, which
// comes with everything else that was. It returns how many pages it read, and whether anything may have been touched
// after front.
func (l *listReading[N, F]) openList(ctx context.Context, front listedKey) (pages int, moved bool, err error) {
	var after *githubv4.String
	for more := true; more; {
		page, err := l.list.open(ctx, after, &l.size)
		if err != nil {
			return pages, moved, err
		}
		_, last, err := l.take(ctx, page.Nodes, time.Time{})
		if err != nil {
			return pages, moved, err
		}
		pages++
		moved = !l.still(front, page.newest)
		more = bool(page.PageInfo.HasNextPage) && last.updated.Before(l.reach)
		if err := page.PageInfo.moves(after); more && err != nil {
			return pages, moved, err
		}
		after = &page.PageInfo.EndCursor
	}
	return pages, moved, nil
}

// still reports whether nothing was touched since front was: the item that was touched last is the same, and it was not
// touched since reading began, in which case another may have been in the same second.
func (l *listReading[N, F]) still(front, newest listedKey) bool {
	return front.number != 0 && newest == front && front.updated.Before(l.asOf)
}

// catchUp reads what was updated since an instant, until nothing was touched meanwhile that was not read. few says that
// not many are to be expected.
func (l *listReading[N, F]) catchUp(ctx context.Context, since time.Time, few bool) (listState, error) {
	for {
		at, still, err := l.pass(ctx, since, few)
		if err != nil || still || !at.front.updated.After(since) {
			return at, err
		}
		since, few = at.front.updated, true
	}
}

// pass reads what was updated since an instant, once. It returns how the list stood at its beginning, and whether it
// stood still meanwhile.
func (l *listReading[N, F]) pass(ctx context.Context, since time.Time, few bool) (
	at listState, still bool, err error,
) {
	size, front := &l.size, min(frontSize, l.size)
	if few {
		size = &front
	}
	var after *githubv4.String
	for pages := 1; ; pages++ {
		page, err := l.list.updated(ctx, since, after, size)
		if err != nil {
			return at, false, err
		}
		first, last, err := l.take(ctx, page.Nodes, since)
		if err != nil {
			return at, false, err
		}
		if pages == 1 {
			at = listState{first, page.open, page.all}
			if at.front.number == 0 && page.newest.updated.Before(since) {
				at.front = page.newest
			}
		}
		// A page that shows nothing says nothing of how far back it went.
		if !bool(page.PageInfo.HasNextPage) || last.number != 0 && last.updated.Before(since) {
			return at, pages == 1 || l.still(at.front, page.newest), nil
		}
		if err := page.PageInfo.moves(after); err != nil {
			return at, false, err
		}
		size, after = &l.size, &page.PageInfo.EndCursor
	}
}

// take completes the nodes of a page that were updated since an instant. It returns the keys of the first and of the
// last node.
func (l *listReading[N, F]) take(ctx context.Context, nodes []N, since time.Time) (first, last listedKey, err error) {
	for i := range nodes {
		key := l.list.key(&nodes[i])
		if key.number == 0 {
			continue
		}
		if last = key; first.number == 0 {
			first = key
		}
		if key.updated.Before(since) {
			continue
		}
		fact, err := l.list.fact(ctx, &nodes[i])
		if err != nil {
			return first, last, err
		}
		l.facts[key.number], l.milestones[key.number] = fact, l.list.milestone(&nodes[i])
	}
	l.tell(l.list.feed, len(l.facts), 0, false)
	return first, last, nil
}
