package github

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	// secondaryPause is how long to stay away where GitHub names no time; it doubles with each further refusal
	// (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit).
	secondaryPause = 60 * time.Second
	// longestPause bounds what is believed of a header that names a length.
	longestPause = 7 * 24 * time.Hour
)

// hold is a time in which GitHub wants no requests.
type hold struct {
	until     time.Time
	secondary bool
	// message is GitHub's.
	message string
}

// holds remembers when GitHub will answer again: who goes on asking may be banned.
type holds struct {
	mu sync.Mutex
	// primary is by the limit that is used up; secondary concerns every request, because GitHub counts REST and GraphQL
	// together there
	// (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits).
	primary   map[resource]hold
	secondary hold
	// rounds is how often in a row GitHub refused without naming a time, era how often it ever did. Requests that were
	// under way together and are refused together belong to one era, and make one round.
	rounds, era int
}

// now is the present era.
func (h *holds) now() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.era
}

// answered notes that a request of the given era was not refused.
func (h *holds) answered(era int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if era == h.era {
		h.rounds = 0
	}
}

// on is the hold that ends last of those that concern a resource.
func (h *holds) on(r resource) hold {
	h.mu.Lock()
	defer h.mu.Unlock()
	if p := h.primary[r]; p.until.After(h.secondary.until) {
		return p
	}
	return h.secondary
}

// add notes that a request of the given era was refused at now, and returns the hold that came of it. A zero
// found.until means that GitHub named no time. rounds is how often in a row it named none.
func (h *holds) add(r resource, era int, now time.Time, found hold) (_ hold, rounds int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if found.until.IsZero() {
		if era == h.era {
			h.rounds++
			h.era++
		}
		found.until = now.Add(secondaryPause << min(max(h.rounds-1, 0), maxRetries))
	}
	found.until = found.until.UTC()
	if found.secondary {
		if found.until.After(h.secondary.until) {
			h.secondary = found
		}
		return h.secondary, h.rounds
	}
	if h.primary == nil {
		h.primary = map[resource]hold{}
	}
	if found.until.After(h.primary[r].until) {
		h.primary[r] = found
	}
	return h.primary[r], h.rounds
}

// held reports whether GitHub wants no request of this resource now.
func (t *transport) held(o *order) bool {
	until := t.until(o)
	return until.After(o.cleared) && until.After(t.now())
}

// until is when requests of this resource may be sent again.
func (t *transport) until(o *order) time.Time {
	if o.resource == elsewhere {
		return time.Time{}
	}
	return t.holds.on(o.resource).until
}

// await waits as long as GitHub wants no requests of this resource. Where that does not fit the request's time, it is a
// RateLimitError.
func (t *transport) await(o *order) error {
	for {
		if err := t.ended(o); err != nil {
			return err
		}
		if !t.held(o) {
			return nil
		}
		h := t.holds.on(o.resource)
		delay := h.until.Sub(t.now())
		if !t.fits(o, delay) {
			return &RateLimitError{Asked: o.asked, Secondary: h.secondary, Reset: h.until, Message: h.message}
		}
		if err := t.pause(o, delay); err != nil {
			return err
		}
		o.cleared = h.until
	}
}

// limited is what an answer that refuses for a rate limit says.
type limited struct {
	message string
	// hourly is true when GitHub says by a type of its own that the limit of the hour is used up.
	hourly bool
}

// refused notes a refusal for a rate limit, holds all requests that it concerns, and returns the error that says so.
func (t *transport) refused(a *answer, o *order, era int, l limited) error {
	now := t.now()
	none := a.header("X-Ratelimit-Remaining") == "0"
	found := hold{message: l.message, secondary: saysSecondary(l.message) || !l.hourly && !none && !saysHourly(l.message)}
	if after, ok := retryAfter(a.header("Retry-After"), now); ok {
		found.until = now.Add(after)
	} else if epoch, err := strconv.ParseInt(a.header("X-Ratelimit-Reset"), 10, 64); err == nil && (none || l.hourly) {
		// The reset is cut to the second: a request within that second may still be refused. A reset that is over says
		// nothing.
		if reset := time.Unix(epoch, 0).Add(time.Second); reset.After(now) {
			found.until = reset
		}
	}
	h, rounds := t.holds.add(o.resource, era, now, found)
	retries := maxRetries
	if rounds > maxRetries {
		retries = 0
	}
	return &passing{
		error:   &RateLimitError{Asked: o.asked, Secondary: h.secondary, Reset: h.until, Message: l.message},
		retries: retries, refused: true,
	}
}

// retryAfter is how long the header Retry-After asks to wait: seconds, or until a date
// (https://www.rfc-editor.org/rfc/rfc9110#name-retry-after). None, or a date that is over, says nothing.
func retryAfter(header string, now time.Time) (time.Duration, bool) {
	var after time.Duration
	if seconds, err := strconv.Atoi(header); err == nil {
		after = time.Duration(min(max(seconds, 0), int(longestPause/time.Second))) * time.Second
	} else if date, err := http.ParseTime(header); err == nil {
		after = min(date.Sub(now), longestPause)
	}
	return max(after, 0), after > 0
}

// saysLimited recognises GitHub's words for any rate limit.
func saysLimited(message string) bool {
	return saysSecondary(message) || strings.Contains(strings.ToLower(message), "rate limit")
}

// saysSecondary recognises GitHub's words for the secondary limits, their old name included.
func saysSecondary(message string) bool {
	message = strings.ToLower(message)
	return strings.Contains(message, "secondary rate limit") || strings.Contains(message, "abuse detection")
}

// saysHourly recognises GitHub's words for the primary limit.
func saysHourly(message string) bool {
	return strings.Contains(strings.ToLower(message), "api rate limit")
}
