package githubsim

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// GitHub's page sizes: the default, and the largest, which a larger per_page is cut to.
// https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api
const (
	defaultPageSize = 30
	largestPageSize = 100
)

// restPage is one page of a list of total items; number counts from 1.
type restPage struct{ number, size, total int }

// pageOf reads per_page and page as GitHub does: what is no positive number counts as not given.
func pageOf(query url.Values, total int) restPage {
	p := restPage{number: 1, size: pageSize(query), total: total}
	if n, err := strconv.Atoi(query.Get("page")); err == nil && n > 0 {
		p.number = n
	}
	return p
}

// pageSize reads per_page.
func pageSize(query url.Values) int {
	n, err := strconv.Atoi(query.Get("per_page"))
	if err != nil || n <= 0 {
		return defaultPageSize
	}
	return min(n, largestPageSize)
}

// pageAskedOfREST is the page size that a query string names; 0 where it names none.
func pageAskedOfREST(rawQuery string) int {
	query, err := url.ParseQuery(rawQuery)
	if err != nil || !query.Has("per_page") {
		return 0
	}
	return pageSize(query)
}

// bounds are the indexes of the page's items; a page past the end has none.
func (p restPage) bounds() (from, to int) {
	if p.number > p.last() {
		return 0, 0
	}
	from = (p.number - 1) * p.size
	return from, min(from+p.size, p.total)
}

// last is the number of the last page; an empty list has one page.
func (p restPage) last() int { return max(1, (p.total+p.size-1)/p.size) }

// link is the Link header of the page, empty when all items are on it. Order of the relations as GitHub gives them:
// prev, next, last, first.
func (p restPage) link(self *url.URL) string {
	if p.last() == 1 && p.number == 1 {
		return ""
	}
	var links []string
	relation := func(rel string, number int) {
		links = append(links, fmt.Sprintf("<%s>; rel=%q", withQuery(self, "page", strconv.Itoa(number)), rel))
	}
	if p.number > 1 {
		relation("prev", min(p.number-1, p.last()))
	}
	if p.number < p.last() {
		relation("next", p.number+1)
		relation("last", p.last())
	}
	if p.number > 1 {
		relation("first", 1)
	}
	return strings.Join(links, ", ")
}

// withQuery is self with one query parameter set.
func withQuery(self *url.URL, key, value string) string {
	u := *self
	query := u.Query()
	query.Set(key, value)
	u.RawQuery = query.Encode()
	return u.String()
}

// selfURL is the absolute URL that a request was sent to.
func selfURL(r *http.Request) (*url.URL, error) {
	u, err := url.Parse(baseURL(r))
	if err != nil {
		return nil, fmt.Errorf("host of the request: %w", err)
	}
	u = u.JoinPath(r.URL.EscapedPath())
	u.RawQuery = r.URL.RawQuery
	return u, nil
}
