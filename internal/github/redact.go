package github

import "bytes"

// shortestSecret is the length from which on a token is taken out of answers. GitHub's are far longer; a shorter one,
// which only a simulated GitHub accepts, could be a part of any word.
const shortestSecret = 8

// redacted stands in the place of the token.
const redacted = "***"

// redact is an answer without the token. A proxy may repeat what it was sent when it refuses that, and what an answer
// says goes into reports, logs and snapshot files.
func (t *transport) redact(body []byte) []byte {
	if len(t.token) < shortestSecret || !bytes.Contains(body, []byte(t.token)) {
		return body
	}
	return bytes.ReplaceAll(body, []byte(t.token), []byte(redacted))
}
