package githubsim

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// fiveIssues are numbered 1 to 5, opened on as many days.
func fiveIssues() *World {
	w := octo()
	for n := range 5 {
		w.Issues = append(w.Issues, Issue{Number: n + 1, State: "OPEN", CreatedAt: day(n + 1)})
	}
	return w
}

func TestPages(t *testing.T) {
	t.Parallel()
	s := serverOf(t, fiveIssues(), Options{})
	pages := func(t *testing.T, size int, limit, cursor, edge, more string) (numbers []int, count int) {
		t.Helper()
		at := ""
		for {
			count++
			c := repo(t, s, fmt.Sprintf(`issues(%s:%d%s){nodes{number} edges{cursor node{number}} totalCount
			 pageInfo{%s %s startCursor}}`, limit, size, at, edge, more))["issues"].(map[string]any)
			var page []int
			for i, n := range c["nodes"].([]any) {
				page = append(page, int(n.(map[string]any)["number"].(float64)))
				e := c["edges"].([]any)[i].(map[string]any)
				want(t, e["node"], fmt.Sprintf(`{"number":%d}`, page[i]))
				if e["cursor"] == "" || strings.Contains(e["cursor"].(string), "cursor:") {
					t.Errorf("cursor %q is not opaque", e["cursor"])
				}
			}
			if c["totalCount"] != 5.0 {
				t.Errorf("totalCount %v", c["totalCount"])
			}
			if limit == "last" {
				numbers = append(page, numbers...)
			} else {
				numbers = append(numbers, page...)
			}
			info := c["pageInfo"].(map[string]any)
			if info[more] == false {
				return numbers, count
			}
			at = fmt.Sprintf(`,%s:"%s"`, cursor, info[edge])
		}
	}
	all := []int{1, 2, 3, 4, 5}
	for size, wantPages := range map[int]int{1: 5, 2: 3, 4: 2, 5: 1, 100: 1} {
		t.Run(fmt.Sprintf("by %d", size), func(t *testing.T) {
			t.Parallel()
			got, n := pages(t, size, "first", "after", "endCursor", "hasNextPage")
			if !slices.Equal(got, all) || n != wantPages {
				t.Errorf("forward: %v in %d pages", got, n)
			}
			got, n = pages(t, size, "last", "before", "startCursor", "hasPreviousPage")
			if !slices.Equal(got, all) || n != wantPages {
				t.Errorf("backward: %v in %d pages", got, n)
			}
		})
	}
}

func TestPageInfo(t *testing.T) {
	t.Parallel()
	s := serverOf(t, fiveIssues(), Options{})
	// cursor is how queries and answers write the cursor of an element.
	cursor := func(i int) string { return `"` + plainCursors{}.write(i) + `"` }
	info := `pageInfo{hasNextPage hasPreviousPage startCursor endCursor}`
	for arguments, expected := range map[string]string{
		`first:0`:                                             `[true,false,null,null]`,
		`first:5`:                                             `[false,false,` + cursor(0) + `,` + cursor(4) + `]`,
		`first:2,after:` + cursor(0):                          `[true,true,` + cursor(1) + `,` + cursor(2) + `]`,
		`first:2,after:` + cursor(4):                          `[false,true,null,null]`,
		`first:2,after:` + cursor(90):                         `[false,true,null,null]`,
		`first:9,after:"",before:` + cursor(2):                `[true,false,` + cursor(0) + `,` + cursor(1) + `]`,
		`last:9,after:` + cursor(2):                           `[false,true,` + cursor(3) + `,` + cursor(4) + `]`,
		`last:2,before:` + cursor(1):                          `[true,false,` + cursor(0) + `,` + cursor(0) + `]`,
		`last:1,before:` + cursor(0):                          `[true,false,null,null]`,
		`first:1,before:` + cursor(2) + `,after:` + cursor(3): `[true,true,null,null]`,
	} {
		t.Run(arguments, func(t *testing.T) {
			t.Parallel()
			p := repo(t, s, `issues(`+arguments+`){`+info+`}`)["issues"].(map[string]any)["pageInfo"].(map[string]any)
			want(t, []any{p["hasNextPage"], p["hasPreviousPage"], p["startCursor"], p["endCursor"]}, expected)
		})
	}
	want(t, repo(t, s, `issues{totalCount}`), `{"issues":{"totalCount":5}}`)
}

func TestPageBoundaries(t *testing.T) {
	t.Parallel()
	s := serverOf(t, fiveIssues(), Options{})
	const (
		missing = "MISSING_PAGINATION_BOUNDARIES: You must provide a `first` or `last` value to properly paginate the " +
			"`issues` connection."
		negative = "INVALID_PAGINATION_BOUNDARIES: `first` on the `issues` connection cannot be less than zero."
		both     = "INVALID_PAGINATION_BOUNDARIES: Passing both `first` and `last` to paginate the `issues` connection " +
			"is not supported."
		tooMany = "EXCESSIVE_PAGINATION: Requesting 101 records on the `issues` connection exceeds the `first` limit " +
			"of 100 records."
		farTooMany = "EXCESSIVE_PAGINATION: Requesting 1,000 records on the `issues` connection exceeds the `last` " +
			"limit of 100 records."
		badCursor = "INVALID_CURSOR_ARGUMENTS: `x` does not appear to be a valid cursor."
	)
	for selection, expected := range map[string]string{
		`issues{nodes{id}}`:                     missing,
		`list:issues{pageInfo{endCursor}}`:      missing,
		`issues(first:101){nodes{id}}`:          tooMany,
		`issues(last:1000){totalCount}`:         farTooMany,
		`issues(first:-1){totalCount}`:          negative,
		`issues(first:1,last:1){totalCount}`:    both,
		`issues(first:1,after:"x"){totalCount}`: badCursor,
	} {
		t.Run(selection, func(t *testing.T) {
			t.Parallel()
			a := ask(t, s, `{repository(owner:"octo",name:"parcels"){`+selection+`}}`, nil)
			// The connection may not be null, so the repository is.
			want(t, a.Data, `{"repository":null}`)
			if len(a.Errors) != 1 || a.Errors[0].Type+": "+a.Errors[0].Message != expected {
				t.Fatal(a.body)
			}
			key, _, _ := strings.Cut(strings.TrimSuffix(selection, "}"), ":issues")
			key, _, _ = strings.Cut(key, "(")
			key, _, _ = strings.Cut(key, "{")
			want(t, a.Errors[0].Path, `["repository","`+key+`"]`)
		})
	}
}

func FuzzCursor(f *testing.F) {
	f.Add(plainCursors{}.write(3))
	f.Add("Y3Vyc29yOnYyOi0x")
	f.Add("Y3Vyc29yOnYyOjkyMjMzNzIwMzY4NTQ3NzU4MDc=")
	f.Add("a1 7")
	f.Fuzz(func(t *testing.T, cursor string) {
		for _, c := range []cursors{plainCursors{}, historyCursors{"a1"}} {
			i, ok := c.read(cursor)
			if !ok {
				continue
			}
			if again, ok := c.read(c.write(i)); i < 0 || !ok || again != i {
				t.Errorf("%q reads as %d and that as %d", cursor, i, again)
			}
			page := issueConnection([]*Issue{{}, {}})
			page.cursors = c
			if err := page.paginate("issues", arguments{"first": int64(100), "after": cursor}, nil); err != nil {
				t.Error(err)
			}
			if n := len(page.page(func(int, object) any { return nil })); n != max(1-i, 0) {
				t.Errorf("%d elements after %d of 2", n, i)
			}
		}
	})
}
