package render

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

func originLine(t *testing.T, gate, page string) string {
	t.Helper()
	var b bytes.Buffer
	if err := Origin(&b, gate, page); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestOrigin(t *testing.T) {
	t.Parallel()
	const page = "https://github.com/o/r/actions/runs/1"
	const link = "[the run that measured this, with all figures](" + page + ")"
	for _, tt := range []struct{ gate, page, want string }{
		{"CI / gate", page, "<sub>Gate: <code>CI / gate</code> · " + link + "</sub>\n"},
		{"", page, "<sub>" + link + "</sub>\n"},
		{"CI", "", "<sub>Gate: <code>CI</code></sub>\n"},
		{"\u200b", page, "<sub>" + link + "</sub>\n"},
		{"CI", "javascript:alert(1)", "<sub>Gate: <code>CI</code></sub>\n"},
		{"", "", ""},
	} {
		if got := originLine(t, tt.gate, tt.page); got != tt.want {
			t.Errorf("gate %q and page %q give %q, want %q", tt.gate, tt.page, got, tt.want)
		}
	}
}

// FuzzOrigin: whatever the gate is called and wherever its page is, there is one paragraph that acts on nobody.
func FuzzOrigin(f *testing.F) {
	for i, s := range hostileTexts {
		f.Add(s, hostileTexts[(i+5)%len(hostileTexts)])
		f.Add(s, "https://github.com/o/r/actions/runs/1?a="+s)
	}
	f.Fuzz(func(t *testing.T, gate, page string) {
		said := originLine(t, gate, page)
		blocks := inert(t, []byte(said), []string{address(page)})
		if want := []string{"Paragraph"}; said != "" && !slices.Equal(blocks, want) {
			t.Errorf("the blocks are %q, want %q", blocks, want)
		}
		if strings.Count(said, "\n") > 1 {
			t.Errorf("more than one line: %q", said)
		}
	})
}
