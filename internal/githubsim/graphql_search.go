package githubsim

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// searchLimit is how many results a search gives, however many it counts
// (https://docs.github.com/en/graphql/reference/objects#searchresultitemconnection).
const searchLimit = 1000

// searchTerm is what one qualifier of a search demands.
type searchTerm func(x *execution, item *restItem) bool

// search finds issues and pull requests. The order of the results, which GitHub's best match decides, is newest first.
// What the token may not see is not found.
func (x *execution) search(a arguments) (any, error) {
	if kind := a.text("type"); kind != "ISSUE" && kind != "" {
		return nil, &queryError{Message: "The simulated GitHub searches for type ISSUE only, not for " + kind + "."}
	}
	terms, err := searchTerms(a.text("query"))
	if err != nil {
		return nil, err
	}
	found := []*restItem{}
	for _, item := range x.index.items() {
		permission := "issues"
		if item.pull != nil {
			permission = "pull-requests"
		}
		if !x.server.denied(permission) &&
			!slices.ContainsFunc(terms, func(matches searchTerm) bool { return !matches(x, item) }) {
			found = append(found, item)
		}
	}
	return &connection{
		name: "SearchResultItemConnection", issueCount: len(found),
		sequence: items(found[:min(len(found), searchLimit)], func(i *restItem) object {
			if i.pull != nil {
				return pullRequest{i.pull}
			}
			return issue{i.issue}
		}),
	}, nil
}

// searchTerms reads the qualifiers of a search, separated by blanks
// (https://docs.github.com/en/search-github/searching-on-github/searching-issues-and-pull-requests). Those that are not
// served, and words without a qualifier, are refused: to leave them out would find too much.
func searchTerms(query string) ([]searchTerm, error) {
	var terms []searchTerm
	for _, word := range strings.Fields(query) {
		qualifier, value, _ := strings.Cut(word, ":")
		var term searchTerm
		switch qualifier {
		case "repo":
			owner, name, _ := strings.Cut(value, "/")
			term = func(x *execution, _ *restItem) bool { return x.server.isRepository(owner, name) }
		case "is", "state", "type":
			term = isTerms[value]
		case "created":
			term = inRange(value, func(item *restItem) time.Time { return item.created })
		case "updated":
			term = inRange(value, func(item *restItem) time.Time { return item.updated })
		}
		if term == nil {
			return nil, &queryError{Message: fmt.Sprintf("The simulated GitHub cannot search for %q.", word)}
		}
		terms = append(terms, term)
	}
	return terms, nil
}

// isTerms are what "is:" and its synonyms take. A merged pull request is closed too.
var isTerms = map[string]searchTerm{
	"pr":     func(_ *execution, item *restItem) bool { return item.pull != nil },
	"issue":  func(_ *execution, item *restItem) bool { return item.issue != nil },
	"open":   func(_ *execution, item *restItem) bool { return item.state == "open" },
	"closed": func(_ *execution, item *restItem) bool { return item.state == "closed" },
}

// inRange demands an instant within a range; nil for what is no range.
func inRange(value string, of func(*restItem) time.Time) searchTerm {
	wanted, err := parseCreated(value)
	if err != nil {
		return nil
	}
	return func(_ *execution, item *restItem) bool { return wanted.contains(of(item)) }
}
