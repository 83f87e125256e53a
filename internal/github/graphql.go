package github

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/shurcooL/githubv4"
)

// RateLimit is the field that makes a query's cost known: give every query struct a field "RateLimit RateLimit"
// (https://docs.github.com/en/graphql/reference/objects#ratelimit).
type RateLimit struct {
	// Cost is the points that this query took, Remaining those left in this hour.
	Cost, Remaining githubv4.Int
}

// leaves are the nullable fields below a list's node that GitHub may hide from a token without making the node wrong:
// single accounts, and what closed or referenced an issue from a place that the token cannot see. A nested list is not
// among them, because null there would look like an empty list.
var leaves = map[string]bool{
	"actor": true, "assignee": true, "author": true, "closer": true, "creator": true, "mergedBy": true,
	"source": true, "subject": true, "user": true,
}

// permissions names the workflow permission for a field of a repository
// (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions).
var permissions = map[string]string{
	"associatedPullRequests":         "pull-requests: read",
	"closedByPullRequestsReferences": "pull-requests: read",
	"closingIssuesReferences":        "issues: read",
	"commit":                         "contents: read",
	"defaultBranchRef":               "contents: read",
	"deployments":                    "deployments: read",
	"environments":                   "actions: read",
	"file":                           "contents: read",
	"history":                        "contents: read",
	"issue":                          "issues: read",
	"issues":                         "issues: read",
	"mergeCommit":                    "contents: read",
	"milestones":                     "issues: read",
	"object":                         "contents: read",
	"pullRequest":                    "pull-requests: read",
	"pullRequests":                   "pull-requests: read",
	"ref":                            "contents: read",
	"refs":                           "contents: read",
	"tagCommit":                      "contents: read",
	"releases":                       "contents: read",
	"vulnerabilityAlerts":            "vulnerability-alerts: read",
}

// fieldError is one entry of the errors of an answer.
type fieldError struct {
	Type    string `json:"type"`
	Path    []any  `json:"path"`
	Message string `json:"message"`
}

// at is the path with dots, list positions left out.
func (e fieldError) at() string {
	var names []string
	for _, step := range e.Path {
		if name, ok := step.(string); ok && name != "nodes" {
			names = append(names, name)
		}
	}
	return brief(strings.Join(names, "."))
}

// limited reports whether the error is a refusal for a rate limit. Its type is RATE_LIMIT
// (https://github.com/yanyongyu/githubkit/issues/271); older hosts say RATE_LIMITED.
func (e fieldError) limited() bool {
	switch e.Type {
	case "RATE_LIMIT", "RATE_LIMITED":
		return true
	case "":
		return saysLimited(e.Message)
	}
	return false
}

// bearable reports whether only a leaf below a list's node is missing, because the token may not see it.
func (e fieldError) bearable() bool {
	switch e.Type {
	case "FORBIDDEN", "NOT_FOUND", "INSUFFICIENT_SCOPES":
	default:
		return false
	}
	below, list := false, ""
	for _, step := range e.Path {
		switch step := step.(type) {
		case float64:
			below = true
		case string:
			// A deployment keeps the ID of its commit, whatever may be seen of that.
			if below && (leaves[step] || step == "commit" && list == "deployments") {
				return true
			}
			if !below && step != "nodes" {
				list = step
			}
		}
	}
	return false
}

// missesPlace reports whether GitHub does not find what one place of the answer names.
func (e fieldError) missesPlace() bool {
	path := e.Path
	if len(path) > 1 && path[0] == "repository" {
		path = path[1:]
	} else if len(path) == 1 && path[0] == "repository" {
		return false
	}
	if e.Type != "NOT_FOUND" || len(path) == 0 {
		return false
	}
	if len(path) > 2 {
		return path[len(path)-1] == "file"
	}
	if len(path) == 2 {
		_, element := path[1].(float64)
		return element
	}
	return true
}

// permission is the workflow permission that the deepest known field of the path needs.
func (e fieldError) permission() string {
	for i := len(e.Path) - 1; i >= 0; i-- {
		if name, ok := e.Path[i].(string); ok && permissions[name] != "" {
			return permissions[name]
		}
	}
	return ""
}

