package github

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// verdict is what an answer of the API amounts to: the body to hand on, or an error, or a refusal for a rate limit.
type verdict struct {
	body []byte
	err  error
	// limited is set where GitHub refused for a rate limit.
	limited *limited
	// cost is what the query cost in points, left the state of GraphQL's limit where the answer's data tells it.
	cost int
	left Limit
}

// judge says what an answer to an order amounts to.
func (a *answer) judge(o *order) verdict {
	switch {
	case a.status == http.StatusUnauthorized:
		return verdict{err: &AuthError{Asked: a.asked, Message: a.message()}}
	case a.status == http.StatusTooManyRequests, a.status == http.StatusForbidden && a.overLimit():
		return verdict{limited: &limited{message: a.message()}}
	case a.status == http.StatusForbidden:
		return verdict{err: &PermissionError{
			Asked: a.asked, Message: a.message(),
			Permission: cmp.Or(accepted(a.header("X-Accepted-Github-Permissions")), o.writes()),
		}}
	case a.status == http.StatusNotFound:
		return verdict{err: &NotFoundError{Asked: a.asked, Message: a.message()}}
	case a.status >= http.StatusInternalServerError:
		return verdict{cost: o.price, err: a.failed(o)}
	case a.redirects():
		return verdict{body: a.body}
	case o.resource == graphqlResource && a.status != http.StatusOK:
		return verdict{err: &AnswerError{Asked: a.asked, Status: a.status, Detail: a.message()}}
	case a.status >= http.StatusMultipleChoices:
		// Other refusals are go-github's to report.
		return verdict{body: a.body}
	}
	if err := a.checkForm(o); err != nil {
		return verdict{cost: o.price, err: err}
	}
	if o.resource == restResource {
		return verdict{body: a.body}
	}
	return a.judgeQuery(o)
}

// fromElsewhere hands on what another host answered, to which the API redirected. Its refusals are not the API's; but
// JSON that was asked for has to be JSON, because the library takes an empty body for an empty list.
func (a *answer) fromElsewhere(o *order) (*http.Response, error) {
	if a.status == http.StatusOK && strings.Contains(o.Header.Get("Accept"), "json") {
		if err := a.checkForm(o); err != nil {
			return nil, err
		}
	}
	return a.hand(a.body), nil
}

// redirects reports whether the answer leads to another address, which is for http.Client to follow.
func (a *answer) redirects() bool {
	switch a.status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return a.header("Location") != ""
	}
	return false
}

// failed is the error for a status that says that GitHub failed. It ends after ten seconds what takes longer, with 502
// or 504: a query, or the page of a list
// (https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#timeouts).
func (a *answer) failed(o *order) error {
	if slow := a.status == http.StatusBadGateway || a.status == http.StatusGatewayTimeout; !slow || !o.divisible() {
		return &passing{error: &UnreachableError{Asked: a.asked, Status: a.status}, retries: maxRetries}
	}
	retries := listRetries
	if o.resource == graphqlResource {
		retries = queryRetries
	}
	message := fmt.Sprintf("status %d (%s)", a.status, http.StatusText(a.status))
	return &passing{error: &TimeoutError{Asked: a.asked, Message: message}, retries: retries}
}

// suspicion is what an answer that is not the API's may come from.
const suspicion = "the API URL may be wrong, or a proxy answers in GitHub's place"

// checkForm refuses a page, or anything else, where JSON is due, and JSON that was cut short.
func (a *answer) checkForm(o *order) error {
	accept := o.Header.Get("Accept")
	otherForm := accept != "" && accept != "*/*" && !strings.Contains(accept, "json")
	if otherForm || len(a.body) == 0 && a.status != http.StatusOK {
		return nil
	}
	kind, _, err := mime.ParseMediaType(a.header("Content-Type"))
	switch {
	case err == nil && kind == "text/html":
		return a.foreign("a page instead of JSON: " + suspicion)
	case err == nil && !strings.HasSuffix(kind, "json"):
		return a.foreign(fmt.Sprintf("%q instead of JSON: %s", brief(kind), suspicion))
	case string(bytes.TrimSpace(a.body)) == "null":
		return a.foreign("null instead of what was asked for")
	case json.Valid(a.body):
		return nil
	case err == nil:
		return &passing{error: &UnreachableError{
			Asked: a.asked, Status: a.status, Err: fmt.Errorf("its JSON was cut short after %d bytes", len(a.body)),
		}, retries: maxRetries}
	}
	// An absent or malformed type is judged by the body alone.
	return a.foreign("neither JSON nor said to be: " + suspicion)
}

// foreign is the error for an answer that is not the API's.
func (a *answer) foreign(detail string) error {
	return &passing{error: &AnswerError{Asked: a.asked, Status: a.status, Detail: detail}, retries: pageRetries}
}

// overLimit tells a 403 for a rate limit from one for a missing permission
// (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit).
func (a *answer) overLimit() bool {
	if a.header("Retry-After") != "" {
		return true
	}
	message := a.message()
	// The request that used up the limit may also have been refused for its own sake.
	return saysLimited(message) ||
		a.header("X-Ratelimit-Remaining") == "0" && !strings.Contains(message, "not accessible")
}

// message is what the body of a refusal says, in one line.
func (a *answer) message() string {
	var said struct {
		Message string `json:"message"`
	}
	if err := json.Unmarshal(a.body, &said); err == nil && said.Message != "" {
		return brief(said.Message)
	}
	text := bytes.TrimSpace(a.body)
	if len(text) == 0 {
		return http.StatusText(a.status)
	}
	const most = 120
	if len(text) > most {
		return strconv.Quote(string(text[:most])) + "…"
	}
	return strconv.Quote(string(text))
}

// brief is a text of the answer's in one line, cut where it is longer than anything that GitHub has to say: it goes
// into errors, and from there into reports.
func brief(text string) string {
	const most = 500
	cut := len(text) > most
	if cut {
		text = text[:most]
	}
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " ")
	if cut {
		text += "…"
	}
	return text
}

// accepted puts the header X-Accepted-GitHub-Permissions into the words of a workflow: "deployments=read" is
// "deployments: read", a semicolon separates alternatives, a comma what is needed together
// (https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#resource-not-accessible).
func accepted(header string) string {
	var alternatives []string
	for alternative := range strings.SplitSeq(header, ";") {
		var together []string
		for permission := range strings.SplitSeq(alternative, ",") {
			name, access, found := strings.Cut(strings.TrimSpace(permission), "=")
			if !found {
				continue
			}
			together = append(together, strings.ReplaceAll(name, "_", "-")+": "+access)
		}
		if len(together) > 0 {
			alternatives = append(alternatives, strings.Join(together, " and "))
		}
	}
	return brief(strings.Join(alternatives, " or "))
}
