package render

import (
	"io"
	"strings"
)

// Origin writes the last line of what is posted on GitHub: which gate says so, and a link to the page of the run that
// measured it. An empty gate or page is left out, and so is a page that is no web address.
func Origin(w io.Writer, gate, page string) error {
	var parts []string
	if clean(gate) != "" {
		parts = append(parts, "Gate: "+string(code(gate, titleLength)))
	}
	if address(page) != "" {
		parts = append(parts, string(index{origin: originOf(page)}.link("the run that measured this, with all figures", page)))
	}
	if len(parts) == 0 {
		return nil
	}
	_, err := io.WriteString(w, "<sub>"+strings.Join(parts, " · ")+"</sub>\n")
	return err
}