// queryAnswer is what inspection takes from a GraphQL answer.
type queryAnswer struct {
	Data   map[string]json.RawMessage `json:"data"`
	Errors []fieldError               `json:"errors"`
	// Message is all there is when GitHub did not look at the query, for a secondary rate limit for one.
	Message string `json:"message"`
}

// rateLimitField is the key of the field that tells the cost; a host without rate limits has null there.
const rateLimitField = "rateLimit"

// rateLimit is what the data tells of the limit and of the query's cost, which is its price where it does not.
func (q queryAnswer) rateLimit(price int) (cost int, left Limit) {
	var told struct {
		Cost, Limit, Remaining *int
		ResetAt                time.Time
	}
	cost = price
	if raw := q.Data[rateLimitField]; raw == nil || json.Unmarshal(raw, &told) != nil {
		return cost, left
	}
	if told.Cost != nil {
		cost = max(*told.Cost, 0)
	}
	if told.Remaining != nil {
		left = Limit{Known: true, Remaining: max(*told.Remaining, 0), Reset: told.ResetAt.UTC()}
	}
	if told.Limit != nil {
		left.Limit = max(*told.Limit, 0)
	}
	return cost, left
}

// judgeQuery reads the errors that GitHub puts into answers of status 200; bearable ones are taken out of the body.
//
// Note: githubv4 keeps only the first message of an answer's errors, and fills null into structs as zero values; that
// is why types and paths are looked at here, before it.
func (a *answer) judgeQuery(o *order) verdict {
	var q queryAnswer
	if err := json.Unmarshal(a.body, &q); err != nil {
		return verdict{cost: o.price, err: malformed(a, err)}
	}
	v := verdict{}
	v.cost, v.left = q.rateLimit(o.price)
	lookup := o.Context().Value(lookupKey{}) != nil
	// borne holds the fields of the query below which something is missing that may be.
	borne := map[string]bool{}
	for _, e := range q.Errors {
		if e.limited() {
			return verdict{limited: &limited{message: brief(e.Message), hourly: e.Type != ""}, left: v.left}
		}
		if e.bearable() || lookup && e.missesPlace() {
			field, _ := e.Path[0].(string)
			borne[field] = true
			continue
		}
		if v.err == nil {
			v.err = e.typed(a.asked)
		}
	}
	switch {
	case v.err != nil:
		return v
	case len(q.Data) == 0 && saysLimited(q.Message):
		return verdict{limited: &limited{message: brief(q.Message)}}
	case len(q.Data) == 0:
		v.err = a.foreign("a GraphQL answer without data")
		return v
	}
	for _, field := range slices.Sorted(maps.Keys(q.Data)) {
		if string(q.Data[field]) == "null" && field != rateLimitField && !borne[field] {
			v.err = a.foreign(fmt.Sprintf("a GraphQL answer that has null for %q and does not say why", field))
			return v
		}
	}
	v.body = a.body
	if len(borne) > 0 {
		body, err := json.Marshal(map[string]any{"data": q.Data})
		if err != nil {
			v.err = fmt.Errorf("%s: writing the answer without its errors: %w", a.asked, err)
			return v
		}
		v.body = body
	}
	return v
}

// malformed is the error for a body that is not shaped as a GraphQL answer.
func malformed(a *answer, err error) error {
	return &AnswerError{Asked: a.asked, Status: a.status, Detail: fmt.Sprintf("not a GraphQL answer: %v", err)}
}

// typed is the error that e amounts to.
func (e fieldError) typed(asked string) error {
	message := brief(e.Message)
	switch {
	case e.Type == "FORBIDDEN" || e.Type == "INSUFFICIENT_SCOPES":
		if at := e.at(); at != "" {
			asked += ": " + at
		}
		return &PermissionError{Asked: asked, Permission: e.permission(), Message: message}
	case e.Type == "NOT_FOUND":
		return &NotFoundError{Asked: asked, Path: e.at(), Message: message}
	case e.Type == "RESOURCE_LIMITS_EXCEEDED",
		e.Type == "" && strings.HasPrefix(e.Message, "Something went wrong while executing"):
		// The second is how GitHub words a query that it gave up on; it has no type.
		return &passing{error: &TimeoutError{Asked: asked, Message: message}, retries: queryRetries}
	}
	return &QueryError{Asked: asked, Type: brief(e.Type), Path: e.at(), Message: message}
}
