package publish

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
)

// marker is the first line of a comment or an issue of ours, which readers do not see. It holds nothing but digests, so
// that no name can end it.
type marker struct {
	// gate tells whose text it is, says what is said in it.
	gate, says string
	// text is of the text below the marker, as it was written.
	text string
}

// markerPattern is a marker at the beginning of a text.
var markerPattern = regexp.MustCompile(
	`^<!-- kpi-gate: gate=([0-9a-f]{32}) says=([0-9a-f]{32}) text=([0-9a-f]{32}) -->(?:\r?\n|$)`)

// markerOf is the marker at the beginning of a body; false where there is none.
func markerOf(body string) (marker, bool) {
	m := markerPattern.FindStringSubmatch(body)
	if m == nil {
		return marker{}, false
	}
	return marker{gate: m[1], says: m[2], text: m[3]}, true
}

// marked is a text with its marker before it.
func marked(gate, says, text string) string {
	return "<!-- kpi-gate: gate=" + gate + " says=" + says + " text=" + digestOfText(text) + " -->\n" + text
}

// isAsWritten reports whether nobody has changed what stands below the marker of a body.
func isAsWritten(body string) bool {
	m, ok := markerOf(body)
	if !ok {
		return false
	}
	_, below, _ := strings.Cut(body, "\n")
	return digestOfText(below) == m.text
}

// digestOfText is that of a text whatever becomes of its ends of lines and of the blanks around it on its way.
func digestOfText(text string) string {
	return digest(strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n")))
}

// digest is half of a SHA-256, in hexadecimal.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}
