package render

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// hostPattern is what a link's host may be: a name or an IPv4 address, with or without a port. Names in other scripts
// are left out, because they can look like names that they are not.
var hostPattern = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?$`)

// address is raw as a link may have it: an absolute http or https URL in which everything but letters, digits and a few
// harmless marks is percent-encoded. It is empty for anything else.
func address(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.Opaque != "" ||
		!hostPattern.MatchString(u.Host) {
		return ""
	}
	var b strings.Builder
	s := u.EscapedPath()
	if u.RawQuery != "" {
		s += "?" + u.RawQuery
	}
	if u.Fragment != "" {
		s += "#" + u.EscapedFragment()
	}
	for i := range len(s) {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("/-._?&=%+,;", c) >= 0:
			b.WriteByte(c)
		case c == '#' && !strings.Contains(s[:i], "#"):
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return u.Scheme + "://" + u.Host + b.String()
}

// originOf is the scheme and host of an address; empty where that is none.
func originOf(raw string) string {
	target := address(raw)
	scheme, rest, _ := strings.Cut(target, "://")
	if rest == "" {
		return ""
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	return scheme + "://" + strings.ToLower(rest[:end])
}

// address is raw as a link may have it, if it leads to the server that the repository is on; else empty. The addresses
// of items come with the answers of an API, or out of a snapshot file that anybody may have written.
func (x index) address(raw string) string {
	if x.origin == "" || originOf(raw) != x.origin {
		return ""
	}
	return address(raw)
}

// link is a label that leads to a URL, or the label alone where the URL is none that a link may have.
func (x index) link(label markup, raw string) markup {
	target := x.address(raw)
	if target == "" {
		return label
	}
	if len(label) == 1 {
		label += breakpoint // Some readers take [x] at the start of a list item for a box that is ticked.
	}
	// An ampersand could begin an entity, which Markdown decodes in a target too.
	return "[" + label + "](" + markup(strings.ReplaceAll(target, "&", "&amp;")) + ")"
}
