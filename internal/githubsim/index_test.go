package githubsim

import (
	"reflect"
	"testing"
)

func TestMentions(t *testing.T) {
	t.Parallel()
	m := mentionsIn(Repo{Owner: "octo", Name: "par.cels"})
	for text, expected := range map[string]map[int]bool{
		"":                         {},
		"Closes #1":                {1: true},
		"close: #1, FIXED #2":      {1: true, 2: true},
		"resolves octo/par.cels#3": {3: true},
		"fix https://github.com/octo/par.cels/issues/4": {4: true},
		"see #5 and #5, then fixes\n#5":                 {5: true},
		"see #6 (#7)":                                   {6: false, 7: false},
		"closes other/par.cels#8 octo/parXcels#9":       {},
		"enclose #10, prefix #11":                       {10: false, 11: false},
		"closes#12 &#13; a#14 #15b":                     {},
		"closes #99999999999999999999":                  {},
	} {
		if got := m.find(text); !reflect.DeepEqual(got, expected) {
			t.Errorf("%q: %v, want %v", text, got, expected)
		}
	}
}

// The first instant of a repository whose age the world does not tell is that of the oldest thing in it.
func TestCreated(t *testing.T) {
	t.Parallel()
	w := &World{
		Commits:     []Commit{{OID: "a", CommittedDate: day(5)}},
		Issues:      []Issue{{CreatedAt: day(4)}},
		Pulls:       []Pull{{CreatedAt: day(3)}},
		Deployments: []Deployment{{CreatedAt: day(2)}},
		Releases:    []Release{{CreatedAt: day(6)}},
	}
	if got := newIndex(w).created; !got.Equal(day(2)) {
		t.Errorf("%v", got)
	}
}

// Memory is bounded: however many lists and walks are asked for, what is remembered stays few.
func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	w := octo()
	for i := range 2 * memoSize {
		w.Commits = append(w.Commits, Commit{OID: objectID(string(rune(i))), CommittedDate: day(1)})
	}
	ix := newIndex(w)
	for i := range w.Commits {
		ix.walk(&w.Commits[i], day(1), day(1))
		remember(ix, w.Commits[i].OID, func() int { return i })
	}
	if len(ix.memo) > memoSize || len(ix.walks) > memoSize {
		t.Errorf("%d lists, %d walks", len(ix.memo), len(ix.walks))
	}
}
