package github

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// limited is what a refusal for a rate limit is called until it is known when to come back.
type limited struct{ message string }

func (l *limited) Error() string { return l.message }

// judge says what an answer of the API amounts to: the body to hand on, or an error; and what of its price it cost.
func (t *transport) judge(a *answer, spent resource, price int) (body []byte, cost int, err error) {
	switch {
	case a.status == http.StatusUnauthorized:
		return nil, 0, &AuthError{Asked: a.asked, Message: a.message()}
	case a.status == http.StatusTooManyRequests, a.status == http.StatusForbidden && a.overLimit():
		return nil, 0, &limited{message: a.message()}
	case a.status == http.StatusForbidden:
		return nil, 0, &PermissionError{
			Asked: a.asked, Message: a.message(), Permission: accepted(a.header("X-Accepted-Github-Permissions")),
		}
	case a.status == http.StatusNotFound:
		return nil, 0, &NotFoundError{Asked: a.asked, Message: a.message()}
	case spent == graphqlResource && (a.status == http.StatusBadGateway || a.status == http.StatusGatewayTimeout):
		return nil, price, &TimeoutError{Asked: a.asked, Message: http.StatusText(a.status)}
	case a.status >= http.StatusInternalServerError:
		return nil, price, &UnreachableError{Asked: a.asked, Status: a.status}
	case spent == graphqlResource && a.status != http.StatusOK:
		return nil, 0, &AnswerError{Asked: a.asked, Status: a.status, Detail: a.message()}
	case a.status >= http.StatusMultipleChoices:
		// Redirects are the http.Client's, other refusals go-github's to report.
		return a.body, 0, nil
	}
	if err := a.checkForm(); err != nil {
		return nil, price, err
	}
	if spent == restResource {
		return a.body, 0, nil
	}
	return inspectQuery(a, price)
}

// checkForm refuses a page where JSON is due, and JSON that was cut short.
func (a *answer) checkForm() error {
	// An absent or malformed type is judged by the body alone.
	kind, _, err := mime.ParseMediaType(a.header("Content-Type"))
	if err == nil && kind == "text/html" {
		return &AnswerError{
			Asked: a.asked, Status: a.status,
			Detail: "a page instead of JSON: the API URL may be wrong, or a proxy answers in GitHub's place",
		}
	}
	if err == nil && strings.HasSuffix(kind, "json") && len(a.body) > 0 && !json.Valid(a.body) {
		return &UnreachableError{
			Asked: a.asked, Status: a.status, Err: fmt.Errorf("its JSON was cut short after %d bytes", len(a.body)),
		}
	}
	return nil
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

// saysLimited recognises GitHub's words for the primary and the secondary limit, the latter's old name included.
func saysLimited(message string) bool {
	message = strings.ToLower(message)
	return strings.Contains(message, "rate limit") || strings.Contains(message, "abuse detection")
}

// message is what the body of a refusal says, in one line.
func (a *answer) message() string {
	var said struct {
		Message string `json:"message"`
	}
	if err := json.Unmarshal(a.body, &said); err == nil && said.Message != "" {
		return strings.Join(strings.Fields(said.Message), " ")
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
	return strings.Join(alternatives, " or ")
}

// secondaryPause is how long to stay away where GitHub names no time
// (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit).
const secondaryPause = 60 * time.Second

// block remembers when GitHub will answer again, and returns the error that says so.
func (t *transport) block(a *answer, spent resource, message string) *RateLimitError {
	now := t.now()
	reset := now.Add(secondaryPause)
	if seconds, err := strconv.Atoi(a.header("Retry-After")); err == nil && seconds >= 0 {
		reset = now.Add(time.Duration(seconds) * time.Second)
	} else if epoch, err := strconv.ParseInt(a.header("X-Ratelimit-Reset"), 10, 64); err == nil &&
		a.header("X-Ratelimit-Remaining") == "0" {
		// The reset is cut to the second: a request within that second may still be refused.
		reset = time.Unix(epoch, 0).Add(time.Second)
	}
	reset = reset.UTC()
	t.mu.Lock()
	defer t.mu.Unlock()
	if reset.After(t.blocked[spent]) {
		t.blocked[spent] = reset
	}
	return &RateLimitError{Asked: a.asked, Reset: reset, Message: message}
}

// open refuses a request whose budget is known to be used up: GitHub may ban who goes on asking.
func (t *transport) open(spent resource, asked string) error {
	t.mu.Lock()
	reset := t.blocked[spent]
	t.mu.Unlock()
	if t.now().Before(reset) {
		return &RateLimitError{Asked: asked, Reset: reset, Message: "an earlier request was refused"}
	}
	return nil
}
